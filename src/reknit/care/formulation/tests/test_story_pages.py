"""The Story tab and the pages under it: who sees them, what they say, and that they stay as fast with thirty events."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, meet_cleo, today

from reknit.care.formulation.actions import answer_formulation_as_client, mark_closest_change, mark_onset
from reknit.care.formulation.known import as_person
from reknit.care.formulation.models import Formulation, TimelineEvent
from reknit.care.measures.actions import record_administration
from reknit.care.programme.actions import record_fact
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.core.formulation.hint import Person

from .factories import WORDS, agreed, draft, event, person, proposed, shared

pytestmark = pytest.mark.django_db


def browser(person: Any) -> Browser:
    opened = Browser()
    opened.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return opened


def page(cast: Cast, name: str, *args: object, **query: str) -> str:
    response = browser(cast.ana).get(reverse(f"formulation:{name}", args=[cast.cleo.pk, *args]), query)
    assert response.status_code == 200
    return response.content.decode()


def life(cast: Cast, at: dt.datetime, *, events: int = 3) -> None:
    """Events, sheets, days and sessions over the first three weeks."""
    first = at.date() - dt.timedelta(days=40)
    for place in range(events):
        event(cast, at, title=f"Event {place}", starts_on=first + dt.timedelta(days=place), kind="")
    for week, answers in ((0, 3), (1, 2)):
        when = at - dt.timedelta(weeks=2 - week)
        meet_cleo(cast, when)
        record_administration(
            by=cast.ana, at=when, client=cast.cleo, measure="phq-9", mode="session",
            answers={**{f"phq9_{item}": answers for item in range(1, 9)}, "phq9_9": 0},
        )  # fmt: skip
    monitor(by=cast.ana, at=at, client=cast.cleo, substance="alcohol", starts_on=first, is_primary=True)
    days = [DayEntry(first + dt.timedelta(days=n), "alcohol", used=n == 6) for n in range(20)]
    record_use_days(by=cast.ana, at=at, client=cast.cleo, days=days, source="interview")


@pytest.mark.parametrize("name", ["story-show", "timeline-show"])
def test_page_opens_for_the_team_and_its_supervisor_alone(cast: Cast, at: dt.datetime, name: str) -> None:
    url = reverse(f"formulation:{name}", args=[cast.cleo.pk])
    for who, user in cast.users().items():
        assert browser(user).get(url).status_code == (200 if who in {"ana", "ben"} else 404), who


def test_supervisor_reads_and_finds_no_way_to_write(cast: Cast, at: dt.datetime) -> None:
    shared(cast, at)
    agreed(cast, at)
    event(cast, at)
    opened = browser(cast.ben)
    for name in ("story-show", "timeline-show"):
        said = opened.get(reverse(f"formulation:{name}", args=[cast.cleo.pk])).content.decode()
        assert "Propose an area" not in said and "Revise it" not in said and "Add an event" not in said
    assert opened.get(reverse("formulation:formulation-edit", args=[cast.cleo.pk])).status_code == 403


def test_empty_chart_says_what_is_not_there_and_draws_no_number(cast: Cast) -> None:
    said = page(cast, "story-show")
    for sentence in ("No area is chosen yet", "Nothing is shared yet", "Write the story"):
        assert sentence in said
    assert "Facts that point somewhere" not in said


def test_hint_gives_its_facts_and_chooses_nothing(cast: Cast, at: dt.datetime) -> None:
    death = event(cast, at, relationships=(person(cast.cleo, "D.", at),))
    mark_onset(by=cast.ana, at=at, event=death, episode=cast.cleo_episode)
    said = page(cast, "story-show")
    assert "Death of D.: marked as the onset" in said
    assert f"area=grief&amp;person={death.relationships.get().pk}&amp;event={death.pk}" in said
    assert not cast.cleo_episode.focus_areas.exists()
    link = page(cast, "focus-propose", area="grief", event=str(death.pk))
    assert re.search(r'value="grief"[^>]*checked', link)
    assert not cast.cleo_episode.focus_areas.exists()


def test_hint_knows_people_as_far_as_the_inventory_does(cast: Cast, at: dt.datetime) -> None:
    known = as_person(person(cast.cleo, "M.", at))
    assert (known.alias, known.conflict, known.uses, known.has_died) == ("M.", None, None, None)
    row = type("Row", (), {"pk": 1, "alias": "M.", "conflict": 8, "status": "died", "alcohol": "abstainer"})()
    assert as_person(row) == Person("1", "M.", conflict=8, uses=False, has_died=True)


def test_inventory_signed_off_lets_few_people_count(cast: Cast, at: dt.datetime) -> None:
    person(cast.cleo, "Jo", at)
    assert "in the inventory" not in page(cast, "story-show")
    record_fact(by=cast.ana, at=at, episode=cast.cleo_episode, kind="inventory_signed", source="network")
    assert "1 person in the inventory" in page(cast, "story-show")


@pytest.mark.parametrize("name", ["story-show", "timeline-show"])
def test_page_makes_as_many_queries_for_thirty_events_as_for_three(
    cast: Cast, at: dt.datetime, name: str
) -> None:
    life(cast, at)
    shared(cast, at)
    proposed(cast, at, relationships=(person(cast.cleo, "M.", at),))
    counts = []
    for more in (0, 27):
        for place in range(more):
            event(cast, at, title=f"More {place}", relationships=(person(cast.cleo, f"P{place}", at),))
        if more:
            agreed(cast, at)
        opened, url = browser(cast.ana), reverse(f"formulation:{name}", args=[cast.cleo.pk])
        opened.get(url)
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert opened.get(url).status_code == 200
        counts.append(len(made))
    assert counts[0] == counts[1], counts


def test_edit_page_makes_as_many_queries_for_thirty_events_as_for_three(cast: Cast, at: dt.datetime) -> None:
    draft(cast, at)
    counts, made_so_far = [], 0
    for events in (3, 30):
        for place in range(made_so_far, events):
            event(cast, at, title=f"Event {place}")
        made_so_far = events
        opened, url = browser(cast.ana), reverse("formulation:formulation-edit", args=[cast.cleo.pk])
        opened.get(url)
        with CaptureQueriesContext(connection) as made:
            opened.get(url)
        counts.append(len(made))
    assert counts[0] == counts[1], counts


def test_line_shows_what_was_measured_and_asks_about_what_stood_close(cast: Cast, at: dt.datetime) -> None:
    life(cast, at)
    row = event(
        cast, at, title="Row with father", starts_on=at.date() - dt.timedelta(days=36), kind="argument"
    )
    said = page(cast, "timeline-show")
    assert "“Row with father” was 2 days before a day of use. Is there a link?" in said
    assert f"link={row.pk}&amp;on={at.date() - dt.timedelta(days=34)}" in said
    assert "Use on 1 of 20 known days" in said and "caus" not in said.lower()
    asked = page(cast, "timeline-show", link=str(row.pk), on=str(at.date() - dt.timedelta(days=34)))
    assert 'value="Use came back"' in asked
    sent = {
        "title": "Use came back",
        "starts_on": "2026-02-17",
        "precision": "day",
        "lane": "use",
        "kind": "",
    }
    url = reverse("formulation:timeline-show", args=[cast.cleo.pk])
    browser(cast.ana).post(url, {**sent, "key": str(uuid.uuid4()), "link": str(row.pk)})
    assert list(row.linked.values_list("title", flat=True)) == ["Use came back"]
    assert "Is there a link?" not in page(cast, "timeline-show")


def test_event_is_added_in_one_line_and_put_right_on_its_page(cast: Cast, at: dt.datetime) -> None:
    url = reverse("formulation:timeline-show", args=[cast.cleo.pk])
    sent = {
        "title": "Move",
        "starts_on": "2025-05-01",
        "precision": "season",
        "lane": "life",
        "kind": "change",
    }
    key = str(uuid.uuid4())
    for _again in range(2):
        assert browser(cast.ana).post(url, {**sent, "key": key}).status_code == 302
    row = TimelineEvent.objects.get()
    assert "spring 2025" in page(cast, "timeline-show")
    change = reverse("formulation:event-change", args=[cast.cleo.pk, row.pk])
    more = {
        **sent,
        "revision": "0",
        "source": "client",
        "impact": "-3",
        "mood_then": "2",
        "is_restricted": "on",
    }
    assert browser(cast.ana).post(change, more).status_code == 302
    row.refresh_from_db()
    assert (row.impact, row.mood_then, row.is_restricted) == (-3, 2, True)
    late = browser(cast.ana).post(change, {**more, "title": "Mine"})
    assert late.status_code == 409 and b"Mine" in late.content and b"Two versions" in late.content


def test_marks_are_set_on_the_page_of_the_event(cast: Cast, at: dt.datetime) -> None:
    row = event(cast, at)
    opened = browser(cast.ana)
    for mark in ("onset", "closest_change", "unheard-of"):
        url = reverse("formulation:event-mark", args=[cast.cleo.pk, row.pk])
        assert opened.post(url, {"mark": mark}).status_code == 302
    row.refresh_from_db()
    assert row.is_onset and row.is_closest_change
    signed = opened.post(reverse("formulation:timeline-sign", args=[cast.cleo.pk]), follow=True)
    assert b"signed off as version 1" in signed.content


def test_hostile_words_are_shown_as_words(cast: Cast, at: dt.datetime) -> None:
    bad = '"><script>alert(1)</script>{{7*7}}'
    event(cast, at, title=bad)
    shared(cast, at, told=bad)
    proposed(cast, at, named=bad)
    for name in ("story-show", "timeline-show"):
        said = page(cast, name)
        assert "<script>alert" not in said and "&lt;script&gt;" in said and ">49<" not in said


def test_restricted_event_is_left_out_of_the_starting_points(cast: Cast, at: dt.datetime) -> None:
    row = event(cast, at, title="Something hard", is_restricted=True)
    mark_closest_change(by=cast.ana, at=at, event=row, episode=cast.cleo_episode)
    mark_onset(by=cast.ana, at=at, event=row, episode=cast.cleo_episode)
    said = page(cast, "formulation-edit")
    assert 'name="start-people"' not in said and 'name="start-told"' not in said
    row = event(cast, at, title="Her sister died")
    mark_closest_change(by=cast.ana, at=at, event=row, episode=cast.cleo_episode)
    assert "around 10 February 2026: Her sister died." in page(cast, "formulation-edit")


def test_draft_is_made_by_the_first_save_and_tells_how_it_reads(cast: Cast, at: dt.datetime) -> None:
    url = reverse("formulation:formulation-edit", args=[cast.cleo.pk])
    opened = browser(cast.ana)
    opened.get(url)
    assert not Formulation.objects.exists()
    sent = {"revision": "0", **WORDS, "marks-people": ["anchor", "time_link"]}
    quiet: dict[str, Any] = {"headers": {"X-Autosave": "1", "Accept": "application/json"}}
    told = opened.post(url, sent, **quiet).json()
    assert told["revision"] == "1" and re.match(
        r"\d+ words · 120 to 200 read well · grade \d\.\d", told["reading"]
    )
    assert told["lacking"] == "All five elements are there."
    clash = opened.post(url, {**sent, "told": "Other"}, **quiet)
    assert clash.status_code == 409 and clash.json()["theirs"]["told"] == WORDS["told"]
    late = opened.post(url, {**sent, "told": "Other words"})
    assert late.status_code == 409 and b"Other words" in late.content and b"Two versions" in late.content
    long = opened.post(url, {**sent, "revision": "1", "told": "x" * 3000})
    assert long.status_code == 422 and Formulation.objects.get().words["told"] == WORDS["told"]


def test_button_puts_a_starting_point_into_an_empty_slot_alone(cast: Cast, at: dt.datetime) -> None:
    url = reverse("formulation:formulation-edit", args=[cast.cleo.pk])
    begin = {"revision": "0", "begin": "invite", "start-invite": "Does this fit?"}
    assert browser(cast.ana).post(url, begin).status_code == 302
    assert Formulation.objects.get().words == {"invite": "Does this fit?"}
    browser(cast.ana).post(
        url, {"revision": "1", "invite": "My own.", "begin": "invite", "start-invite": "Other?"}
    )
    assert Formulation.objects.get().words == {"invite": "My own."}


def test_text_is_read_and_shared_and_a_lack_is_named(cast: Cast, at: dt.datetime) -> None:
    text = draft(cast, at, plan="")
    url = reverse("formulation:formulation-share", args=[cast.cleo.pk])
    said = page(cast, "formulation-share")
    assert "not there yet" in said and "Share with the client" not in said
    tried = browser(cast.ana).post(url, {"revision": text.revision, "how": "spoken"})
    assert tried.status_code == 422 and b"Still missing: the hope or the plan." in tried.content
    edit = reverse("formulation:formulation-edit", args=[cast.cleo.pk])
    sent = {"revision": "1", **WORDS, "marks-people": ["anchor", "time_link"]}
    browser(cast.ana).post(edit, sent)
    assert browser(cast.ana).post(url, {"revision": "1", "how": "spoken"}).status_code == 409
    assert browser(cast.ana).post(url, {"revision": "2", "how": "spoken"}).status_code == 302
    assert "Write down the answer" in page(cast, "story-show")


def test_witnessed_answer_and_revision_go_through_their_pages(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    url = reverse("formulation:answer-record", args=[cast.cleo.pk, text.pk])
    bare = {"key": str(uuid.uuid4()), "response": "not_agreed", "words": "", "witness": "Ana Test"}
    assert browser(cast.ana).post(url, bare).status_code == 422
    assert browser(cast.ana).post(url, {**bare, "words": "It was before that."}).status_code == 302
    said = page(cast, "story-show")
    assert "Not agreed" in said and "It was before that." in said and "Ana Test" in said
    revise = reverse("formulation:formulation-revise", args=[cast.cleo.pk, text.pk])
    assert browser(cast.ana).post(revise).status_code == 302
    assert "Go on writing" in page(cast, "story-show") and "It was before that." in page(
        cast, "formulation-show", text.pk
    )


def test_focus_goes_from_proposal_to_agreement_stage_and_switch(cast: Cast, at: dt.datetime) -> None:
    opened = browser(cast.ana)
    made = opened.post(
        reverse("formulation:focus-propose", args=[cast.cleo.pk]), {"area": "dispute", "named": "her brother"}
    )
    assert made.status_code == 302
    focus = cast.cleo_episode.focus_areas.get()

    def step(name: str, **data: str) -> int:
        url = reverse("formulation:focus-step", args=[cast.cleo.pk, focus.pk, name])
        return opened.post(url, {f"{name}-{key}": value for key, value in data.items()}).status_code

    assert step("agree") == 302
    assert step("stage", stage="impasse", on=str(today())) == 302
    assert step("stage", stage="shouting", on="never") == 422
    assert step("switch", area="grief", named="her sister") == 422  # no reason
    assert step("switch", area="grief", named="her sister", why="She died.") == 302
    assert step("unheard-of") == 404
    said = page(cast, "story-show")
    assert "her sister" in said and "Switched" in said


def test_second_area_asks_for_its_reason(cast: Cast, at: dt.datetime) -> None:
    agreed(cast, at)
    second = proposed(cast, at, "dispute", named="M.")
    assert "A second one needs its reason" in page(cast, "focus-show", second.pk)
    url = reverse("formulation:focus-step", args=[cast.cleo.pk, second.pk, "agree"])
    refused = browser(cast.ana).post(url, {"agree-reason": ""})
    assert refused.status_code == 422 and b"why this client needs two" in refused.content


def test_story_says_when_the_focus_is_newer_than_the_text(cast: Cast, at: dt.datetime) -> None:
    shared(cast, at)
    assert "changed after this version" not in page(cast, "story-show")
    agreed(cast, at + dt.timedelta(minutes=5))
    assert "changed after this version" in page(cast, "story-show")


def test_closed_course_is_read_and_not_written(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    answer_formulation_as_client(by=cast.cleo_user, at=at, formulation=text, response="agreed")
    cast.cleo_episode.status, cast.cleo_episode.closed_by, cast.cleo_episode.closed_at = (
        "closed",
        cast.ana,
        at,
    )
    cast.cleo_episode.save()
    said = page(cast, "story-show")
    assert "Revise it" not in said and "Propose an area" not in said and WORDS["told"] in said

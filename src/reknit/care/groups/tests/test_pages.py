"""The pages of a group: the evening written by form, nothing typed lost, each page for whom it is for."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.audit.models import AuditEvent
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.groups.actions import save_goals
from reknit.care.groups.models import GroupRun, MeetingAlone, WeeklySummary
from reknit.care.measures.actions import record_administration
from reknit.care.people.actions import give_sign_in
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode

from .factories import NAMES, a_client, a_group, a_run, held, session_of, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast: Cast, at: dt.datetime) -> GroupRun:
    return a_group(cast, at)


def page(browser: Browser, name: str, *args: Any) -> str:
    answer = browser.get(reverse(f"groups:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def sheet(run: GroupRun, **said: str) -> dict[str, Any]:
    """What the record page sends when nothing but `said` is changed."""
    found: dict[str, Any] = {"revision": "0", "note": "We talked about asking for help.", "done": ["arrive"]}
    for one in run.members.all():
        found |= {
            f"{one.pk}-outcome": "attended",
            f"{one.pk}-minutes_late": "0",
            f"{one.pk}-minutes_early": "0",
            f"{one.pk}-safety": "no_concern",
        }
    return found | said


def test_evening_is_written_and_signed_by_form(cast: Cast, run: GroupRun, clock: Any) -> None:
    session, fay = session_of(run, 1), browser_of(cast.fay)
    clock(session.starts_at + dt.timedelta(minutes=95))
    url = reverse("groups:session-record", args=[run.pk, 1])
    first, second, *_rest = run.members.all()
    named = fay.post(url, sheet(run, note="Maria wept.", **{f"{first.pk}-to_try": "Ring her aunt."}))
    said = named.content.decode()
    assert named.status_code == 422 and "names “Maria” in line 1" in said
    assert "Ring her aunt." in said and "Maria wept." in said  # nothing typed is lost
    sent = sheet(
        run,
        do="sign",
        **{f"{second.pk}-outcome": "no_show", "turn1-member": str(first.pk), "turn1-focus": "grief"},
    )
    signed = fay.post(url, sent)
    assert signed.status_code == 302
    assert Encounter.objects.filter(kind="group").count() == 8
    assert ProgressNote.objects.filter(encounter__kind="group", state="signed").count() == 7
    again = fay.post(url, sent)
    assert again.status_code == 302 and Encounter.objects.filter(kind="group").count() == 8
    shown = page(fay, "session-show", run.pk, 1)
    assert "We talked about asking for help." in shown and "Did not come" in shown


def test_record_says_of_nobody_that_they_were_asked_about_safety(
    cast: Cast, run: GroupRun, clock: Any
) -> None:
    session, fay = session_of(run, 1), browser_of(cast.fay)
    clock(session.starts_at + dt.timedelta(minutes=95))
    said = page(fay, "session-record", run.pk, 1)
    assert said.count('<option value="not_asked" selected>') == run.members.count()
    assert '<option value="no_concern" selected>' not in said


def test_record_ticks_no_part_beforehand_and_one_tick_stands_for_all(
    cast: Cast, run: GroupRun, clock: Any
) -> None:
    session, fay = session_of(run, 1), browser_of(cast.fay)
    clock(session.starts_at + dt.timedelta(minutes=95))
    said = page(fay, "session-record", run.pk, 1)
    assert "All five, as in the guide" in said and "Welcome everybody" in said and " checked" not in said
    sent = sheet(run) | {"done": ["whole"], "more": ["GR05"]}
    fay.post(reverse("groups:session-record", args=[run.pk, 1]), sent)
    assert session_of(run, 1).done == ["arrive", "link", "work", "try", "close", "GR05"]
    said = page(fay, "session-record", run.pk, 1)
    assert said.count(" checked") == 6
    fay.post(reverse("groups:session-record", args=[run.pk, 1]), sheet(run, revision="1", do="sign"))
    said = page(fay, "session-show", run.pk, 1)
    assert "Arrive: done" in said and said.count("not done or not recorded") == 4


def test_room_says_from_when_it_can_be_written(cast: Cast, run: GroupRun, clock: Any) -> None:
    session, fay, words = session_of(run, 1), browser_of(cast.fay), "It can be written from"
    clock(session.starts_at - dt.timedelta(hours=2))
    said = page(fay, "session-show", run.pk, 1)
    assert words in said and "17:00" in said and "Write the session" not in said
    clock(session.starts_at)
    said = page(fay, "session-show", run.pk, 1)
    assert words not in said and "Write the session" in said


def test_group_leads_to_the_clients_from_whose_charts_members_come(cast: Cast, run: GroupRun) -> None:
    assert reverse("groups:candidate-list", args=[run.pk]) in page(browser_of(cast.fay), "run-show", run.pk)
    said = page(browser_of(cast.fay), "candidate-list", run.pk)
    assert "“A place in a group”" in said
    assert f'choose them under <a href="{reverse("home:caseload")}">Clients</a>' in said


def test_place_asked_for_by_a_facilitator_leads_to_the_meeting_before_the_group(
    cast: Cast, at: dt.datetime, clock: Any
) -> None:
    clock(at)
    run, ways = a_run(cast, at), {}
    for person, name in ((cast.ana, "Maria"), (cast.fay, "Sam")):
        client = a_client(cast, at, name, "Newcomer", by=person)
        url = reverse("groups:place-ask", args=[client.pk])
        ways[name] = (url, browser_of(person).post(url, {"run": str(run.pk)}))
    url, answer = ways["Maria"]
    assert answer.status_code == 302 and answer["Location"] == url
    there = reverse("groups:member-show", args=[run.pk, run.members.get(client__given_name="Sam").pk])
    assert ways["Sam"][1]["Location"] == there
    assert "Begin it now" in browser_of(cast.fay).get(there).content.decode()


def test_conflict_shows_both_and_keeps_what_was_typed(cast: Cast, run: GroupRun, clock: Any) -> None:
    session = session_of(run, 1)
    clock(session.starts_at + dt.timedelta(minutes=95))
    url = reverse("groups:session-record", args=[run.pk, 1])
    assert browser_of(cast.dov).post(url, sheet(run, note="His words.")).status_code == 302
    answer = browser_of(cast.fay).post(url, sheet(run, note="Her words."))
    said = answer.content.decode()
    assert answer.status_code == 422 and "His words." in said and "Her words." in said
    assert 'name="revision" value="1"' in said


def test_consent_that_lacks_holds_the_signature_and_says_whose(cast: Cast, run: GroupRun, clock: Any) -> None:
    session = session_of(run, 1)
    clock(session.starts_at + dt.timedelta(minutes=95))
    sam = run.members.get(client__given_name="Sam")
    revoked_at = session.starts_at - dt.timedelta(days=1)
    sam.client.consents.update(revoked_at=revoked_at, revoked_by=cast.ina)
    answer = browser_of(cast.fay).post(
        reverse("groups:session-record", args=[run.pk, 1]), sheet(run, do="sign")
    )
    said = answer.content.decode()
    assert answer.status_code == 422 and "Sam Okoro: Consent to treatment is not recorded" in said
    assert not Encounter.objects.filter(kind="group").exists()


def test_room_shows_scores_risk_goals_and_who_is_due(
    cast: Cast, run: GroupRun, at: dt.datetime, clock: Any
) -> None:
    held(cast, run, 1)
    sam = run.members.get(client__given_name="Sam")
    save_goals(
        by=cast.fay, at=at, member=sam, revision=0, focus="dispute", shared_goals="Ring my brother.", private_goals="Mine alone.",
    )  # fmt: skip
    then = session_of(run, 2).starts_at - dt.timedelta(hours=2)
    answers = {**{f"phq9_{n}": 2 for n in range(1, 9)}, "phq9_9": 1}
    record_administration(
        by=cast.fay, at=then, client=sam.client, measure="phq-9", answers=answers, mode="session",
        episode=sam.episode,
    )  # fmt: skip
    clock(then)
    said = page(browser_of(cast.dov), "session-show", run.pk, 2)
    for words in ("17", "Ring my brother.", "1 open risk item", "A turn is due:", "6 sessions left after it"):
        assert words in said
    assert "Mine alone." not in said


def test_room_keeps_its_number_of_queries(cast: Cast, at: dt.datetime, clock: Any) -> None:
    counts = []
    for hour, names in ((18, NAMES[:2]), (20, NAMES[2:8])):
        run = a_group(cast, at, names, starts_time=dt.time(hour))
        held(cast, run, 1)
        clock(session_of(run, 2).starts_at)
        fay = browser_of(cast.fay)
        page(fay, "session-show", run.pk, 2)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(fay, "session-show", run.pk, 2)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_sheet_to_sign_has_short_names_and_nothing_else(cast: Cast, run: GroupRun) -> None:
    said = page(browser_of(cast.fay), "session-sheet", run.pk, 1)
    assert "Maria" in said and "Lindqvist" not in said and "Okoro" not in said
    for word in ("IPT", "therapy", "recovery", "Monday evening"):
        assert word not in said


def test_matrix_counts_turns_and_responses(cast: Cast, run: GroupRun, clock: Any) -> None:
    session = session_of(run, 1)
    clock(session.starts_at + dt.timedelta(minutes=95))
    first, second, third, *_rest = run.members.all()
    turn = {"turn1-member": str(first.pk), "turn1-focus": "grief"}
    sent = sheet(run, do="sign", **turn) | {"turn1-responders": [str(second.pk), str(third.pk)]}
    assert (
        browser_of(cast.fay).post(reverse("groups:session-record", args=[run.pk, 1]), sent).status_code == 302
    )
    said = page(browser_of(cast.fay), "matrix-show", run.pk)
    assert "1 turn in the sessions" in said and "100 %" in said and "<svg" in said


def test_climate_asks_once_and_shows_mean_spread_and_who_stands_apart(
    cast: Cast, run: GroupRun, clock: Any
) -> None:
    session = held(cast, run, 2)
    clock(session.starts_at + dt.timedelta(hours=3))
    fay = browser_of(cast.fay)
    answer = fay.post(reverse("groups:climate-give", args=[run.pk, 2]), {"do": "give"})
    said = answer.content.decode()
    assert said.count("/f/") >= 8 and "never_cache" not in said and "no-store" in answer["Cache-Control"]
    for place, member in enumerate(run.members.select_related("client", "episode").order_by("pk")):
        value = 2 if place == 0 else 8
        record_administration(
            by=cast.fay, at=session.starts_at + dt.timedelta(hours=2), client=member.client,
            measure="group-checkin", answers={f"group_{n}": value for n in range(1, 6)}, mode="link",
            episode=member.episode, slot=2,
        )  # fmt: skip
    said = page(fay, "climate-show", run.pk)
    apart = run.members.select_related("client").order_by("pk").first()
    assert apart and f"{apart.client.name} 2.0" in said
    assert '<td class="r num">7.2</td>' in said or "7.3" in said
    refused = fay.post(reverse("groups:climate-give", args=[run.pk, 2]), {"do": "give"})
    assert refused.status_code == 422 and "Everybody who came has answered" in refused.content.decode()


def test_summary_needs_two_people_and_a_change_begins_anew(cast: Cast, run: GroupRun, clock: Any) -> None:
    session = held(cast, run, 1)
    clock(session.starts_at + dt.timedelta(days=1))
    sam = run.members.get(client__given_name="Sam")
    user = cast.eli_user
    cast.eli.user = None
    cast.eli.save()
    give_sign_in(by=cast.adi, at=session.starts_at, client=sam.client, user=user)
    url = reverse("groups:summary-write", args=[run.pk, 1])
    fay, dov, member = browser_of(cast.fay), browser_of(cast.dov), browser_of(user)
    front = member.get(reverse("home:client-front")).content.decode()
    assert "Your group has its own page" in front and "No next time is set yet" not in front
    refused = fay.post(url, {"do": "save", "revision": "0", "text": "Sam spoke of his week."})
    assert refused.status_code == 422 and "names “Sam”" in refused.content.decode()
    fay.post(url, {"do": "save", "revision": "0", "text": "We spoke of asking for help."})
    for who in (fay, fay):
        who.post(url, {"do": "approve", "revision": "1"})
    assert WeeklySummary.objects.get().second_by is None
    dov.post(url, {"do": "save", "revision": "1", "text": "We spoke of asking a friend for help."})
    summary = WeeklySummary.objects.get()
    assert summary.first_by is None and summary.revision == 2
    stale = fay.post(url, {"do": "approve", "revision": "1"})
    assert stale.status_code == 422 and "changed since you read it" in stale.content.decode()
    dov.post(url, {"do": "approve", "revision": "2"})
    assert "asking a friend" not in page(member, "group-mine")
    fay.post(url, {"do": "approve", "revision": "2"})
    said = page(member, "group-mine")
    assert "asking a friend for help" in said
    for one in run.members.exclude(pk=sam.pk).select_related("client"):
        assert one.client.family_name not in said and one.client.given_name not in said
    late = fay.post(url, {"do": "save", "revision": "2", "text": "Other words."})
    assert late.status_code == 422 and "stays as it is" in late.content.decode()


def test_owed_contact_stands_until_it_is_written(cast: Cast, run: GroupRun, clock: Any) -> None:
    session = held(cast, run, 1, Tom="no_show")
    clock(session.starts_at + dt.timedelta(days=3))
    fay = browser_of(cast.fay)
    said = page(fay, "run-show", run.pk)
    assert "Missed session 1. Get in touch" in said and "late" in said
    tom = run.members.get(client__given_name="Tom")
    missed = Encounter.objects.get(client=tom.client, kind="group")
    fay.post(
        reverse("encounters:contact-add", args=[tom.client_id, missed.pk]),
        {
            "key": str(uuid.uuid4()),
            "on": "2026-04-01",
            "how": "phone",
            "answer": "reached",
            "what_happened": "",
        },
    )
    assert "Missed session 1. Get in touch" not in page(fay, "run-show", run.pk)


def test_small_group_waits_for_a_decision(cast: Cast, run: GroupRun, clock: Any) -> None:
    away = dict.fromkeys(["Maria", "Sam", "José", "Priya", "Tom"], "cancelled")
    for number in (1, 2):
        session = held(cast, run, number, **away)
    clock(session.starts_at + dt.timedelta(days=1))
    fay = browser_of(cast.fay)
    assert "Fewer than 4 came two times in a row" in page(fay, "run-show", run.pk)
    url = reverse("groups:small-decide", args=[run.pk])
    assert fay.post(url, {"after_session": "2", "choice": "go_on"}).status_code == 422
    assert fay.post(url, {"after_session": "2", "choice": "go_on", "why": "Flu."}).status_code == 302
    said = page(fay, "run-show", run.pk)
    assert "two times in a row" not in said and "Go on as it is" in said


def test_ending_asks_for_each_next_step_then_closes_and_takes_the_charts_back(
    cast: Cast, run: GroupRun, clock: Any
) -> None:
    for number in range(1, 9):
        held(cast, run, number)
    last = session_of(run, 8)
    clock(last.starts_at + dt.timedelta(days=2))
    fay = browser_of(cast.fay)
    url = reverse("groups:ending-show", args=[run.pk])
    early = fay.post(url, {"lessons": "Begin with names."})
    assert early.status_code == 422 and "next step of each member" in early.content.decode()
    for one in run.members.all():
        fay.post(reverse("groups:next-step-set", args=[run.pk, one.pk]), {"step": "follow_up", "say": ""})
    assert fay.post(url, {"lessons": "Begin with names.", "done": ["goodbye"]}).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.ending_tasks) == ("closed", ["goodbye"])
    month = MeetingAlone.objects.filter(kind="month").first()
    assert month
    ends = set(month.member.client.care_team.filter(part="facilitator").values_list("ends_on", flat=True))
    assert ends == {month.due_on + dt.timedelta(days=14)}
    assert "Came to 8 of 8 (100 %)" in page(fay, "ending-show", run.pk)
    assert fay.get(reverse("groups:session-record", args=[run.pk, 8])).status_code == 302


def test_place_is_asked_for_from_the_chart_and_names_nobody(cast: Cast, at: dt.datetime, clock: Any) -> None:
    run = a_run(cast, at)
    clock(at)
    maria, ana = a_client(cast, at, "Maria", "Lindqvist"), browser_of(cast.ana)
    url = reverse("groups:place-ask", args=[maria.pk])
    assert "8 left" in ana.get(url).content.decode()
    assert ana.post(url, {"run": "nonsense"}).status_code == 404
    assert ana.post(url, {"run": str(run.pk)}).status_code == 302
    sam = a_client(cast, at, "Sam", "Okoro")
    said = ana.get(reverse("groups:place-ask", args=[sam.pk])).content.decode()
    assert "7 left" in said and "Lindqvist" not in said
    assert "Lindqvist" in page(browser_of(cast.fay), "run-show", run.pk)


def test_member_page_starts_books_and_holds(cast: Cast, at: dt.datetime, clock: Any) -> None:
    run = a_run(cast, at)
    clock(at)
    ana, fay = browser_of(cast.ana), browser_of(cast.fay)
    maria = a_client(cast, at, "Maria", "Lindqvist")
    ana.post(reverse("groups:place-ask", args=[maria.pk]), {"run": str(run.pk)})
    member = run.members.get()
    before = member.meetings.get()
    start = reverse("groups:member-start", args=[run.pk, member.pk])
    refused = fay.post(start, {"starts_on": run.starts_on.isoformat()})
    assert refused.status_code == 422 and "not complete for this member" in refused.content.decode()
    booked = fay.post(
        reverse("groups:meeting-book", args=[run.pk, member.pk, before.pk]),
        {"key": str(uuid.uuid4()), "on": "2026-03-24", "time": "16:00", "minutes": "60"},
    )
    assert booked.status_code == 302
    said = page(fay, "member-show", run.pk, member.pk)
    assert "booked 24 March 2026" in said and "PHQ-9" in said
    held_now = fay.post(reverse("groups:meeting-hold", args=[run.pk, member.pk, before.pk]))
    assert held_now.status_code == 302 and f"/clients/{maria.pk}/" in held_now["Location"]
    before.refresh_from_db()
    assert before.encounter and before.encounter.slot == 0 and before.encounter.appointment
    assert (
        fay.post(start, {"starts_on": run.starts_on.isoformat(), "reason": "Met before."}).status_code == 302
    )


def test_strangers_find_nothing_and_readings_are_recorded(cast: Cast, run: GroupRun) -> None:
    url = reverse("groups:run-show", args=[run.pk])
    for person in (cast.ana, cast.ben, cast.tess, cast.ina, cast.adi, cast.cleo_user):
        answer = browser_of(person).get(url)
        assert answer.status_code == 404 and b"Lindqvist" not in answer.content
    assert browser_of(cast.fay).get(url).status_code == 200
    assert AuditEvent.objects.filter(verb="read", by=cast.fay.pk, detail__page="group run").count() == 1


def test_member_whose_chart_is_not_open_is_a_name_and_no_more(
    cast: Cast, run: GroupRun, at: dt.datetime, clock: Any
) -> None:
    sam = run.members.get(client__given_name="Sam")
    save_goals(
        by=cast.fay,
        at=at,
        member=sam,
        revision=0,
        focus="",
        shared_goals="Ring my brother.",
        private_goals="",
    )
    sam.client.care_team.filter(clinician=cast.fay).update(ends_on=at.date())
    clock(session_of(run, 1).starts_at)
    said = page(browser_of(cast.fay), "session-show", run.pk, 1)
    assert "Sam Okoro" in said and "Their chart is not open to you today." in said
    assert "Ring my brother." not in said
    answer = browser_of(cast.fay).get(reverse("groups:member-show", args=[run.pk, sam.pk]))
    assert answer.status_code == 403


def sessions_page(person: Any, client: Client) -> str:
    answer = browser_of(person).get(reverse("encounters:session-list", args=[client.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_course_by_group_leads_to_the_groups_session_and_begins_none_of_it_alone(
    cast: Cast, run: GroupRun, at: dt.datetime, clock: Any
) -> None:
    held(cast, run, 1)
    clock(session_of(run, 2).starts_at - dt.timedelta(hours=2))
    sam = run.members.get(client__given_name="Sam").client
    room = reverse("groups:session-show", args=[run.pk, 2])
    said = sessions_page(cast.fay, sam)
    assert "Monday 6 April at 18:00</b>: session 2 of 8." in said and f'href="{room}"' in said
    assert "Start session" not in said and "Begin an extra session alone now" in said
    said = sessions_page(cast.ana, sam)  # the therapist, who does not lead the group
    assert "Monday 6 April at 18:00</b>" in said and room not in said
    course = browser_of(cast.fay).get(reverse("home:client-course", args=[sam.pk])).content.decode()
    assert f'href="{room}"' in course and "Open session" not in course
    start = reverse("encounters:session-start", args=[sam.pk])
    prepared = browser_of(cast.fay).get(start).content.decode()
    assert "Begin an extra session alone now" in prepared and "Start session" not in prepared
    browser_of(cast.fay).post(start, {"key": str(uuid.uuid4())})
    alone = Encounter.objects.get(client=sam, kind="individual", outcome="attended")
    assert alone.slot is None
    assert "Go on with the session alone" in sessions_page(cast.fay, sam)


def test_course_by_group_without_a_place_leads_to_asking_for_one(
    cast: Cast, at: dt.datetime, clock: Any
) -> None:
    clock(at)
    maria = a_client(cast, at, "Maria", "Lindqvist")
    open_episode(by=cast.ana, at=at, client=maria, protocol="ipt-g-8", starts_on=at.date())
    ask = f'href="{reverse("groups:place-ask", args=[maria.pk])}"'
    assert ask in sessions_page(cast.ana, maria)
    waiting(cast, at, a_run(cast, at), maria)
    said = sessions_page(cast.ana, maria)
    assert ask not in said and "A place is kept in the group “Monday evening”." in said


def test_individual_course_beside_a_group_keeps_its_own_sessions(
    cast: Cast, at: dt.datetime, clock: Any
) -> None:
    clock(at)
    start_encounter(by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at)
    waiting(cast, at, a_run(cast, at), cast.cleo)
    said = sessions_page(cast.ana, cast.cleo)
    assert "Start session 2 now" in said or "Go on with session 1" in said
    assert "A place is kept in the group" in said

"""A practice course is outside everything: each list, report and board reads the same before and after it."""

import datetime as dt
import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.closure.actions import begin_letter, book_follow_ups, issue_letter, save_letter
from reknit.care.closure.documents.actions import make_document
from reknit.care.consent.actions import grant_notes_consent
from reknit.care.encounters.actions import book_appointment, start_encounter
from reknit.care.encounters.apart.actions import give_note, save_apart
from reknit.care.encounters.queries import next_appointments, notes_to_cosign, unsigned_notes
from reknit.care.home.queries.programme import totals
from reknit.care.learning.actions import end_sandbox, forward_sandbox, open_sandbox, restart_sandbox
from reknit.care.measures.actions import make_link, record_administration
from reknit.care.measures.models import Administration
from reknit.care.medication.actions import add_medication
from reknit.care.network.actions import add_relationship
from reknit.care.people.actions import join_care_team, make_client_sign_in
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import course_of
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_count
from reknit.care.substance_use.actions import record_test_result, report_use_episode
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.template import versions_in_files
from tests.cast import ZONE, Cast
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import an_agreement, story, world

pytestmark = pytest.mark.django_db
OWN_PAGE = {"learning:sandbox-list"}
CHANGING = re.compile(
    r'(name="csrfmiddlewaretoken" value="|X-CSRFToken": "|name="(?:key|sheet)" value=")[^"]*'
)


CLOCK = re.compile(r"\b\d\d:\d\d\b")  # a minute may pass between two readings


def a_practice(cast: Cast, who: str = "ana", **more: Any) -> Cast:
    """The cast with a practice course of that person in Cleo's place, opened now."""
    owner = getattr(cast, who)
    said: dict[str, Any] = {"name": "Robin", "protocol": "ipt-16", "version": "1", **more}
    client = open_sandbox(by=owner, at=now(), **said)
    return replace(cast, ana=owner, cleo=client, cleo_episode=client.episodes.get())


def filled(cast: Cast) -> Cast:
    """Every room of the practice chart written in, down to a risk item, a lapse and a letter."""
    at = now()
    episode, client, who = cast.cleo_episode, cast.cleo, cast.ana
    story(cast, at)
    if who.supervised_by.exists():
        an_agreement(cast)  # with an extension that waits for the supervisor
    forward_sandbox(by=who, at=at, client=client, to=5)
    start_encounter(by=who, at=at, episode=episode, outcome="no_show", starts_at=at)
    book_appointment(by=who, at=at, episode=episode, clinician=who, starts_at=at + dt.timedelta(minutes=5))
    answers = {f"phq9_{n}": 3 for n in range(1, 10)}
    record_administration(
        by=who, at=at, client=client, measure="phq-9", answers=answers, mode="session", episode=episode
    )
    add_relationship(by=who, at=at, client=client, alias="Jo", ring=1)
    report_use_episode(
        by=who, at=at, client=client, key=uuid.uuid4(), reported_by="test", starts_on=local_date(at, ZONE)
    )
    record_test_result(
        by=who, at=at, client=client, key=uuid.uuid4(), matrix="urine", substance="cocaine", result="positive", taken_at=at
    )  # fmt: skip
    add_medication(
        by=who,
        at=at,
        client=client,
        key=uuid.uuid4(),
        kind="mood",
        name="Sertraline",
        starts_on=local_date(at, ZONE),
    )
    letter = begin_letter(by=who, at=at, episode=episode, kind="plain")
    letter = save_letter(by=who, at=at, letter=letter, revision=0, recipient="", words={"work": "You came."})
    issue_letter(by=who, at=at, letter=letter, revision=1)
    book_follow_ups(
        by=who, at=at, episode=episode, ended_on=local_date(at, ZONE) - dt.timedelta(days=100), months=(1, 3)
    )
    return cast


def every_page(cast: Cast, things: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Every page of the product as each person reads it, without what differs from one answer to the next."""
    cache.clear()
    pages = {}
    for who, person in cast.users().items():
        browser = browser_of(person)
        for name, address in ADDRESSES.items():
            if address.method == "get" and who in address.who and name not in OWN_PAGE:
                answer = browser.get(reverse(name, args=[things[arg] for arg in address.args]))
                if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                    said = CHANGING.sub(r"\1", answer.content.decode())
                    pages[name, who] = CLOCK.sub("", said)
    return pages


def test_every_list_report_and_board_is_the_same_before_and_after(cast: Cast, at: dt.datetime) -> None:
    """Two practice courses, one of a trainee whose supervisor co-signs: not one page of the clinic changes."""
    things = world(cast, at)
    every_page(cast, things)  # the first reading of a page may change it: a visit is remembered
    before, again = every_page(cast, things), every_page(cast, things)
    for who in ("ana", "tess", "dara"):
        filled(a_practice(cast, who))
    assert RiskItem.objects.filter(client__sandbox_of__isnull=False).count() >= 3
    after = every_page(cast, things)
    never_twice_alike = {key for key in before if before[key] != again[key]}
    assert {name for name, _who in never_twice_alike} <= {
        "mfa_activate_totp",
        "network:people-add",  # each of its rows has a fresh key
        "safety:safeguarding-show",  # it names who read it, this reading too
        "supervision:audit-show",  # it counts who opened the chart, this reading too
    }
    assert {key for key in before.keys() - never_twice_alike if before[key] != after.get(key)} == set()
    assert len(before) > 150


def test_what_the_lists_are_made_of_is_the_same_too(cast: Cast) -> None:
    """The reads below the pages, asked past their paging and their caches."""

    def reads() -> list[Any]:
        cache.clear()
        at = now()
        today = local_date(at, ZONE)
        found: list[Any] = [totals(at=cast_at, today=today)]
        for person in (cast.ana, cast.ben, cast.tess, cast.dara):
            found += [
                open_count(person, on=today),
                unsigned_notes(person).count(),
                notes_to_cosign(person, on=today).count(),
                next_appointments(person, at - dt.timedelta(days=400), at + dt.timedelta(days=400)).count(),
                Client.objects.visible_to(person, on=today).count(),
            ]
        return found

    cast_at = now()
    before = reads()
    for who in ("ana", "tess"):
        filled(a_practice(cast, who))
    assert reads() == before


def test_every_page_of_a_practice_chart_says_what_it_is(cast: Cast) -> None:
    practice = filled(a_practice(cast))
    item = RiskItem.objects.filter(client=practice.cleo).first()
    assert item
    things = {"client": practice.cleo.pk, "item": item.pk, "measure": "phq-9", "kind": "closing"}
    browser, asked = browser_of(cast.ana), 0
    for name, address in ADDRESSES.items():
        if address.method == "get" and address.args and set(address.args) <= things.keys():
            answer = browser.get(reverse(name, args=[things[arg] for arg in address.args]))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                assert "Practice course. This client is made up." in answer.content.decode(), name
                asked += 1
    assert asked > 30


def test_every_paper_of_a_practice_course_says_what_it_is(cast: Cast) -> None:
    practice = a_practice(cast)
    at, episode = now(), practice.cleo_episode
    start_encounter(by=cast.ana, at=at, episode=episode, outcome="attended", starts_at=at)
    encounter = episode.encounters.latest("starts_at")
    made = make_document(by=cast.ana, at=at, episode=episode, kind="attendance", session=encounter)
    assert made.content["foot"].startswith("Practice course")
    note = save_apart(
        by=cast.ana, at=at, encounter=encounter, kind="counselling", revision=0, values={"words": "My thoughts."}
    )  # fmt: skip
    on = local_date(at, ZONE)
    consent = grant_notes_consent(
        by=cast.ana, at=at, client=practice.cleo, key=uuid.uuid4(), about="counselling", recipient="Dr Lind",
        purpose="Practice", how="paper", signed_on=on, expires_on=on + dt.timedelta(days=9), is_free=True,
    )  # fmt: skip
    with pytest.raises(DomainError, match="made up"):
        give_note(by=cast.ana, at=at, key=uuid.uuid4(), note=note, consent=consent)


def test_trainee_is_seen_by_their_supervisor_and_by_nobody_else(cast: Cast) -> None:
    practice = a_practice(cast, "tess")
    url = reverse("home:client-course", args=[practice.cleo.pk])
    let_in = {who for who, person in cast.users().items() if browser_of(person).get(url).status_code == 200}
    assert let_in == {"tess", "ben"}
    said = browser_of(cast.ben).get(reverse("learning:sandbox-list")).content.decode()
    assert "Robin" in said and "/restart/" not in said
    forward = reverse("learning:sandbox-forward", args=[practice.cleo.pk])
    assert browser_of(cast.ben).post(forward, {"to": 3}).status_code == 403
    assert browser_of(cast.ana).post(forward, {"to": 3}).status_code == 404


def test_nothing_of_it_leaves_the_house(cast: Cast) -> None:
    practice, at = a_practice(cast), now()
    client = practice.cleo
    with pytest.raises(DomainError, match="no link is made"):
        make_link(by=cast.ana, at=at, client=client, measure="gad-7", hours=24)
    with pytest.raises(DomainError, match="made up"):
        make_client_sign_in(by=cast.ana, at=at, client=client, email="robin@clinic.example")
    with pytest.raises(DomainError, match="no care team"):
        join_care_team(by=cast.ana, at=at, client=client, clinician=cast.dov, starts_on=local_date(at, ZONE))


def test_moving_on_reaches_the_phases_and_makes_up_no_score(cast: Cast) -> None:
    practice = a_practice(cast)
    assert forward_sandbox(by=cast.ana, at=now(), client=practice.cleo, to=4) == 4
    course = course_of(practice.cleo_episode)
    assert (course.slot, course.phase.code) == (4, "middle")
    assert not Administration.objects.filter(client=practice.cleo).exists()
    forward_sandbox(by=cast.ana, at=now(), client=practice.cleo, to=16)
    assert course_of(practice.cleo_episode).phase.code == "closure"
    for wrong in (16, 17, 0):
        with pytest.raises(DomainError, match="Choose a session|closed"):
            forward_sandbox(by=cast.ana, at=now(), client=practice.cleo, to=wrong)


def test_put_away_is_opened_by_nobody_and_starting_again_begins_at_nothing(cast: Cast) -> None:
    practice = filled(a_practice(cast))
    fresh = restart_sandbox(by=cast.ana, at=now(), client=practice.cleo)
    assert browser_of(cast.ana).get(reverse("home:client-course", args=[practice.cleo.pk])).status_code == 404
    assert course_of(fresh.episodes.get()).slot == 0
    end_sandbox(by=cast.ana, at=now(), client=fresh)
    assert not Client.objects.open_to(cast.ana, on=local_date(now(), ZONE)).exclude(sandbox_of=None).exists()


def test_director_tries_a_draft_and_a_person_never_begins_with_one(cast: Cast, at: dt.datetime) -> None:
    from reknit.care.programme.actions.protocols import copy_protocol

    copy_protocol(by=cast.dara, at=at, code="ipt-16", version="1", name="river", title="By the river")
    practice = a_practice(cast, "dara", protocol="own-river")
    chart = browser_of(cast.dara).get(reverse("programme:course-map", args=[practice.cleo.pk]))
    assert "By the river" in chart.content.decode()
    with pytest.raises(DomainError, match="Choose a protocol"):
        a_practice(cast, "ana", protocol="own-river")
    Episode.objects.filter(pk=cast.cleo_episode.pk).update(status="closed", closed_at=at, closed_by=cast.ana)
    with pytest.raises(DomainError, match="offered now"):
        open_episode(
            by=cast.ana,
            at=at,
            client=cast.cleo,
            protocol="own-river",
            version="1",
            starts_on=local_date(at, ZONE),
        )


@pytest.mark.parametrize("plan", [one for one, _own in versions_in_files()], ids=lambda one: one.code)
def test_every_protocol_that_ships_is_practised_to_its_end(plan: ProtocolTemplate, cast: Cast) -> None:
    """Each phase is reached and each page of the chart opens, on each form of IPT."""
    practice = a_practice(cast, protocol=plan.code, version=plan.version)
    forward_sandbox(by=cast.ana, at=now(), client=practice.cleo, to=plan.planned_sessions)
    course = course_of(practice.cleo_episode)
    assert (course.slot, len(course.entered)) == (plan.planned_sessions, len(plan.phases))
    for name in ("home:client-course", "programme:course-map", "closure:closing-show"):
        answer = browser_of(cast.ana).get(reverse(name, args=[practice.cleo.pk]))
        assert answer.status_code == 200
    show = reverse("programme:protocol-show", args=[plan.code, plan.version])
    assert browser_of(cast.dara).get(show).status_code == 200

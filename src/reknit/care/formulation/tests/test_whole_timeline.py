"""Everything on one axis: the lanes beside life and mood, the steps along it, and what is marked on it."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.cast import Cast

from reknit.base.ui.figures import LineEvent, LineMeeting, LinePoint, TimeLine, UseDay, time_line
from reknit.care.formulation.actions import leave_question
from reknit.care.formulation.lanes import gains_of, returns_of
from reknit.care.formulation.line import rows_of
from reknit.care.formulation.models import LeftQuestion
from reknit.care.formulation.queries import whole_timeline
from reknit.care.formulation.zoom import asked_window, free_runs, steps
from reknit.care.measures.queries import StandingScore
from reknit.care.medication.actions import add_medication
from reknit.care.network.actions import add_relationship, begin_version, sign_off_version
from reknit.care.substance_use.actions import record_craving, record_test_result

from .factories import event

BEGINS = dt.date(2026, 3, 2)
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))


def week(n: int) -> dt.date:
    return BEGINS + dt.timedelta(weeks=n)


def test_each_return_is_told_with_the_days_known_before_it() -> None:
    states = ["not_used"] * 8 + ["used", "used", "not_used", "unknown", "used"] + ["not_used"] * 9 + ["used"]
    told = returns_of([UseDay(BEGINS + dt.timedelta(days=n), state) for n, state in enumerate(states)])  # type: ignore[arg-type]
    assert [(note.start, note.end) for note in told] == [
        (BEGINS + dt.timedelta(days=8), BEGINS + dt.timedelta(days=9)),
        (BEGINS + dt.timedelta(days=22), BEGINS + dt.timedelta(days=22)),
    ]
    assert told[0].words == "Use on 2 days in a row, after 8 days known without use."


@given(st.lists(st.sampled_from([True, False, None]), max_size=60))
def test_free_days_before_a_return_are_known_ones_and_all_of_them(states: list[bool | None]) -> None:
    known = [(BEGINS + dt.timedelta(days=n), one) for n, one in enumerate(states) if one is not None]
    for first, last, free in free_runs(known):
        place = (first - BEGINS).days
        assert states[place : (last - BEGINS).days + 1] == [True] * ((last - first).days + 1)
        assert states[place - free : place] == [False] * free and free > 0


def test_sudden_gain_is_marked_between_its_sessions() -> None:
    sheets = [
        StandingScore(
            dt.datetime.combine(week(n), dt.time(9), dt.UTC), Decimal(total), "complete", n, episode_id=None
        )
        for n, total in enumerate([20, 21, 19, 20, 10, 9, 10, 8], start=1)
    ]
    (gain,) = gains_of(sheets, mood="phq-9", zone="UTC")
    assert (gain.start, gain.end) == (week(4), week(5)) and "10 lower from session 4" in gain.words


@given(days, st.integers(6, 5000), days, days)
def test_steps_lead_to_days_in_order(start: dt.date, length: int, one: dt.date, other: dt.date) -> None:
    first, latest = sorted([one, other])
    for step in steps(start, start + dt.timedelta(days=length), first=first, latest=latest):
        if step.query:
            sent = dict(part.split("=") for part in step.query.split("&"))
            assert asked_window(sent), step


def test_a_wider_view_begins_no_earlier_than_the_first_fact() -> None:
    first, end = BEGINS, BEGINS + dt.timedelta(days=200)
    wider = steps(end - dt.timedelta(days=182), end, first=first, latest=end)[1]
    assert wider.query == f"from={first}&to={end}"


@pytest.mark.parametrize("sent", [{"from": "x"}, {"from": "2026-01-01", "to": "2025-01-01"}, {"from": "0001-01-01", "to": "2026-01-01"}])  # fmt: skip
def test_days_that_are_none_are_not_shown(sent: dict[str, str]) -> None:
    assert asked_window(sent) is None


def test_drawing_of_a_thousand_contacts_is_no_heavier_than_one_of_two_hundred() -> None:
    def marks(contacts: int) -> int:
        end = BEGINS + dt.timedelta(days=3 * contacts)
        on = [BEGINS + dt.timedelta(days=3 * n) for n in range(contacts)]
        line = TimeLine(
            BEGINS,
            end,
            events=[LineEvent(day, f"Event {n}") for n, day in enumerate(on)],
            points=[LinePoint(day, n % 27) for n, day in enumerate(on)],
            days=[UseDay(day, "used" if n % 2 else "not_used") for n, day in enumerate(on)],
            meetings=[LineMeeting(day, str(n)) for n, day in enumerate(on)],
        )
        return len(re.findall(r"<(circle|path|rect|text)", time_line(line, width="wide")))

    assert marks(1000) < 1.5 * marks(200)


@pytest.mark.django_db
def test_every_lane_has_its_facts_in_the_table(cast: Cast, at: dt.datetime) -> None:
    cleo = cast.cleo
    record_craving(by=cast.ana, at=at, client=cleo, key=uuid.uuid4(), now=3, peak=7)
    record_test_result(
        by=cast.ana,
        at=at,
        client=cleo,
        key=uuid.uuid4(),
        matrix="urine",
        substance="cocaine",
        result="negative",
        taken_at=at,
    )
    add_medication(
        by=cast.ana, at=at, client=cleo, key=uuid.uuid4(), kind="mood", name="Sertraline", starts_on=at.date()
    )
    add_relationship(by=cast.ana, at=at, client=cleo, alias="Jo", ring=1)
    version = begin_version(by=cast.ana, at=at, client=cleo)
    sign_off_version(
        by=cast.ana,
        at=at,
        version=version,
        revision=version.revision,
        author="together",
        treatment_asked=True,
    )
    line = whole_timeline(cleo, cast.cleo_episode, today=at.date())
    told = {(fact.lane, fact.words) for fact in rows_of(line)}
    assert ("Craving", "7 of 10") in told and ("Medication", "Sertraline begins") in told
    assert {lane.title for lane in line.drawing.lanes} == {
        "Craving, 0 to 10",
        "Tests",
        "Medication",
        "Circle",
    }


@pytest.mark.django_db
def test_whole_timeline_makes_thirteen_queries(
    cast: Cast, at: dt.datetime, django_assert_num_queries: object
) -> None:
    event(cast, at)
    whole_timeline(cast.cleo, cast.cleo_episode, today=at.date())
    with django_assert_num_queries(13):  # type: ignore[operator]
        whole_timeline(cast.cleo, cast.cleo_episode, today=at.date())


@pytest.mark.django_db
def test_question_that_was_left_is_not_asked_again(cast: Cast, at: dt.datetime) -> None:
    row, on = event(cast, at), at.date()
    for _twice in range(2):
        leave_question(by=cast.ana, at=at, event=row, on=on)
    assert LeftQuestion.objects.get().on == on


@pytest.mark.django_db
def test_page_shows_the_days_of_its_address_and_leads_on(cast: Cast, at: dt.datetime) -> None:
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = ana.get(
        reverse("formulation:timeline-show", args=[cast.cleo.pk]), {"from": "2026-01-01", "to": "2026-03-26"}
    )
    assert (page.context["line"].drawing.start, page.context["line"].drawing.end) == (
        dt.date(2026, 1, 1),
        dt.date(2026, 3, 26),
    )
    assert 'data-key="+"' in page.content.decode()


@pytest.mark.django_db
def test_step_along_the_line_is_answered_with_the_drawing_alone(cast: Cast) -> None:
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    where = reverse("formulation:timeline-show", args=[cast.cleo.pk])
    whole = ana.get(where).content.decode()
    step = ana.get(where, headers={"X-Requested-With": "zoom"}).content.decode()
    assert 'id="one-line"' in step and 'id="one-line"' in whole
    assert 'id="table"' in whole and 'id="table"' not in step and "<html" not in step

"""What waits too long, or for somebody away, goes on; it never loses its first owner, and always has somebody."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.cast import BEGIN, Cast, make_cast, staff

from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent
from reknit.care.people.absences.actions import record_absence
from reknit.care.people.absences.queries import away_on
from reknit.care.people.actions import change_site, close_supervisory_line, join_care_team, leave_care_team
from reknit.care.safety.actions import close_risk_item, end_leave, hand_on, hand_over, open_risk_item
from reknit.care.safety.jobs import hand_on_what_waits
from reknit.care.safety.models import RiskEntry, RiskItem
from reknit.care.safety.queries import open_items_for

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def opened(cast: Cast, at: dt.datetime, reason: str = "phq9_item9") -> RiskItem:
    return open_risk_item(by=None, at=at, client=cast.cleo, reason=reason, source="test")


def swept(item: RiskItem, at: dt.datetime) -> RiskItem:
    hand_on_what_waits(at=at)
    item.refresh_from_db()
    return item


def away(cast: Cast, at: dt.datetime, *, cover: User, days: int = 3, person: User | None = None) -> object:
    who = person or cast.ana
    absence = record_absence(
        by=who,
        at=at,
        key=uuid.uuid4(),
        person=who,
        cover=cover,
        starts_on=at.date(),
        ends_on=at.date() + days * DAY,
    )
    for item in RiskItem.objects.filter(status="open", owner=who):
        hand_on(by=None, at=at, item=item)
    return absence


def on_duty(cast: Cast, person: User | None, at: dt.datetime) -> None:
    change_site(by=cast.adi, at=at, site=cast.site, duty_clinician=person)


def test_an_item_stays_until_its_time(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    assert swept(item, at + 7 * HOUR).owner == cast.ana
    assert item.rung == 0


def test_overdue_goes_to_the_supervisor_then_to_whoever_is_on_duty(cast: Cast, at: dt.datetime) -> None:
    on_duty(cast, cast.fay, at)
    item = opened(cast, at)
    assert swept(item, at + 8 * HOUR).owner == cast.ben
    assert (item.because, item.rung, item.due_at) == ("overdue", 2, at + 8 * HOUR)
    assert swept(item, at + 8.5 * HOUR).owner == cast.ben
    assert swept(item, at + 9 * HOUR).owner == cast.fay
    assert item.first_owner == cast.ana
    kinds = [one.kind for one in RiskEntry.objects.filter(item=item).order_by("at")]
    assert kinds == ["opened", "handed_on", "handed_on"]


def test_the_sweep_run_twice_does_nothing_the_second_time(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    swept(item, at + 8 * HOUR)
    before = AuditEvent.objects.count(), RiskEntry.objects.count()
    swept(item, at + 8 * HOUR)
    assert (AuditEvent.objects.count(), RiskEntry.objects.count()) == before


def test_with_nobody_left_it_is_marked_once_and_shown_to_whoever_is_on_duty(
    cast: Cast, at: dt.datetime
) -> None:
    on_duty(cast, None, at)
    item = opened(cast, at)
    swept(item, at + 8 * HOUR)
    for hours in (9, 10, 11):
        swept(item, at + hours * HOUR)
    assert item.owner == cast.ben
    assert item.stuck_at == at + 9 * HOUR
    assert RiskEntry.objects.filter(item=item, kind="nobody_left").count() == 1
    on_duty(cast, cast.fay, at)
    assert swept(item, at + 12 * HOUR).owner == cast.fay
    assert item.stuck_at is None
    assert swept(item, at + 14 * HOUR).stuck_at == at + 14 * HOUR
    assert item in open_items_for(cast.fay, on=at.date())


def test_leave_hands_on_at_once_and_handback_brings_it_home(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    absence = away(cast, at, cover=cast.dov)
    item.refresh_from_db()
    assert (item.owner, item.because, item.rung) == (cast.dov, "away", 1)
    later = opened(cast, at + HOUR, "phq9_item9_blank")
    assert (later.owner, later.first_owner) == (cast.dov, cast.ana)
    end_leave(by=cast.ana, at=at + 2 * HOUR, absence=absence)
    for one in (item, later):
        one.refresh_from_db()
        assert (one.owner, one.rung, one.because) == (cast.ana, 0, "")


def test_a_leave_whose_last_day_went_by_ends_by_itself(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at, "phq9_item9_blank")
    away(cast, at, cover=cast.dov)
    assert swept(item, at + 3 * DAY).owner == cast.dov
    assert swept(item, at + 4 * DAY).owner == cast.ana
    assert away_on(at.date()) == set()


def test_a_cover_who_is_away_too_is_passed_over(cast: Cast, at: dt.datetime) -> None:
    away(cast, at, cover=cast.dov)
    away(cast, at, person=cast.dov, cover=cast.fay)
    assert opened(cast, at).owner == cast.ben


def test_an_owner_who_left_the_team_gives_it_to_the_new_therapist(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    leave_care_team(by=cast.ina, at=at, member=cast.cleo.care_team.get(), ends_on=at.date() - DAY)
    join_care_team(by=cast.ina, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date())
    assert swept(item, at).owner == cast.tess
    assert (item.entrusted_to, item.first_owner, item.because) == (cast.tess, cast.ana, "gone")


def test_handing_over_gives_the_new_owner_a_first_look(cast: Cast, at: dt.datetime) -> None:
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date(), part="cover"
    )
    item = opened(cast, at)
    assert swept(item, at + 8 * HOUR).owner == cast.tess  # the cover of the team comes before the supervisor
    late = at + 8.5 * HOUR
    item = hand_over(by=cast.ben, at=late, item=item, owner=cast.ana)
    assert (item.rung, item.entrusted_to, item.held_until) == (0, cast.ana, late + HOUR)


def test_answered_again_stays_with_whoever_is_on_duty(cast: Cast, at: dt.datetime) -> None:
    on_duty(cast, cast.fay, at)
    item = opened(cast, at)
    swept(item, at + 8 * HOUR)
    swept(item, at + 9 * HOUR)
    assert opened(cast, at + 9.5 * HOUR).owner == cast.fay


def test_another_clinician_on_duty_takes_over_what_came_to_the_last(cast: Cast, at: dt.datetime) -> None:
    on_duty(cast, cast.fay, at)
    item = opened(cast, at)
    swept(item, at + 8 * HOUR)
    swept(item, at + 9 * HOUR)
    on_duty(cast, cast.dov, at)
    assert swept(item, at + 9.5 * HOUR).owner == cast.dov


@pytest.mark.parametrize("kind", ["closed", "practice"])
def test_closed_items_and_practice_never_move(cast: Cast, at: dt.datetime, kind: str) -> None:
    item = opened(cast, at)
    if kind == "closed":
        close_risk_item(by=cast.ana, at=at, item=item, closing="spoken")
    else:
        type(cast.cleo).objects.filter(pk=cast.cleo.pk).update(sandbox_of=cast.ana)
    assert swept(item, at + 10 * DAY).owner == cast.ana


STEPS = st.lists(
    st.sampled_from(
        ["hour", "day", "leave", "cover_leaves", "line_ends", "ana_leaves_team", "again", "other"]
    ),
    min_size=1,
    max_size=10,
)


class TestAlways(TestCase):
    """Whatever happens in a clinic that has somebody on duty."""

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
    @given(STEPS)
    def test_every_open_item_has_somebody_at_work_and_only_climbs(self, steps: list[str]) -> None:
        cast, now = make_cast(), BEGIN + 30 * DAY
        duty = staff("Duty", Role.THERAPIST)
        on_duty(cast, duty, now)
        item = opened(cast, now)
        for step in steps:
            rung, now = item.rung, now + (DAY if step == "day" else HOUR)
            change(cast, step, now)
            swept(item, now)
            on_leave = away_on(now.date())
            for one in RiskItem.objects.filter(status="open").select_related("owner"):
                assert one.owner == duty or (one.owner.is_active and one.owner_id not in on_leave)
                assert one.due_at and one.first_owner_id and one.held_until >= one.due_at
            # Down only by the end of a leave, which is somebody's hand.
            assert item.rung >= rung or item.entries.filter(kind="handed_back").exists()
            assert item.first_owner == cast.ana


def change(cast: Cast, step: str, now: dt.datetime) -> None:
    """One thing that happens in the clinic; what cannot happen now does not."""
    gone = away_on(now.date())
    if step == "leave" and cast.ana.pk not in gone:
        away(cast, now, cover=cast.dov if cast.dov.pk not in gone else cast.fay, days=1)
    elif step == "cover_leaves" and cast.dov.pk not in gone:
        away(cast, now, person=cast.dov, cover=cast.fay, days=1)
    elif step == "line_ends":
        for line in cast.ben.supervises.filter(ends_on=None):
            close_supervisory_line(by=cast.adi, at=now, line=line, ends_on=now.date() - DAY)
    elif step == "ana_leaves_team":
        for member in cast.cleo.care_team.filter(ends_on=None):
            leave_care_team(by=cast.ina, at=now, member=member, ends_on=now.date() - DAY)
    elif step in {"again", "other"}:
        opened(cast, now, "phq9_item9" if step == "again" else "phq9_item9_blank")

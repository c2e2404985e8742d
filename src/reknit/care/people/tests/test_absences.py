"""Leave with cover: the cover is on the teams for these days and no longer, and only the right people write it down."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.errors import DomainError, Refused
from reknit.care.people.absences.actions import confirm_handover, end_absence, record_absence
from reknit.care.people.absences.queries import cover_for, seen_by
from reknit.care.people.access import may_read_chart
from reknit.care.people.actions import join_care_team
from reknit.care.people.models import Absence

DAY = dt.timedelta(days=1)


def leave(cast: Cast, at: dt.datetime, **more: Any) -> Absence:
    fields: dict[str, Any] = {
        "by": cast.ana,
        "key": uuid.uuid4(),
        "person": cast.ana,
        "cover": cast.dov,
        "starts_on": at.date() + DAY,
        "ends_on": at.date() + 5 * DAY,
    }
    return record_absence(at=at, **(fields | more))


def test_the_cover_reads_the_chart_in_these_days_and_no_longer(cast: Cast, at: dt.datetime) -> None:
    leave(cast, at)
    reads = [may_read_chart(cast.dov, cast.cleo, on=at.date() + days * DAY).allowed for days in range(8)]
    assert reads == [False, True, True, True, True, True, False, False]


def test_the_same_page_sent_twice_is_one_leave(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    assert leave(cast, at, key=key) == leave(cast, at, key=key)
    assert cast.cleo.care_team.count() == 2


def test_a_supervisor_writes_it_down_for_the_line_and_a_stranger_does_not(
    cast: Cast, at: dt.datetime
) -> None:
    assert leave(cast, at, by=cast.ben).made_by == cast.ben
    for other in (cast.dov, cast.dara, cast.adi, cast.cleo_user):
        with pytest.raises(Refused):
            leave(cast, at, by=other, starts_on=at.date() + 9 * DAY, ends_on=at.date() + 9 * DAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"starts_on": -9}, "starts_on"),
        ({"ends_on": 0}, "ends_on"),
        ({"ends_on": 500}, "ends_on"),
        ({"cover": "ana"}, "cover"),
        ({"cover": "ina"}, "cover"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    cast: Cast, at: dt.datetime, change: dict[str, Any], field: str
) -> None:
    said = {
        name: at.date() + value * DAY if isinstance(value, int) else getattr(cast, value)
        for name, value in change.items()
    }
    with pytest.raises(DomainError) as refused:
        leave(cast, at, **said)
    assert refused.value.field == field
    assert not Absence.objects.exists()


def test_two_leaves_of_one_person_do_not_touch_and_a_cover_is_at_work(cast: Cast, at: dt.datetime) -> None:
    leave(cast, at)
    with pytest.raises(DomainError, match="touch another leave"):
        leave(cast, at, starts_on=at.date() + 5 * DAY, ends_on=at.date() + 9 * DAY)
    with pytest.raises(DomainError, match="away in these days too"):
        leave(cast, at, by=cast.dov, person=cast.dov, cover=cast.ana)


def test_handing_back_ends_the_cover_today(cast: Cast, at: dt.datetime) -> None:
    absence = leave(cast, at)
    back = at + 2 * DAY
    end_absence(by=cast.ana, at=back, absence=absence)
    assert may_read_chart(cast.dov, cast.cleo, on=back.date())
    assert not may_read_chart(cast.dov, cast.cleo, on=back.date() + DAY)


def test_a_leave_called_off_never_opened_a_chart(cast: Cast, at: dt.datetime) -> None:
    end_absence(by=cast.ben, at=at, absence=leave(cast, at))
    assert not any(may_read_chart(cast.dov, cast.cleo, on=at.date() + days * DAY) for days in range(8))


def test_only_the_cover_confirms_having_read(cast: Cast, at: dt.datetime) -> None:
    handover = leave(cast, at).handovers.get()
    with pytest.raises(Refused):
        confirm_handover(by=cast.ben, at=at, handover=handover)
    assert confirm_handover(by=cast.dov, at=at, handover=handover).read_by == cast.dov


def test_a_cover_who_is_on_the_team_anyway_stays_on_it(cast: Cast, at: dt.datetime) -> None:
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.fay, starts_on=at.date(), part="facilitator"
    )
    absence = leave(cast, at, cover=cast.fay)
    assert absence.handovers.get().member is None
    end_absence(by=cast.ana, at=at + DAY, absence=absence)
    assert may_read_chart(cast.fay, cast.cleo, on=at.date() + 30 * DAY)


def test_who_covers_is_known_only_while_the_therapist_is_away(cast: Cast, at: dt.datetime) -> None:
    absence = leave(cast, at)
    assert cover_for(cast.cleo, on=at.date()) is None
    assert cover_for(cast.cleo, on=at.date() + DAY) == absence
    assert cover_for(cast.eli, on=at.date() + DAY) is None


def test_a_leave_is_seen_by_both_and_by_the_line_alone(cast: Cast, at: dt.datetime) -> None:
    leave(cast, at)
    seen = {name for name, user in cast.users().items() if seen_by(user, on=at.date()).exists()}
    assert seen == {"ana", "dov", "ben"}

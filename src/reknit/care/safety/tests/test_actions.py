"""What waits for a human never doubles, never loses its owner, and is closed only with a reason."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.people.actions import add_client, change_site, join_care_team, leave_care_team
from reknit.care.people.models import CareTeamMember
from reknit.care.safety.actions import close_risk_item, hand_over, open_risk_item
from reknit.care.safety.models import RiskEntry, RiskItem
from reknit.care.safety.queries import open_by_client, open_count, open_items_for

ITEM_9 = {"reason": "phq9_item9", "source": "test"}


def opened(cast: Cast, at: dt.datetime, **more: Any) -> RiskItem:
    fields: dict[str, Any] = {"by": cast.ana, "at": at, "client": cast.cleo, **ITEM_9, **more}
    return open_risk_item(**fields)


def test_risk_item_has_owner_and_due_time(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    assert item.owner == cast.ana
    assert item.due_at == at + dt.timedelta(hours=8)
    assert item.klass == "critical"


def test_risk_item_answered_again_is_refreshed_and_keeps_its_due_time(cast: Cast, at: dt.datetime) -> None:
    first = opened(cast, at)
    again = opened(cast, at + dt.timedelta(hours=3), facts={"item": "phq9_9", "value": 3})
    assert again.pk == first.pk
    assert (again.seen_count, again.due_at) == (2, first.due_at)
    assert [e.kind for e in RiskEntry.objects.filter(item=first).order_by("at")] == ["opened", "refreshed"]


def test_risk_item_opens_anew_after_closing(cast: Cast, at: dt.datetime) -> None:
    first = opened(cast, at)
    close_risk_item(by=cast.ana, at=at, item=first, closing="spoken")
    assert opened(cast, at + dt.timedelta(days=1)).pk != first.pk


def test_risk_items_of_other_reasons_and_clients_stay_apart(cast: Cast, at: dt.datetime) -> None:
    keys = {
        opened(cast, at).pk,
        opened(cast, at, reason="phq9_item9_blank").pk,
        opened(cast, at, client=cast.eli).pk,
    }
    assert len(keys) == 3


def test_risk_item_of_an_import_is_one_for_each_import(cast: Cast, at: dt.datetime) -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    keys = [
        opened(cast, at, client=None, reason="import_triage", source="imports.run", source_id=key).pk
        for key in (one, one, other)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_audit_of_risk_holds_no_answer(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at, facts={"item": "phq9_9", "value": 3})
    close_risk_item(by=cast.ana, at=at, item=item, closing="plan", note="Her sister stays with her")
    for event in AuditEvent.objects.filter(subject_id=item.pk):
        assert "value" not in event.detail
        assert "sister" not in str(event.detail)


def without_therapist(cast: Cast, at: dt.datetime) -> None:
    member = CareTeamMember.objects.get(client=cast.cleo, part="lead")
    leave_care_team(by=cast.ina, at=at, member=member, ends_on=member.starts_on)


def gone(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def test_owner_is_the_clinician_on_duty_without_a_therapist(cast: Cast, at: dt.datetime) -> None:
    without_therapist(cast, at)
    change_site(by=cast.adi, at=at, site=cast.site, duty_clinician=cast.fay)
    assert opened(cast, at).owner == cast.fay


def test_owner_is_any_supervisor_when_nobody_is_on_duty(cast: Cast, at: dt.datetime) -> None:
    without_therapist(cast, at)
    change_site(by=cast.adi, at=at, site=cast.site, duty_clinician=None)
    assert opened(cast, at).owner == cast.ben


def test_owner_is_any_clinician_when_no_supervisor_is_at_work(cast: Cast, at: dt.datetime) -> None:
    gone(cast.ana)
    gone(cast.ben)
    assert opened(cast, at).owner in {cast.dov, cast.fay, cast.tess}


def test_owner_who_left_is_replaced_when_it_is_answered_again(cast: Cast, at: dt.datetime) -> None:
    opened(cast, at)
    gone(cast.ana)
    assert opened(cast, at).owner == cast.ben


def test_clinic_without_clinicians_is_told_to_add_one(cast: Cast, at: dt.datetime) -> None:
    User.objects.exclude(pk=cast.adi.pk).update(is_active=False)
    with pytest.raises(DomainError, match="Ask the administrator"):
        opened(cast, at)


@pytest.mark.parametrize("closing", ["", "because", "SPOKEN"])
def test_closing_needs_a_reason(cast: Cast, at: dt.datetime, closing: str) -> None:
    item = opened(cast, at)
    with pytest.raises(DomainError, match="Choose what was done"):
        close_risk_item(by=cast.ana, at=at, item=item, closing=closing)
    item.refresh_from_db()
    assert item.status == "open"


def test_closing_note_may_be_empty_and_has_a_length(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    for note in ("x" * 4001, "a\x00b"):
        with pytest.raises(DomainError, match="under 4,000"):
            close_risk_item(by=cast.ana, at=at, item=item, closing="spoken", note=note)
    assert close_risk_item(by=cast.ana, at=at, item=item, closing="spoken").status == "closed"


def test_closing_twice_is_calm_and_closing_what_another_closed_says_so(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    close_risk_item(by=cast.ana, at=at, item=item, closing="spoken")
    close_risk_item(by=cast.ana, at=at, item=item, closing="spoken")
    with pytest.raises(Conflict):
        close_risk_item(by=cast.ben, at=at, item=item, closing="plan")
    assert RiskEntry.objects.filter(item=item, kind="closed").count() == 1


def test_handing_over_needs_someone_who_may_see_the_client(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    for stranger in (cast.dov, cast.ina, cast.adi):
        with pytest.raises(DomainError):
            hand_over(by=cast.ana, at=at, item=item, owner=stranger)
    given = hand_over(by=cast.ana, at=at, item=item, owner=cast.ben)
    assert (given.owner, given.due_at) == (cast.ben, item.due_at)


def test_handing_over_a_closed_item_is_refused(cast: Cast, at: dt.datetime) -> None:
    item = opened(cast, at)
    close_risk_item(by=cast.ana, at=at, item=item, closing="spoken")
    with pytest.raises(Conflict, match="closed meanwhile"):
        hand_over(by=cast.ana, at=at, item=item, owner=cast.ben)


def test_open_items_put_critical_first_then_the_oldest(cast: Cast, at: dt.datetime) -> None:
    ask = opened(cast, at - dt.timedelta(days=9), reason="phq9_item9_blank")
    late = opened(cast, at, reason="phone_overdose")
    soon = opened(cast, at)
    assert list(open_items_for(cast.ana, on=at.date())) == [soon, late, ask]
    assert open_by_client([cast.cleo.pk, cast.eli.pk]) == {cast.cleo.pk: [soon, late, ask]}


def test_open_items_are_the_owners_and_the_supervisors(cast: Cast, at: dt.datetime) -> None:
    opened(cast, at)
    triage = opened(cast, at, client=None, reason="import_triage", source="imports.run")
    assert triage.owner == cast.ben
    counts = {name: open_count(user, on=at.date()) for name, user in cast.users().items()}
    assert {name: n for name, n in counts.items() if n} == {"ana": 1, "ben": 2}


def test_item_about_a_referral_is_seen_by_its_owner_and_the_supervisor_on_duty(
    cast: Cast, at: dt.datetime
) -> None:
    referred = add_client(by=cast.ina, at=at, programme=cast.programme, family_name="New")
    item = opened(cast, at, client=referred, reason="phone_suicide", by=cast.ina)
    assert item.owner == cast.ben
    hand_over(by=cast.ben, at=at, item=item, owner=cast.dov)
    seen = [n for n, user in cast.users().items() if open_items_for(user, on=at.date()).exists()]
    assert sorted(seen) == ["ben", "dov"]


def test_two_writers_at_once_end_in_a_refresh(cast: Cast, at: dt.datetime) -> None:
    """Another writer opens the same item after ours has looked and before it writes."""
    others: list[RiskItem] = []

    def other_writer(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if not others and sql.startswith("SELECT") and 'FROM "safety_riskitem"' in sql:
            others.append(RiskItem(pk=uuid.uuid4()))
            others[0] = opened(cast, at)
        return answer

    with connection.execute_wrapper(other_writer):
        mine = opened(cast, at)
    assert mine == others[0]
    assert RiskItem.objects.get().seen_count == 2


def test_risk_item_answered_again_goes_to_who_treats_the_client_now(cast: Cast, at: dt.datetime) -> None:
    assert opened(cast, at).owner == cast.ana
    day = at.date()
    leave_care_team(by=cast.ina, at=at, member=cast.cleo.care_team.get(), ends_on=day)
    join_care_team(by=cast.ina, at=at, client=cast.cleo, clinician=cast.tess, starts_on=day)
    later = at + dt.timedelta(days=1)
    assert opened(cast, later, by=cast.tess).owner == cast.tess


def test_on_the_day_of_a_change_a_new_item_goes_to_the_therapist_who_stays(
    cast: Cast, at: dt.datetime
) -> None:
    leave_care_team(by=cast.ina, at=at, member=cast.cleo.care_team.get(), ends_on=at.date())
    join_care_team(by=cast.ina, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date())
    assert opened(cast, at).owner == cast.tess

"""Test results, cravings, and where regular use begins for one client. None of them touches a day."""

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact, withdraw_fact
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode
from reknit.care.safety.actions import open_risk_item
from reknit.care.substance_use.models import ClientLapseRule, Company, Craving, TestResult
from reknit.care.substance_use.queries import beside_days, latest_craving
from reknit.core.errors import BadInput
from reknit.core.substance_use.craving import HIGHEST, asks_for_a_look
from reknit.core.substance_use.lapse import DEFAULT_RULE, WorkflowRule
from reknit.core.substance_use.windows import detection_window

from .calendar import check_code, open_for_writing

FACT = "test_result"
LONG_AGO = dt.timedelta(days=366 * 2)
MOST_VALUE = Decimal("9999999")


@action
def record_test_result(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    matrix: str,
    substance: str,
    result: str,
    taken_at: dt.datetime,
    value: Decimal | None = None,
    unit: str = "",
) -> TestResult:
    """Write down what a test said. Whether it fits the days told is worked out and reported; no day is changed."""
    open_for_writing(client, at=at)
    found = TestResult.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    _check_test(matrix, substance, result, taken_at=taken_at, value=value, unit=unit, at=at)
    window = detection_window(matrix, substance)
    episode = _open_course(client)
    test = TestResult.objects.create(
        pk=key,
        client=client,
        episode=episode,
        matrix=matrix,
        substance=substance,
        result=result,
        value=value.quantize(Decimal("0.001")) if value is not None else None,
        unit=unit.strip(),
        taken_at=taken_at,
        window_days=window.days if window else None,
        entered_by=by,
        entered_at=at,
    )
    audit.record("record test result", by=by, at=at, subject=test, client=client)
    if episode:
        discordant = beside_days(client, [test])[0].comparison.is_discordant
        record_fact(
            by=by,
            at=at,
            episode=episode,
            kind=FACT,
            source="substance_use",
            source_id=test.pk,
            value={"substance": substance, "result": str(result), "discordant": discordant},
        )
    return test


@action
def take_back_test_result(*, by: User, at: dt.datetime, test: TestResult) -> TestResult:
    """Take back a result that was entered by mistake. It stays readable and no longer counts."""
    open_for_writing(test.client, at=at)
    test = TestResult.objects.select_for_update(of=("self",)).select_related("client").get(pk=test.pk)
    if test.taken_back_at:
        audit.unchanged()
        return test
    test.taken_back_by, test.taken_back_at = by, at
    test.save(update_fields=["taken_back_by", "taken_back_at"])
    if test.episode:
        withdraw_fact(by=by, at=at, episode=test.episode, kind=FACT, source_id=test.pk)
    audit.record("take back test result", by=by, at=at, subject=test, client=test.client_id)
    return test


@action
def record_craving(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    now: int | None,
    peak: int | None,
    company: str = "",
    with_people: Collection[uuid.UUID] = (),
    feeling: str = "",
) -> Craving:
    """Write down a craving. A strong one, or a steep rise, that the client sends themself goes on the therapist's list."""
    open_for_writing(client, at=at)
    found = Craving.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    people = _check_craving(client, now, peak, company, with_people, feeling)
    before = latest_craving(client)
    craving = Craving.objects.create(
        pk=key,
        client=client,
        episode=_open_course(client),
        now=now,
        peak=peak,
        company=Company.WITH if people else company,
        feeling=feeling.strip(),
        told_at=at,
        entered_by=by,
    )
    craving.with_people.set(people)
    if craving.episode:
        record_fact(
            by=by,
            at=at,
            episode=craving.episode,
            kind="craving",
            source="substance_use.craving",
            source_id=craving.pk,
        )
    audit.record("record craving", by=by, at=at, subject=craving, client=client)
    if by.has(Role.CLIENT) and asks_for_a_look(now, peak, before.strongest if before else None):
        open_risk_item(
            by=by,
            at=at,
            client=client,
            reason="craving_strong",
            source="substance_use.craving",
            source_id=craving.pk,
        )
    return craving


@action
def set_lapse_rule(
    *, by: User, at: dt.datetime, client: Client, window_days: int, regular_from: int
) -> WorkflowRule:
    """Settle from how many days of use on it is called a return to regular use, for this client."""
    open_for_writing(client, at=at)
    try:
        rule = WorkflowRule(window_days, regular_from)
    except BadInput:
        raise DomainError(
            _(
                "Regular use begins at one day or more, within a window of at most a year that can hold as many."
            ),
            field="regular_from",
        ) from None
    stands = ClientLapseRule.objects.filter(client=client).first()
    before = WorkflowRule(stands.window_days, stands.regular_from) if stands else DEFAULT_RULE
    if before == rule:
        audit.unchanged()
        return rule
    ClientLapseRule.objects.update_or_create(
        client=client,
        defaults={"window_days": window_days, "regular_from": regular_from, "set_by": by, "set_at": at},
    )
    detail = {"days": window_days, "from": regular_from}
    audit.record("set lapse rule", by=by, at=at, subject=client, client=client, detail=detail)
    return rule


def _open_course(client: Client) -> Episode | None:
    course = current_episode(client)
    return course if course and course.status == Episode.Status.OPEN else None


def _same_client(found: uuid.UUID, client: Client) -> None:
    if found != client.pk:
        raise DomainError(_("This page is out of date. Open it again, then try once more."))


def _check_test(
    matrix: str,
    substance: str,
    result: str,
    *,
    taken_at: dt.datetime,
    value: Decimal | None,
    unit: str,
    at: dt.datetime,
) -> None:
    if matrix not in TestResult.Matrix.values:
        raise DomainError(_("Choose what was tested."), field="matrix")
    check_code(substance)
    if result not in TestResult.Result.values:
        raise DomainError(_("Choose what the test said."), field="result")
    if taken_at > at:
        raise DomainError(_("This time has not come yet. Correct it."), field="taken_at")
    if local_date(taken_at, zone()) < local_date(at, zone()) - LONG_AGO:
        raise DomainError(_("This test is more than two years old. Correct the date."), field="taken_at")
    if value is not None and not (value.is_finite() and 0 <= value <= MOST_VALUE):
        raise DomainError(_("Write the value as a number, zero or more."), field="value")
    if value is not None and result == TestResult.Result.NOT_GIVEN:
        raise DomainError(_("Without a sample there is no value. Empty it."), field="value")
    if len(unit.strip()) > 20 or CONTROL_CHARACTERS & set(unit):
        raise DomainError(_("Keep the unit under 20 characters."), field="unit")


def _check_craving(
    client: Client,
    now: int | None,
    peak: int | None,
    company: str,
    with_people: Collection[uuid.UUID],
    feeling: str,
) -> list[Relationship]:
    if now is None and peak is None:
        raise DomainError(_("Give at least one number from 0 to 10."), field="now")
    for value, field in ((now, "now"), (peak, "peak")):
        if value is not None and not 0 <= value <= HIGHEST:
            raise DomainError(_("Give a whole number from 0 to 10."), field=field)
    if company not in Company.values:
        raise DomainError(_("Choose whether somebody was there."), field="company")
    if len(feeling.strip()) > 200 or CONTROL_CHARACTERS & set(feeling):
        raise DomainError(_("Keep this under 200 characters, without invisible ones."), field="feeling")
    wanted = set(with_people)
    found = list(Relationship.objects.filter(client=client, pk__in=wanted)) if wanted else []
    if len(found) != len(wanted):
        raise DomainError(_("Choose people from this client's own list."), field="with_people")
    if found and company == Company.ALONE:
        raise DomainError(_("Choose alone, or name who was there."), field="company")
    return found

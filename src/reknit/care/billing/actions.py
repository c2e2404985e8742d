"""Every change of this room: the code table, places of service, coded diagnoses."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold, hold_line
from reknit.care.people.models import Client, Site
from reknit.care.people.queries import zone

from .access import may_change_codes, may_write_chart
from .models import (
    BillingCode,
    CodedDiagnosis,
    PlacesOfService,
    ProviderNumber,
    is_code,
    is_npi,
    is_place,
    is_substance_code,
)
from .proposed import PROPOSED

TABLE = 0x434F4445  # the line in which the one code table is changed
MOST_MINUTES = 480


@action
def add_code(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    code: str,
    meeting: str,
    minutes_from: int,
    minutes_to: int | None,
    unit_minutes: int | None,
    starts_on: dt.date,
    source: str,
) -> BillingCode:
    """Add a line to the code table. Sent twice it is one line; two lines never fit the same meeting on one day."""
    may_change_codes(by).or_refuse()
    hold_line(TABLE)
    if found := BillingCode.objects.filter(pk=key).first():
        audit.unchanged()
        return found
    code, source = code.strip().upper(), source.strip()
    _check(is_code, code, field="code")
    if meeting not in BillingCode.Meeting.values:
        raise DomainError(_("Choose the kind of meeting."), field="meeting")
    if not 1 <= minutes_from <= (minutes_to or MOST_MINUTES) <= MOST_MINUTES:
        raise DomainError(
            _("Write the minutes from fewest to most, up to %(n)s.") % {"n": MOST_MINUTES}, field="minutes_to"
        )
    if unit_minutes is not None and not 1 <= unit_minutes <= minutes_from:
        raise DomainError(_("A unit cannot be longer than the shortest meeting."), field="unit_minutes")
    if not source:
        raise DomainError(_("Write where these minutes come from: your payer, and the day."), field="source")
    _refuse_overlap(meeting, minutes_from, minutes_to, starts_on)
    added = BillingCode(
        pk=key, code=code, meeting=meeting, minutes_from=minutes_from, minutes_to=minutes_to,
        unit_minutes=unit_minutes, starts_on=starts_on, source=source, added_by=by, added_at=at,
    )  # fmt: skip
    added.save(force_insert=True)
    audit.record("add billing code", by=by, at=at, subject=added, detail={"code": code})
    return added


def _refuse_overlap(meeting: str, minutes_from: int, minutes_to: int | None, starts_on: dt.date) -> None:
    rows = BillingCode.objects.filter(meeting=meeting).filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    rows = rows.filter(Q(minutes_to=None) | Q(minutes_to__gte=minutes_from))
    if minutes_to is not None:
        rows = rows.filter(minutes_from__lte=minutes_to)
    if other := rows.order_by("minutes_from", "code").first():
        raise DomainError(
            _("%(code)s holds for these minutes already. End it first, or choose other minutes.")
            % {"code": other.code},
            field="minutes_from",
        )


@action
def take_proposed(*, by: User, at: dt.datetime, starts_on: dt.date) -> list[BillingCode]:
    """Take the proposed codes into an empty table, from a day on."""
    may_change_codes(by).or_refuse()
    hold_line(TABLE)
    if BillingCode.objects.exists():
        raise DomainError(_("The table holds codes already. Add the others one by one."))
    rows = [
        BillingCode(
            code=one.code, meeting=one.meeting, minutes_from=one.minutes_from, minutes_to=one.minutes_to,
            starts_on=starts_on, source=one.source, added_by=by, added_at=at,
        )
        for one in PROPOSED
    ]  # fmt: skip
    BillingCode.objects.bulk_create(rows)
    audit.record("take proposed billing codes", by=by, at=at, detail={"codes": [one.code for one in rows]})
    return rows


@action
def end_code(*, by: User, at: dt.datetime, code: BillingCode, ends_on: dt.date) -> BillingCode:
    """End a line of the table with a day. What was billed by it before keeps it."""
    may_change_codes(by).or_refuse()
    hold_line(TABLE)
    if hold(code).ends_on:
        audit.unchanged()
        code.refresh_from_db()
        return code
    if ends_on < code.starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    code.ends_on, code.ended_by, code.ended_at = ends_on, by, at
    code.save(update_fields=["ends_on", "ended_by", "ended_at"])
    audit.record("end billing code", by=by, at=at, subject=code, detail={"code": code.code})
    return code


@action
def save_places(
    *, by: User, at: dt.datetime, site: Site, revision: int, places: Mapping[str, str]
) -> PlacesOfService:
    """Set the place-of-service codes. `revision` is the one the page showed; 0 where none was set."""
    may_change_codes(by).or_refuse()
    hold(site)
    for name, value in places.items():
        _check(is_place, value, field=name)
    known = PlacesOfService.objects.filter(site=site).first()
    if (known.revision if known else 0) != revision:
        theirs = {name: getattr(known, name) for name in places} if known else {}
        raise Conflict(
            _("Somebody else saved these meanwhile. Look at theirs, then save again."), theirs=theirs
        )
    row = known or PlacesOfService(site=site, revision=0)
    if known and all(getattr(known, name) == value for name, value in places.items()):
        audit.unchanged()
        return known
    for name, value in places.items():
        setattr(row, name, value)
    row.revision, row.saved_by, row.saved_at = row.revision + 1, by, at
    row.save()
    audit.record("save places of service", by=by, at=at, subject=row)
    return row


@action
def save_number(*, by: User, at: dt.datetime, person: User, revision: int, npi: str) -> ProviderNumber:
    """Set or take out the NPI of a clinician. `revision` is the one the page showed; 0 where none was set."""
    may_change_codes(by).or_refuse()
    hold_line(TABLE)
    npi = npi.strip()
    if npi:
        _check(is_npi, npi, field="npi")
    if not person.reads_charts:
        raise DomainError(_("Only who holds or co-signs sessions has a number here."))
    known = ProviderNumber.objects.filter(person=person).first()
    if (known.npi if known else "") == npi:
        audit.unchanged()
        return known or ProviderNumber(person=person)
    if (known.revision if known else 0) != revision:
        raise Conflict(
            _("Somebody else saved this number meanwhile. Look at theirs, then save again."), theirs=known
        )
    if npi and ProviderNumber.objects.filter(npi=npi).exists():
        raise DomainError(_("Another person has this number already."), field="npi")
    row = known or ProviderNumber(person=person, revision=0)
    row.npi, row.revision, row.saved_by, row.saved_at = npi, row.revision + 1, by, at
    row.save()
    audit.record("save provider number", by=by, at=at, subject=row, detail={"is_set": bool(npi)})
    return row


@action
def record_diagnosis(
    *, by: User, at: dt.datetime, client: Client, code: str, starts_on: dt.date
) -> CodedDiagnosis:
    """Write a substance use diagnosis down as a code. The care team alone does that; nothing is worked out."""
    client = hold(client)
    today = local_date(at, zone())
    may_write_chart(by, client, on=today).or_refuse()
    if client.is_sandbox:
        raise DomainError(_("Nothing is billed for a practice course."))
    code = code.strip().upper()
    _check(is_substance_code, code, field="code")
    if not dt.date(1990, 1, 1) <= starts_on <= today:
        raise DomainError(_("Choose a day that is not after today."), field="starts_on")
    if found := CodedDiagnosis.objects.filter(client=client, code=code, ends_on=None).first():
        audit.unchanged()
        return found
    row = CodedDiagnosis.objects.create(
        client=client, code=code, starts_on=starts_on, recorded_by=by, recorded_at=at
    )
    audit.record("record coded diagnosis", by=by, at=at, subject=row, client=client)
    return row


@action
def end_diagnosis(*, by: User, at: dt.datetime, diagnosis: CodedDiagnosis) -> CodedDiagnosis:
    """End a diagnosis today; what was billed before keeps it."""
    today = local_date(at, zone())
    may_write_chart(by, diagnosis.client, on=today).or_refuse()
    if hold(diagnosis).ends_on:
        audit.unchanged()
        diagnosis.refresh_from_db()
        return diagnosis
    diagnosis.ends_on, diagnosis.ended_by, diagnosis.ended_at = max(today, diagnosis.starts_on), by, at
    diagnosis.save(update_fields=["ends_on", "ended_by", "ended_at"])
    audit.record("end coded diagnosis", by=by, at=at, subject=diagnosis, client=diagnosis.client_id)
    return diagnosis


def _check(validator: object, value: str, *, field: str) -> None:
    try:
        validator(value)  # type: ignore[operator]
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error

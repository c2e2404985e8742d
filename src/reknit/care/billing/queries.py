"""Encounters as codes: which line of the table fits each, with the reason where none does."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, start_of
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.people.models import Client, SupervisoryLine
from reknit.care.people.queries import clinicians, site, zone

from .models import BillingCode, CodedDiagnosis, PlacesOfService, ProviderNumber

Meeting = BillingCode.Meeting


@dataclass(frozen=True, slots=True)
class Line:
    """One encounter as it is billed. Without a code it says why."""

    encounter: Encounter
    on: dt.date
    code: str
    units: int | None
    place: str
    diagnoses: tuple[str, ...]
    supervisor: str
    clinician_npi: str
    supervisor_npi: str
    is_signed: bool
    why: str

    @property
    def client(self) -> Client:
        return self.encounter.client


def held_in(first: dt.date, *, client: Client | None = None) -> QuerySet[Encounter]:
    """What took place in a month, oldest first, with what a line needs."""
    here = zone()
    rows = Encounter.objects.filter(
        starts_at__gte=start_of(first, here),
        starts_at__lt=start_of(month_after(first), here),
        outcome__in=Encounter.HELD,
        client__sandbox_of=None,
        client__programme__is_imported=False,
    )
    rows = rows.select_related("client", "clinician", "note__cosigner").order_by("starts_at", "pk")
    return rows.filter(client=client) if client else rows


def month_after(first: dt.date) -> dt.date:
    """The first day of the next month."""
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def month_before(first: dt.date) -> dt.date:
    """The first day of the month before."""
    return (first - dt.timedelta(days=1)).replace(day=1)


def month_asked_for(written: str, *, today: dt.date) -> dt.date:
    """The first day of the month asked for, as 2026-11; of this month where it cannot be read or lies ahead."""
    this = today.replace(day=1)
    try:
        found = dt.datetime.strptime(written, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return this
    return min(this, max(found, dt.date(2000, 1, 1)))


def lines_of(encounters: Sequence[Encounter]) -> list[Line]:
    """These encounters with their codes. Five queries, however many they are."""
    here = zone()
    codes = list(BillingCode.objects.order_by("minutes_from", "code", "pk"))
    places = places_of_service()
    diagnoses: dict[uuid.UUID, list[CodedDiagnosis]] = defaultdict(list)
    for one in CodedDiagnosis.objects.filter(client__in={row.client_id for row in encounters}).order_by(
        "code"
    ):
        diagnoses[one.client_id].append(one)
    lines = list(
        SupervisoryLine.objects.filter(cosigns=True).select_related("supervisor").order_by("starts_on", "id")
    )
    npis = dict(ProviderNumber.objects.values_list("person_id", "npi"))
    return [
        _line(row, local_date(row.starts_at, here), codes, places, diagnoses[row.client_id], lines, npis)
        for row in encounters
    ]


def places_of_service() -> PlacesOfService | None:
    """The clinic's places, where they were set."""
    return PlacesOfService.objects.filter(site=site()).first()


def meeting_of(encounter: Encounter) -> str:
    """What kind of meeting an encounter was, for the table."""
    if encounter.outcome == Encounter.Outcome.BEFORE:
        return Meeting.BEFORE
    return Meeting.GROUP if encounter.kind == Encounter.Kind.GROUP else Meeting.INDIVIDUAL


def fitting(codes: Iterable[BillingCode], *, meeting: str, minutes: int, on: dt.date) -> list[BillingCode]:
    """Every line of the table that fits a meeting of so many minutes on a day."""
    return [
        one
        for one in codes
        if one.meeting == meeting
        and one.minutes_from <= minutes
        and (one.minutes_to is None or minutes <= one.minutes_to)
        and one.starts_on <= on
        and (one.ends_on is None or on <= one.ends_on)
    ]


def _line(
    row: Encounter,
    on: dt.date,
    codes: Sequence[BillingCode],
    places: PlacesOfService | None,
    diagnoses: Iterable[CodedDiagnosis],
    lines: Iterable[SupervisoryLine],
    npis: Mapping[uuid.UUID, str],
) -> Line:
    found = fitting(codes, meeting=meeting_of(row), minutes=row.minutes, on=on)
    chosen = found[0] if len(found) == 1 else None
    note = row.note if hasattr(row, "note") else None
    supervisor = _supervisor(row, note, on, lines)
    return Line(
        encounter=row,
        on=on,
        code=chosen.code if chosen else "",
        units=_units(chosen, row.minutes) if chosen else None,
        place=str(getattr(places, row.place, "")) if places else "",
        diagnoses=tuple(
            one.code
            for one in diagnoses
            if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)
        ),
        supervisor=supervisor.name if supervisor else "",
        clinician_npi=npis.get(row.clinician_id, ""),
        supervisor_npi=npis.get(supervisor.pk, "") if supervisor else "",
        is_signed=bool(note and note.state == ProgressNote.State.SIGNED),
        why="" if chosen else _why(found),
    )


def _units(code: BillingCode, minutes: int) -> int:
    """Whole units only: a part of one is never rounded up."""
    return minutes // code.unit_minutes if code.unit_minutes else 1


def _why(found: Sequence[BillingCode]) -> str:
    if found:
        return _("More than one code fits: %(codes)s.") % {"codes": ", ".join(one.code for one in found)}
    return _("No code of the table fits this meeting and its minutes on that day.")


def _supervisor(
    row: Encounter, note: ProgressNote | None, on: dt.date, lines: Iterable[SupervisoryLine]
) -> User | None:
    """Who co-signed, else who had to co-sign this clinician's work on that day."""
    if note and note.cosigner:
        return note.cosigner
    standing = (
        one
        for one in lines
        if one.supervisee_id == row.clinician_id
        and one.starts_on <= on
        and (one.ends_on is None or on <= one.ends_on)
    )
    return next((one.supervisor for one in standing), None)


def diagnoses_of(client: Client) -> list[CodedDiagnosis]:
    """Every coded diagnosis of a client, those that stand first. One query."""
    rows = CodedDiagnosis.objects.filter(client=client).select_related("recorded_by", "ended_by")
    return sorted(rows, key=lambda one: (one.ends_on is not None, one.code))


def provider_numbers() -> list[tuple[User, ProviderNumber | None]]:
    """Everybody who holds or co-signs sessions, each with their number where one was set. Two queries."""
    numbers = {one.person_id: one for one in ProviderNumber.objects.all()}
    return [(one, numbers.get(one.pk)) for one in clinicians()]


def code_table() -> list[BillingCode]:
    """The whole table, what holds first. One query."""
    rows = BillingCode.objects.select_related("added_by", "ended_by")
    return sorted(rows, key=lambda one: (one.ends_on is not None, one.meeting, one.minutes_from, one.code))

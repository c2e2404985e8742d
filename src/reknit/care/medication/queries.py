"""Reads about medication."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from reknit.care.people.models import Client
from reknit.core.medication.catalogue import explains

from .models import Medication, MedicationReview, Taking


@dataclass(frozen=True, slots=True)
class TakingNow:
    """The latest told span of one medication."""

    how: str
    words: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class CurrentMedication:
    """A medication prescribed on a day, and how it was taken lately; `taking` is None when nothing was told."""

    name: str
    kind: str
    kind_words: str
    dose: str
    prescriber: str
    starts_on: dt.date
    taking: TakingNow | None


def medications_of(client: Client) -> list[Medication]:
    """Every medication ever written down, those that go on first, each with its takings, latest first. Two queries."""
    takings = Prefetch(
        "takings",
        Taking.objects.select_related("entered_by").order_by("-ends_on", "-entered_at", "id"),
        "told",
    )
    rows = Medication.objects.filter(client=client).select_related("added_by", "ended_by")
    found = list(rows.prefetch_related(takings).order_by("-starts_on", "name", "id"))
    return sorted(found, key=lambda one: one.ends_on is not None)


def current_medication(client: Client, *, on: dt.date) -> list[CurrentMedication]:
    """What is prescribed on a day, by what it is for. Two queries, however many there are."""
    going_on = (one for one in medications_of(client) if is_prescribed(one, on, on))
    return [
        CurrentMedication(
            name=one.name,
            kind=one.kind,
            kind_words=one.get_kind_display(),
            dose=one.dose,
            prescriber=one.prescriber,
            starts_on=one.starts_on,
            taking=taking_of(one),
        )
        for one in sorted(going_on, key=lambda one: Medication.Kind.values.index(one.kind))
    ]


def is_prescribed(one: Medication, start: dt.date, end: dt.date) -> bool:
    """Whether it was prescribed on any day from `start` to `end`."""
    return one.starts_on <= end and (one.ends_on is None or one.ends_on >= start)


def taking_of(one: Medication) -> TakingNow | None:
    """The latest span told of a medication that came with its takings."""
    told: Sequence[Taking] = getattr(one, "told", ())
    if not told:
        return None
    latest = told[0]
    return TakingNow(latest.how, latest.get_how_display(), latest.starts_on, latest.ends_on)


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A name with its span, for setting tests beside it."""

    name: str
    starts_on: dt.date
    ends_on: dt.date | None


def prescribed(client: Client) -> list[Prescribed]:
    """Every span in which something was prescribed. One query."""
    rows = Medication.objects.filter(client=client).values_list("name", "starts_on", "ends_on")
    return [Prescribed(*row) for row in rows]


def explained_substances(spans: Sequence[Prescribed], *, start: dt.date, end: dt.date) -> tuple[str, ...]:
    """Substances that a test may show because something was prescribed on any day from `start` to `end`."""
    return explains(
        one.name for one in spans if one.starts_on <= end and (one.ends_on is None or one.ends_on >= start)
    )


def reviews_of(client: Client) -> list[MedicationReview]:
    """Reviews, latest first."""
    rows = MedicationReview.objects.filter(client=client).select_related("by")
    return list(rows.order_by("-reviewed_on", "-at", "id"))


def overlapping(medication: Medication, *, start: dt.date, end: dt.date) -> Q:
    """Takings of a medication that share a day with a span."""
    return Q(medication=medication, starts_on__lte=end, ends_on__gte=start)

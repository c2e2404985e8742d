"""Reads of the records of a session, and of what of the course waits for one."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

from reknit.care.encounters.models import (
    RECORDS,
    CommunicationAnalysis,
    DecisionAnalysis,
    Encounter,
    MidcourseReview,
    MoodEventUseLink,
    RolePlay,
    SessionRecord,
)
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.substance_use.queries import cravings

from .lines import line, title

WAITING_FACTS = ("lapse_reported", "lapse_reviewed", "midcourse_review", "plan_b")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as a line."""

    kind: str
    title: str
    sentence: str
    section: str
    record: SessionRecord


@dataclass(frozen=True, slots=True)
class OpenLapse:
    """A return to use that was reported and has no review yet."""

    use_episode_id: uuid.UUID
    on: dt.date


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of the course waits for a record. `reviewed` are the slots in which a mid-course review was held."""

    lapses: tuple[OpenLapse, ...]
    reviewed: tuple[int, ...]
    plan_b_is_owed: bool


def rows_of(model: type[SessionRecord]) -> QuerySet[Any]:
    """The rows of a kind with everything a line of them needs."""
    foreign = [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.name not in ("encounter", "made_by", "changed_by")
    ]
    foreign += [*model.ALSO]
    many = [*([model.PEOPLE] if model.PEOPLE else []), *model.ROWS]
    rows = model._default_manager.select_related(*foreign) if foreign else model._default_manager.all()
    return rows.prefetch_related(*many).order_by("made_at", "pk")


def records_of(encounter: Encounter) -> tuple[RecordLine, ...]:
    """Every record of a session as a line. One query for which kinds there are, then one for each kind and list."""
    there = kinds_in(encounter)
    return tuple(
        RecordLine(record.KIND, title(record.KIND), line(record), record.SECTION, record)
        for model in RECORDS
        if model.KIND in there
        for record in rows_of(model).filter(encounter=encounter)
    )


def kinds_in(encounter: Encounter) -> set[str]:
    """Which kinds of record a session has. One query, its text made once: every signing and every page asks it."""
    key = Encounter._meta.pk.get_db_prep_value(encounter.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_which_kinds(), [key] * len(RECORDS))
        return {kind for (kind,) in cursor.fetchall()}


@cache
def _which_kinds() -> str:
    """A line for each kind that has a row; building thirteen querysets costs more than the database takes to answer."""
    return " UNION ALL ".join(
        f"SELECT '{model.KIND}' WHERE EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE encounter_id = %s)"  # noqa: S608
        for model in RECORDS
    )


def find(encounter: Encounter, kind: str, record_id: uuid.UUID) -> SessionRecord | None:
    """One record of a session, of the kind the address names."""
    model = next((one for one in RECORDS if kind == one.KIND), None)
    if model is None:
        return None
    record: SessionRecord | None = rows_of(model).filter(encounter=encounter, pk=record_id).first()
    if record is not None:
        record.encounter = encounter
    return record


def waiting(episode: Episode, *, until: dt.datetime) -> Waiting:
    """What waits for a record, from the facts of the course up to an instant. Two queries."""
    facts = list(
        CourseFact.objects.filter(
            episode=episode, kind__in=WAITING_FACTS, withdrawn_at=None, at__lt=until
        ).order_by("at")
    )
    reviewed = {one.value.get("use_episode") for one in facts if one.kind == "lapse_reviewed"}
    lapses = {
        one.value["use_episode"]: _lapse(one.value)
        for one in facts
        if one.kind == "lapse_reported" and one.value.get("use_episode") not in reviewed
    }
    reviews = [one for one in facts if one.kind == "midcourse_review"]
    plans = [one.at for one in facts if one.kind == "plan_b"]
    slots = MidcourseReview.objects.filter(
        encounter__episode=episode, encounter__starts_at__lt=until
    ).values_list("encounter__slot", flat=True)
    owed = bool(reviews) and reviews[-1].value.get("adequate") is False
    return Waiting(
        lapses=tuple(sorted(filter(None, lapses.values()), key=lambda one: one.on)),
        reviewed=tuple(slot or 0 for slot in slots),
        plan_b_is_owed=owed and not any(at >= reviews[-1].at for at in plans),
    )


def _lapse(value: dict[str, Any]) -> OpenLapse | None:
    try:
        return OpenLapse(uuid.UUID(str(value["use_episode"])), dt.date.fromisoformat(str(value["on"])))
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class CravingTold:
    """The latest craving that was told, in a session or beside one."""

    value: int
    at: dt.datetime


def latest_craving(encounter: Encounter, *, until: dt.datetime) -> CravingTold | None:
    """The latest craving told by the day of a session: in a link of the course, or by itself. Two queries."""
    link = (
        MoodEventUseLink.objects.filter(
            encounter__episode=encounter.episode_id, encounter__starts_at__lt=until, craving__isnull=False
        )
        .order_by("-encounter__starts_at", "-made_at")
        .values_list("craving", "encounter__starts_at")
        .first()
    )
    told = cravings(encounter.client).filter(told_at__lt=until).first()
    found = [CravingTold(link[0], link[1])] if link and link[0] is not None else []
    if told:
        values = [value for value in (told.now, told.peak) if value is not None]
        found += [CravingTold(max(values), told.told_at)] if values else []
    return max(found, key=lambda one: one.at, default=None)


Earlier = CommunicationAnalysis | DecisionAnalysis | RolePlay


def without_outcome(encounter: Encounter, *, keep: SessionRecord | None = None) -> list[Earlier]:
    """Talks, decisions and conversations of earlier sessions that nobody has told the outcome of. Three queries."""
    found: list[Earlier] = []
    for model in (RolePlay, DecisionAnalysis, CommunicationAnalysis):
        rows = model._default_manager.filter(
            encounter__episode=encounter.episode_id, encounter__starts_at__lt=encounter.starts_at
        ).select_related("encounter")
        keys = rows.filter(follow_ups=None)
        found += list(keys.order_by("encounter__starts_at"))
    if keep is not None and isinstance(keep, Earlier) and keep not in found:
        found.append(keep)
    return found

"""How the closing work of a course stands: each record, the four words, and the next thing to do."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.care.encounters.models import Encounter
from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact, Episode
from reknit.core.programme.completion import (
    CLOSING_WORK,
    Completion,
    CourseCounts,
    closing_done,
    completion,
    middle_needed,
)
from reknit.core.programme.template import ProtocolTemplate, template

from . import people_then_now
from .kinds import FOR_CLIENT, RECORDS, Part, Record, label
from .models import ClosingRecord, CourseEnding

Kind = ClosingRecord.Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One part as it is read: the team's heading, the client's, and the words."""

    key: str
    heading: str
    client_heading: str
    text: str


def said(record: Record, words: dict[str, Any], people: Sequence[dict[str, str]] = ()) -> list[Said]:
    """The parts that hold something, in order."""
    found = []
    for part in record.parts:
        text = (
            ", ".join(one["alias"] for one in people)
            if part.shape == "people"
            else label(part, words.get(part.key))
        )
        if text:
            found.append(Said(part.key, str(part.heading), str(part.client_heading), text))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of record: its draft, the version that stands, and the earlier ones."""

    record: Record
    draft: ClosingRecord | None = None
    given: ClosingRecord | None = None
    earlier: tuple[ClosingRecord, ...] = ()

    @property
    def key(self) -> str:
        return str(self.record.kind)

    @property
    def is_done(self) -> bool:
        """Whether a version stands."""
        return self.given is not None

    @property
    def said(self) -> list[Said]:
        """What the standing version says."""
        return said(self.record, self.given.words, self.given.people) if self.given else []


def latest(rows: Iterable[ClosingRecord]) -> ClosingRecord | None:
    """The version that stands: the latest given, unless it was taken back."""
    given = [row for row in rows if row.state == ClosingRecord.State.GIVEN]
    newest = max(given, key=lambda row: row.version, default=None)
    return newest if newest and newest.taken_back_at is None else None


def records_of(episode: Episode) -> dict[str, Standing]:
    """Every kind of closing record of a course. One query."""
    rows = list(ClosingRecord.objects.filter(episode=episode).select_related("given_by").order_by("-version"))
    return {
        kind: _standing(record, [row for row in rows if row.kind == kind]) for kind, record in RECORDS.items()
    }


def _standing(record: Record, rows: list[ClosingRecord]) -> Standing:
    given = latest(rows)
    drafts = [row for row in rows if row.state == ClosingRecord.State.DRAFT]
    earlier = tuple(row for row in rows if row.state == ClosingRecord.State.GIVEN and row != given)
    return Standing(record, drafts[0] if drafts else None, given, earlier)


# --- the four words ---


def counts_of(episode: Episode) -> CourseCounts:
    """What completion is decided from. Two queries."""
    plan = template(episode.protocol, episode.protocol_version)
    middle = plan.work
    attended = Encounter.objects.filter(episode=episode, outcome=Encounter.Outcome.ATTENDED)
    came = list(attended.values_list("slot", flat=True))
    facts = list(CourseFact.objects.filter(episode=episode, withdrawn_at=None).values_list("kind", "value"))
    kinds = {kind for kind, _value in facts}
    in_middle = [slot for slot in came if middle and slot and middle.from_slot <= slot <= middle.to_slot]
    return CourseCounts(
        attended=len(came),
        middle_planned=middle.to_slot - middle.from_slot + 1 if middle else 0,
        middle_attended=len(in_middle),
        formulation_agreed="formulation_agreed" in kinds,
        needs_formulation=plan.asks_for_formulation,
        closing_done=closing_done(kinds),
        ended_early="ended_early" in kinds,
        gate_passed=any(kind == "gate_override" and value.get("gate") == "G10" for kind, value in facts),
    )


def required_by(plan: ProtocolTemplate) -> tuple[str, ...]:
    """The closing work that gate G10 of a template asks for."""
    return next((gate.requires for gate in plan.gates if gate.code == "G10"), CLOSING_WORK)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a course counts as, why, and whether that was settled when it was closed."""

    word: str
    label: str
    missing: tuple[str, ...]
    settled_at: dt.datetime | None = None


def outlook_of(episode: Episode) -> Outlook:
    """What the course counted as when it was closed, or would count as today. Three queries at most."""
    ending = CourseEnding.objects.filter(episode=episode).first()
    if ending:
        lacks = tuple(lack(one, ending.basis) for one in ending.basis.get("missing", []))
        return Outlook(ending.word, ending.get_word_display(), lacks, ending.at)
    counts, found = decided(episode)
    lacks = tuple(lack(one, basis_of(counts, found)) for one in found.missing)
    return Outlook(found.word, str(CourseEnding.Word(found.word).label), lacks)


def decided(episode: Episode) -> tuple[CourseCounts, Completion]:
    """The counts of a course and the word they lead to. Two queries."""
    counts = counts_of(episode)
    plan = template(episode.protocol, episode.protocol_version)
    return counts, completion(counts, required_by(plan))


def basis_of(counts: CourseCounts, found: Completion) -> dict[str, Any]:
    """The counts as they are kept beside the word."""
    return {
        "attended": counts.attended,
        "middle_planned": counts.middle_planned,
        "middle_attended": counts.middle_attended,
        "formulation_agreed": counts.formulation_agreed,
        "closing_done": sorted(counts.closing_done),
        "ended_early": counts.ended_early,
        "gate_passed": counts.gate_passed,
        "missing": list(found.missing),
    }


def lack(code: str, basis: dict[str, Any]) -> str:
    """One thing that "completed" lacks, in words."""
    if code == "formulation_agreed":
        return _("the formulation agreed by the client")
    if code == "middle_sessions":
        needed = middle_needed(basis["middle_planned"])
        return ngettext(
            "middle sessions: %(came)d took place, %(needed)d is enough",
            "middle sessions: %(came)d took place, %(needed)d are enough",
            needed,
        ) % {"came": basis["middle_attended"], "needed": needed}
    named = next((record.title for record in RECORDS.values() if code in record.tasks.split()), code)
    return str(named).lower()


# --- what the client was given ---


@dataclass(frozen=True, slots=True)
class Given:
    """One record on the client's own page: as given, with nobody on it who can no longer be called."""

    key: str
    title: str
    on: dt.datetime
    parts: tuple[Said, ...]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the client was given, in the order they read it."""

    given: tuple[Given, ...] = field(default=())

    def of(self, kind: str) -> Given | None:
        """One of them by its kind."""
        return next((one for one in self.given if one.key == kind), None)


CLIENT_ORDER = (Kind.STAYING_WELL, Kind.SIGNS, Kind.CONTINGENCY, Kind.GAINS)


def given_to(client: Client) -> dict[str, Standing]:
    """What stands of all that a client was given, by kind: the newest of each, over all courses. One query."""
    kinds = [record.kind for record in FOR_CLIENT]
    rows = ClosingRecord.objects.filter(
        episode__client=client, kind__in=kinds, state=ClosingRecord.State.GIVEN
    ).order_by("given_at", "version")
    newest = {row.kind: row for row in rows}
    return {
        kind: Standing(RECORDS[kind], given=row) for kind, row in newest.items() if row.taken_back_at is None
    }


def plan_of(client: Client) -> Plan:
    """What this client was given, without anybody who can no longer be called. One query, and that of the circle."""
    found = given_to(client)
    standing = [found[kind] for kind in CLIENT_ORDER if kind in found]
    callable_now = {str(one.id) for one in people_then_now.people_to_call(client)} if standing else set()
    return Plan(tuple(_given(one, callable_now) for one in standing))


def _given(one: Standing, callable_now: set[str]) -> Given:
    assert one.given is not None and one.given.given_at is not None
    people = tuple(each["alias"] for each in one.given.people if each["id"] in callable_now)
    parts = tuple(part for part in one.said if part.key != "people")
    return Given(one.key, str(one.record.client_title), one.given.given_at, parts, people)


def no_longer_callable(client: Client, plan: ClosingRecord | None) -> int:
    """How many people of a plan that was given can no longer be called."""
    if plan is None or not plan.people:
        return 0
    known = {str(one.id) for one in people_then_now.people_to_call(client)}
    return sum(one["id"] not in known for one in plan.people)


def version_line(row: ClosingRecord) -> str:
    """Version and day of a record that was given."""
    on = date_format(row.given_at, "j F Y") if row.given_at else ""
    return _("version %(n)d, %(on)s") % {"n": row.version, "on": on}


def initial_of(standing: Standing) -> dict[str, Any]:
    """What an editing page begins with: the draft, else the version that stands."""
    row = standing.draft or standing.given
    words = dict(row.words) if row else {}
    return {**words, "people": [one["id"] for one in row.people] if row else []}


def blank_of(part: Part) -> "str | list[str]":
    """The empty answer of a part."""
    return [] if part.shape in {"picks", "people"} else ""

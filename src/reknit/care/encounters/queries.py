"""Reads about sessions that other rooms share."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.care.people.models import SupervisoryLine, about_clients_seen_by, current
from reknit.care.people.queries import names_at
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import plan_of
from reknit.core.encounters.readings import IPT, Heading, read, readings
from reknit.core.programme.template import Phase, phase_of

from .facts import facts
from .models import Appointment, Encounter, Intention, NoteReading, ProgressNote
from .preparing import Preparation, prepare
from .sections import Section, digest, pieces, sections, thaw


@dataclass(frozen=True, slots=True)
class CoursePosition:
    """Where a course stands. `slot_next` is the next planned session and may lie past the planned ones."""

    slot_next: int
    slot_latest: int | None
    attended: int
    planned: int
    missed: tuple[int, ...]
    phase: Phase

    @property
    def left(self) -> int:
        """Planned sessions that are still to come."""
        return max(self.planned - (self.slot_next - 1), 0)


def course_position(episode: Episode) -> CoursePosition:
    """Where a course stands, with one query."""
    return position_of(episode, Encounter.objects.filter(episode=episode).values_list("slot", "outcome"))


def position_of(
    episode: Episode, rows: "QuerySet[Encounter, tuple[int | None, str]] | list[tuple[int | None, str]]"
) -> CoursePosition:
    """Where a course stands, from (slot, outcome) of its encounters: for pages that hold many courses at once."""
    found = list(rows)
    latest = max((slot for slot, _outcome in found if slot), default=None)
    following = (latest or 0) + 1
    return CoursePosition(
        slot_next=following,
        slot_latest=latest,
        attended=sum(outcome == Encounter.Outcome.ATTENDED for _slot, outcome in found),
        planned=episode.planned_sessions,
        missed=tuple(sorted(slot for slot, outcome in found if slot and outcome not in Encounter.HELD)),
        phase=phase_of(plan_of(episode), following),
    )


def encounters_of(episode: Episode) -> QuerySet[Encounter]:
    """Every session of a course, latest first, with its note and the number of tasks ticked in it."""
    ticked = (
        CourseFact.objects.filter(source_id=OuterRef("pk"), kind="task_done", withdrawn_at=None)
        .order_by()
        .values("source_id")
        .annotate(n=Count("pk"))
    )
    return (
        Encounter.objects.filter(episode=episode)
        .select_related("note", "note__author", "note__cosigner", "clinician")
        .annotate(ticked=Coalesce(Subquery(ticked.values("n")), 0))
        .order_by("-starts_at", "-made_at")
    )


def upcoming(episode: Episode) -> QuerySet[Appointment]:
    """Sessions booked for which nothing is recorded yet, soonest first."""
    booked = Appointment.objects.filter(episode=episode, status=Appointment.Status.BOOKED)
    return booked.select_related("clinician").order_by("starts_at")


def next_appointments(user: User, start: dt.datetime, end: dt.datetime) -> QuerySet[Appointment]:
    """A clinician's booked sessions in a span of time, soonest first."""
    return (
        Appointment.objects.filter(
            clinician=user,
            client__sandbox_of=None,
            status=Appointment.Status.BOOKED,
            starts_at__gte=start,
            starts_at__lt=end,
        )
        .select_related("client", "episode")
        .order_by("starts_at")
    )


def unsigned_notes(user: User) -> QuerySet[ProgressNote]:
    """Drafts that wait for this author's signature, oldest session first: what a list of them shows and no more."""
    return (
        ProgressNote.objects.filter(
            author=user, state=ProgressNote.State.DRAFT, encounter__client__sandbox_of=None
        )
        .select_related("encounter", "encounter__client")
        .only("returned_reason", "encounter__starts_at", "encounter__slot", *names_at("encounter__client"))
        .order_by("encounter__starts_at")
    )


def notes_to_cosign(user: User, *, on: dt.date) -> QuerySet[ProgressNote]:
    """Notes that wait for this supervisor: named on them, or of an author they supervise now. Oldest first.

    Of clients whose charts are still open to them: a line that ended takes its notes along.
    """
    waiting = ProgressNote.objects.filter(state=ProgressNote.State.AWAITING_COSIGN)
    if not user.has(Role.SUPERVISOR):
        return waiting.none()
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
    return (
        waiting.filter(Q(cosigner=user) | Q(author__in=lines))
        .filter(about_clients_seen_by(user, on=on, client="encounter__client"))
        .exclude(author=user)
        .select_related("author", "cosigner", "encounter", "encounter__client", "encounter__episode")
        .order_by("signed_at", "pk")
    )


def latest_intention(episode: Episode) -> Intention | None:
    """The thing to try agreed most recently in a course."""
    return (
        Intention.objects.filter(encounter__episode=episode)
        .select_related("encounter")
        .order_by("-encounter__starts_at")
        .first()
    )


def assembled(
    note: ProgressNote, *, live: bool = False, session: Preparation | None = None
) -> tuple[Section, ...]:
    """The note, section by section: read from the record while it is a draft, as signed afterwards."""
    if note.state != ProgressNote.State.DRAFT and not live:
        return thaw(note.text)
    return sections(facts(session or prepare(note.encounter)), note.words)


@dataclass(frozen=True, slots=True)
class NoteRead:
    """A note under the headings of one reading."""

    code: str
    headings: tuple[Heading, ...]

    @property
    def is_rearranged(self) -> bool:
        """Whether this is another order than that of the work, so that each piece names its part."""
        return self.code != IPT


def read_by(user: User, parts: tuple[Section, ...]) -> NoteRead:
    """The note as this person chose to read notes. One query."""
    chosen = NoteReading.objects.filter(person=user).values_list("code", flat=True).first() or IPT
    return NoteRead(chosen, read(pieces(parts), chosen))


def reading_choices(note_read: NoteRead) -> list[tuple[str, str, str, bool]]:
    """Code, name and sentence of each reading, and whether it is the one shown."""
    return [(one.code, one.title, _(one.sentence), one.code == note_read.code) for one in readings()]


def is_unaltered(note: ProgressNote) -> bool:
    """Whether a signed note still matches the fingerprint taken when it was signed."""
    return note.state == ProgressNote.State.DRAFT or digest(note.text) == note.digest

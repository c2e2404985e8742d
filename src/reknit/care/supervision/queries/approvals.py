"""Requests as the queue and their own pages show them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.formulation.models import FocusStep
from reknit.care.people.models import Client
from reknit.care.programme.access import extensions_to_answer
from reknit.care.programme.models import Amendment, Episode
from reknit.care.programme.queries import course_of
from reknit.care.supervision.access import supervisees_of
from reknit.care.supervision.models import Approval, ApprovalEntry, HourCase
from reknit.core.programme.conditions import title
from reknit.core.programme.gates import ask, standing
from reknit.core.programme.protocol import Gate

from .agenda import raised_courses


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the queue."""

    key: uuid.UUID
    is_extension: bool
    client: Client
    what: str
    asked_by: User
    asked_at: dt.datetime
    waits_for: str  # "you" or "them"


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for an answer, oldest first, and switches of the focus that were done without asking."""

    rows: tuple[Row, ...]
    done: tuple[FocusStep, ...]


def gates_to_ask(episode: Episode) -> list[Gate]:
    """Gates that hold something back now and that a supervisor's reason would pass. One query."""
    course = course_of(episode)
    return [
        gate
        for gate, decision in standing(course)
        if gate.override_role == "supervisor" and decision.missing and not decision.is_override
    ]


def facts_now(episode: Episode, *, gate: str = "") -> list[str]:
    """What the record says of the course at this moment, in sentences, and what the gate lacks. Four queries."""
    course = course_of(episode)
    said = [
        _("Session %(n)s of %(planned)s, phase: %(phase)s.")
        % {"n": course.slot, "planned": course.planned, "phase": _(course.phase.title)}
    ]
    found = next((one for one in course.template.gates if one.code == gate), None)
    if found:
        lacks = [_(title(course, name)) for name in ask(found, course).missing]
        said.append(_("Missing: %(what)s.") % {"what": "; ".join(lacks)})
    on_agenda = raised_courses([episode]).get(episode.pk)
    return said + [one.sentence for one in on_agenda.lines] if on_agenda else said


def queue(user: User, *, on: dt.date) -> Queue:
    """Everything that waits for this supervisor. Three queries, and those of who is visible."""
    seen = Client.objects.visible_to(user, on=on)
    people = supervisees_of(user, on=on)
    asked = Approval.objects.filter(
        asked_by__in=people, episode__client__in=seen, state__in=Approval.OPEN
    ).exclude(kind=Approval.Kind.EXTENSION)
    rows = [_row(one) for one in asked.select_related("asked_by", "episode__client")]
    extensions = list(extensions_to_answer(user, on=on).select_related("asked_by", "episode__client"))
    asked_back = set(
        Approval.objects.filter(amendment__in=extensions, state=Approval.State.ASKED_BACK).values_list(
            "amendment", flat=True
        )
    )
    rows += [_extension(one, is_back=one.pk in asked_back) for one in extensions]
    rows.sort(key=lambda one: (one.waits_for != "you", one.asked_at))
    return Queue(tuple(rows), tuple(switched_without_asking(seen, people)))


def switched_without_asking(clients: QuerySet[Client], people: QuerySet[User]) -> QuerySet[FocusStep]:
    """Switches marked for the supervisor for which nobody said yes, and that no hour has talked about since. One query."""
    said_yes = Approval.objects.filter(
        episode=OuterRef("focus__episode"), kind=Approval.Kind.SWITCH, state=Approval.State.YES,
        asked_at__lte=OuterRef("at"),
    )  # fmt: skip
    talked = HourCase.objects.filter(
        episode=OuterRef("focus__episode"), hour__state="signed", hour__signed_at__gt=OuterRef("at")
    )
    steps = FocusStep.objects.filter(
        for_supervisor=True, by__in=people, focus__episode__client__in=clients, focus__episode__status="open"
    )
    steps = steps.filter(~Exists(said_yes), ~Exists(talked))
    return steps.select_related("by", "focus__episode__client").order_by("at", "pk")


def own_requests(user: User, *, on: dt.date) -> QuerySet[Approval]:
    """What this person asked for: open first, then the latest answered, of charts still open to them. One query."""
    rows = Approval.objects.filter(asked_by=user, episode__client__in=Client.objects.visible_to(user, on=on))
    rows = rows.filter(~Q(kind=Approval.Kind.EXTENSION) | Q(amendment__state=Amendment.State.ASKED))
    return rows.select_related("episode__client", "amendment").order_by("-asked_at", "pk")


def what(approval: Approval) -> str:
    """What is asked for, in words."""
    if approval.kind == Approval.Kind.GATE:
        return _("Pass gate %(gate)s") % {"gate": approval.gate}
    return str(approval.get_kind_display())


def thread(approval: Approval | None) -> Iterable[ApprovalEntry]:
    """Every turn of a request, in order. One query."""
    if approval is None:
        return ()
    return approval.entries.select_related("by").order_by("at", "pk")


def _row(one: Approval) -> Row:
    return Row(
        key=one.pk,
        is_extension=False,
        client=one.episode.client,
        what=what(one),
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        waits_for="you" if one.state == Approval.State.WAITING else "them",
    )


def _extension(one: Amendment, *, is_back: bool) -> Row:
    return Row(
        key=one.pk,
        is_extension=True,
        client=one.episode.client,
        what=_("From %(a)s to %(b)s sessions") % {"a": one.from_sessions, "b": one.planned_sessions},
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        waits_for="them" if is_back else "you",
    )

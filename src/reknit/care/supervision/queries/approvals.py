"""Requests as the queue and their own pages show them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.formulation.models import FocusArea, FocusStep
from reknit.care.formulation.queries import Focus, foci
from reknit.care.people.models import Client
from reknit.care.programme.access import extensions_to_answer
from reknit.care.programme.models import Amendment, Episode
from reknit.care.programme.queries import course_of, plan_of
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
    done: tuple[tuple[FocusStep, FocusArea | None], ...]  # the switch, and the area it led to


def gates_to_ask(episode: Episode) -> list[Gate]:
    """Gates that hold something back now and that a supervisor's reason would pass. One query."""
    course = course_of(episode)
    return [
        gate
        for gate, decision in standing(course)
        if gate.override_role == "supervisor" and decision.missing and not decision.is_override
    ]


def foci_to_switch(episode: Episode) -> list[Focus]:
    """The areas of a course that could become another one: worked on, or proposed. Two queries."""
    switched = FocusArea.Status.SWITCHED
    return [one for one in foci(episode) if switched in FocusArea.MOVES[FocusArea.Status(one.row.status)]]


def facts_now(episode: Episode, *, today: dt.date, gate: str = "", keeps_ending: bool = False) -> list[str]:
    """What the record says of the course at this moment, in sentences, and what the gate lacks. Eight queries."""
    course = course_of(episode)
    said = [
        _("Session %(n)s of %(planned)s, phase: %(phase)s.")
        % {"n": course.slot, "planned": course.planned, "phase": _(course.phase.title)}
    ]
    if keeps_ending and episode.ends_on:
        said.append(
            _("The ending date stays %(on)s, and the number of sessions %(planned)s.")
            % {"on": date_format(episode.ends_on, "j F Y"), "planned": course.planned}
        )
    found = next((one for one in course.template.gates if one.code == gate), None)
    if found:
        lacks = [_(title(course, name)) for name in ask(found, course).missing]
        said.append(_("Missing: %(what)s.") % {"what": "; ".join(lacks)})
    on_agenda = raised_courses([episode], today=today).get(episode.pk)
    return said + [one.sentence for one in on_agenda.lines] if on_agenda else said


def queue(user: User, *, on: dt.date) -> Queue:
    """Everything that waits for this supervisor. Five queries, and those of who is visible."""
    seen = Client.objects.visible_to(user, on=on)
    people = supervisees_of(user, on=on)
    asked = Approval.objects.filter(
        asked_by__in=people, episode__client__in=seen, state__in=Approval.OPEN
    ).exclude(kind=Approval.Kind.EXTENSION)
    rows = [_row(one) for one in asked.select_related("asked_by", "episode__client", "focus")]
    extensions = list(extensions_to_answer(user, on=on).select_related("asked_by", "episode__client"))
    asked_back = set(
        Approval.objects.filter(amendment__in=extensions, state=Approval.State.ASKED_BACK).values_list(
            "amendment", flat=True
        )
    )
    rows += [_extension(one, is_back=one.pk in asked_back) for one in extensions]
    rows.sort(key=lambda one: (one.waits_for != "you", one.asked_at))
    steps = list(switched_without_asking(seen, people))
    led_to = {
        one.switched_from_id: one
        for one in FocusArea.objects.filter(switched_from__in={s.focus_id for s in steps})
    }
    return Queue(tuple(rows), tuple((step, led_to.get(step.focus_id)) for step in steps))


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
        held = plan_of(approval.episode).gate(approval.gate)
        return _("Pass gate %(gate)s: %(title)s") % {"gate": held.code, "title": _(held.title)}
    return str(approval.get_kind_display())


def points(approval: Approval) -> list[tuple[str, str]]:
    """From what to what, each with its name. Two queries for a switch."""
    if approval.kind == Approval.Kind.GATE:
        return [(_("What it holds back"), _(plan_of(approval.episode).gate(approval.gate).refusal))]
    if approval.amendment:
        return extended(approval.amendment)
    if approval.focus_id is None:
        return []
    before = next(one for one in foci(approval.episode) if one.row.pk == approval.focus_id)
    return [
        (_("From"), _titled(before.label, before.title)),
        (_("To"), _titled(approval.get_to_area_display(), approval.to_named)),
    ]


def extended(one: Amendment) -> list[tuple[str, str]]:
    """From which number and date to which."""
    dates = {"a": date_format(one.from_ends_on, "j F Y"), "b": date_format(one.ends_on, "j F Y")}
    numbers = {"a": one.from_sessions, "b": one.planned_sessions}
    return [
        (_("Sessions"), _("%(b)s in place of %(a)s") % numbers),
        (_("Ending date"), _("%(b)s in place of %(a)s") % dates),
    ]


def _titled(label: str, title: str) -> str:
    return f"{label}: {title}" if title else label


def thread(approval: Approval | None) -> Iterable[ApprovalEntry]:
    """Every turn of a request, in order. One query."""
    if approval is None:
        return ()
    return approval.entries.select_related("by").order_by("at", "pk")


def _row(one: Approval) -> Row:
    asks = what(one)
    if one.focus:
        asks += f": {one.focus.get_area_display()} → {one.get_to_area_display()}"
    return Row(
        key=one.pk,
        is_extension=False,
        client=one.episode.client,
        what=asks,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        waits_for="you" if one.state == Approval.State.WAITING else "them",
    )


def _extension(one: Amendment, *, is_back: bool) -> Row:
    return Row(
        key=one.pk,
        is_extension=True,
        client=one.episode.client,
        what=_("From %(a)s to %(b)s sessions, ending %(on)s in place of %(then)s")
        % {
            "a": one.from_sessions,
            "b": one.planned_sessions,
            "on": date_format(one.ends_on, "j F Y"),
            "then": date_format(one.from_ends_on, "j F Y"),
        },
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        waits_for="them" if is_back else "you",
    )

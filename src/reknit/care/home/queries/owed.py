"""What a course waits for, in words, read from its facts: for the day of a therapist and for the first page of a chart.

Whether something is due is decided in `core/programme`. Here it gets its sentence, its place in the order and the page
on which it is done.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.core.programme.attendance import MISSED, MissRules
from reknit.core.programme.conditions import holds
from reknit.core.programme.course import Course
from reknit.core.programme.gates import ask, standing
from reknit.core.programme.protocol import Gate
from reknit.core.programme.recurrence import recurrence
from reknit.core.programme.response import review_slots, review_standing

RULES = MissRules()
RECURRENCE, CONTACT, LAPSE, LATE_REVIEW, DECISION, OPENING, MEETING, REVIEW_DUE = range(
    8
)  # most pressing first
AGREEMENT, REVIEW, PLAN_B = "G07", "G08", "G09"
ENGAGEMENT = "I21"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing a course waits for. `page` is the address's name; `gate` the gate that says the same, if one does.

    `rank` is its place among the kinds of things, 0 the most pressing. It waits since a day, or since session `slot` was
    held; since neither where its time has not come yet.
    """

    rank: int
    sentence: str
    label: str
    page: str
    gate: str = ""
    since: dt.date | None = None
    slot: int | None = None


def owed(course: Course, *, today: dt.date) -> tuple[Owed, ...]:
    """What waits, most pressing first: contact lost, a return to use, the review, the shared ground of the opening."""
    parts = (
        _recurrence(course),
        _contact(course, today=today),
        _lapses(course),
        _review(course),
        _plan_b(course),
        _opening(course),
        _meeting_before(course),
    )
    return tuple(sorted(chain.from_iterable(parts), key=lambda one: one.rank))


@dataclass(frozen=True, slots=True)
class Waits:
    """What the first page of a chart says of a course: gates that stand open, and what else is owed."""

    gates: tuple[Gate, ...]
    owed: tuple[Owed, ...]


def waits(course: Course, *, today: dt.date) -> Waits:
    """Gates whose time has come, and whatever is owed that none of them says already."""
    gates = tuple(gate for gate, _decision in standing(course))
    codes = {gate.code for gate in gates}
    return Waits(gates, tuple(one for one in owed(course, today=today) if one.gate not in codes))


def _recurrence(course: Course) -> Iterable[Owed]:
    """Maintenance: it may be coming back. The day by which a new assessment is offered is a programme setting."""
    found = recurrence(course)
    if found is None:
        return
    by = date_format(found.by, "j F")
    if found.kind == "use":
        words = _("Use came back during maintenance. Offer a new assessment and more help by %(by)s.") % {
            "by": by
        }
    else:
        words = _("PHQ-9 is back at %(total)g. Offer a new assessment and more help by %(by)s.") % {
            "total": found.total,
            "by": by,
        }
    yield Owed(RECURRENCE, words, _("Prepare"), "encounters:session-start", since=found.on)


def _meeting_before(course: Course) -> Iterable[Owed]:
    """The engagement meeting of the forms that ask for it, until it was held or the sessions have begun."""
    asked = any(due.code == ENGAGEMENT and due.klass == "REQ" for due in course.template.tasks)
    if asked and course.slot == 0 and not course.stands("session/before"):
        words = _("The meeting before session 1 comes first: hopes, and what could get in the way.")
        yield Owed(MEETING, words, _("Write it down"), "encounters:session-start")


def _contact(course: Course, *, today: dt.date) -> Iterable[Owed]:
    """Missed meetings until a plan to come back is written; then a long silence."""
    page, row = "encounters:re-engagement-write", course.misses_in_a_row
    if row >= RULES.plan_after and not _planned_since(course):
        words = _("%(n)s meetings missed in a row, and no plan to come back is written.") % {"n": row}
        yield Owed(CONTACT, words, _("Write the plan"), page, since=max(_misses(course)).date())
        return
    silent = (today - course.latest_contact.date()).days if course.latest_contact else 0
    if silent >= RULES.silent_days:
        words = ngettext("Not met for %(n)s day.", "Not met for %(n)s days.", silent) % {"n": silent}
        # The sentence says how long already.
        yield Owed(CONTACT, words, _("Book a session"), "encounters:appointment-book")


def _planned_since(course: Course) -> bool:
    plan = course.latest.get("re_engagement_plan")
    return plan is not None and plan.at >= max(_misses(course))


def _misses(course: Course) -> list[dt.datetime]:
    """When the latest miss of each kind was."""
    return [course.latest[name].at for one in MISSED if (name := f"session/{one}") in course.latest]


def _lapses(course: Course) -> Iterable[Owed]:
    count = len(course.lapses)
    if count:
        words = ngettext(
            "A return to use is to be looked at together.",
            "%(n)s returns to use are to be looked at together.",
            count,
        )
        since = min(course.lapses.values()).date()
        yield Owed(LAPSE, words % {"n": count}, _("Prepare"), "encounters:session-start", since=since)


def _review(course: Course) -> Iterable[Owed]:
    """The mid-course review: due in the next session, or overdue."""
    held = course.slot_of.get("midcourse_review", ())
    state = review_standing(course.template, course.slot + 1, held)
    if state is None:
        return
    slot = max(one for one in review_slots(course.template) if one <= course.slot + 1)
    words = (
        _("The mid-course review is due in session %(slot)s.")
        if state == "due"
        else _("The mid-course review was due in session %(slot)s.")
    )
    rank, waits_since = (REVIEW_DUE, None) if state == "due" else (LATE_REVIEW, slot)
    words = words % {"slot": slot}
    yield Owed(rank, words, _("Prepare"), "encounters:session-start", REVIEW, slot=waits_since)


def _plan_b(course: Course) -> Iterable[Owed]:
    if not holds(course, "response_or_plan_b"):
        words = _("The mid-course review found too little change. A decision about it is to be written down.")
        reviewed = max(course.slot_of.get("midcourse_review", [0])) or None
        yield Owed(DECISION, words, _("Prepare"), "encounters:session-start", PLAN_B, slot=reviewed)


def _opening(course: Course) -> Iterable[Owed]:
    """The formulation and the agreement, from the session by which gate G07 wants the agreement."""
    gate = next((one for one in course.template.gates if one.code == AGREEMENT), None)
    if gate is None or course.slot + 1 < (gate.from_slot or 0):
        return
    no_story = course.template.asks_for_formulation and not course.stands("formulation_shared")
    no_agreement = bool(ask(gate, course).missing)
    if not (no_story or no_agreement):
        return
    by = gate.from_slot or 0
    late = course.slot >= by
    if no_story and no_agreement:
        words = (
            ngettext(
                "There is no formulation and no agreement yet. Both belong to the first session.",
                "There is no formulation and no agreement yet. Both belong to the first %(slot)s sessions.",
                by,
            )
            if late
            else _("Formulation and agreement are both due by session %(slot)s.")
        )
    elif no_agreement:
        words = (
            ngettext(
                "There is no agreement yet. It belongs to the first session.",
                "There is no agreement yet. It belongs to the first %(slot)s sessions.",
                by,
            )
            if late
            else _("The agreement is due by session %(slot)s.")
        )
    else:
        words = (
            ngettext(
                "There is no shared formulation yet. It belongs to the first session.",
                "There is no shared formulation yet. It belongs to the first %(slot)s sessions.",
                by,
            )
            if late
            else _("The formulation is due by session %(slot)s.")
        )
    label, page = (
        (_("Story"), "formulation:story-show") if no_story else (_("Agreement"), "programme:agreement-show")
    )
    # Where only the formulation lacks, gate G07 says nothing of it.
    said_by = AGREEMENT if no_agreement else ""
    waits_since = gate.from_slot if late else None
    yield Owed(OPENING, words % {"slot": gate.from_slot}, label, page, said_by, slot=waits_since)

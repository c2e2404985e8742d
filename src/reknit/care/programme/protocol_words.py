"""A protocol in words: when a task is due, how hard a gate holds, what changed between two versions."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reknit.core.programme.changes import Change
from reknit.core.programme.protocol import Attendance, MeasureSet, Phase, ProtocolTemplate, TaskDue

from .models import Contract

KLASSES = {
    "CORE": gettext_lazy("Core"),
    "REQ": gettext_lazy("Asked for"),
    "COND": gettext_lazy("On a condition"),
    "OPT": gettext_lazy("If it helps"),
}
KLASS_MEANS = {
    "CORE": gettext_lazy("Core: without it a course is not counted as IPT"),
    "REQ": gettext_lazy("Asked for: this protocol wants it"),
    "COND": gettext_lazy("On a condition: asked for while the condition holds"),
    "OPT": gettext_lazy("If it helps: never missing"),
}
SEVERITIES = {
    "block": gettext_lazy("Holds the step itself"),
    "block_phase": gettext_lazy("Holds the mark of the next phase"),
    "warn": gettext_lazy("Warns"),
    "info": gettext_lazy("Is only said"),
}
FIELDS = {
    "title": gettext_lazy("Title"),
    "planned_sessions": gettext_lazy("Number of sessions"),
    "session_minutes": gettext_lazy("Minutes each"),
    "cadence_days": gettext_lazy("Days between sessions"),
    "course_window_days": gettext_lazy("Days the whole course may take"),
    "miss_policy": gettext_lazy("A missed session or a late cancellation"),
    "rolls": gettext_lazy("How many roll on"),
    "late_cancel_hours": gettext_lazy("Late is less than this many hours before"),
    "most_misses_in_a_row": gettext_lazy("Missed in a row before a supervisor looks"),
    "most_days_without_contact": gettext_lazy("Days without contact before a supervisor looks"),
    "extension_share": gettext_lazy("Most a course may be extended"),
}


def when(task: TaskDue, plan: ProtocolTemplate) -> str:
    """When a task is due, as part of a sentence."""
    if task.every:
        return _("each session from %(first)s to %(last)s") % {"first": task.every[0], "last": task.every[1]}
    if task.due_by_slot is not None:
        return _("by session %(n)s") % {"n": task.due_by_slot}
    if task.due_slot is not None:
        return _("in session %(n)s") % {"n": task.due_slot} if task.due_slot else _("at intake")
    return _("when it fits, in the phase %(phase)s") % {"phase": _title(plan, task.phase)}


def set_when(one: MeasureSet) -> str:
    """When a set is asked for."""
    if one.every == 1 and one.span:
        return _("each session from %(first)s to %(last)s") % {"first": one.span[0], "last": one.span[1]}
    if one.every and one.span:
        words = {"n": one.every, "first": one.span[0], "last": one.span[1]}
        return _("every %(n)s sessions from %(first)s to %(last)s") % words
    if one.months_after_end:
        months = ", ".join(str(n) for n in one.months_after_end)
        return _("%(months)s months after the end") % {"months": months}
    if one.slots == (0,):
        return _("at intake")
    slots = ", ".join(str(n) for n in one.slots)
    return ngettext("in session %(slots)s", "in sessions %(slots)s", len(one.slots)) % {"slots": slots}


def misses(attendance: Attendance) -> str:
    """The rule for missed sessions."""
    label = str(Contract.MissRule(attendance.miss_policy).label)
    if attendance.miss_policy != "roll_then_consume":
        return label
    return _("%(rule)s: %(n)s roll on") % {"rule": label, "n": attendance.rolls}


def value(name: str, said: Any) -> str:
    """One value of a field."""
    if name == "miss_policy":
        return str(Contract.MissRule(said).label)
    return (
        _("%(n)s per cent of its sessions") % {"n": round(said * 100)}
        if name == "extension_share"
        else str(said)
    )


def sentence(change: Change, before: ProtocolTemplate, after: ProtocolTemplate) -> str:
    """One difference as a sentence."""
    say = {"tasks": _task, "phases": _phase, "sets": _set, "gates": _gate}.get(change.part)
    if say:
        return say(change, before, after)
    words = {"field": str(FIELDS[change.code]), "was": value(change.code, change.was)}
    return _("%(field)s: %(now)s, before %(was)s.") % {**words, "now": value(change.code, change.now)}


def _task(change: Change, before: ProtocolTemplate, after: ProtocolTemplate) -> str:
    words = {"task": _(after.library[change.code].title), "code": change.code}
    if change.what == "added":
        return _("%(task)s (%(code)s) is added, %(when)s.") % {**words, "when": when(change.now, after)}
    if change.what == "removed":
        core = (
            " " + _("It is core: without it a course is not counted as IPT.")
            if change.was.klass == "CORE"
            else ""
        )
        return _("%(task)s (%(code)s) is taken out; it was due %(when)s.") % {
            **words, "when": when(change.was, before),
        } + core  # fmt: skip
    if change.what == "moved":
        return _("%(task)s (%(code)s) moves: now %(now)s, before %(was)s.") % {
            **words, "now": when(change.now, after), "was": when(change.was, before),
        }  # fmt: skip
    if change.detail == "condition":
        return _("%(task)s (%(code)s) depends on another condition.") % words
    return _("%(task)s (%(code)s): now “%(now)s”, before “%(was)s”.") % {
        **words, "now": KLASSES[change.now], "was": KLASSES[change.was],
    }  # fmt: skip


def _phase(change: Change, before: ProtocolTemplate, after: ProtocolTemplate) -> str:
    if change.what == "moved":
        return _("%(phase)s: now sessions %(now)s, before %(was)s.") % {
            "phase": _(change.now.title), "now": span(change.now), "was": span(change.was),
        }  # fmt: skip
    if change.what == "changed":
        return _("A phase is now called “%(now)s”, before “%(was)s”.") % {
            "now": change.now,
            "was": change.was,
        }
    phase = change.now or change.was
    words = {"phase": _(phase.title), "span": span(phase)}
    if change.what == "added":
        return _("The phase %(phase)s is added, sessions %(span)s.") % words
    return _("The phase %(phase)s is taken out; it was sessions %(span)s.") % words


def _set(change: Change, before: ProtocolTemplate, after: ProtocolTemplate) -> str:
    title = next(_(one.title) for one in (*after.sets, *before.sets) if one.code == change.code)
    words = {"set": title, "item": change.detail}
    if change.what == "moved":
        return _("%(set)s: now %(now)s, before %(was)s.") % {
            "set": title, "now": set_when(change.now), "was": set_when(change.was),
        }  # fmt: skip
    if not change.detail:
        added = (
            _("The set %(set)s is added.") if change.what == "added" else _("The set %(set)s is taken out.")
        )
        return added % words
    if change.what == "added":
        return _("%(item)s is added to the set %(set)s.") % words
    return _("%(item)s is taken out of the set %(set)s.") % words


def _gate(change: Change, before: ProtocolTemplate, after: ProtocolTemplate) -> str:
    title = next(_(one.title) for one in (*after.gates, *before.gates) if one.code == change.code)
    words = {"gate": title, "code": change.code, "now": change.now, "was": change.was}
    if change.what in ("added", "removed"):
        said = (
            _("The gate %(code)s is added: %(gate)s.")
            if change.what == "added"
            else _("The gate %(code)s is taken out: %(gate)s.")
        )
        return said % words
    if change.detail == "from_slot":
        return _("The gate %(code)s, %(gate)s: said from session %(now)s on, before from %(was)s.") % words
    return _("The gate %(code)s, %(gate)s: now “%(now)s”, before “%(was)s”.") % {
        **words, "now": SEVERITIES[change.now], "was": SEVERITIES[change.was],
    }  # fmt: skip


def span(phase: Phase) -> str:
    """The sessions of a phase."""
    return _("%(first)s to %(last)s") % {"first": phase.from_slot, "last": phase.to_slot}


def _title(plan: ProtocolTemplate, code: str | None) -> str:
    return next((_(phase.title) for phase in plan.phases if phase.code == code), "")

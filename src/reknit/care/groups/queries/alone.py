"""The forms that belong to a meeting alone, from the protocol's own sets of measures."""

from dataclasses import dataclass

from reknit.care.groups.models import GroupRun, MeetingAlone
from reknit.care.programme.queries import this_site
from reknit.core.programme.sets import availability, sets_due
from reknit.core.programme.template import template


@dataclass(frozen=True, slots=True)
class FormDue:
    """One form of a meeting: its measure and its title."""

    measure: str
    title: str


def forms_for(run: GroupRun, meeting: MeetingAlone) -> tuple[FormDue, ...]:
    """Before the group the baseline, half way the set of that session, after it the closing set, then the follow-up. No query."""
    plan, kind, here = (
        template(run.protocol, run.protocol_version),
        MeetingAlone.Kind(meeting.kind),
        this_site(),
    )
    middle = next((task.due_slot for task in plan.tasks if task.code == "GR14"), None)
    slot = {
        MeetingAlone.Kind.BEFORE: 0,
        MeetingAlone.Kind.HALF_WAY: middle or plan.planned_sessions // 2,
        MeetingAlone.Kind.AFTER: plan.planned_sessions,
    }.get(kind)
    if kind == MeetingAlone.Kind.MONTH:
        sets = tuple(one for one in plan.sets if one.code == "F")
    elif slot is None:
        return ()
    else:
        sets = tuple(one for one in sets_due(plan, slot) if one.code != "G")
    found = {
        item.id: FormDue(item.id, item.title)
        for one in sets
        for item in one.items
        if item.kind == "measure" and availability(item, site=here) == "ready"
    }
    return tuple(found.values())

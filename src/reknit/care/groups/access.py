"""Who opens a group: whoever leads it on that day, and their supervisors. A member's chart stays under the one policy of charts.

So a page of a group shows of a member's chart only what this person may read there anyway.
"""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_change_team, may_write_chart
from reknit.care.people.models import Client, SupervisoryLine, current

from .models import Facilitation, GroupRun


def runs_open_to(user: User, *, on: dt.date) -> QuerySet[GroupRun]:
    """Runs this person may open on a date: their own, and those of facilitators whom they supervise then."""
    if not user.is_active or not user.reads_charts:
        return GroupRun.objects.none()
    seen = Q(person=user)
    if user.has(Role.SUPERVISOR):
        lines = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
        seen |= Q(person__in=lines)
    leading = Facilitation.objects.filter(current(on)).filter(seen)
    return GroupRun.objects.filter(pk__in=leading.values("run"))


def may_form(user: User) -> Decision:
    """Who begins a group: facilitators and therapists."""
    if user.is_active and user.has(Role.FACILITATOR, Role.THERAPIST):
        return YES
    return no(_("Only a facilitator or a therapist can form a group."))


def may_facilitate(user: User, run: GroupRun, *, on: dt.date) -> Decision:
    """What only the two facilitators of that day do: everything that is written in the run."""
    if user.is_active and user.reads_charts and run.is_facilitator(user.pk, on=on):
        return YES
    return no(_("Only the two facilitators of this group can do this."))


def may_change_facilitators(user: User, run: GroupRun, *, on: dt.date) -> Decision:
    """The two who lead it and whoever supervises one of them: one of the two may be ill, and cannot say so here."""
    if runs_open_to(user, on=on).filter(pk=run.pk).exists():
        return YES
    return no(_("Only the facilitators of this group, or their supervisor, can change who leads it."))


def may_ask_for_place(user: User, client: Client, *, on: dt.date) -> Decision:
    """Whoever writes in the client's chart or puts their care team together: a place opens the chart to the facilitators."""
    if may_write_chart(user, client, on=on) or may_change_team(user, client, on=on):
        return YES
    return no(_("Only this client's care team or intake can ask for a place in a group."))

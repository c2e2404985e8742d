"""Who may see and answer a risk item: its owner, the client's care team, and the supervisory line above either."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_read_chart
from reknit.care.people.models import CareTeamMember, Client, SupervisoryLine, current
from reknit.care.people.queries import site

from .models import RiskItem


def items_visible_to(user: User, *, on: dt.date) -> QuerySet[RiskItem]:
    """Risk items this person may open on a date.

    Supervisors also see what nobody else could: items about an import, and, for the supervisor on duty, items
    about a person who was referred and has no care team yet. Whoever is on duty sees each item that has nobody left.
    """
    if not user.reads_charts:
        return RiskItem.objects.filter(client__sandbox_of=user, client__sandbox_ended_at=None)
    chart = Client.objects.open_to(user, on=on).filter(pk=OuterRef("client_id"))
    seen = Q(owner=user) | Q(Exists(chart))
    on_duty = is_on_duty(user)
    if on_duty:
        seen |= Q(stuck_at__isnull=False, status=RiskItem.Status.OPEN)
    if user.has(Role.SUPERVISOR):
        line = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
        seen |= Q(owner__in=line) | Q(client=None)
        if on_duty:
            seen |= Q(client__status=Client.Status.REFERRED) & ~Q(_has_team(on))
    gone = Q(client__sandbox_ended_at__isnull=False)
    return RiskItem.objects.filter(seen).exclude(gone)


def _has_team(on: dt.date) -> Exists:
    return Exists(CareTeamMember.objects.filter(current(on), client=OuterRef("client_id")))


def is_on_duty(user: User) -> bool:
    """Whether this person is the clinic's clinician on duty."""
    here = site()
    return here is not None and here.duty_clinician_id == user.pk


def may_answer(user: User, item: RiskItem, *, on: dt.date) -> Decision:
    """May this person see this item, close it and hand it on? Whoever may see it may answer it."""
    if items_visible_to(user, on=on).filter(pk=item.pk).exists():
        return YES
    return no(_("This item belongs to another care team."))


def may_own(person: User, item: RiskItem, *, on: dt.date) -> Decision:
    """May an item be handed to this person? They must be at work here and able to see whom it is about."""
    if not person.is_active or not person.reads_charts:
        return no(_("Choose a clinician who is at work here."))
    if item.client is None or _waits_for_team(item.client, on=on):
        return YES
    if may_read_chart(person, item.client, on=on):
        return YES
    return no(_("Choose a clinician who may see this client, or add them to the care team first."))


def _waits_for_team(client: Client, *, on: dt.date) -> bool:
    if client.status != Client.Status.REFERRED:
        return False
    return not CareTeamMember.objects.filter(current(on), client=client).exists()


def may_work_here(user: User) -> Decision:
    """The board of open items is for people who may read charts; which items, the line and team decide."""
    return YES if user.reads_charts else no(_("This page belongs to clinicians."))


def may_see_volume(user: User) -> Decision:
    """How many items a line has, and how they were answered, is for its supervisor."""
    if user.is_active and user.has(Role.SUPERVISOR):
        return YES
    return no(_("This page belongs to supervisors."))

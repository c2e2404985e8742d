"""Who need know, and nobody else: not the care team as such, and no role by itself."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_write_chart
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.care.safety.access import is_on_duty
from reknit.care.safety.models import SafeguardingReader, SafeguardingRecord


def records_open_to(user: User, *, on: dt.date) -> QuerySet[SafeguardingRecord]:
    """Records this person may read: their own, their line's, those they were let in to; on duty, all. No practice client has one."""
    if not user.is_active or not user.reads_charts:
        return SafeguardingRecord.objects.none()
    seen = Q(owner=user) | Q(Exists(SafeguardingReader.objects.filter(record=OuterRef("pk"), person=user)))
    if user.has(Role.SUPERVISOR):
        line = SupervisoryLine.objects.filter(current(on), supervisor=user)
        seen |= Q(owner__in=line.values("supervisee"))
    if is_on_duty(user):
        seen = Q()
    return SafeguardingRecord.objects.filter(seen)


def may_open_record(user: User, client: Client, *, on: dt.date) -> Decision:
    """Whoever writes in the chart writes down what worries them; a practice course has nobody to protect."""
    if client.is_sandbox:
        return no(_("This client is made up, so there is nobody to protect."))
    return may_write_chart(user, client, on=on)


def may_be_let_in(person: User) -> Decision:
    """Only somebody at work here who may read charts is let in, or takes it over."""
    if person.is_active and person.reads_charts:
        return YES
    return no(_("Choose a clinician who is at work here."))


def may_set_duty(user: User) -> Decision:
    """What the clinic has to do in its country is written by an administrator or the director."""
    if user.is_active and user.has(Role.ADMINISTRATOR, Role.DIRECTOR):
        return YES
    return no(_("The clinic’s duties are written by an administrator or the director."))

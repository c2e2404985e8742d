"""Who may work on referrals, and who may read one."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.encounters.models import Encounter
from reknit.care.people.access import may_do_intake, may_read_chart
from reknit.care.people.models import Client
from reknit.care.safety.models import RiskItem

from .models import Referral

__all__ = [
    "may_change_cover",
    "may_do_intake",
    "may_prepare",
    "may_read_report",
    "may_see_cover",
    "may_see_referral",
    "may_set_intake",
    "may_take_admissions",
]


def may_see_referral(user: User, referral: Referral, *, on: dt.date) -> Decision:
    """Intake sees every referral. A clinician sees that of a client in their charts, or whose risk item they own.

    The owner of a risk item must be able to call back, and before acceptance there is no care team.
    """
    if may_do_intake(user):
        return YES
    if not user.reads_charts:
        return no(_("This page belongs to intake."))
    owns_item = RiskItem.objects.filter(
        client=referral.client_id, owner=user, status=RiskItem.Status.OPEN
    ).exists()
    return YES if owns_item else may_read_chart(user, referral.client, on=on)


BEFORE = (Client.Status.REFERRED, Client.Status.IN_CARE)


def may_prepare(user: User, referral: Referral) -> Decision:
    """Intake prepares a person until somebody met them: baseline measures, withdrawal and level of care, consents.

    It opens those and nothing else of the chart. Once a first session was held, or the referral or course is closed, it
    opens nothing (docs/decisions/0018).
    """
    if not (intake := may_do_intake(user)):
        return intake
    client = referral.client
    if client.is_sandbox or client.status not in BEFORE or referral.status == Referral.Status.CLOSED:
        return no(_("This person is not being prepared any more."))
    if Encounter.objects.filter(client=client, outcome__in=Encounter.HELD).exists():
        return no(_("The first session was held. What comes now is the care team's."))
    return YES


def may_read_report(user: User) -> Decision:
    """Intake and the director read how referrals go on; the report names nobody."""
    if user.has(Role.INTAKE, Role.DIRECTOR):
        return YES
    return no(_("This page belongs to intake and the director."))


def may_take_admissions(user: User) -> Decision:
    """A row for each admission is a look into charts: whoever reads charts takes those that are open to them.

    A director sees totals and no person, so no role gives this by itself.
    """
    if user.reads_charts:
        return YES
    return no(_("This table holds facts of single charts. It belongs to those who read the charts."))


def may_set_intake(user: User) -> Decision:
    """The administrator and the director set the target and open the public form."""
    if user.has(Role.ADMINISTRATOR, Role.DIRECTOR):
        return YES
    return no(_("This page belongs to the administrator and the director."))


def may_see_cover(user: User, client: Client, *, on: dt.date) -> Decision:
    """Intake asks who pays; whoever reads the chart sees when cover runs out. A practice course has no payer."""
    if client.is_sandbox:
        return no(_("A practice course is paid for by nobody."))
    return YES if may_do_intake(user) else may_read_chart(user, client, on=on)


def may_change_cover(user: User, client: Client) -> Decision:
    """Only intake writes who pays."""
    if client.is_sandbox:
        return no(_("A practice course is paid for by nobody."))
    return may_do_intake(user)

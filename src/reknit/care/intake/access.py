"""Who may work on referrals, and who may read one."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import User
from reknit.care.people.access import may_do_intake, may_read_chart
from reknit.care.safety.models import RiskItem

from .models import Referral

__all__ = ["may_do_intake", "may_see_referral"]


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

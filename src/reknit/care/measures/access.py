"""Who keeps the clinic's permissions. Sheets and links follow the policy of the chart."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User


def may_keep_permissions(user: User) -> Decision:
    """Administrators run the clinic and directors answer for it; neither reads a chart here."""
    if user.has(Role.ADMINISTRATOR, Role.DIRECTOR):
        return YES
    return no(_("This page belongs to the administrator and the programme director."))

"""Who may read the evidence panel: everybody who works in the clinic. It holds no client."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User


def may_read_evidence(user: User) -> Decision:
    """Staff of any role."""
    return no(_("This page belongs to the staff.")) if user.has(Role.CLIENT) else YES

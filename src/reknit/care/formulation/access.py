"""Who may read and answer the shared account: the chart's own rule for staff, and the client for what was shared."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User

from .models import Formulation


def may_answer_own(user: User, formulation: Formulation) -> Decision:
    """A client may read and answer the version that stands for them, once it was shared. A draft is nobody's yet."""
    mine = user.has(Role.CLIENT) and formulation.episode.client.user_id == user.pk
    if mine and formulation.state in Formulation.STANDING:
        return YES
    return no(_("This page is not yours to open."))

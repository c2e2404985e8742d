"""May this person manage who signs in?"""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no

from .models import Role, User


def may_manage_people(user: User) -> Decision:
    """Administrators add people, give roles and make one-time passwords; they see no client."""
    return YES if user.has(Role.ADMINISTRATOR) else no(_("This page belongs to the administrator."))

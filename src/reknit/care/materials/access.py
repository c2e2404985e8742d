"""Who may open the library: whoever works with clients here. What was given to a client is part of the chart."""

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import User


def may_read_library(user: User) -> Decision:
    """The library is for clinicians; it names no client."""
    return YES if user.reads_charts else no(_("This page belongs to clinicians."))

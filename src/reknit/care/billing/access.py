"""Who may bill: intake, which knows names and days and reads no chart. A clinician bills by the charts they may read.

Why intake and nobody else: decision 15. The code table is the director's; a diagnosis is the care team's to write.
"""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_read_chart, may_write_chart
from reknit.care.people.models import Client

__all__ = ["may_bill", "may_bill_client", "may_change_codes", "may_read_codes", "may_write_chart"]


def may_bill(user: User) -> Decision:
    """Intake sees the encounters of everybody as codes: a name, a day, minutes and codes, and no more."""
    return YES if user.has(Role.INTAKE) else no(_("This page belongs to intake, which does the billing."))


def may_bill_client(user: User, client: Client, *, on: dt.date) -> Decision:
    """Intake, and whoever may read the chart. Nothing is billed for a practice course."""
    if client.is_sandbox:
        return no(_("Nothing is billed for a practice course."))
    return may_bill(user) or may_read_chart(user, client, on=on)


def may_read_codes(user: User) -> Decision:
    """Whoever bills by the table, and whoever keeps it."""
    return (
        YES if user.has(Role.INTAKE, Role.DIRECTOR) else no(_("This page belongs to intake and directors."))
    )


def may_change_codes(user: User) -> Decision:
    """Directors answer for what the clinic bills by."""
    return YES if user.has(Role.DIRECTOR) else no(_("Only a programme director can change the code table."))

"""May this person see, or write in, this client's chart? Every room's access stands on these two answers."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User

from .models import CareTeamMember, Client, current


def may_read_chart(user: User, client: Client, *, on: dt.date) -> Decision:
    """By the care team or a supervisory line, on that date."""
    if Client.objects.visible_to(user, on=on).filter(pk=client.pk).exists():
        return YES
    return no(_("You are not on this client's care team."))


def may_write_chart(user: User, client: Client, *, on: dt.date) -> Decision:
    """The care team writes; a supervisor reads, co-signs and answers risk, and does not write in another's name."""
    if CareTeamMember.objects.filter(current(on), client=client, clinician=user).exists():
        return YES
    return no(_("Only this client's care team can write here. Ask to be added to the team."))


def may_do_intake(user: User) -> Decision:
    """Intake writes names, safe contact and referral; it sees no chart."""
    return YES if user.has(Role.INTAKE) else no(_("This page belongs to intake."))


def may_run_system(user: User) -> Decision:
    """Administrators run the system and read no chart."""
    return YES if user.has(Role.ADMINISTRATOR) else no(_("This page belongs to the administrator."))


def may_see_totals(user: User) -> Decision:
    """Directors and researchers see totals with small numbers hidden, and no person."""
    return YES if user.has(Role.DIRECTOR, Role.RESEARCHER) else no(_("This page belongs to the programme."))

"""May this person see, or write in, this client's chart? Every room's access stands on these two answers."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User

from .models import CareTeamMember, Client, SupervisoryLine, current


def may_read_chart(user: User, client: Client, *, on: dt.date) -> Decision:
    """By the care team or a supervisory line, on that date; a practice chart by its owner and their supervisor."""
    if Client.objects.open_to(user, on=on).filter(pk=client.pk).exists():
        return YES
    return no(_("You are not on this client's care team."))


def may_write_chart(user: User, client: Client, *, on: dt.date) -> Decision:
    """The care team writes; a supervisor reads, co-signs and answers risk, and does not write in another's name."""
    if client.is_sandbox:
        return (
            YES
            if _owns(user, client)
            else no(_("Only the person whose practice course this is writes here."))
        )
    on_team = CareTeamMember.objects.filter(current(on), client=client, clinician=user)
    if user.is_active and user.reads_charts and on_team.exists():
        return YES
    return no(_("Only this client's care team can write here. Ask to be added to the team."))


def may_do_intake(user: User) -> Decision:
    """Intake writes names, safe contact and referral; it sees no chart."""
    return YES if user.has(Role.INTAKE) else no(_("This page belongs to intake."))


def may_change_profile(user: User, clinician: User) -> Decision:
    """Clinicians change their own profile; intake and the administrator keep everybody's."""
    if not (clinician.is_active and clinician.reads_charts):
        return no(_("This person takes no clients on."))
    if user.pk == clinician.pk or user.has(Role.INTAKE, Role.ADMINISTRATOR):
        return YES
    return no(_("A clinician changes their own profile, or intake does."))


def may_see_profiles(user: User) -> Decision:
    """Intake and the administrator see what each clinician can take on; a clinician sees their own."""
    if user.has(Role.INTAKE, Role.ADMINISTRATOR):
        return YES
    return no(_("This page belongs to intake."))


def may_run_system(user: User) -> Decision:
    """Administrators run the system and read no chart."""
    return YES if user.has(Role.ADMINISTRATOR) else no(_("This page belongs to the administrator."))


def may_see_totals(user: User) -> Decision:
    """Directors and researchers see totals with small numbers hidden, and no person."""
    return YES if user.has(Role.DIRECTOR, Role.RESEARCHER) else no(_("This page belongs to the programme."))


def may_see_team(user: User, client: Client, *, on: dt.date) -> Decision:
    """Who cares for a client: readers of the chart know, and intake, which puts the first team together."""
    if may_read_chart(user, client, on=on):
        return YES
    if user.has(Role.INTAKE) and client.status != Client.Status.CLOSED and not client.is_sandbox:
        return YES
    return no(_("You are not on this client's care team."))


def may_change_team(user: User, client: Client, *, on: dt.date) -> Decision:
    """Intake until the course is closed; the team's therapist, and whoever supervises them, at any time."""
    if client.is_sandbox:
        return no(_("A practice course has no care team."))
    if user.has(Role.INTAKE) and client.status != Client.Status.CLOSED:
        return YES
    if may_lead(user, client, on=on) or _supervises_lead(user, client, on=on):
        return YES
    return no(_("The client's therapist, their supervisor or intake can change the team. Ask one of them."))


def may_lead(user: User, client: Client, *, on: dt.date) -> Decision:
    """What only the client's own therapist does."""
    if _owns(user, client):
        return YES
    if user.reads_charts and _leads(client, on=on).filter(clinician=user).exists():
        return YES
    return no(_("Only this client's therapist can do this."))


def may_supervise(user: User, client: Client, *, on: dt.date) -> Decision:
    """What only the supervisor of the client's own therapist decides: overrides, extensions."""
    if _supervises_lead(user, client, on=on):
        return YES
    return no(_("Only the supervisor of this client's therapist can decide this."))


def may_practise(user: User) -> Decision:
    """Clinicians and directors may open practice courses with made-up clients."""
    if user.is_active and (user.reads_charts or user.has(Role.DIRECTOR)):
        return YES
    return no(_("Practice courses are for clinicians and directors."))


def _owns(user: User, client: Client) -> bool:
    """Whether this is the person's own practice course, still there."""
    return client.sandbox_of_id == user.pk and client.sandbox_ended_at is None and user.is_active


def _leads(client: Client, *, on: dt.date) -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.filter(current(on), client=client, part=CareTeamMember.Part.LEAD)


def _supervises_lead(user: User, client: Client, *, on: dt.date) -> bool:
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user)
    if client.is_sandbox:
        return user.has(Role.SUPERVISOR) and lines.filter(supervisee=client.sandbox_of_id).exists()
    leads = _leads(client, on=on).filter(clinician__in=lines.values("supervisee"))
    return user.has(Role.SUPERVISOR) and leads.exists()

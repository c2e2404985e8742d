"""The care-team parts that a place opened, and how they close with it. Called inside the actions of this room alone."""

import datetime as dt

from django.db.models import Q

from reknit.base.accounts.models import User
from reknit.care.groups.models import GroupRun, Member
from reknit.care.people.actions import join_care_team, leave_care_team
from reknit.care.people.models import CareTeamMember, Client


def open_parts(run: GroupRun, client: Client, *, by: User, at: dt.datetime, on: dt.date) -> list[str]:
    """Put both facilitators on the care team where they are not; return the keys of what was opened."""
    opened = []
    for person in (run.lead, run.co_facilitator):
        if CareTeamMember.objects.filter(client=client, clinician=person, ends_on=None).exists():
            continue
        part = join_care_team(
            by=by,
            at=at,
            client=client,
            clinician=person,
            starts_on=on,
            part=CareTeamMember.Part.FACILITATOR,
        )
        opened.append(str(part.pk))
    return opened


def close_parts(member: Member, *, by: User, at: dt.datetime, on: dt.date) -> None:
    """End what this place opened, from the day after `on`. Where another place needs it still, it goes over to that one."""
    for part in CareTeamMember.objects.filter(pk__in=member.teams, ends_on=None):
        leads = Q(run__lead=part.clinician_id) | Q(run__co_facilitator=part.clinician_id)
        other = (
            Member.objects.filter(leads, client=member.client_id, ended_at=None).exclude(pk=member.pk).first()
        )
        if other:
            other.teams = [*other.teams, str(part.pk)]
            other.save(update_fields=["teams"])
        else:
            leave_care_team(by=by, at=at, member=part, ends_on=max(on, part.starts_on))

"""When the group of a course meets next, for the page of that course."""

import datetime as dt

from django.urls import reverse

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.encounters.together import GroupTime
from reknit.care.groups.access import runs_open_to
from reknit.care.groups.models import Member
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode

from .runs import day_of, next_session, sessions_of


def group_of(episode: Episode, user: User, at: dt.datetime) -> GroupTime | None:
    """The place of a course in a group, the latest first. Three queries. It names nobody who is in the group."""
    places = Member.objects.filter(episode=episode, ended_at=None).select_related("run__room")
    member = places.order_by("-asked_at").first()
    if member is None:
        return None
    run = member.run
    theirs = [one for one in sessions_of(run) if member.starts_on is None or day_of(one) >= member.starts_on]
    found = next_session(theirs, at=at)
    if found:
        found.run = run
    may_open = runs_open_to(user, on=local_date(at, zone())).filter(pk=run.pk).exists()
    session_address = reverse("groups:session-show", args=[run.pk, found.number]) if found else ""
    return GroupTime(
        title=run.title,
        starts_at=found.starts_at if found else None,
        place=found.where if found else run.where,
        number=found.number if found else 0,
        planned=run.planned_sessions,
        is_waiting=member.starts_on is None,
        session_address=session_address if may_open else "",
        member_address=reverse("groups:member-show", args=[run.pk, member.pk]) if may_open else "",
    )

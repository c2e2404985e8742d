"""A therapist's own courses, as the page of their own supervision lists them."""

import datetime as dt

from reknit.base.accounts.models import User
from reknit.care.people.models import CareTeamMember, current
from reknit.care.programme.models import Episode


def own_courses(person: User, *, on: dt.date) -> list[Episode]:
    """Open courses of the clients this person leads, by name. One query."""
    leads = CareTeamMember.objects.filter(
        current(on), clinician=person, part=CareTeamMember.Part.LEAD, client__sandbox_of=None
    )
    rows = Episode.objects.filter(client__in=leads.values("client"), status=Episode.Status.OPEN)
    return list(rows.select_related("client").order_by("client__family_name", "client__given_name", "pk"))

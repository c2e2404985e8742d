"""A session that was called off, in the record of each member who was expected: cancelled by us (`ipt.md` section 1.5).

Called inside the actions of this room alone.
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from reknit.base.accounts.models import User
from reknit.care.encounters.actions import start_encounter
from reknit.care.groups.models import Attendance, GroupSession, Member
from reknit.care.programme.models import Episode

NOTHING_OF_IT = {
    "minutes_late": 0, "minutes_early": 0, "absent_because": "", "private_line": "", "to_try": "",
    "safety": Attendance.Safety.NOT_ASKED,
}  # fmt: skip


def write_called_off(session: GroupSession, members: Iterable[Member], *, by: User, at: dt.datetime) -> None:
    """It is no miss, breaks no row of misses and uses up no session of a course. A course that is closed stays as it is."""
    for member in members:
        if member.episode.status != Episode.Status.OPEN:
            continue
        member.episode.client = member.client
        encounter = start_encounter(
            by=by,
            at=at,
            episode=member.episode,
            outcome=Attendance.Outcome.CLINICIAN,
            starts_at=session.starts_at,
            minutes=session.run.minutes,
            group_session=0,
            key=uuid.uuid5(session.pk, str(member.pk)),
        )
        said = {**NOTHING_OF_IT, "outcome": Attendance.Outcome.CLINICIAN, "encounter": encounter}
        Attendance.objects.update_or_create(session=session, member=member, defaults=said)

"""Facts at admission of every chart that is open to somebody, one row for each course."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from reknit.base.accounts.models import User
from reknit.care.intake.models import AdmissionFacts
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.core.intake.teds import FACTS, missing

COLUMNS = ("course", "admitted_on", "protocol", "codes", "minimum_missing", *(fact.key for fact in FACTS))


@dataclass(frozen=True, slots=True)
class Admission:
    """One course with the codes that are known. A course of which nobody wrote anything has none."""

    client: uuid.UUID
    course: uuid.UUID
    admitted_on: dt.date
    protocol: str
    codes: str
    answers: Mapping[str, str]

    def cells(self) -> list[str]:
        """The row of the table. What is not known is blank; no code stands in for it."""
        left = len(missing(self.answers))
        told = [self.answers.get(fact.key, "") for fact in FACTS]
        return [str(self.course), self.admitted_on.isoformat(), self.protocol, self.codes, str(left), *told]


def admissions_open_to(user: User, *, on: dt.date) -> list[Admission]:
    """The first day of a course is the day of admission; a practice course is none. Two queries."""
    clients = Client.objects.visible_to(user, on=on).real()
    courses = Episode.objects.filter(client__in=clients).order_by("starts_on", "pk")
    kept = AdmissionFacts.objects.filter(episode__in=courses.values("pk").order_by())
    known = {one.episode_id: (one.codes_version, one.answers) for one in kept}
    return [
        Admission(one.client_id, one.pk, one.starts_on, one.protocol, *known.get(one.pk, ("", {})))
        for one in courses
    ]

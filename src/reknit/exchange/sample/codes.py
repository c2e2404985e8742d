"""Billing in the invented clinic: its code table, diagnoses as codes, and an agreement to share that ends soon."""

import datetime as dt
import random

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.billing.actions import record_diagnosis, save_places, take_proposed
from reknit.care.coordination.actions import agree_sharing
from reknit.care.coordination.models import CareContact

from . import words
from .course import DAY, Course
from .diary import ZONE
from .plan import Stage
from .staff import Clinic, address

CODES = {
    "alcohol": "F10.20",
    "opioids": "F11.20",
    "cannabis": "F12.20",
    "cocaine": "F14.20",
    "amphetamine": "F15.20",
}
DIAGNOSED, ENDING = 4, 5  # of four courses three have a code; of five one has an agreement that ends soon


def open_table(clinic: Clinic) -> None:
    """The director takes the proposed codes on the first day."""
    director = User.objects.get(email=address("director"))
    at, on = clinic.begins_at, local_date(clinic.begins_at, ZONE)
    take_proposed(by=director, at=at, starts_on=on)
    places = {"here": "11", "phone": "", "video": "10"}
    save_places(by=director, at=at, site=clinic.programme.site, revision=0, places=places)


def tell_codes(course: Course) -> None:
    """What billing sees of one course. Drawn from a die of its own, so that the course stays as it is."""
    rng = random.Random(f"codes {course.index}")
    code = next((CODES[one] for one in course.substances if one in CODES), None)
    if code and course.index % DIAGNOSED and course.part.stage is not Stage.CLOSED:
        record_diagnosis(
            by=course.therapist,
            at=course.clinic.at,
            client=course.client,
            code=code,
            starts_on=min(course.episode.starts_on, course.clinic.today),  # some courses begin tomorrow
        )
    if course.index % ENDING == 0 and course.part.stage is not Stage.CLOSED:
        _ends_soon(course, rng, course.clinic.at - dt.timedelta(days=1))


def _ends_soon(course: Course, rng: random.Random, at: dt.datetime) -> None:
    contact = CareContact.objects.filter(client=course.client, role="doctor", ends_on=None).first()
    if contact is None:
        return
    agree_sharing(
        by=course.therapist, at=at, contact=contact, covers=["attendance", "medication", "letters"],
        purpose=words.table("care")["beside"]["purpose"], how="paper",
        expires_on=course.clinic.today + rng.randint(3, 26) * DAY,
    )  # fmt: skip

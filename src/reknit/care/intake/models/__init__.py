"""Tables of the room: referrals, the wait from one to a first session, and what the public form sent."""

from .admission import AdmissionFacts
from .choices import CourseChoice
from .cover import Cover
from .public import PublicReferral
from .referrals import Referral
from .settings import IntakeSettings
from .transfers import Transfer
from .waiting import Barrier, InterimContact, OfferedSlot, WaitingPlace, Wishes

__all__ = [
    "AdmissionFacts",
    "Barrier",
    "CourseChoice",
    "Cover",
    "InterimContact",
    "IntakeSettings",
    "OfferedSlot",
    "PublicReferral",
    "Referral",
    "Transfer",
    "WaitingPlace",
    "Wishes",
]

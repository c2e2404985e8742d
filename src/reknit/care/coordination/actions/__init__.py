"""Every change of the room: who else is in care, what runs beside IPT, and the level of care."""

from .contacts import add_care_contact, agree_sharing, end_care_contact, end_sharing, map_care_team
from .leave import begin_leave
from .levels import record_level
from .teams import add_to_team
from .treatments import (
    add_entry,
    add_incentive,
    add_treatment,
    change_treatment,
    plan_from_plan_b,
    take_back_line,
)

__all__ = [
    "add_care_contact",
    "add_entry",
    "add_incentive",
    "add_to_team",
    "add_treatment",
    "agree_sharing",
    "begin_leave",
    "change_treatment",
    "end_care_contact",
    "end_sharing",
    "map_care_team",
    "plan_from_plan_b",
    "record_level",
    "take_back_line",
]

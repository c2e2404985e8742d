"""Every change this room makes.

`items`: what waits for a human. `leave`: what comes back when it ends. `orders`: who stays apart from
whom. `plans`: screens, plans and the flag about violence.
"""

from .items import close_risk_item, hand_back, hand_on, hand_over, open_risk_item, report_acute_safety
from .leave import end_leave
from .orders import lift_no_contact, record_no_contact
from .plans import (
    flag_violence,
    record_medical_review,
    record_withdrawal_screen,
    release_safety_plan,
    save_overdose_plan,
    save_safety_plan,
    withdraw_safety_plan,
)

__all__ = [
    "close_risk_item",
    "end_leave",
    "flag_violence",
    "hand_back",
    "hand_on",
    "hand_over",
    "lift_no_contact",
    "open_risk_item",
    "record_medical_review",
    "record_no_contact",
    "record_withdrawal_screen",
    "release_safety_plan",
    "report_acute_safety",
    "save_overdose_plan",
    "save_safety_plan",
    "withdraw_safety_plan",
]

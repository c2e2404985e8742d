"""Every change this room makes. `items`: what waits for a human. `plans`: screens, plans and the flag about violence."""

from .items import close_risk_item, hand_over, open_risk_item, report_acute_safety
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
    "flag_violence",
    "hand_over",
    "open_risk_item",
    "record_medical_review",
    "record_withdrawal_screen",
    "release_safety_plan",
    "report_acute_safety",
    "save_overdose_plan",
    "save_safety_plan",
    "withdraw_safety_plan",
]

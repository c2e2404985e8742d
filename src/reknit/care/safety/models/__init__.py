"""The tables of this room: risk items, what a clinician makes of them, screens and plans, times of lost tolerance,
safeguarding, and orders of no contact.
"""

from .items import RiskEntry, RiskItem
from .orders import NoContactOrder
from .plans import MedicalReview, OverdosePlan, SafetyPlan, Said, ViolenceFlag, WithdrawalScreen
from .safeguarding import Concern, DutyRule, SafeguardingEntry, SafeguardingReader, SafeguardingRecord
from .suicide import RiskFormulation
from .tolerance import ToleranceLoss, ToleranceTask

__all__ = [
    "Concern",
    "DutyRule",
    "MedicalReview",
    "NoContactOrder",
    "OverdosePlan",
    "RiskEntry",
    "RiskFormulation",
    "RiskItem",
    "SafeguardingEntry",
    "SafeguardingReader",
    "SafeguardingRecord",
    "SafetyPlan",
    "Said",
    "ToleranceLoss",
    "ToleranceTask",
    "ViolenceFlag",
    "WithdrawalScreen",
]

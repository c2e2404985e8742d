"""Codes that a clinic may take into its table in one step. Data with its source; the clinic answers for what it bills.

Only what was found in a published source is proposed. HCPCS H-codes (H0004, H0005 and others) differ by payer and state,
and no source for their units was checked here: a clinic that bills them adds them with the source of its own payer.
"""

from dataclasses import dataclass

from .models import BillingCode

TIME_RULE = "CPT time rule as published: MPR, 2013 CPT billing code changes for psychiatry (empr.com), read 2026-11-26"
GROUP = "CPT group psychotherapy, one unit a session; not checked by us, ask your payer"
Meeting = BillingCode.Meeting


@dataclass(frozen=True, slots=True)
class Proposed:
    """One line as it would stand in the table. `is_checked`: whether its minutes were found in a published source."""

    code: str
    meeting: str
    minutes_from: int
    minutes_to: int | None
    source: str
    is_checked: bool


PROPOSED = (
    Proposed("90832", Meeting.INDIVIDUAL, 16, 37, TIME_RULE, True),
    Proposed("90834", Meeting.INDIVIDUAL, 38, 52, TIME_RULE, True),
    Proposed("90837", Meeting.INDIVIDUAL, 53, None, TIME_RULE, True),
    Proposed("90853", Meeting.GROUP, 1, None, GROUP, False),
)

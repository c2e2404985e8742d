"""The shape of what intake writes down, and of what the public form asks."""

from .referrals import (
    AcceptForm,
    CloseForm,
    PhoneSafetyForm,
    ReferralForm,
    SafeContactForm,
    line,
    show_refusal,
)

__all__ = [
    "AcceptForm",
    "CloseForm",
    "PhoneSafetyForm",
    "ReferralForm",
    "SafeContactForm",
    "line",
    "show_refusal",
]

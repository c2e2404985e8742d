"""Reads of the room: referrals, the wait list, who is chased, who can be offered, the weekly report."""

from .referrals import (
    NO,
    NOT_ANSWERED,
    YES,
    Answered,
    OpenedItem,
    answers_of,
    clinicians,
    days_waiting,
    open_items,
    programmes,
    referrals,
    seen_at,
)

__all__ = [
    "NO",
    "NOT_ANSWERED",
    "YES",
    "Answered",
    "OpenedItem",
    "answers_of",
    "clinicians",
    "days_waiting",
    "open_items",
    "programmes",
    "referrals",
    "seen_at",
]

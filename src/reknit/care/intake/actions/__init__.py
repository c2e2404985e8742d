"""Every change of the room: referrals, the wait, chasing, preparing, offers, the public form, cover, settings."""

from .admission import save_admission_facts
from .chasing import log_contact, open_barrier, settle_barrier
from .choices import choose_course
from .cover import add_cover, end_cover
from .first import book_first
from .offers import decline_offer, offer_slots, save_wishes, take_offer
from .preparing import (
    agree_at_intake,
    ask_withdrawal,
    give_baseline,
    name_person,
    note_level,
    propose_course,
    send_baseline,
    send_on,
    settle_transfer,
    take_back,
)
from .public import receive_public_referral, set_public_aside, take_public_over
from .referrals import accept_referral, close_referral, record_phone_safety, record_referral
from .settings import change_intake_settings
from .waiting import set_waiting_place

__all__ = [
    "accept_referral",
    "add_cover",
    "agree_at_intake",
    "ask_withdrawal",
    "book_first",
    "change_intake_settings",
    "choose_course",
    "close_referral",
    "decline_offer",
    "end_cover",
    "give_baseline",
    "log_contact",
    "name_person",
    "note_level",
    "offer_slots",
    "open_barrier",
    "propose_course",
    "receive_public_referral",
    "record_phone_safety",
    "record_referral",
    "save_admission_facts",
    "save_wishes",
    "send_baseline",
    "send_on",
    "set_public_aside",
    "set_waiting_place",
    "settle_barrier",
    "settle_transfer",
    "take_back",
    "take_offer",
    "take_public_over",
]

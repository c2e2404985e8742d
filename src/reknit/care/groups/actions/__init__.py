"""Every change to groups, by what is changed."""

from .climate import give_climate_forms, plan_for_climate
from .meetings import book_meeting, hold_meeting
from .members import ask_for_place, end_place, save_goals, set_next_step, start_member
from .runs import cancel_session, close_group, decide_small_group, form_group
from .sessions import save_session, sign_session
from .summaries import approve_summary, save_summary

__all__ = [
    "approve_summary",
    "ask_for_place",
    "book_meeting",
    "cancel_session",
    "close_group",
    "decide_small_group",
    "end_place",
    "form_group",
    "give_climate_forms",
    "hold_meeting",
    "plan_for_climate",
    "save_goals",
    "save_session",
    "save_summary",
    "set_next_step",
    "sign_session",
    "start_member",
]

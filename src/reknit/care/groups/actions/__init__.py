"""Every change to groups, by what is changed."""

from .climate import give_climate_forms, plan_for_climate
from .facilitation import change_facilitator, end_sitting_in, let_sit_in, say_about_observer
from .meetings import book_meeting, hold_meeting
from .members import ask_for_place, end_place, save_goals, set_next_step, start_member, start_members
from .moving import cancel_session, move_session
from .runs import close_group, decide_small_group, form_group
from .sessions import save_session, sign_session
from .summaries import approve_summary, save_summary
from .telling import record_telling

__all__ = [
    "approve_summary",
    "ask_for_place",
    "book_meeting",
    "cancel_session",
    "change_facilitator",
    "close_group",
    "decide_small_group",
    "end_place",
    "end_sitting_in",
    "form_group",
    "give_climate_forms",
    "hold_meeting",
    "let_sit_in",
    "move_session",
    "plan_for_climate",
    "record_telling",
    "save_goals",
    "save_session",
    "say_about_observer",
    "save_summary",
    "set_next_step",
    "sign_session",
    "start_member",
    "start_members",
]

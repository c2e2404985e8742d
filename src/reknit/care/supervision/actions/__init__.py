"""Every change of the room, one file for each part."""

from .approvals import answer_approval, ask_about_extension, ask_approval, ask_back, reply, take_back_approval
from .changes import answer_protocol_request
from .credentials import add_proof, end_goal, set_goal, take_back_proof
from .hours import (
    add_decision,
    begin_hour,
    discard_hour,
    finish_decision,
    remove_decision,
    save_case,
    save_hour,
    sign_hour,
)
from .ratings import (
    draw_sessions,
    hand_in_rating,
    keep_where,
    leave_out_session,
    name_second_rater,
    save_rating,
)
from .reviews import (
    add_review_action,
    begin_audit,
    close_review,
    finish_review_action,
    open_review,
    save_review,
)
from .skills import MOST_SKILLS, end_skill_goal, set_skill_goal

__all__ = [
    "MOST_SKILLS",
    "add_decision",
    "add_proof",
    "add_review_action",
    "answer_approval",
    "answer_protocol_request",
    "ask_about_extension",
    "ask_approval",
    "ask_back",
    "begin_audit",
    "begin_hour",
    "close_review",
    "discard_hour",
    "draw_sessions",
    "end_goal",
    "end_skill_goal",
    "finish_decision",
    "finish_review_action",
    "hand_in_rating",
    "keep_where",
    "leave_out_session",
    "name_second_rater",
    "open_review",
    "remove_decision",
    "reply",
    "save_case",
    "save_hour",
    "save_rating",
    "save_review",
    "set_goal",
    "set_skill_goal",
    "sign_hour",
    "take_back_approval",
    "take_back_proof",
]

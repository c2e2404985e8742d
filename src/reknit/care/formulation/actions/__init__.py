"""Every change of the room: the timeline, the focus of a course, the formulation and its answers."""

from .account import (
    answer_formulation_as_client,
    begin_formulation,
    record_witnessed_answer,
    revise_formulation,
    save_formulation,
    share_formulation,
)
from .focus import (
    agree_focus,
    propose_focus,
    resolve_focus,
    set_aside_focus,
    set_dispute_stage,
    switch_focus,
)
from .grid import save_grid
from .timeline import (
    add_event,
    change_event,
    leave_question,
    mark_closest_change,
    mark_onset,
    set_aside_event,
    sign_timeline,
)

__all__ = [
    "add_event",
    "agree_focus",
    "answer_formulation_as_client",
    "begin_formulation",
    "change_event",
    "leave_question",
    "mark_closest_change",
    "mark_onset",
    "propose_focus",
    "record_witnessed_answer",
    "resolve_focus",
    "revise_formulation",
    "save_formulation",
    "save_grid",
    "set_aside_event",
    "set_aside_focus",
    "set_dispute_stage",
    "share_formulation",
    "sign_timeline",
    "switch_focus",
]

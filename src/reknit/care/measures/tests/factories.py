"""Answered sheets and links, made through the room's actions."""

import datetime as dt
from typing import Any

from tests.cast import Cast

from reknit.care.measures.actions import make_link, record_administration
from reknit.care.measures.models import Administration, FormLink

Answers = dict[str, int | None]


def phq(value: int, *, item9: int | None = 0) -> Answers:
    """A PHQ-9 with one answer for items 1 to 8 and another for item 9."""
    return {**{f"phq9_{n}": value for n in range(1, 9)}, "phq9_9": item9}


CALM = phq(0)
HEAVY = phq(3, item9=3)
GAD: Answers = {f"gad7_{n}": 1 for n in range(1, 8)}


def recorded(cast: Cast, at: dt.datetime, answers: Answers, **more: Any) -> Administration:
    """Cleo's sheet, given in the session by Ana."""
    fields = {"by": cast.ana, "at": at, "client": cast.cleo, "measure": "phq-9", "mode": "session"} | more
    return record_administration(answers=answers, **fields)


def link_to(cast: Cast, at: dt.datetime, **more: Any) -> tuple[FormLink, str]:
    """A link for Cleo, made by Ana."""
    return make_link(**({"by": cast.ana, "at": at, "client": cast.cleo, "measure": "phq-9"} | more))

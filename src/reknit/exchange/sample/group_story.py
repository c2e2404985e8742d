"""What a member of the made-up group agrees before it begins: focus, account and agreement, in the meeting alone."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format

from reknit.base.accounts.models import User
from reknit.care.formulation.actions import (
    agree_focus,
    begin_formulation,
    propose_focus,
    record_witnessed_answer,
    save_formulation,
    share_formulation,
)
from reknit.care.formulation.entries import FocusEntry
from reknit.care.formulation.models import FocusArea, Formulation, FormulationAnswer
from reknit.care.groups.models import Member
from reknit.care.programme.actions.agreement import agree_contract, begin_contract, save_contract, set_goals
from reknit.care.programme.models import Contract
from reknit.care.programme.terms import GoalDraft
from reknit.core.programme.goals import LEVELS

from . import words
from .referrals import MINUTE
from .story import MARKS


def tell_agreed(member: Member, *, area: str, by: User, at: dt.datetime) -> None:
    """The focus that is chosen, the account in the member's own words, and the agreement with one goal."""
    said = words.table("group")["accounts"][area]
    focus = _choose(member, area, said, by=by, at=at)
    _share(member, said, by=by, at=at + 4 * MINUTE)
    _agree(member, said, focus, by=by, at=at + 12 * MINUTE)


def _choose(member: Member, area: str, said: dict[str, Any], *, by: User, at: dt.datetime) -> FocusArea:
    entry = FocusEntry(area, named=said["named"], reason=said["reason"])
    focus = propose_focus(by=by, at=at, episode=member.episode, entry=entry)
    return agree_focus(by=by, at=at + 2 * MINUTE, focus=focus)


def _share(member: Member, said: dict[str, Any], *, by: User, at: dt.datetime) -> None:
    shared, episode = words.table("account")["shared"], member.episode
    ends_on = date_format(episode.ends_on, "j F") if episode.ends_on else ""
    slots = {name: said[name] for name in ("told", "people", "use", "focus", "strengths")}
    slots |= {name: shared[name] for name in ("condition", "treatable", "invite")}
    slots["plan"] = shared["plan"].format(planned=episode.planned_sessions, ends_on=ends_on)
    draft = begin_formulation(by=by, at=at, episode=episode)
    draft = save_formulation(
        by=by, at=at + MINUTE, formulation=draft, revision=draft.revision, words=slots, marks=MARKS,
        diagnosis=shared["diagnosis"],
    )  # fmt: skip
    standing = share_formulation(
        by=by, at=at + 3 * MINUTE, formulation=draft, revision=draft.revision, how=Formulation.How.SPOKEN
    )
    record_witnessed_answer(
        by=by, at=at + 6 * MINUTE, formulation=standing, response=FormulationAnswer.Response.AGREED,
        words=shared["yes"], witness=by.name,
    )  # fmt: skip


def _agree(member: Member, said: dict[str, Any], focus: FocusArea, *, by: User, at: dt.datetime) -> None:
    shared, own = words.table("agreement")["shared"], words.table("group")["agreed"]
    terms = {
        "afterwards": shared["afterwards"],
        "substance_goal": Contract.SubstanceGoal.REDUCE,
        "substance_goal_words": own["use"],
        "lapse_plan": own["lapse"],
    }
    goal = GoalDraft(
        position=1, words=said["goal"], observable=said["seen"],
        levels=dict(zip(LEVELS, said["levels"], strict=True)), baseline=-2, focus=focus.pk,
    )  # fmt: skip
    draft = begin_contract(by=by, at=at, episode=member.episode)
    draft = save_contract(by=by, at=at + MINUTE, contract=draft, revision=draft.revision, terms=terms)
    draft = set_goals(by=by, at=at + 2 * MINUTE, contract=draft, revision=draft.revision, goals=[goal])
    agree_contract(
        by=by, at=at + 4 * MINUTE, contract=draft, revision=draft.revision, how=Contract.How.WITNESSED,
        words=shared["agreed"], witness=by.name,
    )  # fmt: skip

"""One made-up record of each kind, as an action takes it and as its page sends it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from reknit.base.accounts.models import User
from reknit.care.encounters.conjoint.actions import save_conjoint_plan
from reknit.care.encounters.models import RECORDS, ConjointPlan, Encounter, RolePlay, SessionRecord
from reknit.care.encounters.techniques import actions
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client

KINDS = [model.KIND for model in RECORDS]
DAY = dt.date(2026, 3, 20)
KEEP: dict[str, Callable[..., SessionRecord]] = {
    "link": actions.keep_link,
    "step": actions.keep_step,
    "feeling": actions.keep_feeling,
    "conversation": actions.keep_conversation,
    "role-play": actions.keep_role_play,
    "decision": actions.keep_decision,
    "support": actions.keep_support,
    "exposure": actions.keep_exposure,
    "mutual-help": actions.keep_mutual_help,
    "conjoint": actions.keep_conjoint,
    "went": actions.keep_went,
    "lapse": actions.keep_lapse,
    "midcourse": actions.keep_midcourse,
    "plan-b": actions.keep_plan_b,
}


def person(client: Client, alias: str = "M.", *, by: User, at: dt.datetime) -> Relationship:
    """Somebody in the client's life."""
    return Relationship.objects.create(client=client, alias=alias, added_by=by, added_at=at)


def a_plan(encounter: Encounter, *, by: User, at: dt.datetime, **changes: Any) -> ConjointPlan:
    """A plan on which both agreed."""
    known = ConjointPlan.objects.filter(episode=encounter.episode, called_off_at=None).first()
    if known and not changes:
        return known
    guest = Relationship.objects.filter(client=encounter.client_id).first() or person(
        encounter.client, by=by, at=at
    )
    on = at.date() - dt.timedelta(days=1)
    asked = {"relationship": guest, "screened_on": on, "client_agreed_on": on, "person_agreed_on": on}
    said = {"purpose": "To talk about Sundays.", "may_raise": "Sundays.", "may_not_raise": "The tests."}
    return save_conjoint_plan(
        by=by, at=at, episode=encounter.episode, key=uuid.uuid4(), **(asked | said | changes)
    )


def values(
    kind: str,
    *,
    somebody: Relationship | None = None,
    earlier: RolePlay | None = None,
    plan: ConjointPlan | None = None,
) -> dict[str, Any]:
    """A full record of this kind."""
    people = [somebody] if somebody else []
    found: dict[str, dict[str, Any]] = {
        "link": {"direction": "event_craving", "relationship": somebody, "words": "He went quiet.", "mood": 3,
                 "craving": 0, "lag_hours": 2, "said_by": "client"},
        "step": {"code": "DIS2", "relationships": people, "depth": 2, "note": "Both sides set out.",
                 "client_response": "Relieved.", "next_step": "Ask him."},
        "feeling": {"feelings": "sad and angry", "relationship": somebody, "intensity": 7, "in_session": "yes",
                    "link_to_use": "Drinks it away."},
        "conversation": {
            "happened_on": DAY, "happened_at": dt.time(19, 30), "channel": "phone", "place": "Home",
            "relationships": people, "before": "Late from work.", "mood_before": 6, "craving_before": 2,
            "client_intoxicated": "no", "other_intoxicated": "", "meant": "I need you to listen.",
            "feelings_behind": "Fear.", "other_heard": "Blame.", "client_heard": "Nothing.", "mismatch": "hint",
            "client_expects": "An answer.", "other_expects": "Peace.", "mood_after": 3, "craving_after": 7,
            "used_after": "no", "try_by": DAY + dt.timedelta(days=9), "written": "together",
            "rows": {
                "turns": [{"speaker": who, "words": words, "tone": "", "feeling": "", "thought": ""}
                          for who, words in (("client", "You are late."), ("other", "So?"),
                                             ("client", "Nothing."), ("other", "Fine."))],
                "alternatives": [
                    {"words": "I was worried.", "likely_response": "He may sit down.", "comfort": 5, "chosen": True},
                    {"words": "Can we talk?", "likely_response": "", "comfort": None, "chosen": False},
                ],
            },
        },
        "role-play": {"scenario": "Telling him about Thursday", "relationship": somebody, "purpose": "To be heard.",
                      "confidence_before": 3, "confidence_after": 6, "analysis": None,
                      "rows": {"rounds": [{"who": "self", "tried": "Said it straight.", "feedback": "Calm."}]}},
        "decision": {"decision": "Move out or stay", "why_now": "The lease ends.", "relationships": people,
                     "wishes_and_fears": "Peace; being alone.", "first_step": "Ring her sister.",
                     "by_when": DAY + dt.timedelta(days=9), "review_on": DAY + dt.timedelta(days=20), "review": "",
                     "rows": {"options": [
                         {"words": "Stay", "upsides": "Home.", "downsides": "Rows.", "for_people": "", "for_use": "",
                          "feasible": 8, "who_can_help": "", "chosen": True},
                         {"words": "Go", "upsides": "", "downsides": "", "for_people": "", "for_use": "",
                          "feasible": 0, "who_can_help": "", "chosen": False}]}},
        "support": {"relationship": somebody, "words": "Call on Sundays.", "stands": "planned"},
        "exposure": {"relationship": None, "place": "The bar by the station", "how": "otherwise",
                     "words": "Walks the other way.", "stands": "done"},
        "mutual-help": {"offer": "group", "step": "not_now", "words": "Not the time."},
        "conjoint": {"plan": plan, "came": "yes", "raised": "Who wants what on Sundays.", "agreed": "To eat together.",
                     "client_after": "Lighter.", "next_step": "See how Sunday goes."},
        "went": {"about": earlier, "outcome": "not_yet", "words": "He was away."},
        "lapse": {"use_episode_id": None, "on": DAY, "overdose": "no", "withdrawal": "no", "suicide": "no",
                  "driving": "yes", "children": "", "relationships": people, "chain": "A row, then the walk.",
                  "feeling": "Shame.", "place": "The bar.", "analysis": None, "stopped_by": "Rang her sister.",
                  "to_tell": "Tell M. on Sunday.", "plan_change": "Another way home.", "learned": "Silence first.",
                  "shame_named": "yes"},
        "midcourse": {"focus_right": "yes", "focus_words": "", "adequate": "no", "words": "Slower than hoped."},
        "plan-b": {"choices": ["medication", "cm"], "reason": "Mood has not moved.", "decided_on": DAY},
    }  # fmt: skip
    return found[kind]


def make(
    kind: str,
    encounter: Encounter,
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID | None = None,
    revision: int = 0,
    **changes: Any,
) -> SessionRecord:
    """A record of this kind, through its action."""
    somebody = Relationship.objects.filter(client=encounter.client_id).first()
    earlier = None
    if kind == "went" and "about" not in changes:
        earlier = RolePlay.objects.filter(encounter__episode=encounter.episode_id).first()
        if earlier is None:
            made = make("role-play", encounter, by=by, at=at)
            earlier = RolePlay.objects.get(pk=made.pk)
    plan = None
    if kind == "conjoint" and "plan" not in changes:
        plan = a_plan(encounter, by=by, at=at)
    filled = values(kind, somebody=somebody, earlier=earlier, plan=plan) | changes
    return KEEP[kind](by=by, at=at, encounter=encounter, key=key or uuid.uuid4(), revision=revision, **filled)

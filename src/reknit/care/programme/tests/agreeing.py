"""An agreement of Cleo's, made through the actions, for the tests that need one."""

import datetime as dt
from typing import Any

from tests.cast import Cast

from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.models import Amendment, Contract, CourseFact, Episode
from reknit.care.programme.terms import GoalDraft

LADDER = {
    -2: "I ring nobody.",
    -1: "I ring once and hang up.",
    0: "I ring my sister once a week.",
    1: "I ring twice a week.",
    2: "She rings me too.",
}
TERMS: dict[str, Any] = {
    "substance_goal": "reduce",
    "substance_goal_words": "Not on weekdays.",
    "lapse_plan": "I ring Ana the next day.",
    "afterwards": "We look back and choose.",
}


def a_goal(position: int = 1, **more: Any) -> GoalDraft:
    """One whole goal."""
    said = {"words": f"Talk to my sister {position}", "levels": LADDER, "baseline": -1, **more}
    return GoalDraft(position=position, **said)


def a_draft(cast: Cast, at: dt.datetime, *, goals: int = 1, **terms: Any) -> Contract:
    """A draft with words and goals in it."""
    draft = actions.begin_contract(by=cast.ana, at=at, episode=cast.cleo_episode)
    draft = actions.save_contract(
        by=cast.ana, at=at, contract=draft, revision=draft.revision, terms={**TERMS, **terms}
    )
    written = [a_goal(number + 1) for number in range(goals)]
    return actions.set_goals(by=cast.ana, at=at, contract=draft, revision=draft.revision, goals=written)


def witnessed(cast: Cast, at: dt.datetime, draft: Contract) -> Contract:
    """The draft, agreed aloud with Ana and a colleague."""
    return actions.agree_contract(
        by=cast.ana, at=at, contract=draft, revision=draft.revision, how="witnessed",
        words="Yes, that is right.", witness="Fay Test",
    )  # fmt: skip


def an_agreement(cast: Cast, at: dt.datetime, *, goals: int = 1, **terms: Any) -> Contract:
    """An agreement that holds."""
    agreed = witnessed(cast, at, a_draft(cast, at, goals=goals, **terms))
    cast.cleo_episode.refresh_from_db()
    return agreed


def ends_on(cast: Cast) -> dt.date:
    """The ending date of Cleo's course, as it stands now."""
    found = Episode.objects.get(pk=cast.cleo_episode.pk).ends_on
    assert found
    return found


def facts(episode: Episode) -> dict[str, Any]:
    """The standing facts of a course, the latest of each kind."""
    rows = CourseFact.objects.filter(episode=episode, withdrawn_at=None).order_by("at", "pk")
    return {fact.kind: fact.value for fact in rows}


def revised(cast: Cast, at: dt.datetime, **terms: Any) -> Contract:
    """A second version, agreed."""
    draft = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work changed.")
    draft = actions.save_contract(by=cast.ana, at=at, contract=draft, revision=0, terms=terms)
    return witnessed(cast, at, draft)


def moved(cast: Cast, at: dt.datetime, *, weeks: int = 2, **more: Any) -> Amendment:
    """The ending date of Cleo's course, moved."""
    said = {"why": "Two weeks in hospital.", "client_agreed": "room", **more}
    to = ends_on(cast) + dt.timedelta(weeks=weeks)
    return actions.amend_ending_date(by=cast.ana, at=at, episode=cast.cleo_episode, to=to, **said)


def asked(cast: Cast, at: dt.datetime, *, sessions: int = 4, **more: Any) -> Amendment:
    """An extension, asked for by Ana."""
    said = {"reason": "partial_response", "why": "The row with her sister is half solved.", **more}
    return actions.extend_course(
        by=cast.ana, at=at, episode=cast.cleo_episode, sessions=sessions, client_agreed="room",
        ends_on=ends_on(cast) + dt.timedelta(weeks=sessions), **said,
    )  # fmt: skip

"""What an agreement says, as it is written and checked: its terms, its goals, and what has to be there to agree."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.base.fields import no_control_characters
from reknit.core.programme.contract import latest_ending, sessions_allowed
from reknit.core.programme.goals import LEVELS, MOST_GOALS
from reknit.core.programme.template import template
from reknit.core.substance_use.catalogue import SUBSTANCES

from .models import Contract, Episode, Goal

FIXED_LATER = ("planned_sessions", "ends_on")  # after the first version these change by an amendment only
TERMS = (
    *FIXED_LATER, "session_minutes", "cadence_days", "place", "miss_rule", "misses_that_roll",
    "late_cancel_hours", "afterwards", "substance_goal", "substance", "substance_goal_words",
    "substance_goal_on", "lapse_plan",
)  # fmt: skip
LONGEST_COURSE = dt.timedelta(days=2 * 366)
LINE = 400


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """One goal as written. Half a goal may be saved; it has to be whole, or gone, before the agreement is agreed."""

    position: int
    words: str = ""
    observable: str = ""
    levels: Mapping[int, str] | None = None
    baseline: int | None = None
    kind: str = Goal.Kind.INTERPERSONAL
    focus: uuid.UUID | None = None

    @property
    def sentences(self) -> dict[str, str]:
        """The sentences written so far, by level."""
        return {str(level): text.strip() for level, text in (self.levels or {}).items() if text.strip()}

    @property
    def is_empty(self) -> bool:
        """Nothing was written: there is no such goal."""
        return not (self.words.strip() or self.observable.strip() or self.sentences)


def terms_of(contract: Contract) -> dict[str, Any]:
    """The terms as they stand."""
    return {name: getattr(contract, name) for name in TERMS}


def clean_terms(contract: Contract, terms: Mapping[str, Any]) -> dict[str, Any]:
    """Terms as they may be kept in a draft, or the reason why not."""
    if unknown := set(terms) - set(TERMS):
        raise TypeError(f"Not terms of an agreement: {sorted(unknown)}")
    kept = {**terms_of(contract), **terms}
    if contract.version > 1 and any(kept[name] != getattr(contract, name) for name in FIXED_LATER):
        raise DomainError(
            _("The ending date and the number of sessions change by an amendment, not here."), field="ends_on"
        )
    for name, most in (("afterwards", 2000), ("substance_goal_words", 1000), ("lapse_plan", 2000)):
        kept[name] = sentence(kept[name], field=name, most=most, required=False)
    _check_numbers(kept)
    _check_choices(kept)
    if kept["substance_goal"] != Contract.SubstanceGoal.NONE_OF_ONE:
        kept["substance"] = ""
    elif kept["substance"] and kept["substance"] not in {one.code for one in SUBSTANCES}:
        raise DomainError(_("Choose the substance from the list."), field="substance")
    return kept


def check_goals(goals: list[GoalDraft]) -> None:
    """Refuse goals that cannot be kept even as a draft."""
    places = [(goal.kind, goal.position) for goal in goals]
    most = {Goal.Kind.INTERPERSONAL: MOST_GOALS, Goal.Kind.SUBSTANCE: 1}
    if len(set(places)) != len(places) or any(
        not 1 <= place <= most[Goal.Kind(kind)] for kind, place in places
    ):
        raise DomainError(_("An agreement has up to three goals with people, and one about use."))
    for goal in goals:
        if set(goal.levels or {}) - set(LEVELS) or goal.baseline not in (None, *LEVELS):
            raise DomainError(_("A goal has the levels from -2 to +2."))
        for text in (goal.words, goal.observable, *(goal.levels or {}).values()):
            sentence(text, field=f"{goal.kind}{goal.position}", required=False)


def check_ready(contract: Contract, episode: Episode, goals: list[Goal], *, today: dt.date) -> None:
    """Refuse to agree to what is not whole. What is only not decided yet is told on the page and not refused."""
    if contract.ends_on is None:
        raise DomainError(_("Set the ending date first."), field="ends_on")
    if contract.substance_goal == Contract.SubstanceGoal.NONE_OF_ONE and not contract.substance:
        raise DomainError(_("Choose the substance that the goal is about."), field="substance")
    if contract.substance_goal_on and contract.substance_goal_on > today:
        raise DomainError(_("The client cannot have said this on a day to come."), field="substance_goal_on")
    for goal in goals:
        if not goal.words or len(goal.levels) != len(LEVELS) or goal.baseline is None:
            raise DomainError(
                _(
                    "A goal is half written: give it words, a sentence for each level and where it stands now."
                ),
                field="goals",
            )
    if contract.version == 1:
        _check_time_limit(contract, episode, contract.ends_on, today=today)
    elif (contract.ends_on, contract.planned_sessions) != (episode.ends_on, episode.planned_sessions):
        raise DomainError(_("The ending date and the number of sessions change by an amendment, not here."))


def sentence(value: str, *, field: str, most: int = LINE, required: bool = True) -> str:
    """Words of one field: trimmed, of a length that fits, with nothing invisible in them."""
    value = value.replace("\r\n", "\n").strip()
    if required and not value:
        raise DomainError(_("Write a few words first."), field=field)
    if len(value) > most:
        raise DomainError(_("This is too long. Keep it under %(n)d characters.") % {"n": most}, field=field)
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error
    return value


def check_new_ending(episode: Episode, to: dt.date, *, today: dt.date) -> None:
    """Refuse an ending date that is over already, or so far away that it is no time limit."""
    if to < max(today, episode.starts_on):
        raise DomainError(_("Choose a day that is not over yet."), field="ends_on")
    if to > episode.starts_on + LONGEST_COURSE:
        raise DomainError(
            _("The ending date is more than two years after the first session. Check it."), field="ends_on"
        )


def _check_time_limit(contract: Contract, episode: Episode, ends_on: dt.date, *, today: dt.date) -> None:
    plan = template(episode.protocol, episode.protocol_version)
    allowed = sessions_allowed(plan)
    if contract.planned_sessions not in allowed:
        raise DomainError(
            _("This protocol plans between %(fewest)d and %(most)d sessions.")
            % {"fewest": allowed[0], "most": allowed[-1]},
            field="planned_sessions",
        )
    check_new_ending(episode, ends_on, today=today)
    latest = latest_ending(plan, episode.starts_on)
    if ends_on > latest:
        raise DomainError(
            _("This protocol ends by %(on)s at the latest. Choose that day or an earlier one.")
            % {"on": date_format(latest, "j F Y")},
            field="ends_on",
        )


def _check_numbers(kept: Mapping[str, Any]) -> None:
    ranges = {
        "planned_sessions": (1, 60), "session_minutes": (5, 480), "cadence_days": (1, 60),
        "misses_that_roll": (0, 10), "late_cancel_hours": (0, 168),
    }  # fmt: skip
    for name, (least, most) in ranges.items():
        if not isinstance(kept[name], int) or not least <= kept[name] <= most:
            raise DomainError(
                _("Write a number from %(least)d to %(most)d.") % {"least": least, "most": most}, field=name
            )
    for name in ("ends_on", "substance_goal_on"):
        if kept[name] and not 2000 <= kept[name].year <= 2200:
            raise DomainError(_("Check the year of this date."), field=name)


def _check_choices(kept: Mapping[str, Any]) -> None:
    lists = {
        "place": Contract.Place, "miss_rule": Contract.MissRule, "substance_goal": Contract.SubstanceGoal,
    }  # fmt: skip
    for name, choices in lists.items():
        if kept[name] not in choices.values:
            raise DomainError(_("Choose one from the list."), field=name)

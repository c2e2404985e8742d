"""Reads of the agreement: the version that holds, its goals with their ratings, and what was changed since."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Prefetch, QuerySet

from reknit.core.programme.contract import largest_extension, misses_that_roll
from reknit.core.programme.goals import LEVELS, GoalScore, t_score

from .models import Amendment, Contract, ContractAnswer, CourseFact, Episode, Goal, GoalRating

State = Contract.State


@dataclass(frozen=True, slots=True)
class Rating:
    """Where one goal stood at one session, in whose words."""

    level: int
    on: dt.date
    slot: int | None
    whose: str


@dataclass(frozen=True, slots=True)
class GoalView:
    """One goal with its scale, from most hoped for to least, and its ratings, earliest first."""

    goal: Goal
    ratings: tuple[Rating, ...]

    @property
    def latest(self) -> Rating | None:
        """The rating that stands."""
        return self.ratings[-1] if self.ratings else None

    @property
    def ladder(self) -> list[tuple[int, str, bool, bool]]:
        """Level, its sentence, whether it was the start, and whether it is where the goal stands now."""
        now = self.latest.level if self.latest else self.goal.baseline
        return [
            (level, self.goal.levels.get(str(level), ""), level == self.goal.baseline, level == now)
            for level in reversed(LEVELS)
        ]

    @property
    def start_words(self) -> str:
        """The sentence of where the client was at the start."""
        return str(self.goal.levels.get(str(self.goal.baseline), ""))

    @property
    def now_words(self) -> str:
        """The sentence of where the client is now, when that was rated."""
        return str(self.goal.levels.get(str(self.latest.level), "")) if self.latest else ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that goals were rated: a level for each goal, `None` where it was not rated, and the T score."""

    on: dt.date | None
    slot: int | None
    whose: str
    levels: tuple[int | None, ...]
    score: GoalScore


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of one course."""

    current: Contract | None
    draft: Contract | None
    earlier: tuple[Contract, ...]
    goals: tuple[GoalView, ...]
    substance_scale: GoalView | None
    occasions: tuple[Occasion, ...]
    amendments: tuple[Amendment, ...]
    answers: tuple[ContractAnswer, ...]

    @property
    def shown(self) -> Contract | None:
        """The version a page shows: the one that holds, else the draft."""
        return self.current or self.draft

    @property
    def waiting(self) -> Amendment | None:
        """The extension that waits for a supervisor."""
        return next((one for one in self.amendments if one.state == Amendment.State.ASKED), None)

    @property
    def is_extended(self) -> bool:
        """Whether the one extension was granted."""
        return any(is_granted(one) for one in self.amendments)


def is_granted(amendment: Amendment) -> bool:
    """Whether this is an extension that a supervisor approved."""
    return amendment.what == Amendment.What.EXTENSION and amendment.state == Amendment.State.AGREED


def agreement_of(episode: Episode) -> Agreement:
    """Everything about the agreement of a course, in five queries however much was rated."""
    goals = Prefetch("goals", Goal.objects.order_by("kind", "position"))
    rows = Contract.objects.filter(episode=episode).prefetch_related(goals, "answers")
    people = ("made_by", "saved_by", "agreed_by", "offered_by")
    versions = list(rows.select_related(*people).order_by("version"))
    current = next((one for one in versions if one.state == State.AGREED), None)
    draft = next((one for one in versions if one.state == State.DRAFT), None)
    shown = current or draft
    views = _views(list(shown.goals.all()) if shown else [])
    with_people = [view for view in views if view.goal.kind == Goal.Kind.INTERPERSONAL]
    amended = Amendment.objects.filter(episode=episode).select_related("asked_by", "answered_by")
    return Agreement(
        current=current,
        draft=draft,
        earlier=tuple(one for one in versions if one.state == State.SUPERSEDED),
        goals=tuple(with_people),
        substance_scale=next((view for view in views if view.goal.kind == Goal.Kind.SUBSTANCE), None),
        occasions=tuple(_occasions(with_people)),
        amendments=tuple(amended.order_by("-number")),
        answers=tuple(sorted(draft.answers.all(), key=lambda one: one.at, reverse=True)) if draft else (),
    )


def agreed_contract(episode: Episode) -> Contract | None:
    """The version that holds."""
    return Contract.objects.filter(episode=episode, state=State.AGREED).first()


def draft_contract(episode: Episode) -> Contract | None:
    """The version being written."""
    rows = Contract.objects.filter(episode=episode, state=State.DRAFT)
    return rows.select_related("episode__client").first()


def goals_of(contract: Contract) -> list[Goal]:
    """The goals of one version, those with people first."""
    return list(Goal.objects.filter(contract=contract).order_by("kind", "position"))


def offered_to(episode: Episode) -> Contract | None:
    """The draft that was shown to the client as it stands."""
    rows = Contract.objects.filter(episode=episode, state=State.DRAFT, offered_at__isnull=False)
    return rows.select_related("episode__client", "offered_by").first()


def is_shown_to_client(episode: Episode) -> bool:
    """Whether the client's pages hold an agreement: one that holds, or a draft that was shown to them."""
    rows = Contract.objects.filter(episode=episode)
    return rows.filter(state=State.AGREED).exists() or rows.filter(offered_at__isnull=False).exists()


def rolls_of(episode: Episode, default: int) -> int | None:
    """How many missed sessions use up no planned session under the agreement; `None` when none ever does."""
    rows = Contract.objects.filter(episode=episode, state=State.AGREED)
    found = rows.values_list("miss_rule", "misses_that_roll").first()
    return misses_that_roll(*found) if found else default  # type: ignore[arg-type]


def slots_held(episode: Episode) -> tuple[int, ...]:
    """Planned sessions used up so far, as the sessions reported them."""
    facts = CourseFact.objects.filter(episode=episode, kind="session", withdrawn_at=None)
    slots = {value.get("slot") for value in facts.values_list("value", flat=True)}
    return tuple(sorted(slot for slot in slots if isinstance(slot, int)))


def most_to_add(episode: Episode) -> int:
    """The most sessions that the one extension may add: a quarter of those in the first version."""
    first = Contract.objects.filter(episode=episode).order_by("version").first()
    return largest_extension(first.planned_sessions) if first else 0


def next_number(episode: Episode) -> int:
    """The number of the next amendment."""
    return (Amendment.objects.filter(episode=episode).aggregate(n=Max("number"))["n"] or 0) + 1


def _views(goals: list[Goal]) -> list[GoalView]:
    """Goals with the ratings of their whole line, over every version of the agreement."""
    found: dict[uuid.UUID, list[Rating]] = {goal.line: [] for goal in goals}
    for line, level, on, slot, whose in _rated(found).values_list(
        "goal__line", "level", "on", "slot", "whose"
    ):
        found[line].append(Rating(level, on, slot, whose))
    return [GoalView(goal, tuple(found[goal.line])) for goal in goals]


def _rated(lines: Iterable[uuid.UUID]) -> QuerySet[GoalRating]:
    return GoalRating.objects.filter(goal__line__in=list(lines)).order_by("on", "at")


def _occasions(goals: list[GoalView]) -> list[Occasion]:
    """The start, then each day and session on which goals were rated; of two ratings the later stands."""
    if not goals:
        return []
    start = tuple(view.goal.baseline for view in goals)
    found = [Occasion(None, None, "", start, t_score(start))]
    times = sorted({(one.on, one.slot or 0, one.whose) for view in goals for one in view.ratings})
    for on, slot, whose in times:
        levels = tuple(_level(view, on, slot, whose) for view in goals)
        found.append(Occasion(on, slot or None, whose, levels, t_score(levels)))
    return found


def _level(view: GoalView, on: dt.date, slot: int, whose: str) -> int | None:
    same = [one for one in view.ratings if (one.on, one.slot or 0, one.whose) == (on, slot, whose)]
    return same[-1].level if same else None

"""Reads of the agreement: the version that holds, its goals with their ratings, and what was changed since."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db.models import Max, Prefetch, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.ui.figures import ScorePoint
from reknit.base.ui.figures.ladder import signed
from reknit.core.programme.contract import largest_extension, misses_that_roll, room_for
from reknit.core.programme.goals import LEVELS, GoalScore, t_score
from reknit.core.substance_use.catalogue import substance

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
    points: tuple[ScorePoint, ...] = ()  # of the figure: the start, then each time that goals were rated

    @property
    def latest(self) -> Rating | None:
        """The rating that stands."""
        return self.ratings[-1] if self.ratings else None

    @property
    def ladder(self) -> list[tuple[str, str, bool, bool]]:
        """Level, its sentence, whether it was the start, and whether it is where the goal stands now."""
        now = self.latest.level if self.latest else None
        return [
            (signed(level), self.goal.levels.get(str(level), ""), level == self.goal.baseline, level == now)
            for level in reversed(LEVELS)
        ]

    @property
    def start_words(self) -> str:
        """The sentence of where the client was at the start."""
        return str(self.goal.levels.get(str(self.goal.baseline), ""))

    @property
    def hoped_words(self) -> str:
        """The sentence of what is hoped for."""
        return str(self.goal.levels.get("0", ""))

    @property
    def now_words(self) -> str:
        """The sentence of where the client is now, when that was rated."""
        return str(self.goal.levels.get(str(self.latest.level), "")) if self.latest else ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that goals were rated: a level for each goal, `None` where it was not, and the T score of those with
    people. The goal about use stands apart from it.
    """

    on: dt.date | None
    slot: int | None
    whose: str
    levels: tuple[int | None, ...]
    score: GoalScore

    @property
    def label(self) -> str:
        """The session it belongs to, else its day; the start has neither."""
        if self.on is None:
            return _("start")
        return str(self.slot) if self.slot else date_format(self.on, "j M")

    @property
    def whose_label(self) -> str:
        """Whose rating it is, in words; the start is nobody's."""
        return str(GoalRating.Whose(self.whose).label) if self.whose else ""

    @property
    def marks(self) -> list[str]:
        """The levels with their signs; an empty one was not rated."""
        return ["" if level is None else signed(level) for level in self.levels]


@dataclass(frozen=True, slots=True)
class ClientView:
    """What a client sees of the agreement: one version, its goals in words, and where they are in the course."""

    contract: Contract
    is_offered: bool
    is_new_version: bool
    answer: ContractAnswer | None
    goals: tuple[GoalView, ...]
    episode: Episode
    slot_latest: int | None
    missed: tuple[int, ...]

    @property
    def planned(self) -> int:
        """How many sessions: as amended for the version that holds, as written for one that is shown."""
        return self.contract.planned_sessions if self.is_first_draft else self.episode.planned_sessions

    @property
    def ends_on(self) -> dt.date | None:
        """The last day, likewise."""
        return self.contract.ends_on if self.is_first_draft else self.episode.ends_on

    @property
    def is_first_draft(self) -> bool:
        """Whether nothing was agreed before."""
        return self.is_offered and not self.is_new_version

    @property
    def slot_next(self) -> int:
        """The number of the next session."""
        return (self.slot_latest or 0) + 1

    @property
    def is_through(self) -> bool:
        """Whether every planned session is behind them."""
        return self.slot_next > self.episode.planned_sessions


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
    def views(self) -> tuple[GoalView, ...]:
        """Every goal of the version shown, the one about use last."""
        return self.goals + ((self.substance_scale,) if self.substance_scale else ())

    @property
    def missing(self) -> list[str]:
        """What the version shown does not say yet: told to staff, and no reason to hold anything up."""
        if self.shown is None:
            return []
        decided = self.shown.substance_goal != Contract.SubstanceGoal.NOT_DECIDED
        wanted = {
            _("the ending date"): bool(self.shown.ends_on),
            _("a goal with people"): bool(self.goals),
            _("the goal about use"): decided,
            _("what to do if there is a lapse"): bool(self.shown.lapse_plan),
            _("what happens after the last session"): bool(self.shown.afterwards),
        }
        return [name for name, is_said in wanted.items() if not is_said]

    @property
    def substance(self) -> str:
        """The one substance that the goal about use names."""
        return substance_words(self.shown) if self.shown else ""

    @property
    def waiting(self) -> Amendment | None:
        """The extension that waits for a supervisor."""
        return next((one for one in self.amendments if one.state == Amendment.State.ASKED), None)

    @property
    def is_extended(self) -> bool:
        """Whether the one extension was granted."""
        return any(is_granted(one) for one in self.amendments)


def substance_words(contract: Contract) -> str:
    """The one substance that the goal about use names, in words."""
    return substance(contract.substance).label if contract.substance else ""


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
    views, occasions = _views(list(shown.goals.all()) if shown else [])
    with_people = [view for view in views if view.goal.kind == Goal.Kind.INTERPERSONAL]
    amended = Amendment.objects.filter(episode=episode).select_related("asked_by", "answered_by")
    return Agreement(
        current=current,
        draft=draft,
        earlier=tuple(one for one in versions if one.state == State.SUPERSEDED),
        goals=tuple(with_people),
        substance_scale=next((view for view in views if view.goal.kind == Goal.Kind.SUBSTANCE), None),
        occasions=tuple(occasions),
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


def client_view(episode: Episode, offered: Contract | None) -> ClientView | None:
    """The version shown to the client to answer, else the one that holds, else nothing."""
    current = agreed_contract(episode)
    shown = offered or current
    if shown is None:
        return None
    used = slots_used(episode)
    said = ContractAnswer.objects.filter(contract=shown, revision=shown.revision).order_by("at")
    return ClientView(
        contract=shown,
        is_offered=offered is not None,
        is_new_version=offered is not None and current is not None,
        answer=said.last() if offered else None,
        goals=tuple(goal_views(shown)),
        episode=episode,
        slot_latest=max(used, default=None),
        missed=tuple(slot for slot, outcome in sorted(used.items()) if outcome != "attended"),
    )


def goal_views(contract: Contract) -> list[GoalView]:
    """The goals of one version with their ratings."""
    return _views(goals_of(contract))[0]


def is_shown_to_client(episode: Episode) -> bool:
    """Whether the client's pages hold an agreement: one that holds, or a draft that was shown to them."""
    shown = Q(state=State.AGREED) | Q(offered_at__isnull=False)
    return Contract.objects.filter(shown, episode=episode).exists()


def rolls_of(episode: Episode, default: int) -> int | None:
    """How many missed sessions use up no planned session under the agreement; `None` when none ever does."""
    rows = Contract.objects.filter(episode=episode, state=State.AGREED)
    found = rows.values_list("miss_rule", "misses_that_roll").first()
    return misses_that_roll(*found) if found else default  # type: ignore[arg-type]


def slots_used(episode: Episode) -> dict[int, str]:
    """Planned sessions used up so far and what became of each, as the sessions reported them."""
    facts = CourseFact.objects.filter(episode=episode, kind="session", withdrawn_at=None)
    values = facts.values_list("value", flat=True)
    return {one["slot"]: str(one.get("outcome", "")) for one in values if isinstance(one.get("slot"), int)}


def room_left(contract: Contract, episode: Episode, *, today: dt.date) -> int | None:
    """How many sessions fit in all when they do not all fit until the ending date, at the gap agreed; else nothing.

    It is told and not refused: sessions may come closer together for a while.
    """
    if contract.ends_on is None:
        return None
    held = max(slots_used(episode), default=0)
    start = max(today, episode.starts_on)
    fit = held + (
        room_for(start, contract.ends_on, contract.cadence_days) if contract.ends_on >= start else 0
    )
    return fit if fit < contract.planned_sessions else None


def most_to_add(episode: Episode) -> int:
    """The most sessions that the one extension may add: a quarter of those in the first version."""
    first = Contract.objects.filter(episode=episode).order_by("version").first()
    return largest_extension(first.planned_sessions) if first else 0


def next_number(episode: Episode) -> int:
    """The number of the next amendment."""
    return (Amendment.objects.filter(episode=episode).aggregate(n=Max("number"))["n"] or 0) + 1


def _views(goals: list[Goal]) -> tuple[list[GoalView], list[Occasion]]:
    """Goals with the ratings of their whole line, over every version of the agreement, and when they were rated."""
    found: dict[uuid.UUID, list[Rating]] = {goal.line: [] for goal in goals}
    rows = GoalRating.objects.filter(goal__line__in=list(found)).order_by("on", "at")
    for line, level, on, slot, whose in rows.values_list("goal__line", "level", "on", "slot", "whose"):
        found[line].append(Rating(level, on, slot, whose))
    views = [GoalView(goal, tuple(found[goal.line])) for goal in goals]
    occasions = _occasions(views)
    return [replace(view, points=_points(occasions, place)) for place, view in enumerate(views)], occasions


def _occasions(views: list[GoalView]) -> list[Occasion]:
    """The start, then each day and session on which goals were rated; of two ratings the later stands."""
    if not views:
        return []
    found = [_occasion(views, None, 0, "", [view.goal.baseline for view in views])]
    for on, slot, whose in sorted({_when(one) for view in views for one in view.ratings}):
        found.append(_occasion(views, on, slot, whose, [_level(view, (on, slot, whose)) for view in views]))
    return found


def _occasion(
    views: list[GoalView], on: dt.date | None, slot: int, whose: str, levels: list[int | None]
) -> Occasion:
    with_people = [
        level for view, level in zip(views, levels, strict=True) if view.goal.kind == Goal.Kind.INTERPERSONAL
    ]
    return Occasion(on, slot or None, whose, tuple(levels), t_score(with_people))


def _points(occasions: list[Occasion], place: int) -> tuple[ScorePoint, ...]:
    return tuple(
        ScorePoint(one.label, one.levels[place], "measured" if one.on else "remembered") for one in occasions
    )


def _when(rating: Rating) -> tuple[dt.date, int, str]:
    return rating.on, rating.slot or 0, rating.whose


def _level(view: GoalView, when: tuple[dt.date, int, str]) -> int | None:
    same = [one for one in view.ratings if _when(one) == when]
    return same[-1].level if same else None

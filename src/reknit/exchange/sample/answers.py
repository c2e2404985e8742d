"""Answers on sheets: a course of totals, and item answers that add up to each of them."""

import math
import random
from enum import StrEnum, auto

ITEM9 = "phq9_9"
MOOD_ITEMS = tuple(f"phq9_{number}" for number in range(1, 9))  # all but the critical one
WORRY_ITEMS = tuple(f"gad7_{number}" for number in range(1, 8))
CHECKIN_ITEMS = tuple(f"checkin_{number}" for number in range(1, 9))
MOST = 3  # the highest answer of an item of PHQ-9 and GAD-7
COURSE = 16


class Trend(StrEnum):
    """Where a course of scores goes."""

    IMPROVES = auto()
    STAYS = auto()
    WORSENS = auto()


# Most people get better in such courses, some stay where they were, a few get worse.
TRENDS = (
    Trend.IMPROVES,
    Trend.IMPROVES,
    Trend.STAYS,
    Trend.IMPROVES,
    Trend.WORSENS,
    Trend.IMPROVES,
    Trend.STAYS,
)


class Person:
    """How one person tends to answer: level, direction, and which items weigh most."""

    def __init__(self, rng: random.Random, trend: Trend) -> None:
        self._rng = rng
        self.trend = trend
        start = rng.randint(12, 20)
        self.start, self.end = start, _end(rng, trend, start)
        self._weights = {item: rng.uniform(0.5, 1.6) for item in (*MOOD_ITEMS, *WORRY_ITEMS)}
        self._alliance = rng.uniform(5.5, 7.5)

    def level(self, session: int) -> float:
        """The expected total at a session: most of the change comes early, as it does in treatment."""
        way = (1 - math.exp(-session / 5)) / (1 - math.exp(-COURSE / 5))
        return self.start + (self.end - self.start) * way

    def mood(self, session: int, *, item9: int | None = 0) -> dict[str, int | None]:
        """A PHQ-9 sheet."""
        total = round(self.level(session) + self._rng.gauss(0, 1.3))
        answers: dict[str, int | None] = {**self._spread(MOOD_ITEMS, total)}
        answers[ITEM9] = item9
        answers["phq9_difficulty"] = min(MOST, max(0, total // 6))
        return answers

    def worry(self, session: int) -> dict[str, int | None]:
        """A GAD-7 sheet; worry moves with mood, a little lower."""
        return {**self._spread(WORRY_ITEMS, round(self.level(session) * 0.75 + self._rng.gauss(0, 1.3)))}

    def check_in(self, session: int) -> dict[str, int | None]:
        """A session check-in; working together mostly grows."""
        level = self._alliance + 1.5 * session / COURSE - (1 if self.trend is Trend.WORSENS else 0)
        return {item: max(0, min(10, round(self._rng.gauss(level, 1)))) for item in CHECKIN_ITEMS}

    def _spread(self, items: tuple[str, ...], total: int) -> dict[str, int]:
        """Item answers that add up to a total, the weightier items first."""
        answers = dict.fromkeys(items, 0)
        for _point in range(max(0, min(total, MOST * len(items)))):
            open_items = [item for item in items if answers[item] < MOST]
            weights = [self._weights[item] for item in open_items]
            answers[self._rng.choices(open_items, weights)[0]] += 1
        return answers


def _end(rng: random.Random, trend: Trend, start: int) -> float:
    if trend is Trend.IMPROVES:
        return start * rng.uniform(0.2, 0.45)
    if trend is Trend.STAYS:
        return start + rng.uniform(-2, 2)
    return min(21, start + rng.uniform(2, 5))


def left_blank(answers: dict[str, int | None], items: int, rng: random.Random) -> dict[str, int | None]:
    """The same PHQ-9 sheet with some items not answered; never the critical one."""
    return {**answers, **dict.fromkeys(rng.sample(MOOD_ITEMS, items), None)}

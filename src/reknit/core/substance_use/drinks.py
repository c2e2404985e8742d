"""Drinks in grams of ethanol, heavy days, and the risk levels of the World Health Organization.

Sources: grams of a standard drink: United States 14 (NIAAA), United Kingdom unit 8, World Health Organization and AUDIT 10;
density of ethanol 0.789 g/ml. Heavy drinking day: NIAAA, five drinks for men and four for women, that is 70 and 56 g.
Risk levels: World Health Organization, by mean grams a day; qualified by the FDA as an endpoint in 2025.
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import BadInput

Unit = Literal["us", "uk", "who", "grams", "count"]
Level = Literal["abstinent", "low", "moderate", "high", "very_high"]

GRAMS: Final[dict[str, float]] = {"us": 14.0, "uk": 8.0, "who": 10.0, "grams": 1.0}
"""Grams of ethanol in one of each unit. A count (of tablets, of times) has none."""
DENSITY: Final = 0.789
HEAVY_MEN: Final = 70.0
HEAVY_LOWER: Final = 56.0
"""Grams that make a day heavy: women, and whoever's sex is not known, by the lower limit."""
HEAVY_AGE: Final = 65
"""Above this age the lower limit holds for everybody."""
LEVELS: Final[tuple[Level, ...]] = ("abstinent", "low", "moderate", "high", "very_high")
LIMITS_MEN: Final = (40.0, 60.0, 100.0)
LIMITS_LOWER: Final = (20.0, 40.0, 60.0)


def ethanol_grams(millilitres: float, percent: float) -> float:
    """Grams of ethanol in a drink: ``ml * ABV% / 100 * 0.789``.

    >>> round(ethanol_grams(330, 5), 2)
    13.02
    """
    if millilitres < 0 or not 0 <= percent <= 100:
        raise BadInput("A drink has a volume of zero or more and a strength from 0 to 100 %.")
    return millilitres * percent / 100 * DENSITY


def in_grams(amount: float, unit: Unit) -> float:
    """An amount in grams of ethanol. Raises `BadInput` for a count.

    >>> in_grams(5, "us"), in_grams(7, "uk")
    (70.0, 56.0)
    """
    if unit not in GRAMS:
        raise BadInput("A count of something has no grams of ethanol.")
    return amount * GRAMS[unit]


def in_units(grams: float, unit: Unit) -> float:
    """Grams of ethanol in a unit to show. Raises `BadInput` for a count.

    >>> in_units(14, "us"), in_units(14, "uk"), in_units(14, "who")
    (1.0, 1.75, 1.4)
    """
    if unit not in GRAMS:
        raise BadInput("A count of something has no grams of ethanol.")
    return grams / GRAMS[unit]


def heavy_limit(*, is_man: bool | None, age: int | None = None) -> float:
    """Grams from which a day is heavy: 70 for men, 56 for women, for whoever's sex is not known, and above 65 years.

    Five and four United States drinks (NIAAA); the age is that of the Brief Addiction Monitor. A setting that the client
    can see, compared in grams: five is not a number to put beside units of 8 g. Raises `BadInput` for an age below zero.

    >>> heavy_limit(is_man=True), heavy_limit(is_man=True, age=66), heavy_limit(is_man=None)
    (70.0, 56.0, 56.0)
    """
    if age is not None and age < 0:
        raise BadInput("An age is zero or more.")
    return HEAVY_MEN if is_man and (age is None or age <= HEAVY_AGE) else HEAVY_LOWER


def risk_level(grams_per_day: float, *, is_man: bool = False) -> Level:
    """Risk level by mean grams a day: men to 40, 60, 100; women, and sex not known, to 20, 40, 60. None is abstinent.

    >>> risk_level(45, is_man=True), risk_level(45), risk_level(0)
    ('moderate', 'high', 'abstinent')
    """
    return LEVELS[int(risk_ranks(np.array([grams_per_day]), np.array([is_man]))[0])]


def risk_ranks(grams_per_day: NDArray[np.float64], is_man: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Ranks of risk levels, 0 abstinent to 4 very high; -1 where grams are not known.

    >>> risk_ranks(np.array([0.0, 40.0, 40.0, np.nan]), np.array([True, True, False, True])).tolist()
    [0, 1, 2, -1]
    """
    limits = np.where(is_man[:, None], np.array(LIMITS_MEN), np.array(LIMITS_LOWER))
    ranks = 1 + (grams_per_day[:, None] > limits + 1e-9).sum(axis=1)
    return np.where(np.isnan(grams_per_day), -1, np.where(grams_per_day > 0, ranks, 0)).astype(np.int8)


def has_reduced(before: Level, after: Level, *, levels: int, or_abstinent: bool = False) -> bool:
    """Whether risk fell by at least so many levels; with `or_abstinent`, reaching abstinence counts as well.

    Somebody who starts at low cannot fall by two without `or_abstinent`, so say which was used.

    >>> has_reduced("high", "low", levels=2), has_reduced("low", "abstinent", levels=2)
    (True, False)
    >>> has_reduced("low", "abstinent", levels=2, or_abstinent=True)
    True
    """
    if levels < 1:
        raise BadInput("A reduction is by one level or more.")
    fell = LEVELS.index(before) - LEVELS.index(after)
    return fell >= levels or (or_abstinent and after == "abstinent" and before != "abstinent")

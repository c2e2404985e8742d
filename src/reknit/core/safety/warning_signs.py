"""Warning signs: which of the signs a client chose have moved, and what single studies found, as context.

A panel counts; it computes no probability for a person, and nothing here does. The levels are a rule of thumb of this
project, to be logged with what came of it. What is not known is grey: it is neither moved nor unmoved. Nothing follows by
itself, and a client can stop the watching. Charts of a client's own entries are in `charts`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput

Tier = Literal["models", "review", "suggested"]
Level = Literal["no_data", "quiet", "worth_a_conversation", "contact_within_a_day"]

_PACKAGE = "reknit.core.safety"
STRONG_URGE, URGE_RISE, CONFIDENCE_DROP, POOR_NIGHTS, MISSED_CHECK_INS = 7, 2, 2, 4, 2
CONVERSATION, CONTACT = 2, 4
"""Signs moved that make it worth a conversation, and worth contact within a day: a rule of thumb."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: what it says, when it has moved, and what stands behind its theme."""

    key: str
    sentence: str
    rule: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class Week:
    """What is known of a client's past week. None is not known, everywhere.

    Urges and confidence are 0 to 10. `own_urge` is the client's own median of strongest urges.
    """

    use_days: int | None = None
    strongest_urge: float | None = None
    own_urge: float | None = None
    confidence: float | None = None
    confidence_before: float | None = None
    mood_reliably_worse: bool | None = None
    poor_nights: int | None = None
    risky_days: int | None = None
    risky_days_before: int | None = None
    supportive_days: int | None = None
    supportive_days_before: int | None = None
    missed_session: bool | None = None
    missed_check_ins: int | None = None
    check_in: float | None = None
    check_in_before: float | None = None
    new_event: bool | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The chosen signs in three heaps. `level` is a rule of thumb, and with something unknown a lower limit."""

    moved: tuple[Sign, ...]
    unmoved: tuple[Sign, ...]
    not_known: tuple[Sign, ...]
    level: Level

    @property
    def count(self) -> int:
        """How many moved; with something unknown, at least so many."""
        return len(self.moved)


def panel(week: Week, chosen: Sequence[str]) -> Panel:
    """Which of the chosen signs moved. 0 or 1 is quiet; 2 or 3 worth a conversation; 4, or use and one other, contact
    within a day (measures catalogue 6.2). Raises `BadInput` for a sign that does not exist or is chosen twice.

    >>> found = panel(Week(use_days=1, strongest_urge=8, poor_nights=2), ["use", "urge", "sleep", "mood"])
    >>> [sign.key for sign in found.moved], [sign.key for sign in found.not_known], found.level
    (['use', 'urge'], ['mood'], 'contact_within_a_day')
    """
    if unknown := [key for key in chosen if key not in SIGNS]:
        raise BadInput(f"There is no warning sign called '{unknown[0]}'.")
    if len(set(chosen)) != len(chosen):
        raise BadInput("A warning sign is chosen twice.")
    answers = {key: _RULES[key](week) for key in chosen}
    heaps = [tuple(SIGNS[key] for key in chosen if answers[key] is kind) for kind in (True, False, None)]
    moved, unmoved, not_known = heaps
    return Panel(
        moved, unmoved, not_known, _level([sign.key for sign in moved], known=bool(moved or unmoved))
    )


def _level(moved: Sequence[str], *, known: bool) -> Level:
    if not known:
        return "no_data"
    if len(moved) >= CONTACT or ("use" in moved and len(moved) > 1):
        return "contact_within_a_day"
    return "worth_a_conversation" if len(moved) >= CONVERSATION else "quiet"


def _urge(week: Week) -> bool | None:
    if week.strongest_urge is None:
        return None
    if week.strongest_urge >= STRONG_URGE:
        return True
    return None if week.own_urge is None else week.strongest_urge >= week.own_urge + URGE_RISE


def _confidence(week: Week) -> bool | None:
    if week.confidence is None or week.confidence_before is None:
        return None
    return week.confidence_before - week.confidence >= CONFIDENCE_DROP


def _missed(week: Week) -> bool | None:
    many = None if week.missed_check_ins is None else week.missed_check_ins >= MISSED_CHECK_INS
    if week.missed_session or many:
        return True
    return None if week.missed_session is None or many is None else False


def _fell(now: float | None, before: float | None) -> bool | None:
    return None if now is None or before is None else now < before


_RULES: Final[Mapping[str, Callable[[Week], bool | None]]] = MappingProxyType(
    {
        "use": lambda week: None if week.use_days is None else week.use_days > 0,
        "urge": _urge,
        "confidence": _confidence,
        "mood": lambda week: week.mood_reliably_worse,
        "sleep": lambda week: None if week.poor_nights is None else week.poor_nights >= POOR_NIGHTS,
        "risky_days": lambda week: _fell(week.risky_days_before, week.risky_days),
        "supportive_days": lambda week: _fell(week.supportive_days, week.supportive_days_before),
        "missed": _missed,
        "check_in": lambda week: _fell(week.check_in, week.check_in_before),
        "event": lambda week: week.new_event,
    }
)


# What single studies found


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Of people with a score in a range, in one study, so many of a hundred; one number a column of the table."""

    low: int
    high: int
    percent: tuple[int, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table of one study: who, how many, when. `rows` leaves out what nobody has read in the source."""

    key: str
    title: str
    study: str
    year: int
    n: int
    population: str
    population_verified: bool
    columns: tuple[str, ...]
    every_row: tuple[PublishedRow, ...]

    @property
    def rows(self) -> tuple[PublishedRow, ...]:
        """Rows that were read in the source: only these may be shown."""
        return tuple(row for row in self.every_row if row.verified)

    @property
    def context(self) -> str:
        """The words that stand above the table wherever it is shown."""
        return f"In one study of {self.n} people ({self.population}), {self.year}. It says nothing about one person."


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding without figures, since none could be verified."""

    key: str
    sentence: str
    note: str
    population_verified: bool


def _sign(table: Table) -> Sign:
    tiers: dict[str, Tier] = {"models": "models", "review": "review", "suggested": "suggested"}
    return Sign(
        table.text("key"),
        table.text("sentence"),
        table.text("rule"),
        tiers[table.choice("tier", tuple(tiers))],
    )


def _table(table: Table) -> PublishedTable:
    rows = tuple(
        PublishedRow(
            row.whole("low"), row.whole("high"), row.wholes("percent"), row.flag("verified", default=False)
        )
        for row in table.tables("rows")
    )
    columns = table.texts("columns")
    if any(len(row.percent) != len(columns) or row.low > row.high for row in rows):
        table.refuse("every row needs a range and a percentage for each column.")
    return PublishedTable(
        key=table.text("key"),
        title=table.text("title"),
        study=table.text("study"),
        year=table.whole("year"),
        n=table.whole("n"),
        population=table.text("population"),
        population_verified=table.flag("population_verified", default=False),
        columns=columns,
        every_row=rows,
    )


def _finding(table: Table) -> Finding:
    verified = table.flag("population_verified", default=False)
    return Finding(table.text("key"), table.text("sentence"), table.text("note"), verified)


_signs, _published = read_table(_PACKAGE, "warning_signs.toml"), read_table(_PACKAGE, "published.toml")
SIGNS: Final[Mapping[str, Sign]] = MappingProxyType(
    {one.text("key"): _sign(one) for one in _signs.tables("signs")}
)
TIERS: Final[Mapping[str, str]] = MappingProxyType(
    {one.text("key"): one.text("words") for one in _signs.tables("sources")}
)
"""What each tier of evidence stands for, in a sentence to show beside it."""
PUBLISHED: Final = tuple(_table(one) for one in _published.tables("tables"))
FINDINGS: Final = tuple(_finding(one) for one in _published.tables("findings"))

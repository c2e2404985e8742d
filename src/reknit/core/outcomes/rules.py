"""The rules for reliable change, read from `rules.toml`."""

from dataclasses import dataclass
from functools import cache
from math import sqrt

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput, UnknownRule

Z_95 = 1.96
"""Two-sided 95 per cent point of the normal distribution (Jacobson & Truax 1991)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChangeRule:
    """One way to say that two scores differ by more than measurement error.

    Either `points` (a fixed number of points, reached or passed) or `sd` and `r` (Jacobson-Truax with
    `z`). `cutoff` parts clinical from non-clinical; a score at the cut-off is clinical.
    """

    id: str
    label: str
    population: str
    source: str
    measure_id: str | None = None
    points: float | None = None
    sd: float | None = None
    r: float | None = None
    r_type: str | None = None
    z: float = Z_95
    cutoff: float | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.points is None and (self.sd is None or self.r is None):
            raise BadInput(f"The rule '{self.id}' needs either points, or a standard deviation and r.")
        if self.sd is not None and self.sd <= 0 or self.r is not None and not 0 <= self.r < 1:
            raise BadInput(f"The rule '{self.id}' needs a positive standard deviation and r below 1.")

    @property
    def sem(self) -> float | None:
        """Standard error of measurement: SD * sqrt(1 - r), in points.

        >>> ReliableChangeRule(id="x", label="", population="", source="", sd=5, r=0.84).sem
        2.0
        """
        return None if self.sd is None or self.r is None else self.sd * sqrt(1 - self.r)

    @property
    def sdiff(self) -> float | None:
        """Standard error of a difference of two scores: sqrt(2) * SEM, in points.

        >>> round(ReliableChangeRule(id="x", label="", population="", source="", sd=5, r=0.84).sdiff, 4)
        2.8284
        """
        return None if self.sem is None else sqrt(2) * self.sem

    @property
    def threshold(self) -> float:
        """Smallest difference that counts as reliable, in points: `points`, or z * Sdiff.

        >>> round(rule("phq-9", "jacobson-truax-retest").threshold, 2)
        6.1
        """
        if self.points is not None:
            return self.points
        return self.z * (self.sdiff or 0.0)


@cache
def rules(measure_id: str) -> tuple[ReliableChangeRule, ...]:
    """All rules of a measure, the default first; empty when it has none.

    >>> [one.id for one in rules("phq-9")][0], rules("no-such-measure")
    ('english-services-6', ())
    """
    table = read_table("reknit.core.outcomes", "rules.toml")
    return tuple(_rule(one) for one in table.tables("rules") if one.text("measure") == measure_id)


def rule(measure_id: str, rule_id: str | None = None) -> ReliableChangeRule:
    """The named rule of a measure, or its default. Raises `UnknownRule`.

    >>> rule("phq-9").id
    'english-services-6'
    """
    for one in rules(measure_id):
        if rule_id in (None, one.id):
            return one
    wanted = "" if rule_id is None else f" called '{rule_id}'"
    raise UnknownRule(f"There is no reliable change rule{wanted} for the measure '{measure_id}'.")


def _rule(table: Table) -> ReliableChangeRule:
    return ReliableChangeRule(
        id=table.text("id"),
        measure_id=table.text("measure"),
        label=table.text("label"),
        points=table.optional_number("points"),
        sd=table.optional_number("sd"),
        r=table.optional_number("r"),
        r_type=table.optional_text("r_type"),
        z=table.optional_number("z") or Z_95,
        cutoff=table.optional_number("cutoff"),
        population=table.text("population"),
        source=table.text("source"),
        note=table.optional_text("note"),
    )

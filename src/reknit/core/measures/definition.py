"""The shape of an instrument: frozen dataclasses that the definition files are read into."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher_worse", "higher_better"]
MissingKind = Literal["mean_substitution", "none"]
ScoringMethod = Literal["sum", "mean"]


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One answer a person can give: its value, a key for the wording, its LOINC answer code."""

    value: int
    key: str
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `options` is empty unless it differs from the measure's own options."""

    id: str
    number: int
    topic: str
    scored: bool = True
    loinc: str | None = None
    options: tuple[ResponseOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of the total, both ends included, with the people it was drawn from."""

    key: str
    label: str
    low: int
    high: int
    source: str
    population: str


@dataclass(frozen=True, slots=True)
class CriticalItem:
    """An answer that needs a person whatever the total. Reasons are keys of `core.safety`."""

    item: str
    at_least: int
    reason: str
    blank_reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """One published reliability with the spread it belongs to; `r_type` names the kind."""

    sd: float
    r: float
    r_type: str
    population: str
    source: str


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of the wording. `text_shippable` says if the words may travel with the software."""

    status: str
    holder: str
    notice: str
    url: str
    checked_on: str
    text_shippable: bool


@dataclass(frozen=True, slots=True)
class MissingRule:
    """How many scored items may be blank before there is no total."""

    kind: MissingKind
    max_missing: int
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """An instrument, complete apart from its words (see `catalogue.wording`).

    `version` changes whenever a score or band could come out differently, and is kept with each
    score, so that a later change never re-labels an older result.
    """

    id: str
    version: str
    title: str
    short_title: str
    recall_days: int | None
    direction: Direction
    scoring: ScoringMethod
    items: tuple[Item, ...]
    options: tuple[ResponseOption, ...]
    missing: MissingRule
    bands: tuple[Band, ...]
    critical: tuple[CriticalItem, ...]
    reliability: tuple[Reliability, ...]
    licence: Licence
    score_range: tuple[int, int]
    pack: str
    loinc_panel: str | None = None
    loinc_total: str | None = None
    validated: bool = True
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that enter the total, in order."""
        return tuple(item for item in self.items if item.scored)

    def item(self, item_id: str) -> Item | None:
        """The item of this id, or nothing."""
        return next((item for item in self.items if item.id == item_id), None)

    def options_for(self, item: Item) -> tuple[ResponseOption, ...]:
        """The answers that may be given to this item."""
        return item.options or self.options

    def band(self, key: str) -> Band | None:
        """The band of this key, or nothing."""
        return next((band for band in self.bands if band.key == key), None)

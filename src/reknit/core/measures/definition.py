"""The shape of an instrument: frozen dataclasses that the definition files are read into."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher_worse", "higher_better"]
MissingKind = Literal["mean_substitution", "none"]
ScoringMethod = Literal["sum", "mean", "none"]
ComputedKind = Literal["points", "number", "choice", "truth"]
LicenceState = Literal["shipped", "own_terms", "site_permission"]
BandRule = Literal["rounded", "exact"]


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One answer a person can give: its value, a key for the wording, its LOINC answer code.

    `points` is what it counts, its value unless the key of the measure says otherwise. `written` holds other
    ways in which a table may write it, in small letters.
    """

    value: int
    key: str
    loinc: str | None = None
    points: int = 0
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How a helper is asked on a form, in our own words: `answers` in the order of its options, `blank` for none."""

    question: str
    why: str
    blank: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `options` is empty unless it differs from the measure's own options.

    `column` is its name in a table, nothing for one that tables do not carry. A `reverse` item counts the other
    way round. A `helper` is asked about the sheet (which substance, which sex) and enters no score; a `lenient`
    helper reads what it does not know as blank, and a `required` one leaves the sheet incomplete when blank. A table
    may lack the column of an `optional` item. A helper is asked on a form where `ask` says how.
    """

    id: str
    number: int
    topic: str
    scored: bool = True
    loinc: str | None = None
    options: tuple[ResponseOption, ...] = ()
    column: str | None = None
    also: tuple[str, ...] = ()
    reverse: bool = False
    helper: bool = False
    lenient: bool = False
    required: bool = False
    optional: bool = False
    ask: Asked | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of the total, with the people it was drawn from.

    Both ends are included, of the total rounded half up. Where the bands of a measure are `exact`, they meet at
    `low`, which belongs to the lower band when `above` is set.
    """

    key: str
    label: str
    low: int
    high: int
    source: str
    population: str
    above: bool = False


@dataclass(frozen=True, slots=True)
class BandSet:
    """Bands that hold where an item has one of these values: by sex, by substance."""

    item: str
    values: tuple[int, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Subscale:
    """A score of some of the items, given when enough of them are answered.

    `within_missing_rule` ties it to the sheet: it is given only where the sheet as a whole is not incomplete.
    """

    id: str
    title: str
    items: tuple[str, ...]
    scoring: ScoringMethod
    min_answered: int
    within_missing_rule: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A result that is no sum and no mean, worked out by the measure's own module in `special`."""

    id: str
    title: str
    kind: ComputedKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Items that are not asked, and count nothing, where each of `when` is answered with no points.

    It fills blanks only: an answered item always counts, and a sheet that answers one with points is flagged.
    """

    when: tuple[str, ...]
    items: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Items that do not apply where a helper has one of these values: ignored, and never missing."""

    items: tuple[str, ...]
    when: str
    values: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Check:
    """Two answers that cannot both be right: the first is higher than the second."""

    higher: str
    than: str
    source: str


@dataclass(frozen=True, slots=True)
class SumFlag:
    """A flag raised when the points of some items reach a limit."""

    flag: str
    items: tuple[str, ...]
    at_least: int
    source: str


@dataclass(frozen=True, slots=True)
class CriticalItem:
    """An answer that needs a person whatever the total. Reasons are keys of `core.safety`."""

    item: str
    at_least: int
    reason: str
    blank_reason: str | None
    source: str
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Reliability:
    """One published reliability with the spread it belongs to, where one is known; `r_type` names the kind."""

    sd: float | None
    r: float
    r_type: str
    population: str
    source: str


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms of the wording. `text_shippable` says if the words may travel with the software.

    `state`: `shipped` comes switched on; `own_terms` comes in a pack that the site switches on, since its terms are
    narrower than ours; `site_permission` is shown only where the site has recorded its own permission.
    """

    state: LicenceState
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


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """An instrument, complete apart from its words (see `catalogue.wording`). Read once, compared by identity.

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
    recall: str | None = None
    subscales: tuple[Subscale, ...] = ()
    computed: tuple[Computed, ...] = ()
    skips: tuple[Skip, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    checks: tuple[Check, ...] = ()
    sum_flags: tuple[SumFlag, ...] = ()
    band_sets: tuple[BandSet, ...] = ()
    band_rule: BandRule = "rounded"
    band_on: str = "total"
    special: str | None = None
    unverified: tuple[str, ...] = ()

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that enter the total, in order.

        >>> from reknit.core.measures.catalogue import measure
        >>> len(measure("phq-9").items), len(measure("phq-9").scored_items)
        (10, 9)
        """
        return tuple(item for item in self.items if item.scored)

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the subscales and computed results, in order.

        >>> from reknit.core.measures.catalogue import measure
        >>> measure("bam").results
        ('use', 'risk', 'protective')
        """
        return (*(one.id for one in self.subscales), *(one.id for one in self.computed))

    def item(self, item_id: str) -> Item | None:
        """The item of this id, or nothing.

        >>> from reknit.core.measures.catalogue import measure
        >>> item = measure("phq-9").item("phq9_9")
        >>> item.number if item else None, measure("phq-9").item("phq9_99")
        (9, None)
        """
        return next((item for item in self.items if item.id == item_id), None)

    def options_for(self, item: Item) -> tuple[ResponseOption, ...]:
        """The answers that may be given to this item.

        >>> from reknit.core.measures.catalogue import measure
        >>> audit = measure("audit")
        >>> [[option.value for option in audit.options_for(item)] for item in audit.items[7:9]]
        [[0, 1, 2, 3, 4], [0, 2, 4]]
        """
        return item.options or self.options

    @property
    def asked_items(self) -> tuple[Item, ...]:
        """The items a form asks: every question, and the helpers that say how they are asked.

        >>> from reknit.core.measures.catalogue import measure
        >>> [item.id for item in measure("assist").asked_items][:2]
        ['assist_substance', 'assist_2']
        """
        return tuple(item for item in self.items if item.ask or not item.helper)

    def bands_for(self, answers: Mapping[str, int | None]) -> tuple[Band, ...]:
        """The bands that hold for a sheet: by its helper, or nothing where a helper decides and was not answered.

        >>> from reknit.core.measures.catalogue import measure
        >>> assist = measure("assist")
        >>> [band.high for band in assist.bands_for({"assist_substance": 2})], assist.bands_for({})
        ([10, 26, 39], ())
        """
        if not self.band_sets:
            return self.bands
        return next((one.bands for one in self.band_sets if answers.get(one.item) in one.values), ())

    def band(self, key: str) -> Band | None:
        """The band of this key, or nothing.

        >>> from reknit.core.measures.catalogue import measure
        >>> band = measure("phq-9").band("moderate")
        >>> (band.low, band.high) if band else None
        (10, 14)
        """
        return next((band for band in self.bands if band.key == key), None)

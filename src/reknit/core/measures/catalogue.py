"""The measures that ship, as an explicit list, and the one door to each definition and its words.

To add a measure: write its definition file, put its wording in the pack of its licence, name it in
`MEASURE_IDS`, and add a test with a reference value.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from reknit.core.data import read_table
from reknit.core.errors import UnknownMeasure
from reknit.core.measures.definition import Measure
from reknit.core.measures.loading import PACKAGE, read_measure
from reknit.core.measures.site import NO_SITE, Site
from reknit.core.measures.wording import (
    Pack,
    Wording,
    WordingState,
    read_pack,
    read_wording,
    words_in_hand,
)
from reknit.core.measures.wording import wording_state as state_of_wording

MEASURE_IDS = (
    "phq-9", "phq-2", "gad-7", "gad-2", "k10", "pcl-5", "ham-d-17", "epds", "c-ssrs-screener",
    "audit", "audit-c", "dast-10-always-able", "dast-10-unable", "dudit", "assist",
    "bam", "bam-7-day", "sip-2r", "pacs", "aware", "craving", "daily-checkin",
    "barc-10", "mirc", "sure", "wsas", "whodas-12", "peg",
    "ucla-3", "ucla-20", "mspss", "ipip-ipc",
    "session-checkin", "wai-sr", "haq-ii", "arm-5", "group-checkin", "gcq-s", "satisfaction", "mhsip",
)  # fmt: skip


@cache
def measure(measure_id: str) -> Measure:
    """The measure of this id.

    Raises `UnknownMeasure` with a sentence that names the ones there are.

    >>> measure("phq-9").score_range
    (0, 27)
    >>> measure("phq9")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    reknit.core.errors.UnknownMeasure: There is no measure called 'phq9'. Known: phq-9, phq-2, ...
    """
    if measure_id not in MEASURE_IDS:
        raise UnknownMeasure(f"There is no measure called '{measure_id}'. Known: {', '.join(MEASURE_IDS)}.")
    return read_measure(measure_id)


@cache
def measures() -> tuple[Measure, ...]:
    """All measures, in the order they are offered.

    >>> [one.id for one in measures()][:4]
    ['phq-9', 'phq-2', 'gad-7', 'gad-2']
    """
    return tuple(measure(one) for one in MEASURE_IDS)


@lru_cache(maxsize=1024)
def wording(measure_id: str, language: str = "en", site: Site = NO_SITE) -> Wording:
    """The words of a measure with the notice to show beside them.

    Raises `UnknownMeasure`, or `UnknownWording` when the words are not in hand or the site may not show them.

    >>> wording("gad-7").options["gad7_1"][0]
    (0, 'Not at all')
    """
    return read_wording(measure(measure_id), language, site)


@lru_cache(maxsize=1024)
def wording_state(measure_id: str, site: Site = NO_SITE) -> WordingState:
    """Whether the words of a measure can be shown at a site, and if not, what is missing.

    Raises `UnknownMeasure`.

    >>> wording_state("audit"), wording_state("audit", Site(packs=frozenset({"audit"})))
    ('off', 'shown')
    """
    return state_of_wording(measure(measure_id), site)


def has_words(measure_id: str, site: Site = NO_SITE, language: str = "en") -> bool:
    """Whether there are words of a measure at all, whoever may show them.

    Raises `UnknownMeasure`.

    >>> has_words("audit"), has_words("pacs"), has_words("phq-9", language="fr")
    (True, False, False)
    """
    return words_in_hand(measure(measure_id), language, site)


@cache
def pack(pack_id: str) -> Pack:
    """Terms and notice of one content pack, for the licence page.

    Raises `DefinitionError` where the pack lacks what lets its words be shown.

    >>> pack("audit").non_commercial, pack("phq").non_commercial
    (True, False)
    """
    return read_pack(pack_id)


@dataclass(frozen=True, slots=True)
class NotShipped:
    """A form that this software does not hold, and why."""

    title: str
    why: str


@cache
def not_shipped() -> tuple[NotShipped, ...]:
    """Forms whose terms keep them out, words and scoring alike.

    >>> [one.title for one in not_shipped()][-3:]
    ['SF-12, EQ-5D', 'RAS', 'REC-CAP']
    """
    table = read_table(PACKAGE, "not_shipped.toml")
    return tuple(NotShipped(one.text("title"), one.text("why")) for one in table.tables("forms"))


@cache
def loinc_notice() -> str:
    """The notice that LOINC asks for wherever its codes are shown or sent.

    >>> loinc_notice().startswith("This material contains content from LOINC")
    True
    """
    text = files(PACKAGE).joinpath("definitions", "LOINC-NOTICE.txt").read_text(encoding="utf-8")
    return " ".join(text.split())

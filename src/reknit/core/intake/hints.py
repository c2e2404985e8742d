"""Hints for the choice of a course, from facts that somebody wrote down (ipt.md 10.1.2, 6.8, 1.3). None decides.

A fact is there, not there, or not known; not known is named and is never taken for not there. Limits are those of the
measures as ipt.md 1.4 names them; which course a hint points to is our default [D], and a clinician says what holds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEPRESSION: Final = 10.0
"""PHQ-9 of 10 and more: moderate (ipt.md 1.4)."""
DAST: Final = ("dast-10-always-able", "dast-10-unable")
"""Both wordings in circulation score alike."""
SEVERE: Final = {"audit": 20.0, "dudit": 25.0, **dict.fromkeys(DAST, 6.0)}
"""Limits for likely dependence, or the upper bands (ipt.md 1.4; local cut-offs vary)."""
PRESENT: Final = {"audit": 8.0, "dudit": 6.0, **dict.fromkeys(DAST, 1.0)}
"""Limits above which use is worth a look (ipt.md 1.4). DUDIT: the limit given for men; for women it is 2."""
PAIN: Final = 4.0
"""PEG of 4 and more: at least moderate pain. Our default [D]."""


class Caution(StrEnum):
    """What ipt.md 6.8 and gate G15 say comes first, or goes beside."""

    STABILISE = "stabilise"
    MEDICATION_FIRST = "medication_first"
    NOT_ALONE = "not_alone"
    OTHER_THERAPY = "other_therapy"
    UNTESTED_WITH_PAIN = "untested_with_pain"


@dataclass(frozen=True, slots=True)
class Known:
    """The facts. None everywhere: not known."""

    depression: float | None = None
    people_problem: bool | None = None
    use: tuple[tuple[str, float], ...] = ()  # measure and total
    pain: float | None = None
    unsettled: bool | None = None  # mania or psychosis now
    opioids: bool | None = None
    opioid_medication: bool | None = None
    beside: bool | None = None  # other treatment for use goes on

    @property
    def uses(self) -> bool | None:
        """Whether a measure points to use worth a look."""
        return any(total >= PRESENT[name] for name, total in self.use) if self.use else None

    @property
    def is_severe(self) -> bool | None:
        """Whether a measure reaches its upper limit."""
        return any(total >= SEVERE[name] for name, total in self.use) if self.use else None


def proposals(known: Known) -> tuple[str, ...]:
    """Codes of courses worth a look, the nearest first. Empty where nothing known points to IPT.

    >>> proposals(Known(depression=14, use=(("audit", 18),)))
    ('ipt-16+sud', 'ipt-12+sud')
    >>> proposals(Known(depression=14, pain=6))
    ('ipt-p', 'ipt-16+pain')
    >>> proposals(Known())
    ()
    """
    depressed = known.depression is not None and known.depression >= DEPRESSION
    if not depressed and not known.people_problem:
        return ()
    if depressed and known.pain is not None and known.pain >= PAIN:
        return ("ipt-p+sud", "ipt-16+pain") if known.uses else ("ipt-p", "ipt-16+pain")
    return ("ipt-16+sud", "ipt-12+sud") if known.uses else ("ipt-16", "ipt-12")


def cautions(known: Known) -> tuple[Caution, ...]:
    """What should be looked at first, or go beside.

    >>> cautions(Known(opioids=True, opioid_medication=False))
    (<Caution.MEDICATION_FIRST: 'medication_first'>,)
    >>> cautions(Known())
    ()
    """
    found = []
    if known.unsettled:
        found.append(Caution.STABILISE)
    if known.opioids and known.opioid_medication is False:
        found.append(Caution.MEDICATION_FIRST)
    if known.is_severe and not known.beside:
        found.append(Caution.NOT_ALONE)
    if known.depression is not None and known.depression < DEPRESSION and known.people_problem is False:
        found.append(Caution.OTHER_THERAPY)
    if known.pain is not None and known.pain >= PAIN and known.uses:
        found.append(Caution.UNTESTED_WITH_PAIN)
    return tuple(found)

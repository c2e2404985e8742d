"""Graders: one question, one scheme, its settings; out comes a grade that says what it stands on.

Sources: Chambless DL and colleagues 1998, Clin Psychol 51:3-16 (Task Force; criteria as tabled in PMC2413000);
Chambless DL, Hollon SD 1998, J Consult Clin Psychol 66:7-18; Tolin DF and colleagues 2015, Clin Psychol Sci Pract
22:317-338, doi 10.1111/cpsp.12122. The exact cell rules of Tolin's table and its threshold for a meaningful effect were
not checked in the paper: they are settings, and the grade says so. Series of single cases, which both other schemes
also count, are in no file here.

Where good studies differ: a study *speaks against* that found IPT inferior, or no different from what treatment should
beat (placebo, attention, waiting, usual care, little contact). No difference from another treatment does not: both may
work. More must speak for than against, or the question stays experimental, and the highest grade needs that none does.
What speaks against counts whatever its size, so that no setting can hide it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.evidence.library import (
    FUNCTION,
    Question,
    Result,
    Review,
    Study,
    answers,
    reviewed_on,
    reviews_of,
)

Scheme = Literal["task-force-1998", "chambless-hollon-1998", "tolin-2015"]
Row = tuple[Study, Result]
SCHEMES: Final[tuple[Scheme, ...]] = ("task-force-1998", "chambless-hollon-1998", "tolin-2015")
RIVALS: Final = frozenset({"placebo", "attention_control", "other_treatment"})
WAITING: Final = frozenset({"waitlist", "no_treatment"})
TO_BEAT: Final = WAITING | {"placebo", "attention_control", "usual_care", "low_contact"}
"""Comparisons that a treatment should beat."""
MEANINGFUL: Final = 0.5
"""A standardised difference that counts as meaningful: a setting of this project, not checked in Tolin's manual."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A study that did not count, and why."""

    study: Study
    why: str


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade, with everything it stands on. `against` says that a good trial found IPT inferior."""

    question: Question
    scheme: Scheme
    grade: str
    against: bool
    reasons: tuple[str, ...]
    used: tuple[Study, ...]
    excluded: tuple[Excluded, ...]
    min_n: int | None
    reviewed_on: str


def grade(
    asked: Question,
    scheme: Scheme,
    *,
    min_n: int | None = None,
    meaningful: float = MEANINGFUL,
    rows: Iterable[Row] | None = None,
    found: Iterable[Review] | None = None,
) -> Grade:
    """Grade a question by a scheme, on the studies and reviews of the library or on `rows` and `found`.

    `min_n` is the fewest people per arm that a study needs to speak for IPT; None asks for none. `meaningful` is the
    least standardised difference that Tolin's scheme takes for one that matters. Raises `BadInput` for an unknown scheme.

    >>> from reknit.core.evidence.library import question
    >>> grade(question("depression-with-sud"), "task-force-1998").grade
    'probably_efficacious'
    >>> grade(question("depression-with-sud"), "task-force-1998", min_n=25).grade
    'experimental'
    >>> grade(question("cocaine-use"), "task-force-1998").against
    True
    >>> [grade(question("maintenance"), scheme).grade for scheme in SCHEMES]
    ['probably_efficacious', 'experimental', 'insufficient']
    """
    if scheme not in SCHEMES:
        raise BadInput(f"There is no scheme called '{scheme}'. Known: {', '.join(SCHEMES)}.")
    good, excluded = _sorted(answers(asked) if rows is None else rows, min_n)
    against = any(result.verdict == "inferior" for _study, result in good)
    if scheme == "tolin-2015":
        label, reasons = _tolin(tuple(reviews_of(asked) if found is None else found), meaningful)
    else:
        label, reasons = (_task_force if scheme == "task-force-1998" else _chambless_hollon)(good)
        if against:
            label, reasons = "experimental", (*reasons, "a good trial found IPT inferior: evidence against")
    used = tuple(dict.fromkeys(study for study, _result in good))
    return Grade(asked, scheme, label, against, reasons, used, excluded, min_n, reviewed_on())


def _sorted(rows: Iterable[Row], min_n: int | None) -> tuple[list[Row], tuple[Excluded, ...]]:
    """The results of good studies, and the studies that are not, each with why."""
    good: list[Row] = []
    excluded: dict[str, Excluded] = {}
    for study, result in rows:
        why = _not_good(study, result) or _too_small(study, result, min_n)
        if why:
            excluded.setdefault(study.id, Excluded(study, why))
        else:
            good.append((study, result))
    return good, tuple(excluded.values())


def _not_good(study: Study, result: Result) -> str:
    reasons = (
        (study.checked == "memory", "not checked against its abstract"),
        (result.verdict == "not_reported", "no result was found"),
        (result.verdict == "association", "no test of a treatment"),
        (not (study.controlled and study.randomised), "no randomised comparison"),
        (not study.manual, "no manual"),
        (not study.sample_defined, "the people are not defined"),
        (not study.valid_outcome, "its measure of the outcome is not known to be valid"),
        (not study.analysis_ok, "not everybody was counted as assigned"),
    )
    return next((words for is_so, words in reasons if is_so), "")


def _too_small(study: Study, result: Result, min_n: int | None) -> str:
    if min_n is None or _speaks_against(study, result):
        return ""
    if study.n_per_arm is None:
        return "the size of its arms is not known"
    return f"fewer than {min_n} people in an arm" if study.n_per_arm < min_n else ""


def _speaks_against(study: Study, result: Result) -> bool:
    return result.verdict == "inferior" or (result.verdict == "no_difference" and study.comparator in TO_BEAT)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Good studies that speak for, by what they beat, and those that speak against."""

    beats: tuple[Study, ...]
    waits: tuple[Study, ...]
    against: tuple[Study, ...]

    @property
    def every(self) -> tuple[Study, ...]:
        return (*self.beats, *self.waits)

    @property
    def outweigh(self) -> bool:
        return len(self.every) > len(self.against)

    @property
    def said(self) -> tuple[str, ...]:
        teams, settings = len({one.team for one in self.beats}), len({one.setting for one in self.beats})
        found = [
            f"good studies better than placebo or another treatment: {len(self.beats)} "
            f"(teams: {teams}, settings: {settings})",
            f"good studies better than waiting or no treatment: {len(self.waits)}",
        ]
        if self.against:
            found.append(f"good studies against: {len(self.against)} ({_names(self.against)})")
        return tuple(found)


def _names(found: Iterable[Study | Review]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in found))


def _sides(good: Iterable[Row]) -> _Sides:
    beats, waits, against = [], [], []
    for study, result in good:
        if _speaks_against(study, result):
            against.append(study)
        elif (result.verdict == "superior" and study.comparator in RIVALS) or (
            result.verdict == "equivalent" and study.comparator == "established"
        ):
            beats.append(study)
        elif result.verdict == "superior" and study.comparator in WAITING:
            waits.append(study)
    return _Sides(*(tuple(dict.fromkeys(side)) for side in (beats, waits, against)))


def _task_force(good: Iterable[Row]) -> tuple[str, tuple[str, ...]]:
    sides = _sides(good)
    teams, settings = len({one.team for one in sides.beats}), len({one.setting for one in sides.beats})
    if len(sides.beats) >= 2 and teams >= 2 and settings >= 2 and not sides.against:
        return "well_established", sides.said
    if (sides.beats or len(sides.waits) >= 2) and sides.outweigh:
        return "probably_efficacious", sides.said
    return "experimental", sides.said


def _chambless_hollon(good: Iterable[Row]) -> tuple[str, tuple[str, ...]]:
    sides = _sides(good)
    if not sides.outweigh:
        return "experimental", sides.said
    if len({one.team for one in sides.every}) >= 2:
        if sides.against:
            return "possibly_efficacious", (*sides.said, "good studies differ: no higher grade")
        specific = len({one.team for one in sides.beats}) >= 2
        return ("efficacious_and_specific" if specific else "efficacious"), sides.said
    if sides.against:
        return "experimental", (*sides.said, "one team, and a good study says otherwise")
    return "possibly_efficacious", (*sides.said, "one team, and no good study says otherwise")


def _tolin(found: tuple[Review, ...], meaningful: float) -> tuple[str, tuple[str, ...]]:
    """Certainty of reviews and size of their effects, on symptoms and on function."""
    read = [one for one in found if one.checked != "memory"]
    usable = [one for one in read if one.effect is not None and one.certainty != "not_rated"]
    if not usable:
        none = "no review whose certainty and size of effect could both be read"
        return "insufficient", (none, *([f"reviews without one of them: {_names(read)}"] if read else []))
    reasons = (
        f"reviews with certainty and size of effect: {_names(usable)}",
        f"meaningful from {meaningful:g} standard deviations, a setting not checked in the manual",
    )
    significant = [one for one in usable if (one.low or 0) > 0]
    matters = [one for one in significant if (one.effect or 0) >= meaningful]
    sure = [one for one in matters if one.certainty == "high" and one.lasts and one.in_practice]
    if {one.outcome == FUNCTION for one in sure} == {True, False}:
        return "very_strong", reasons
    if any(one.certainty in ("moderate", "high") for one in matters):
        return "strong", reasons
    if matters or any(one.certainty in ("moderate", "high") for one in significant):
        return "weak", reasons
    return "insufficient", reasons

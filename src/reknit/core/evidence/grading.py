"""Graders: one question, one scheme, its settings; out comes a grade that says what it stands on.

Sources: Chambless DL and colleagues 1998, Clin Psychol 51:3-16 (Task Force; criteria as tabled in PMC2413000);
Chambless DL, Hollon SD 1998, J Consult Clin Psychol 66:7-18; Tolin DF and colleagues 2015, Clin Psychol Sci Pract
22:317-338, doi 10.1111/cpsp.12122. The exact cell rules of Tolin's table and its threshold for a meaningful effect were
not checked in the paper: they are settings, and the grade says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from reknit.core.errors import BadInput
from reknit.core.evidence.library import Question, Result, Review, Study, answers, reviewed_on, reviews_of

Scheme = Literal["task-force-1998", "chambless-hollon-1998", "tolin-2015"]
SCHEMES: Final[tuple[Scheme, ...]] = ("task-force-1998", "chambless-hollon-1998", "tolin-2015")
RIVALS: Final = frozenset({"placebo", "attention_control", "other_treatment"})
WAITING: Final = frozenset({"waitlist"})
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
    asked: Question, scheme: Scheme, *, min_n: int | None = None, meaningful: float = MEANINGFUL
) -> Grade:
    """Grade a question by a scheme. `min_n` is the fewest people per arm a good study needs; None asks for none.

    >>> from reknit.core.evidence.library import question
    >>> grade(question("depression-with-sud"), "task-force-1998").grade
    'probably_efficacious'
    >>> grade(question("depression-with-sud"), "task-force-1998", min_n=25).grade
    'experimental'
    >>> grade(question("cocaine-use"), "task-force-1998").against
    True
    """
    if scheme not in SCHEMES:
        raise BadInput(f"There is no scheme called '{scheme}'. Known: {', '.join(SCHEMES)}.")
    rows = answers(asked)
    good, excluded = _sorted(rows, min_n)
    against = any(result.verdict == "inferior" for _study, result in good)
    if scheme == "tolin-2015":
        label, reasons = _tolin(reviews_of(asked), meaningful)
    elif scheme == "task-force-1998":
        label, reasons = _task_force(good)
    else:
        label, reasons = _chambless_hollon(good, rows)
    if against and scheme != "tolin-2015":
        label, reasons = "experimental", (*reasons, "a good trial found IPT inferior: evidence against")
    used = tuple(dict.fromkeys(study for study, _result in good))
    return Grade(asked, scheme, label, against, reasons, used, excluded, min_n, reviewed_on())


def _sorted(
    rows: Iterable[tuple[Study, Result]], min_n: int | None
) -> tuple[list[tuple[Study, Result]], tuple[Excluded, ...]]:
    """The results of good studies, and the studies that are not, each with why."""
    good: list[tuple[Study, Result]] = []
    excluded: dict[str, Excluded] = {}
    for study, result in rows:
        why = _not_good(study, result, min_n)
        if why:
            excluded.setdefault(study.id, Excluded(study, why))
        else:
            good.append((study, result))
    return good, tuple(excluded.values())


def _not_good(study: Study, result: Result, min_n: int | None) -> str:
    reasons = (
        (study.checked == "memory", "not checked against its abstract"),
        (result.verdict == "not_reported", "no result was found"),
        (not (study.controlled and study.randomised), "no randomised comparison"),
        (not study.manual, "no manual"),
        (not study.sample_defined, "the people are not defined"),
        (min_n is not None and study.n_per_arm is None, "the size of its arms is not known"),
        (min_n is not None and (study.n_per_arm or 0) < (min_n or 0), f"fewer than {min_n} people in an arm"),
    )
    return next((words for is_so, words in reasons if is_so), "")


def _superior(good: Iterable[tuple[Study, Result]], comparators: frozenset[str]) -> list[Study]:
    return [
        study
        for study, result in good
        if (result.verdict == "superior" and study.comparator in comparators)
        or (result.verdict == "equivalent" and study.comparator == "established" and comparators == RIVALS)
    ]


def _task_force(good: list[tuple[Study, Result]]) -> tuple[str, tuple[str, ...]]:
    beats, waits = _superior(good, RIVALS), _superior(good, WAITING)
    teams, settings = len({study.team for study in beats}), len({study.setting for study in beats})
    said = f"{len(beats)} good studies better than placebo or another treatment, {teams} teams, {settings} settings"
    if len(beats) >= 2 and teams >= 2 and settings >= 2:
        return "well_established", (said,)
    if beats or len(waits) >= 2:
        return "probably_efficacious", (said, f"{len(waits)} good studies better than waiting")
    return "experimental", (said, f"{len(waits)} good studies better than waiting")


def _chambless_hollon(
    good: list[tuple[Study, Result]], rows: Iterable[tuple[Study, Result]]
) -> tuple[str, tuple[str, ...]]:
    beats, waits = _superior(good, RIVALS), _superior(good, WAITING)
    either = [*beats, *waits]
    teams = len({study.team for study in either})
    said = f"{len(either)} good studies with a better result, {teams} teams"
    if teams >= 2:
        specific = len({study.team for study in beats}) >= 2
        return ("efficacious_and_specific" if specific else "efficacious"), (said,)
    if either:
        return "possibly_efficacious", (said, "one team, and no good study says otherwise at this time")
    return "experimental", (said,)


def _tolin(found: tuple[Review, ...], meaningful: float) -> tuple[str, tuple[str, ...]]:
    """Certainty of a review and size of its effect. The strongest grade needs more than the entries here say, and is not given."""
    usable = [one for one in found if one.checked != "memory" and one.effect is not None]
    if not usable:
        return "insufficient", ("no adequate review that could support an effect",)
    best = max(usable, key=lambda one: ("very_low", "low", "moderate", "high").index(one.certainty))
    is_significant = (best.low or 0) > 0
    is_meaningful = is_significant and (best.effect or 0) >= meaningful
    said = (
        f"{best.citation}: {best.found}",
        f"meaningful from {meaningful:g} standard deviations, a setting not checked in the manual",
    )
    if best.certainty in ("moderate", "high") and is_meaningful:
        return "strong", said
    if is_significant:
        return "weak", said
    return "insufficient", said

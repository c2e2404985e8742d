"""The studies, reviews and questions, read from their files and checked."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput

PACKAGE = "reknit.core.evidence"
Verdict = Literal["superior", "equivalent", "no_difference", "inferior", "uncontrolled", "not_reported"]
Checked = Literal["abstract", "secondary", "memory"]
VERDICTS: tuple[Verdict, ...] = (
    "superior",
    "equivalent",
    "no_difference",
    "inferior",
    "uncontrolled",
    "not_reported",
)
COMPARATORS = (
    "placebo", "attention_control", "other_treatment", "established", "waitlist", "usual_care", "low_contact",
    "same_treatment", "none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What one study found on one outcome at one time, perhaps in a subgroup."""

    outcome: str
    time: str
    verdict: Verdict
    found: str
    subgroup: str | None


@dataclass(frozen=True, slots=True)
class Study:
    """One study. `n_per_arm` is the smaller arm; where `arm_size` is "divided", the total over the number of arms."""

    id: str
    citation: str
    link: str
    year: int
    checked: Checked
    treatment: str
    people: str
    population: str
    team: str
    setting: str
    n: int
    n_per_arm: int | None
    arm_size: str
    randomised: bool
    controlled: bool
    manual: bool
    sample_defined: bool
    comparator: str
    dose: str
    limits: str
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """One systematic review's answer. `effect` is a standardised difference in favour of IPT, with its 95 % limits."""

    id: str
    citation: str
    link: str
    year: int
    checked: Checked
    population: str
    outcome: str
    time: str
    studies: int
    certainty: str
    effect: float | None
    low: float | None
    high: float | None
    found: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question: treatments, people, outcomes and times it is about, and the words that may be used."""

    id: str
    title: str
    treatments: tuple[str, ...]
    populations: tuple[str, ...]
    outcomes: tuple[str, ...]
    times: tuple[str, ...]
    say: str
    never: str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """Where to read on."""

    title: str
    note: str


@cache
def studies() -> tuple[Study, ...]:
    """Every study of the file, oldest first.

    >>> studies()[0].year <= studies()[-1].year
    True
    """
    found = tuple(_study(one) for one in _file("studies").tables("studies"))
    _unique([one.id for one in found], "studies")
    return tuple(sorted(found, key=lambda one: (one.year, one.id)))


@cache
def reviews() -> tuple[Review, ...]:
    """Every systematic review of the file."""
    return tuple(_review(one) for one in _file("studies").tables("reviews"))


@cache
def questions() -> tuple[Question, ...]:
    """Every question, in the order they are shown.

    >>> "maintenance" in {one.id for one in questions()}
    True
    """
    found = tuple(_question(one) for one in _file("questions").tables("questions"))
    _unique([one.id for one in found], "questions")
    return found


def question(question_id: str) -> Question:
    """The question of this id. Raises `BadInput` that names the ones there are.

    >>> question("cocaine-use").title
    'IPT to reduce cocaine use'
    """
    for one in questions():
        if one.id == question_id:
            return one
    known = ", ".join(one.id for one in questions())
    raise BadInput(f"There is no question called '{question_id}'. Known: {known}.")


@cache
def resources() -> tuple[Resource, ...]:
    """Where to read on."""
    return tuple(
        Resource(one.text("title"), one.text("note")) for one in _file("questions").tables("resources")
    )


def reviewed_on() -> str:
    """The day on which the studies were last gone through, as an ISO date.

    >>> "2026-01-01" <= reviewed_on() < "2100"
    True
    """
    return _file("studies").text("reviewed_on")


def answers(asked: Question) -> tuple[tuple[Study, Result], ...]:
    """Every result of every study that bears on a question, negative and missing ones included, oldest first.

    >>> [study.id for study, result in answers(question("cocaine-use")) if result.verdict == "inferior"]
    ['carroll-1991', 'carroll-2004']
    """
    return tuple(
        (study, result)
        for study in studies()
        for result in study.results
        if study.treatment in asked.treatments
        and study.population in asked.populations
        and result.outcome in asked.outcomes
        and result.time in asked.times
    )


def reviews_of(asked: Question) -> tuple[Review, ...]:
    """Every review that bears on a question."""
    return tuple(
        one
        for one in reviews()
        if one.population in asked.populations and one.outcome in asked.outcomes and one.time in asked.times
    )


def _file(name: str) -> Table:
    return read_table(PACKAGE, f"{name}.toml")


def _study(table: Table) -> Study:
    return Study(
        id=table.text("id"),
        citation=table.text("citation"),
        link=_link(table),
        year=table.whole("year"),
        checked=cast(Checked, table.choice("checked", ("abstract", "secondary", "memory"))),
        treatment=table.text("treatment"),
        people=table.text("people"),
        population=table.text("population"),
        team=table.text("team"),
        setting=table.text("setting"),
        n=table.whole("n"),
        n_per_arm=table.optional_whole("n_per_arm"),
        arm_size=table.choice("arm_size", ("given", "divided")) if "arm_size" in table else "given",
        randomised=table.flag("randomised", default=False),
        controlled=table.flag("controlled", default=False),
        manual=table.flag("manual", default=False),
        sample_defined=table.flag("sample_defined", default=False),
        comparator=table.choice("comparator", COMPARATORS),
        dose=table.text("dose"),
        limits=table.text("limits"),
        results=tuple(_result(one) for one in table.tables("results")),
    )


def _result(table: Table) -> Result:
    return Result(
        outcome=table.text("outcome"),
        time=table.choice("time", ("end", "follow_up")),
        verdict=cast(Verdict, table.choice("verdict", VERDICTS)),
        found=table.text("found"),
        subgroup=table.optional_text("subgroup"),
    )


def _review(table: Table) -> Review:
    return Review(
        id=table.text("id"),
        citation=table.text("citation"),
        link=_link(table),
        year=table.whole("year"),
        checked=cast(Checked, table.choice("checked", ("abstract", "secondary", "memory"))),
        population=table.text("population"),
        outcome=table.text("outcome"),
        time=table.choice("time", ("end", "follow_up")),
        studies=table.whole("studies"),
        certainty=table.choice("certainty", ("very_low", "low", "moderate", "high")),
        effect=table.optional_number("effect"),
        low=table.optional_number("low"),
        high=table.optional_number("high"),
        found=table.text("found"),
    )


def _question(table: Table) -> Question:
    return Question(
        id=table.text("id"),
        title=table.text("title"),
        treatments=table.texts("treatments"),
        populations=table.texts("populations"),
        outcomes=table.texts("outcomes"),
        times=table.texts("times"),
        say=table.text("say"),
        never=table.optional_text("never"),
    )


def _link(table: Table) -> str:
    for key, before in (("doi", "doi:"), ("pmid", "PMID "), ("pmcid", ""), ("registry", "")):
        if key in table:
            return f"{before}{table.text(key)}"
    return ""


def _unique(ids: list[str], what: str) -> None:
    if len(set(ids)) != len(ids):
        raise BadInput(f"Two {what} have the same id.")

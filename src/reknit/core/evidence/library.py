"""The studies, reviews and questions, read from their files and checked."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput

PACKAGE = "reknit.core.evidence"
FUNCTION = "function"
"""The outcome of reviews on how people function, which Tolin's scheme asks for beside symptoms."""
Verdict = Literal[
    "superior", "equivalent", "no_difference", "inferior", "uncontrolled", "association", "not_reported"
]
Checked = Literal["abstract", "secondary", "memory"]
VERDICTS: tuple[Verdict, ...] = (
    "superior", "equivalent", "no_difference", "inferior", "uncontrolled", "association", "not_reported",
)  # fmt: skip
CHECKED: tuple[Checked, ...] = ("abstract", "secondary", "memory")
CERTAINTIES = ("not_rated", "very_low", "low", "moderate", "high")
COMPARATORS = (
    "placebo", "attention_control", "other_treatment", "established", "waitlist", "no_treatment", "usual_care",
    "low_contact", "same_treatment", "none",
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
    """One study. `n_per_arm` is the smaller arm; where `arm_size` is "divided", the total over the number of arms.

    A `year` or an `n` of None is not known. `checked` "memory" says that nobody has read it: it holds no finding.
    """

    id: str
    citation: str
    link: str
    year: int | None
    checked: Checked
    treatment: str
    people: str
    population: str
    team: str
    setting: str
    n: int | None
    n_per_arm: int | None
    arm_size: str
    randomised: bool
    controlled: bool
    manual: bool
    sample_defined: bool
    valid_outcome: bool
    analysis_ok: bool
    comparator: str
    dose: str
    limits: str
    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """First author and year, to name it in a sentence.

        >>> [study.name for study, _result in answers(question("maintenance"))][:2]
        ['Frank 1990', 'Reynolds 1999']
        """
        return _name(self.citation, self.year)


@dataclass(frozen=True, slots=True)
class Review:
    """One systematic review's answer. `effect` is a standardised difference in favour of IPT, with its 95 % limits.

    None, and a certainty "not_rated": it was not in what could be read. `lasts`: the effect stood 3 months or more after
    treatment. `in_practice`: a good study outside research settings bears it out.
    """

    id: str
    citation: str
    link: str
    year: int
    checked: Checked
    population: str
    outcome: str
    time: str
    studies: int | None
    certainty: str
    effect: float | None
    low: float | None
    high: float | None
    found: str
    lasts: bool
    in_practice: bool

    @property
    def name(self) -> str:
        """First author and year, to name it in a sentence.

        >>> reviews_of(question("depression"))[0].name
        'Cuijpers 2016'
        """
        return _name(self.citation, self.year)


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
    """Where to read on. `kind` groups them; `checked` "memory": look it up before you quote it."""

    kind: str
    title: str
    note: str
    checked: Checked
    link: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that is said about IPT, what checking it gave, and the wording that may be used in its place."""

    claim: str
    verdict: str
    wording: str | None


@cache
def studies() -> tuple[Study, ...]:
    """Every study of the file, oldest first, one without a year last.

    >>> studies()[0].id, studies()[-1].year
    ('rounsaville-1983', None)
    """
    found = tuple(_study(one) for one in _file("studies").tables("studies"))
    _unique([one.id for one in found], "studies")
    return tuple(sorted(found, key=lambda one: (one.year or 9999, one.id)))


@cache
def reviews() -> tuple[Review, ...]:
    """Every systematic review of the file.

    >>> next(one.effect for one in reviews() if one.id == "cuijpers-2016")
    0.6
    """
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
    """Where to read on, in the order they are shown.

    >>> [one.title for one in resources() if one.kind == "Registers"][0]
    'Evidence-Based Practices Resource Center, SAMHSA'
    """
    return tuple(
        Resource(
            one.text("kind"),
            one.text("title"),
            one.text("note"),
            cast(Checked, one.choice("checked", CHECKED)),
            one.optional_text("link"),
        )
        for one in _file("wording").tables("resources")
    )


@cache
def claims() -> tuple[Claim, ...]:
    """What is said about IPT in addiction care, checked. A claim without a wording is not to be made.

    >>> [one.wording for one in claims() if "lowers relapse" in one.claim]
    [None]
    """
    return tuple(
        Claim(one.text("claim"), one.text("verdict"), one.optional_text("wording"))
        for one in _file("wording").tables("claims")
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


def beside() -> tuple[tuple[Study, Result], ...]:
    """Every result that bears on no question, oldest first: another treatment, other people, or no test of a treatment.

    >>> "litt-2009" in {study.id for study, _result in beside()}
    True
    """
    used = {(study.id, result) for asked in questions() for study, result in answers(asked)}
    return tuple(
        (study, result) for study in studies() for result in study.results if (study.id, result) not in used
    )


def reviews_of(asked: Question) -> tuple[Review, ...]:
    """Every review that bears on a question, on its own outcomes or on how people function.

    >>> [one.id for one in reviews_of(question("depression"))]
    ['cuijpers-2016']
    """
    return tuple(
        one
        for one in reviews()
        if one.population in asked.populations
        and one.outcome in (*asked.outcomes, FUNCTION)
        and one.time in asked.times
    )


def _file(name: str) -> Table:
    return read_table(PACKAGE, f"{name}.toml")


def _study(table: Table) -> Study:
    return Study(
        id=table.text("id"),
        citation=table.text("citation"),
        link=_link(table),
        year=table.optional_whole("year"),
        checked=cast(Checked, table.choice("checked", CHECKED)),
        treatment=table.text("treatment"),
        people=table.text("people"),
        population=table.text("population"),
        team=table.text("team"),
        setting=table.text("setting"),
        n=table.optional_whole("n"),
        n_per_arm=table.optional_whole("n_per_arm"),
        arm_size=table.choice("arm_size", ("given", "divided")) if "arm_size" in table else "given",
        randomised=table.flag("randomised", default=False),
        controlled=table.flag("controlled", default=False),
        manual=table.flag("manual", default=False),
        sample_defined=table.flag("sample_defined", default=False),
        valid_outcome=table.flag("valid_outcome", default=False),
        analysis_ok=table.flag("analysis_ok", default=False),
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
        checked=cast(Checked, table.choice("checked", CHECKED)),
        population=table.text("population"),
        outcome=table.text("outcome"),
        time=table.choice("time", ("end", "follow_up")),
        studies=table.optional_whole("studies"),
        certainty=table.choice("certainty", CERTAINTIES),
        effect=table.optional_number("effect"),
        low=table.optional_number("low"),
        high=table.optional_number("high"),
        found=table.text("found"),
        lasts=table.flag("lasts", default=False),
        in_practice=table.flag("in_practice", default=False),
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


def _name(citation: str, year: int | None) -> str:
    """What is told in a registry or a grant alone goes by its title."""
    if "Registry entry" in citation or not year:
        return citation.split(". Registry entry")[0]
    return f"{citation.split()[0]} {year}"


def _link(table: Table) -> str:
    known = (("doi", "doi:"), ("pmid", "PMID "), ("pmcid", ""), ("registry", ""))
    return ", ".join(f"{before}{table.text(key)}" for key, before in known if key in table)


def _unique(ids: list[str], what: str) -> None:
    if len(set(ids)) != len(ids):
        raise BadInput(f"Two {what} have the same id.")

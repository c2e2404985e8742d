"""`evidence`: what has been studied on a question, and the grade by each scheme."""

import argparse
from collections.abc import Iterable

from reknit.core.errors import BadInput
from reknit.core.evidence.grading import SCHEMES, Scheme, grade
from reknit.core.evidence.library import (
    Question,
    Result,
    Study,
    answers,
    beside,
    claims,
    question,
    questions,
    reviews_of,
)

from .errors import CommandError
from .tables import Writer

GRADES = (
    "question", "outcomes", "times", "scheme", "grade", "against", "min_n", "used", "excluded", "reasons", "reviewed_on",
)  # fmt: skip
STUDIES = (
    "question", "study", "year", "people", "n", "comparator", "outcome", "time", "subgroup", "verdict", "found", "limits",
    "checked", "citation", "link",
)  # fmt: skip

REVIEWS = (
    "question", "review", "year", "outcome", "time", "studies", "certainty", "effect", "low", "high", "found", "checked",
    "citation", "link",
)  # fmt: skip
WORDING = ("claim", "verdict", "wording")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "evidence",
        help="what was studied on a question, negative results included, and its grades",
        description="Grades of a question by each scheme, with the studies they stand on. Without a question: all of them. "
        "The questions: " + ", ".join(one.id for one in questions()) + ".",
    )
    parser.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; all of them without it"
    )
    listed = parser.add_mutually_exclusive_group()
    listed.add_argument(
        "--studies",
        action="store_true",
        help="list every result of every study instead of grades; without a question also those near to it that bear on none",
    )
    listed.add_argument(
        "--reviews", action="store_true", help="list the systematic reviews instead of grades"
    )
    listed.add_argument(
        "--wording",
        action="store_true",
        help="list what is said about IPT, what checking it gave and the wording to use; a claim without one is not to be made",
    )
    parser.add_argument("--scheme", choices=SCHEMES, help="grade by this scheme only")
    parser.add_argument(
        "--min-n", type=int, metavar="N", help="the fewest people per arm that a good study needs"
    )
    parser.add_argument("--json", action="store_true", help="write JSON lines instead of CSV")
    parser.set_defaults(run=run_evidence)


def run_evidence(options: argparse.Namespace) -> int:
    """Grades, or the studies behind them."""
    try:
        asked = [question(options.question)] if options.question else list(questions())
    except BadInput as error:
        raise CommandError(f"{str(error)[0].lower()}{str(error)[1:]}") from None
    if options.min_n is not None and options.min_n < 1:
        raise CommandError("--min-n must be 1 or more.")
    if options.wording:
        if options.question:
            raise CommandError("--wording is about no single question; leave the question out.")
        return _wording(Writer(WORDING, as_json=options.json))
    writer = Writer(
        STUDIES if options.studies else REVIEWS if options.reviews else GRADES, as_json=options.json
    )
    for one in asked:
        if options.studies:
            _studies(writer, one.id, answers(one))
        elif options.reviews:
            _reviews(writer, one)
        else:
            for scheme in [options.scheme] if options.scheme else SCHEMES:
                _grade(writer, one, scheme, options.min_n)
    if options.studies and not options.question:
        _studies(writer, None, beside())
    return 0


def _grade(writer: Writer, asked: Question, scheme: Scheme, min_n: int | None) -> None:
    found = grade(asked, scheme, min_n=min_n)
    writer.write(
        {
            "question": asked.id,
            "outcomes": ";".join(asked.outcomes),
            "times": ";".join(asked.times),
            "scheme": scheme,
            "grade": found.grade,
            "against": found.against,
            "min_n": min_n,
            "used": ";".join(study.id for study in found.used),
            "excluded": ";".join(f"{one.study.id} ({one.why})" for one in found.excluded),
            "reasons": "; ".join(found.reasons),
            "reviewed_on": found.reviewed_on,
        }
    )


def _studies(writer: Writer, asked: str | None, rows: Iterable[tuple[Study, Result]]) -> None:
    for study, result in rows:
        writer.write(
            {
                "question": asked,
                "study": study.id,
                "year": study.year,
                "people": study.people,
                "n": study.n,
                "comparator": study.comparator,
                "outcome": result.outcome,
                "time": result.time,
                "subgroup": result.subgroup,
                "verdict": result.verdict,
                "found": result.found,
                "limits": study.limits,
                "checked": study.checked,
                "citation": study.citation,
                "link": study.link,
            }
        )


def _reviews(writer: Writer, asked: Question) -> None:
    for one in reviews_of(asked):
        writer.write(
            {
                "question": asked.id,
                "review": one.id,
                "year": one.year,
                "outcome": one.outcome,
                "time": one.time,
                "studies": one.studies,
                "certainty": one.certainty,
                "effect": one.effect,
                "low": one.low,
                "high": one.high,
                "found": one.found,
                "checked": one.checked,
                "citation": one.citation,
                "link": one.link,
            }
        )


def _wording(writer: Writer) -> int:
    for one in claims():
        writer.write({"claim": one.claim, "verdict": one.verdict, "wording": one.wording})
    return 0

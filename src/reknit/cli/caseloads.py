"""`compare`, `caseloads` and `reliability`: groups and units compared given where people began, and how well items measure."""

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reknit.core.errors import CoreError
from reknit.core.outcomes.agreement import cronbach_alpha
from reknit.core.outcomes.ancova import ancova
from reknit.core.outcomes.funnel import mean_limits
from reknit.core.outcomes.omega import mcdonald_omega
from reknit.core.outcomes.severity import expected_after, residual_changes
from reknit.core.outcomes.shrinkage import Shrunken, shrunken_means

from .errors import CommandError, refused, say
from .tables import Row, Value, Writer, add_file, named, number, read_table, require, unreadable

COMPARE = ("group", "n", "adjusted_mean", "difference", "standard_error", "low", "high", "df")
CASELOADS = (
    "unit", "n", "mean_before", "mean_after", "residual", "shrunken", "standard_error", "low_95", "high_95", "low_99_8",
    "high_99_8", "place",
)  # fmt: skip
RELIABILITY = ("n", "n_items", "alpha", "omega")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    compare = commands.add_parser(
        "compare",
        help="groups compared after, given where each person began",
        description="Analysis of covariance, one row a group: its mean after at the mean before of everybody, and its "
        "difference from the reference with 95%% limits. People with a blank score are left out, and how many is said.",
    )
    add_file(compare, what="a table with the columns group, before and after")
    compare.add_argument(
        "--reference", required=True, metavar="GROUP", help="the group the others are set against"
    )
    compare.add_argument(
        "--errors",
        choices=("hc3", "hc2", "ordinary"),
        default="hc3",
        help="hc3 and hc2 hold where groups spread differently",
    )
    compare.add_argument("--strata-column", metavar="NAME", help="strata in which lots were drawn")
    compare.add_argument(
        "--therapist-column", metavar="NAME", help="errors of clusters: clients of one therapist are alike"
    )
    compare.set_defaults(run=run_compare)

    caseloads = commands.add_parser(
        "caseloads",
        help="therapists or sites compared given severity at intake; never a ranking",
        description="One row a unit, in the order of names: mean of score after minus the score expected from all units given "
        "the score before, that mean drawn towards all as far as it is uncertain, and the limits within which chance leaves a "
        "unit of this size. A unit under ten clients has no place. Only the score before is adjusted for.",
    )
    add_file(caseloads, what="a table with the columns unit, before and after")
    caseloads.set_defaults(run=run_caseloads)

    reliability = commands.add_parser(
        "reliability",
        help="alpha and omega of the items of a measure",
        description="Internal consistency of items, one column an item, one row a person: Cronbach's alpha and McDonald's omega. "
        "Reversed items must be turned first. People with a blank answer are left out.",
    )
    add_file(reliability, what="a table of answers")
    reliability.add_argument(
        "--items", metavar="NAME,...", help="the columns that are items; all of them without it"
    )
    reliability.set_defaults(run=run_reliability)


@dataclass
class People:
    """What the table says, a list a column: names by column, and scores, NaN where blank."""

    names: dict[str, list[str]]
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    def complete(self, column: str, name: str) -> list[int]:
        """The places of those of one name who have both scores."""
        return [
            n
            for n, (one, x, y) in enumerate(zip(self.names[column], self.before, self.after, strict=True))
            if one == name and not math.isnan(x + y)
        ]


def run_compare(options: argparse.Namespace) -> int:
    """One row a group, the reference first."""
    more = [one for one in (options.strata_column, options.therapist_column) if one]
    people, code = _people(options.file, ("group", *more))
    try:
        found = ancova(
            people.names["group"],
            people.before,
            people.after,
            reference=options.reference,
            strata=people.names.get(options.strata_column),
            errors=options.errors,
            therapist=people.names.get(options.therapist_column),
        )
    except CoreError as error:
        raise refused(error) from None
    if found.n_left_out:
        say(f"reknit: {found.n_left_out} left out for a score that is missing.")
    differences = {one.group: one for one in found.differences}
    writer = Writer(COMPARE, as_json=options.json)
    for group, mean in found.adjusted_means.items():
        row: dict[str, Value] = {
            "group": group,
            "n": len(people.complete("group", group)),
            "adjusted_mean": mean,
        }
        if group in differences:
            row["difference"] = differences[group].value
            row |= {
                name: getattr(differences[group], name) for name in ("standard_error", "low", "high", "df")
            }
        writer.write(row)
    return code


def run_caseloads(options: argparse.Namespace) -> int:
    """One row a unit, in the order of names."""
    people, code = _people(options.file, ("unit",))
    units = people.names["unit"]
    try:
        line = expected_after(people.before, people.after)
        residuals = residual_changes(line, people.before, people.after).tolist()
        shrunken = {one.name: one for one in shrunken_means(units, residuals).caseloads}
    except CoreError as error:
        raise refused(error) from None
    writer = Writer(CASELOADS, as_json=options.json)
    for unit in sorted(set(units)):
        places = people.complete("unit", unit)
        row: dict[str, Value] = {"unit": unit, "n": len(places)}
        if places:
            row["mean_before"] = _mean(people.before, places)
            row["mean_after"] = _mean(people.after, places)
            row |= _placed(shrunken[unit], spread=line.residual_sd)
        writer.write(row)
    return code


def _placed(unit: Shrunken, *, spread: float) -> dict[str, Value]:
    try:
        limits = mean_limits(0.0, sd=spread, n=unit.n)
    except CoreError as error:
        raise refused(error) from None
    return {
        "residual": unit.mean,
        "shrunken": unit.shrunken,
        "standard_error": unit.standard_error,
        "low_95": limits.low_95,
        "high_95": limits.high_95,
        "low_99_8": limits.low_99_8,
        "high_99_8": limits.high_99_8,
        "place": limits.place(unit.mean),
    }


def run_reliability(options: argparse.Namespace) -> int:
    """One row for the whole table."""
    header, rows = read_table(options.file)
    items = [one.strip() for one in options.items.split(",")] if options.items else header
    require(options.file, header, *items)
    answers, code = _answers(rows, items)
    try:
        row: dict[str, Value] = {"n": len(answers), "n_items": len(items), "alpha": cronbach_alpha(answers)}
    except CoreError as error:
        raise refused(error) from None
    try:
        row["omega"] = mcdonald_omega(answers).value
    except CoreError as problem:
        say(f"reknit: {refused(problem).sentence}")  # alpha stands without it
    Writer(RELIABILITY, as_json=options.json).write(row)
    return code


def _answers(rows: Iterator[Row], items: Sequence[str]) -> tuple[list[list[float]], int]:
    """Answers of everybody who answered every item."""
    found, code = [], 0
    for row in rows:
        try:
            answers = [number(row, item) for item in items]
        except ValueError as problem:
            code = unreadable(row, str(problem))
            continue
        known = [one for one in answers if one is not None]
        if len(known) == len(items):
            found.append(known)
    if not found:
        raise CommandError("nobody answered every item.")
    return found, code


def _people(path: str, columns: Sequence[str]) -> tuple[People, int]:
    header, rows = read_table(path)
    require(path, header, *columns, "before", "after")
    people, code = People({name: [] for name in columns}), 0
    for row in rows:
        try:
            names = {name: named(row, name) for name in columns}
            scores = number(row, "before"), number(row, "after")
        except ValueError as problem:
            code = unreadable(row, str(problem))
            continue
        for name, value in names.items():
            people.names[name].append(value)
        before, after = (math.nan if score is None else score for score in scores)
        people.before.append(before)
        people.after.append(after)
    return people, code


def _mean(values: Sequence[float], places: Sequence[int]) -> float:
    return sum(values[n] for n in places) / len(places)

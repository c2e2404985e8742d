"""`change` and `sudden-gains`: what two scores, or a course of them, say about one person's change."""

import argparse
import math
from collections.abc import Iterator

from reknit.core.errors import BadInput, UnknownMeasure
from reknit.core.measures.catalogue import measure
from reknit.core.measures.definition import Direction, Measure, Reliability
from reknit.core.outcomes.change import reliable_change
from reknit.core.outcomes.rules import Z_95, ReliableChangeRule
from reknit.core.outcomes.sudden_gains import sudden_gains, sudden_losses

from .errors import CommandError, say
from .tables import Row, Value, Writer, add_file, carried, number, read_table, require, unreadable

CHANGE = ("sem", "sdiff", "rci", "rc_points", "category")
GAINS = ("client", "pregain_session", "size", "reversed")
LOSSES = ("client", "preloss_session", "size", "reversed")
BETTER: dict[str, Direction] = {"lower": "higher_worse", "higher": "higher_better"}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    change = commands.add_parser(
        "change",
        help="reliable and clinically significant change between two scores",
        description="Reliable and clinically significant change (Jacobson and Truax 1991), one row for each row of the table.",
    )
    add_file(change, what="a table with the columns pre and post")
    change.add_argument(
        "--measure", metavar="ID", help="take spread and reliability from this measure (retest before alpha)"
    )
    change.add_argument("--sd", type=float, metavar="SD", help="standard deviation of the clinical group")
    change.add_argument("--reliability", type=float, metavar="R", help="reliability, from 0 to below 1")
    change.add_argument(
        "--direction", choices=tuple(BETTER), help="which scores are better; lower unless said"
    )
    change.add_argument(
        "--cutoff",
        type=float,
        metavar="SCORE",
        help="a score at it is clinical; without it nobody is recovered",
    )
    change.add_argument("--z", type=float, default=Z_95, help="how sure, in standard errors (1.96)")
    change.set_defaults(run=run_change)

    gains = commands.add_parser(
        "sudden-gains",
        help="sudden gains in courses of scores",
        description="Sudden gains (Tang and DeRubeis 1999), one row for each gain, on a measure where lower is better.",
    )
    add_file(gains, what="a table with the columns client, session and score")
    gains.add_argument(
        "--criterion-1", type=float, required=True, metavar="POINTS", help="the drop it takes, in points"
    )
    gains.add_argument(
        "--criterion-3",
        choices=("t-test", "pooled-sd"),
        default="t-test",
        help="how the third criterion is read",
    )
    gains.add_argument(
        "--losses", action="store_true", help="sudden losses instead, the mirror image: one row for each"
    )
    gains.set_defaults(run=run_gains)


def run_change(options: argparse.Namespace) -> int:
    """One row out for each row in, in order."""
    rule, direction = _rule(options)
    header, rows = read_table(options.file)
    require(options.file, header, "pre", "post")
    keep = carried(header, CHANGE)
    writer, code = Writer([*keep.values(), *CHANGE], as_json=options.json), 0
    for row in rows:
        found: dict[str, Value] = {name: row.cells[old] for old, name in keep.items()}
        try:
            found |= _changed(rule, direction, number(row, "pre"), number(row, "post"))
        except ValueError as problem:
            code = unreadable(row, str(problem))
        writer.write(found)
    return code


def _changed(
    rule: ReliableChangeRule, direction: Direction, before: float | None, after: float | None
) -> dict[str, Value]:
    standing: dict[str, Value] = {"sem": rule.sem, "sdiff": rule.sdiff, "rc_points": rule.threshold}
    if before is None or after is None:
        return standing
    result = reliable_change(rule, before, after, direction)
    category = "improved" if result.category == "recovered" and rule.cutoff is None else result.category
    return standing | {"rci": result.rci, "category": category}


def _rule(options: argparse.Namespace) -> tuple[ReliableChangeRule, Direction]:
    """The rule that the options name. Raises `CommandError` with what is missing."""
    sd, r, direction, told = options.sd, options.reliability, BETTER[options.direction or "lower"], ""
    if options.measure:
        if sd is not None or r is not None:
            raise CommandError("give either --measure, or --sd and --reliability.")
        known = _measure(options.measure)
        published = _reliability(known)
        sd, r = published.sd, published.r
        direction = BETTER[options.direction] if options.direction else known.direction
        told = f"reknit: SD {sd:g}, r {r:g} ({published.r_type}). {published.source}."
    if sd is None or r is None:
        raise CommandError("give --measure, or both --sd and --reliability.")
    if not math.isfinite(options.z) or options.z <= 0:
        raise CommandError("--z must be above zero.")
    try:
        rule = ReliableChangeRule(
            id="asked",
            label="as asked",
            population="",
            source="",
            sd=sd,
            r=r,
            z=options.z,
            cutoff=options.cutoff,
        )
    except BadInput:
        raise CommandError("--sd must be above zero, and --reliability from 0 to below 1.") from None
    if told:
        say(told)  # which figures were taken is part of the answer, and no column of it
    return rule, direction


def _measure(name: str) -> Measure:
    try:
        return measure(name)
    except UnknownMeasure as error:
        raise CommandError(f"{str(error)[0].lower()}{str(error)[1:]}") from None


def _reliability(known: Measure) -> Reliability:
    """Retest where it is published, since change is about two days and not about one."""
    usable = [one for one in known.reliability if one.sd]
    if not usable:
        raise CommandError(
            f"no spread and reliability of the {known.short_title} are kept; give --sd and --reliability."
        )
    return next((one for one in usable if "retest" in one.r_type), usable[0])


def run_gains(options: argparse.Namespace) -> int:
    """One row for each gain, clients in the order in which they come."""
    if not options.criterion_1 > 0:
        raise CommandError("--criterion-1 must be above zero points.")
    header, rows = read_table(options.file)
    require(options.file, header, "client", "session", "score")
    courses, code = _courses(rows)
    fields, find = (LOSSES, sudden_losses) if options.losses else (GAINS, sudden_gains)
    writer = Writer(fields, as_json=options.json)
    for client, course in courses.items():
        for one in find(course, criterion_1=options.criterion_1, criterion_3=options.criterion_3):
            writer.write({"client": client, **{name: getattr(one, name) for name in fields[1:]}})
    return code


def _courses(rows: Iterator[Row]) -> tuple[dict[str, dict[int, float]], int]:
    """Scores by client and session. A session told twice in different ways is unreadable, and becomes a gap."""
    found: dict[str, dict[int, float | None]] = {}
    code = 0
    for row in rows:
        try:
            session, score = _session(row), number(row, "score")
            if not row.cells["client"].strip():
                raise ValueError("the client is blank")
        except ValueError as problem:
            code = unreadable(row, str(problem))
            continue
        course = found.setdefault(row.cells["client"], {})
        if score is None:
            continue
        if course.setdefault(session, score) != score:
            code = unreadable(row, f"session {session} is there twice with different scores")
            course[session] = None
    return {
        client: {session: score for session, score in course.items() if score is not None}
        for client, course in found.items()
    }, code


def _session(row: Row) -> int:
    if row.problem:
        raise ValueError(row.problem)
    text = row.cells["session"].strip()
    try:
        session = float(text)
    except ValueError:
        raise ValueError(f"the session {text!r} is not a number") from None
    if not math.isfinite(session) or session != int(session):
        raise ValueError(f"the session {text!r} is not a whole number")
    return int(session)

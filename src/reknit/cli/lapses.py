"""`incidence` and `lapses`: how many had an ending where others have another, and lapses that come again."""

import argparse
from collections.abc import Iterator

import numpy as np

from reknit.core.errors import CoreError
from reknit.core.outcomes.competing import cumulative_incidence
from reknit.core.outcomes.recurrent import Followed, calendar_lapses, mean_count
from reknit.core.outcomes.survival import GAP_DAYS

from .errors import CommandError, refused
from .tables import Row, Writer, add_file, named, number, read_table, require, truth, unreadable

INCIDENCE = ("ending", "time", "at_risk", "events", "others", "incidence", "standard_error", "low", "high")
LAPSES = ("time", "at_risk", "events", "mean", "standard_error", "low", "high")
LONGEST_DAY = 36525


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    incidence = commands.add_parser(
        "incidence",
        help="share with each ending by each time, where others have another ending first",
        description="Cumulative incidence (Aalen and Johansen 1978), one row for each ending and time at which anybody had an "
        "ending. One row in is one person: time from time zero, and the ending that came then; blank where observation ended "
        "with nothing.",
    )
    add_file(incidence, what="a table with the columns time and ending")
    incidence.add_argument("--ending", metavar="NAME", help="this ending only")
    incidence.set_defaults(run=run_incidence)

    lapses = commands.add_parser(
        "lapses",
        help="mean number of lapses a person by each day, those that come again included",
        description="Mean cumulative function with robust errors (Lawless and Nadeau 1995), one row for each day on which "
        "anybody lapsed. Days count from time zero, which is day 0. Use days in a row are one lapse; a day without a row, or "
        "blank, is not known, and never parts one lapse into two.",
    )
    add_file(lapses, what="a table with the columns client, day and used (true or false)")
    lapses.add_argument(
        "--gap",
        type=int,
        default=GAP_DAYS,
        metavar="DAYS",
        help=f"an unknown stretch longer than this is not observed ({GAP_DAYS})",
    )
    lapses.set_defaults(run=run_lapses)


def run_incidence(options: argparse.Namespace) -> int:
    """One row for each ending and step, endings in the order of their names."""
    header, rows = read_table(options.file)
    require(options.file, header, "time", "ending")
    times: list[float] = []
    endings: list[str | None] = []
    code = 0
    for row in rows:
        try:
            time = number(row, "time")
            if time is None or time < 0:
                raise ValueError("the time is blank or lies before time zero")
        except ValueError as problem:
            code = unreadable(row, str(problem))
            continue
        times.append(time)
        endings.append(row.cells["ending"].strip() or None)
    known = sorted({one for one in endings if one})
    if options.ending and options.ending not in known:
        raise CommandError(f"nobody had the ending '{options.ending}'.")
    writer = Writer(INCIDENCE, as_json=options.json)
    for ending in [options.ending] if options.ending else known:
        for step in cumulative_incidence(times, endings, ending=ending).steps:
            writer.write({"ending": ending, **{name: getattr(step, name) for name in INCIDENCE[1:]}})
    return code


def run_lapses(options: argparse.Namespace) -> int:
    """One row for each day on which anybody lapsed."""
    if options.gap < 0:
        raise CommandError("--gap must be zero days or more.")
    header, rows = read_table(options.file)
    require(options.file, header, "client", "day", "used")
    calendars, code = _calendars(rows)
    people = [_followed(days, gap=options.gap) for days in calendars.values()]
    try:
        found = mean_count(people)
    except CoreError as error:
        raise refused(error) from None
    writer = Writer(LAPSES, as_json=options.json)
    for step in found.steps:
        writer.write({name: getattr(step, name) for name in LAPSES})
    return code


def _calendars(rows: Iterator[Row]) -> tuple[dict[str, dict[int, bool | None]], int]:
    """Days by client. A day told twice in different ways is unreadable, and becomes unknown."""
    found: dict[str, dict[int, bool | None]] = {}
    clashed: set[tuple[str, int]] = set()
    code = 0
    for row in rows:
        try:
            client, day, used = named(row, "client"), _day(row), truth(row.cells["used"])
        except ValueError as problem:
            code = unreadable(row, str(problem))
            continue
        days = found.setdefault(client, {})
        if used is None:
            continue
        if days.setdefault(day, used) != used:
            code = unreadable(row, f"day {day} is there twice with different answers; it counts as not known")
            clashed.add((client, day))
    for client, day in clashed:
        found[client][day] = None
    return found, code


def _day(row: Row) -> int:
    day = number(row, "day")
    if day is None or day != int(day) or not 0 <= day <= LONGEST_DAY:
        raise ValueError(
            f"the day {row.cells['day'].strip()!r} is not a whole number from 0 to {LONGEST_DAY}"
        )
    return int(day)


def _followed(days: dict[int, bool | None], *, gap: int) -> Followed:
    states = np.full(max(days, default=-1) + 1, -1, dtype=np.int8)
    for day, used in days.items():
        states[day] = -1 if used is None else used
    return calendar_lapses(states, gap_days=gap)

"""`use-days`: what a calendar of use adds up to, one row for each client."""

import argparse
import datetime as dt
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reknit.core.substance_use.catalogue import counts_in_any
from reknit.core.substance_use.drinks import GRAMS, HEAVY_LOWER, HEAVY_MEN, LEVELS
from reknit.core.substance_use.outcomes import CalendarOutcomes, calendar_outcomes

from .errors import CommandError, say
from .tables import Row, Value, Writer, add_file, read_table, require, truth

FIELDS = (
    "client", "n_days", "n_reported", "coverage", "pda", "phdd", "dpdd", "drinks_per_day", "total_drinks", "grams_per_day",
    "who_level", "no_heavy_days", "longest_abstinence", "current_abstinence", "days_since_last_use", "days_to_first_use",
    "days_to_first_heavy", "observed_until", "n_unreadable", "flags",
)  # fmt: skip
OF_AMOUNTS = (
    "phdd", "dpdd", "drinks_per_day", "total_drinks", "grams_per_day", "who_level", "no_heavy_days", "days_to_first_heavy",
)  # fmt: skip
MEN, WOMEN = frozenset({"m", "male", "man"}), frozenset({"f", "female", "woman"})
DAY = dt.timedelta(days=1)
ALCOHOL, WHATEVER = "alcohol", ""
DRINKS = frozenset({ALCOHOL, WHATEVER})  # a table without substances is one of drinks


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "use-days",
        help="days abstinent, heavy days, runs and risk levels from a calendar",
        description="One row a client from a calendar (Timeline Followback). A day without a row, or with a blank amount, is "
        "not known and never a day without use. Days marked as controlled (hospital, prison) are left out of the window. "
        "With several substances a day is without use only if each was told about and none was used. Amounts, heavy days and "
        "risk levels are those of alcohol: other substances have no drinks and no grams. With --unit count amounts are those "
        "of all.",
    )
    add_file(
        parser, what="a table with the columns client, date, amount, and perhaps substance and controlled"
    )
    parser.add_argument(
        "--unit", choices=(*GRAMS, "count"), default="us", help="what an amount counts (us: drinks of 14 g)"
    )
    parser.add_argument(
        "--heavy", type=float, metavar="N", help="a day with N or more, in that unit, is heavy"
    )
    parser.add_argument(
        "--sex-column", metavar="NAME", help="take 70 g for men, 56 g for women and where it is not known"
    )
    parser.add_argument(
        "--start", type=_date, metavar="DATE", help="day 0; each client's first date without it"
    )
    parser.add_argument(
        "--end", type=_date, metavar="DATE", help="the last day; each client's last date without it"
    )
    parser.add_argument(
        "--missing",
        choices=("observed", "worst"),
        default="observed",
        help="worst: a day nobody told about counts as one at exactly the heavy limit",
    )
    parser.add_argument(
        "--substance", metavar="NAME", help="count days of this substance alone, over the same window"
    )
    parser.add_argument(
        "--controlled",
        choices=("out", "in"),
        default="out",
        help="in: count controlled days (hospital, prison) like any other; report both",
    )
    parser.set_defaults(run=run_use_days)


@dataclass
class Calendar:
    """What the table says of one client: amounts by substance and day, and what could not be read."""

    cells: dict[tuple[str, dt.date], float | None] = field(default_factory=dict)
    lines: dict[tuple[str, dt.date], list[int]] = field(default_factory=dict)
    clashed: set[tuple[str, dt.date]] = field(default_factory=set)
    controlled: dict[dt.date, set[tuple[str, dt.date]]] = field(default_factory=dict)
    free: set[tuple[str, dt.date]] = field(default_factory=set)
    dates: set[dt.date] = field(default_factory=set)
    sex: set[str] = field(default_factory=set)
    n_unreadable: int = 0


def run_use_days(options: argparse.Namespace) -> int:
    """One row a client, in the order in which they come."""
    _check(options)
    header, rows = read_table(options.file)
    require(
        options.file,
        header,
        "client",
        "date",
        "amount",
        *([options.sex_column] if options.sex_column else []),
        *(["substance"] if options.substance else []),
    )
    calendars: dict[str, Calendar] = {}
    unreadable = 0
    for row in rows:
        calendar = (
            calendars.setdefault(row.cells["client"].strip(), Calendar())
            if row.cells["client"].strip()
            else None
        )
        try:
            if calendar is None:
                raise ValueError("the client is blank")
            _take(calendar, row, options)
        except ValueError as problem:
            unreadable += 1
            if calendar:
                calendar.n_unreadable += 1
            say(f"line {row.line}: {problem}.")
    for calendar in calendars.values():
        unreadable += _clashes(calendar)
    writer = Writer(FIELDS, as_json=options.json)
    for client, calendar in calendars.items():
        writer.write({"client": client, **_outcomes(calendar, options)})
    return 1 if unreadable else 0


def _check(options: argparse.Namespace) -> None:
    if options.heavy is not None and not options.heavy > 0:
        raise CommandError("--heavy must be above zero.")
    if options.start and options.end and options.end < options.start:
        raise CommandError("--end lies before --start.")
    if options.unit == "count" and options.sex_column:
        raise CommandError("--sex-column compares grams, and a count has none; give --heavy instead.")
    if options.missing == "worst" and options.unit == "count" and options.heavy is None:
        raise CommandError("--missing worst needs --heavy when amounts are a count.")


def _take(calendar: Calendar, row: Row, options: argparse.Namespace) -> None:
    """Read one row. Raises `ValueError` with why it cannot be read."""
    if row.problem:
        raise ValueError(row.problem)
    on = _day(row.cells["date"])
    amount = _amount(row.cells["amount"])
    controlled = truth(row.cells.get("controlled", ""))
    if options.sex_column:
        calendar.sex.add(row.cells[options.sex_column].strip().lower())
    calendar.dates.add(on)
    cell = (row.cells.get("substance", WHATEVER).strip().lower(), on)
    if controlled:
        calendar.controlled.setdefault(on, set()).add(cell)
    elif controlled is False:
        calendar.free.add(cell)
    calendar.lines.setdefault(cell, []).append(row.line)
    known = calendar.cells.get(cell)
    if known is not None and amount is not None and known != amount:
        calendar.clashed.add(cell)
    if cell in calendar.free and cell in calendar.controlled.get(on, ()):
        calendar.clashed.add(cell)
    if known is None:
        calendar.cells[cell] = amount


def _clashes(calendar: Calendar) -> int:
    """Days told in two ways become unknown, and each row about them is named."""
    count = 0
    for cell in sorted(calendar.clashed, key=lambda one: calendar.lines[one]):
        calendar.cells[cell] = None
        calendar.controlled.get(cell[1], set()).discard(cell)
        for line in calendar.lines[cell]:
            say(
                f"line {line}: {cell[1].isoformat()} is there twice with different answers; the day counts as not known."
            )
            count += 1
    calendar.n_unreadable += count
    return count


def _outcomes(calendar: Calendar, options: argparse.Namespace) -> dict[str, Value]:
    start = options.start or min(calendar.dates, default=None)
    end = options.end or max(calendar.dates, default=None)
    if start is None or end is None or end < start:
        return {"n_days": 0, "n_reported": 0}
    days = [start + n * DAY for n in range((end - start).days + 1)]
    substances = sorted({substance for substance, _on in calendar.cells})
    if options.substance:
        substances = [one for one in substances if one == options.substance.strip().lower()]
    amounts, used = _grid(calendar, days, substances, options.unit)
    inside = np.array([[options.controlled == "in" or not calendar.controlled.get(day) for day in days]])
    is_man = bool(calendar.sex) and calendar.sex <= MEN
    found = calendar_outcomes(
        amounts,
        inside=inside,
        used=used,
        heavy=_limit(options, is_man=is_man),
        grams=GRAMS.get(options.unit),
        is_man=np.array([is_man]),
        missing=options.missing,
    )
    row = _shown(found, start)
    if options.unit != "count" and not DRINKS.intersection(substances):
        row |= dict.fromkeys(OF_AMOUNTS)  # what an unknown day counts as at worst is no drink either
    # Without one usable day nothing but the days themselves is said; what could not be read was named line by line.
    return row | ({"n_unreadable": calendar.n_unreadable} if row["n_reported"] else {})


def _grid(
    calendar: Calendar, days: list[dt.date], substances: list[str], unit: str
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Amounts and used-or-not of one client, one row of days: see the command's description for several substances."""
    counted = [one for one in substances if counts_in_any(one)] or substances
    measured = counted if unit == "count" else [one for one in substances if one in DRINKS]
    amounts, used = np.full((1, len(days)), np.nan), np.full((1, len(days)), -1, dtype=np.int8)
    for n, day in enumerate(days):
        told = [calendar.cells.get((one, day)) for one in counted]
        if any(one for one in told):
            used[0, n] = 1
        elif told and None not in told:
            used[0, n] = 0
        parts = [calendar.cells.get((one, day)) for one in measured]
        if parts and None not in parts:
            amounts[0, n] = sum(part or 0.0 for part in parts)
    return amounts, used


def _limit(options: argparse.Namespace, *, is_man: bool) -> NDArray[np.float64] | None:
    if options.heavy is not None:
        return np.array([options.heavy])
    if options.unit == "count":
        return None
    return np.array([(HEAVY_MEN if is_man else HEAVY_LOWER) / GRAMS[options.unit]])


def _shown(found: CalendarOutcomes, start: dt.date) -> dict[str, Value]:
    """The outcomes by the names they bear outside; what is undefined is left out."""
    until, rank, heavy = int(found.observed_until[0]), int(found.who_rank[0]), int(found.no_heavy_days[0])
    row: dict[str, Value] = {
        "n_days": int(found.n_days[0]),
        "n_reported": int(found.n_reported[0]),
        "coverage": _number(found.coverage[0]),
    }
    if not row["n_reported"]:
        return row
    return row | {
        "flags": "low_coverage" if found.low_coverage[0] else "",
        "pda": _number(found.pda[0]),
        "phdd": _number(found.phdd[0]),
        "dpdd": _number(found.dpdd[0]),
        "drinks_per_day": _number(found.per_day[0]),
        "total_drinks": _number(found.total[0]),
        "grams_per_day": _number(found.grams_per_day[0]),
        "who_level": LEVELS[rank] if rank >= 0 else None,
        "no_heavy_days": bool(heavy) if heavy >= 0 else None,
        "longest_abstinence": _whole(found.longest_abstinence[0]),
        "current_abstinence": _whole(found.current_abstinence[0]),
        "days_since_last_use": _whole(found.days_since_last_use[0]),
        "days_to_first_use": _whole(found.days_to_first_use[0]),
        "days_to_first_heavy": _whole(found.days_to_first_heavy[0]),
        "observed_until": (start + until * DAY).isoformat() if until >= 0 else None,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(value: int) -> int | None:
    return None if value < 0 else int(value)


def _amount(cell: str) -> float | None:
    text = cell.strip()
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        raise ValueError(f"the amount {text!r} is not a number") from None
    if not math.isfinite(amount) or amount < 0:
        raise ValueError(f"the amount {text!r} is not zero or more")
    return amount


def _day(cell: str) -> dt.date:
    try:
        return dt.date.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"the date {cell.strip()!r} is not a day written as 2026-03-31") from None


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day written as 2026-03-31") from None

"""Tables in and out of the science commands: CSV from a file or standard input, CSV or JSON lines to standard output.

A file that cannot be read at all ends the command with one sentence. A row that cannot be read is told to the caller,
which keeps it in its place or names it on standard error; it is never dropped in silence.
"""

import argparse
import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from .errors import CommandError, say

TRUE, FALSE = frozenset({"true", "1", "yes", "y"}), frozenset({"false", "0", "no", "n"})
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its cells by column, and why it could not be read, if so."""

    line: int
    cells: dict[str, str]
    problem: str | None = None


def add_file(parser: argparse.ArgumentParser, *, what: str) -> None:
    """The one positional argument of a command that reads a table, and the choice of output."""
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help=f"{what}; - or nothing: standard input"
    )
    parser.add_argument("--json", action="store_true", help="write JSON lines instead of CSV")


def open_binary(path: str) -> IO[bytes]:
    """The bytes of a file, or of standard input for `-`. Raises `CommandError` when there is no such file."""
    try:
        return sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115 - read to its end by the caller
    except FileNotFoundError:
        raise CommandError(f"there is no file called {path}.") from None
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}).") from None


def open_text(path: str) -> IO[str]:
    """The text of a file, or of standard input for `-`, with any byte order mark taken off."""
    return io.TextIOWrapper(open_binary(path), encoding="utf-8-sig", errors="strict", newline="")


def read_table(path: str) -> tuple[list[str], Iterator[Row]]:
    """The columns of a table, and its rows one after the other. Raises `CommandError` for a file with no header.

    Lines may end in LF or CRLF. Names of columns are taken without spaces around them.
    """
    text = open_text(path)
    reader = csv.reader(text)
    try:
        header = [name.strip() for name in next(reader, [])]
    except (UnicodeDecodeError, csv.Error):
        raise CommandError(f"{name_of(path)} is not a table in UTF-8.") from None
    if not any(header):
        raise CommandError(f"{name_of(path)} is empty: its first line must name the columns.")
    if doubled := sorted({name for name in header if header.count(name) > 1}):
        raise CommandError(f"{name_of(path)} names the column {doubled[0] or '(no name)'} twice.")
    return header, _rows(path, reader, header)


def _rows(path: str, reader: Any, header: Sequence[str]) -> Iterator[Row]:
    try:
        for cells in reader:
            if not cells:
                continue  # an empty line is no row
            problem = None
            if len(cells) != len(header):
                problem = f"this row has {len(cells)} cells where the first line names {len(header)} columns"
            yield Row(
                reader.line_num, dict(zip(header, [*cells, *[""] * len(header)], strict=False)), problem
            )
    except UnicodeDecodeError:
        raise CommandError(f"{name_of(path)} is not a table in UTF-8.") from None
    except csv.Error as error:
        raise CommandError(f"{name_of(path)} cannot be read as CSV ({error}).") from None


def require(path: str, header: Sequence[str], *names: str) -> None:
    """Refuse a table that lacks a column."""
    for name in names:
        if name not in header:
            raise CommandError(f"{name_of(path)} has no column called {name}.")


def carried(header: Sequence[str], outputs: Sequence[str]) -> dict[str, str]:
    """The columns carried through, by the name each bears in the output: one that an output bears gets `in_` before it.

    >>> carried(["id", "total"], ["total"])
    {'id': 'id', 'total': 'in_total'}
    """
    found: dict[str, str] = {}
    for name in header:
        new = name
        while new in outputs or new in found.values():
            new = f"in_{new}"
        found[name] = new
    return found


def truth(cell: str) -> bool | None:
    """True or false as people write them, in any case; nothing for a blank. Raises `ValueError` for anything else.

    >>> truth("Yes"), truth("0"), truth(" ")
    (True, False, None)
    """
    word = cell.strip().lower()
    if not word:
        return None
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise ValueError(f"{cell!r} is neither true nor false")


def number(row: Row, column: str) -> float | None:
    """A number of a row; nothing for a blank. Raises `ValueError` with why it cannot be read.

    >>> number(Row(2, {"pre": " 18 "}), "pre"), number(Row(2, {"pre": ""}), "pre")
    (18.0, None)
    """
    if row.problem:
        raise ValueError(row.problem)
    text = row.cells[column].strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{column} is {text!r}, which is not a number") from None
    if not math.isfinite(value):
        raise ValueError(f"{column} is {text!r}, which is not a number")
    return value


def named(row: Row, column: str) -> str:
    """A name of a row. Raises `ValueError` with why it cannot be read, a blank included.

    >>> named(Row(2, {"unit": " north "}), "unit")
    'north'
    """
    if row.problem:
        raise ValueError(row.problem)
    if not (text := row.cells[column].strip()):
        raise ValueError(f"the {column} is blank")
    return text


def unreadable(row: Row, problem: str) -> int:
    """Name a row that cannot be read on standard error, and give the exit code that says so."""
    say(f"line {row.line}: {problem}.")
    return 1


def shown(value: Value) -> str:
    """A value as it stands in a CSV: nothing for what is undefined.

    >>> [shown(one) for one in (None, True, 3, 2.5, "x")]
    ['', 'True', '3', '2.5', 'x']
    """
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


class Writer:
    """Writes rows to standard output, as CSV with its header or as JSON lines."""

    def __init__(self, fields: Sequence[str], *, as_json: bool, out: IO[str] | None = None) -> None:
        self.fields, self.as_json = list(fields), as_json
        self.out = out or sys.stdout
        self.csv = csv.writer(self.out, lineterminator="\n")
        if not as_json:
            self.csv.writerow(self.fields)

    def write(self, row: dict[str, Value]) -> None:
        """One row; a field that is not named is undefined."""
        if self.as_json:
            line = json.dumps({name: row.get(name) for name in self.fields}, ensure_ascii=False)
            self.out.write(line + "\n")
        else:
            self.csv.writerow([shown(row.get(name)) for name in self.fields])


def name_of(path: str) -> str:
    """What a sentence calls the file."""
    return "standard input" if path == "-" else path

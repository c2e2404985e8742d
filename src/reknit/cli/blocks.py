"""A table read some megabytes at a time, for commands that take a million rows.

A block whose lines are plain goes through Arrow, a table library that reads text in compiled code. What Arrow would
read otherwise than the other commands, or refuse whole, goes through Python's own reader: rows with too few or too many
cells, stray quotes, lone carriage returns. Both give the same columns, so nothing after this can tell them apart.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from .errors import CommandError
from .tables import name_of, open_binary

BLOCK = 4 << 20
BATCH = 50_000
MARK = b"\xef\xbb\xbf"
WORDS = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows: their columns as Arrow arrays of text, and what is wrong with a row, by its place."""

    columns: dict[str, Any]
    rows: int
    problems: dict[int, str] = field(default_factory=dict)


class Piece(NamedTuple):
    """Some whole lines, and whether they hold quotes; or everything that is left, to be read with care."""

    lines: bytes
    has_quotes: bool
    is_rest: bool


def texts(cells: Sequence[str]) -> Any:
    """Texts as an Arrow array, put together by hand: `pyarrow.array` would load pandas where there is one."""
    parts = [cell.encode() for cell in cells]
    ends = np.zeros(len(parts) + 1, dtype=np.int32)
    np.cumsum([len(part) for part in parts], out=ends[1:], dtype=np.int32)
    return pa.StringArray.from_buffers(len(parts), pa.py_buffer(ends), pa.py_buffer(b"".join(parts)))


def places(column: Any) -> NDArray[np.int64]:
    """Where the text of each row stands in the dictionary of a column."""
    indices = column.indices
    found = np.frombuffer(indices.buffers()[1], dtype=indices.type.to_pandas_dtype(), count=len(indices))
    return found.astype(np.int64)


def picked(words: Any, rows: NDArray[np.int64]) -> Any:
    """One of some texts for each row."""
    return words.take(pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)]))


def read_blocks(path: str, coded: Sequence[str]) -> tuple[list[str], Iterator[Block]]:
    """The columns of a table, and its rows block by block. The columns in `coded` come as dictionaries.

    Raises `CommandError`, here or on the way, with one sentence for a file that cannot be read.
    """
    source = open_binary(path)
    first = source.read(BLOCK).removeprefix(MARK)
    header, used, first = _header(path, source, first)
    return header, _blocks(path, source, first[used:], header, frozenset(coded))


def _header(path: str, source: IO[bytes], first: bytes) -> tuple[list[str], int, bytes]:
    """Names of the columns, how many bytes they took, and the bytes read so far."""
    while (first.count(b"\n") == 0 or first.split(b"\n", 1)[0].count(b'"') % 2) and (
        more := source.read(BLOCK)
    ):
        first += more
    used = 0

    def lines() -> Iterator[str]:
        nonlocal used
        for line in io.BytesIO(first):
            used += len(line)
            yield line.decode("utf-8")

    try:
        header = [name.strip() for name in next(csv.reader(lines()), [])]
    except (UnicodeDecodeError, csv.Error):
        raise CommandError(f"{name_of(path)} is not a table in UTF-8.") from None
    if not any(header):
        raise CommandError(f"{name_of(path)} is empty: its first line must name the columns.")
    if doubled := sorted({name for name in header if header.count(name) > 1}):
        raise CommandError(f"{name_of(path)} names the column {doubled[0] or '(no name)'} twice.")
    return header, used, first


def _blocks(
    path: str, source: IO[bytes], first: bytes, header: list[str], coded: frozenset[str]
) -> Iterator[Block]:
    try:
        for piece in _pieces(source, first):
            if piece.is_rest:
                yield from _slow(io.BufferedReader(_Rest(piece.lines, source)), header)
            elif (table := _fast(piece, header, coded)) is not None:
                yield table
            else:
                yield from _slow(io.BytesIO(piece.lines), header)
    except UnicodeDecodeError:
        raise CommandError(f"{name_of(path)} is not a table in UTF-8.") from None
    except csv.Error as error:
        raise CommandError(f"{name_of(path)} cannot be read as CSV ({error}).") from None


def _pieces(source: IO[bytes], held: bytes) -> Iterator[Piece]:
    """Cut the file at ends of lines that lie outside quotes."""
    while True:
        more = source.read(BLOCK) if len(held) < BLOCK else b""
        is_last = len(held) < BLOCK and not more
        held += more
        if not held:
            return
        end = len(held) if is_last else _cut(held)
        lines = held[:end]
        has_quotes = b'"' in lines
        if end == 0 or _has_lone_return(lines) or (has_quotes and not _is_well_quoted(lines)):
            yield Piece(held, True, True)
            return
        yield Piece(lines, has_quotes, False)
        held = held[end:]


def _cut(held: bytes) -> int:
    """Where the last whole line ends; 0 when there is none. A line may end inside quotes, and then goes on."""
    if b'"' not in held:
        return held.rfind(b"\n") + 1
    data = np.frombuffer(held, dtype=np.uint8)
    is_outside = np.cumsum(data == ord('"')) % 2 == 0
    ends = np.flatnonzero((data == ord("\n")) & is_outside)
    return int(ends[-1]) + 1 if len(ends) else 0


def _has_lone_return(lines: bytes) -> bool:
    return b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n")


def _is_well_quoted(lines: bytes) -> bool:
    """Whether each quote opens a cell, closes one, or stands doubled inside one: then all readers agree."""
    data = np.frombuffer(lines, dtype=np.uint8)
    places = np.flatnonzero(data == ord('"'))
    if len(places) % 2:
        return False
    padded = np.concatenate([[ord("\n")], data, [ord("\n")]])
    opening, closing = padded[places[0::2]], padded[places[1::2] + 2]
    starts = np.isin(opening, [ord(one) for one in ',\n"'])
    ends = np.isin(closing, [ord(one) for one in ',\r\n"'])
    return bool(starts.all() and ends.all())


def _fast(piece: Piece, header: list[str], coded: frozenset[str]) -> Block | None:
    """The block through Arrow; nothing when a row does not have as many cells as the first line."""
    try:
        table = pacsv.read_csv(
            io.BytesIO(piece.lines),
            read_options=pacsv.ReadOptions(column_names=header, block_size=1 << 20),
            parse_options=pacsv.ParseOptions(newlines_in_values=piece.has_quotes),
            convert_options=pacsv.ConvertOptions(
                column_types={name: WORDS if name in coded else pa.string() for name in header},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return Block({name: texts([]) for name in header}, 0)
        return None
    table = table.unify_dictionaries().combine_chunks()
    return Block({name: _one(table.column(name)) for name in header}, table.num_rows)


def _one(column: Any) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else texts([])


def _slow(source: IO[bytes], header: list[str]) -> Iterator[Block]:
    """The same through Python's reader. A row with too few or too many cells keeps its place."""
    reader = csv.reader(io.TextIOWrapper(source, encoding="utf-8", errors="strict", newline=""))
    rows: list[list[str]] = []
    problems: dict[int, str] = {}
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            problems[len(rows)] = (
                f"this row has {len(cells)} cells where the first line names {len(header)} columns"
            )
            cells = [*cells, *[""] * len(header)][: len(header)]
        rows.append(cells)
        if len(rows) == BATCH:
            yield _block(rows, header, problems)
            rows, problems = [], {}
    if rows:
        yield _block(rows, header, problems)


def _block(rows: list[list[str]], header: list[str], problems: dict[int, str]) -> Block:
    columns = zip(*rows, strict=True)
    return Block(
        {name: texts(cells) for name, cells in zip(header, columns, strict=True)},
        len(rows),
        problems,
    )


class _Rest(io.RawIOBase):
    """What is held already, and then the rest of the file."""

    def __init__(self, held: bytes, source: IO[bytes]) -> None:
        self.held, self.source = held, source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self.held[: len(buffer)] or self.source.read(len(buffer))
        self.held = self.held[len(part) :]
        buffer[: len(part)] = part
        return len(part)

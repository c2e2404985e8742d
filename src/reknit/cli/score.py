"""`score`: one measure over a table of answers, a row out for each row in."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reknit.core.errors import UnknownMeasure
from reknit.core.measures.catalogue import measure
from reknit.core.measures.cells import cell_code, takes_numbers, written_answers
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.plan import ILLEGAL
from reknit.core.measures.scoring import STATE_CODES, ScoreColumns, score_codes
from reknit.core.measures.shown import first_reason, number_text

from .errors import CommandError
from .tables import Value, add_file, carried, shown

BEFORE, AFTER = ("status", "total", "band"), ("flags", "n_missing", "reason", "definition")
INVALID = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of answers to write: a place in `values` for each row."""

    places: NDArray[np.int64]
    values: list[Value]
    texts: list[str]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "score",
        help="score a table of answers",
        description="Score one measure over a table, one row out for each row in. Items are q1 to qN in printed order; "
        "`./reknit measures show ID` names the columns of a measure. Other columns are carried through. A row that "
        "cannot be read stays in its place as invalid.",
    )
    parser.add_argument("measure", metavar="ID", help="the measure; `./reknit measures` lists them")
    add_file(parser, what="a table with one column for each item")
    parser.set_defaults(run=run_score)


def run_score(options: argparse.Namespace) -> int:
    """Read, score and write some thousand rows at a time, so that memory does not grow with the file."""
    from .blocks import read_blocks  # Arrow takes a while to load, and only this command needs it

    chosen = known_measure(options.measure)
    names = {name for item in chosen.items if item.column for name in (item.column, *item.also)}
    header, blocks = read_blocks(options.file, sorted(names))
    columns = _columns(options.file, chosen, header)
    outputs = [*BEFORE, *chosen.results, *AFTER]
    echoed = {name for item, name in columns.values() if not item.helper}
    keep = carried([name for name in header if name not in echoed], outputs)
    write = _json_writer(keep, outputs) if options.json else _csv_writer(keep, outputs)
    code = 0
    for block in blocks:
        if block.rows:
            found = _scored(chosen, columns, block)
            code = max(code, int((found["status"].places == INVALID).any()))
            write(block, found)
    return code


def known_measure(name: str) -> Measure:
    """The measure of this id. Raises `CommandError` with the ids there are."""
    try:
        return measure(name)
    except UnknownMeasure as error:
        raise CommandError(f"{str(error)[0].lower()}{str(error)[1:]}") from None


def _columns(path: str, chosen: Measure, header: list[str]) -> dict[str, tuple[Item, str]]:
    """Which column of the table answers which item. Raises `CommandError` when a scored item has none."""
    found = {}
    for item in chosen.items:
        if item.column is None:
            continue
        name = next((one for one in (item.column, *item.also) if one in header), None)
        if name is not None:
            found[item.id] = (item, name)
        elif (item.scored or item.required) and not item.optional:
            where = "standard input" if path == "-" else path
            raise CommandError(f"{where} has no column called {item.column}.")
    return found


def _scored(chosen: Measure, columns: dict[str, tuple[Item, str]], block: Any) -> dict[str, Column]:
    """The output columns of a block."""
    cells, codes = {}, {}
    for key, (item, name) in columns.items():
        cells[key], codes[key] = _codes(chosen, item, block.columns[name])
    result = score_codes(chosen, codes)
    states = result.states.astype(np.int64)
    for row in block.problems:
        states[row] = INVALID
    reasons = _reasons(chosen, columns, cells, codes, result, block.problems)
    unreadable = np.zeros(block.rows, dtype=np.bool_)
    unreadable[list(block.problems)] = True
    found = {
        "status": Column(states, list(STATE_CODES), [str(one) for one in STATE_CODES]),
        "total": _totals(chosen, result, unreadable),
        "band": _bands(chosen, result, unreadable),
        "flags": _flags(result, unreadable),
        "n_missing": _counts(result, unreadable),
        "reason": reasons,
        "definition": _constant(f"{chosen.id}@{chosen.version}", block.rows),
    }
    for name in chosen.results:
        found[name] = _result(chosen, name, np.where(unreadable, np.nan, result.results[name]))
    return found


def _codes(chosen: Measure, item: Item, column: Any) -> tuple[Any, NDArray[np.int8]]:
    """A column as a dictionary, and as codes: each different text is read once."""
    from .blocks import places

    words = column if hasattr(column, "dictionary") else column.dictionary_encode()
    options, numbers = chosen.options_for(item), takes_numbers(chosen, item)
    read = [cell_code(options, one, numbers=numbers) for one in words.dictionary.to_pylist()]
    return words, np.array(read or [0], dtype=np.int8)[places(words)]


def _totals(chosen: Measure, result: ScoreColumns, unreadable: NDArray[np.bool_]) -> Column:
    """Whole for a complete sum; two decimals for a mean and for a prorated total."""
    totals = np.where(unreadable, np.nan, result.totals)
    keep_two = (result.states == 1) | (chosen.scoring == "mean")
    hundredths = np.rint(np.nan_to_num(totals) * 100).astype(np.int64) * 2 + keep_two
    return _numbers(hundredths, np.isnan(totals), lambda n: number_text(n // 2, two=bool(n % 2)))


def _result(chosen: Measure, name: str, values: NDArray[np.float64]) -> Column:
    computed = next((one for one in chosen.computed if one.id == name), None)
    blank = np.isnan(values)
    if computed is not None and computed.kind in ("truth", "choice"):
        words: list[Value] = [False, True] if computed.kind == "truth" else list(computed.values)
        places = np.where(blank, len(words), np.nan_to_num(values)).astype(np.int64)
        return Column(places, [*words, None], [*map(shown, words), ""])
    if computed is not None and computed.kind == "number":
        numbers: list[Value] = [
            None if empty else float(one) for one, empty in zip(values, blank, strict=True)
        ]
        return Column(np.arange(len(values)), numbers, [shown(one) for one in numbers])
    is_mean = any(one.id == name and one.scoring == "mean" for one in chosen.subscales)
    hundredths = np.rint(np.nan_to_num(values) * 100).astype(np.int64)
    return _numbers(hundredths, blank, lambda n: number_text(n, two=is_mean))


def _numbers(keys: NDArray[np.int64], blank: NDArray[np.bool_], text: Callable[[int], str]) -> Column:
    """Numbers as a dictionary over the keys that occur: there are few, however many rows."""
    size = int(keys.max()) + 2
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[keys] = True
    occurring = np.flatnonzero(occurs)
    table = np.zeros(size, dtype=np.int64)
    table[occurring] = np.arange(len(occurring))
    texts = [text(int(key)) for key in occurring]
    values: list[Value] = [float(one) if "." in one else int(one) for one in texts]
    return Column(np.where(blank, len(texts), table[keys]), [*values, None], [*texts, ""])


def _bands(chosen: Measure, result: ScoreColumns, unreadable: NDArray[np.bool_]) -> Column:
    keys = [band.key for band in chosen.bands]
    places = np.where(unreadable | (result.bands < 0), len(keys), result.bands).astype(np.int64)
    return Column(places, [*keys, None], [*keys, ""])


def _flags(result: ScoreColumns, unreadable: NDArray[np.bool_]) -> Column:
    flags = np.where(unreadable, 0, result.flags).astype(np.int64)
    distinct, places = np.unique(flags, return_inverse=True)
    texts = [
        ";".join(name for bit, name in enumerate(result.flag_names) if one >> bit & 1) for one in distinct
    ]
    return Column(places.astype(np.int64), list(texts), texts)


def _counts(result: ScoreColumns, unreadable: NDArray[np.bool_]) -> Column:
    most = int(result.missing.max(initial=0)) + 1
    places = np.where(unreadable, most, result.missing)
    return Column(places, [*range(most), None], [*map(str, range(most)), ""])


def _constant(text: str, rows: int) -> Column:
    return Column(np.zeros(rows, dtype=np.int64), [text], [text])


def _reasons(
    chosen: Measure,
    columns: dict[str, tuple[Item, str]],
    cells: dict[str, Any],
    codes: dict[str, NDArray[np.int8]],
    result: ScoreColumns,
    problems: dict[int, str],
) -> Column:
    """Why a row has no score, in words. Only what is wrong with a cell has to be put together row by row."""
    texts, places = first_reason(chosen, result)
    for row in np.flatnonzero(result.states == INVALID).tolist():
        parts = [
            f"{name} is {cells[key][row].as_py().strip()!r}, which is not one of its answers: "
            f"{written_answers(chosen, key)}"
            for key, (item, name) in columns.items()
            if codes[key][row] == ILLEGAL and not item.lenient and not _applies_not(chosen, item, codes, row)
        ]
        places[row] = len(texts)
        texts.append("; ".join(parts))
    for row, problem in problems.items():
        places[row] = len(texts)
        texts.append(problem)
    return Column(places, list(texts), texts)


def _applies_not(chosen: Measure, item: Item, codes: dict[str, NDArray[np.int8]], row: int) -> bool:
    return any(
        item.id in rule.items and rule.when in codes and codes[rule.when][row] in rule.values
        for rule in chosen.not_applicable
    )


def _csv_writer(keep: dict[str, str], outputs: list[str]) -> Callable[[Any, dict[str, Column]], None]:
    import pyarrow as pa
    import pyarrow.compute as pc

    from .blocks import picked, texts

    comma, quote, nothing = texts([",", '"', ""])
    out = sys.stdout.buffer
    sys.stdout.flush()
    out.write((",".join(quoted(name) for name in [*keep.values(), *outputs]) + "\n").encode())

    def text(column: Any) -> Any:
        column = column.dictionary_decode() if hasattr(column, "dictionary") else column
        needs = pc.match_substring_regex(column, '[,"\r\n]')
        if not pc.any(needs).as_py():
            return column
        doubled = pc.replace_substring(column, '"', '""')
        return pc.if_else(needs, pc.binary_join_element_wise(quote, doubled, quote, nothing), column)

    def write(block: Any, found: dict[str, Column]) -> None:
        parts = [text(block.columns[name]) for name in keep]
        for name in outputs:
            column = found[name]
            end = "\n" if name == outputs[-1] else ""
            parts.append(picked(texts([quoted(one) + end for one in column.texts]), column.places))
        lines = pc.binary_join_element_wise(*parts, comma)
        for start in range(0, block.rows, 1 << 16):
            part = pa.concat_arrays([lines.slice(start, 1 << 16)])
            out.write(memoryview(part.buffers()[2])[: pc.sum(pc.binary_length(part)).as_py()])
        out.flush()

    return write


def quoted(cell: str) -> str:
    """A cell as CSV writes it: in quotes where it holds a comma, a quote or the end of a line.

    >>> quoted('a "b", c'), quoted("plain")
    ('"a ""b"", c"', 'plain')
    """
    return '"' + cell.replace('"', '""') + '"' if any(one in cell for one in ',"\r\n') else cell


def _json_writer(keep: dict[str, str], outputs: list[str]) -> Callable[[Any, dict[str, Column]], None]:
    def write(block: Any, found: dict[str, Column]) -> None:
        carried_on = {new: block.columns[old].to_pylist() for old, new in keep.items()}
        for row in range(block.rows):
            line: dict[str, Value] = {name: cells[row] for name, cells in carried_on.items()}
            for name in outputs:
                column = found[name]
                line[name] = column.values[column.places[row]]
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")

    return write

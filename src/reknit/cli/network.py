"""`network`: every index of the people in a client's life, and what changed between two snapshots of them."""

import argparse
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from reknit.core.errors import BadInput
from reknit.core.network.details import RESEARCH_SCALES, RESEARCH_WORDS, SCALES, WORDS, alter_of
from reknit.core.network.important import RECALLED, Anchors
from reknit.core.network.indices import Alter, Index
from reknit.core.network.table import FIGURES, NAMES, Snapshot, difference, every_index

from .errors import CommandError, say
from .tables import Row, Value, Writer, add_file, read_table, require, truth

YES_NO = ("supplies", "from_treatment", "not_a_person")
DETAILS = (*WORDS, *SCALES, *YES_NO)
IN_RESEARCH = (*RESEARCH_SCALES, *RESEARCH_WORDS)
AROUND = ("n_unreadable", "anchors", "flags")
FIELDS = ("client", "snapshot", *NAMES, *AROUND)
STEPS = tuple(name for name in NAMES if f"{name}_change" not in FIGURES)  # the others are figures already
Place = tuple[str, str]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "network",
        help="indices of the people in a client's life, and their change",
        description="One row a client and snapshot with every index of their circle. Columns besides client, snapshot and "
        f"alter, all optional: {', '.join(DETAILS)}. They hold the words and numbers of the chart; blank is not known, and "
        f"nothing is taken for zero. The chart does not ask {', '.join(IN_RESEARCH)}: a study may (how often runs from 0 to 7, as "
        "contact does). An index that is undefined is empty, and flags says why: not_known, too_few (a share "
        "needs four people of whom it is known), not_asked (about ties), no_ties. Drinking and reactions are put in numbers "
        "as recalled from the Important People interview and not verified, unless given.",
    )
    add_file(parser, what="a table with the columns client, snapshot, alter and what is known of each person")
    parser.add_argument(
        "--ties",
        metavar="FILE",
        help="ties between people: client, snapshot, one, other. A snapshot that it names had every pair asked about; a row "
        "with one and other blank says that there were none",
    )
    parser.add_argument(
        "--compare", nargs=2, metavar=("A", "B"), help="one row a client: the change from snapshot A to B"
    )
    parser.add_argument(
        "--known", action="store_true", help="add a column NAME_known: for how many people an index is known"
    )
    parser.add_argument(
        "--drinking",
        metavar="WORD=N,...",
        type=_anchors,
        help="numbers for recovering, abstainer, light, moderate, heavy",
    )
    parser.add_argument(
        "--reaction",
        metavar="WORD=N,...",
        type=_anchors,
        help="numbers for left, disapproved, neutral, accepted, encouraged",
    )
    parser.set_defaults(run=run_network)


@dataclass
class Told:
    """What the tables say of one snapshot of one client."""

    people: dict[str, Alter] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    clashed: set[str] = field(default_factory=set)
    ties: list[tuple[object, object]] = field(default_factory=list)
    asked: bool = False
    n_unreadable: int = 0

    def snapshot(self) -> Snapshot:
        """As the science sees it. Who was told in two ways is left out, as every unreadable row is."""
        return Snapshot(
            [one for key, one in self.people.items() if key not in self.clashed], self.ties, self.asked
        )


def run_network(options: argparse.Namespace) -> int:
    """One row a client and snapshot, or a client, in the order in which they come."""
    if options.compare and options.known:
        raise CommandError("--known goes with the indices of a snapshot; leave it out with --compare.")
    if options.ties == "-" == options.file:
        raise CommandError("only one of the two tables can come from standard input.")
    found: dict[Place, Told] = {}
    unreadable = _read_people(options.file, found)
    if options.ties:
        unreadable += _read_ties(options.ties, found)
    anchors = _chosen(options)
    if options.compare:
        _write_changes(options, found, anchors)
    else:
        _write_indices(options, found, anchors)
    return 1 if unreadable else 0


def _chosen(options: argparse.Namespace) -> Anchors:
    given = {
        name: numbers for name in ("drinking", "reaction") if (numbers := getattr(options, name)) is not None
    }
    for name, numbers in given.items():
        known = getattr(RECALLED, name)
        if set(numbers) != set(known):
            raise CommandError(
                f"--{name} needs a number for each of {', '.join(known)}, and for nothing else."
            )
    return replace(RECALLED, **given, is_verified=len(given) == 2)


def _read_people(path: str, found: dict[Place, Told]) -> int:
    header, rows = read_table(path)
    require(path, header, "client", "snapshot", "alter")
    unreadable = 0
    for row in rows:
        told = None
        try:
            told = found.setdefault(_place(row), Told())
            _take(told, row)
        except (ValueError, BadInput) as problem:
            unreadable += _unreadable(row.line, str(problem), told)
    for told in found.values():
        for key in sorted(told.clashed, key=lambda one: told.lines[one]):
            for line in told.lines[key]:
                unreadable += _unreadable(
                    line, f"{key} is there twice in this snapshot with different answers", told
                )
    return unreadable


def _take(told: Told, row: Row) -> None:
    """Read one person. Raises `ValueError` or `BadInput` with why they cannot be read."""
    if row.problem:
        raise ValueError(row.problem)
    key = row.cells["alter"].strip()
    if not key:
        raise ValueError("the alter is blank")
    alter = alter_of(key, row.cells, **{name: _yes_no(row, name) for name in YES_NO})
    told.lines.setdefault(key, []).append(row.line)
    if told.people.setdefault(key, alter) != alter:
        told.clashed.add(key)


def _yes_no(row: Row, name: str) -> bool | None:
    try:
        return truth(row.cells.get(name, ""))
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None


def _place(row: Row) -> Place:
    if row.problem:
        raise ValueError(row.problem)
    client, snapshot = row.cells["client"].strip(), row.cells["snapshot"].strip()
    if not client or not snapshot:
        raise ValueError(f"the {'snapshot' if client else 'client'} is blank")
    return client, snapshot


def _read_ties(path: str, found: dict[Place, Told]) -> int:
    header, rows = read_table(path)
    require(path, header, "client", "snapshot", "one", "other")
    unreadable = 0
    for row in rows:
        told = None
        try:
            told = found.get(_place(row))
            if told is None:
                raise ValueError("the people of this client and snapshot are in no row of the other table")
            _take_tie(told, row)
        except ValueError as problem:
            unreadable += _unreadable(row.line, f"ties: {problem}", told)
    return unreadable


def _take_tie(told: Told, row: Row) -> None:
    one, other = row.cells["one"].strip(), row.cells["other"].strip()
    if not one and not other:
        told.asked = True
        return
    for key in (one, other):
        if key not in told.people:
            raise ValueError(f"{key!r} is nobody of this snapshot")
    if one == other:
        raise ValueError(f"{one!r} is tied to themselves")
    told.asked = True
    told.ties.append((one, other))


def _unreadable(line: int, problem: str, told: Told | None) -> int:
    if told is not None:
        told.n_unreadable += 1
    say(f"line {line}: {problem}.")
    return 1


def _write_indices(options: argparse.Namespace, found: Mapping[Place, Told], anchors: Anchors) -> None:
    known = [f"{name}_known" for name in NAMES] if options.known else []
    writer = Writer([*FIELDS[: -len(AROUND)], *known, *AROUND], as_json=options.json)
    for (client, snapshot), told in found.items():
        indices = every_index(told.snapshot(), anchors)
        writer.write(
            {
                "client": client,
                "snapshot": snapshot,
                **{name: index.value for name, index in indices.items()},
                **{f"{name}_known": index.known for name, index in indices.items()},
                "n_unreadable": told.n_unreadable,
                "anchors": _standing(anchors),
                "flags": ";".join(
                    f"{name}:{index.reason}" for name, index in indices.items() if index.reason
                ),
            }
        )


def _write_changes(options: argparse.Namespace, found: Mapping[Place, Told], anchors: Anchors) -> None:
    names = {snapshot for _client, snapshot in found}
    if absent := [one for one in options.compare if one not in names]:
        raise CommandError(f"no row is of the snapshot {absent[0]}.")
    fields = ["client", "before", "after", *FIGURES, *(f"{name}_change" for name in STEPS), *AROUND]
    writer = Writer(fields, as_json=options.json)
    for client in dict.fromkeys(client for client, _snapshot in found):
        before, after = (found.get((client, name)) for name in options.compare)
        if before or after:
            row: dict[str, Value] = dict(
                zip(("client", "before", "after"), (client, *options.compare), strict=True)
            )
            writer.write(row | _changed(before, after, anchors))


def _changed(before: Told | None, after: Told | None, anchors: Anchors) -> dict[str, Value]:
    """What changed; empty, with a flag, where one of the two is not there."""
    row: dict[str, Value] = {
        "n_unreadable": sum(told.n_unreadable for told in (before, after) if told),
        "anchors": _standing(anchors),
    }
    if before is None or after is None:
        return row | {"flags": "no_snapshot_before" if before is None else "no_snapshot_after"}
    circles = [before.snapshot(), after.snapshot()]
    then, now = (every_index(circle, anchors) for circle in circles)
    figures = difference(*circles).figures
    flags = [f"{name}:undefined" for name, value in figures.items() if value is None]
    flags += [f"{name}_change:{reason}" for name in STEPS if (reason := _reason(then[name], now[name]))]
    return row | {
        **figures,
        **{f"{name}_change": _step(then[name].value, now[name].value) for name in STEPS},
        "flags": ";".join(flags),
    }


def _reason(then: Index, now: Index) -> str | None:
    return then.reason or now.reason


def _step(then: float | None, now: float | None) -> float | None:
    return None if then is None or now is None else now - then


def _standing(anchors: Anchors) -> str:
    return "given" if anchors.is_verified else "recalled_unverified"


def _anchors(text: str) -> dict[str, float]:
    """`WORD=N,...` as numbers by word."""
    try:
        numbers = dict(_pairs(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not written as word=number,word=number") from None
    return numbers


def _pairs(text: str) -> Iterator[tuple[str, float]]:
    for part in text.split(","):
        word, _equals, value = part.partition("=")
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(value)
        yield word.strip().lower(), number

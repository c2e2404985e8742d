"""A note read as IPT, SOAP, DAP or BIRP: the same pieces in another order."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from reknit.core.data import Table, read_table

IPT = "ipt"
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a note: its part and that part's title, where it comes from (`words` are the author's), what it says."""

    part: str
    title: str
    origin: str
    text: str

    @property
    def is_words(self) -> bool:
        """Whether these are the author's own words.

        >>> Piece("plan", "Plan", "words", "Ring M.").is_words, Piece("plan", "Plan", "mood", "PHQ-9 9.").is_words
        (True, False)
        """
        return self.origin == WORDS


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece under a heading, with the reason why it stands there; none is needed in the order of the work."""

    piece: Piece
    reason: str


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a reading with the pieces under it, in the order of the note."""

    key: str
    title: str
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One format: its code, its name and its headings. The order of the work has the note's own headings."""

    code: str
    title: str
    sentence: str
    headings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one part stands in each reading, and why."""

    part: str
    where: dict[str, str]
    reason: str


def readings() -> tuple[Reading, ...]:
    """Every reading, the order of the work first.

    >>> [one.code for one in readings()]
    ['ipt', 'soap', 'dap', 'birp']
    """
    return _data()[0]


def reading(code: str) -> Reading:
    """One reading by its code; the order of the work for a code nobody knows.

    >>> [title for _key, title in reading("dap").headings], reading("xyz").code
    (['Data', 'Assessment', 'Plan'], 'ipt')
    """
    return next((one for one in readings() if one.code == code), readings()[0])


def placements() -> tuple[Placement, ...]:
    """Where each part stands, as data: one key for every reading that arranges a note anew.

    >>> {len(one.where) for one in placements()} == {len(readings()) - 1}
    True
    """
    return tuple(_data()[1].values())


def placement(piece: Piece) -> Placement:
    """Where a piece stands: by where it comes from, else by the rest of its part.

    >>> placement(Piece("since_last", "Since last time", "mood", "PHQ-9 9.")).where["soap"]
    'objective'
    >>> placement(Piece("since_last", "Since last time", "words", "Slept badly.")).where["soap"]
    'subjective'
    """
    known = _data()[1]
    return known.get(f"{piece.part}.{piece.origin}") or known[f"{piece.part}.*"]


def read(pieces: Iterable[Piece], code: str) -> tuple[Heading, ...]:
    """The pieces under the headings of a reading. Each stands under exactly one; one that says nothing is left out.

    >>> note = [Piece("plan", "Plan", "words", "Ring M."), Piece("safety", "Safety", "words", "")]
    >>> [(one.title, [placed.piece.text for placed in one.placed]) for one in read(note, "dap")]
    [('Data', []), ('Assessment', []), ('Plan', ['Ring M.'])]
    """
    note = tuple(pieces)
    said = [piece for piece in note if piece.text.strip()]
    chosen = reading(code)
    if not chosen.headings:
        parts = dict.fromkeys((piece.part, piece.title) for piece in note)
        return tuple(
            Heading(
                part, title, tuple(Placed(one, "") for one in said if (one.part, one.title) == (part, title))
            )
            for part, title in parts
        )
    where = [(placement(piece), piece) for piece in said]
    return tuple(
        Heading(
            key,
            title,
            tuple(Placed(piece, rule.reason) for rule, piece in where if rule.where[chosen.code] == key),
        )
        for key, title in chosen.headings
    )


@cache
def _data() -> tuple[tuple[Reading, ...], dict[str, Placement]]:
    table = read_table(__package__, "readings.toml")
    known = tuple(
        Reading(
            one.text("code"),
            one.text("title"),
            one.text("sentence"),
            tuple((each.text("key"), each.text("title")) for each in one.tables("headings")),
        )
        for one in table.tables("readings")
    )
    rows = [_placement(row, known) for row in table.tables("placements")]
    if len({row.part for row in rows}) != len(rows):
        table.refuse("each part is placed once.")
    return known, {row.part: row for row in rows}


def _placement(row: Table, known: tuple[Reading, ...]) -> Placement:
    arranged = [one for one in known if one.headings]
    where = {one.code: row.choice(one.code, tuple(key for key, _title in one.headings)) for one in arranged}
    return Placement(row.text("part"), where, row.text("reason"))

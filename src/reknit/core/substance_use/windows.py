"""How long before a positive test a use can lie, read from `windows.toml`. Without a source there is no window."""

from dataclasses import dataclass

from reknit.core.data import Table, read_table

from .catalogue import substance

MATRICES = ("breath", "urine", "saliva", "blood")
_PACKAGE = "reknit.core.substance_use"
LONGEST = 366


@dataclass(frozen=True, slots=True)
class DetectionWindow:
    """The longest time, in whole days, that the named source gives for one substance in one kind of sample."""

    matrix: str
    substance: str
    days: int
    source: str
    note: str


def read_windows(table: Table) -> dict[tuple[str, str], DetectionWindow]:
    """The windows that were checked against a source; a row that was not is left out, whatever it says.

    Raises `DefinitionError` for an unknown source, a substance or sample twice, or days that are none.

    >>> source = {"key": "a", "words": "A, read 2026-11-25."}
    >>> row = {"matrix": "urine", "substance": "cocaine", "days": 4, "source": "a", "note": "b", "verified": True}
    >>> [one.days for one in read_windows(Table({"sources": [source], "windows": [row]}, "w.toml")).values()]
    [4]
    """
    sources = {one.text("key"): one.text("words") for one in table.tables("sources")}
    found: dict[tuple[str, str], DetectionWindow] = {}
    for row in table.tables("windows"):
        if not row.flag("verified", default=False):
            continue
        key = (row.choice("matrix", MATRICES), substance(row.text("substance")).code)
        source, days = row.text("source"), row.whole("days")
        if source not in sources:
            table.refuse(f"a window names the unknown source `{source}`.")
        if key in found or not 0 < days <= LONGEST:
            table.refuse("each sample and substance has one window, of one day or more.")
        found[key] = DetectionWindow(*key, days, sources[source], row.text("note"))
    return found


_WINDOWS = read_windows(read_table(_PACKAGE, "windows.toml"))


def detection_window(matrix: str, substance: str) -> DetectionWindow | None:
    """The window of this test, or None when no source was checked.

    >>> window = detection_window("urine", "cocaine")
    >>> window.days if window else None
    4
    >>> detection_window("breath", "opioids") is None
    True
    """
    return _WINDOWS.get((matrix, substance))

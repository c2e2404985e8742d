"""The substances that can be monitored, read from `substances.toml`."""

from dataclasses import dataclass

from reknit.core.data import read_table
from reknit.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Substance:
    """A substance: its code, the words for it, whether it counts in "any substance", and what else it is called."""

    code: str
    label: str
    counts_in_any: bool
    also: tuple[str, ...] = ()


def _read() -> tuple[Substance, ...]:
    table = read_table("reknit.core.substance_use", "substances.toml")
    found = tuple(
        Substance(
            one.text("code"),
            one.text("label"),
            one.flag("counts_in_any", default=True),
            tuple(one.texts("also")),
        )
        for one in table.tables("substances")
    )
    if len({one.code for one in found}) != len(found):
        table.refuse("substance codes must differ.")
    return found


SUBSTANCES = _read()
_BY_CODE = {one.code: one for one in SUBSTANCES}
_BY_OTHER_WORD = {word: one for one in SUBSTANCES for word in one.also}


def substance(code: str) -> Substance:
    """The substance of this code. Raises `BadInput`.

    >>> substance("stimulants").label
    'Methamphetamine and other stimulants'
    """
    if code not in _BY_CODE:
        raise BadInput(f"There is no substance called '{code}'. Known: {', '.join(_BY_CODE)}.")
    return _BY_CODE[code]


def counts_in_any(code: str) -> bool:
    """Whether a use day of this substance is a use day of "any substance".

    A code that is not in the catalogue (a clinic's own) counts, so that use is never overlooked.

    >>> [counts_in_any(code) for code in ("alcohol", "tobacco", "nicotine", "kratom")]
    [True, False, False, True]
    """
    found = _BY_CODE.get(code) or _BY_OTHER_WORD.get(code)
    return found is None or found.counts_in_any

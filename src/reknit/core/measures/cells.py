"""Answers as tables write them: the text of a cell, read for one item."""

import re
from functools import lru_cache

from reknit.core.measures.definition import Item, Measure, ResponseOption
from reknit.core.measures.plan import BLANK, ILLEGAL

WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0*)?", re.ASCII)


def cell_code(options: tuple[ResponseOption, ...], cell: str, *, numbers: bool = True) -> int:
    """The value a cell holds, `BLANK`, or `ILLEGAL` for what is no answer. Spaces around it and case do not matter.

    >>> yes_no = (ResponseOption(0, "no", written=("n",)), ResponseOption(1, "yes", written=("y",)))
    >>> [cell_code(yes_no, cell) for cell in ("Y", " 0 ", "1.0", "", "2", "maybe")]
    [1, 0, 1, -1, -2, -2]
    """
    word = cell.strip()
    if not word:
        return BLANK
    if numbers and WHOLE.fullmatch(word):
        value = int(word.split(".")[0])
        return value if any(option.value == value for option in options) else ILLEGAL
    lower = word.lower()
    return next((option.value for option in options if lower in option.written), ILLEGAL)


def takes_numbers(measure: Measure, item: Item) -> bool:
    """Whether the values of an item mean something outside this software. Those of a named helper, like sex, do not.

    >>> from reknit.core.measures.catalogue import measure
    >>> audit_c = measure("audit-c")
    >>> [takes_numbers(audit_c, item) for item in audit_c.items]
    [True, True, True, False]
    """
    return not item.helper or {option.value for option in measure.options_for(item)} == {0, 1}


@lru_cache(maxsize=256)
def written_answers(measure: Measure, item_id: str) -> str:
    """The answers of an item as a table may write them, for a sentence.

    >>> from reknit.core.measures.catalogue import measure
    >>> written_answers(measure("gad-7"), "gad7_1")
    '0, 1, 2, 3'
    """
    item = measure.item(item_id)
    assert item is not None
    options = measure.options_for(item)
    if takes_numbers(measure, item) and not item.helper:
        return ", ".join(str(option.value) for option in options)
    return ", ".join(option.key for option in options)

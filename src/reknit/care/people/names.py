"""Names as they are searched: without accents, case or punctuation, so that what is typed in a hurry is found."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

# Letters that Unicode does not take apart into a plain letter and an accent.
ALIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
JOINED = re.compile(r"['’ʼ`´.]")  # O'Brien is typed obrien
DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")


def plain(text: str) -> str:
    """A text as words of plain letters, parted by one space.

    >>> plain("  Zoë  O’Brien-Łuka ")
    'zoe obrien luka'
    """
    taken_apart = unicodedata.normalize("NFKD", JOINED.sub("", text))
    letters = "".join(one for one in taken_apart if not unicodedata.combining(one))
    letters = unicodedata.normalize("NFKD", letters.casefold().translate(ALIKE))
    kept = "".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one))
    return " ".join(kept.split())


def sought(*names: str) -> str:
    """All names of a person as one text; each word has a space before it, so that its beginning can be found.

    >>> sought("Samuel", "Moss", "")
    ' samuel moss'
    """
    words = plain(" ".join(names))
    return f" {words}" if words else ""


def dates_in(text: str) -> tuple[str, list[dt.date]]:
    """What is left of a text without a date, and the days the date may mean: 3/4/1990 is in March or in April.

    >>> dates_in("moss 1990-04-03")
    ('moss ', [datetime.date(1990, 4, 3)])
    >>> [str(one) for one in dates_in("3/4/1990")[1]]
    ['1990-04-03', '1990-03-04']
    """
    found = DATE.search(text)
    if found is None:
        return text, []
    days = list(_days(*(int(part) for part in found.groups())))
    return (text[: found.start()] + text[found.end() :], days) if days else (text, [])


def _days(first: int, second: int, third: int) -> Iterator[dt.date]:
    orders = [(first, second, third)] if first > 31 else [(third, second, first), (third, first, second)]
    for year, month, day in dict.fromkeys(orders):
        if year >= 1900 and 1 <= month <= 12:
            try:
                yield dt.date(year, month, day)
            except ValueError:
                continue

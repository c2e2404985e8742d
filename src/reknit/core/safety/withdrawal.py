"""Red flags for withdrawal, read from `withdrawal.toml`: they ask for a medical view, and never say that one is not needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reknit.core.data import read_table
from reknit.core.errors import BadInput


class Answer(StrEnum):
    """What was said about one flag. What nobody asked is unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One flag in our own words, and where it comes from."""

    key: str
    question: str
    source: str


def _read() -> tuple[RedFlag, ...]:
    table = read_table("reknit.core.safety", "withdrawal.toml")
    sources = {one.text("key"): one.text("words") for one in table.tables("sources")}
    found = tuple(
        RedFlag(row.text("key"), row.text("question"), sources[row.choice("source", tuple(sources))])
        for row in table.tables("flags")
    )
    if len({one.key for one in found}) != len(found):
        table.refuse("the keys of flags must differ.")
    return found


RED_FLAGS = _read()


@dataclass(frozen=True, slots=True)
class Screened:
    """Which flags were found, and how many are not known. Without a yes it says nothing is known to be wrong: no more."""

    found: tuple[RedFlag, ...]
    unknown: int

    @property
    def is_positive(self) -> bool:
        return bool(self.found)


def screen(answers: Mapping[str, str]) -> Screened:
    """Read the answers; a flag without one is unknown. Raises `BadInput` for a flag or an answer that does not exist.

    >>> screened = screen({"pregnant": "yes", "alone": "no"})
    >>> [one.key for one in screened.found], screened.unknown
    (['pregnant'], 8)
    """
    known = {one.key for one in RED_FLAGS}
    for key, answer in answers.items():
        if key not in known:
            raise BadInput(f"There is no red flag called '{key}'.")
        if answer not in list(Answer):
            raise BadInput(f"'{answer}' is no answer: yes, no or unknown.")
    said = [(one, answers.get(one.key, Answer.UNKNOWN)) for one in RED_FLAGS]
    return Screened(
        found=tuple(one for one, answer in said if answer == Answer.YES),
        unknown=sum(answer == Answer.UNKNOWN for _one, answer in said),
    )

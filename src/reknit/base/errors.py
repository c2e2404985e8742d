"""The tree of errors.

Exception
 +-- DomainError        shown: carries a sentence fit for a person; nothing was changed
 |    +-- Refused       the policy says no; carries the reason
 |    +-- Conflict      somebody else was first; carries what stands now
 +-- anything else      broken: a bug, answered with the plain 500 page and logged without personal data
"""

from typing import Any


class DomainError(Exception):
    """A rule said no. `sentence` says in plain words what to do; nothing was changed."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class Refused(DomainError):
    """The access policy said no."""


class Conflict(DomainError):
    """Two people changed the same thing; `theirs` is what stands now."""

    def __init__(self, sentence: str, *, theirs: Any = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs

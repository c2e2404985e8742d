"""The library of reading for clients: one data file for each topic and language, listed on purpose.

The pack's `pack.toml` states whose words they are and on what terms. A text has a version, the day it was last looked
at and the day it must be looked at again, whether a clinician who grew up with the language has read it, and the
sources of its facts. A text past that day, or not read so, is still shown, to staff with the reminder.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput
from reknit.core.formulation.readability import TARGET_GRADE, read
from reknit.core.formulation.readability_es import EASY_FROM, read_spanish

PACKAGE: Final = "reknit.core.materials"
TOPICS: Final = ("mood-and-people", "depression", "craving", "medication", "overdose", "pain")
LANGUAGES: Final = ("en", "es")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text: its heading, paragraphs, and the lines of a list under them, in order where order matters."""

    heading: str
    words: tuple[str, ...]
    points: tuple[str, ...]
    is_ordered: bool

    @property
    def text(self) -> str:
        """The part as running text, each line with its stop, for counting."""
        return "\n\n".join([*self.words, *self.points])


@dataclass(frozen=True, slots=True)
class Material:
    """One text for clients in one language."""

    topic: str
    language: str
    title: str
    about: str
    version: int
    reviewed_on: dt.date
    review_by: dt.date
    is_read_by_clinician: bool  # one who grew up with the language
    parts: tuple[Part, ...]
    sources: tuple[str, ...]

    def is_overdue(self, on: dt.date) -> bool:
        """Whether the day has come to look at the text again."""
        return on > self.review_by


@dataclass(frozen=True, slots=True)
class Frame:
    """The few words round a text, in its language."""

    notice: str
    numbers: str
    danger: str
    clinic: str
    unwatched: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Whose words, on what terms, and what stands round each text."""

    title: str
    licence: str
    terms: str
    frames: tuple[tuple[str, Frame], ...]

    def frame(self, language: str) -> Frame:
        """The words round a text of a language."""
        return dict(self.frames)[language]


@cache
def material(topic: str, language: str) -> Material:
    """One text of the library.

    >>> material("overdose", "es").title
    'Si alguien tiene una sobredosis'
    """
    if topic not in TOPICS or language not in LANGUAGES:
        raise BadInput(f"The library has no text {topic!r} in {language!r}.")
    return build_material(read_table(PACKAGE, "library", f"{topic}.{language}.toml"), topic, language)


def materials() -> tuple[Material, ...]:
    """Every text, topic by topic."""
    return tuple(material(topic, language) for topic in TOPICS for language in LANGUAGES)


def in_language(language: str) -> str:
    """The library's language nearest to a client's own; English where there is none.

    >>> in_language("es-MX"), in_language("fr")
    ('es', 'en')
    """
    short = language.lower().split("-")[0]
    return short if short in LANGUAGES else LANGUAGES[0]


@cache
def pack() -> Pack:
    """Whose words these are."""
    table = read_table(PACKAGE, "library", "pack.toml")
    frames = tuple((language, _frame(table.table("frame").table(language))) for language in LANGUAGES)
    return Pack(table.text("title"), table.text("licence"), table.text("terms"), frames)


def _frame(table: Table) -> Frame:
    names = ("notice", "numbers", "danger", "clinic", "unwatched")
    return Frame(*(table.text(name) for name in names))


def build_material(table: Table, topic: str, language: str) -> Material:
    """Turn a file into a text. Raises `DefinitionError` where something is missing."""
    parts = tuple(
        Part(
            one.text("heading"),
            one.texts("words"),
            one.texts("points"),
            one.flag("is_ordered", default=False),
        )
        for one in table.tables("parts")
    )
    sources = tuple(one.text("words") for one in table.tables("sources"))
    if not parts or any(not part.words and not part.points for part in parts):
        table.refuse("each of `[[parts]]` must have `words` or `points`.")
    if not sources:
        table.refuse("`[[sources]]` is missing: each fact needs one.")
    reviewed_on, review_by = table.date("reviewed_on"), table.date("review_by")
    if review_by <= reviewed_on:
        table.refuse("`review_by` must come after `reviewed_on`.")
    return Material(
        topic=topic,
        language=language,
        title=table.text("title"),
        about=table.text("about"),
        version=table.whole("version"),
        reviewed_on=reviewed_on,
        review_by=review_by,
        is_read_by_clinician=table.flag("read_by_clinician_of_language", default=False),
        parts=parts,
        sources=sources,
    )


def is_plain(text: str, language: str) -> bool:
    """Whether a text can be read by grade 6: by Flesch and Kincaid in English, by INFLESZ in Spanish.

    >>> is_plain("Call us when you need to talk.", "en"), is_plain("Llame si quiere hablar.", "es")
    (True, True)
    """
    if language == "es":
        index = read_spanish(text).index
        return index is None or index >= EASY_FROM
    grade = read(text).grade
    return grade is None or grade <= TARGET_GRADE

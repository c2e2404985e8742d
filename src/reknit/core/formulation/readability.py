"""How hard an English text is to read, and how long it is.

Grade: Kincaid JP, Fishburne RP, Rogers RL, Chissom BS (1975). Derivation of new readability formulas for Navy
enlisted personnel. Research Branch Report 8-75, Naval Technical Training Command, Millington.

    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59

Syllables are counted by rules of spelling, so a single word may be off by one; over a text it evens out.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

TARGET_GRADE: Final = 6.0
"""Text for clients: grade 6 or lower. A rule of our own, as plain-language guides advise."""
TARGET_WORDS: Final = (120, 200)
"""A formulation that can be said in two minutes. A rule of our own."""

WORD: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’-][A-Za-zÀ-ÖØ-öø-ÿ]+)*|\d+(?:[.,:]\d+)*")
TITLES: Final = re.compile(r"\b(Dr|Mr|Mrs|Ms|St)\.")
END: Final = re.compile(r"[.!?]+[\"'”’)]*(?=\s+[^a-z\s]|\s*$)|\n\s*\n")
VOWELS: Final = re.compile(r"[aeiouyà-öø-ÿ]+")

# Spelled as one group of vowels and said as two.
SPLIT: Final = re.compile(
    r"[aeiouy]ing|(?<!t)(?<!c)(?<!s)ie(?=t$|n[ct])|uie|idea|area|ua(?=l$|lly|ls$)|eo$|creat(?!ur)|reali|reac|oe(?=[mt])"
    r"|[rvdb]io|(?<=[^l])lion|(?<=[dszrv])n['’]t"
)
# Written and not said.
SILENT: Final = re.compile(
    r"(?<![aeiouyl])e$|[aeiouy]le$|[^aeiouy]el(?:y)$|(?<![sxzhcg])(?<![^aeiouy]l)es$|(?<![aeiouytd])(?<![^aeiouy]l)ed$"
    r"|some(?=[a-z])|[aeiouy][^aeiouy]e(?=(?:ly|ful|less|ment|ness)(?:$|[ls]))"
)
SAID_OTHERWISE: Final = {
    "every": 2, "everything": 3, "everyone": 3, "everybody": 4, "evening": 2, "evenings": 2, "business": 2,
    "element": 3, "elements": 3, "maybe": 2, "people": 2, "being": 2, "the": 1, "someone": 2, "something": 2,
    "sometimes": 2, "family": 3, "different": 3, "naive": 2, "cafe": 2, "recipe": 3, "hundred": 2, "kindred": 2,
    "sacred": 2, "naked": 2, "methadone": 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of a text. `grade` is None where there is nothing to grade or no formula for the language."""

    words: int
    sentences: int
    syllables: int
    grade: float | None

    @property
    def length(self) -> Literal["empty", "short", "fits", "long"]:
        """How the length stands to the target."""
        if not self.words:
            return "empty"
        low, high = TARGET_WORDS
        return "short" if self.words < low else "long" if self.words > high else "fits"

    @property
    def is_plain(self) -> bool | None:
        """Whether the grade is at the target or under it; None without a grade."""
        return None if self.grade is None else self.grade <= TARGET_GRADE


def words(text: str) -> list[str]:
    """The words of a text; a number is one word.

    >>> words("You and M. don't talk, and in 2026 it grew worse.")[:5]
    ['You', 'and', 'M', "don't", 'talk']
    """
    return WORD.findall(text)


def sentences(text: str) -> int:
    """How many sentences a text has. A stop before a small letter ends none, so an initial may have one.

    >>> sentences("You and M. stopped talking. It hurt. Does this fit?")
    3
    """
    parts = END.split(TITLES.sub(r"\1", text))
    return sum(1 for part in parts if WORD.search(part or ""))


def syllables(word: str) -> int:
    """How many syllables an English word has, by rules of spelling; a number has one for each digit.

    >>> [syllables(word) for word in ("grief", "people", "quiet", "depression", "16", "worried")]
    [1, 2, 2, 3, 2, 2]
    """
    if word[:1].isdigit():
        return sum(character.isdigit() for character in word)
    return sum(_of_part(part) for part in word.lower().split("-") if part)


def _of_part(word: str) -> int:
    plain = re.sub(r"['’](?!t)", "", word)
    if plain in SAID_OTHERWISE:
        return SAID_OTHERWISE[plain]
    groups = len(VOWELS.findall(plain))
    said = groups + len(SPLIT.findall(plain)) - len(SILENT.findall(plain))
    return max(1, said)


def read(text: str, language: str = "en") -> Reading:
    """Count and grade a text. Without words, or in a language without the formula, there is no grade.

    >>> read("The cat sat on the mat.").grade
    -1.45
    >>> read("Le chat est sur le tapis.", "fr").grade is None
    True
    """
    found = words(text)
    ends, said = sentences(text), sum(syllables(word) for word in found)
    if not found or not language.lower().startswith("en"):
        return Reading(len(found), ends, said, None)
    return Reading(len(found), ends, said, round(grade(len(found), max(ends, 1), said), 2))


def grade(words: float, sentences: float, syllables: float) -> float:
    """The formula itself.

    >>> round(grade(words=5.7, sentences=1, syllables=5.7 * 1.02), 1)  # Dr Seuss, Green Eggs and Ham, as published
    -1.3
    """
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59

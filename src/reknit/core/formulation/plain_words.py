"""Words that a text for a client does without, and what can stand there instead.

Two lists. `AVOID`: words that say something about a person which none of our texts says, after the language guidance of
the National Institute on Drug Abuse, "Words Matter" (person first; use, not abuse; a test is positive or negative).
`STAFF_TERMS`: terms of the protocol that have other words for clients; the table stands in the glossary.

A client may use any word for themself, so what stands in quotation marks is left alone. Matching is by spelling: it knows
no meaning, and so it may only ever hint. Lists for English; another language gets no hint of words.
"""

import re
from dataclasses import dataclass
from typing import Final

from .readability import TARGET_GRADE, read

FEWEST_WORDS: Final = 4
"""A label of one to three words has no grade worth the name. A rule of our own."""

INSTEAD: Final[tuple[tuple[str, str], ...]] = (
    (r"addicts?|addicted|abusers?|alcoholics?|(?:drug |substance )?users?|junkies?", "a person who drinks or uses"),
    (r"abuse|dependence|habits?", "use"),
    (r"dirty|clean (?:time|days?|urine)|(?:get|got|stay|stayed|be|been|am|are|is|was|were) clean", "positive, negative; not using"),
    (r"relaps\w*", "drinking or using again"),
    (r"(?:replacement|substitution) therapy", "medication"),
    (r"drugs? of choice", "what you used most"),
    (r"fail(?:ed|s|ure|ures)?", "did not work out yet"),
    (r"refus(?:e|ed|es|al)", "did not want"),
    (r"(?:in )?denial", "did not see it that way"),
    (r"(?:non-?)?complian(?:t|ce)", "as agreed, or not"),
    (r"drug-?seeking|manipulative", "what was said or done"),
    (r"sober streak|streaks?|leaderboards?|badges?", "days without use"),
    (r"risk (?:score|level)s?", "how safe you feel"),
)  # fmt: skip
STAFF_INSTEAD: Final[tuple[tuple[str, str], ...]] = (
    (r"intervention|(?:middle|initial|closure) phase", "working on it"),
    (r"termination|discharged?", "finishing"),
    (r"sick role", "room to get well"),
    (r"interpersonal inventory|closeness circle", "my people"),
    (r"formulations?", "my story so far"),
    (r"problem areas?", "what we are working on"),
    (r"role disputes?", "a relationship under strain"),
    (r"role transitions?", "a big life change"),
    (r"grief", "losing someone"),
    (r"interpersonal (?:deficits?|sensitivity)|deficits?", "finding it hard to connect"),
    (r"contracts?", "our agreement"),
    (r"early.warning signs?", "my signals"),
    (r"relapse.prevention", "my staying-well plan"),
    (r"lapses?|return(?:s|ed)? to use", "I used, I drank"),
    (r"no-?shows?", "we missed you"),
    (r"adheren(?:t|ce)", "how it is going"),
)


def _one(rows: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words for words, _instead in rows)})\b", re.IGNORECASE)


AVOID: Final = _one(INSTEAD)
STAFF_TERMS: Final = _one(STAFF_INSTEAD)
QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was found, and what can stand there instead."""

    found: str
    instead: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What can be said about one text. `grade` is None where it is at the target, too short, or has no formula."""

    grade: float | None
    words: tuple[Word, ...]

    def __bool__(self) -> bool:
        return self.grade is not None or bool(self.words)


def hint(text: str, language: str = "en", *, for_client: bool = True) -> Hint:
    """What a writer may want to look at again: words of the lists, and for a client the grade above the target.

    >>> hint("He relapsed. You stayed with us all year.").words
    (Word(found='relapsed', instead='drinking or using again'),)
    >>> bool(hint("You said: “I am an addict.” We talked it through."))
    False
    >>> hint("The formulation is done.", for_client=False).words
    ()
    """
    words: tuple[Word, ...] = ()
    if language.split("-")[0] == "en":
        ours = QUOTED.sub(" ", text)
        rows = (*STAFF_INSTEAD, *INSTEAD) if for_client else INSTEAD
        words = tuple(_found(ours, rows))
    reading = read(text, language)
    is_hard = for_client and reading.words >= FEWEST_WORDS and reading.is_plain is False
    return Hint(reading.grade if is_hard else None, words)


def _found(text: str, rows: tuple[tuple[str, str], ...]) -> list[Word]:
    """Each word once, in the order of the text; where two overlap, the longer one."""
    hits = [
        (one.start(), -len(one.group()), one.group(), instead)
        for words, instead in rows
        for one in re.finditer(rf"\b(?:{words})\b", text, re.IGNORECASE)
    ]
    found: dict[str, Word] = {}
    end = 0
    for start, _length, said, instead in sorted(hits):
        if start >= end:
            found.setdefault(said.lower(), Word(said, instead))
            end = start + len(said)
    return list(found.values())


__all__ = ["AVOID", "FEWEST_WORDS", "STAFF_TERMS", "TARGET_GRADE", "Hint", "Word", "hint"]

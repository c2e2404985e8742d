"""How easy a Spanish text is to read.

Index: Szigriszt Pazos F (1993). Sistemas predictivos de legibilidad del mensaje escrito: fórmula de perspicuidad.
Doctoral thesis, Universidad Complutense de Madrid.

    index = 206.835 - 62.3 * syllables / words - words / sentences

Bands: INFLESZ scale, Barrio-Cantalejo IM, Simón-Lorda P, Melguizo M, Escalona I, Marijuán MI, Hernando P (2008).
Validación de la Escala INFLESZ para evaluar la legibilidad de los textos dirigidos a pacientes. Anales del Sistema
Sanitario de Navarra 31(2):135-152. From 65 up a text is "fairly easy", the level of primary school, which in Spain ends
with grade 6. Spanish is spelled as it is said, so syllables are counted by rule and not guessed.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from .readability import sentences, words

EASY_FROM: Final = 65.0
"""Text for clients: "fairly easy" or easier. Primary school, grade 6 or lower."""

Band = Literal["very hard", "fairly hard", "normal", "fairly easy", "very easy"]
BANDS: Final[tuple[tuple[float, Band], ...]] = (
    (80.0, "very easy"),
    (65.0, "fairly easy"),
    (55.0, "normal"),
    (40.0, "fairly hard"),
)
STRONG: Final = "aeoáéó"
STRESSED_WEAK: Final = "íú"
VOWELS: Final = re.compile(r"[aeiouáéíóúü]+")
SILENT_U: Final = re.compile(r"(?<=[qg])u(?=[eiéí])")


@dataclass(frozen=True, slots=True)
class Ease:
    """Counts of a text. `index` is None where there are no words; more is easier."""

    words: int
    sentences: int
    syllables: int
    index: float | None

    @property
    def band(self) -> Band | None:
        """The INFLESZ band of the index."""
        if self.index is None:
            return None
        return next((name for lowest, name in BANDS if self.index >= lowest), "very hard")

    @property
    def is_plain(self) -> bool | None:
        """Whether the text is at the target or easier; None without an index."""
        return None if self.index is None else self.index >= EASY_FROM


def syllables(word: str) -> int:
    """How many syllables a Spanish word has.

    >>> [syllables(word) for word in ("casa", "día", "ciudad", "leer", "ahora", "quien", "pingüino", "y", "16")]
    [2, 2, 2, 2, 3, 1, 3, 1, 2]
    """
    if word[:1].isdigit():
        return sum(character.isdigit() for character in word)
    plain = SILENT_U.sub("", word.lower())
    if plain.endswith("y"):
        plain = plain[:-1] + "i"
    return max(1, sum(_nuclei(run) for run in VOWELS.findall(plain)))


def _nuclei(run: str) -> int:
    """Syllables in a run of vowels: two strong ones part, and so does a weak one that carries the stress.

    >>> _nuclei("ia"), _nuclei("ía"), _nuclei("ea"), _nuclei("uie"), _nuclei("iai")
    (1, 2, 2, 1, 1)
    """
    return 1 + sum(
        (one in STRONG and other in STRONG)
        or (one in STRESSED_WEAK and other in STRONG)
        or (one in STRONG and other in STRESSED_WEAK)
        for one, other in zip(run, run[1:], strict=False)
    )


def read_spanish(text: str) -> Ease:
    """Count a text and place it on the scale.

    >>> read_spanish("El gato duerme en la casa.").band
    'very easy'
    >>> read_spanish("").index is None
    True
    """
    found = words(text)
    ends, said = sentences(text), sum(map(syllables, found))
    if not found:
        return Ease(0, 0, 0, None)
    return Ease(len(found), ends, said, round(index(len(found), max(ends, 1), said), 2))


def index(words: float, sentences: float, syllables: float) -> float:
    """The formula itself.

    >>> round(index(words=100, sentences=10, syllables=200), 3)  # 206.835 - 124.6 - 10
    72.235
    """
    return 206.835 - 62.3 * syllables / words - words / sentences

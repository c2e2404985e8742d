"""The evidence panel: each question with its grades, its studies and the words that may be used."""

from dataclasses import dataclass

from reknit.core.evidence.grading import SCHEMES, Grade, grade
from reknit.core.evidence.library import Question, Result, Review, Study, answers, questions, reviews_of

SMALL = 25
"""The fewest people per arm that Chambless and Hollon speak of; shown beside the grade that asks for none."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question as the panel shows it. `strict` are the grades that leave small trials out."""

    question: Question
    grades: tuple[Grade, ...]
    strict: tuple[Grade, ...]
    rows: tuple[tuple[Study, Result], ...]
    reviews: tuple[Review, ...]

    @property
    def against(self) -> bool:
        """Whether a good trial found IPT inferior."""
        return any(one.against for one in self.grades)


def panel() -> tuple[Answered, ...]:
    """Every question. No query: the evidence is data of the product."""
    return tuple(
        Answered(
            asked,
            tuple(grade(asked, scheme) for scheme in SCHEMES),
            tuple(grade(asked, scheme, min_n=SMALL) for scheme in SCHEMES[:2]),
            answers(asked),
            reviews_of(asked),
        )
        for asked in questions()
    )

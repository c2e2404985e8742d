"""What a writer may want to look at again before a client reads it. A hint only: nothing is refused for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from reknit.core.formulation.plain_words import Hint, hint


@dataclass(frozen=True, slots=True)
class HintOn:
    """One part by its heading, and what can be said about it."""

    heading: str
    hint: Hint


def hints_on(parts: Iterable[tuple[str, str]], *, for_client: bool = True) -> list[HintOn]:
    """Heading and text of each part; back come those with something to say. No query."""
    language = get_language() or "en"
    found = (HintOn(heading, hint(text, language, for_client=for_client)) for heading, text in parts)
    return [one for one in found if one.hint]

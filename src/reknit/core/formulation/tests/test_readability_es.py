"""The Spanish index against its published formula, and the counts against words split by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.formulation.readability_es import EASY_FROM, index, read_spanish, syllables

# Split by hand, as the spelling rules of Spanish part them.
BY_HAND = [
    "ca·sa", "so·lo", "a·yu·da", "fa·mi·lia", "a·mi·go", "gen·te", "vi·da", "cuer·po", "tris·te", "rui·do",
    "dí·a", "pa·ís", "ba·úl", "le·er", "a·ho·ra", "cre·er", "po·e·ta", "ciu·dad", "bien", "muy", "hoy", "es·toy",
    "que", "quien", "gue·rra", "se·guir", "pin·güi·no", "a·gua", "cuan·do", "pue·de", "na·lo·xo·na", "o·pioi·de",
    "me·di·ci·na", "am·bu·lan·cia", "res·pi·rar", "co·ra·zón", "a·le·grí·a", "con·ti·nú·e", "a·é·re·o", "rey",
    "sa·bí·ais", "mie·do", "due·lo", "pér·di·da", "cui·dar·se", "tra·ba·jo", "y", "a",
]  # fmt: skip


@pytest.mark.parametrize("word", BY_HAND)
def test_syllables_agree_with_words_split_by_hand(word: str) -> None:
    assert syllables(word.replace("·", "")) == word.count("·") + 1


def test_index_is_the_published_formula() -> None:
    """Szigriszt Pazos 1993: 206.835 - 62.3 S/P - P/F, here with 120 words, 10 sentences, 230 syllables."""
    assert index(120, 10, 230) == pytest.approx(206.835 - 62.3 * 230 / 120 - 12)


@pytest.mark.parametrize(
    ("at", "band"),
    [(85, "very easy"), (80, "very easy"), (79.9, "fairly easy"), (65, "fairly easy"), (64.9, "normal"), (40, "fairly hard"), (39, "very hard")],
)  # fmt: skip
def test_bands_are_those_of_inflesz(at: float, band: str) -> None:
    """Barrio-Cantalejo and others 2008, table of the INFLESZ scale: cuts at 40, 55, 65 and 80."""
    from reknit.core.formulation.readability_es import Ease

    assert Ease(1, 1, 1, at).band == band


def test_a_consent_form_is_hard_and_a_kind_sentence_is_plain() -> None:
    hard = "El consentimiento informado constituye la manifestación de la autodeterminación del paciente responsable."
    assert read_spanish(hard).is_plain is False
    assert read_spanish("Llame cuando quiera. Nadie le va a juzgar.").is_plain is True
    assert EASY_FROM == 65


@given(st.text(max_size=200))
def test_any_text_is_counted(text: str) -> None:
    found = read_spanish(text)
    assert found.syllables >= found.words and (found.index is None) == (found.words == 0)

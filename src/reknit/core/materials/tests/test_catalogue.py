"""Every text can be read by grade 6, has its sources, and holds what must never be missing from it."""

import datetime as dt
import re

import pytest

from reknit.core.data import Table
from reknit.core.errors import BadInput, DefinitionError
from reknit.core.formulation.readability import read
from reknit.core.formulation.readability_es import read_spanish
from reknit.core.materials.catalogue import (
    LANGUAGES,
    TOPICS,
    Material,
    build_material,
    is_plain,
    material,
    materials,
    pack,
)

EACH = [pytest.param(one, id=f"{one.topic}.{one.language}") for one in materials()]
LOOKS_DOWN = {
    "en": r"\b(addict\w*|abuser?s?|alcoholics?|users?|junk\w+|clean|dirty|habits?|fail\w*|refus\w+|denial)\b",
    "es": r"\b(adict[oa]s?|drogadict\w*|alcohólic[oa]s?|yonquis?|limpi[oa]s?|suci[oa]s?|fracas\w+|vici\w+|recaíd[oa]s?)\b",
}


def test_topics_and_languages_are_listed_on_purpose() -> None:
    assert TOPICS == ("mood-and-people", "depression", "craving", "medication", "overdose", "pain")
    assert LANGUAGES == ("en", "es")
    with pytest.raises(BadInput):
        material("depression", "fr")


@pytest.mark.parametrize("one", EACH)
def test_every_part_is_read_by_grade_six(one: Material) -> None:
    hard = [part.heading for part in one.parts if not is_plain(part.text, one.language)]
    assert not hard


@pytest.mark.parametrize("one", EACH)
def test_text_names_its_sources_and_its_days(one: Material) -> None:
    assert all(
        re.search(r"\b(19|20)\d\d\b|National Institute|Substance Abuse", source) for source in one.sources
    )
    assert one.reviewed_on < one.review_by and not one.is_overdue(one.review_by)
    assert one.is_overdue(one.review_by + dt.timedelta(days=1))


@pytest.mark.parametrize("one", EACH)
def test_text_looks_down_on_nobody(one: Material) -> None:
    text = " ".join([one.title, one.about, *(f"{part.heading} {part.text}" for part in one.parts)])
    assert not re.findall(LOOKS_DOWN[one.language], text, re.IGNORECASE)


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_say_the_same_part_by_part(topic: str) -> None:
    english, spanish = material(topic, "en"), material(topic, "es")
    assert english.sources == spanish.sources
    shape = [(len(part.words), len(part.points), part.is_ordered) for part in english.parts]
    assert shape == [(len(part.words), len(part.points), part.is_ordered) for part in spanish.parts]


def test_spanish_speaks_to_everybody_as_usted_and_says_consume_alike() -> None:
    """One way to address a reader, no word that says another thing in another country, and the marks Spanish needs."""
    for topic in TOPICS:
        one = material(topic, "es")
        text = " ".join([one.title, one.about, *(f"{part.heading} {part.text}" for part in one.parts)])
        tu = r"\b(tú|ti|tu|tus|contigo|vosotros|vos|puedes|tienes|quieres|llama|pregunta|eres|estás)\b"
        assert not re.findall(tu, text, re.IGNORECASE)
        assert not re.findall(
            r"\b(us[aoe]|usar|usaba|usó|chic[oa]s?|sienta mal|toma de más)\b", text.replace("cómo se usa", "")
        )
        assert text.count("?") == text.count("¿") and text.count("!") == text.count("¡")
        assert not re.findall(
            r"\b(mas|despues|tambien|depresion|numero|medico|esta de su|sobredósis)\b", text
        )


def test_text_says_whether_a_clinician_of_its_language_has_read_it() -> None:
    assert not any(one.is_read_by_clinician for one in materials())


def test_medication_says_not_to_stop_without_the_prescriber() -> None:
    english, spanish = (" ".join(part.text for part in material("medication", of).parts) for of in LANGUAGES)
    assert "Do not stop or cut down before you talk to the person who prescribes it" in english
    assert "No la deje ni tome menos sin hablar antes con quien se la receta" in spanish
    assert "It is not use" in english and "No es consumir drogas" in spanish


def test_overdose_says_ambulance_naloxone_and_lost_tolerance() -> None:
    english, spanish = (" ".join(part.text for part in material("overdose", of).parts) for of in LANGUAGES)
    assert all(word in english for word in ("ambulance", "naloxone", "can take less now"))
    assert all(word in spanish for word in ("ambulancia", "naloxona", "ya aguanta menos"))


def test_pack_is_ours_and_speaks_both_languages() -> None:
    assert pack().licence == "CC0-1.0"
    assert is_plain(pack().frame("en").unwatched, "en") and is_plain(pack().frame("es").unwatched, "es")


def test_hard_text_is_told_from_plain_text() -> None:
    assert not is_plain("Notwithstanding interpersonal difficulties, participation continued.", "en")
    assert not is_plain(
        "La perspectiva interdisciplinaria caracteriza fundamentalmente la intervención.", "es"
    )
    assert read("Call us.").grade is not None and read_spanish("Llame.").index is not None


def test_file_without_sources_is_turned_away() -> None:
    table = Table({"title": "a", "about": "b", "parts": [{"heading": "c", "words": ["d"]}]}, "x.en.toml")
    with pytest.raises(DefinitionError, match="x.en.toml: `\\[\\[sources"):
        build_material(table, "x", "en")

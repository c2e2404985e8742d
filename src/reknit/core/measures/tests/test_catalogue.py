"""Definitions and wording: what ships is complete, sourced and licensed."""

import pytest

from reknit.core.data import Table
from reknit.core.errors import DefinitionError, UnknownMeasure, UnknownWording
from reknit.core.measures.catalogue import loinc_notice, measure, measures, pack, wording
from reknit.core.measures.definition import Measure
from reknit.core.measures.loading import build_measure
from reknit.core.measures.wording import build_pack


def _definition(**changes: object) -> Table:
    """The smallest definition that loads, with changes."""
    values: dict[str, object] = {
        "id": "two",
        "version": "1",
        "title": "Two",
        "short_title": "Two",
        "direction": "higher_worse",
        "scoring": "sum",
        "score_range": [0, 2],
        "pack": "none",
        "scale": {"low": 0, "high": 1},
        "items": [{"id": "a", "topic": "a"}, {"id": "b", "topic": "b"}],
        "missing": {"kind": "none", "max_missing": 0, "source": "test"},
        "licence": dict.fromkeys(("status", "holder", "notice", "url", "checked_on"), "x"),
    }
    return Table(values | changes, "two.toml")


@pytest.mark.parametrize("one", measures(), ids=lambda m: m.id)
def test_measure_has_source_licence_and_words(one: Measure) -> None:
    words = wording(one.id)
    assert one.sources
    assert one.licence.notice
    assert one.licence.text_shippable
    assert words.notice == one.licence.notice
    assert set(words.items) == {item.id for item in one.items}
    assert all(band.source and band.population for band in one.bands)


def test_measures_are_listed_on_purpose() -> None:
    assert [one.id for one in measures()] == ["phq-9", "gad-7", "session-checkin"]


def test_phq9_loinc_codes_match_the_published_panel() -> None:
    """LOINC panel 44249-1 (https://loinc.org/44249-1), items in order of the form."""
    phq9 = measure("phq-9")
    assert (phq9.loinc_panel, phq9.loinc_total) == ("44249-1", "44261-6")
    assert [item.loinc for item in phq9.items] == [
        "44250-9", "44255-8", "44259-0", "44254-1", "44251-7",
        "44258-2", "44252-5", "44253-3", "44260-8", "69722-7",
    ]  # fmt: skip


def test_gad7_loinc_codes_match_the_published_panel() -> None:
    """LOINC panel 69737-5 (https://loinc.org/69737-5), items in order of the form."""
    gad7 = measure("gad-7")
    assert (gad7.loinc_panel, gad7.loinc_total) == ("69737-5", "70274-6")
    assert [item.loinc for item in gad7.items] == [
        "69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7",
    ]  # fmt: skip


def test_phq9_difficulty_item_is_asked_and_not_scored() -> None:
    phq9 = measure("phq-9")
    difficulty = phq9.item("phq9_difficulty")
    assert difficulty is not None
    assert not difficulty.scored
    assert wording("phq-9").options["phq9_difficulty"][3] == (3, "Extremely difficult")
    assert len(phq9.scored_items) == 9


def test_session_checkin_says_it_is_not_validated_and_has_no_bands() -> None:
    found = measure("session-checkin")
    assert not found.validated
    assert found.bands == ()
    assert "Not validated" in wording("session-checkin").notice


def test_unknown_measure_and_language_are_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownMeasure, match="no measure called 'audit'"):
        measure("audit")
    with pytest.raises(UnknownWording, match="language 'xx'"):
        wording("phq-9", "xx")
    with pytest.raises(UnknownWording):
        wording("phq-9", "../phq-9.en")


def test_pack_with_an_empty_notice_is_refused() -> None:
    values = {"id": "x", "title": "x", "licence": "x", "source": "x", "terms": "x", "checked_on": "x"}
    with pytest.raises(DefinitionError, match=r"packs/x/pack.toml: the notice is empty"):
        build_pack(Table(values | {"notice": "  "}, "packs/x/pack.toml"))
    assert "Pfizer" in pack("phq").notice


def test_loinc_notice_names_its_licence() -> None:
    assert "http://loinc.org/license" in loinc_notice()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"score_range": [0, 3]}, "does not match the options"),
        ({"items": [{"id": "a", "topic": "a"}, {"id": "a", "topic": "b"}]}, "item ids must differ"),
        ({"missing": {"kind": "none", "max_missing": 1, "source": "x"}}, "max_missing"),
        (
            {
                "bands": {
                    "source": "x",
                    "population": "x",
                    "ranges": [{"key": "low", "label": "Low", "low": 0, "high": 1}],
                }
            },
            "do not end at the top",
        ),
        (
            {"critical": [{"item": "z", "at_least": 1, "reason": "x", "blank_reason": "x", "source": "x"}]},
            "critical item `z`",
        ),
    ],
)
def test_definition_that_would_score_wrongly_is_refused(changes: dict[str, object], rule: str) -> None:
    build_measure(_definition())
    with pytest.raises(DefinitionError, match=rule):
        build_measure(_definition(**changes))

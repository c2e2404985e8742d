"""Definitions and wording: what ships is complete, sourced and licensed."""

from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from reknit.core.data import Table
from reknit.core.errors import DefinitionError, UnknownMeasure, UnknownWording
from reknit.core.measures.catalogue import loinc_notice, measure, measures, pack, wording, wording_state
from reknit.core.measures.definition import Measure
from reknit.core.measures.describing import WORDING, page
from reknit.core.measures.loading import build_measure
from reknit.core.measures.site import NO_SITE, Permission, Site, read_site, with_packs
from reknit.core.measures.wording import build_pack, free_of_commerce, lacks_evidence, words_in


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
        "licence": dict.fromkeys(("status", "holder", "notice", "url", "checked_on"), "x")
        | {"state": "site_permission"},
    }
    return Table(values | changes, "two.toml")


SHOWN = (
    "phq-9", "phq-2", "gad-7", "gad-2", "pcl-5", "k10", "ipip-ipc", "barc-10",
    "craving", "daily-checkin", "session-checkin", "group-checkin", "satisfaction",
)  # fmt: skip
PERMISSION = Permission("Someone who may", date(2026, 1, 31), "letter of that day")


@pytest.mark.parametrize("one", measures(), ids=lambda m: m.id)
def test_measure_has_source_and_licence(one: Measure) -> None:
    assert one.sources
    assert all((one.licence.status, one.licence.holder, one.licence.notice, one.licence.url))
    assert date.fromisoformat(one.licence.checked_on) <= date.today()
    assert all(band.source and band.population for band in one.bands)
    assert all(one.source and one.population for one in one.reliability)
    assert one.missing.source


def test_what_comes_switched_on_is_listed_on_purpose() -> None:
    assert tuple(m.id for m in measures() if wording_state(m.id) == "shown") == tuple(
        m.id for m in measures() if m.id in SHOWN
    )
    for one in SHOWN:
        words = wording(one)
        assert words.notice == measure(one).licence.notice
        assert set(words.items) == {item.id for item in measure(one).items}


def test_narrower_terms_are_off_until_the_site_switches_the_pack_on() -> None:
    for one in ("audit", "audit-c"):
        assert wording_state(one) == "off"
        with pytest.raises(UnknownWording, match="switch on the pack 'audit'"):
            wording(one)
        site = Site(packs=frozenset({"audit"}))
        assert "World Health Organization" in wording(one, site=site).notice
        assert wording_state(one, site) == "shown"


def test_where_no_words_are_in_hand_nothing_is_called_off(tmp_path: Path) -> None:
    """Switching a pack on that holds no words would show nothing, so the state says what is missing first."""
    for one in ("c-ssrs-screener", "assist", "dast-10-unable"):
        on = Site(packs=frozenset({measure(one).pack}))
        assert (wording_state(one), wording_state(one, on)) == ("not_in_hand", "not_in_hand")
        with pytest.raises(UnknownWording, match="There is no wording"):
            wording(one)
    (tmp_path / "assist.en.toml").write_text("title = 'our copy'")
    loaded = Site(folder=tmp_path)
    assert (wording_state("assist", loaded), wording_state("assist", with_packs(loaded, ["assist"]))) == (
        "off",
        "shown",
    )


@pytest.mark.parametrize("one", measures(), ids=lambda m: m.id)
def test_page_of_a_measure_says_what_it_takes_to_show_its_words(one: Measure) -> None:
    text = page(one)
    state = wording_state(one.id)
    assert WORDING[state] in text
    line = next(line for line in text.splitlines() if line.startswith("- **to show the words**"))
    assert ("loads it word for word" in line) == (state == "not_in_hand")
    assert ("records its permission" in line) == (state == "needs_permission")
    assert (f"switches on the pack `{one.pack}`" in line) == (one.licence.state == "own_terms")
    if state == "not_in_hand":
        assert any("looked for on" in note or "added from the official file" in note for note in one.notes)


def test_someone_elses_words_need_the_permission_of_the_site(tmp_path: Path) -> None:
    with pytest.raises(UnknownWording, match="recorded its permission"):
        wording("peg")
    allowed = Site(permissions={"peg": PERMISSION}, folder=tmp_path)
    assert wording_state("peg", allowed) == "not_in_hand"
    items = "".join(f'{item.id} = "word"\n' for item in measure("peg").items)
    options = "".join(f'v{n} = "{n}"\n' for n in range(11))
    (tmp_path / "peg.en.toml").write_text(
        f'title = "PEG"\ninstruction = "x"\n[items]\n{items}[options]\n{options}'
    )
    found = wording("peg", site=Site(permissions={"peg": PERMISSION}, folder=tmp_path))
    assert found.notice == measure("peg").licence.notice
    with pytest.raises(UnknownWording, match="recorded its permission"):
        wording("peg", site=Site(folder=tmp_path))


def test_permission_says_who_when_and_where(tmp_path: Path) -> None:
    assert read_site(tmp_path) is NO_SITE
    (tmp_path / "site.toml").write_text(
        'packs = ["audit"]\n[[permissions]]\nmeasure = "wsas"\ngiven_by = "Author"\n'
        'given_on = "2026-01-31"\nreference = "letter 7"\n'
    )
    site = read_site(tmp_path)
    assert site.packs == {"audit"}
    assert site.permissions["wsas"] == Permission("Author", date(2026, 1, 31), "letter 7")
    for broken in ('given_by = " "', 'given_on = "last year"', 'reference = ""'):
        name = broken.split(" ")[0]
        text = (tmp_path / "site.toml").read_text()
        (tmp_path / "broken").mkdir(exist_ok=True)
        lines = [broken if line.startswith(name) else line for line in text.splitlines()]
        (tmp_path / "broken" / "site.toml").write_text("\n".join(lines))
        with pytest.raises(DefinitionError, match=name):
            read_site(tmp_path / "broken")


PACKS = sorted(one.name for one in Path(str(files("reknit.core.measures").joinpath("packs"))).iterdir())


@pytest.mark.parametrize("name", PACKS)
def test_pack_says_whose_words_on_what_terms_since_when(name: str) -> None:
    found = pack(name)
    assert found.id == name
    assert all((found.notice, found.source, found.terms, found.licence))
    assert date.fromisoformat(found.checked_on) <= date.today()
    of_this = [one for one in measures() if one.pack == name]
    assert of_this
    if any(one.licence.state == "own_terms" for one in of_this):
        assert found.notice in files("reknit.core.measures").joinpath("packs", name, "TERMS.txt").read_text()


@pytest.mark.parametrize("name", PACKS)
def test_words_of_a_pack_were_compared_with_the_published_form(name: str) -> None:
    assert not [fault for one in words_in(name) if (fault := lacks_evidence(pack(name), one))]
    assert {one.measure for one in pack(name).evidence} == {*words_in(name)}
    assert all(date.fromisoformat(one.compared_on) <= date.today() for one in pack(name).evidence)


def test_one_copy_is_no_evidence_and_neither_is_the_same_copy_twice() -> None:
    audit = pack("audit")
    for few in (audit.evidence[:1], (audit.evidence[0], audit.evidence[0])):
        assert lacks_evidence(replace(audit, evidence=few), "audit")


def test_packs_that_are_not_for_sale_are_those_with_words_that_were_compared() -> None:
    assert free_of_commerce() == ("audit", "dast-10")
    site = Site(packs=frozenset(free_of_commerce()))
    assert [one.id for one in measures() if one.licence.state == "own_terms" and wording_state(one.id, site) == "shown"] == [
        "audit", "audit-c", "dast-10-always-able",
    ]  # fmt: skip


@pytest.mark.parametrize("lacking", ["notice", "source", "terms", "checked_on"])
def test_pack_that_lacks_its_terms_is_refused(lacking: str) -> None:
    values = dict.fromkeys(("id", "title", "licence", "source", "terms", "checked_on", "notice"), "x")
    build_pack(Table(values, "pack.toml"))
    with pytest.raises(DefinitionError):
        build_pack(Table({key: value for key, value in values.items() if key != lacking}, "pack.toml"))


def test_measures_are_listed_on_purpose() -> None:
    """The ids of the plan, and our own."""
    planned = """
        phq-9 phq-2 gad-7 gad-2 pcl-5 bam bam-7-day
        sip-2r ham-d-17 ipip-ipc k10 pacs barc-10 mirc c-ssrs-screener audit audit-c assist dast-10-always-able
        dast-10-unable epds wsas whodas-12 ucla-3 ucla-20 mspss aware wai-sr haq-ii arm-5 gcq-s mhsip sure peg dudit
        session-checkin group-checkin daily-checkin craving satisfaction
    """
    assert {one.id for one in measures()} == {*planned.split()}


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
    with pytest.raises(UnknownMeasure, match="no measure called 'oq-45'"):
        measure("oq-45")
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

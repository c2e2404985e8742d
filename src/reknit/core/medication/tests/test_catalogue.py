"""The short list: generic names with a source, and what each explains."""

from reknit.core.medication.catalogue import MEDICATIONS, explains, known


def test_list_has_the_medications_for_opioid_and_alcohol_use_disorder() -> None:
    by_kind = {
        kind: {one.code for one in MEDICATIONS if kind in one.kinds} for kind in ("opioid", "alcohol", "mood")
    }
    assert by_kind["opioid"] == {"methadone", "buprenorphine", "naltrexone"}
    assert by_kind["alcohol"] == {"acamprosate", "disulfiram", "naltrexone"}
    assert len(by_kind["mood"]) >= 3
    assert all(one.source for one in MEDICATIONS)


def test_only_opioid_agonists_explain_a_positive_opioid_test() -> None:
    assert {one.code for one in MEDICATIONS if one.shows_as} == {"methadone", "buprenorphine"}
    assert explains(["Naltrexone", "Disulfiram", "something else", ""]) == ()


def test_name_is_found_however_it_is_written() -> None:
    found = known("  METHADONE ")
    assert found is not None and found.code == "methadone"
    assert known("methadone mixture") is None

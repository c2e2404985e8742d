"""Each measure against a value that was published or worked out by hand, with where it comes from."""

from decimal import Decimal

import numpy as np
import pytest

from reknit.core.errors import BadInput
from reknit.core.measures.catalogue import measure
from reknit.core.measures.columns import bounds_columns
from reknit.core.measures.scoring import Score, ScoreState, score
from reknit.core.measures.special.ipip_ipc import summary

NONE = None


def sheet(measure_id: str, *values: int | None, **more: int | None) -> Score:
    """Score values given in the order of the form, helpers by their id."""
    chosen = measure(measure_id)
    asked = [item.id for item in chosen.items if not item.helper]
    return score(chosen, dict(zip(asked, values, strict=False)) | more)


def flat(measure_id: str, value: int) -> Score:
    """Every item answered alike."""
    return score(
        measure(measure_id), {item.id: value for item in measure(measure_id).items if not item.helper}
    )


@pytest.mark.parametrize(
    ("measure_id", "values", "total", "band"),
    [
        # Kroenke 2003 and Arroll 2010: 3 or more is positive.
        ("phq-2", (1, 1), 2, "negative"),
        ("phq-2", (1, 2), 3, "positive"),
        # Kroenke 2007: 3 or more is positive.
        ("gad-2", (0, 2), 2, "negative"),
        ("gad-2", (3, 0), 3, "positive"),
        # ABS 4817.0.55.001, Table E: 10-15, 16-21, 22-29, 30-50.
        ("k10", (1, 1, 1, 1, 1, 2, 2, 2, 2, 2), 15, "low"),
        ("k10", (1, 1, 1, 1, 2, 2, 2, 2, 2, 2), 16, "moderate"),
        ("k10", (2, 2, 2, 2, 2, 2, 2, 2, 3, 3), 22, "high"),
        ("k10", (3, 3, 3, 3, 3, 3, 3, 3, 3, 3), 30, "very_high"),
        # Nine items to 4 and eight to 2; normal up to 7.
        ("ham-d-17", (1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 7, "normal"),
        ("ham-d-17", (2, 2, 1, 2, 1, 2, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1), 23, "very_severe"),
        ("ham-d-17", (1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 3, 0), 8, "mild"),  # item 16: not assessed
        # Skinner 1982: a point for each yes, and for a no to item 3 where it asks about being able to stop.
        ("dast-10-always-able", (1, 0, 0, 0, 1, 0, 0, 0, 0, 0), 3, "moderate"),
        ("dast-10-always-able", (0, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0, "none"),
        ("dast-10-unable", (1, 0, 0, 0, 1, 0, 0, 0, 0, 0), 2, "low"),
        ("dast-10-unable", (1, 1, 1, 1, 1, 1, 1, 1, 1, 0), 9, "severe"),
        # Cox 1987: top answers of 1, 2 and 4 count 0, top answers of the others 3.
        ("epds", (1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 21, "probable"),
        ("epds", (1, 1, 4, 1, 4, 4, 4, 4, 4, 4), 0, "unlikely"),
        ("epds", (2, 2, 3, 2, 3, 3, 3, 3, 3, 3), 10, "possible"),
        # Babor 2001: zones I to IV at 8, 16 and 20.
        ("audit", (2, 1, 1, 0, 1, 0, 1, 1, 0, 0), 7, "zone_i"),
        ("audit", (2, 1, 2, 0, 1, 0, 1, 1, 0, 0), 8, "zone_ii"),
        ("audit", (4, 2, 2, 1, 1, 1, 1, 0, 2, 2), 16, "zone_iii"),
        ("audit", (4, 4, 4, 1, 1, 1, 1, 0, 2, 2), 20, "zone_iv"),
    ],
)
def test_totals_and_bands(measure_id: str, values: tuple[int, ...], total: int, band: str) -> None:
    found = sheet(measure_id, *values)
    assert (found.state, found.total, found.band) == (ScoreState.COMPLETE, Decimal(total), band)


@pytest.mark.parametrize(
    ("measure_id", "value", "total"),
    [
        ("sip-2r", 2, 30),  # 15 items of 2
        ("pacs", 4, 20),  # the sum, and not a quarter of it
        ("barc-10", 5, 50),
        ("sure", 2, 42),
        ("whodas-12", 1, 12),
        ("ucla-3", 2, 6),
        ("ucla-20", 4, 11 * 4 + 9 * 1),  # Russell 1996: nine items count the other way round
        ("aware", 1, 23 * 1 + 5 * 7),  # five items counted as 8 - x
        ("wai-sr", 3, 36),
        ("haq-ii", 6, 14 * 6 + 5 * 1),  # Luborsky 1996: five statements worded the other way
        ("craving", 7, 7),
    ],
)
def test_sums_of_equal_answers(measure_id: str, value: int, total: int) -> None:
    assert flat(measure_id, value).total == Decimal(total)


@pytest.mark.parametrize(
    ("measure_id", "value", "total"),
    [
        ("arm-5", 7, "5.80"),  # (4 * 7 + 1) / 5: item 3 counts the other way round
        ("peg", 4, "4.00"),
        ("satisfaction", 4, "4.00"),
        ("group-checkin", 9, "9.00"),
    ],
)
def test_means_of_equal_answers(measure_id: str, value: int, total: str) -> None:
    assert flat(measure_id, value).total == Decimal(total)


def test_phq9_algorithm_counts_item_9_from_one() -> None:
    """Spitzer 1999: five symptoms with item 1 or 2 are major; item 9 counts from 1, the others from 2."""
    major = sheet("phq-9", 2, 0, 2, 2, 2, 0, 0, 0, 1)
    assert major.results == {"phq_8": 8, "phq_2": 2, "algorithm": "major"}
    assert sheet("phq-9", 2, 0, 2, 0, 0, 0, 0, 0, 0).results["algorithm"] == "other"
    assert sheet("phq-9", 1, 1, 3, 3, 3, 3, 3, 3, 3).results["algorithm"] == "none"
    assert sheet("phq-9", 3, 3, 3, 3, 3, 3, 3, 3, NONE).results == {
        "phq_8": 24,
        "phq_2": 6,
        "algorithm": None,
    }


def test_pcl5_clusters_and_pattern() -> None:
    """National Center for PTSD: B 1-5, C 6-7, D 8-14, E 15-20; one, one, two and two items from 2."""
    values = [2, 0, 0, 0, 0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0]
    found = sheet("pcl-5", *values)
    assert found.total == 12
    assert [found.results[f"cluster_{one}"] for one in "bcde"] == [2, 2, 4, 4]
    assert found.results["dsm5_provisional"] is True
    assert sheet("pcl-5", *values[:15], 1, *values[16:]).results["dsm5_provisional"] is False
    prorated = sheet("pcl-5", *values[:16])
    assert (prorated.state, prorated.total) == (ScoreState.PRORATED, Decimal("15.00"))  # 12 * 20 / 16
    assert (prorated.results["cluster_b"], prorated.results["cluster_e"]) == (2, None)
    assert prorated.results["dsm5_provisional"] is None
    assert sheet("pcl-5", *values[:15]).state is ScoreState.INCOMPLETE


def test_bam_composites_skip_and_check() -> None:
    """VA scoring: use 4+5+6, risk 1+2+3+8+11+15, protective 9+10+12+13+14+16; no total."""
    found = sheet("bam", 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 1, 2, 4, 3, 2, NONE)
    assert found.results == {"use": 9, "risk": 1 + 2 + 3 + 1 + 4 + 3, "protective": 2 + 3 + 1 + 2 + 4 + 2}
    assert (found.state, found.total, found.flags) == (ScoreState.COMPLETE, None, ())
    dry = sheet("bam", 1, 2, 3, 0, NONE, 2, 1, 2, 3, 4, 1, 2, 0, 3, 2, 4)
    assert (dry.state, dry.results["use"]) == (ScoreState.COMPLETE, 2)
    odd = sheet("bam", 1, 2, 3, 1, 3, 2, 1, 2, 3, 4, 1, 2, 0, 3, 2, 4)
    assert odd.flags == ("inconsistent",)
    assert sheet("bam", 1, 2, 3, 1, 1, 2, 1, 2, 3, 4, 1, 2, 1, 3, 2, 4).state is ScoreState.INVALID  # item 14


def test_audit_skips_fill_blanks_and_never_an_answer() -> None:
    """Babor 2001: never at item 1, or no points at items 2 and 3, leads on to item 9."""
    never = sheet("audit", 0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 2, 4)
    assert (never.state, never.total, never.missing) == (ScoreState.COMPLETE, Decimal(6), ())
    little = sheet("audit", 1, 0, 0, NONE, NONE, NONE, NONE, NONE, 0, 0)
    assert (little.state, little.total) == (ScoreState.COMPLETE, Decimal(1))
    odd = sheet("audit", 0, 2, NONE, NONE, NONE, NONE, NONE, NONE, 0, 0)
    assert (odd.state, odd.total, odd.flags) == (ScoreState.COMPLETE, Decimal(2), ("inconsistent",))
    assert sheet("audit", 1, 0, 1, NONE, NONE, NONE, NONE, NONE, 0, 0).state is ScoreState.INCOMPLETE
    assert sheet("audit", 1, 0, 0, 0, 0, 0, 0, 0, 1, 0).state is ScoreState.INVALID
    assert sheet("audit", 4, 4, 4, 2, 2, 0, 0, 0, 4, 0).flags == ("item-9", "withdrawal")
    assert sheet("audit", 4, 4, 4, 2, 2, 1, 1, 0, 4, 0).results == {
        "consumption": 12,
        "dependence": 5,
        "harm": 5,
    }


def test_audit_c_band_needs_a_sex_only_where_it_matters() -> None:
    """Bush 1998, Bradley 2003: 4 or more for men, 3 or more for women."""
    assert sheet("audit-c", 1, 1, 1, auditc_sex=1).band == "negative"
    assert sheet("audit-c", 1, 1, 1, auditc_sex=2).band == "positive"
    assert sheet("audit-c", 1, 1, 1).band is None
    assert sheet("audit-c", 2, 1, 1).band == "positive"
    assert sheet("audit-c", 1, 1, 0).band == "negative"
    assert sheet("audit-c", 1, 1, 1, auditc_sex=7).state is ScoreState.COMPLETE  # not known, and no fault
    assert sheet("audit-c", 0, NONE, NONE).total == 0


def test_dudit_bands_by_sex() -> None:
    """Berman 2003: 6 or more for men, 2 or more for women, 25 or more dependence."""
    two = [2, *[0] * 10]
    assert sheet("dudit", *two, dudit_sex=2).band == "positive"
    assert sheet("dudit", *two, dudit_sex=1).band == "negative"
    assert sheet("dudit", *two).band is None
    assert sheet("dudit", *[4] * 6, 1, *[0] * 4).band == "dependence_likely"


def test_assist_leaves_item_5_out_for_tobacco() -> None:
    """Humeniuk 2010: alcohol 0-10, 11-26, 27; other substances 0-3, 4-26, 27; tobacco without item 5, at most 31."""
    assert sheet("assist", 6, 6, 7, 99, 6, 6, assist_substance=1).total == 31
    assert sheet("assist", 2, 0, 0, 0, 6, 3, assist_substance=2).band == "moderate"
    assert sheet("assist", 2, 0, 0, 0, 6, 0, assist_substance=2).band == "low"
    assert sheet("assist", 2, 0, 0, 0, 6, 0, assist_substance=3).band == "moderate"
    assert sheet("assist", 2, 0, 0, 0, 6, 0).state is ScoreState.INCOMPLETE
    assert sheet("assist", 1, 0, 0, 0, 6, 0, assist_substance=3).state is ScoreState.INVALID
    assert sheet("assist", 2, 0, 0, NONE, 6, 0, assist_substance=3).state is ScoreState.INCOMPLETE


@pytest.mark.parametrize(
    ("values", "band", "state"),
    [
        ((0, 0, NONE, NONE, NONE, 0, NONE), "none", ScoreState.COMPLETE),
        ((1, 0, NONE, NONE, NONE, 0, NONE), "low", ScoreState.COMPLETE),
        ((1, 1, 0, 0, 0, 0, NONE), "low", ScoreState.COMPLETE),
        ((1, 1, 1, 0, 0, 0, NONE), "moderate", ScoreState.COMPLETE),
        ((0, 0, NONE, NONE, NONE, 1, 0), "moderate", ScoreState.COMPLETE),
        ((1, 1, 0, 1, 0, 0, NONE), "high", ScoreState.COMPLETE),
        ((1, 1, 0, 0, 1, 0, NONE), "high", ScoreState.COMPLETE),
        ((0, 0, NONE, NONE, NONE, 1, 1), "high", ScoreState.COMPLETE),
        ((1, 1, NONE, 1, NONE, NONE, NONE), "high", ScoreState.INCOMPLETE),
        ((1, 1, 1, NONE, NONE, 0, NONE), None, ScoreState.INCOMPLETE),
        ((0, NONE, NONE, NONE, NONE, NONE, NONE), None, ScoreState.INCOMPLETE),
        ((0, 0, NONE, NONE, NONE, 1, NONE), None, ScoreState.INCOMPLETE),
    ],
)
def test_c_ssrs_triage(values: tuple[int | None, ...], band: str | None, state: ScoreState) -> None:
    """Columbia Lighthouse Project, screener with triage points; a blank is never a no."""
    found = sheet("c-ssrs-screener", *values)
    assert (found.band, found.state, found.total) == (band, state, None)


def test_hamd_item_3_speaks_twice() -> None:
    rated = [0, 0, 3, *[0] * 14]
    assert [one.reason for one in sheet("ham-d-17", *rated).critical] == ["hamd_item3", "hamd_item3_urgent"]
    blank = sheet("ham-d-17", 0, 0, NONE, *[0] * 14)
    assert [(one.reason, one.is_blank) for one in blank.critical] == [("hamd_item3_blank", True)]
    assert blank.flags == ("item-3-missing",)


def test_epds_item_10_is_read_in_points() -> None:
    """The bottom answer of item 10 counts 0 and is silent; any other speaks."""
    assert sheet("epds", *[1] * 9, 4).critical == ()
    assert sheet("epds", *[1] * 9, 3).flags == ("item-10",)
    assert sheet("epds", *[1] * 9).state is ScoreState.INCOMPLETE
    assert sheet("epds", 1, 1, 2, 1, 3, 4, 1, 1, 1, 4).results["epds_3a"] == 2 + 0 + 1


@pytest.mark.parametrize(
    ("values", "away", "total", "total_40", "band"),
    [
        ((1, 2, 2, 2, 2), 0, 9, 9.0, "subclinical"),
        ((2, 2, 2, 2, 2), 0, 10, 10.0, "significant"),
        ((4, 4, 4, 4, 4), None, 20, 20.0, "significant"),
        ((5, 4, 4, 4, 4), 0, 21, 21.0, "moderately_severe"),
        ((NONE, 1, 2, 2, 2), 1, 7, 8.75, "subclinical"),
        (
            (99, 2, 2, 2, 2),
            1,
            8,
            10.0,
            "significant",
        ),  # what stands in the item that does not apply is ignored
        ((NONE, 5, 4, 4, 4), 1, 17, 21.25, "moderately_severe"),
    ],
)
def test_wsas(values: tuple[int, ...], away: int | None, total: int, total_40: float, band: str) -> None:
    """Mundt 2002: below 10, 10 to 20, above 20; without work the sum of four times 5/4."""
    found = sheet("wsas", *values, wsas_work_not_applicable=away)
    assert (found.total, found.results["total_40"], found.band) == (Decimal(total), total_40, band)
    assert found.missing == ()


def test_mspss_bands_meet_without_a_gap() -> None:
    """Zimet 1988: significant other 1, 2, 5, 10; family 3, 4, 8, 11; friends 6, 7, 9, 12; means."""
    found = sheet("mspss", 7, 7, 1, 2, 7, 4, 4, 1, 4, 7, 2, 4)
    assert found.results == {"significant_other": 7.0, "family": 1.5, "friends": 4.0}
    assert (found.total, found.band) == (Decimal("4.17"), "moderate")
    assert sheet("mspss", *[5] * 12).band == "moderate"
    assert sheet("mspss", *[5] * 11, 6).band == "high"  # 61 / 12 = 5.08
    assert sheet("mspss", *[3] * 11, 2).band == "low"  # 35 / 12 = 2.92
    assert sheet("mspss", *[3] * 9, 2, NONE, NONE).band == "moderate"  # 2.90 over 10, banded on 3
    assert sheet("mspss", *[5] * 9, 6, NONE, NONE).band == "moderate"  # 5.10, banded on 5
    assert sheet("mspss", *[5] * 5, *[6] * 5, NONE, NONE).band == "high"  # 5.50, banded on 6
    assert sheet("mspss", *[2] * 5, *[3] * 5, NONE, NONE).total == Decimal("2.50")
    short = sheet("mspss", 7, NONE, 1, 2, 7, 4, 4, 1, 4, 7, NONE, 4)
    assert (short.state, short.total) == (ScoreState.PRORATED, Decimal("4.10"))  # 41 / 10
    assert short.results == {"significant_other": 7.0, "family": 1.33, "friends": 4.0}
    shorter = sheet("mspss", NONE, NONE, 1, 2, 7, 4, 4, 1, 4, 7, NONE, 4)
    assert (shorter.state, shorter.results["significant_other"]) == (ScoreState.INCOMPLETE, None)
    assert shorter.results["friends"] == 4.0


def test_gcq_needs_eight_items_in_all() -> None:
    """Scoring sheet: the mean of the items rated; more than 4 missing is not scored."""
    found = sheet("gcq-s", 6, 4, 0, 2, 1, 3, 5, NONE, 5, NONE, NONE, NONE)
    assert found.state is ScoreState.PRORATED
    assert found.results == {"engaged": 4.0, "conflict": 4.0, "avoiding": 2.0}
    assert sheet("gcq-s", 6, 4, 0, 2, 1, 3, 5).results == {
        "engaged": None,
        "conflict": None,
        "avoiding": None,
    }


def test_wai_sr_subscales() -> None:
    """Hatcher and Gillaspy 2006: task 1, 2, 10, 12; bond 3, 5, 7, 9; goal 4, 6, 8, 11."""
    found = sheet("wai-sr", 5, 5, 1, 3, 1, 3, 1, 3, 1, 5, 3, 5)
    assert found.results == {"task": 20, "bond": 4, "goal": 12}
    assert found.total == 36


def test_circumplex_points_at_one_octant() -> None:
    """By hand: dominance (PA) at 5 and every other octant at 3 points to 90 degrees, (5 - 3) / 4 = 0.5 long."""
    dominant = {6, 14, 22, 30}
    found = sheet("ipip-ipc", *[5 if n in dominant else 3 for n in range(1, 33)])
    assert (found.results["pa"], found.results["hi"]) == (5.0, 3.0)
    assert found.results["dominance"] == 0.5
    assert found.results["warmth"] == 0.0
    assert found.results["amplitude"] == 0.5
    assert found.results["displacement"] == 90.0
    assert found.results["elevation"] == 3.25
    # SST = 7 * 0.25^2 + 1.75^2 = 3.5; a cosine of 0.5 takes up 8 / 2 * 0.5^2 = 1 of it.
    assert found.results["r2"] == pytest.approx(1 / 3.5)
    same = flat("ipip-ipc", 4)
    assert (same.results["amplitude"], same.results["displacement"], same.results["r2"]) == (0.0, None, None)
    assert sheet("ipip-ipc", *[3] * 31).results["dominance"] is None


def test_what_has_no_checked_key_has_no_score() -> None:
    for one in ("mirc", "mhsip", "bam-7-day"):
        found = flat(one, 2) if one != "bam-7-day" else sheet(one, 2)
        assert (found.total, found.band, dict(found.results)) == (None, None, {})
        assert measure(one).unverified


def test_an_unfinished_count_has_bounds_and_no_total() -> None:
    """DAST-10: five of the eight answered count, and item 3 of this wording counts for no; two are blank."""
    answers = {f"dasta_{n}": np.array([float(n in (1, 2, 4, 5))]) for n in range(1, 9)}
    low, high = bounds_columns(measure("dast-10-always-able"), answers)
    assert (low.tolist(), high.tolist()) == ([5.0], [7.0])
    skipped = {"audit_1": np.array([0.0]), "audit_9": np.array([2.0])}
    assert [one.tolist() for one in bounds_columns(measure("audit"), skipped)] == [[2.0], [6.0]]
    nameless = {f"assist_{n}": np.array([0.0]) for n in range(2, 8)}
    assert np.isnan(bounds_columns(measure("assist"), nameless)).all()
    with pytest.raises(BadInput, match="no sum"):
        bounds_columns(measure("mspss"), {})


def test_never_prorated() -> None:
    """The policy names them: one blank is one too many."""
    for one in (
        "audit", "audit-c", "assist", "dast-10-always-able", "dast-10-unable", "bam", "epds", "ucla-3", "wsas",
        "aware", "c-ssrs-screener",
    ):  # fmt: skip
        assert (measure(one).missing.kind, measure(one).missing.max_missing) == ("none", 0)
    for one, most in (("phq-9", 2), ("gad-7", 1), ("pcl-5", 4), ("mspss", 2)):
        assert (measure(one).missing.kind, measure(one).missing.max_missing) == ("mean_substitution", most)


def test_daily_checkin_is_four_lines_and_no_total() -> None:
    found = sheet("daily-checkin", 6, NONE, 8, 2)
    assert (found.total, found.results) == (None, {"mood": 6, "sleep": None, "contact": 8, "urge": 2})


def test_published_octant_means_of_students() -> None:
    """Markey and Markey 2009, 274 students: warm and a little yielding, as the octants show."""
    means = np.array([[2.66], [2.27], [2.46], [2.68], [3.20], [3.64], [4.37], [3.64]])
    found = {name: float(value[0]) for name, value in summary(means).items()}
    angles = np.deg2rad([90, 135, 180, 225, 270, 315, 0, 45])
    assert found["dominance"] == pytest.approx((means[:, 0] * np.sin(angles)).sum() / 4)
    assert found["warmth"] == pytest.approx((means[:, 0] * np.cos(angles)).sum() / 4)
    design = np.stack([np.ones(8), np.sin(angles), np.cos(angles)], axis=1)
    rest = np.linalg.lstsq(design, means[:, 0], rcond=None)[1][0]
    assert found["r2"] == pytest.approx(1 - rest / ((means - means.mean()) ** 2).sum())

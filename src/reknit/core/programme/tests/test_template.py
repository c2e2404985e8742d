"""The IPT-16 template: phases, what is due when, and a loader that refuses nonsense."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.data import Table
from reknit.core.errors import BadInput, DefinitionError, UnknownTemplate
from reknit.core.programme.loading import build_template
from reknit.core.programme.sets import measures_due
from reknit.core.programme.template import (
    add_folder,
    library,
    phase_of,
    tasks_at_hand,
    tasks_due,
    template,
    versions_in_files,
)

IPT16 = template("ipt-16")
ITEM = [{"measure": "phq-9", "title": "PHQ-9"}]
GATE = {"code": "G", "title": "G", "when": "watch", "requires": [], "severity": "warn", "refusal": "No."}
EVERY_KEY = frozenset(task.key for task in IPT16.tasks)


def own_tasks(slot: int) -> list[str]:
    """Codes due in exactly this slot, every-session tasks left out, all earlier work done."""
    return [t.code for t in tasks_due(IPT16, slot, EVERY_KEY) if not t.is_every_session]


def _protocol(**changes: Any) -> Table:
    """The smallest template that loads, with changes."""
    values: dict[str, Any] = {
        "code": "x",
        "version": "1",
        "title": "X",
        "format": "individual",
        "planned_sessions": 2,
        "session_minutes": 50,
        "cadence_days": 7,
        "course_window_days": 28,
        "phases": [{"code": "p", "title": "P", "client_title": "P", "from_slot": 1, "to_slot": 2}],
        "tasks": {"rows": [{"code": "E01", "klass": "CORE", "every": [1, 2]}]},
        "sets": [
            {"code": "S", "title": "S", "slots": [1], "items": [{"measure": "phq-9", "title": "PHQ-9"}]}
        ],
        "sources": ["test"],
    }
    return Table(values | changes, "x.toml")


def test_phases_of_ipt16_are_1_to_3_4_to_13_14_to_16() -> None:
    """Weissman, Markowitz, Klerman: opening of at most three sessions, closing in the last two or three."""
    assert [(p.code, p.from_slot, p.to_slot) for p in IPT16.phases] == [
        ("initial", 1, 3),
        ("middle", 4, 13),
        ("closure", 14, 16),
    ]
    assert (IPT16.planned_sessions, IPT16.session_minutes, IPT16.cadence_days) == (16, 50, 7)


@pytest.mark.parametrize(
    ("slot", "codes"),
    [
        (0, ["I01", "I02", "I05"]),
        (1, ["I03", "I04", "I06", "I07", "I08", "I09"]),
        (2, ["I10", "I11", "I12"]),
        (3, ["I13", "I14", "I15", "I16", "I17", "I18", "I19", "I20", "I22"]),
        (4, ["M08"]),
        (8, ["M08", "M09", "M14"]),
        (12, ["M08"]),
        (14, ["C01", "C02"]),
        (15, ["C03", "C05", "C06", "C07"]),
        (16, ["C04", "C08", "C09", "C10", "C11", "C12"]),
    ],
)
def test_slot_lists_its_own_tasks(slot: int, codes: list[str]) -> None:
    assert own_tasks(slot) == codes


def test_every_session_tasks_follow_the_phase() -> None:
    def every(slot: int) -> list[str]:
        return [t.code for t in tasks_due(IPT16, slot, EVERY_KEY) if t.is_every_session]

    assert every(0) == []
    assert every(1) == ["E01", "E02", "E03", "E04", "E06", "E08", "E09"]
    assert every(5) == ["E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "M01", "M05"]
    assert "E08" not in every(16)


def test_undone_work_comes_first_and_is_marked_overdue() -> None:
    found = tasks_due(IPT16, 3, {"I01", "I02", "I03", "I04", "I06", "I07", "I08", "I09", "I10", "I11"})
    assert [(t.code, t.due_slot) for t in found if t.overdue] == [("I05", 0), ("I12", 2)]
    assert [t.overdue for t in found] == sorted((t.overdue for t in found), reverse=True)


def test_done_task_of_the_slot_stays_on_the_list_ticked() -> None:
    ticked = {t.code: t.is_done for t in tasks_due(IPT16, 2, {"I10"}) if t.phase == "initial"}
    assert (ticked["I10"], ticked["I11"]) == (True, False)


def test_task_with_time_left_is_listed_until_done() -> None:
    assert "M03" in [t.code for t in tasks_due(IPT16, 6)]
    assert "M03" not in [t.code for t in tasks_due(IPT16, 6, {"M03"})]
    late = next(t for t in tasks_due(IPT16, 11) if t.code == "M03")
    assert late.overdue


def test_task_asked_for_twice_is_due_again_after_the_first_time() -> None:
    assert [t.key for t in tasks_due(IPT16, 5) if t.code == "M02"] == ["M02@5"]
    assert [t.key for t in tasks_due(IPT16, 5, {"M02"}) if t.code == "M02"] == []
    assert [t.key for t in tasks_due(IPT16, 6, {"M02"}) if t.code == "M02"] == ["M02@13"]
    assert [t.key for t in tasks_due(IPT16, 6, {"M02@5", "M02@13"}) if t.code == "M02"] == []


def test_repeated_review_is_not_ticked_by_the_earlier_one() -> None:
    review = next(t for t in tasks_due(IPT16, 12, {"M08@4", "M08@8"}) if t.key == "M08@12")
    assert (review.is_done, review.overdue) == (False, False)


def test_each_tick_of_a_repeated_task_covers_one_occasion() -> None:
    once = [t.key for t in tasks_due(IPT16, 13, ["M08"]) if t.code == "M08" and t.overdue]
    twice = [t.key for t in tasks_due(IPT16, 13, ["M08", "M08"]) if t.code == "M08" and t.overdue]
    assert (once, twice) == (["M08@8", "M08@12"], ["M08@12"])
    assert not [t for t in tasks_due(IPT16, 13, ["M08"] * 3) if t.code == "M08"]


def test_every_session_task_is_ticked_for_its_own_session_only() -> None:
    done = {t.key: t.is_done for t in tasks_due(IPT16, 7, {"E01@7", "E02@6", "E03"})}
    assert (done["E01@7"], done["E02@7"], done["E03@7"]) == (True, False, False)


def test_conditional_and_optional_tasks_are_never_overdue() -> None:
    assert all(t.klass in ("CORE", "REQ") for t in tasks_due(IPT16, 16) if t.overdue)
    assert {t.code for t in tasks_at_hand(IPT16, 1)} == {"I21"}
    assert all(t.condition for t in tasks_at_hand(IPT16, 8) if t.klass == "COND")


def test_measures_follow_the_template() -> None:
    """Weekly PHQ-9; GAD-7 at intake, every fourth session and the end; a check-in each session."""
    due = {slot: list(measures_due(IPT16, slot)) for slot in range(17)}
    assert due[0][:2] == ["phq-9", "gad-7"]
    assert due[1] == ["phq-9", "session-checkin"]
    assert [slot for slot, names in due.items() if "gad-7" in names] == [0, 4, 8, 12, 16]
    assert all("phq-9" in names for names in due.values())


def test_library_holds_every_code_with_words() -> None:
    codes = [f"E0{n}" for n in range(1, 10)]
    codes += [f"I{n:02}" for n in range(1, 23)] + [f"M{n:02}" for n in range(1, 15)]
    codes += [f"C{n:02}" for n in range(1, 13)]
    assert {task.code for task in IPT16.tasks} == set(codes)
    codes += [f"X0{n}" for n in range(1, 7)] + [f"P0{n}" for n in range(1, 8)]
    codes += [f"GR{n:02}" for n in range(1, 19)]
    assert sorted(library()) == sorted(codes)
    assert all(task.title and task.record for task in library().values())


def test_slot_below_zero_and_unknown_template_are_refused() -> None:
    with pytest.raises(BadInput):
        phase_of(IPT16, -1)
    with pytest.raises(BadInput):
        tasks_due(IPT16, -1)
    with pytest.raises(UnknownTemplate, match="'ipt-99'"):
        template("ipt-99")
    with pytest.raises(UnknownTemplate, match="version '7'"):
        template("ipt-16", "7")
    with pytest.raises(BadInput, match="no phase called"):
        IPT16.phase("x")
    with pytest.raises(BadInput, match="no gate called"):
        IPT16.gate("G99")


def test_templates_are_listed_on_purpose() -> None:
    named = ["ipt-16", "ipt-12", "ipt-b", "ipt-p", "ipt-sr", "sober-network", "ipt-m", "ipt-g-20", "ipt-g-8"]
    found = [one.code for one, is_own in versions_in_files() if not is_own]
    assert [code for code in found if "+" not in code] == named
    assert [code for code in found if code.startswith("ipt-p")] == ["ipt-p", "ipt-p+sud"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"planned_sessions": 3}, "do not end at the number of planned sessions"),
        ({"course_window_days": 6}, "window is too short"),
        ({"sources": []}, "sources are missing"),
        ({"tasks": {"rows": [{"code": "Z9", "klass": "CORE", "every": [1, 2]}]}}, "`Z9` is not in the task"),
        ({"tasks": {"rows": [{"code": "I01", "klass": "REQ", "due_slot": 1}]}}, "names no phase"),
        (
            {"tasks": {"rows": [{"code": "I01", "klass": "REQ", "phase": "p", "due_slot": 9}]}},
            "outside the planned sessions",
        ),
        ({"tasks": {"rows": [{"code": "C09", "klass": "COND", "phase": "p"}]}}, "gives no condition"),
        (
            {
                "tasks": {
                    "rows": [{"code": "I01", "klass": "REQ", "phase": "p", "due_slot": 1, "every": [1, 2]}]
                }
            },
            "more than once",
        ),
        ({"sets": [{"code": "S", "title": "S", "slots": [1], "items": []}]}, "holds nothing"),
        ({"sets": [{"code": "S", "title": "S", "every": 1, "items": ITEM}]}, "needs both"),
        (
            {"sets": [{"code": "S", "title": "S", "slots": [9], "items": ITEM}]},
            "outside the planned sessions",
        ),
        (
            {
                "sets": [
                    {
                        "code": "S",
                        "title": "S",
                        "slots": [1],
                        "items": [{"record": "x", "title": "X", "fact": "moon"}],
                    }
                ]
            },
            "`moon`, which is no kind of fact",
        ),
        ({"gates": [GATE | {"requires": ["moon"]}]}, "needs `moon`"),
        ({"gates": [GATE | {"when": "full_moon"}]}, "no moment of a course"),
        (
            {
                "tasks": {
                    "rows": [
                        {"code": "C09", "klass": "COND", "phase": "p", "condition": "c", "only_if": "moon"}
                    ]
                }
            },
            "due only if `moon`",
        ),
        ({"cadence_days": "weekly"}, "`cadence_days` must be a whole number"),
    ],
)
def test_template_that_could_not_be_followed_is_refused(changes: dict[str, Any], rule: str) -> None:
    build_template(_protocol(), library())
    with pytest.raises(DefinitionError, match=rf"x\.toml: .*{rule}"):
        build_template(_protocol(**changes), library())


@given(st.integers(0, 18), st.sets(st.sampled_from(sorted(EVERY_KEY))))
def test_more_work_done_never_adds_overdue_work(slot: int, done: set[str]) -> None:
    none = {t.key for t in tasks_due(IPT16, slot) if t.overdue}
    some = {t.key for t in tasks_due(IPT16, slot, done) if t.overdue}
    assert some == none - done


@given(st.integers(0, 18), st.sets(st.sampled_from(sorted(EVERY_KEY))))
def test_no_task_is_listed_twice(slot: int, done: set[str]) -> None:
    keys = [t.key for t in tasks_due(IPT16, slot, done)]
    assert len(keys) == len(set(keys))


def test_a_clinic_adds_a_template_of_its_own(tmp_path: Path) -> None:
    """A changed file in the clinic's folder is offered to new courses; what ships stays for those under way."""
    shipped = files("reknit.core.programme").joinpath("templates", "ipt_16.toml").read_text(encoding="utf-8")
    own = shipped.replace('version = "1"', 'version = "1-ours"').replace("[3, 8, 16]", "[3, 12, 16]")
    (tmp_path / "ours.toml").write_text(own, encoding="utf-8")
    try:
        add_folder(tmp_path)
        assert template("ipt-16").version == "1-ours"
        assert template("ipt-16", "1").version == "1"
        alliance = next(one for one in template("ipt-16").sets if one.code == "A")
        assert alliance.slots == (3, 12, 16)
    finally:
        add_folder(tmp_path / "nothing here")
    assert template("ipt-16").version == "1"


def test_a_clinic_cannot_take_a_version_that_ships(tmp_path: Path) -> None:
    shipped = files("reknit.core.programme").joinpath("templates", "ipt_16.toml").read_text(encoding="utf-8")
    (tmp_path / "ours.toml").write_text(shipped, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"ours\.toml: the version `1` of `ipt-16` is taken"):
        add_folder(tmp_path)

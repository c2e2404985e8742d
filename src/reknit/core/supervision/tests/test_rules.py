"""Agenda, process, sampling, ratings and credentials, without a database."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.programme.course import Course, take
from reknit.core.programme.facts import Fact
from reknit.core.programme.template import template
from reknit.core.supervision.agenda import raised
from reknit.core.supervision.credentials import COUNTED, TOLD, credentials
from reknit.core.supervision.fidelity import form, quality, seconds_of
from reknit.core.supervision.process import process
from reknit.core.supervision.raters import agreement, quarters
from reknit.core.supervision.sampling import STAGES, Candidate, draw, replacement, to_rate_twice

AT = dt.datetime(2026, 3, 23, tzinfo=dt.UTC)
POOL = st.lists(
    st.builds(Candidate, st.text("abcdef0123456789", min_size=4, max_size=8), st.sampled_from(STAGES)),
    unique=True,
)


Told = tuple[str, int, dict[str, Any]]


def course(*facts: Told, protocol: str = "ipt-16") -> Course:
    found = Course(template(protocol))
    for n, (kind, slot, value) in enumerate(facts):
        take(found, Fact(kind, AT + dt.timedelta(minutes=n), slot, value))
    return found


def kinds(found: Course, **more: Any) -> list[str]:
    return [one.kind for one in raised(found, **more)]


def held(slot: int, outcome: str = "attended") -> Told:
    return ("session", slot, {"slot": slot, "outcome": outcome})


READY: tuple[Told, ...] = (("formulation_shared", 2, {}), ("contract_agreed", 2, {"planned": 16}))


def test_a_course_in_order_raises_nothing() -> None:
    assert kinds(course(*READY, held(5))) == []


def test_opening_that_is_late_is_raised_from_session_three() -> None:
    assert kinds(course(held(2))) == []
    assert kinds(course(held(3))) == ["formulation", "contract"]


def test_a_passed_gate_and_a_switch_are_raised_until_they_were_talked_about() -> None:
    found = course(
        *READY,
        held(5),
        ("gate_override", 5, {"gate": "G02"}),
        ("focus_switched", 5, {"focus": "b", "from": "a", "area": "grief"}),
    )
    assert kinds(found) == ["override", "switch"]
    assert kinds(found, discussed_at=AT + dt.timedelta(days=1)) == []
    assert kinds(found, discussed_at=AT) == ["override", "switch"]


def test_little_response_is_raised_until_a_decision_is_written() -> None:
    review = ("midcourse_review", 8, {"adequate": False})
    assert kinds(course(*READY, held(8), review)) == ["response"]
    assert kinds(course(*READY, held(8), review, ("plan_b", 8, {}))) == []


def test_two_misses_and_a_return_to_use_and_the_ending_are_raised() -> None:
    found = course(
        *READY, held(12, "no_show"), held(13, "late_cancel"), ("lapse_reported", 13, {"use_episode": "x"})
    )
    assert kinds(found, risks=2) == ["risk", "lapse", "missed", "ending"]


def test_a_closed_course_is_raised_for_risk_alone() -> None:
    assert kinds(course(held(16)), risks=1, is_open=False) == ["risk"]


def test_process_names_what_is_missing_and_counts_nothing_before_its_time() -> None:
    early = {one.code: one.is_there for one in process(course(held(1))).checks}
    assert early == dict.fromkeys(early, None) | {"gates": True, "focus": True}
    late = process(course(held(16), ("gate_override", 4, {"gate": "G02"})), closed=True)
    found = {one.code: one for one in late.checks}
    assert not found["gates"].is_there and found["gates"].missing == ("G02",)
    assert found["closure"].missing == ("C03", "C05", "C06", "C08")
    assert not found["ending_date"].is_there and not found["midcourse"].is_there
    assert late.tasks.missing


def test_an_ending_date_that_was_set_late_is_not_in_time() -> None:
    late = course(held(6), ("ending_date_set", 5, {"by": "contract"}))
    assert {one.code: one.is_there for one in process(late).checks}["ending_date"] is False


@given(pool=POOL, seed=st.integers(0, 2**31))
def test_a_draw_can_be_repeated_from_a_pool_in_any_order(pool: list[Candidate], seed: int) -> None:
    shuffled = pool[:]
    random.Random(1).shuffle(shuffled)
    drawn = draw(pool, seed=seed)
    assert drawn == draw(shuffled, seed=seed)
    assert {one.stage for one in drawn} == {one.stage for one in pool}
    assert len(drawn) == len({one.stage for one in pool})


@given(sizes=st.lists(st.integers(1, 5), max_size=12))
def test_a_fifth_is_rated_twice_however_the_draws_come(sizes: list[int]) -> None:
    before = twice = 0
    for n, size in enumerate(sizes):
        drawn = [Candidate(f"{n}-{m}", "middle") for m in range(size)]
        twice += len(to_rate_twice(drawn, seed=n, before=before, twice_before=twice))
        before += size
    assert twice >= 0.2 * before and twice <= 0.2 * before + 1


def test_a_replacement_is_of_the_same_stage_or_nothing() -> None:
    pool = [Candidate("a", "initial"), Candidate("b", "middle")]
    found = replacement(pool, stage="middle", seed=1, turn=1)
    assert found and found.key == "b"
    assert replacement(pool, stage="closing", seed=1, turn=1) is None


def test_the_form_has_between_twelve_and_eighteen_items_and_is_free_to_copy() -> None:
    assert 12 <= len(form().items) <= 18 and form().licence == "CC0-1.0" and form().adherent == 3.0


def test_a_blank_item_is_left_out_and_never_zero() -> None:
    scores = {one.key: 4 for one in form().items[:12]}
    assert quality(scores).mean == 4.0 and quality(scores).n == 12
    assert quality(dict(list(scores.items())[:11])).mean is None


@pytest.mark.parametrize("scores", [{"frame": 6}, {"frame": 0}, {"mood": 3}, {"frame": True}])
def test_a_score_off_the_form_is_turned_away(scores: dict[str, int]) -> None:
    with pytest.raises(BadInput):
        quality(scores)


@pytest.mark.parametrize("text", ["", "12:61", "a", "-1", "1:2:3:4", "99999", "²"])
def test_a_time_that_is_none_is_turned_away(text: str) -> None:
    with pytest.raises(BadInput):
        seconds_of(text)


def test_agreement_says_why_it_cannot_be_worked_out() -> None:
    assert agreement([3.0] * 6, [3.0] * 6, adherent=3.0).why_not == "no_spread"
    found = agreement([2, 3, 4, 5, 2.5, 3.5], [2.1, 3.2, 3.9, 4.8, 2.4, 3.4], adherent=3.0)
    assert found.n == 6 and found.icc and found.low and found.high and found.low < found.icc < found.high
    assert found.kappa == 1.0 and found.both_pass == 4


def test_quarters_hold_a_year_and_a_quarter_without_ratings_has_no_mean() -> None:
    rows = quarters([(dt.date(2025, 12, 31), 3.0), (dt.date(2025, 3, 31), 5.0)], today=dt.date(2026, 1, 1))
    assert [one.starts_on.month for one in rows] == [4, 7, 10, 1]
    assert [one.mean for one in rows] == [None, None, 3.0, None]


def test_every_requirement_is_counted_or_told_and_an_unknown_level_says_so() -> None:
    assert not COUNTED & TOLD
    for one in credentials():
        assert one.note or one.requirements

"""The list of red flags asks and routes; the plan has its six parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.core.errors import BadInput
from reknit.core.safety.plan import PLAN_PARTS
from reknit.core.safety.triggers import RiskClass, reason
from reknit.core.safety.withdrawal import RED_FLAGS, Answer, screen

KEYS = [one.key for one in RED_FLAGS]


@pytest.mark.parametrize("key", KEYS)
def test_one_yes_is_enough(key: str) -> None:
    found = screen(dict.fromkeys(KEYS, "no") | {key: "yes"})
    assert found.is_positive
    assert ([one.key for one in found.found], found.unknown) == ([key], 0)


def test_what_nobody_asked_is_unknown_and_never_no() -> None:
    assert (screen({}).is_positive, screen({}).unknown) == (False, len(RED_FLAGS))
    assert screen({"age": "unknown"}).unknown == len(RED_FLAGS)


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(list(Answer))), st.sampled_from(KEYS))
def test_another_yes_never_takes_a_flag_away(answers: dict[str, str], key: str) -> None:
    before, after = screen(answers), screen(answers | {key: "yes"})
    assert set(before.found) <= set(after.found) and after.is_positive
    assert after.unknown <= before.unknown


@pytest.mark.parametrize("answers", [{"mood": "yes"}, {"age": "maybe"}, {"age": ""}])
def test_unknown_flag_or_answer_is_refused(answers: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        screen(answers)


def test_every_flag_has_a_source_and_the_reason_is_due_the_same_day() -> None:
    assert all(one.source for one in RED_FLAGS)
    assert (reason("withdrawal").klass, reason("withdrawal").due_hours) == (RiskClass.CRITICAL, 8)


def test_plan_has_six_parts_in_order() -> None:
    assert [one.key for one in PLAN_PARTS] == ["signs", "alone", "places", "ask", "lines", "safer"]

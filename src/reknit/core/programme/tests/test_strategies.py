"""The strategy steps as data."""

from collections import Counter

from reknit.core.programme.strategies import AREAS, depths, steps, steps_of


def test_every_area_has_its_steps_in_order() -> None:
    assert Counter(step.area for step in steps().values()) == {
        "grief": 6, "dispute": 7, "transition": 7, "sensitivity": 6,
    }  # fmt: skip
    for area, letters in zip(AREAS, ("GRF", "DIS", "TRA", "SEN"), strict=True):
        codes = [step.code for step in steps_of(area)]
        assert codes == [f"{letters}{number}" for number in range(1, len(codes) + 1)]


def test_an_area_that_is_not_known_has_no_steps() -> None:
    assert steps_of("deficits") == ()


def test_depths_run_from_touched_to_change_outside() -> None:
    assert [(one.depth, one.title) for one in depths()][0::3] == [(0, "Touched"), (3, "Led to change")]
    assert all(one.meaning.endswith(".") for one in depths())

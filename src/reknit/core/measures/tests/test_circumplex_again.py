"""The circumplex a second time: a cosine fitted by least squares to whole sheets, against the sums of the product.

The keys of Markey and Markey 2009, Assessment 16:352-361, go round: items 1, 9, 17, 25 are octant FG, the next four HI,
and so on by 45 degrees. The structural summary of Wright and colleagues 2009, J Pers Assess 91:472-484, is the curve
``elevation + warmth cos a + dominance sin a``, whose fit to eight octants ordinary least squares gives.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reknit.core.measures.catalogue import measure
from reknit.core.measures.scoring import score

ANGLES = np.deg2rad(225 + 45 * np.arange(8))  # FG, HI, JK, LM, NO, PA, BC, DE
CURVE = np.column_stack([np.ones(8), np.cos(ANGLES), np.sin(ANGLES)])
sheets = st.lists(st.integers(1, 5), min_size=32, max_size=32)


def fitted(answers: list[int]) -> dict[str, float | None]:
    """Elevation, warmth, dominance, amplitude, displacement and r2 of a sheet, by least squares."""
    octants: NDArray[np.float64] = np.reshape(answers, (4, 8)).mean(axis=0)
    (elevation, warmth, dominance), residual, _rank, _singular = np.linalg.lstsq(CURVE, octants, rcond=None)
    vector = complex(warmth, dominance)
    total = float(np.var(octants)) * 8
    return {
        "elevation": elevation,
        "warmth": warmth,
        "dominance": dominance,
        "amplitude": abs(vector),
        "displacement": float(np.rad2deg(np.angle(vector))) % 360 if abs(vector) > 1e-9 else None,
        "r2": 1 - float(residual[0]) / total if total > 1e-9 else None,
    }


def scored(answers: list[int]) -> dict[str, float | None]:
    ipc = measure("ipip-ipc")
    found = score(ipc, {item.id: value for item, value in zip(ipc.items, answers, strict=True)})
    return {name: found.results[name] for name in fitted(answers)}  # type: ignore[misc]


@given(sheets)
def test_any_sheet_has_the_direction_that_least_squares_finds(answers: list[int]) -> None:
    found, expected = scored(answers), fitted(answers)
    degrees, turned = found.pop("displacement"), expected.pop("displacement")
    assert found == pytest.approx(expected, abs=1e-9)
    assert (degrees is None) == (turned is None)
    if degrees is not None and turned is not None:  # 359.99 and 0 are neighbours
        assert np.cos(np.deg2rad(degrees - turned)) == pytest.approx(1, abs=1e-9)
        assert 0 <= degrees < 360


@pytest.mark.parametrize("degrees", range(0, 360, 45))
def test_a_sheet_drawn_from_a_curve_gives_the_curve_back(degrees: int) -> None:
    """Octants at 3 + 2 cos(a - degrees), rounded to answers as the scale allows: the direction is that of the curve."""
    octants = np.rint(3 + 2 * np.cos(ANGLES - np.deg2rad(degrees))).astype(int)
    found = scored([int(value) for value in np.tile(octants, 4)])
    assert found["displacement"] == pytest.approx(degrees, abs=1e-9)
    assert found["elevation"] == pytest.approx(3) and (found["r2"] or 0) > 0.95


def test_items_go_round_the_circle_by_their_key() -> None:
    """One octant at 5 and the rest at 1 points at that octant, whichever of the eight it is."""
    for place, angle in enumerate(ANGLES):
        answers = [5 if n % 8 == place else 1 for n in range(32)]
        assert scored(answers)["displacement"] == pytest.approx(np.rad2deg(angle) % 360)

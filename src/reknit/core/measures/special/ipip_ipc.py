"""The interpersonal circumplex: eight octants around a circle, drawn together into one direction."""

import numpy as np
from numpy.typing import NDArray

from reknit.core.measures.results import Sheets

ANGLES = {"pa": 90, "bc": 135, "de": 180, "fg": 225, "hi": 270, "jk": 315, "lm": 0, "no": 45}
"""Where each octant stands, in degrees: dominance at 90, warmth at 0."""

DIAGONAL = float(np.sqrt(0.5))
"""The sine and the cosine of 45 degrees."""


def results(sheets: Sheets) -> dict[str, NDArray[np.float64]]:
    """`dominance, warmth, amplitude, displacement, elevation, r2`, where all eight octants are there.

    With octant means m at angles a: dominance = sum(m sin a) / 4, warmth = sum(m cos a) / 4, amplitude = the length of
    that vector, displacement = its angle in degrees from 0 to below 360 (NaN when the amplitude is 0), elevation = mean
    of m, and r2 = 1 - SSE/SST of the curve elevation + amplitude cos(a - displacement) (NaN when all octants are equal).

    Source: Markey and Markey 2009, Assessment 16:352-361; structural summary after Wright, Pincus, Conroy, Hilsenroth
    2009, J Pers Assess 91:472-484.

    >>> means = np.array([[2.66], [2.27], [2.46], [2.68], [3.20], [3.64], [4.37], [3.64]])
    >>> {name: round(float(value[0]), 3) for name, value in summary(means).items()}
    {'dominance': -0.207, 'warmth': 0.889, 'amplitude': 0.913, 'displacement': 346.869, 'elevation': 3.115, 'r2': 0.908}
    """
    means = np.stack([sheets.results[name] for name in ANGLES])
    return summary(means)


def summary(means: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The six results from octant means, one row for each of `ANGLES` in its order and one column for each person.

    Opposite octants are taken from each other first, so that equal ones give exactly no direction.

    >>> octants = np.array([[4.0], [3.0], [2.0], [2.0], [2.0], [3.0], [4.0], [4.0]])
    >>> found = summary(octants)
    >>> round(float(found["dominance"][0]), 3), round(float(found["elevation"][0]), 1)
    (0.854, 3.0)
    """
    pa, bc, de, fg, hi, jk, lm, no = means
    elevation = _added(means) / 8.0
    unknown = np.where(
        np.isnan(elevation), np.nan, 0.0
    )  # each axis leaves two octants out, and needs them known
    dominance = unknown + ((pa - hi) + DIAGONAL * (bc - jk) + DIAGONAL * (no - fg)) / 4.0
    warmth = unknown + ((lm - de) + DIAGONAL * (no - fg) + DIAGONAL * (jk - bc)) / 4.0
    amplitude = np.hypot(dominance, warmth)
    degrees = np.rad2deg(np.arctan2(dominance, warmth)) % 360.0
    radians = np.deg2rad(np.array(list(ANGLES.values()), dtype=np.float64))[:, None]
    curve = elevation + dominance * np.sin(radians) + warmth * np.cos(radians)
    spread = _added((means - elevation) ** 2)
    r2 = 1.0 - _added((means - curve) ** 2) / np.where(spread > 0, spread, 1.0)
    return {
        "dominance": dominance,
        "warmth": warmth,
        "amplitude": amplitude,
        "displacement": np.where(amplitude > 0, np.where(degrees < 360.0, degrees, 0.0), np.nan),
        "elevation": elevation,
        "r2": np.where(spread > 0, r2, np.nan),
    }


def _added(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of eight rows, always in the same order, so that one person comes out as one row of many does."""
    return np.asarray(sum(rows), dtype=np.float64)

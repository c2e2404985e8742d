"""Answers of 5,533 adults, NHANES 2017-2018: the figures in docs/explanation/phq-9-in-nhanes.md."""

from pathlib import Path

import numpy as np
import pyreadstat
import pytest

from reknit.core.measures.catalogue import measure
from reknit.core.measures.scoring import score_columns
from reknit.core.outcomes.agreement import cronbach_alpha


@pytest.mark.real_data
def test_phq9_of_nhanes(real_data: Path) -> None:
    """Refused (7) and not known (9) are no answers. Counted again with Python's own integers below."""
    table, _ = pyreadstat.read_xport(
        str(real_data / "nhanes_2017_2018_dpq" / "DPQ_J.xpt"), output_format="dict"
    )
    columns = {}
    for n in range(1, 10):
        answers = np.asarray(table[f"DPQ0{n}0"], dtype=np.float64)
        answers = np.where(np.abs(answers) < 1e-9, 0.0, answers)  # zeros may be read as 5.4e-79
        columns[f"phq9_{n}"] = np.where((answers == 7) | (answers == 9), np.nan, answers)
    phq9 = measure("phq-9")
    found = score_columns(phq9, columns)
    assert np.bincount(found.states, minlength=4).tolist() == [5068, 18, 447, 0]
    bands = {band.key: int((found.bands == place).sum()) for place, band in enumerate(phq9.bands)}
    assert bands == {"minimal": 3784, "mild": 840, "moderate": 293, "moderately_severe": 124, "severe": 45}
    assert (int(found.critical.sum()), int(found.critical_blank.sum())) == (192, 448)
    algorithm = found.results["algorithm"]
    assert [int((algorithm == place).sum()) for place in range(3)] == [4548, 307, 213]
    complete = found.states == 0
    answers = np.stack([column[complete] for column in columns.values()], axis=1)
    assert cronbach_alpha(answers) == pytest.approx(0.8309944, abs=1e-6)
    assert found.totals[complete].mean() == pytest.approx(3.2411, abs=1e-4)
    assert found.totals[complete].std(ddof=1) == pytest.approx(4.2450, abs=1e-4)

    rows = list(zip(*(column.tolist() for column in columns.values()), strict=True))
    given = [[int(one) for one in row if one == one] for row in rows]
    assert sum(len(row) == 9 for row in given) == 5068
    assert sum(len(row) in (7, 8) for row in given) == 18
    assert sum(len(row) == 9 and sum(row) >= 20 for row in given) == 43
    assert sum(row[8] >= 1 for row in rows) == 192

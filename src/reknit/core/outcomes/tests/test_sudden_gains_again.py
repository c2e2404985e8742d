"""Sudden gains a second time, over whole tables, against the course by course reading of the product.

Written from Tang and DeRubeis 1999, J Consult Clin Psychol 67:894-904, with windows and gaps as Stiles and colleagues 2003,
J Consult Clin Psychol 71:14-21, use them in routine care. Every session of every course is a row here, the windows are
shifted columns, spreads are the table's own, and the critical value comes from SciPy's distribution.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from reknit.core.outcomes.sudden_gains import Reading, sudden_gains

pd = pytest.importorskip("pandas")

Gain = tuple[int, int, float, bool]
Course = dict[int, float]
READINGS: tuple[Reading, ...] = ("t-test", "pooled-sd")
BEFORE, AFTER = [-2, -1, 0], [1, 2, 3]


def by_table(scores: Any, points: float, reading: Reading) -> list[Gain]:
    """Gains of a long table (client, session, score): client, pregain session, size, whether half was given back."""
    sessions = range(scores["session"].min(), scores["session"].max() + 1)
    wide = scores.pivot(index="client", columns="session", values="score").reindex(columns=sessions)
    highest = wide.fillna(-np.inf).iloc[:, ::-1].cummax(axis="columns").iloc[:, ::-1]  # from a session on
    columns: dict[int | str, Any] = {step: wide.shift(-step, axis="columns") for step in BEFORE + AFTER}
    columns["after that"] = highest.shift(-2, axis="columns")
    rows = pd.DataFrame({name: column.stack(future_stack=True) for name, column in columns.items()})
    pre, post = rows[BEFORE], rows[AFTER]
    n, m = pre.count(axis=1), post.count(axis=1)
    error = np.sqrt((pre.var(axis=1) * (n - 1) + post.var(axis=1) * (m - 1)) / (n + m - 2))
    if reading == "t-test":
        error = error * np.sqrt(1 / n + 1 / m)
    critical = np.round(t.ppf(0.975, n + m - 2), 3)  # as printed tables have it
    drop = rows[0] - rows[1]
    enough = (n >= 2) & (m >= 2)
    gains = rows[
        enough
        & (drop >= points)
        & (4 * drop >= rows[0])
        & (pre.mean(axis=1) - post.mean(axis=1) > critical * error)
    ]
    return [
        (client, session, row[0] - row[1], bool(2 * row["after that"] >= row[0] + row[1]))
        for (client, session), row in gains.iterrows()
    ]


def table(courses: dict[int, Course]) -> Any:
    rows = [(client, n, score) for client, course in courses.items() for n, score in course.items()]
    return pd.DataFrame(rows, columns=["client", "session", "score"])


def one_by_one(courses: dict[int, Course], points: float, reading: Reading) -> list[Gain]:
    return [
        (client, gain.pregain_session, gain.size, gain.reversed)
        for client, course in courses.items()
        for gain in sudden_gains(course, criterion_1=points, criterion_3=reading)
    ]


def clinic(clients: int) -> dict[int, Course]:
    """Courses of 16 sessions on a scale to 27: a slow fall, noise, a sudden step in some that some give back, and gaps."""
    chance = np.random.default_rng(20260101)
    courses: dict[int, Course] = {}
    for client in range(clients):
        line = 20 - 0.4 * np.arange(16) + chance.normal(0, 1.5, 16)
        step, back = chance.integers(3, 13), chance.integers(4, 14)
        line[step:] -= chance.choice([0, 6, 10])
        line[step + back :] += chance.choice([0, 6])
        scores = np.clip(np.round(line), 0, 27)
        kept = chance.random(16) > 0.12
        courses[client] = {n: float(scores[n - 1]) for n in range(1, 17) if kept[n - 1]}
    return courses


@pytest.mark.parametrize("reading", READINGS)
def test_a_clinic_has_the_same_gains_counted_twice(reading: Reading) -> None:
    courses = clinic(400)
    found = by_table(table(courses), 5, reading)
    assert found == one_by_one(courses, 5, reading)
    assert len(found) > 50 and {gain[3] for gain in found} == {True, False}


def test_the_stricter_reading_finds_a_part_of_what_the_other_does() -> None:
    courses = clinic(400)
    easy, strict = (set(by_table(table(courses), 5, reading)) for reading in READINGS)
    assert strict < easy


@given(
    st.dictionaries(st.integers(1, 12), st.integers(0, 27).map(float), min_size=1, max_size=12),
    st.sampled_from([1, 2.5, 5, 7]),
    st.sampled_from(READINGS),
)
def test_any_course_has_the_same_gains_counted_twice(course: Course, points: float, reading: Reading) -> None:
    assert by_table(table({1: course}), points, reading) == one_by_one({1: course}, points, reading)

"""Made-up tables for the science benchmarks: the same numbers in every run."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DAYS = 125


def answers(measure_id: str, rows: int) -> dict[str, NDArray[np.float64]]:
    """Answer sheets of a measure, one column an item, every answer given but for one in a hundred."""
    from reknit.core.measures.catalogue import measure

    rng = np.random.default_rng(1)
    columns = {}
    for item in measure(measure_id).items:
        values = np.array([option.value for option in measure(measure_id).options_for(item)], dtype=float)
        column = rng.choice(values, rows)
        column[rng.random(rows) < 0.01] = np.nan
        columns[item.id] = column
    return columns


def calendar(rows: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Client, day and amount, sorted, with about as many rows as asked: one day in five was not told about."""
    rng = np.random.default_rng(2)
    clients = round(rows / DAYS / 0.8)
    client, day = np.repeat(np.arange(clients), DAYS), np.tile(np.arange(DAYS), clients)
    amount = np.where(rng.random(len(client)) < 0.7, 0.0, rng.integers(1, 12, len(client)))
    keep = rng.random(len(client)) < 0.8
    return client[keep], day[keep], amount[keep]


def courses(
    clients: int, sessions: int, *, missing: float = 0
) -> tuple[NDArray[np.int64], *tuple[NDArray[np.float64], ...]]:
    """Client, log session, score and baseline: courses that differ in start and slope, a share of the scores missing."""
    rng = np.random.default_rng(3)
    client = np.repeat(np.arange(clients), sessions)
    time = np.tile(np.log(np.arange(1.0, sessions + 1)), clients)
    baseline = rng.normal(15, 5, clients)[client]
    own = rng.multivariate_normal(np.zeros(2), np.array([[9, -1], [-1, 1.3]]), clients)
    noise = rng.normal(0, 2.5, len(client))
    score = 2 + 0.8 * baseline + (-1 - 0.1 * baseline) * time + own[client, 0] + own[client, 1] * time + noise
    keep = rng.random(len(client)) >= missing
    return client[keep], time[keep], score[keep], baseline[keep]


def sheets(path: Path, rows: int) -> None:
    """A CSV of PHQ-9 sheets, `id` and q1 to q9, one answer in a hundred blank."""
    rng = np.random.default_rng(4)
    with path.open("w", encoding="utf-8") as out:
        out.write("id," + ",".join(f"q{n}" for n in range(1, 10)) + "\n")
        for start in range(0, rows, 100_000):
            many = min(100_000, rows - start)
            cells = rng.choice(np.array(["0", "1", "2", "3", ""]), (many, 9), p=[0.31, 0.26, 0.22, 0.2, 0.01])
            out.writelines(f"{start + n},{','.join(line)}\n" for n, line in enumerate(cells.tolist()))

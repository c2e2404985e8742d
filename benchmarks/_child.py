"""One piece of work in a process of its own, so that its memory can be told: `_child.py WORK ROWS` prints JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable

from _made_up import DAYS, answers, calendar


def score(rows: int) -> Callable[[], object]:
    """PHQ-9 by columns."""
    from reknit.core.measures.catalogue import measure
    from reknit.core.measures.columns import score_columns

    columns, phq9 = answers("phq-9", rows), measure("phq-9")
    return lambda: score_columns(phq9, columns)


def abstinence(rows: int) -> Callable[[], object]:
    """Days abstinent and longest run."""
    from reknit.core.substance_use.columns import abstinence_columns

    columns = calendar(rows)
    return lambda: abstinence_columns(*columns)


def outcomes(rows: int) -> Callable[[], object]:
    """Every outcome of a calendar of clients by days."""
    import numpy as np

    from reknit.core.substance_use.outcomes import calendar_outcomes

    rng = np.random.default_rng(6)
    table = np.where(rng.random((rows // DAYS, DAYS)) < 0.7, 0.0, 5.0)
    table[rng.random(table.shape) < 0.2] = np.nan
    limit = np.full(len(table), 5.0)
    return lambda: calendar_outcomes(table, heavy=limit, grams=14.0)


def peak() -> float:
    """The most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    work = {"score": score, "abstinence": abstinence, "outcomes": outcomes}[sys.argv[1]](int(sys.argv[2]))
    before = peak()
    start = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - start, "before": before, "peak": peak()}))

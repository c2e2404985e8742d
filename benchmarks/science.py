"""Science: scoring, calendars, the growth model and the command line beside their peers in one run. Prints a report."""

import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from _made_up import answers, calendar, courses, sheets

PROJECT = Path(__file__).resolve().parent.parent
HERE = PROJECT / "benchmarks"
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{PROJECT / 'src'}:{HERE}"}
SIZES = (100_000, 1_000_000, 10_000_000)
MANY = 1_000_000
R = "Rscript"
Floats = NDArray[np.float64]
sys.path.insert(0, str(PROJECT / "src"))


def say(words: str) -> None:
    """Progress, on the error stream: the report alone goes to the output."""
    print(words, file=sys.stderr, flush=True)


def in_turns(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, run in turns so that a busy moment of the machine falls on all of them."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            if turn:  # the first turn warms up
                took[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in took.items()}


def shown(seconds: float) -> str:
    """A time as a person reads it."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"


def line(what: str, ours: float, peer: str, theirs: float, goal: str, most: float) -> str:
    """One row of the report: `most` is the most that ours may take, in times the peer."""
    ratio = ours / theirs
    held = "held" if ratio <= most else "**not held**"
    return f"| {what} | {shown(ours)} | {peer}: {shown(theirs)} | {ratio:.2f} | {goal} | {held} |"


# Scoring


def scoring() -> list[str]:
    """Sheets of each measure, against what NumPy does plainly with the same columns."""
    from reknit.core.measures.catalogue import MEASURE_IDS, measure
    from reknit.core.measures.columns import score_columns

    rows = []
    for name in ("phq-9", "audit", "pcl-5"):
        if name not in MEASURE_IDS:
            rows.append(f"| {name}, {MANY:,} sheets | not defined in this version | | | | |")
            continue
        say(f"Scoring {MANY:,} sheets of {name} ...")
        definition, columns = measure(name), answers(name, MANY)
        items = [columns[item.id] for item in definition.scored_items]
        lows = np.array([band.low for band in definition.bands], dtype=float)
        options = np.unique([one.value for item in definition.items for one in definition.options_for(item)])
        works: dict[str, Callable[[], object]] = {
            "ours": partial(score_columns, definition, columns),
            "sum": partial(summed, items, lows),
            "checked": partial(checked, items, lows, options.astype(float)),
        }
        took = in_turns(works, 9)
        what = f"{definition.short_title}, {MANY:,} sheets"
        rows += [
            line(what, took["ours"], "plain NumPy pass", took["sum"], "within 5 times", 5),
            line(
                what,
                took["ours"],
                "the same with blanks and answers checked",
                took["checked"],
                "within 5 times",
                5,
            ),
        ]
    return rows


def summed(items: list[Floats], lows: Floats) -> object:
    """The plain pass: add up the columns, and look up the band."""
    total = np.zeros(len(items[0]))
    for column in items:
        total += column
    return total, np.searchsorted(lows, total, side="right")


def checked(items: list[Floats], lows: Floats, options: Floats) -> object:
    """The plain pass that also counts blanks and refuses what is no answer."""
    table = np.stack(items)
    blank = np.isnan(table)
    legal = (blank | np.isin(table, options)).all(axis=0)
    total = np.where(blank, 0.0, table).sum(axis=0)
    return np.where(legal, total, np.nan), blank.sum(axis=0), np.searchsorted(lows, total, side="right")


def camcops() -> tuple[list[str], list[str]]:
    """CamCOPS, a server of its own and in no lock of ours, scores one task object at a time: seconds for as many sheets."""
    if importlib.util.find_spec("camcops_server") is None:
        return [], ["CamCOPS is not installed here, so the comparison with its task objects was left out."]
    from reknit.core.measures.catalogue import measure
    from reknit.core.measures.columns import score_columns

    phq9, few = importlib.import_module("camcops_server.tasks.phq9").Phq9, 1000
    columns = answers("phq-9", MANY)
    items = [columns[item.id] for item in measure("phq-9").scored_items]
    tasks = [phq9() for _ in range(few)]
    for n, task in enumerate(tasks):
        for place, column in enumerate(items, 1):
            setattr(task, f"q{place}", None if np.isnan(column[n]) else int(column[n]))
    took = in_turns(
        {
            "ours": partial(score_columns, measure("phq-9"), columns),
            "theirs": lambda: [(task.is_complete(), task.total_score()) for task in tasks],
        },
        5,
    )
    theirs = took["theirs"] * MANY / few
    what = f"PHQ-9, {MANY:,} sheets"
    return [
        line(what, took["ours"], f"CamCOPS, from {few:,} task objects", theirs, "500 times faster", 1 / 500)
    ], []


# Calendars


def calendars() -> list[str]:
    """Percent days abstinent and the longest run, from the same columns in memory; answers are compared first."""
    from _calendar_peers import PEERS
    from reknit.core.substance_use.columns import abstinence_columns

    rows = []
    for size, order, rounds in ((MANY, "sorted", 7), (MANY, "in any order", 5), (10 * MANY, "sorted", 3)):
        say(f"Calendars: {size:,} client-days, {order} ...")
        columns = calendar(size)
        if order != "sorted":
            mixed = np.random.default_rng(5).permutation(len(columns[0]))
            columns = (columns[0][mixed], columns[1][mixed], columns[2][mixed])
        found = abstinence_columns(*columns)
        works: dict[str, Callable[[], object]] = {
            "ours": lambda columns=columns: abstinence_columns(*columns)
        }  # type: ignore[misc]
        for name, peer in PEERS.items():
            works[name] = peer(*columns)
            pda, longest = works[name]()  # type: ignore[misc]
            if not (np.allclose(pda, found.pda) and (longest == found.longest_abstinence).all()):
                raise SystemExit(f"{name} and Reknit do not agree on the calendars.")
        took = in_turns(works, rounds)
        ours = took.pop("ours")
        best = min(took, key=lambda name: took[name])
        others = ", ".join(f"{name} {shown(took[name])}" for name in took if name != best)
        rows.append(
            line(
                f"Days abstinent and longest run, {len(columns[0]):,} client-days, {order} ({others})",
                ours,
                best,
                took[best],
                "a third of the best",
                1 / 3,
            )
        )
    return rows


# Growth


Courses = tuple[NDArray[np.int64], Floats, Floats, Floats]


def fixed_part(made: Courses) -> Floats:
    """Start, baseline, time, and both."""
    _client, times, _score, baseline = made
    return np.column_stack([np.ones_like(times), baseline, times, baseline * times])


def fit(made: Courses) -> Callable[[], Any]:
    """Our fit, ready to run."""
    from reknit.core.outcomes.growth import fit_growth

    client, times, score, _baseline = made
    design = fixed_part(made)
    return lambda: fit_growth(client, times, score, design, ("start", "baseline", "time", "both"))


def lme4(made: Courses) -> list[str]:
    """What lme4 says of the courses, line by line; see `_growth.R`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "courses.csv"
        header, formats = "client,time,score,baseline", ["%d", *["%.17g"] * 3]
        np.savetxt(path, np.column_stack(made), delimiter=",", header=header, comments="", fmt=formats)
        said = subprocess.run(
            [R, str(HERE / "_growth.R"), str(path)], capture_output=True, text=True, check=True
        )
    return said.stdout.splitlines()


def has_lme4() -> bool:
    """Whether R and lme4 are installed."""
    return (
        shutil.which(R) is not None
        and not subprocess.run([R, "-e", "library(lme4)"], capture_output=True).returncode
    )


def growth(clients: int, sessions: int) -> tuple[list[str], list[str]]:
    """The expected course: the fit alone, against lme4 and statsmodels, with what they differ by."""
    rows, notes, apart = [], [], 0.0
    for missing, words in ((0.0, ""), (0.2, ", a fifth of the scores missing")) if has_lme4() else ():
        what = f"Growth model, {clients:,} clients by {sessions} sessions{words}"
        say(f"{what}: lme4 ...")
        made = courses(clients, sessions, missing=missing)
        said, ours = lme4(made), fit(made)
        seconds, version = said[0].split()
        rows.append(
            line(
                what,
                in_turns({"ours": ours}, 5)["ours"],
                f"lme4 {version}",
                float(seconds),
                "4 times faster",
                1 / 4,
            )
        )
        found = ours()
        apart = max(
            apart,
            abs(found.log_likelihood - float(said[1])),
            *np.abs(found.coefficients - np.array(said[2].split(), dtype=float)),
            *np.abs(found.standard_errors - np.array(said[3].split(), dtype=float)),
        )
    if rows:
        notes.append(
            f"Log-likelihood, estimates and standard errors differ from lme4's by at most {apart:.1e}."
        )
    else:
        notes.append("R with lme4 is not installed here, so the comparison with it was left out.")
    say(f"Growth model, {clients:,} clients: statsmodels, about a minute ...")
    made = courses(clients, sessions)
    took = in_turns({"ours": fit(made)}, 5)["ours"]
    rows.append(
        line(
            f"Growth model, {clients:,} clients by {sessions} sessions",
            took,
            "statsmodels",
            mixed_lm(made),
            "4 times faster",
            1 / 4,
        )
    )
    return rows, notes


def mixed_lm(made: Courses) -> float:
    """Seconds of one fit by statsmodels, which is too slow to be run in turns."""
    import statsmodels.api as sm

    client, times, score, _baseline = made
    random_part = np.column_stack([np.ones_like(times), times])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        sm.MixedLM(score, fixed_part(made), groups=client, exog_re=random_part).fit(
            reml=True, method=["bfgs"]
        )
        return time.perf_counter() - start


# The command line


DUCKDB = """
import duckdb, sys
items = " + ".join(f"q{n}" for n in range(1, 10))
duckdb.sql(f"copy (select *, {items} as total from read_csv('{sys.argv[1]}')) to '{sys.argv[2]}' (header)")
"""


def timed(arguments: list[str], output: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one program."""
    with output.open("wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=out, env=ENVIRONMENT)
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: some row was unreadable
        raise SystemExit(f"{arguments[2]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def command() -> tuple[list[str], list[str]]:
    """A file of PHQ-9 sheets through `reknit score phq-9`, against DuckDB reading, summing and writing the same file."""
    known = subprocess.run(
        [sys.executable, "-m", "reknit", "help"], env=ENVIRONMENT, capture_output=True, text=True
    )
    if "\n  score" not in known.stdout:
        return ["| `reknit score phq-9` | not in this version | | | | |"], []
    rows, memory = [], []
    with tempfile.TemporaryDirectory() as folder:
        sheets(Path(folder) / "one.csv", 1)
        alone = [
            timed(
                [sys.executable, "-m", "reknit", "score", "phq-9", f"{folder}/one.csv"],
                Path(folder) / "out.csv",
            )[0]
            for _ in range(5)
        ]
        start = "`reknit score phq-9`, 1 row, whole program"
        rows.append(line(start, statistics.median(alone), "what is allowed", 0.5, "within half a second", 1))
        for size in SIZES:
            say(f"The command line: {size:,} sheets ...")
            file, out = Path(folder) / "sheets.csv", Path(folder) / "scored.csv"
            sheets(file, size)
            ours, theirs = [], []
            for _ in range(3 if size <= MANY else 1):
                ours.append(timed([sys.executable, "-m", "reknit", "score", "phq-9", str(file)], out))
                theirs.append(timed([sys.executable, "-c", DUCKDB, str(file), str(out)], Path(os.devnull)))
            mine, other = (
                statistics.median(pair[0] for pair in ours),
                statistics.median(pair[0] for pair in theirs),
            )
            rows.append(
                line(
                    f"`reknit score phq-9`, {size:,} rows, whole program",
                    mine,
                    "DuckDB",
                    other,
                    "within 3 times",
                    3,
                )
            )
            held = max(pair[1] for pair in ours)
            memory.append(
                f"| `reknit score phq-9` | {size:,} rows, {file.stat().st_size / 1e6:.0f} MB | {shown(mine)} | {held:.0f} MB |"
            )
    return rows, memory


def sizes() -> list[str]:
    """Time and memory at each size, each in a process of its own."""
    rows = []
    for work, words in (
        ("score", "PHQ-9 by columns"),
        ("abstinence", "Days abstinent and longest run"),
        ("outcomes", "Every outcome of the calendar"),
    ):
        for size in SIZES:
            say(f"{words}: {size:,} rows ...")
            said = subprocess.run(
                [sys.executable, str(HERE / "_child.py"), work, str(size)],
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                check=True,
            )
            found = json.loads(said.stdout)
            rows.append(
                f"| {words} | {size:,} rows | {shown(found['seconds'])} | {found['peak']:.0f} MB, of which the table and Python "
                f"{found['before']:.0f} MB |"
            )
    return rows


def main() -> int:
    """Measure and print the report."""
    clients = int(os.environ.get("REKNIT_BENCH_CLIENTS", "20000"))
    # First, while this process is small: a program that it starts is said to hold at least as much as this one did.
    through, memory = command()
    by_size = sizes() + memory
    fitted, notes = growth(clients, 12)
    objects, left_out = camcops()
    rows = [*scoring(), *objects, *calendars(), *fitted, *through]
    print("# Measured: science\n")
    print(f"By `./reknit bench science`, on {os.cpu_count()} processor cores, every pair in one run and in turns where it is "
          "quick enough. Times are medians; a ratio below 1 is faster than the peer.\n")  # fmt: skip
    print("| what | Reknit | peer | ratio | goal | |\n|---|---|---|---|---|---|")
    print("\n".join(rows))
    print("\n## Time and memory by size\n\n| what | size | time | most memory |\n|---|---|---|---|")
    print("\n".join(by_size))
    print("\n" + " ".join([*left_out, *notes]))
    print("\nThe plain pass adds up the columns and looks up a band. Ours besides checks every answer, counts blanks, prorates, and"
          " finds critical items, subscales and flags. Calendars are columns in memory on both sides, and every peer's answer equals ours before it is timed.")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Web: writes, the caseload and a course page, side by side with bare Django in one run. Prints a report."""

import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from _client import Run, ask, drive, request

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 5
PEER_BODY = json.dumps({f"phq9_{n}": n % 4 for n in range(1, 11)}).encode()
JSON = {"Content-Type": "application/json"}


def say(words: str) -> None:
    """Progress, on the error stream: the report alone goes to the output."""
    print(words, file=sys.stderr, flush=True)


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(arguments: list[str], environment: dict[str, str], port: int) -> Iterator[int]:
    """A server process, ready to answer."""
    process = subprocess.Popen(arguments, env=environment, cwd=PROJECT)  # noqa: S603
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(0.5)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@contextmanager
def peer(threads: int) -> Iterator[int]:
    """The bare Django application."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PEER_DATA": folder}
        arguments = [sys.executable, "benchmarks/peer/app.py", str(port), str(threads)]
        with serving(arguments, environment, port):
            yield port


@contextmanager
def reknit(size: int, links: int, threads: int, busy: int = 0) -> Iterator[tuple[int, dict[str, object]]]:
    """Reknit with a clinic of a size; `busy` clients have a day with everything in it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "REKNIT_DATA": folder,
            "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}",
            "REKNIT_IDLE_MINUTES": "600",
        }
        say(f"Making a clinic of {size} clients ...")
        made = subprocess.run(  # noqa: S603
            [sys.executable, "benchmarks/_clinic.py", str(size), str(links), str(busy)],
            env=environment, cwd=PROJECT, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"],
            env=environment, cwd=PROJECT, check=True,
        )  # fmt: skip
        known = json.loads(made.stdout.splitlines()[-1])
        arguments = [sys.executable, "-m", "reknit.cli.server", "127.0.0.1", str(port), "1", str(threads)]
        with serving(arguments, environment, port):
            yield port, known


def submissions(port: int, secrets: list[str]) -> list[bytes]:
    """One filled-in PHQ-9 for each link, as a phone would send it."""
    _status, page = ask(port, request("GET", f"/f/{secrets[0]}/"))
    cookie = re.search(rb"reknit_csrf=([^;]+)", page)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if not cookie or not token:
        raise SystemExit("The form page answered without a token.")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"reknit_csrf={cookie[1].decode()}",
    }
    answers = {f"q-phq9_{n}": str(n % 3) for n in range(1, 9)} | {"q-phq9_9": "0", "q-phq9_difficulty": "1"}
    return [
        request(
            "POST",
            f"/f/{secret}/",
            headers=headers,
            body=urllib.parse.urlencode(
                {**answers, "key": str(uuid.uuid4()), "csrfmiddlewaretoken": token[1].decode()}
            ).encode(),
        )
        for secret in secrets
    ]


def disk_seconds(times: int = 40) -> list[float]:
    """What the disk alone takes to keep a page of 4 kB, as a commit must: no server that keeps its word is quicker."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return taken


def in_turns(
    pairs: list[tuple[int, list[bytes]]], connections: int, disk: list[float] | None = None
) -> list[Run]:
    """Drive each target in turns, so that a busy moment of the machine falls on all of them; merge the rounds.

    What the disk alone took in each turn is added to `disk`.
    """
    rounds: list[list[Run]] = [[] for _ in pairs]
    for turn in range(ROUNDS):
        if disk is not None:
            disk += disk_seconds()
        for index, (port, requests) in enumerate(pairs):
            share = requests[turn::ROUNDS]
            rounds[index].append(drive(port, share, connections=connections))
    return [merge(runs) for runs in rounds]


def merge(runs: list[Run]) -> Run:
    """Several rounds as one; its rate is the middle round's, so that one slow moment does not decide."""
    rate = statistics.median(run.rate for run in runs)
    latencies = [latency for run in runs for latency in run.latencies]
    statuses: dict[int, int] = {}
    for run in runs:
        for status, n in run.statuses.items():
            statuses[status] = statuses.get(status, 0) + n
    return Run(len(latencies) / rate, latencies, statuses)


def pages(path: str, session: object, n: int) -> list[bytes]:
    """The same page, asked n times by a signed-in therapist."""
    return [request("GET", path, headers={"Cookie": f"reknit_session={session}"})] * n


def verdict(held: bool) -> str:
    """Whether a promise was kept in this run."""
    return "held" if held else "**not held**"


def main() -> int:
    """Measure and print the report."""
    threads = int(os.environ.get("REKNIT_BENCH_THREADS", "4"))
    single, many = 500, 2500
    rows = []
    with ExitStack() as stack:
        bare = stack.enter_context(peer(threads))
        store = request("POST", "/store", headers=JSON, body=PEER_BODY)
        listing = request("GET", "/list")
        drive(bare, [store] * 50 + [listing] * 50)
        for size in (1000, 10000):
            with reknit(size, (single + many + 20) if size > single + many + 20 else 0, threads) as (
                port,
                known,
            ):
                chart = f"/clients/{known['client']}/"
                for path in ("/clients/", chart, "/today/"):
                    warm = drive(port, pages(path, known["session"], 10))
                    if set(warm.statuses) != {200}:
                        raise SystemExit(f"{path} answered {warm.statuses}")
                plain, caseload, course = in_turns(
                    [
                        (bare, [listing] * 400),
                        (port, pages("/clients/", known["session"], 200)),
                        (port, pages(chart, known["session"], 200)),
                    ],
                    1,
                )
                for name, run, most in (("Caseload, first page", caseload, 20), ("Course page", course, 30)):
                    ratio = run.median / plain.median
                    rows.append(
                        f"| {name}, {size:,} clients | {run.median * 1e3:.1f} ms | list of 50: {plain.median * 1e3:.2f} ms "
                        f"| {ratio:.1f} | at most {most} | {verdict(ratio <= most)} |"
                    )
                if known["secrets"]:
                    sheets = submissions(port, list(known["secrets"]))  # type: ignore[call-overload]
                    drive(port, sheets[-20:])
                    bare_one, ours_one = in_turns([(bare, [store] * single), (port, sheets[:single])], 1)
                    disk: list[float] = []
                    bare_many, ours_many = in_turns(
                        [(bare, [store] * many), (port, sheets[single : single + many])], 16, disk
                    )
        ratio = ours_one.median / bare_one.median
        share = ours_many.rate / bare_many.rate
        p99 = ours_many.quantile(0.99) * 1e3
        rows += [
            f"| One questionnaire stored, 1 connection | {ours_one.median * 1e3:.2f} ms | insert: "
            f"{bare_one.median * 1e3:.2f} ms | {ratio:.1f} | at most 5 | {verdict(ratio <= 5)} |",
            f"| The same, 16 connections: rate | {ours_many.rate:.0f} a second | insert: {bare_many.rate:.0f} a second "
            f"| {share:.2f} | at least 0.33 | {verdict(share >= 1 / 3)} |",
            f"| The same: slowest of a hundred | {p99:.0f} ms | insert: {bare_many.quantile(0.99) * 1e3:.0f} ms | "
            f"| under 60 ms | {verdict(p99 < 60)} |",
            f"| The same: errors | {ours_one.errors + ours_many.errors} of {single + many} | | | none "
            f"| {verdict(not ours_one.errors + ours_many.errors)} |",
            f"| What the disk alone took in these turns to keep 4 kB | {statistics.median(disk) * 1e3:.2f} ms, slowest of a "
            f"hundred {statistics.quantiles(disk, n=100)[98] * 1e3:.0f} ms | | | the limit | |",
        ]
    print("# Measured: web\n")
    print("By `./reknit bench web`, on SQLite, one server process and "
          f"{threads} threads, {os.cpu_count()} processor cores, both sides in turns in one run. Times are medians.\n")  # fmt: skip
    print("| what | Reknit | bare Django | ratio | promise | |\n|---|---|---|---|---|---|")
    print("\n".join(rows))
    print("\nA questionnaire is stored through its signed link: looked up, checked, scored, written with its course"
          " fact and its audit event in one transaction. The peer stores one row with the same answers as JSON.")  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

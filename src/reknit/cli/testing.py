"""`test` and `journeys`: pytest, on the database asked for, with the browser where there is one."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .errors import CommandError, say
from .paths import PROJECT, scratch_environment

POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/reknit"
GET_CHROMIUM = "on Debian run: apt-get install chromium"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    test = commands.add_parser(
        "test",
        help="run every test",
        description="Run every test, journeys in a browser included. Further options and paths go to pytest; "
        "paths are seen from the project's folder.",
        allow_abbrev=False,
    )
    add_options(test)
    test.set_defaults(run=run_tests)
    journeys = commands.add_parser(
        "journeys",
        help="run only the stories in a real browser",
        description="Run only the stories in a real browser. Further options and paths go to pytest.",
        allow_abbrev=False,
    )
    add_options(journeys)
    journeys.set_defaults(run=run_journeys)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What both share."""
    parser.add_argument("--long", action="store_true", help="also the tests that take minutes")
    database = parser.add_mutually_exclusive_group()
    database.add_argument("--sqlite", action="store_true", help="on SQLite (the default)")
    database.add_argument(
        "--postgres",
        action="store_true",
        help=f"on PostgreSQL: REKNIT_TEST_DATABASE_URL, else {POSTGRESQL}",
    )
    parser.set_defaults(passes_on=True)


def run_tests(options: argparse.Namespace) -> int:
    """Everything; the last lines say when the browser was missing."""
    report = run_pytest(options, [])
    skipped = report["journeys"]["skipped"]
    if find_chromium() is None and skipped:
        say(f"\n{skipped} browser journeys were NOT run, because no Chromium was found.")
        say(f"To run them, {GET_CHROMIUM}; then run ./reknit test or ./reknit journeys.")
    return int(report["exit_code"])


def run_journeys(options: argparse.Namespace) -> int:
    """Only what needs a browser, so without one there is nothing to do."""
    if find_chromium() is None:
        raise CommandError(f"no Chromium was found for the journeys; {GET_CHROMIUM}.")
    return int(run_pytest(options, ["-m", "journey"])["exit_code"])


def find_chromium() -> str | None:
    """Debian's Chromium, or one of that name elsewhere on the path; the one without windows first, which is quicker."""
    names = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "chromium")
    return os.environ.get("REKNIT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def run_pytest(options: argparse.Namespace, extra: list[str]) -> dict[str, Any]:
    """Run pytest and return the report that `pytest_plugin` wrote.

    Everything at once goes in two parts, each shared out over the machine's processors: first what
    needs no browser, then the journeys. A run that names paths or options stays one process, which
    a debugger can follow.
    """
    whole = not extra and not options.rest
    shared_out = ["-n", str(processors()), "--dist", "worksteal"]
    halves = [["-m", which, *shared_out] for which in ("not journey", "journey")]
    parts = halves if whole else [[*extra, *options.rest]]
    kept = os.environ.get("REKNIT_TEST_REPORT")
    if kept:
        Path(kept).unlink(missing_ok=True)
    report = add_up([run_part(options, part) for part in parts])
    if kept:
        Path(kept).write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def run_part(options: argparse.Namespace, arguments: list[str]) -> dict[str, Any]:
    """Run pytest in a process of its own, with data and keys made for the run."""
    with scratch_environment() as environment, tempfile.TemporaryDirectory(prefix="reknit-") as scratch:
        report = Path(scratch) / "report.json"
        environment["REKNIT_DATABASE_URL"] = database_url(options)
        environment["REKNIT_CHROMIUM"] = find_chromium() or ""
        looked_at = Path(os.environ.get("REKNIT_LOOKED_AT") or Path(scratch) / "looked-at")
        looked_at.mkdir(parents=True, exist_ok=True)
        environment["REKNIT_LOOKED_AT"] = str(looked_at)
        environment["REKNIT_LOOK_AT_ALL"] = "yes" if options.long else ""
        ours = ["-p", "reknit.cli.pytest_plugin", "--report-to", str(report)]
        ours += ["--long"] if options.long else []
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *ours, *arguments], cwd=PROJECT, env=environment, check=False
        ).returncode
        if not report.exists():
            raise CommandError("pytest ended before it had run anything.", code=code or 1)
        return {**json.loads(report.read_text(encoding="utf-8")), "exit_code": code}


def add_up(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """One report of several; it failed as the first did that failed."""
    total: dict[str, Any] = {"exit_code": next((r["exit_code"] for r in reports if r["exit_code"]), 0)}
    for group in ("tests", "journeys"):
        total[group] = {name: sum(r[group][name] for r in reports) for name in reports[0][group]}
    return total


def processors() -> int:
    """How many this process may use; a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def database_url(options: argparse.Namespace) -> str:
    """Where Django makes its test database; nothing for SQLite."""
    if not options.postgres:
        return ""
    return os.environ.get("REKNIT_TEST_DATABASE_URL") or POSTGRESQL

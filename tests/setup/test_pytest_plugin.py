"""What `./reknit test` leaves out and what it counts."""

import argparse
import json
import sys
from pathlib import Path

import pytest

from reknit.cli import testing
from reknit.cli.paths import SOURCE

from .programs import run

SUITE = """
import pytest

def test_passes(): pass
def test_fails(): assert False
@pytest.mark.long
def test_long(): pass
@pytest.mark.journey
def test_journey(): pass
@pytest.fixture
def broken_ending():
    yield
    raise ValueError
@pytest.mark.journey
def test_journey_that_ends_badly(broken_ending): pass
"""


def counts(folder: Path, *options: str, chromium: str) -> dict[str, dict[str, int]]:
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  long\n  journey\n")
    (folder / "test_suite.py").write_text(SUITE)
    report = folder / "report.json"
    plugins = ["-p", "no:cacheprovider", "-p", "no:django", "-p", "reknit.cli.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", *plugins, "--report-to", str(report), *options]
    run(command, cwd=folder, PYTHONPATH=str(SOURCE), REKNIT_CHROMIUM=chromium)
    return dict(json.loads(report.read_text()))


def test_report_counts_each_test_once_by_how_it_ended(tmp_path: Path) -> None:
    report = counts(tmp_path, chromium="/usr/bin/chromium")
    assert report["tests"] == {"passed": 2, "failed": 2, "skipped": 0}
    assert report["journeys"] == {"collected": 2, "passed": 1, "failed": 1, "skipped": 0}


def test_a_run_shared_out_counts_the_same(tmp_path: Path) -> None:
    report = counts(tmp_path, "-n", "2", chromium="/usr/bin/chromium")
    assert report["tests"] == {"passed": 2, "failed": 2, "skipped": 0}
    assert report["journeys"] == {"collected": 2, "passed": 1, "failed": 1, "skipped": 0}


def test_parts_of_a_run_add_up_and_one_failure_fails_it() -> None:
    first = {"exit_code": 0, "tests": {"passed": 3, "failed": 0}, "journeys": {"collected": 0}}
    second = {"exit_code": 1, "tests": {"passed": 1, "failed": 1}, "journeys": {"collected": 2}}
    total = {"tests": {"passed": 4, "failed": 1}, "journeys": {"collected": 2}}
    assert testing.add_up([first, second]) == {"exit_code": 1, **total}
    assert testing.add_up([second, first]) == {"exit_code": 1, **total}
    assert testing.add_up([first, first])["exit_code"] == 0


def test_journeys_are_skipped_without_a_browser_and_long_tests_run_when_asked(tmp_path: Path) -> None:
    report = counts(tmp_path, "--long", chromium="")
    assert report["tests"] == {"passed": 2, "failed": 1, "skipped": 2}
    assert report["journeys"] == {"collected": 2, "passed": 0, "failed": 0, "skipped": 2}


def test_last_lines_say_that_journeys_did_not_run_and_how_to_get_the_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # The browser may well be here, so what a machine without one reports is told to the command.
    monkeypatch.setattr(testing, "find_chromium", lambda: None)
    monkeypatch.setattr(testing, "run_pytest", lambda *_: {"exit_code": 0, "journeys": {"skipped": 3}})
    assert testing.run_tests(argparse.Namespace()) == 0
    said = capsys.readouterr().err.strip().splitlines()
    assert said[-2].startswith("3 browser journeys were NOT run")
    assert "apt-get install chromium" in said[-1]

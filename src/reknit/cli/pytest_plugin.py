"""The pytest plugin behind `./reknit test`: leaves out what cannot or should not run here, and counts what did."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

NO_CHROMIUM = "no Chromium was found"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `./reknit test` asks for."""
    group = parser.getgroup("reknit")
    group.addoption("--long", action="store_true", help="also the tests that take minutes")
    group.addoption(
        "--report-to", metavar="FILE", help="write how many tests and journeys ended how, as JSON"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count, when a report is wanted; of a run that is shared out, only where the parts come together."""
    path = config.getoption("--report-to")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tally(Path(path)), "reknit-tally")


# Last, so that marks which a conftest adds while collecting are seen.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests out unless asked for; skip journeys, visibly, where there is no browser."""
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        items[:] = [item for item in items if item not in set(long)]
        config.hook.pytest_deselected(items=long)
    if not os.environ.get("REKNIT_CHROMIUM"):
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


class Tally:
    """Counts each test once, under the way it ended, journeys again by themselves."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.journeys: set[str] = set()
        self.ended: dict[str, str] = {}

    # Among the last, so that what others deselect is not counted as collected.
    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember which tests are journeys."""
        self.journeys |= {item.nodeid for item in session.items if item.get_closest_marker("journey")}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has failed if any part of it did, set-up and clean-up included."""
        # A run that is shared out collects elsewhere, so here the mark comes with the report.
        if "journey" in report.keywords:
            self.journeys.add(report.nodeid)
        before = self.ended.get(report.nodeid)
        if report.failed or before == "failed":
            self.ended[report.nodeid] = "failed"
        elif report.skipped:
            self.ended[report.nodeid] = "skipped"
        elif report.when == "call":
            self.ended[report.nodeid] = "passed"

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the report."""
        counts = {"exit_code": int(exitstatus), "tests": self.count(set(self.ended))}
        counts["journeys"] = {"collected": len(self.journeys), **self.count(self.journeys)}
        self.path.write_text(json.dumps(counts, indent=1), encoding="utf-8")

    def count(self, nodeids: set[str]) -> dict[str, int]:
        """How many of these ended how."""
        counted = Counter(ending for nodeid, ending in self.ended.items() if nodeid in nodeids)
        return {ending: counted[ending] for ending in ("passed", "failed", "skipped")}

"""Published data that nobody here wrote: the calendar against the package abstcal, survival against lifelines."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from reknit.cli.main import main
from reknit.core.outcomes.survival import Curve, kaplan_meier, restricted_mean
from reknit.core.substance_use.outcomes import calendar_outcomes

pytestmark = pytest.mark.real_data

DAY = dt.timedelta(days=1)
Calendar = dict[str, dict[dt.date, float]]
Visits = dict[tuple[str, int], dt.date]
# abstcal 0.9, each visit asked for alone:
#   c = AbstinenceCalculator(TLFBData("test_tlfb.csv"), VisitData("test_visit.csv"))
#   c.abstinence_pp(visit, 7); c.abstinence_cont(1, visit); c.abstinence_prolonged(1, visit, False)
# and of each the ids whose value is 1. It counts from the first date up to the day before the visit, and a day that is
# missing is not abstinent.
WEEK_BEFORE = {
    1: [1049],
    2: [1005, 1007, 1011, 1024, 1031, 1038, 1039, 1040, 1043, 1049],
    3: [1007, 1011, 1016, 1024, 1031, 1034, 1038, 1040, 1043, 1045],
    4: [1005, 1007, 1011, 1016, 1024, 1031, 1034, 1039, 1040, 1045],
}
SINCE_VISIT_1 = {2: [1007, 1024, 1031, 1038], 3: [1007, 1024, 1031, 1038], 4: [1007, 1024, 1031]}
AFTER_TWO_WEEKS = {3: [1007, 1024, 1031, 1038, 1040], 4: [1007, 1024, 1031, 1040]}
CAME = {1: 45, 2: 36, 3: 33, 4: 29}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def people(real_data: Path) -> tuple[Calendar, Visits]:
    calendar: Calendar = {}
    for row in read(real_data / "abstcal_tlfb" / "test_tlfb.csv"):
        calendar.setdefault(row["id"], {})[dt.date.fromisoformat(row["date"])] = float(row["amount"])
    visits = {
        (row["id"], int(row["visit"])): dt.date.fromisoformat(row["date"])
        for row in read(real_data / "abstcal_tlfb" / "test_visit.csv")
    }
    return calendar, visits


def abstinent(people: tuple[Calendar, Visits], visit: int, since: int | None, days: int = 0) -> list[int]:
    """Ids without use on every day, each of them known, from `days` after the visit `since` (or before this one, where there
    is none) to the day before this visit."""
    calendar, visits = people
    found = []
    for client, told in calendar.items():
        end = visits.get((client, visit))
        start = visits.get((client, since)) if since is not None else end
        if start is None or end is None:
            continue
        start += days * DAY
        window = [start + n * DAY for n in range((end - start).days)]
        amounts = np.array([[told.get(day, np.nan) for day in window]])
        if calendar_outcomes(amounts).longest_abstinence[0] == len(window) > 0:
            found.append(int(client))
    return sorted(found)


def test_the_files_hold_fifty_people(people: tuple[Calendar, Visits]) -> None:
    calendar, visits = people
    assert len(calendar) == 50 and sum(map(len, calendar.values())) == 5543
    assert {n: sum(visit == n for _client, visit in visits) for n in CAME} == CAME


@pytest.mark.parametrize("visit", WEEK_BEFORE)
def test_abstinent_in_the_week_before_a_visit_as_abstcal_says(
    visit: int, people: tuple[Calendar, Visits]
) -> None:
    assert abstinent(people, visit, None, -7) == WEEK_BEFORE[visit]


@pytest.mark.parametrize("visit", SINCE_VISIT_1)
def test_abstinent_all_along_as_abstcal_says(visit: int, people: tuple[Calendar, Visits]) -> None:
    assert abstinent(people, visit, 1) == SINCE_VISIT_1[visit]


@pytest.mark.parametrize("visit", AFTER_TWO_WEEKS)
def test_abstinent_after_two_weeks_of_grace_as_abstcal_says(
    visit: int, people: tuple[Calendar, Visits]
) -> None:
    assert abstinent(people, visit, 1, 14) == AFTER_TWO_WEEKS[visit]


def test_the_command_gives_the_figures_of_the_page(
    people: tuple[Calendar, Visits], real_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days, days without use and the share, counted from the file without the library."""
    text = (real_data / "abstcal_tlfb" / "test_tlfb.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "days.csv"
    path.write_text("client" + text[2:], encoding="utf-8")
    assert main(["use-days", str(path), "--unit", "count"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    calendar, _visits = people
    for row in rows:
        told = calendar[row["client"]]
        assert int(row["n_reported"]) == len(told)
        assert int(row["n_days"]) == (max(told) - min(told)).days + 1
        share = 100 * sum(amount == 0 for amount in told.values()) / len(told)
        assert float(row["pda"]) == pytest.approx(share)
    shares = [float(row["pda"]) for row in rows]
    assert (len(rows), sum(int(row["n_days"]) for row in rows), sum(share == 0 for share in shares)) == (
        50,
        5543,
        14,
    )
    assert np.median(shares) == pytest.approx(4.14, abs=0.005)
    assert np.mean(shares) == pytest.approx(21.55, abs=0.005)
    longest = [int(row["longest_abstinence"]) for row in rows]
    assert (np.median(longest), max(longest)) == (3, 84)


# --- Survival


def curve_of(rows: Iterable[dict[str, str]]) -> tuple[Curve, list[float], list[bool]]:
    told = list(rows)
    weeks, relapsed = [float(row["weeks"]) for row in told], [row["censor"] == "0" for row in told]
    return kaplan_meier(weeks, relapsed), weeks, relapsed


@pytest.mark.parametrize(
    ("name", "n", "events", "median", "at_12", "mean_12"),
    [
        ("alcohol_relapse", 89, 69, 21.571428571428573, 0.7191, 10.21),
        ("cocaine_relapse_1", 104, 62, 8, 0.4038, 7.40),
    ],
)
def test_relapse_of_singer_and_willett_as_lifelines_says(
    name: str, n: int, events: int, median: float, at_12: float, mean_12: float, real_data: Path
) -> None:
    """lifelines.KaplanMeierFitter().fit(weeks, relapsed): survival, its limits and median at every step."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    curve, weeks, relapsed = curve_of(read(real_data / "alda_singer_willett" / f"{name}.csv"))
    assert (curve.n, curve.n_events, curve.median) == (n, events, median)
    assert curve.at(12) == pytest.approx(at_12, abs=5e-5)
    theirs = KaplanMeierFitter().fit(weeks, relapsed)
    assert curve.median == median_survival_times(theirs.survival_function_)
    limits = theirs.confidence_interval_
    for step in curve.steps:
        assert step.survival == pytest.approx(float(theirs.predict(step.time)), abs=1e-12)
        low, high = limits.loc[step.time]
        assert (step.low, step.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    # The area under their curve, step by step.
    area = theirs.survival_function_["KM_estimate"]
    times = [*(time for time in area.index if time < 12), 12.0]
    expected = sum(float(area.loc[one]) * (other - one) for one, other in zip(times, times[1:], strict=False))
    assert restricted_mean(curve, 12).value == pytest.approx(expected)
    assert expected == pytest.approx(mean_12, abs=0.005)

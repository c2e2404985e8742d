"""The outcome page."""

import datetime as dt
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast

from reknit.base.accounts.models import User
from reknit.care.measures.actions import record_administrations
from reknit.care.measures.sheets import Sheet
from reknit.care.programme import charts
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.core.measures.catalogue import measure

FIRST = BEGIN.date()
ITEMS = [item.id for item in measure("phq-9").scored_items]


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """Ten weeks into the course."""
    at = BEGIN + dt.timedelta(weeks=10)
    monkeypatch.setattr(charts, "now", lambda: at)
    return at


def open_page(cast: Cast, user: User) -> tuple[int, str]:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.get(reverse("outcomes:course-outcomes", args=[cast.cleo.pk]))
    return answer.status_code, answer.content.decode()


def give(cast: Cast, totals: Sequence[int]) -> None:
    sheets = []
    for place, total in enumerate(totals):
        at = BEGIN + dt.timedelta(days=place, hours=1)
        values = {name: 1 if order < total else 0 for order, name in enumerate(ITEMS[:8])} | {ITEMS[8]: 0}
        sheets.append(
            Sheet(
                client=cast.cleo,
                measure="phq-9",
                answers=values,
                mode="session",
                answered_at=at,
                at=at,
                by=cast.ana,
                episode=cast.cleo_episode,
            )
        )
    record_administrations(by=cast.ana, at=BEGIN + dt.timedelta(weeks=9), sheets=sheets)


def tell(cast: Cast, days: int, at: dt.datetime) -> None:
    monitor(by=cast.ana, at=at, client=cast.cleo, substance="alcohol", starts_on=FIRST)
    entries = [DayEntry(FIRST + dt.timedelta(days=day), "alcohol", day % 4 == 0) for day in range(days)]
    record_use_days(by=cast.ana, at=at, client=cast.cleo, days=entries, source="interview")


def test_the_team_and_the_supervisor_see_outcomes(cast: Cast, late: dt.datetime) -> None:
    assert open_page(cast, cast.ana)[0] == open_page(cast, cast.ben)[0] == 200


def test_dov_and_eli_cannot_see_outcomes(cast: Cast, late: dt.datetime) -> None:
    for person in (
        cast.dov,
        cast.eli_user,
        cast.cleo_user,
        cast.fay,
        cast.ina,
        cast.dara,
        cast.rea,
        cast.adi,
    ):
        assert open_page(cast, person)[0] == 404


def test_an_empty_course_says_what_is_missing(cast: Cast, late: dt.datetime) -> None:
    _status, page = open_page(cast, cast.ana)
    assert "No PHQ-9 score yet." in page
    assert "No day has been asked about yet." in page


def test_mood_and_use_stand_apart_with_their_rule_and_sources(cast: Cast, late: dt.datetime) -> None:
    give(cast, [8, 6, 1])
    tell(cast, 40, late)
    _status, page = open_page(cast, cast.ana)
    assert "By the 6-point rule of the English services: reliably better, by 7 points" in page
    assert "Trials have not shown that it reduces substance use by itself." in page
    assert "21 of 28</b> days known" in page
    assert "too few days known" in page
    sheets = cast.cleo.administrations.all()
    links = [reverse("measures:administration-show", args=[cast.cleo.pk, one.pk]) for one in sheets]
    assert all(link in page for link in links)
    assert reverse("substance_use:calendar-show", args=[cast.cleo.pk]) + "?until=2026-03-29" in page


def test_a_changed_day_changes_the_page(cast: Cast, late: dt.datetime) -> None:
    tell(cast, 28, late)
    before = open_page(cast, cast.ana)[1]
    entries = [DayEntry(FIRST, "alcohol", False)]
    record_use_days(by=cast.ana, at=late, client=cast.cleo, days=entries, source="interview")
    assert "21 of 28</b> days known" in before
    assert "22 of 28</b> days known" in open_page(cast, cast.ana)[1]


def test_the_page_keeps_its_queries_from_3_to_60_sheets(cast: Cast, late: dt.datetime) -> None:
    counts = []
    for sheets in ([5] * 3, [5] * 60):
        give(cast, sheets)
        tell(cast, len(sheets), late)
        open_page(cast, cast.ana)
        with CaptureQueriesContext(connection) as seen:
            open_page(cast, cast.ana)
        counts.append(len(seen))
    assert counts[0] == counts[1]

"""What a person sees on the calendar's pages, and what they can send."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast

from reknit.base.accounts.models import User
from reknit.care.programme import charts
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import UseDay
from reknit.care.substance_use.views import calendar

FIRST = BEGIN.date()
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend=BACKEND)
    return found


@pytest.fixture
def drinker(cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(charts, "now", lambda: at)
    monitor(by=cast.ana, at=BEGIN, client=cast.cleo, substance="alcohol", starts_on=FIRST, is_primary=True)
    return cast


def address(cast: Cast, query: str = "?days=28") -> str:
    return reverse("substance_use:calendar-show", args=[cast.cleo.pk]) + query


def sheet(page: str) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    sent |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="(\w+)"[^>]* checked', page))
    sent |= dict(re.findall(r'name="(a-[^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select class="select" name="(u-[^"]+)".*?>(.*?)</select>', page, re.S):
        sent[name] = re.findall(r'value="(\w+)" selected', options)[-1]
    return sent


def cell(on: dt.date) -> str:
    return f"d-alcohol-{on.isoformat()}"


def test_dov_and_eli_cannot_open_the_calendar(drinker: Cast) -> None:
    for person in (drinker.dov, drinker.eli_user, drinker.cleo_user, drinker.adi, drinker.ina, drinker.dara):
        assert browser(person).get(address(drinker)).status_code == 404
        url = reverse("substance_use:substance-change", args=[drinker.cleo.pk])
        assert browser(person).get(url).status_code == 404


def test_the_supervisor_reads_and_cannot_write(drinker: Cast) -> None:
    ben = browser(drinker.ben)
    page = ben.get(address(drinker))
    assert page.status_code == 200
    assert "Save days" not in page.content.decode()
    assert ben.post(address(drinker), {cell(FIRST): "used"}).status_code == 403
    assert not UseDay.objects.exists()


def test_an_untouched_form_writes_nothing(drinker: Cast, at: dt.datetime) -> None:
    entries = [DayEntry(FIRST, "alcohol", True, Decimal("2.5"), "drinks")]
    record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
    ana = browser(drinker.ana)
    answer = ana.post(address(drinker), sheet(ana.get(address(drinker)).content.decode()), follow=True)
    assert "Nothing was different" in answer.content.decode()
    assert UseDay.objects.count() == 1


def test_filling_days_saves_them_and_shows_coverage(drinker: Cast) -> None:
    ana = browser(drinker.ana)
    sent = sheet(ana.get(address(drinker)).content.decode())
    sent |= {cell(FIRST + dt.timedelta(days=day)): "not_used" for day in range(3)}
    sent[cell(FIRST)] = "used"
    page = ana.post(address(drinker), sent, follow=True).content.decode()
    assert "3 days saved." in page
    assert "of 3 days known" in page
    assert "too few for a percentage" in page
    assert UseDay.objects.filter(superseded_at=None).count() == 3


def test_a_fill_button_works_without_script_and_leaves_known_days(drinker: Cast, at: dt.datetime) -> None:
    entries = [DayEntry(FIRST, "alcohol", True)]
    record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
    ana = browser(drinker.ana)
    sent = sheet(ana.get(address(drinker)).content.decode()) | {"fill": f"alcohol:{FIRST.isoformat()}"}
    answer = ana.post(address(drinker), sent)
    assert answer["Location"].endswith("#alcohol")
    states = dict(UseDay.objects.filter(superseded_at=None).values_list("on", "used"))
    assert states == {FIRST + dt.timedelta(days=day): day == 0 for day in range(7)}


def test_a_stale_page_does_not_undo_what_another_person_entered(
    drinker: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = browser(drinker.ana)
    stale = sheet(ana.get(address(drinker)).content.decode())
    later = at + dt.timedelta(minutes=5)
    entries = [DayEntry(FIRST, "alcohol", True), DayEntry(FIRST + dt.timedelta(days=1), "alcohol", True)]
    record_use_days(by=drinker.tess, at=later, client=drinker.cleo, days=entries, source="interview")
    monkeypatch.setattr(charts, "now", lambda: at + dt.timedelta(minutes=9))
    stale[cell(FIRST)] = "not_used"
    page = ana.post(address(drinker), stale, follow=True).content.decode()
    assert "Tess Test had changed some of these days at 11:05" in page
    assert "1 earlier version" in page
    states = dict(UseDay.objects.filter(superseded_at=None).values_list("on", "used"))
    assert states == {FIRST: False, FIRST + dt.timedelta(days=1): True}


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("a lot", "as a number"),
        ("-2", "must be 0.01 or more"),
        ("<script>1</script>", "as a number"),
        ("\0", "as a number"),
    ],
)
def test_a_bad_amount_is_said_and_the_rest_is_kept(
    drinker: Cast, at: dt.datetime, amount: str, sentence: str
) -> None:
    entries = [DayEntry(FIRST, "alcohol", True)]
    record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
    ana = browser(drinker.ana)
    sent = sheet(ana.get(address(drinker)).content.decode())
    sent[f"a-alcohol-{FIRST.isoformat()}"] = amount
    sent[cell(FIRST + dt.timedelta(days=1))] = "not_used"
    answer = ana.post(address(drinker), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "<script>1" not in page
    assert re.search(rf'name="{cell(FIRST + dt.timedelta(days=1))}" value="not_used"[^>]* checked', page)
    assert UseDay.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["?until=2026-02-31&days=x", "?until=9999-12-31", "?until=0001-01-01", "?page=-9"]
)
def test_an_impossible_address_still_answers(drinker: Cast, query: str) -> None:
    assert browser(drinker.ana).get(address(drinker, query)).status_code == 200


def test_an_empty_calendar_opens_on_ninety_days(drinker: Cast) -> None:
    page = browser(drinker.ana).get(address(drinker, "")).content.decode()
    assert page.count("<td data-day=") == 90
    assert "No day is known yet." in page


def test_tobacco_is_shown_outside_any_substance(drinker: Cast, at: dt.datetime) -> None:
    monitor(by=drinker.ana, at=at, client=drinker.cleo, substance="tobacco", starts_on=FIRST)
    page = browser(drinker.ana).get(address(drinker)).content.decode()
    assert "Tobacco or nicotine: shown below, outside the days above." in page


def test_substances_are_chosen_on_their_page(drinker: Cast) -> None:
    ana = browser(drinker.ana)
    url = reverse("substance_use:substance-change", args=[drinker.cleo.pk])
    bad = ana.post(url, {"substances": ["cannabis"], "primary": "alcohol"})
    assert bad.status_code == 422
    assert "Choose the primary substance from those that are asked about." in bad.content.decode()
    assert ana.post(url, {"substances": ["nonsense"]}).status_code == 422
    page = ana.post(url, {"substances": ["cannabis", "alcohol"], "primary": "cannabis"}, follow=True)
    assert page.content.decode().count("data-daygrid") == 2


def test_the_page_keeps_its_queries_as_days_grow(drinker: Cast, at: dt.datetime) -> None:
    ana = browser(drinker.ana)
    counts = []
    for days in (3, 22):
        entries = [DayEntry(FIRST + dt.timedelta(days=day), "alcohol", day % 2 == 0) for day in range(days)]
        record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
        entries = [DayEntry(FIRST + dt.timedelta(days=day), "alcohol", day % 3 == 0) for day in range(days)]
        record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
        ana.get(address(drinker))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            ana.get(address(drinker))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_versions_come_in_pages(drinker: Cast, at: dt.datetime) -> None:
    for turn in range(4):
        entries = [DayEntry(FIRST + dt.timedelta(days=day), "alcohol", turn % 2 == 0) for day in range(20)]
        record_use_days(by=drinker.ana, at=at, client=drinker.cleo, days=entries, source="interview")
    page = browser(drinker.ana).get(address(drinker, "?days=28&page=2")).content.decode()
    assert "51 to 60 of 60" in page
    assert calendar.VERSIONS_A_PAGE == 50

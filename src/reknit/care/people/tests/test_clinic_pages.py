"""The clinic page and the supervisory lines."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast, staff, today

from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.people.actions import change_site, open_supervisory_line
from reknit.care.people.models import SupervisoryLine
from reknit.care.people.queries import site, zone

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CLINIC, LINES = "/clinic/", "/clinic/lines/"


def as_(browser: Browser, user: User) -> Browser:
    browser.force_login(user, backend=BACKEND)
    return browser


@pytest.mark.parametrize("who", ["ana", "ben", "dov", "ina", "dara", "rea", "cleo_user", "eli_user"])
def test_only_administrators_run_the_clinic(client: Browser, cast: Cast, who: str) -> None:
    as_(client, cast.users()[who])
    line = SupervisoryLine.objects.get(supervisee=cast.ana)
    for address in (CLINIC, LINES):
        assert client.get(address).status_code == 403
        assert client.post(address, {"name": "Mine"}).status_code == 403
    assert client.post(reverse("people:line-close", args=[line.pk])).status_code == 403
    line.refresh_from_db()
    assert line.ends_on is None


def clinic_form(cast: Cast, *lines: dict[str, str], **changes: object) -> dict[str, object]:
    told: dict[str, object] = {
        "name": "Test clinic",
        "time_zone": "Europe/Paris",
        "duty_clinician": str(cast.ben.pk),
        "when_read": "",
        "phone": "01 23 45 67 89",
        "emergency_number": "",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for place, line in enumerate(lines):
        told |= {f"lines-{place}-{name}": value for name, value in line.items()}
    return {**told, **changes}


def test_changed_zone_holds_from_the_next_page_on(cast: Cast) -> None:
    before = zone()
    change_site(by=cast.adi, at=now(), site=cast.site, time_zone="Asia/Tokyo")
    assert (zone(), site().time_zone) == ("Asia/Tokyo", "Asia/Tokyo") != (before, before)  # type: ignore[union-attr]


LINE = {"name": "Night line", "number": "0800 111", "hours": "always", "checked_on": "2026-03-20"}


def test_clinic_details_are_kept_and_recorded_by_field(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi)
    form = clinic_form(
        cast,
        LINE,
        when_read="On weekdays <b>9 to 5</b>.",
        emergency_number="112",
        duty_clinician=str(cast.ana.pk),
    )
    assert client.post(CLINIC, form).headers["Location"] == CLINIC
    cast.site.refresh_from_db()
    assert cast.site.help_lines == [LINE]
    assert cast.site.duty_clinician == cast.ana
    page = client.get(CLINIC).content.decode()
    assert "Night line" in page
    assert "<b>9 to 5" not in page
    event = AuditEvent.objects.filter(verb="change site").latest("id")
    assert event.detail == {"fields": ["duty_clinician", "emergency_number", "help_lines", "when_read"]}
    again = {**form, "lines-INITIAL_FORMS": "1"}
    client.post(CLINIC, again)
    assert AuditEvent.objects.filter(verb="change site").latest("id") == event


def test_a_help_line_is_taken_away(client: Browser, cast: Cast) -> None:
    change_site(by=cast.adi, at=BEGIN, site=cast.site, help_lines=[LINE])
    as_(client, cast.adi)
    client.post(CLINIC, clinic_form(cast, {**LINE, "DELETE": "on"}, **{"lines-INITIAL_FORMS": "1"}))
    cast.site.refresh_from_db()
    assert cast.site.help_lines == []


def test_a_line_not_checked_for_half_a_year_is_marked(client: Browser, cast: Cast) -> None:
    day = today()
    for days, marked in ((170, False), (190, True)):
        checked = (day - dt.timedelta(days=days)).isoformat()
        change_site(by=cast.adi, at=BEGIN, site=cast.site, help_lines=[{**LINE, "checked_on": checked}])
        assert ("Call it, then write today." in as_(client, cast.adi).get(CLINIC).content.decode()) is marked


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "a\x01b"}, "Remove the invisible characters"),
        ({"name": "<script>alert(1)</script>" * 6}, "at most 120"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"duty_clinician": "nobody"}, "Select a valid choice"),
        ({"emergency_number": "call <me>"}, "as it is dialled"),
        ({"when_read": "a\0b"}, "Null characters are not allowed."),
        ({"lines-0-number": "call us"}, "as it is dialled"),
        ({"lines-0-checked_on": "2999-01-01"}, "today at the latest"),
        ({"lines-0-checked_on": "2026-02-30"}, "Enter a valid date"),
        ({"lines-TOTAL_FORMS": "9"}, "at most 6"),
    ],
)
def test_bad_details_change_nothing(
    client: Browser, cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    before = vars(cast.site).copy()
    page = as_(client, cast.adi).post(CLINIC, clinic_form(cast, LINE, **changes))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    cast.site.refresh_from_db()
    assert cast.site.name == before["name"]
    assert cast.site.help_lines == []


def test_there_are_no_default_numbers(client: Browser, cast: Cast) -> None:
    change_site(by=cast.adi, at=BEGIN, site=cast.site, phone="")
    page = as_(client, cast.adi).get(CLINIC).content.decode()
    for number in ("911", "112", "988", "999", "116"):
        assert f'value="{number}' not in page


def test_a_line_is_opened_and_ended(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi)
    form = {"supervisor": str(cast.ben.pk), "supervisee": str(cast.dov.pk), "cosigns": "on"}
    assert client.post(LINES, form).headers["Location"] == LINES
    assert "Ben Test for Dov Test" in client.get(LINES).content.decode()
    assert "This line is already open." in client.post(LINES, form).content.decode()
    line = SupervisoryLine.objects.get(supervisee=cast.dov)
    assert line.cosigns
    client.post(reverse("people:line-close", args=[line.pk]))
    assert "Ben Test for Dov Test" not in client.get(LINES).content.decode()
    assert client.post(reverse("people:line-close", args=[line.pk])).status_code == 404


def test_only_supervisors_can_be_chosen_to_supervise(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi)
    form = {"supervisor": str(cast.ana.pk), "supervisee": str(cast.dov.pk)}
    assert client.post(LINES, form).status_code == 422
    own = {"supervisor": str(cast.ben.pk), "supervisee": str(cast.ben.pk)}
    assert "Nobody can supervise themselves." in client.post(LINES, own).content.decode()


def test_lines_ask_the_same_number_of_queries_however_many(client: Browser, cast: Cast) -> None:
    as_(client, cast.adi).get(LINES)
    with CaptureQueriesContext(connection) as few:
        client.get(LINES)
    for number in range(24):
        open_supervisory_line(
            by=cast.adi,
            at=BEGIN,
            supervisor=cast.ben,
            supervisee=staff(f"Zoe{number}", Role.THERAPIST),
            starts_on=BEGIN.date(),
        )
    with CaptureQueriesContext(connection) as many:
        assert "1 to 25 of 26" in client.get(LINES).content.decode()
    assert len(few) == len(many) <= 6


def test_empty_help_lines_wait_folded_until_they_are_wanted(client: Browser, cast: Cast) -> None:
    """On a phone eight empty fields stood between the last line and the button."""
    as_(client, cast.adi)
    opened, folded = (
        '<details class="twin" open><summary>Add help lines',
        '<details class="twin"><summary>Add',
    )
    assert opened in client.get(CLINIC).content.decode()  # there is none yet
    client.post(CLINIC, clinic_form(cast, LINE))
    page = client.get(CLINIC).content.decode()
    assert folded in page and page.index("Night line") < page.index(folded) < page.index("Another line")
    begun = {"lines-INITIAL_FORMS": "1"}
    page = client.post(CLINIC, clinic_form(cast, LINE, {"name": "Half"}, **begun)).content.decode()
    assert opened in page and "Half" in page
    change_site(by=cast.adi, at=BEGIN, site=cast.site, help_lines=[LINE] * 6)
    assert "Another line" not in client.get(CLINIC).content.decode()

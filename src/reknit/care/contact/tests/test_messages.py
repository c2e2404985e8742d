"""Messages: written once, only where the client allows it, and never said to be sent unless a transport took them."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from tests.cast import Cast

from reknit.base import settings_help as env
from reknit.base.errors import DomainError
from reknit.care.contact import jobs
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.messages.actions import (
    choose_messages,
    claim_message,
    withdraw_messages,
    write_message,
)
from reknit.care.contact.messages.transport import Transport, transport
from reknit.care.contact.models import Delivery, Message

LOCMEM = {"name": "mail server", "backend": "django.core.mail.backends.locmem.EmailBackend"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def by_mail(settings: Any) -> Transport:
    """A clinic that set up a mail server; here it keeps what it takes in memory."""
    settings.MAIL = dict(LOCMEM)
    found = transport()
    assert found
    return found


def safe(
    cast: Cast, at: dt.datetime, channel: str = "email", value: str = "c@mail.example", **more: Any
) -> None:
    given = {"may_leave_message": True} | more
    set_safe_contact(by=cast.ina, at=at, client=cast.cleo, channel=channel, value=value, **given)


def write(cast: Cast, at: dt.datetime, carrier: Transport | None, **more: Any) -> Message:
    given: dict[str, Any] = {
        "about": uuid.uuid4(),
        "about_at": at + 30 * HOUR,
        "latest_at": at + 26 * HOUR,
    } | more
    return write_message(
        by=None, at=at, client=cast.cleo, kind="reminder", words="A reminder: we meet.", transport=carrier, **given
    )  # fmt: skip


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.why


def test_message_waits_goes_once_and_is_logged(cast: Cast, at: dt.datetime, by_mail: Transport) -> None:
    safe(cast, at)
    message = write(cast, at, by_mail)
    assert [jobs.deliver(at=at), jobs.deliver(at=at)] == [1, 0]
    assert state(message) == ("taken", "")
    assert [sent.to for sent in mail.outbox] == [["c@mail.example"]]
    assert "Cleo" not in f"{mail.outbox[0].body} {mail.outbox[0].subject}"
    log = Delivery.objects.get()
    assert (log.transport, log.outcome) == ("mail server", "taken")


def test_nothing_to_do_is_done_quietly(db: None, at: dt.datetime) -> None:
    assert jobs.deliver(at=at) == 0


def test_written_twice_it_is_one(cast: Cast, at: dt.datetime, by_mail: Transport) -> None:
    safe(cast, at)
    about = uuid.uuid4()
    assert write(cast, at, by_mail, about=about) == write(cast, at, by_mail, about=about)


def test_without_a_transport_somebody_has_to_ring(cast: Cast, at: dt.datetime) -> None:
    safe(cast, at)
    message = write(cast, at, transport())
    assert state(message) == ("by_hand", "no_transport")
    assert jobs.deliver(at=at) == 0 and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("contact", "why"),
    [
        (None, "nobody_asked"),
        ({"channel": "none", "value": ""}, "in_person"),
        ({"channel": "phone", "value": "+44 20 7946 0000"}, "phone"),
        ({"channel": "text", "value": "+44 20 7946 0000"}, "no_transport"),
        ({"channel": "post", "value": "1 Harbour Lane"}, "post"),
        ({"may_leave_message": False}, "no_message"),
        ({"safe_times": "Mondays after six"}, "hours"),
    ],
)
def test_safe_contact_decides(
    cast: Cast, at: dt.datetime, by_mail: Transport, contact: dict[str, Any] | None, why: str
) -> None:
    if contact is not None:
        safe(cast, at, **contact)
    assert state(write(cast, at, by_mail)) == ("by_hand", why)
    jobs.deliver(at=at)
    assert not mail.outbox


def test_client_who_wants_none_gets_none_and_open_ones_are_taken_back(
    cast: Cast, at: dt.datetime, by_mail: Transport
) -> None:
    safe(cast, at)
    waiting = write(cast, at, by_mail)
    choose_messages(by=cast.cleo_user, at=at, client=cast.cleo, kind="reminder", is_wanted=False)
    assert state(waiting) == ("withdrawn", "not_wanted")
    assert state(write(cast, at, by_mail)) == ("by_hand", "not_wanted")
    jobs.deliver(at=at)
    assert not mail.outbox


@pytest.mark.parametrize(("hour", "taken"), [(5, 0), (8, 1), (17, 1), (18, 0), (23, 0)])
def test_quiet_hours_are_those_of_the_clinics_clock(
    cast: Cast, at: dt.datetime, by_mail: Transport, hour: int, taken: int
) -> None:
    """Nine to seven in Paris is eight to six in universal time, before the clocks go forward."""
    early = at.replace(hour=0)
    safe(cast, early)
    write(cast, early, by_mail)
    assert jobs.deliver(at=early.replace(hour=hour)) == taken


def test_hours_of_the_clients_own_are_kept(cast: Cast, at: dt.datetime, by_mail: Transport) -> None:
    safe(cast, at, safe_times="after work")
    choose_messages(
        by=cast.ana, at=at, client=cast.cleo, kind="reminder", is_wanted=True,
        earliest=dt.time(20), latest=dt.time(21),
    )  # fmt: skip
    write(cast, at, by_mail)
    assert jobs.deliver(at=at) == 0
    assert jobs.deliver(at=at.replace(hour=19, minute=30)) == 1


@pytest.mark.parametrize(
    "hours",
    [
        {"earliest": dt.time(9)},
        {"earliest": dt.time(9), "latest": dt.time(9)},
        {"earliest": dt.time(10), "latest": dt.time(9)},
    ],
)
def test_hours_that_cannot_be_are_refused(cast: Cast, at: dt.datetime, hours: dict[str, dt.time]) -> None:
    with pytest.raises(DomainError):
        choose_messages(by=cast.ana, at=at, client=cast.cleo, kind="reminder", is_wanted=True, **hours)


def test_too_late_is_said_and_not_sent(cast: Cast, at: dt.datetime, by_mail: Transport) -> None:
    safe(cast, at)
    message = write(cast, at, by_mail)
    assert jobs.deliver(at=at + 27 * HOUR) == 0
    assert state(message) == ("expired", "")


def test_safe_contact_that_changed_meanwhile_stops_it(
    cast: Cast, at: dt.datetime, by_mail: Transport
) -> None:
    safe(cast, at)
    message = write(cast, at, by_mail)
    safe(cast, at, value="other@mail.example")
    assert jobs.deliver(at=at) == 0
    assert state(message) == ("by_hand", "contact") and not mail.outbox


def test_transport_that_breaks_is_logged_by_the_kind_of_error_alone(
    cast: Cast, at: dt.datetime, settings: Any
) -> None:
    settings.MAIL = {
        "name": "mail server", "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": "127.0.0.1", "port": 1, "timeout": 2,
    }  # fmt: skip
    safe(cast, at)
    message = write(cast, at, transport())
    assert jobs.deliver(at=at) == 0
    assert state(message) == ("failed", "failed")
    log = Delivery.objects.get()
    assert log.outcome == "failed" and "mail.example" not in log.problem
    assert jobs.deliver(at=at) == 0  # never tried again by itself


def test_one_in_hand_when_the_machine_stopped_is_never_sent_again(
    cast: Cast, at: dt.datetime, by_mail: Transport
) -> None:
    safe(cast, at)
    message = write(cast, at, by_mail)
    claim_message(by=None, at=at, message=message)
    assert claim_message(by=None, at=at, message=message) is None
    jobs.deliver(at=at + HOUR)
    assert state(message) == ("unknown", "unknown") and not mail.outbox


def test_what_went_out_is_not_taken_back(cast: Cast, at: dt.datetime, by_mail: Transport) -> None:
    safe(cast, at)
    message = write(cast, at, by_mail)
    jobs.deliver(at=at)
    withdraw_messages(by=cast.ana, at=at, about=message.about)
    assert state(message)[0] == "taken"


def test_folder_outbox_writes_a_file(cast: Cast, at: dt.datetime, settings: Any, tmp_path: Path) -> None:
    settings.MAIL = {
        "name": "folder", "backend": "django.core.mail.backends.filebased.EmailBackend", "file_path": str(tmp_path),
    }  # fmt: skip
    safe(cast, at)
    write(cast, at, transport())
    assert jobs.deliver(at=at) == 1
    assert "A reminder: we meet." in next(tmp_path.iterdir()).read_text()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", None),
        ("folder", "folder"),
        ("console", "console"),
        ("smtps://a:b%40c@mail.example:465", "mail server"),
    ],
)
def test_setting_says_who_takes_messages(
    url: str, name: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REKNIT_MAIL_URL", url)
    found = env.mail("REKNIT_MAIL_URL", tmp_path)
    assert found.get("name") == name
    assert found.get("password", "b@c") == "b@c"


@pytest.mark.parametrize(
    "url", ["http://mail.example:25", "smtp://mail.example", "smtp://mail.example:x", "yes"]
)
def test_wrong_setting_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REKNIT_MAIL_URL", url)
    with pytest.raises(env.SettingError, match="REKNIT_MAIL_URL"):
        env.mail("REKNIT_MAIL_URL", tmp_path)


@pytest.fixture
def by_text(settings: Any) -> Transport:
    """The same clinic, whose gateway turns mail into texts."""
    settings.MAIL, settings.TEXT_MAIL = dict(LOCMEM), "{number}@texts.example"
    found = transport()
    assert found
    return found


@pytest.mark.parametrize(
    ("number", "to"),
    [
        ("+44 20 7946 0000", "442079460000@texts.example"),
        ("0044 (20) 7946-0000", "442079460000@texts.example"),
    ],
)
def test_text_goes_to_the_number_with_its_country_code_and_without_a_subject(
    cast: Cast, at: dt.datetime, by_text: Transport, number: str, to: str
) -> None:
    safe(cast, at, "text", number)
    message = write(cast, at, by_text)
    assert jobs.deliver(at=at) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == ([to], "", "A reminder: we meet.")
    assert state(message) == ("taken", "")


@pytest.mark.parametrize(
    "number", ["020 7946 0000", "01 23 45 67 89", "+44 20 7946 0000 x12", "+0 20 7946 0000"]
)
def test_number_that_no_gateway_could_place_is_for_somebody_to_ring(
    cast: Cast, at: dt.datetime, by_text: Transport, number: str
) -> None:
    safe(cast, at, "text", number)
    message = write(cast, at, by_text)
    assert jobs.deliver(at=at) == 0 and not mail.outbox
    assert state(message) == ("by_hand", "number")


def test_text_that_waits_while_the_gateway_is_taken_away_is_said_not_to_have_gone(
    cast: Cast, at: dt.datetime, by_text: Transport, settings: Any
) -> None:
    safe(cast, at, "text", "+44 20 7946 0000")
    message = write(cast, at, by_text)
    settings.TEXT_MAIL = ""
    jobs.deliver(at=at)
    assert not mail.outbox and state(message) == ("failed", "failed")


@pytest.mark.parametrize(
    "value", ["texts.example", "{number}@localhost", "{number}{number}@a.example", "7@a.example"]
)
def test_wrong_gateway_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKNIT_TEXT_MAIL", value)
    with pytest.raises(env.SettingError, match="REKNIT_TEXT_MAIL"):
        env.text_mail("REKNIT_TEXT_MAIL")


@pytest.mark.parametrize("value", ["times.example", "ftp://times.example", "https://times.example/here"])
def test_wrong_address_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKNIT_ADDRESS", value)
    with pytest.raises(env.SettingError, match="REKNIT_ADDRESS"):
        env.address("REKNIT_ADDRESS")

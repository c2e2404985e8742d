"""A draft outlives a killed server, a lost network and a sign-in that ended; it never outlives the person at the browser."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from reknit.base.clock import now
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import ProgressNote
from tests.cast import Cast

from .people import Person

FOCUS = "Focus of the session"
FIRST, LATER = "They had not spoken since May.", "She wrote to him on Friday."
NOT_SAVED = "Not saved yet. Your words are kept in this tab."
# What a browser says of a server that is killed: not there, or gone in the middle of an answer.
SERVER_GONE = re.compile(
    r"net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"
)


@pytest.fixture
def note_page(clinic: Cast, at_rest: Any) -> str:
    with at_rest:
        at = now()
        held = start_encounter(
            by=clinic.ana, at=at, episode=clinic.cleo_episode, outcome="attended", starts_at=at
        )
    return reverse("encounters:session-show", args=[held.client_id, held.pk])


def words_in(at_rest: Any) -> str:
    with at_rest:
        return " ".join(ProgressNote.objects.get().words.values())


def copies(page: Page) -> list[str]:
    """What this tab keeps of unsent words."""
    found: list[str] = page.evaluate("Object.entries({...sessionStorage, ...localStorage}).flat()")
    return found


def writes(ana: Person, words: str) -> None:
    ana.writes(FOCUS, words)
    ana.page.keyboard.press("Tab")


def database_address() -> str:
    """Where the server of these stories keeps its records; nothing for the file in its own folder."""
    if connection.vendor == "sqlite":
        return ""
    known = {
        name: quote(str(connection.settings_dict[name]), safe="") for name in ("USER", "PASSWORD", "NAME")
    }
    place = f"{connection.settings_dict['HOST']}:{connection.settings_dict['PORT'] or 5432}"
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@{place}/{known['NAME']}"


class Server:
    """The real server in a process of its own. It can be killed and started again.

    It serves a copy of the test's database on SQLite, whose own is one connection of this process; on PostgreSQL the
    test's database itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def starts(self) -> None:
        own = {
            **os.environ,
            "REKNIT_DATA": str(self.folder),
            "REKNIT_HOSTS": "127.0.0.1",
            "REKNIT_DEBUG": "true",
            "REKNIT_DATABASE_URL": database_address(),
        }
        command = [sys.executable, "-m", "reknit.cli.server", "127.0.0.1", str(self.port), "1", "4"]
        self.process = subprocess.Popen(command, env=own, start_new_session=True)  # noqa: S603 - our own program
        for _moment in range(300):
            try:
                urlopen(f"{self.address}/sign-in/", timeout=5).close()  # noqa: S310 - an address of this machine
            except (URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError("The server did not start.")

    def is_killed(self) -> None:
        """As by the power: no goodbye, worker and all."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def words(self) -> str:
        if connection.vendor != "sqlite":
            return str(ProgressNote.objects.get().words)
        with sqlite3.connect(self.folder / "reknit.sqlite3") as file:
            return str(file.execute("SELECT words FROM encounters_progressnote").fetchone()[0])


@pytest.fixture
def server(note_page: str, at_rest: Any, tmp_path: Path) -> Iterator[Server]:
    if connection.vendor == "sqlite":
        with at_rest:
            file = sqlite3.connect(tmp_path / "reknit.sqlite3")
            connection.connection.backup(file)
            file.close()
    made = Server(tmp_path)
    made.starts()
    yield made
    made.is_killed()


def test_words_survive_a_killed_server(browser: Browser, server: Server, note_page: str) -> None:
    with Person(browser, server.address) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        writes(ana, FIRST)
        ana.sees("on this clinic’s server")
        server.is_killed()
        writes(ana, f"{FIRST} {LATER}")
        ana.sees(NOT_SAVED)
        assert LATER not in server.words()
        server.starts()
        ana.page.evaluate(
            "dispatchEvent(new Event('online'))"
        )  # else it tries again by itself within 15 seconds
        ana.sees("on this clinic’s server")
        assert LATER in server.words()
        assert not any(LATER in one for one in copies(ana.page))
        ana.complaints = [one for one in ana.complaints if not SERVER_GONE.search(one)]


def test_draft_is_offered_again_when_the_page_came_back_after_the_server_died(
    browser: Browser, server: Server, note_page: str
) -> None:
    with Person(browser, server.address) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        server.is_killed()
        writes(ana, LATER)
        ana.sees(NOT_SAVED)
        server.starts()
        ana.page.on("dialog", lambda dialog: dialog.accept())
        ana.page.reload()
        ana.sees("Words from this tab were not saved last time.")
        ana.looks()
        ana.page.get_by_role("button", name="Put them back").click()
        expect(ana.page.get_by_label(FOCUS)).to_have_value(LATER)
        ana.sees("on this clinic’s server")
        assert LATER in server.words()
        ana.complaints = [one for one in ana.complaints if not SERVER_GONE.search(one)]


def test_words_survive_a_lost_network(person: Callable[..., Person], note_page: str, at_rest: Any) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        ana.context.set_offline(True)
        writes(ana, LATER)
        ana.sees(NOT_SAVED)
        ana.context.set_offline(False)
        ana.sees("on this clinic’s server")
        assert LATER in words_in(at_rest)
        ana.complaints = [one for one in ana.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


def test_draft_is_offered_again_after_signing_in_on_the_ordinary_page(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        with at_rest:
            Session.objects.all().delete()
        writes(ana, LATER)
        expect(ana.page.get_by_role("dialog", name="You were signed out.")).to_be_visible()
        ana.page.on("dialog", lambda dialog: dialog.accept())
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        ana.page.get_by_role("button", name="Put them back").click()
        ana.sees("on this clinic’s server")
        assert LATER in words_in(at_rest)


def test_somebody_else_who_signs_in_finds_no_copy(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person() as browser:
        browser.signs_in("ana@clinic.example")
        browser.opens(note_page)
        with at_rest:
            Session.objects.all().delete()
        writes(browser, LATER)
        expect(browser.page.get_by_role("dialog", name="You were signed out.")).to_be_visible()
        assert any(LATER in one for one in copies(browser.page))
        browser.page.on("dialog", lambda dialog: dialog.accept())
        browser.signs_in("dov@clinic.example")
        assert copies(browser.page) == []
        assert LATER not in words_in(at_rest)


def test_signing_out_saves_both_tabs_and_leaves_no_copy_in_either(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        other = ana.context.new_page()
        other.goto(reverse("accounts:me"))
        ana.writes(FOCUS, LATER)  # typed a moment ago: the page has not saved it by itself yet
        other.get_by_role("button", name="Sign out", exact=True).click()
        for tab in (other, ana.page):
            expect(tab.locator("body[data-person]")).to_have_count(0)
            expect(tab.get_by_role("button", name="Sign in")).to_be_visible()
        assert LATER in words_in(at_rest)
        assert copies(ana.page) == copies(other) == []


def test_signing_out_asks_before_words_are_lost(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    asked: list[str] = []
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        ana.page.route("**/note/", lambda route: route.abort())
        writes(ana, LATER)
        ana.sees(NOT_SAVED)
        ana.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        ana.page.get_by_role("button", name="Sign out").click()
        ana.page.wait_for_timeout(1500)
        assert asked == ["Words that you typed are not saved yet. Sign out and lose them?"]
        assert any(LATER in one for one in copies(ana.page))
        ana.complaints = [one for one in ana.complaints if "ERR_FAILED" not in one]

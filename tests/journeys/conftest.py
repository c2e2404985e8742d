"""Stories in Debian's Chromium, against the real program served from this process."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection

from reknit.cli.testing import GET_CHROMIUM, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.cast import Cast

    from .calendar import Calendar
    from .people import Person

# Playwright's loop runs in the thread of the test, which Django would take for a coroutine.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

HERE = Path(__file__).parent
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-features=SpareRendererForSitePerProcess",
    "--renderer-process-limit=1",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Every test of this folder is a journey. The longest come first for one of two that share them, and for the other."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
    yield  # others choose by that mark, and shuffle
    for name, place in (("test_a_course_of_sixteen_sessions.py", 0), ("test_pictures.py", len(items) // 2)):
        long = [item for item in items if item.path.name == name]
        rest = [item for item in items if item.path.name != name]
        items[:] = [*rest[:place], *long, *rest[place:]]


@pytest.fixture(scope="session", autouse=True)
def _busy_machine() -> None:
    """What is expected of a page may take as long here as what is done on it: the other processors test too."""
    from playwright.sync_api import expect

    expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser, which makes no request of its own."""
    chromium = find_chromium()
    if not chromium:
        pytest.skip(f"no Chromium was found; {GET_CHROMIUM}")
    return {"executable_path": chromium, "args": list(QUIET)}


@pytest.fixture
def at_rest(live_server: Any) -> Iterator[AbstractContextManager[Any]]:
    """Hold this while the test itself reads or writes records: no request runs meanwhile.

    The test database of SQLite is one connection shared by every thread, so the server answers one request at a time.
    """
    lock = threading.RLock()
    if connection.vendor != "sqlite":
        yield lock
        return
    answer = WSGIHandler.__call__

    def one_at_a_time(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        with lock:
            return answer(self, environ, start_response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", one_at_a_time)
        yield lock


@pytest.fixture
def emptied(at_rest: AbstractContextManager[Any], transactional_db: None) -> Iterator[None]:
    """Signed notes and audit events refuse to go, so their guards are taken down while the tables are emptied."""
    yield
    with at_rest, connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            return  # PostgreSQL empties with TRUNCATE, which asks no guard
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        for _name, sql in guards:
            cursor.execute(sql)


@pytest.fixture
def clinic(at_rest: AbstractContextManager[Any], emptied: None, cast: "Cast") -> "Cast":
    """The cast, each with a password for the real sign-in page."""
    from django.contrib.auth.hashers import make_password

    from tests.cast import PASSWORD

    hashed = make_password(PASSWORD)
    for user in cast.users().values():
        user.password = hashed
        user.save(update_fields=["password"])
    return cast


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go."""
    named = os.environ.get("REKNIT_PICTURES")
    found = Path(named).absolute() if named else tmp_path_factory.mktemp("pictures")
    found.mkdir(parents=True, exist_ok=True)
    return found


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> "Calendar":
    """A calendar that can be turned to another day."""
    from .calendar import Calendar

    return Calendar(monkeypatch)


@pytest.fixture
def person(
    browser: "Browser", live_server: Any, at_rest: AbstractContextManager[Any]
) -> "Callable[..., Person]":
    """Make somebody with a browser of their own: `with person(width=360) as client:`."""
    from .people import Person

    def make(**options: Any) -> "Person":
        return Person(browser, live_server.url, **options)

    return make

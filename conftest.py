"""What every test may ask for."""

import datetime as dt
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from tests.cast import Cast


# How long one example takes says how busy the machine is, and nothing about the rule it tries.
hypothesis_settings.register_profile("reknit", deadline=None)
hypothesis_settings.load_profile("reknit")


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast of `tests/cast.py`."""
    from tests.cast import make_cast
    from tests.once import once

    return once("cast", make_cast)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: looking through all of it for cycles took a third of a page's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Every test begins on the database of the tests, also where the one before was lent another."""
    yield
    from tests.once import give_back

    give_back()


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_hashed_quickly() -> Iterator[None]:
    """By the hasher of the product, with less work: the many sign-ins of the tests have nothing to guard."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 1024)
        patch.setattr(Argon2PasswordHasher, "parallelism", 1)
        yield


@pytest.fixture(autouse=True, scope="session")
def _full_tables_alone_are_emptied() -> Iterator[None]:
    """Between tests that commit, PostgreSQL made each of some 170 tables anew on the disk, most of which were empty."""
    from django.db import connection
    from django.db.backends.postgresql.operations import DatabaseOperations

    def emptying(self: DatabaseOperations, style: Any, tables: list[str], **_options: Any) -> list[str]:
        names = [(table, self.quote_name(table)) for table in tables]
        asked = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {name})" for table, name in names]  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            full = [self.quote_name(table) for (table,) in cursor.fetchall()]
        if not full:
            return []
        past_guards = "SET LOCAL session_replication_role = replica"
        return [past_guards, *(f"DELETE FROM {name}" for name in full)]  # noqa: S608

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", emptying)
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_listed_once() -> Iterator[None]:
    """Each browser of a test has a server of its own, which would list some eighty files again before its first page."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    kept: dict[str, Any] = {}
    list_files = WhiteNoiseMiddleware.add_files_from_finders

    def listed(self: WhiteNoiseMiddleware) -> None:
        if not kept:
            list_files(self)
            kept.update(self.files)
        self.files.update(kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", listed)
        yield


@pytest.fixture
def at() -> dt.datetime:
    """The present of most tests: three weeks into Cleo's course."""
    return dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    from django.core.cache import cache

    from reknit.care.programme.shelf import forget

    cache.clear()
    forget()
    yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says why."""
    folder = Path(os.environ.get("REKNIT_REAL_DATA", ""))
    if not os.environ.get("REKNIT_REAL_DATA") or not folder.is_dir():
        pytest.skip("REKNIT_REAL_DATA does not name the folder of real data")
    return folder

"""A database that several threads reach, with the cast in it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.cast import Cast, make_cast


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Threads need a database that several connections reach: on SQLite a file, with the tables copied into it."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = sqlite3.connect(tmp_path / "races.sqlite3")
    memory.backup(file)
    file.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(tmp_path / "races.sqlite3")
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name


@pytest.fixture
def crowd(on_disk: None) -> Cast:
    return make_cast()

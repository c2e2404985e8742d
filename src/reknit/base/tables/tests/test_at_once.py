"""A database made at once is the one that all migrations make, to the last guard."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,"
    " is_identity, collation_name FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)

# Django's own migrations count the rows of this one table, which Reknit leaves empty, in a wider type than its models.
APART = {("auth_group_permissions", "id")}


def lines(statement: str) -> list[str]:
    """The columns and rules of a CREATE TABLE, whose order two ways of making a table need not share."""
    body = statement[statement.index("(") + 1 : statement.rindex(")")]
    found, depth, quote, line = [], 0, "", ""
    for sign in body:
        quote = "" if sign == quote else quote or (sign if sign in "'\"" else "")
        depth += 0 if quote else (sign == "(") - (sign == ")")
        if sign == "," and not quote and depth == 0:
            found.append(line.strip())
            line = ""
        else:
            line += sign
    return [*found, line.strip()]


def shape_of_sqlite(cursor: Any) -> set[tuple[Any, ...]]:
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    made = cursor.fetchall()
    tables = {(name, line) for kind, name, _table, sql in made if kind == "table" for line in lines(sql)}
    return tables | {tuple(row) for row in made if row[0] != "table"}


def shape_of_postgresql(cursor: Any) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    for query in POSTGRESQL:
        cursor.execute(query)
        found |= {tuple(row) for row in cursor.fetchall() if row[:2] not in APART}
    return found


def make_step_by_step(folder: Path, **environment: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--step-by-step", "--verbosity=0"],
        env={**os.environ, "REKNIT_DATA": str(folder), **environment},
        check=True,
        timeout=600,
    )


@contextmanager
def another_database(cursor: CursorWrapper) -> Iterator[str]:
    """An empty database on the same server."""
    name = f"steps_{uuid.uuid4().hex[:12]}"
    cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield name
    finally:
        cursor.execute(f"DROP DATABASE {name}")


def shape_step_by_step(folder: Path) -> set[tuple[Any, ...]]:
    if connection.vendor == "sqlite":
        import sqlite3

        make_step_by_step(folder, REKNIT_DATABASE_URL="")
        with closing(sqlite3.connect(folder / "reknit.sqlite3")) as file:
            return shape_of_sqlite(file.cursor())
    import psycopg

    server = connection.settings_dict
    with connection.cursor() as cursor, another_database(cursor) as name:
        password = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
        url = f"postgresql://{server['USER']}{password}@{server['HOST']}:{server['PORT'] or 5432}/{name}"
        make_step_by_step(folder, REKNIT_DATABASE_URL=url)
        with psycopg.connect(url) as wire:
            return shape_of_postgresql(wire.cursor())


# A database is made outside any transaction.
@pytest.mark.django_db(transaction=True)
def test_at_once_is_what_all_migrations_make(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        ours = shape_of_sqlite(cursor) if connection.vendor == "sqlite" else shape_of_postgresql(cursor)
    theirs = shape_step_by_step(tmp_path)
    assert len(ours) > 2000
    assert ours == theirs, "\n".join(
        [f"at once: {fact}" for fact in sorted(map(str, ours - theirs))]
        + [f"by steps: {fact}" for fact in sorted(map(str, theirs - ours))]
    )


@pytest.mark.django_db
def test_every_migration_counts_as_applied() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db
def test_a_database_with_tables_is_never_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from reknit.base.tables.management.commands import migrate

    def fails(_connection: object) -> None:
        raise AssertionError("tables were made in a database that has some")

    monkeypatch.setattr(migrate, "make_tables", fails)
    call_command("migrate", verbosity=0, interactive=False)

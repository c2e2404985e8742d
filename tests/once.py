"""Make something large through the rooms' own actions once for each process, and lay its rows down again after that.

A test that needs the cast, or one row of every kind, used to wait for some hundred actions each time.

On SQLite a test inside a transaction gets another database, which holds the rows already: laying them down means taking
guards down and up again, and SQLite reads the whole schema anew after each rollback in a transaction that did so.
"""

import copy
import sqlite3
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Made = TypeVar("Made")
Row = tuple[Any, ...]
TOGETHER = 500


@dataclass(frozen=True)
class Table:
    """A table and its columns, the key first."""

    name: str
    columns: tuple[str, ...]

    @property
    def quoted(self) -> str:
        return connection.ops.quote_name(self.name)

    def listed(self, sign: str = "") -> str:
        return ", ".join(sign + connection.ops.quote_name(column) for column in self.columns)

    def read(self, cursor: CursorWrapper) -> dict[Any, Row]:
        """Its rows by their key. The plus keeps SQLite's own values: a column by itself would come converted."""
        plus = "+" if connection.vendor == "sqlite" else ""
        cursor.execute(f"SELECT {self.listed(plus)} FROM {self.quoted}")  # noqa: S608 - our own names
        return {row[0]: tuple(row) for row in cursor.fetchall()}

    def write(self, cursor: CursorWrapper, rows: list[Row]) -> None:
        """Lay rows down as they are; PostgreSQL has them in as few statements as it can."""
        into = f"{self.quoted} ({self.listed()})"
        places = f"({', '.join(['%s'] * len(self.columns))})"
        if connection.vendor == "sqlite":
            cursor.executemany(f"INSERT INTO {into} VALUES {places}", rows)  # noqa: S608
            return
        for first in range(0, len(rows), TOGETHER):
            some = rows[first : first + TOGETHER]
            values = [value for row in some for value in row]
            cursor.execute(f"INSERT INTO {into} VALUES {', '.join([places] * len(some))}", values)  # noqa: S608

    def remove(self, cursor: CursorWrapper, keys: list[Any]) -> None:
        """Take rows away."""
        key = connection.ops.quote_name(self.columns[0])
        cursor.executemany(f"DELETE FROM {self.quoted} WHERE {key} = %s", [(one,) for one in keys])  # noqa: S608


Mark = tuple[int, int | None]  # how many audit events there are, and the last: every action writes one


@dataclass(frozen=True)
class Kept:
    """What was made of what stood before, and what that did to the tables: keys that went or changed, and new rows."""

    made: Any
    for_: Hashable
    before: Mark
    after: Mark
    changes: list[tuple[Table, list[Any], list[Row]]]


KEPT: dict[str, Kept] = {}


@dataclass
class Copies:
    """The databases that hold what is kept, by name; and the one of the tests, while one of them stands in for it."""

    held: dict[str, tuple[Kept, sqlite3.Connection]] = field(default_factory=dict)
    own: sqlite3.Connection | None = None


COPIES = Copies()


def once(
    name: str,
    make: Callable[[], Made],
    *,
    on: str | None = None,
    for_: Hashable = None,
    for_one_test: bool = True,
) -> Made:
    """What `make` makes: the first time, and for another value of `for_`; after that its rows are laid down again.

    Rows are kept, and laid down, only on tables that hold nothing but what was made under the name `on`: a test that
    has done something before gets everything made for itself. What stands longer than one test is not lent.
    """
    before, kept = mark(), KEPT.get(name)
    base = KEPT[on].after if on in KEPT else (0, None)
    if before != base:
        return make()
    if kept and kept.for_ == for_ and kept.before == before:
        if for_one_test and can_stand_in():
            stand_in(name, kept)
        else:
            lay_down(kept)
        return copy.deepcopy(kept.made)  # type: ignore[no-any-return]
    rows = everything()
    made = make()
    KEPT[name] = Kept(copy.deepcopy(made), for_, before, mark(), changes(rows, everything()))
    return made


def mark() -> Mark:
    """Whether anything was done to the tables, in one question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), MAX(id) FROM audit_auditevent")
        count, last = cursor.fetchone()
    return count, last


def tables() -> list[Table]:
    """Every table of a model, many-to-many ones too."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            key = model._meta.pk.column
            others = (field.column for field in model._meta.local_concrete_fields if field.column != key)
            found.append(Table(model._meta.db_table, (str(key), *map(str, others))))
    return found


def everything() -> dict[Table, dict[Any, Row]]:
    with connection.cursor() as cursor:
        return {table: table.read(cursor) for table in tables()}


def changes(
    before: dict[Table, dict[Any, Row]], after: dict[Table, dict[Any, Row]]
) -> list[tuple[Table, list[Any], list[Row]]]:
    found = []
    for table, rows in after.items():
        old = before[table]
        gone = [key for key, row in old.items() if rows.get(key) != row]
        new = [row for key, row in rows.items() if old.get(key) != row]
        if gone or new:
            found.append((table, gone, new))
    return found


def can_stand_in() -> bool:
    """Whether this is SQLite within the one transaction of a test, and no other inside of that."""
    return connection.vendor == "sqlite" and connection.in_atomic_block and not connection.savepoint_ids


def stand_in(name: str, kept: Kept) -> None:
    """Give the test a database where the rows are, until `give_back`; in a transaction as the test's own is."""
    held = COPIES.held.get(name)
    if held is None or held[0] is not kept:
        if held is not None:
            held[1].close()
        held = COPIES.held[name] = (kept, copy_with(kept))
    if COPIES.own is None:
        COPIES.own = connection.connection
    else:
        connection.connection.rollback()
    connection.connection = held[1]
    connection.connection.execute("BEGIN IMMEDIATE")


def copy_with(kept: Kept) -> sqlite3.Connection:
    """A database in memory like the one of this moment, with the rows laid down and committed."""
    now: sqlite3.Connection = connection.connection
    made: sqlite3.Connection = connection.get_new_connection(
        {**connection.get_connection_params(), "database": ":memory:"}
    )
    made.deserialize(now.serialize())
    made.execute("BEGIN IMMEDIATE")
    connection.connection = made
    try:
        with connection.cursor() as cursor:
            write_rows(cursor, kept)
    finally:
        connection.connection = now
    made.commit()
    return made


def give_back() -> None:
    """After a test: the database of all tests, where nothing was done."""
    if COPIES.own is not None:
        connection.connection.rollback()
        connection.connection, COPIES.own = COPIES.own, None
        connection.connection.rollback()


def lay_down(kept: Kept) -> None:
    """Lay the rows down on the tables at hand."""
    with transaction.atomic(), connection.cursor() as cursor:
        write_rows(cursor, kept)


def write_rows(cursor: CursorWrapper, kept: Kept) -> None:
    """Write the rows past the guards, which turn away what comes after a signature: here all of it comes at once."""
    guards = take_down_guards(cursor, {table.name for table, _gone, _new in kept.changes})
    for table, gone, new in kept.changes:
        if gone:
            table.remove(cursor, gone)
        if new:
            table.write(cursor, new)
    put_up_guards(cursor, guards)


def take_down_guards(cursor: CursorWrapper, names: set[str]) -> list[str]:
    if connection.vendor != "sqlite":
        cursor.execute("SET LOCAL session_replication_role = replica")
        return []
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    found = [(name, sql) for name, table, sql in cursor.fetchall() if table in names]
    for name, _sql in found:
        cursor.execute(f'DROP TRIGGER "{name}"')
    return [sql for _name, sql in found]


def put_up_guards(cursor: CursorWrapper, guards: list[str]) -> None:
    if connection.vendor != "sqlite":
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    for sql in guards:
        cursor.execute(sql.replace("%", "%%"))

"""Two at once. What a constraint guards is tried again; what no constraint guards is held. See decision 12.

On SQLite writers stand in one line, so none of this ever happens there and both helpers cost next to nothing.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models

Row = TypeVar("Row", bound=models.Model)

LOST = {
    "23505",
    "40P01",
    "40001",
}  # PostgreSQL's names for: a key taken, two waiting for each other, not in a row


def is_lost(error: DatabaseError) -> bool:
    """Did another transaction win, so that the same work begun again would see what it wrote?"""
    return getattr(error.__cause__, "sqlstate", None) in LOST


def read_anew(values: Iterable[Any]) -> None:
    """Bring rows that an undone transaction may have written in back to what the database says."""
    for value in values:
        if isinstance(value, models.Model) and not value._state.adding:
            value.refresh_from_db()


def hold(row: Row) -> Row:
    """The row as it stands now, held until the running action ends: whoever else holds it waits.

    A chart is held before anything in it: client, then course, then what hangs on it. One order, so that two never
    wait for each other. The weak lock is meant: it lets others write rows that only point here.
    """
    # The person of a request comes wrapped, and its type is the wrapping.
    rows = row.__class__._base_manager.using(row._state.db)
    return rows.select_for_update(no_key=True).get(pk=row.pk)


def hold_line(number: int) -> None:
    """Stand in a line of that number until the transaction ends, where there is no row to hold yet."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

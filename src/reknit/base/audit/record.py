"""Writing: the one way to change anything, and the record it must leave."""

import contextlib
import datetime as dt
import functools
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from django.db import DatabaseError, connection, transaction

from reknit.base.inserting import insert
from reknit.base.races import is_lost, read_anew

from .models import AuditEvent

Result = TypeVar("Result")


class HasKey(Protocol):
    """Anything with a primary key."""

    @property
    def pk(self) -> Any: ...


class _State(threading.local):
    depth = 0
    recorded = False


_state = _State()
TRIES = 3
# SQLite has one writer. Queueing here is far kinder to the slowest than its busy loop.
_one_writer = threading.RLock()


class LeftNoRecord(AssertionError):
    """A bug: an action changed something and left no audit event. Everything it did was rolled back."""


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """One transaction, queued behind the one writer on SQLite; nested use joins the outer one."""
    if _state.depth:
        _state.depth += 1
        try:
            yield
        finally:
            _state.depth -= 1
        return
    with line_of_writers(), transaction.atomic():
        _state.depth, _state.recorded = 1, False
        try:
            yield
            if not _state.recorded:
                raise LeftNoRecord("An action left no audit event; call audit.record or audit.unchanged.")
        finally:
            _state.depth = 0  # before the commit: what runs after it begins a transaction of its own


def action(function: Callable[..., Result]) -> Callable[..., Result]:
    """Mark a function as an action: keyword-only, one transaction, and it must leave an audit event.

    One that met another at the same instant and lost begins again, and finds what the other wrote (decision 12).
    """

    @functools.wraps(function)
    def run(**arguments: Any) -> Result:
        for _lost in range(TRIES - 1):
            try:
                with writing():
                    return function(**arguments)
            except DatabaseError as error:
                if _state.depth or not is_lost(error):  # inside another action the whole of it begins again
                    raise
            read_anew(arguments.values())
        with writing():
            return function(**arguments)

    run.is_action = True  # type: ignore[attr-defined]
    return run


def event(
    verb: str,
    *,
    by: HasKey | None,
    at: dt.datetime,
    subject: Any = None,
    client: HasKey | uuid.UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """An event not yet written, for actions that write many at once with `record_many`."""
    return AuditEvent(
        verb=verb,
        by=by.pk if by else None,
        at=at,
        subject=type(subject).__name__ if subject is not None else "",
        subject_id=subject.pk if subject is not None and isinstance(subject.pk, uuid.UUID) else None,
        client_id=client if isinstance(client, uuid.UUID) or client is None else client.pk,
        detail=dict(detail or {}),
    )


def record(verb: str, **fields: Any) -> None:
    """Write one event in the running action's transaction. Fields as in `event`."""
    insert([event(verb, **fields)])
    _state.recorded = True


def record_many(events: Sequence[AuditEvent]) -> None:
    """Write many events with one insert."""
    insert(events)
    _state.recorded = True


def unchanged() -> None:
    """Say that the running action found nothing to change, so that it need not leave an event."""
    _state.recorded = True


def record_read(
    page: str, *, by: HasKey, at: dt.datetime, client: HasKey | uuid.UUID | None, **detail: Any
) -> None:
    """Record that a person opened a page of a chart. Written before the page is answered.

    One insert is a transaction by itself: a page that only reads need not open another around it.
    """
    row = event("read", by=by, at=at, client=client, detail={"page": page, **detail})
    with line_of_writers():
        insert([row])


def record_reads(
    page: str, *, by: HasKey, at: dt.datetime, clients: Iterable[uuid.UUID], **detail: Any
) -> None:
    """Record that a person took one thing out of many charts: an event for each client, with one insert."""
    rows = [event("read", by=by, at=at, client=one, detail={"page": page, **detail}) for one in clients]
    if rows:
        with line_of_writers():
            insert(rows)


def line_of_writers() -> contextlib.AbstractContextManager[Any]:
    """The place in the line of writers: the one of this process on SQLite, none on PostgreSQL."""
    return _one_writer if connection.vendor == "sqlite" else contextlib.nullcontext()

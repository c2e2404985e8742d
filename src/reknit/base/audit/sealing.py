"""Sealing: every few seconds the new events join the hash chain, in one batch under one lock.

Writers only insert, and a batch is small and takes its place in the line like any other write, so that no writer
waits for more than a few milliseconds of sealing. Each seal is
`HMAC-SHA256(audit key, seal before + canonical event)`: without the key nobody can write a chain that verifies,
and a changed, removed or reordered event breaks it.
"""

import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from reknit.base.races import hold_line

from .models import AuditEvent
from .record import line_of_writers

BATCH = 50
LARGE_BATCH = 2000
BREATH = 0.02  # seconds between two batches of one run, for whoever stands in the line
PLACE = "UPDATE audit_auditevent SET position = %s, seal = %s WHERE id = %s"
LOCK = 0x52454B4E  # one number for the advisory lock, any will do as long as nothing else uses it


def seal_of(before: str, event: AuditEvent) -> str:
    """The seal of one event that follows `before`."""
    canonical = json.dumps(
        [
            event.position,
            event.pk,
            event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            str(event.by or ""),
            event.verb,
            event.subject,
            str(event.subject_id or ""),
            str(event.client_id or ""),
            event.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    key = settings.AUDIT_KEY.encode()
    return hmac.new(key, f"{before}{canonical}".encode(), hashlib.sha256).hexdigest()


def sealed_events() -> QuerySet[AuditEvent]:
    """The events of the chain, in words that the index of their positions answers.

    Of `exclude(position=None)` SQLite makes a walk through every event there is, while the writers wait.
    """
    return AuditEvent.objects.filter(position__isnull=False)


def seal(*, at: dt.datetime | None = None) -> int:
    """Seal every event not yet in the chain; return how many. Safe to run from several places at once."""
    total = 0
    while sealed := _seal_batch(BATCH):
        total += sealed
        if sealed < BATCH:
            break
        time.sleep(BREATH)
    return total


def seal_in_large_batches() -> Iterator[int]:
    """Seal a great many events where nobody waits in the line, telling how many were sealed with each batch."""
    while sealed := _seal_batch(LARGE_BATCH):
        yield sealed


def _seal_batch(size: int) -> int:
    with line_of_writers(), transaction.atomic():
        hold_line(LOCK)
        # On SQLite the transaction begins IMMEDIATE: holding it is holding the lock, across processes too.
        fresh = list(AuditEvent.objects.filter(position=None).order_by("id")[:size])
        if not fresh:
            return 0
        latest = sealed_events().order_by("-position").only("position", "seal").first()
        position, before = (latest.position or 0, latest.seal) if latest else (0, "")
        for event in fresh:
            position += 1
            event.position = position
            event.seal = before = seal_of(before, event)
        with connection.cursor() as cursor:
            # By hand, since this is the one bulk update that a whole clinic waits for: ten times as fast.
            cursor.executemany(PLACE, [(event.position, event.seal, event.pk) for event in fresh])
        return len(fresh)

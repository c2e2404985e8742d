"""Audit events of sign-in itself, which happens in allauth and not in an action of ours.

An event names the person only where one was found: never the address that was typed.
"""

from typing import Any

from reknit.base.audit import record as audit
from reknit.base.clock import now

from .models import User


def leave(verb: str, *, by: User | None = None, subject: User | None = None, **detail: Any) -> None:
    """Write one event in a transaction of its own."""
    with audit.writing():
        audit.record(verb, by=by, at=now(), subject=subject, detail=detail)

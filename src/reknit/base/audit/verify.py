"""Verifying: recompute the whole chain and say whether it stands."""

from dataclasses import dataclass

from .models import AuditEvent
from .sealing import seal_of, sealed_events


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain stands, in a sentence, with how many events it holds and how many wait for a seal."""

    ok: bool
    sentence: str
    sealed: int
    waiting: int


def verify_chain() -> Verdict:
    """Recompute every seal from the first event; stop at the first that does not match."""
    before, expected = "", 0
    waiting = AuditEvent.objects.filter(position=None).count()
    for event in sealed_events().order_by("position").iterator(chunk_size=2000):
        expected += 1
        if event.position != expected:
            return Verdict(
                False, f"The audit chain is broken: event {expected} is missing.", expected - 1, waiting
            )
        if event.seal != seal_of(before, event):
            return Verdict(False, f"The audit chain is broken at event {expected}.", expected - 1, waiting)
        before = event.seal
    return Verdict(
        True, f"The audit chain stands: {expected} events sealed, {waiting} waiting.", expected, waiting
    )

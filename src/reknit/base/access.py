"""The shape of every answer of the access policy: a yes, or a no with its reason.

The team predicate lives in `reknit.care.people.access`; each room's `access.py` builds on it.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Decision:
    """May this be done? `reason` is a sentence fit to show when the answer is no."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_refuse(self) -> None:
        """Raise Django's PermissionDenied (answered with the calm 403 page) when the answer is no."""
        if not self.allowed:
            raise PermissionDenied(self.reason)


YES = Decision(True)


def no(reason: str) -> Decision:
    """A refusal with its reason."""
    return Decision(False, str(reason))

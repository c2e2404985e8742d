"""Which marks of a circle are shown: by use, by support for recovery and by conflict. The drawing and the table alike.

Nothing is counted from what is shown: the figures always count the whole circle.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from .circles import Circle, Person

UNKNOWN = ("unknown", _("not known"))
CHOICES = {
    "use": (("uses", _("uses")), ("recovery", _("in recovery")), ("none", _("does not use")), UNKNOWN),
    "support": (("for", _("for")), ("mixed", _("mixed")), ("against", _("against")), UNKNOWN),
    "conflict": (("7", _("7 to 10")), ("1", _("1 to 6")), ("0", _("none")), UNKNOWN),
}
"""What each part may be, as it stands in the address. The bands of conflict only sort; they judge nothing."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """What was asked for; an empty part asks for nothing."""

    use: str = ""
    support: str = ""
    conflict: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Self:
        """From an address. What is on no list is passed over, so that a mistyped address shows everybody."""
        asked = {name: sent.get(name, "") for name in CHOICES}
        return cls(**{name: value for name, value in asked.items() if value in dict(CHOICES[name])})

    def __bool__(self) -> bool:
        return bool(self.use or self.support or self.conflict)

    @property
    def asked(self) -> str:
        """The same as words of an address; empty when nothing is asked."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def query(self) -> str:
        """The same as the end of an address, with its question mark."""
        return f"?{self.asked}" if self else ""

    def passes(self, one: Person) -> bool:
        """Whether this one is what was asked for."""
        found = {"use": one.use or "unknown", "support": _support(one), "conflict": _conflict(one)}
        return all(found[name] == value for name, value in asdict(self).items() if value)

    def shown(self, circle: Circle) -> tuple[Person, ...]:
        """Those of a circle who pass."""
        return tuple(one for one in circle.people if self.passes(one))


def _support(one: Person) -> str:
    known = one.supports_recovery
    return "unknown" if known is None else "for" if known > 0 else "against" if known < 0 else "mixed"


def _conflict(one: Person) -> str:
    known = one.conflict
    return "unknown" if known is None else "7" if known >= 7 else "1" if known else "0"

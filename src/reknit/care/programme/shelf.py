"""Protocols of the clinic's own, found by the core wherever it looks for a template.

A version that was published never changes, so each is read from the database once for each process. A draft is read
anew every time: only practice courses run on one.
"""

from collections.abc import Iterable

from reknit.core.data import Table
from reknit.core.programme.loading import build_template
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.template import library

from .models import ProtocolVersion
from .models.protocols import OWN

State = ProtocolVersion.State
_kept: dict[tuple[str, str], ProtocolTemplate] = {}


class OwnProtocols:
    """The shelf of `ProtocolVersion`, as `core.programme.template.add_shelf` wants it."""

    def find(self, code: str, version: str | None) -> ProtocolTemplate | None:
        """That version in any state, or the newest published one. No query for a version read before."""
        if not code.startswith(OWN):
            return None
        if version is None:
            row = newest_published(code)
        elif (code, version) in _kept:
            return _kept[code, version]
        else:
            rows = ProtocolVersion.objects.filter(code=code)
            row = rows.filter(number=version).first() if version.isdecimal() and len(version) < 6 else None
        return read(row) if row else None

    def on_offer(self) -> Iterable[ProtocolTemplate]:
        """The newest published version of each code. One query."""
        rows = ProtocolVersion.objects.filter(state=State.PUBLISHED).order_by("title", "code", "number")
        newest = {row.code: row for row in rows}
        return [read(row) for row in newest.values()]


def newest_published(code: str) -> ProtocolVersion | None:
    """The version that new courses begin with."""
    rows = ProtocolVersion.objects.filter(code=code, state=State.PUBLISHED)
    return rows.order_by("-number").first()


def read(row: ProtocolVersion) -> ProtocolTemplate:
    """The template of a row, by the one loader. Raises `DefinitionError` for a body that could not be followed."""
    key = (row.code, row.version)
    if key in _kept:
        return _kept[key]
    plan = build_template(Table(row.body, row.code), library())
    if row.published_at:
        _kept[key] = plan
    return plan


def forget() -> None:
    """Read every version anew; for tests, whose database is another each time."""
    _kept.clear()

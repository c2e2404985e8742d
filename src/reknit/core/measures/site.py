"""What one installation may show: packs it switched on, and permissions it holds.

A measure comes in one of three states. Words under our own or equal terms come switched on. Words under narrower terms
stay in a pack of their own until the site switches it on. The rest is scored and never shown, until the site has
recorded its own permission and put the words that it was given beside it.

A site says so in a folder of its own: `site.toml`, and one `<measure>.<language>.toml` for each wording it was given.

```toml
packs = ["audit"]

[[permissions]]
measure = "wsas"
given_by = "who gave it"
given_on = "2026-01-31"
reference = "letter, contract or message it can be found under"
```
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from reknit.core.data import Table, read_file


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission as the site recorded it: who gave it, when, and where it can be found."""

    given_by: str
    given_on: date
    reference: str


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Packs switched on, permissions by measure, and the folder of the words that came with them."""

    packs: frozenset[str] = frozenset()
    permissions: Mapping[str, Permission] = field(default_factory=lambda: MappingProxyType({}))
    folder: Path | None = None


NO_SITE = Site()
"""A site that has switched on nothing and holds no permission."""


def read_site(folder: Path) -> Site:
    """What the folder of a site says; nothing switched on where there is none. Raises `DefinitionError`."""
    if not (folder / "site.toml").is_file():
        return NO_SITE
    table = read_file(folder / "site.toml")
    return Site(
        packs=frozenset(table.texts("packs")),
        permissions=MappingProxyType(
            {one.text("measure"): _permission(one) for one in table.tables("permissions")}
        ),
        folder=folder,
    )


def _permission(table: Table) -> Permission:
    try:
        given_on = date.fromisoformat(table.text("given_on"))
    except ValueError:
        table.refuse("`given_on` must be a date, as in 2026-01-31.")
    return Permission(table.text("given_by"), given_on, table.text("reference"))

"""What one installation may show: packs it switched on, and permissions it holds.

A measure comes in one of three states. Words under our own or equal terms come switched on. Words under narrower terms
stay in a pack of their own until the site switches it on. The rest is scored and never shown, until the site has
recorded its own permission and put the words that it was given beside it.

A site says so on its pages, or in a folder of its own: `site.toml`, and one `<measure>.<language>.toml` for each wording
it was given. `until` is the last day of a permission that ends.

```toml
packs = ["audit"]

[[permissions]]
measure = "wsas"
given_by = "who gave it"
given_on = "2026-01-31"
reference = "letter, contract or message it can be found under"
until = "2027-01-31"
```
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from reknit.core.data import Table, read_file


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission as the site recorded it: who gave it, when, where it can be found, and the last day it holds."""

    given_by: str
    given_on: date
    reference: str
    until: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it has been given by that day and has not ended. Its last day counts.

        >>> one = Permission("A", date(2026, 1, 31), "letter", until=date(2026, 2, 28))
        >>> [one.holds(day) for day in (date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 1))]
        [False, True, False]
        """
        return self.given_on <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Packs switched on, permissions by measure, and the words that came with them.

    Words stand in a folder, or in `words` by measure and language as in `"wsas.en"`; the latter go first.
    """

    packs: frozenset[str] = frozenset()
    permissions: Mapping[str, Permission] = field(default_factory=lambda: MappingProxyType({}))
    folder: Path | None = None
    words: Mapping[str, Table] = field(default_factory=lambda: MappingProxyType({}))


NO_SITE = Site()
"""A site that has switched on nothing and holds no permission."""


def read_site(folder: Path) -> Site:
    """What the folder of a site says; nothing switched on where there is none. Raises `DefinitionError`.

    >>> read_site(Path("no-such-folder")) is NO_SITE
    True
    """
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


def with_recorded(site: Site, permissions: Mapping[str, Permission], words: Mapping[str, Table]) -> Site:
    """A site with permissions and words recorded elsewhere laid over those of its folder.

    >>> given = Permission("A", date(2026, 1, 31), "letter")
    >>> sorted(with_recorded(Site(packs=frozenset({"audit"})), {"wsas": given}, {}).permissions)
    ['wsas']
    """
    return replace(
        site,
        permissions=MappingProxyType({**site.permissions, **permissions}),
        words=MappingProxyType({**site.words, **words}),
    )


def with_packs(site: Site, packs: Iterable[str]) -> Site:
    """A site with more packs switched on.

    >>> sorted(with_packs(Site(packs=frozenset({"audit"})), ["c-ssrs"]).packs)
    ['audit', 'c-ssrs']
    """
    return replace(site, packs=site.packs | frozenset(packs))


@lru_cache(maxsize=64)
def in_force(site: Site, on: date) -> Site:
    """The site with the permissions that hold on a day, and the same object for the same day.

    >>> ended = Permission("A", date(2025, 1, 1), "letter", until=date(2026, 1, 31))
    >>> site = Site(permissions={"wsas": ended})
    >>> [len(in_force(site, date(2026, month, 1)).permissions) for month in (1, 2)]
    [1, 0]
    """
    standing = {measure: one for measure, one in site.permissions.items() if one.holds(on)}
    return site if len(standing) == len(site.permissions) else replace(site, permissions=standing)


def _permission(table: Table) -> Permission:
    until = _date(table, "until") if "until" in table else None
    return Permission(table.text("given_by"), _date(table, "given_on"), table.text("reference"), until)


def _date(table: Table, key: str) -> date:
    try:
        return date.fromisoformat(table.text(key))
    except ValueError:
        table.refuse(f"`{key}` must be a date, as in 2026-01-31.")

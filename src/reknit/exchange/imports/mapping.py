"""The mapping file: which column of a file means what here."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.core.errors import CoreError
from reknit.core.measures.catalogue import measure
from reknit.core.substance_use.catalogue import substance

FORMATS = ("xport", "csv")


@dataclass(frozen=True, slots=True)
class SheetMapping:
    """A questionnaire: the column of each item, and the values that mean the person gave no answer."""

    measure: str
    items: dict[str, str]
    no_answer: frozenset[int]
    answered_on: dt.date | None
    answered_on_column: str | None


@dataclass(frozen=True, slots=True)
class DayMapping:
    """A calendar: the columns of date and amount of one substance. An amount of zero is a day without use."""

    substance: str
    date_column: str
    amount_column: str
    unit: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """One file's meaning. Exactly one of `sheet` and `day` is there."""

    system: str
    programme: str
    format: str
    client_column: str
    client_name: str
    sheet: SheetMapping | None
    day: DayMapping | None


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; a mistake is answered with its name and place."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise DomainError(_("The mapping file is not a text file.")) from None
    except tomllib.TOMLDecodeError as problem:
        raise DomainError(_("The mapping file cannot be read: %(why)s.") % {"why": problem}) from None
    about = _table(raw, "import")
    form = _text(about, "import", "format")
    if form not in FORMATS:
        raise DomainError(_("In the mapping, import.format must be xport or csv."))
    name = _text(about, "import", "client_name")
    if "{key}" not in name:
        raise DomainError(_("In the mapping, import.client_name must hold {key}."))
    if ("measure" in raw) == ("use_days" in raw):
        raise DomainError(_("The mapping must hold one of the parts measure and use_days."))
    return Mapping(
        system=_text(about, "import", "system"),
        programme=_text(about, "import", "programme"),
        format=form,
        client_column=_text(about, "import", "client_key"),
        client_name=name,
        sheet=_sheet(_table(raw, "measure")) if "measure" in raw else None,
        day=_day(_table(raw, "use_days")) if "use_days" in raw else None,
    )


def _sheet(part: dict[str, Any]) -> SheetMapping:
    try:
        definition = measure(_text(part, "measure", "id"))
    except CoreError as problem:
        raise DomainError(str(problem)) from None
    items = _table(part, "items", "measure.items")
    known = {item.id for item in definition.items}
    if unknown := sorted(set(items) - known):
        raise DomainError(
            _("In the mapping, %(measure)s has no item %(item)s.")
            % {"measure": definition.id, "item": unknown[0]}
        )
    if missing := sorted({item.id for item in definition.items if item.scored} - set(items)):
        raise DomainError(
            _("In the mapping, measure.items must name a column for %(item)s.") % {"item": missing[0]}
        )
    on, column = part.get("answered_on"), part.get("answered_on_column")
    if (on is None) == (column is None) or not isinstance(on, dt.date | None):
        raise DomainError(
            _("In the mapping, give measure.answered_on (a date) or measure.answered_on_column.")
        )
    return SheetMapping(
        measure=definition.id,
        items={str(item): str(name) for item, name in items.items()},
        no_answer=frozenset(int(value) for value in part.get("no_answer", [])),
        answered_on=on,
        answered_on_column=column,
    )


def _day(part: dict[str, Any]) -> DayMapping:
    try:
        known = substance(_text(part, "use_days", "substance"))
    except CoreError as problem:
        raise DomainError(str(problem)) from None
    return DayMapping(
        substance=known.code,
        date_column=_text(part, "use_days", "date"),
        amount_column=_text(part, "use_days", "amount"),
        unit=str(part.get("unit", ""))[:20],
    )


def _table(raw: dict[str, Any], name: str, spoken: str = "") -> dict[str, Any]:
    found = raw.get(name)
    if not isinstance(found, dict):
        raise DomainError(_("The mapping has no part [%(name)s].") % {"name": spoken or name})
    return found


def _text(part: dict[str, Any], table: str, name: str) -> str:
    found = part.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > 80:
        raise DomainError(
            _("In the mapping, %(table)s.%(name)s must be a text of up to 80 characters.")
            % {"table": table, "name": name}
        )
    return found.strip()

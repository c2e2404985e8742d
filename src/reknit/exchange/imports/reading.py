"""Reading a file row by row, whatever its kind. A file that is not what it says gets one sentence."""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyreadstat
from django.utils.translation import gettext as _

from reknit.base.errors import DomainError

XPORT_MARK = b"HEADER RECORD*******LIBRARY HEADER RECORD"
LARGEST = 512 * 1024 * 1024
# SAS transport files hold numbers as IBM floats; many readers give a zero back as 5.4e-79.
NEARLY_ZERO = 1e-60


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its line (csv) or its number in the file (xport), and its values by column."""

    number: int
    values: dict[str, Any]


def read_rows(path: Path, form: str, columns: set[str]) -> Iterator[Row]:
    """Rows of a file, each with at least the named columns."""
    if path.stat().st_size > LARGEST:
        raise DomainError(_("This file is larger than 512 MB. Split it, then import the parts."))
    return _xport(path, columns) if form == "xport" else _csv(path, columns)


def _xport(path: Path, columns: set[str]) -> Iterator[Row]:
    with path.open("rb") as file:
        if not file.read(len(XPORT_MARK)).startswith(XPORT_MARK):
            raise DomainError(
                _("This is not a SAS transport file. Check the file, or its format in the mapping.")
            )
    try:
        table, _meta = pyreadstat.read_xport(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as problem:
        raise DomainError(_("This SAS transport file cannot be read: %(why)s.") % {"why": problem}) from None
    _check_columns(columns, set(table))
    names = list(table)
    for number, values in enumerate(zip(*table.values(), strict=True), start=1):
        yield Row(number, {name: _clean(value) for name, value in zip(names, values, strict=True)})


def _clean(value: Any) -> Any:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return 0.0 if abs(value) < NEARLY_ZERO else value
    return value


def _csv(path: Path, columns: set[str]) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_columns(columns, set(reader.fieldnames or ()))
            for values in reader:
                yield Row(reader.line_num, {k: (v or "").strip() or None for k, v in values.items() if k})
    except UnicodeDecodeError:
        raise DomainError(
            _("This is not a CSV file in UTF-8. Save it as CSV, UTF-8, then try again.")
        ) from None
    except csv.Error as problem:
        raise DomainError(_("This CSV file cannot be read: %(why)s.") % {"why": problem}) from None


def _check_columns(wanted: set[str], there: set[str]) -> None:
    if missing := sorted(wanted - there):
        raise DomainError(
            _("The file has no column %(name)s. Its columns are: %(there)s.")
            % {
                "name": missing[0],
                "there": ", ".join(n for n in sorted(there)[:20] if n.isprintable()) or _("none"),
            }
        )

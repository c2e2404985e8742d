"""Reading the floor's data files: TOML in the package, checked while it is read.

A `Table` remembers the file it came from, so that every complaint can name the file, the line and the rule.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from reknit.core.errors import DefinitionError
from reknit.core.lines import Place, line_of, lines_of


class Table:
    """One table of a TOML file, read by key and type.

    >>> Table({"title": "PHQ-9"}, "phq-9.toml").text("title")
    'PHQ-9'
    >>> Table({"title": 9}, "phq-9.toml").text("title")
    Traceback (most recent call last):
    reknit.core.errors.DefinitionError: phq-9.toml: `title` must be text that is not empty.
    """

    __slots__ = ("_place", "_text", "_values", "file")

    def __init__(self, values: dict[str, Any], file: str, text: str = "", place: Place = ()) -> None:
        self._values = values
        self._text, self._place = text, place  # lines are counted only when there is something to say
        self.file = file

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def names(self) -> tuple[str, ...]:
        return tuple(self._values)

    def has_text(self, key: str) -> bool:
        """Whether `key` holds text that is more than spaces."""
        value = self._values.get(key)
        return isinstance(value, str) and bool(value.strip())

    def over(self, values: Mapping[str, Any]) -> "Table":
        """The same table over other values, which hold where it says nothing."""
        return Table({**values, **self._values}, self.file, self._text, self._place)

    def refuse(self, rule: str, *at: str | int) -> NoReturn:
        """Raise the one kind of error a data file can cause: the file, then the rule it breaks.

        `at` is where below this table the trouble lies, such as a key, or the name of a list and a place in it.
        """
        line = line_of(lines_of(self._text), (*self._place, *at)) if self._text else None
        raise DefinitionError(f"{self.file}: {rule}", rule=rule, line=line)

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"`{key}` must be text that is not empty.", key)
        return " ".join(value.split())

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self._values else None

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            self.refuse(f"`{key}` must be one of {', '.join(allowed)}.", key)
        return value

    def whole(self, key: str) -> int:
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(f"`{key}` must be a whole number.", key)
        return value

    def optional_whole(self, key: str) -> int | None:
        return self.whole(key) if key in self._values else None

    def number(self, key: str) -> float:
        value = self._values.get(key)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            self.refuse(f"`{key}` must be a number.", key)
        return float(value)

    def optional_number(self, key: str) -> float | None:
        return self.number(key) if key in self._values else None

    def date(self, key: str) -> dt.date:
        value = self._values.get(key)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.refuse(f"`{key}` must be a day, such as 2026-11-26.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.refuse(f"`{key}` must be true or false.", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.refuse(f"`{key}` must be a list of texts.", key)
        return tuple(" ".join(one.split()) for one in value)

    def wholes(self, key: str) -> tuple[int, ...]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            self.refuse(f"`{key}` must be a list of whole numbers.", key)
        return tuple(value)

    def table(self, key: str) -> "Table":
        value = self._values.get(key)
        if not isinstance(value, dict):
            self.refuse(f"`[{key}]` is missing.")
        return Table(value, self.file, self._text, (*self._place, key))

    def tables(self, key: str) -> "tuple[Table, ...]":
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.refuse(f"`{key}` must be a list of tables.", key)
        return tuple(Table(one, self.file, self._text, (*self._place, key, n)) for n, one in enumerate(value))


def read_table(package: str, *path: str) -> Table:
    """Read one TOML file that lives inside `package`.

    Raises `DefinitionError` when the file is absent or is not TOML.
    """
    name = "/".join(path)
    try:
        text = files(package).joinpath(*path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DefinitionError(f"{name}: the file is missing.") from None
    return _parsed(text, name)


def read_file(path: Path) -> Table:
    """Read one TOML file from a folder of the clinic's own. Raises `DefinitionError` as `read_table` does."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DefinitionError(f"{path.name}: the file is missing.") from None
    except (OSError, UnicodeDecodeError):
        raise DefinitionError(f"{path.name}: the file cannot be read as text.") from None
    return _parsed(text, path.name)


def _parsed(text: str, name: str) -> Table:
    try:
        return Table(tomllib.loads(text), name, text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        rule = f"this is not valid TOML ({error})."
        raise DefinitionError(
            f"{name}: {rule}", rule=rule, line=int(found[1]) if found else max(text.count("\n"), 1)
        ) from None

"""What may reach the log: never an address that opens something by itself, never a query, never what an error was about."""

import logging
import re
import traceback
from types import TracebackType

BY_LINK = re.compile(r"(?<=/)(f|r|a|feed)/[^/\s\"']+")  # a form, a page to read, an answer, a calendar
QUERY = re.compile(r"\?[^\s\"']*")


class NoClientData(logging.Filter):
    """Cut secrets in addresses and queries out of every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; keep it."""
        line = record.getMessage()
        record.msg, record.args = QUERY.sub("?…", BY_LINK.sub(r"\1/…", line)), None
        return True


class WithoutValues(logging.Formatter):
    """Where an error happened and of what kind. Its message is left out: it may quote what somebody typed."""

    def formatException(  # noqa: N802 - the name logging calls
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The lines of the program that led there, and the kinds of error, each cause before its effect."""
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
            lines[:0] = [*frames, f"{type(error).__module__}.{type(error).__qualname__}\n"]
            error = error.__cause__ or error.__context__
        return "".join(lines).rstrip()

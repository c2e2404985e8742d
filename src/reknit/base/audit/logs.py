"""What may reach the log: never an address with a form link, never a query."""

import logging
import re

FORM_LINK = re.compile(r"/f/[^/\s\"']+")
QUERY = re.compile(r"\?[^\s\"']*")


class NoClientData(logging.Filter):
    """Cut form links and queries out of every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the line; keep it."""
        line = record.getMessage()
        record.msg, record.args = QUERY.sub("?…", FORM_LINK.sub("/f/…", line)), None
        return True

"""What the tests of this room share."""

import datetime as dt
import sys
from importlib import import_module
from typing import Any

import pytest


@pytest.fixture
def clock(monkeypatch: Any) -> Any:
    """Set the clock that views read, wherever they imported it. Every view is imported first: none keeps this clock."""
    import_module("reknit.config.urls")

    def put(instant: dt.datetime) -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith("reknit.") and callable(getattr(module, "now", None)):
                monkeypatch.setattr(module, "now", lambda: instant)

    return put

"""What the tests of this room share."""

import datetime as dt
import sys
from typing import Any

import pytest


@pytest.fixture
def clock(monkeypatch: Any) -> Any:
    """Set the clock that views read, wherever they imported it."""

    def put(instant: dt.datetime) -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith("reknit.") and callable(getattr(module, "now", None)):
                monkeypatch.setattr(module, "now", lambda: instant)

    return put

"""What every test may ask for."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from tests.cast import Cast


# How long one example takes says how busy the machine is, and nothing about the rule it tries.
hypothesis_settings.register_profile("reknit", deadline=None)
hypothesis_settings.load_profile("reknit")


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast of `tests/cast.py`."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def at() -> dt.datetime:
    """The present of most tests: three weeks into Cleo's course."""
    return dt.datetime(2026, 3, 23, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    from django.core.cache import cache

    from reknit.care.programme.shelf import forget

    cache.clear()
    forget()
    yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says why."""
    folder = Path(os.environ.get("REKNIT_REAL_DATA", ""))
    if not os.environ.get("REKNIT_REAL_DATA") or not folder.is_dir():
        pytest.skip("REKNIT_REAL_DATA does not name the folder of real data")
    return folder

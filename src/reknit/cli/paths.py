"""Where things are: the checkout, and the folder that holds a clinic's data."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
SOURCE = PROJECT / "src"


def data_folder() -> Path:
    """The clinic's data folder: REKNIT_DATA as seen from where the person stands, else `data` in the checkout."""
    named = os.environ.get("REKNIT_DATA")
    return Path(named).expanduser().absolute() if named else PROJECT / "data"


@contextmanager
def scratch_environment() -> Iterator[dict[str, str]]:
    """An environment for the developer's tools, with a data folder of its own: they never touch a clinic's."""
    with tempfile.TemporaryDirectory(prefix="reknit-") as folder:
        yield {
            **os.environ,
            "REKNIT_DATA": folder,
            "REKNIT_DATABASE_URL": "",
            "PYTHONPATH": str(SOURCE),
            "DJANGO_SETTINGS_MODULE": "reknit.config.settings",
        }

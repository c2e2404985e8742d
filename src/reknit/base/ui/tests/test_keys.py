"""The list of keys stays whole: every key that a page or a script answers to is in it."""

import re
from pathlib import Path

import reknit

ROOT = Path(reknit.__file__).parent
LIST = (ROOT / "base/ui/templates/ui/components/_key_list.html").read_text()


def test_every_key_of_every_page_is_in_the_list() -> None:
    pages = "".join(
        path.read_text() for path in ROOT.rglob("templates/**/*.html") if "styleguide" not in str(path)
    )
    records = (ROOT / "care/encounters/views/kinds.py").read_text()  # the keys that add a record are data
    used = set(re.findall(r'data-key="(.)"', pages)) | set(re.findall(r'key="(.)"', records))
    assert {"n", "l", "?"} <= used
    assert used <= set(re.findall(r"<kbd>(.)</kbd>", LIST))

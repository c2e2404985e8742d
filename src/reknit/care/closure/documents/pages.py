"""From the frozen content of a document to tagged pages. The same content gives the same bytes."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from reknit.base.documents import render_document
from reknit.base.documents.wording import Block
from reknit.care.people.queries import site


def content_of(title: str, blocks: Sequence[Block], *, on: str, notice: str, foot: str) -> dict[str, Any]:
    """Everything the pages say."""
    here = site()
    name, phone = (here.name, here.phone) if here else ("", "")
    return {
        "heading": title,
        "blocks": [one.plain() for one in blocks],
        "clinic": {"name": name, "phone": phone},
        "on": on,
        "notice": notice,
        "foot": foot,
        "language": get_language() or "en",
    }


def digest_of(content: dict[str, Any]) -> str:
    """The fingerprint of everything a document says."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def pages_of(content: dict[str, Any], *, on: dt.date, draft: str = "") -> bytes:
    """The pages. Only the heading is in the window's title: it names nobody."""
    data = {key: value for key, value in content.items() if key not in {"heading", "language"}}
    return render_document(
        data={**data, "draft": draft}, title=content["heading"], language=content["language"], on=on
    )

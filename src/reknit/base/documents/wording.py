"""Wording with fields only: words a clinic edits, with names in curly brackets from a closed list.

There is no language in it. A name in brackets is looked up in a list of plain values, once; nothing is evaluated, nothing is
reached through a value, and what a value holds is never read again. Everything else is text and is shown as typed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError

FIELD = re.compile(r"\{([a-z][a-z_]{0,39})\}")
LONGEST = 6000
Kind = Literal["text", "heading", "labelled", "list", "letter"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page: a paragraph, a heading, a label with its words, or a list. Plain values, no markup."""

    kind: Kind
    text: str = ""
    label: str = ""
    items: tuple[str, ...] = ()

    def plain(self) -> dict[str, object]:
        """As JSON can carry it."""
        return {"kind": self.kind, "text": self.text, "label": self.label, "items": list(self.items)}


Value = str | Sequence[Block]


def check(text: str, *, words: Collection[str], blocks: Collection[str] = ()) -> None:
    """Refuse wording that cannot be filled in, with one sentence that says what to do."""
    if not text.strip():
        raise DomainError(_("Write the wording first."), field="body")
    if len(text) > LONGEST:
        raise DomainError(_("Keep the wording under %(n)d characters.") % {"n": LONGEST}, field="body")
    known = {*words, *blocks}
    for name in FIELD.findall(text):
        if name not in known:
            raise DomainError(
                _("There is no field {%(name)s} in this document. Use one of: %(known)s.")
                % {"name": name, "known": ", ".join(f"{{{one}}}" for one in sorted(known))},
                field="body",
            )
    if set("{}") & set(FIELD.sub("", text)):
        raise DomainError(
            _(
                "Curly brackets hold the name of one field and nothing else, as {%(name)s}. Take the others out."
            )
            % {"name": min(known)},
            field="body",
        )
    for name in blocks:
        _check_block(text, name)


def _check_block(text: str, name: str) -> None:
    """What a document is about stands in it once, in a paragraph of its own."""
    if FIELD.findall(text).count(name) != 1 or f"{{{name}}}" not in paragraphs(text):
        raise DomainError(
            _(
                "{%(name)s} stands in this document once, in a paragraph of its own. Leave a line free before and after it."
            )
            % {"name": name},
            field="body",
        )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what free lines part.

    >>> paragraphs("One\\n\\n Two ")
    ['One', 'Two']
    """
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


def fill(text: str, values: Mapping[str, Value]) -> tuple[Block, ...]:
    """The wording with its fields filled in, paragraph by paragraph. One pass: a value is never looked into.

    >>> fill("Dear {name},", {"name": "{clinic}"})[0].text
    'Dear {clinic},'
    """
    found: list[Block] = []
    for paragraph in paragraphs(text):
        alone = FIELD.fullmatch(paragraph)
        value = values[alone.group(1)] if alone else None
        if value is not None and not isinstance(value, str):
            found += value
            continue
        filled = FIELD.sub(lambda match: _text(values[match.group(1)]), paragraph).strip()
        if filled:
            found.append(Block("text", filled))
    return tuple(found)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""

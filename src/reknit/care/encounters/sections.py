"""The parts of a note, and its frozen form with the fingerprint that proves it unaltered."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reknit.core.encounters.readings import WORDS, Piece

MAX_WORDS = 8000  # characters of own words in one section
KEYS = ("since_last", "safety", "tasks", "links", "focus", "thing_to_try", "plan")
EMERGENCY = "emergency"  # why a note was written without consent; stands first where there is one


class Told(NamedTuple):
    """One sentence of the record, and where in the record it comes from."""

    origin: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a note: what the record says, and the author's own words under it.

    `origins` says of each fact where it comes from; notes signed before that was kept have none.
    """

    key: str
    title: str
    facts: tuple[str, ...]
    words: str
    origins: tuple[str, ...] = ()


def title(key: str) -> str:
    """The heading of a section."""
    return {
        EMERGENCY: _("Written in an emergency, without consent"),
        "since_last": _("Since last time"),
        "safety": _("Safety"),
        "tasks": _("Tasks"),
        "links": _("Mood, people and use"),
        "focus": _("Focus of the session"),
        "thing_to_try": _("Thing to try"),
        "plan": _("Plan"),
    }[key]


def sections(facts: Mapping[str, Sequence[Told]], words: Mapping[str, str]) -> tuple[Section, ...]:
    """Facts and words, section by section, in the order they are read."""
    keys = ((EMERGENCY,) if words.get(EMERGENCY, "").strip() else ()) + KEYS
    return tuple(
        Section(
            key,
            title(key),
            tuple(one.sentence for one in facts.get(key, ())),
            words.get(key, ""),
            tuple(one.origin for one in facts.get(key, ())),
        )
        for key in keys
    )


def pieces(parts: Sequence[Section]) -> tuple[Piece, ...]:
    """The note in pieces that a reading can arrange: each fact by itself, then the author's own words of that part."""
    found: list[Piece] = []
    for part in parts:
        origins = part.origins or ("",) * len(part.facts)
        found += [
            Piece(part.key, part.title, origin, fact)
            for origin, fact in zip(origins, part.facts, strict=True)
        ]
        found.append(Piece(part.key, part.title, WORDS, part.words))
    return tuple(found)


def freeze(parts: Sequence[Section], signature: Mapping[str, str]) -> dict[str, Any]:
    """The note as it is kept for good: plain text, with who signed it, when, and what that means."""
    return {
        "sections": [
            {**asdict(part), "facts": list(part.facts), "origins": list(part.origins)} for part in parts
        ],
        "signature": dict(signature),
    }


def thaw(text: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of a frozen note, as they were signed."""
    return tuple(
        Section(
            part["key"], part["title"], tuple(part["facts"]), part["words"], tuple(part.get("origins", ()))
        )
        for part in text.get("sections", ())
    )


def digest(text: Mapping[str, Any]) -> str:
    """SHA-256 of a frozen note, the same however the database orders its keys."""
    plain = json.dumps(text, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()

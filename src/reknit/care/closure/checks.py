"""What is checked before a closing record is kept or given. Nothing here writes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.care.programme.models import Episode

from . import people_then_now
from .kinds import LONGEST, RECORDS, Record
from .models import ClosingRecord
from .records import latest


def kept_words(record: Record, words: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of this record that hold something, checked against what may be answered."""
    kept: dict[str, Any] = {}
    for part in record.parts:
        value = words.get(part.key) or ""
        known = dict(part.choices)
        if part.shape == "picks":
            value = [one for one in known if one in value]
        elif part.shape == "choice" and value and value not in known:
            raise DomainError(_("Choose one of the answers offered."), field=part.key)
        elif part.shape == "text":
            value = str(value).strip()
            if len(value) > LONGEST:
                raise DomainError(
                    _("“%(part)s” is too long. Keep it under %(n)d characters.")
                    % {"part": part.heading, "n": LONGEST},
                    field=part.key,
                )
        if value and part.shape != "people":
            kept[part.key] = value
    return kept


def people_chosen(record: Record, episode: Episode, people: Sequence[str]) -> list[dict[str, str]]:
    """The people chosen, with their aliases. Refuses anybody who may not be called."""
    if not people or not any(part.shape == "people" for part in record.parts):
        return []
    known = {str(one.id): one.alias for one in people_then_now.people_to_call(episode.client)}
    if any(one not in known for one in people):
        raise DomainError(
            _("Somebody on the list can no longer be called: they use now, are marked unsafe, or do not support recovery. Save the plan again without them."),
            field="people",
        )  # fmt: skip
    return [{"id": one, "alias": alias} for one, alias in known.items() if one in people]


def rests_on_given(record: Record, episode: Episode) -> None:
    """Refuse a record whose base was not given yet."""
    if record.rests_on is None:
        return
    below = ClosingRecord.objects.filter(episode=episode, kind=record.rests_on)
    if latest(below) is None:
        raise DomainError(
            _("Give “%(below)s” first: this plan rests on it.") % {"below": RECORDS[record.rests_on].title}
        )


def digest_of_record(row: ClosingRecord) -> str:
    """The fingerprint of everything a given record says."""
    what = [row.kind, row.version, row.words, row.people]
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

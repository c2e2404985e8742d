"""What both letters carry of the closing work: gains, warning signs, plans, what comes next and follow-up."""

import re
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import people_then_now
from .kinds import RECORDS, label
from .models import ClosingRecord, FollowUp, Letter
from .records import Standing, records_of

Kind = ClosingRecord.Kind
CARRIED = (Kind.GAINS, Kind.SIGNS, Kind.STAYING_WELL, Kind.CONTINGENCY)
EMPTY: dict[str, Any] = {"records": [], "disposition": "", "follow_ups": []}


def closing_facts(letter: Letter) -> dict[str, Any]:
    """The closing work as plain values. Only what was given; a draft is in no letter. Three queries at most.

    A letter to colleagues names nobody of the client's life: aliases never leave the clinic.
    """
    episode = letter.episode
    found = records_of(episode)
    to_client = letter.kind == Letter.Kind.PLAIN
    standing = [found[kind] for kind in CARRIED if found[kind].given]
    hidden = () if to_client or not standing else people_then_now.aliases_of(episode.client)
    decided = found[Kind.DISPOSITION].given
    return {
        "records": [_record(one, hidden, with_people=to_client) for one in standing],
        "disposition": _next(decided, hidden),
        "follow_ups": [_follow_up(row) for row in _to_do(episode.pk)],
    }


def _record(one: Standing, hidden: Sequence[str], *, with_people: bool) -> dict[str, Any]:
    row = one.given
    assert row is not None and row.given_at is not None and row.given_by is not None
    return {
        "key": one.key,
        "title": str(one.record.title),
        "client_title": str(one.record.client_title),
        "version": row.version,
        "on": date_format(row.given_at, "j F Y"),
        "by": row.given_by.name,
        "parts": [
            {
                "heading": part.heading,
                "client_heading": part.client_heading,
                "text": without_aliases(part.text, hidden),
            }
            for part in one.said
            if part.key != "people" or with_people
        ],
    }


def _next(row: ClosingRecord | None, hidden: Sequence[str]) -> str:
    """The decision and why, in one line."""
    if row is None:
        return ""
    choice = RECORDS[Kind.DISPOSITION].part("choice")
    assert choice is not None
    words = {
        "choice": label(choice, row.words["choice"]),
        "why": without_aliases(row.words["reason"], hidden),
    }
    return _("%(choice)s. %(why)s") % words


def _to_do(episode_id: Any) -> list[FollowUp]:
    rows = FollowUp.objects.filter(episode=episode_id, state=FollowUp.State.DUE)
    return list(rows.select_related("booked_by").order_by("due_on"))


def _follow_up(row: FollowUp) -> dict[str, str]:
    return {
        "label": ngettext("%(n)d month after the end", "%(n)d months after the end", row.months)
        % {"n": row.months},
        "on": date_format(row.due_on, "j F Y"),
        "booked": _("Booked by %(by)s on %(on)s")
        % {"by": row.booked_by.name, "on": date_format(row.booked_at, "j F Y")},
    }


def without_aliases(text: str, aliases: Sequence[str]) -> str:
    """The text with nobody of the client's life named by alias.

    >>> without_aliases("I stop calling Jo. John is fine.", ["Jo"])
    'I stop calling [someone close]. John is fine.'
    """
    if not aliases:
        return text
    found = "|".join(re.escape(alias) for alias in aliases)
    return re.sub(rf"(?<!\w)(?:{found})(?!\w)", str(_("[someone close]")), text)

"""Writing down a level of care: what was held to be right, what could be had, and why they differ."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.coordination.facts import facts_to_consider
from reknit.care.coordination.models import LevelOfCareNote, Treatment
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.core.coordination.dimensions import EDITIONS, Fact

from .common import held, open_course, same_client, words


@action
def record_level(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    edition: str,
    wanted: str,
    given: str,
    why: str,
    gap_reason: str = "",
    client_wants: str = "",
    facts: Sequence[Fact] | None = None,
) -> LevelOfCareNote:
    """Write down the level wanted and the level given. The facts are kept beside it as they stand; they decided nothing.

    `facts` are those that were on the page, where it did not show the whole chart.
    """
    client = held(client, at=at)
    if found := LevelOfCareNote.objects.filter(pk=key).first():
        same_client(found.client_id, client)
        audit.unchanged()
        return found
    if edition not in EDITIONS:
        raise DomainError(_("Choose an edition from the list."), field="edition")
    for name, value in (("wanted", wanted), ("given", given)):
        if value not in LevelOfCareNote.Level.values:
            raise DomainError(_("Choose a level from the list."), field=name)
    gap_reason = words(gap_reason, field="gap_reason", most=2000)
    if wanted != given and not gap_reason:
        raise DomainError(_("Write why the two differ."), field="gap_reason")
    on = local_date(at, zone())
    episode = open_course(client)
    note = LevelOfCareNote.objects.create(
        pk=key,
        client=client,
        episode=episode,
        edition=edition,
        on=on,
        wanted=wanted,
        given=given,
        gap_reason=gap_reason,
        why=words(why, field="why", most=2000, required=True),
        client_wants=words(client_wants, field="client_wants"),
        facts=[
            {"topic": one.topic, "sentence": one.sentence, "on": one.on.isoformat() if one.on else None}
            for one in (facts_to_consider(client, today=on) if facts is None else facts)
        ],
        by=by,
        at=at,
    )
    _settle(client, on=on, by=by, at=at)
    audit.record(
        "record level of care", by=by, at=at, subject=note, client=client, detail={"edition": edition}
    )
    return note


def _settle(client: Client, *, on: dt.date, by: User, at: dt.datetime) -> None:
    """What a plan B asked for, to look at the level again, is done with this note."""
    waiting = Treatment.objects.filter(
        client=client, kind=Treatment.Kind.LEVEL, state=Treatment.State.PLANNED
    )
    waiting.update(
        state=Treatment.State.ENDED,
        starts_on=on,
        ends_on=on,
        end_reason=_("The level of care was written down."),
        changed_by=by,
        changed_at=at,
    )

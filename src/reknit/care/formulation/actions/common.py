"""What the actions of the room share."""

import datetime as dt
import uuid
from typing import Any

from reknit.base.accounts.models import User
from reknit.base.races import hold
from reknit.care.formulation.entries import check_open
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode


def locked(episode: Episode) -> Episode:
    """The episode as it stands, held until the end: whether something is there already is decided under it."""
    client = hold(episode.client)  # a chart is held from its client down
    episode = hold(episode)
    episode.client = client
    check_open(episode)
    return episode


def report(
    episode: Episode, kind: str, source_id: uuid.UUID, value: dict[str, Any], *, by: User, at: dt.datetime
) -> None:
    record_fact(
        by=by, at=at, episode=episode, kind=kind, source="formulation", source_id=source_id, value=value
    )

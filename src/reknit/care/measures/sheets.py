"""One answered sheet on its way to being recorded."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from reknit.base.accounts.models import User
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode


@dataclass(frozen=True, slots=True)
class Sheet:
    """Who answered what, when, and who wrote it down. `by` is nobody when the client answered by link."""

    client: Client
    measure: str
    answers: Mapping[str, int | None]
    mode: str
    answered_at: dt.datetime
    at: dt.datetime
    by: User | None
    episode: Episode | None = None
    slot: int | None = None
    encounter_id: uuid.UUID | None = None
    key: uuid.UUID | None = None

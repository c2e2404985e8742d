"""What the course page shows beside the figures: the people then and now, and what is worked on."""

import uuid
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reknit.care.formulation.models import FormulationAnswer
from reknit.care.formulation.queries import Focus, active_foci, current_formulation, latest_answer
from reknit.care.network.circles import Person
from reknit.care.network.drawing import picture, ring_names, then_and_now
from reknit.care.network.queries import Signed, compare, signed_versions
from reknit.care.network.wording import changes
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the table beside the two circles; empty where they were not on that version."""

    alias: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class People:
    """The first signed circle of the course and the latest. Without a second one there is only `then`."""

    then: Signed
    now: Signed | None
    pictures: tuple[SafeString, ...]
    sentences: tuple[str, ...]
    rows: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class FocusLine:
    """What the course works on, and what the client said last to the account of it."""

    foci: tuple[Focus, ...]
    is_shared: bool
    answer: FormulationAnswer | None


def people(client: Client, episode: Episode) -> People | None:
    """Then and now, of the circles signed in this course; nothing before the first. One query."""
    signed = signed_versions(client, episode=episode)
    if not signed:
        return None
    then, now = signed[0], signed[-1] if len(signed) > 1 else None
    if now is None:
        return People(then, None, (picture(then.circle, width="small"),), (), _rows(then, None))
    found = compare(then.circle, now.circle)
    pictures = then_and_now(then.circle, now.circle)
    return People(then, now, pictures, tuple(changes(found)), _rows(then, now))


def _rows(then: Signed, now: Signed | None) -> tuple[PersonRow, ...]:
    """Everybody on either circle, in the order in which they were named."""
    everybody: dict[uuid.UUID, Person] = {one.id: one for one in then.circle.people}
    everybody |= {one.id: one for one in now.circle.people} if now else {}
    return tuple(
        PersonRow(one.alias, _place(then, key), _place(now, key) if now else "")
        for key, one in everybody.items()
    )


def _place(version: Signed, key: uuid.UUID) -> str:
    """The ring in words; a question mark on the circle without a ring; empty for somebody who is not on it."""
    one = version.circle.person(key)
    if one is None:
        return ""
    return ring_names()[one.ring] if one.ring else "?"


def focus_line(episode: Episode) -> FocusLine:
    """The focus areas worked on, and the client's latest answer to the version that stands. Four queries at most."""
    text = current_formulation(episode)
    return FocusLine(
        foci=tuple(active_foci(episode)),
        is_shared=text is not None,
        answer=latest_answer(text) if text else None,
    )

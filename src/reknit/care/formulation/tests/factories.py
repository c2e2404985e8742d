"""A story as a course makes one: people, a death, a focus, a text with its five elements."""

import datetime as dt
from typing import Any

from tests.cast import Cast

from reknit.care.formulation.actions import (
    add_event,
    agree_focus,
    begin_formulation,
    propose_focus,
    save_formulation,
    share_formulation,
)
from reknit.care.formulation.entries import EventEntry, FocusEntry
from reknit.care.formulation.models import FocusArea, Formulation, TimelineEvent
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client

WORDS = {
    "told": "For a year you have felt low and slept badly.",
    "condition": "Doctors call this depression.",
    "treatable": "It is common and it can be treated. It is not your fault.",
    "people": "It grew heavier in May, after your sister died.",
    "use": "Drink became a way to get through the evening.",
    "focus": "I suggest we work on losing your sister.",
    "strengths": "You have Jo on your side.",
    "plan": "We meet 16 times, up to 8 July.",
    "invite": "Does this fit? What would you change?",
}
MARKS = {"people": ["anchor", "time_link"]}


def person(client: Client, alias: str, at: dt.datetime) -> Relationship:
    return Relationship.objects.create(client=client, alias=alias, added_at=at)


def event(cast: Cast, at: dt.datetime, title: str = "Death of D.", **more: Any) -> TimelineEvent:
    entry = EventEntry(**{"title": title, "starts_on": dt.date(2026, 2, 10), "kind": "death", **more})
    return add_event(by=cast.ana, at=at, client=cast.cleo, entry=entry)


def proposed(cast: Cast, at: dt.datetime, area: str = "grief", **more: Any) -> FocusArea:
    entry = FocusEntry(**{"area": area, "named": "her sister", **more})
    return propose_focus(by=cast.ana, at=at, episode=cast.cleo_episode, entry=entry)


def agreed(cast: Cast, at: dt.datetime, area: str = "grief", **more: Any) -> FocusArea:
    return agree_focus(by=cast.ana, at=at, focus=proposed(cast, at, area, **more))


def draft(cast: Cast, at: dt.datetime, **words: str) -> Formulation:
    begun = begin_formulation(by=cast.ana, at=at, episode=cast.cleo_episode)
    return save_formulation(
        by=cast.ana,
        at=at,
        formulation=begun,
        revision=begun.revision,
        words={**WORDS, **words},
        marks=MARKS,
        diagnosis="Depression",
    )


def shared(cast: Cast, at: dt.datetime, **words: str) -> Formulation:
    text = draft(cast, at, **words)
    return share_formulation(by=cast.ana, at=at, formulation=text, revision=text.revision, how="spoken")

"""Closing work made through the room's own actions, for the tests of this room."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.care.closure import people_then_now
from reknit.care.closure.actions import give_record, save_record
from reknit.care.closure.models import ClosingRecord
from reknit.care.closure.people_then_now import Circles, PersonToCall, ThenNow
from reknit.care.programme.models import CourseFact, Episode

WORDS: dict[str, dict[str, Any]] = {
    "ending_talk": {"feelings": ["sad", "proud"], "words": "It was my hour."},
    "gains": {"mood": "I sleep.", "ties": "I ring my sister.", "credit": "I kept coming."},
    "signs": {"mood": "I stop cooking.", "use": "I walk past the old bar.", "ties": "I do not answer."},
    "staying_well": {"steps": "Ring my sister. Walk.", "safe_use": "Keep naloxone at home."},
    "contingency": {"stress_1": "Her birthday in May", "response_1": "Go to the sea with Jo."},
    "disposition": {"choice": "end", "reason": "The goals are met."},
    "non_response": {
        "said": "This treatment did not do enough.", "alternatives": ["cbt", "medication"], "plan": "Dr A., 3 June.",
    },
    "early_ending": {
        "reason": "moved", "safety": "Safe today.", "leaflet": "given", "referral": "Clinic in Lyon.",
        "door": "Told her she can ring.",
    },
}  # fmt: skip


def drafted(cast: Cast, kind: str, *, at: dt.datetime, people: Any = None, **words: Any) -> ClosingRecord:
    """A draft in Cleo's course."""
    record = ClosingRecord.objects.filter(episode=cast.cleo_episode, kind=kind, state="draft").first()
    return save_record(
        by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind, revision=record.revision if record else 0,
        words={**WORDS[kind], **words}, people=people or [],
    )  # fmt: skip


def given(cast: Cast, kind: str, *, at: dt.datetime, people: Any = None, **words: Any) -> ClosingRecord:
    """A record of Cleo's course that was given."""
    record = drafted(cast, kind, at=at, people=people, **words)
    return give_record(by=cast.ana, at=at, record=record, revision=record.revision)


def facts_of(episode: Episode) -> dict[str, Any]:
    """Kind and value of the facts of a course that count."""
    return dict(CourseFact.objects.filter(episode=episode, withdrawn_at=None).values_list("kind", "value"))


def circle_of(monkeypatch: pytest.MonkeyPatch, *people: str, signed: int = 2) -> list[PersonToCall]:
    """Give every client a signed circle and these people to call."""
    known = [PersonToCall(uuid.uuid5(uuid.NAMESPACE_OID, alias), alias) for alias in people]
    on = dt.date(2026, 3, 9)
    compared = ThenNow(
        1, signed, on, on + dt.timedelta(days=70), ("Jo moved closer.", "Sal is no longer listed.")
    )
    found = Circles(signed, compared if signed > 1 else None)
    monkeypatch.setattr(people_then_now, "circles", lambda episode: found)
    monkeypatch.setattr(people_then_now, "people_to_call", lambda client: tuple(known))
    return known

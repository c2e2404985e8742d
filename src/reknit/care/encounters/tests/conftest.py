"""What the tests of sessions share: the cast, a session under way, and words to put in its note."""

import datetime as dt

import pytest
from tests.cast import Cast

from reknit.care.encounters import actions
from reknit.care.encounters.models import Encounter, ProgressNote


@pytest.fixture
def session(cast: Cast, at: dt.datetime) -> Encounter:
    """Cleo's first session with Ana, under way."""
    return actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )


@pytest.fixture
def note(session: Encounter) -> ProgressNote:
    """The draft note of that session."""
    return session.note

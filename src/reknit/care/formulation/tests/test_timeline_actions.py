"""The timeline: what is told is kept, put right and signed off, and two marks make the link."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation.actions import (
    add_event,
    change_event,
    mark_closest_change,
    mark_onset,
    set_aside_event,
    sign_timeline,
)
from reknit.care.formulation.entries import EventEntry, when_words
from reknit.care.formulation.models import TimelineEvent, TimelineVersion
from reknit.care.formulation.queries import events_of
from reknit.care.programme.models import CourseFact

from .factories import event, person

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 2, 10)


def standing(kind: str) -> list[dict[str, Any]]:
    return list(CourseFact.objects.filter(kind=kind, withdrawn_at=None).values_list("value", flat=True))


def test_event_keeps_what_was_told_and_leaves_blanks_blank(cast: Cast, at: dt.datetime) -> None:
    sister = person(cast.cleo, "D.", at)
    row = event(cast, at, lane="relationship", relationships=(sister,), impact=-5, is_restricted=True)
    assert list(row.relationships.all()) == [sister] and row.impact == -5 and row.is_restricted
    assert row.mood_then is None and row.use_change == ""
    told = AuditEvent.objects.get(verb="add timeline event")
    assert told.detail == {"lane": "relationship"}  # no title and no alias


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "one\x07two"}, "title"),
        ({"lane": "weather"}, "lane"),
        ({"starts_on": dt.date(1066, 1, 1)}, "starts_on"),
        ({"starts_on": dt.date(2099, 1, 1)}, "starts_on"),
        ({"ends_on": DAY - dt.timedelta(days=1)}, "ends_on"),
        ({"impact": 6}, "impact"),
        ({"mood_then": 11}, "mood_then"),
    ],
)
def test_event_that_cannot_be_is_refused(
    cast: Cast, at: dt.datetime, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        event(cast, at, **{"starts_on": DAY, **wrong})
    assert refused.value.field == field and not TimelineEvent.objects.exists()


def test_event_takes_no_person_of_another_client(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError):
        event(cast, at, relationships=(person(cast.eli, "Z.", at),))


def test_double_send_adds_one_event(cast: Cast, at: dt.datetime) -> None:
    key, entry = uuid.uuid4(), EventEntry("Move", DAY)
    for _again in range(2):
        add_event(by=cast.ana, at=at, client=cast.cleo, entry=entry, key=key)
    assert TimelineEvent.objects.count() == 1
    with pytest.raises(DomainError, match="used before"):
        add_event(by=cast.dov, at=at, client=cast.eli, entry=entry, key=key)


def test_second_editor_of_an_event_overwrites_nothing(cast: Cast, at: dt.datetime) -> None:
    row = event(cast, at)
    change_event(by=cast.ana, at=at, event=row, revision=0, entry=EventEntry("Mine", DAY))
    with pytest.raises(Conflict):
        change_event(by=cast.ana, at=at, event=row, revision=0, entry=EventEntry("Yours", DAY))
    row.refresh_from_db()
    assert (row.title, row.revision) == ("Mine", 1)


def test_both_marks_make_one_link_that_moves_with_them(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    first, second = event(cast, at), event(cast, at, title="Row with M.")
    mark_onset(by=cast.ana, at=at, event=first, episode=episode)
    assert standing("onset_link") == []
    mark_closest_change(by=cast.ana, at=at, event=first, episode=episode)
    assert standing("onset_link") == [{"event": str(first.pk)}]
    mark_closest_change(by=cast.ana, at=at, event=second, episode=episode)
    assert standing("onset_link") == [{"event": str(second.pk)}]
    assert TimelineEvent.objects.filter(is_closest_change=True).get() == second
    set_aside_event(by=cast.ana, at=at, event=second, episode=episode)
    assert standing("onset_link") == []
    with pytest.raises(DomainError, match="set aside"):
        mark_onset(by=cast.ana, at=at, event=second, episode=episode)


def test_event_set_aside_leaves_the_line_and_stays_in_the_table(cast: Cast, at: dt.datetime) -> None:
    row = event(cast, at)
    set_aside_event(by=cast.ana, at=at, event=row)
    assert not events_of(cast.cleo).exists() and TimelineEvent.objects.get() == row
    with pytest.raises(DomainError, match="set aside"):
        change_event(by=cast.ana, at=at, event=row, revision=0, entry=EventEntry("Later", DAY))


def test_signed_timeline_is_numbered_and_signed_again_only_when_changed(cast: Cast, at: dt.datetime) -> None:
    episode = cast.cleo_episode
    with pytest.raises(DomainError, match="no event"):
        sign_timeline(by=cast.ana, at=at, episode=episode)
    event(cast, at)
    versions = [sign_timeline(by=cast.ana, at=at, episode=episode) for _again in range(2)]
    assert versions[0] == versions[1] and standing("timeline_made") == [{"version": 1, "events": 1}]
    event(cast, at, title="Move", kind="change")
    assert sign_timeline(by=cast.ana, at=at, episode=episode).number == 2
    assert standing("timeline_made")[-1] == {"version": 2, "events": 2}


def test_signed_version_is_never_changed_or_removed(cast: Cast, at: dt.datetime) -> None:
    event(cast, at)
    sign_timeline(by=cast.ana, at=at, episode=cast.cleo_episode)
    rows = TimelineVersion.objects.all()
    for change in (lambda: rows.update(content=[]), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert len(rows.get().content) == 1


@pytest.mark.parametrize(
    ("precision", "words"),
    [("day", "3 May 2026"), ("month", "May 2026"), ("season", "spring 2026"), ("year", "2026")],
)
def test_day_is_said_as_exactly_as_it_is_known(precision: str, words: str) -> None:
    assert when_words(dt.date(2026, 5, 3), precision) == words

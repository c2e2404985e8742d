"""Every change to the timeline."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.formulation.entries import EventEntry, check_event
from reknit.care.formulation.models import LeftQuestion, TimelineEvent, TimelineVersion
from reknit.care.formulation.queries import events_of
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import withdraw_fact
from reknit.care.programme.models import Episode

from .common import locked, report


@action
def add_event(
    *, by: User, at: dt.datetime, client: Client, entry: EventEntry, key: uuid.UUID | None = None
) -> TimelineEvent:
    """Put an event on the timeline. `key` may have been made by the page, so that a double send adds one."""
    known = TimelineEvent.objects.filter(pk=key).first() if key else None
    if known and known.client_id == client.pk:
        audit.unchanged()
        return known
    if known:
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
    entry = check_event(entry, client=client, today=local_date(at, zone()))
    event = TimelineEvent.objects.create(
        **({"id": key} if key else {}), client=client, added_by=by, added_at=at, **_columns(entry)
    )
    event.relationships.set(entry.relationships)
    event.linked.set(entry.linked)
    audit.record(
        "add timeline event", by=by, at=at, subject=event, client=client, detail={"lane": event.lane}
    )
    return event


@action
def change_event(
    *, by: User, at: dt.datetime, event: TimelineEvent, revision: int, entry: EventEntry
) -> TimelineEvent:
    """Put an event right. Refuses when somebody else changed it first, and gives back what stands."""
    client = event.client
    entry = check_event(entry, client=client, today=local_date(at, zone()))
    changed = TimelineEvent.objects.filter(pk=event.pk, revision=revision, set_aside_at=None).update(
        **_columns(entry), revision=revision + 1, changed_by=by, changed_at=at
    )
    event.refresh_from_db()
    if not changed:
        if event.set_aside_at:
            raise DomainError(_("This event was set aside. Add it again if it belongs here."))
        raise Conflict(_("Somebody else changed this event while you wrote."), theirs={"title": event.title})
    event.relationships.set(entry.relationships)
    event.linked.set([other for other in entry.linked if other.pk != event.pk])
    audit.record("change timeline event", by=by, at=at, subject=event, client=client)
    return event


@action
def set_aside_event(
    *, by: User, at: dt.datetime, event: TimelineEvent, episode: Episode | None = None
) -> TimelineEvent:
    """Take an event off the timeline. The row stays, and loses its marks."""
    event = TimelineEvent.objects.select_for_update().get(pk=event.pk)
    if event.set_aside_at:
        audit.unchanged()
        return event
    was_marked = event.is_onset or event.is_closest_change
    event.set_aside_by, event.set_aside_at = by, at
    event.is_onset = event.is_closest_change = False
    event.save(update_fields=["set_aside_by", "set_aside_at", "is_onset", "is_closest_change"])
    audit.record("set aside timeline event", by=by, at=at, subject=event, client=event.client_id)
    if was_marked and episode:
        _report_onset_link(episode, by=by, at=at)
    return event


@action
def mark_onset(
    *, by: User, at: dt.datetime, event: TimelineEvent, episode: Episode | None = None
) -> TimelineEvent:
    """Mark the event with which it began. One event carries the mark; it moves."""
    return _mark("is_onset", event, episode, by=by, at=at)


@action
def mark_closest_change(
    *, by: User, at: dt.datetime, event: TimelineEvent, episode: Episode | None = None
) -> TimelineEvent:
    """Mark the change with people that stands closest to the onset. One event carries the mark; it moves."""
    return _mark("is_closest_change", event, episode, by=by, at=at)


@action
def sign_timeline(*, by: User, at: dt.datetime, episode: Episode) -> TimelineVersion:
    """Keep the timeline as it stands as the next version. Nothing new to keep makes none."""
    episode = locked(episode)
    content = [_as_values(event) for event in events_of(episode.client)]
    if not content:
        raise DomainError(_("There is no event yet. Add at least one, then sign the timeline off."))
    latest = TimelineVersion.objects.filter(episode=episode).order_by("-number").first()
    if latest and latest.content == content:
        audit.unchanged()
        return latest
    version = TimelineVersion.objects.create(
        episode=episode,
        number=latest.number + 1 if latest else 1,
        content=content,
        signed_by=by,
        signed_at=at,
    )
    value = {"version": version.number, "events": len(content)}
    report(episode, "timeline_made", version.pk, value, by=by, at=at)
    audit.record("sign timeline", by=by, at=at, subject=version, client=episode.client_id, detail=value)
    return version


def _columns(entry: EventEntry) -> dict[str, Any]:
    names = [name for name in EventEntry.__slots__ if name not in {"relationships", "linked"}]
    return {name: getattr(entry, name) for name in names}


def _mark(
    flag: str, event: TimelineEvent, episode: Episode | None, *, by: User, at: dt.datetime
) -> TimelineEvent:
    hold(event.client)
    event = TimelineEvent.objects.select_for_update().get(pk=event.pk)
    if event.set_aside_at:
        raise DomainError(_("This event was set aside. Add it again if it belongs here."))
    if getattr(event, flag):
        audit.unchanged()
        return event
    TimelineEvent.objects.filter(client=event.client_id, **{flag: True}).update(**{flag: False})
    setattr(event, flag, True)
    event.save(update_fields=[flag])
    verb = "mark onset" if flag == "is_onset" else "mark closest change"
    audit.record(verb, by=by, at=at, subject=event, client=event.client_id)
    if episode:
        _report_onset_link(episode, by=by, at=at)
    return event


def _report_onset_link(episode: Episode, *, by: User, at: dt.datetime) -> None:
    """Onset and closest change make one fact together; it is taken back when either mark goes or moves."""
    withdraw_fact(by=by, at=at, episode=episode, kind="onset_link")
    marked = TimelineEvent.objects.filter(client=episode.client_id)
    closest = marked.filter(is_closest_change=True).first()
    if closest and marked.filter(is_onset=True).exists():
        report(episode, "onset_link", closest.pk, {"event": str(closest.pk)}, by=by, at=at)


def _as_values(event: TimelineEvent) -> dict[str, Any]:
    """An event as a version keeps it."""
    plain = {
        name: getattr(event, name) for name in EventEntry.__slots__ if name not in {"relationships", "linked"}
    }
    return {
        **plain,
        "id": str(event.pk),
        "starts_on": event.starts_on.isoformat(),
        "ends_on": event.ends_on.isoformat() if event.ends_on else None,
        "relationships": sorted(str(person.pk) for person in event.relationships.all()),
        "linked": sorted(str(other.pk) for other in event.linked.all()),
        "is_onset": event.is_onset,
        "is_closest_change": event.is_closest_change,
    }


@action
def leave_question(*, by: User, at: dt.datetime, event: TimelineEvent, on: dt.date) -> None:
    """Leave a question of the line alone: whether this event and what came on that day belong together."""
    _row, made = LeftQuestion.objects.get_or_create(
        event=event, on=on, defaults={"left_by": by, "left_at": at}
    )
    if not made:
        audit.unchanged()
        return
    audit.record("leave timeline question", by=by, at=at, subject=event, client=event.client_id)

"""Courses with a past, made through the rooms' actions by today's clock: pages read the clock themselves."""

import datetime as dt
import uuid
from collections.abc import Sequence

from tests.cast import ZONE, Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now, start_of
from reknit.care.encounters.actions import book_appointment, start_encounter
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
from reknit.care.formulation.tests.factories import MARKS, WORDS
from reknit.care.intake.actions import accept_referral, record_referral
from reknit.care.measures.actions import record_administration
from reknit.care.network.actions import add_relationship, begin_version, sign_off_version
from reknit.care.network.models import CircleVersion, Relationship
from reknit.care.network.queries import open_version
from reknit.care.programme.models import Episode
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry

WEEK = dt.timedelta(weeks=1)


def a_course(
    cast: Cast, *, given: str = "Nia", family: str = "Moss", weeks: int = 3, clinician: User | None = None
) -> Episode:
    """Somebody in care for some weeks, by default with Ana."""
    begun = now() - WEEK * weeks - dt.timedelta(hours=2)
    referral = record_referral(
        by=cast.ina,
        at=begun,
        key=uuid.uuid4(),
        programme=cast.programme,
        given_name=given,
        family_name=family,
        source="self",
        received_at=begun - dt.timedelta(hours=1),
    )
    return accept_referral(
        by=cast.ina,
        at=begun,
        referral=referral,
        how="paper",
        given_at=begun,
        clinician=clinician or cast.ana,
        starts_on=begun.date() + dt.timedelta(days=1),
        ends_on=begun.date() + dt.timedelta(days=120),
    )


def sessions(episode: Episode, clinician: User, *, scores: Sequence[int | None]) -> None:
    """One weekly session for each entry, the last of them an hour ago, or today's first instant where that is later."""
    last = max(now() - dt.timedelta(hours=1), start_of(today(), ZONE))
    for back, total in zip(range(len(scores) - 1, -1, -1), scores, strict=True):
        at = last - WEEK * back
        held = start_encounter(by=clinician, at=at, episode=episode, outcome="attended", starts_at=at)
        if total is not None:
            record_administration(
                by=clinician,
                at=at,
                client=episode.client,
                measure="phq-9",
                answers=phq9(total),
                mode="session",
                episode=episode,
                slot=held.slot,
                encounter_id=held.pk,
                answered_at=at,
            )


def phq9(total: int) -> dict[str, int | None]:
    """Answers that sum to a total, never touching item 9."""
    values = [min(3, max(0, total - 3 * place)) for place in range(8)]
    return {f"phq9_{number}": value for number, value in enumerate([*values, 0], start=1)}


def use_days(episode: Episode, clinician: User, *, marks: str) -> None:
    """Days up to yesterday, oldest first: u used, n no use, . not known."""
    monitor(
        by=clinician,
        at=now(),
        client=episode.client,
        substance="alcohol",
        starts_on=episode.starts_on,
        is_primary=True,
    )
    first = today() - dt.timedelta(days=len(marks))
    days = [
        DayEntry(first + dt.timedelta(days=place), "alcohol", mark == "u")
        for place, mark in enumerate(marks)
        if mark != "."
    ]
    record_use_days(by=clinician, at=now(), client=episode.client, days=days, source="interview")


def booked(episode: Episode, clinician: User, *, hours: float) -> None:
    """A session some hours from now."""
    book_appointment(
        by=clinician,
        at=now(),
        episode=episode,
        clinician=clinician,
        starts_at=now() + dt.timedelta(hours=hours),
        may_overlap=True,
    )


def circle(cast: Cast, episode: Episode, *rings: int) -> CircleVersion:
    """A signed circle with somebody new in each of these rings, beside whoever is on it."""
    for number, ring in enumerate(rings):
        alias = f"P{Relationship.objects.filter(client=episode.client).count()}{number}"
        add_relationship(
            by=cast.ana, at=now(), client=episode.client, alias=alias, relation="friend", ring=ring
        )
    version = open_version(episode.client) or begin_version(by=cast.ana, at=now(), client=episode.client)
    return sign_off_version(
        by=cast.ana,
        at=now(),
        version=version,
        revision=version.revision,
        author="together",
        treatment_asked=True,
    )


def an_event(cast: Cast, episode: Episode, title: str, *, weeks_ago: int = 2) -> TimelineEvent:
    """Something that happened on a day some weeks ago."""
    on = today() - WEEK * weeks_ago
    entry = EventEntry(title=title, starts_on=on)
    return add_event(by=cast.ana, at=now(), client=episode.client, entry=entry)


def a_focus(cast: Cast, episode: Episode) -> FocusArea:
    """Grief, agreed."""
    entry = FocusEntry(area="grief", named="her sister")
    return agree_focus(
        by=cast.ana, at=now(), focus=propose_focus(by=cast.ana, at=now(), episode=episode, entry=entry)
    )


def a_story(cast: Cast, episode: Episode) -> Formulation:
    """A formulation that was shared."""
    begun = begin_formulation(by=cast.ana, at=now(), episode=episode)
    kept = save_formulation(
        by=cast.ana,
        at=now(),
        formulation=begun,
        revision=begun.revision,
        words=WORDS,
        marks=MARKS,
        diagnosis="Depression",
    )
    return share_formulation(by=cast.ana, at=now(), formulation=kept, revision=kept.revision, how="portal")

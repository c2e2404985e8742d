"""Reads about a course."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from reknit.care.consent.queries import has_care_consent
from reknit.care.people.models import Client
from reknit.core.errors import BadInput
from reknit.core.measures.site import Site, read_site
from reknit.core.programme.course import Course
from reknit.core.programme.extension import planned_for
from reknit.core.programme.facts import Fact
from reknit.core.programme.gates import Decision, consent_gate
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.reading import read_course
from reknit.core.programme.template import template, templates

from .models import CourseFact, Episode


def current_episode(client: Client) -> Episode | None:
    """The open episode, else the latest closed one, else nothing."""
    return Episode.objects.filter(client=client).order_by("-status", "-starts_on").first()


def this_site() -> Site:
    """Which words this clinic may show: packs it switched on, permissions it recorded. Read once, at first use."""
    return _site(settings.DATA / "measures")


@cache
def _site(folder: Path) -> Site:
    return read_site(folder)


def clinical_content(client: Client, *, at: dt.datetime, emergency_reason: str | None = None) -> Decision:
    """Gate G01: may clinical content be written about this client now?"""
    return consent_gate(has_care_consent(client, at=at), emergency_reason)


def plan_of(episode: Episode) -> ProtocolTemplate:
    """The protocol of a course over the sessions that are agreed for it. No query."""
    plan = template(episode.protocol, episode.protocol_version)
    try:
        return planned_for(plan, episode.planned_sessions)
    except BadInput:
        return plan


def facts_of(episode: Episode) -> list[CourseFact]:
    """Every fact of a course, in the order of time. One query."""
    return list(CourseFact.objects.filter(episode=episode).order_by("at"))


def course_from(episode: Episode, facts: Iterable[CourseFact]) -> Course:
    """Where a course stands, from facts that were read already."""
    read = [Fact(one.kind, one.at, one.slot, one.value, one.withdrawn_at) for one in facts]
    return read_course(template(episode.protocol, episode.protocol_version), read)


def course_of(episode: Episode) -> Course:
    """Where a course stands, read from its facts. One query."""
    return courses_of([episode])[episode.pk]


def courses_of(episodes: Collection[Episode]) -> dict[uuid.UUID, Course]:
    """Where each of these courses stands. One query for all."""
    found: dict[uuid.UUID, list[Fact]] = {episode.pk: [] for episode in episodes}
    rows = CourseFact.objects.filter(episode__in=list(found)).order_by("at")
    for episode_id, *fields in rows.values_list("episode_id", "kind", "at", "slot", "value", "withdrawn_at"):
        found[episode_id].append(Fact(*fields))
    return {
        episode.pk: read_course(template(episode.protocol, episode.protocol_version), found[episode.pk])
        for episode in episodes
    }


def latest_slot(episode: Episode) -> int:
    """The latest planned session that was used; 0 before the first."""
    held = CourseFact.objects.filter(episode=episode, kind="session")
    return held.aggregate(latest=Max("slot"))["latest"] or 0


def slot_on(episode: Episode, on: dt.date) -> int | None:
    """The planned session that was held on a day, the latest if there were two; nothing where none was. One query."""
    held = CourseFact.objects.filter(
        episode=episode,
        kind="session",
        withdrawn_at=None,
        value__on=on.isoformat(),
        value__outcome="attended",
    )
    return held.aggregate(latest=Max("slot"))["latest"]  # type: ignore[no-any-return]


def overrides_of(episode: Episode) -> Iterable[CourseFact]:
    """Gates that were passed with a reason, latest first."""
    rows = CourseFact.objects.filter(episode=episode, kind="gate_override", withdrawn_at=None)
    return rows.select_related("by").order_by("-at")


def next_protocol(episode: Episode) -> str:
    """The protocol that goes on where this course ended: maintenance where that was decided, else the same again."""
    decided = (
        CourseFact.objects.filter(episode=episode, kind="disposition", withdrawn_at=None)
        .order_by("at")
        .last()
    )
    if decided and decided.value.get("choice") == "maintenance":
        return next((one.code for one in templates() if one.format == "maintenance"), episode.protocol)
    return episode.protocol

"""Reads about a course."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, QuerySet

from reknit.base.clock import local_date, now
from reknit.care.consent.queries import has_care_consent
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.core.data import Table
from reknit.core.errors import BadInput
from reknit.core.measures.site import Permission, Site, in_force, read_site, with_packs, with_recorded
from reknit.core.measures.wording import free_of_commerce
from reknit.core.programme.course import Course
from reknit.core.programme.extension import planned_for
from reknit.core.programme.facts import Fact
from reknit.core.programme.gates import Decision, consent_gate
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.reading import read_course
from reknit.core.programme.template import template, templates

from .models import CourseFact, Episode, OwnWording, WordingPermission

RECORDED_KEY, RECORDED_SECONDS = "programme.recorded", 10
Recorded = tuple[tuple[uuid.UUID, ...], tuple[uuid.UUID, ...]]


def current_episode(client: Client) -> Episode | None:
    """The open episode, else the latest closed one, else nothing."""
    return Episode.objects.filter(client=client).order_by("-status", "-starts_on").first()


def this_site() -> Site:
    """Which words this clinic may show today: packs it switched on, permissions it holds, words it was given.

    The folder is read once, at first use. What was recorded on the pages is asked for again after a few seconds, and at
    once where it was changed. The same object comes back while nothing changes.
    """
    recorded: Recorded | None = cache.get(RECORDED_KEY)
    if recorded is None:
        recorded = (
            tuple(
                WordingPermission.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
            ),
            tuple(OwnWording.objects.filter(replaced_at=None).order_by("pk").values_list("pk", flat=True)),
        )
        cache.set(RECORDED_KEY, recorded, RECORDED_SECONDS)
    found = _site(settings.DATA / "measures", recorded, settings.NON_COMMERCIAL)
    return in_force(found, local_date(now(), zone()))


def forget_permissions() -> None:
    """Let the next page read anew what may be shown; called by whatever changes it."""
    cache.delete_many([RECORDED_KEY])


@lru_cache(maxsize=16)
def _site(folder: Path, recorded: Recorded, non_commercial: bool) -> Site:
    """Rows are never changed but ended, so their keys alone say whether anything is new."""
    site = site_in(folder)
    if non_commercial:
        site = with_packs(site, free_of_commerce())
    if not any(recorded):
        return site
    permissions, words = recorded
    return with_recorded(
        site,
        {
            one.measure: Permission(one.given_by, one.given_on, one.reference, one.until)
            for one in WordingPermission.objects.filter(pk__in=permissions)
        },
        {
            f"{one.measure}.{one.language}": Table(one.words, f"{one.measure}.{one.language}")
            for one in OwnWording.objects.filter(pk__in=words)
        },
    )


@lru_cache(maxsize=16)
def site_in(folder: Path) -> Site:
    """What the clinic's folder says, without what was recorded on the pages."""
    return read_site(folder)


def permissions_that_stand() -> dict[str, WordingPermission]:
    """Permissions recorded on the pages and not ended since, by measure; some may be past their last day. One query."""
    rows = WordingPermission.objects.filter(ended_at=None).select_related("recorded_by")
    return {one.measure: one for one in rows}


def permissions_of(measure: str) -> QuerySet[WordingPermission]:
    """Every permission recorded for a measure, latest first."""
    rows = WordingPermission.objects.filter(measure=measure).select_related("recorded_by", "ended_by")
    return rows.order_by("-recorded_at", "pk")


def own_wordings(measure: str) -> QuerySet[OwnWording]:
    """The words loaded for a measure that stand, by language."""
    rows = OwnWording.objects.filter(measure=measure, replaced_at=None).select_related("loaded_by")
    return rows.order_by("language")


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

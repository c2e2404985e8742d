"""Cover beside the sessions of the course: how many are left, and at which session it runs out."""

from dataclasses import dataclass

from django.db.models import Q

from reknit.base.clock import local_date
from reknit.care.encounters.models import Encounter
from reknit.care.intake.models import Cover
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.queries import current_episode
from reknit.core.intake.cover import Standing


@dataclass(frozen=True, slots=True)
class CoverView:
    """The cover that stands, and what is left of it. Nothing, where nobody asked."""

    cover: Cover | None
    standing: Standing | None


def cover_view(client: Client) -> CoverView:
    """Sessions that took place within the cover's dates are the used ones. Four queries."""
    cover = Cover.objects.filter(client=client, ended_at=None).first()
    if cover is None:
        return CoverView(None, None)
    episode = current_episode(client)
    rows = Encounter.objects.filter(Q(outcome__in=Encounter.HELD), client=client)
    days = [local_date(at, zone()) for at in rows.values_list("starts_at", flat=True)]
    used = sum(cover.starts_on <= day and (cover.ends_on is None or day <= cover.ends_on) for day in days)
    held = 0
    if episode:
        held = rows.filter(episode=episode, attended_number__isnull=False).count()
    return CoverView(
        cover,
        Standing(
            authorised=cover.sessions,
            used=used + cover.used_before,
            planned=episode.planned_sessions if episode else None,
            held=held,
        ),
    )

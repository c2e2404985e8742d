"""Practice courses as the page lists them."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode, ProtocolVersion
from reknit.care.programme.protocol_page import versions_for
from reknit.care.programme.queries import courses_of

from .access import practice_open_to

ROWS = 25


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice course: how far it is, and whether it is this person's own."""

    client: Client
    title: str
    version: str
    slot: int
    planned: int
    is_own: bool
    is_open: bool


def practice_page(user: User, *, on: dt.date, number: str | None) -> tuple[Page[Client], list[Practice]]:
    """Courses this person may open, latest first. Four queries, and one for each version not read before."""
    clients = practice_open_to(user, on=on).select_related("sandbox_of").order_by("-made_at", "pk")
    page = Paginator(clients, ROWS).get_page(number)
    found = {row.client_id: row for row in Episode.objects.filter(client__in=list(page.object_list))}
    read = courses_of(found.values())
    rows = []
    for client in page.object_list:
        episode = found[client.pk]
        course = read[episode.pk]
        plan = course.template
        rows.append(
            Practice(
                client, plan.title, plan.version, course.slot, plan.planned_sessions,
                client.sandbox_of_id == user.pk, episode.status == Episode.Status.OPEN,
            )
        )  # fmt: skip
    return page, rows


def to_practise_on(user: User) -> list[tuple[str, str]]:
    """Every version this person may try, drafts too where they may read them: value and words."""
    versions = [
        one for one in versions_for(user)
        if one.row is None or one.row.state != ProtocolVersion.State.WITHDRAWN
    ]  # fmt: skip
    return [
        (
            f"{one.code}/{one.version}",
            _("%(title)s, version %(n)s (%(state)s)")
            % {"title": one.title, "n": one.version, "state": one.state},
        )
        for one in versions
    ]

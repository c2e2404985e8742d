"""Reads about sheets, scores and links."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, QuerySet

from reknit.care.people.models import Client
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Measure
from reknit.core.measures.scoring import CriticalFinding, score

from .links import fingerprint
from .models import Administration, FormLink


def current(client_ids: Collection[uuid.UUID]) -> QuerySet[Administration]:
    """The sheets of these clients that stand: corrected ones are left out. Oldest first."""
    rows = Administration.objects.filter(client__in=client_ids, superseded_at=None)
    return rows.order_by("answered_at", "recorded_at", "pk")


def series(client: Client, measure: str) -> list[Administration]:
    """One client's standing sheets of a measure, oldest first."""
    return list(current([client.pk]).filter(measure=measure))


def scores_for(client_ids: Collection[uuid.UUID], measure: str) -> dict[uuid.UUID, list[Administration]]:
    """Standing scores of many clients with one query, without the answers; oldest first."""
    found: dict[uuid.UUID, list[Administration]] = defaultdict(list)
    for row in current(client_ids).filter(measure=measure).defer("answers"):
        found[row.client_id].append(row)
    return dict(found)


def all_scores(client: Client) -> dict[str, list[Administration]]:
    """One client's standing scores by measure, with one query; oldest first."""
    found: dict[str, list[Administration]] = defaultdict(list)
    for row in current([client.pk]):
        found[row.measure].append(row)
    return dict(found)


def sheets_given(client: Client) -> QuerySet[Administration]:
    """Every standing sheet of a client, latest first, with who wrote it down."""
    return current([client.pk]).select_related("recorded_by").order_by("-answered_at", "-recorded_at", "pk")


def links_of(client: Client, *, at: dt.datetime) -> list[FormLink]:
    """The client's links that still work, the next to expire first."""
    rows = FormLink.objects.filter(client=client, submitted_at=None, superseded_at=None, expires_at__gt=at)
    return list(rows.select_related("made_by").order_by("expires_at", "pk"))


def link_for(secret: str) -> FormLink | None:
    """The link of this secret, with its client and course, in one query."""
    rows = FormLink.objects.filter(fingerprint=fingerprint(secret))
    return rows.select_related("client", "episode").first()


def is_offered(measure: str) -> bool:
    """Whether this measure ships with words that may be shown."""
    return measure in catalogue.MEASURE_IDS and catalogue.measure(measure).licence.text_shippable


def offered() -> tuple[Measure, ...]:
    """The measures a clinician can give, in order."""
    return tuple(measure for measure in catalogue.measures() if is_offered(measure.id))


def findings(administration: Administration) -> tuple[CriticalFinding, ...]:
    """Critical answers, and critical items left blank, on one sheet."""
    return score(catalogue.measure(administration.measure), administration.answers).critical


def corrected_by(administration: Administration) -> Administration | None:
    """The sheet that stands in this one's place, if it was corrected."""
    rows = Administration.objects.filter(corrects=administration).order_by(F("recorded_at").desc())
    return rows.first()

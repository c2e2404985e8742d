"""One chart for an audit, and the timeline of an event, both read from the record."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import start_of
from reknit.care.consent.models import Consent
from reknit.care.encounters.models import Addendum, ProgressNote
from reknit.care.formulation.models import Formulation
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Contract, CourseFact, Episode
from reknit.care.programme.queries import course_of, current_episode
from reknit.care.safety.models import RiskEntry
from reknit.care.supervision.models import EventReview
from reknit.core.programme.facts import fact_kinds
from reknit.core.safety.triggers import reason
from reknit.core.supervision.process import Process, process

ROWS = 50
BEFORE, AFTER = dt.timedelta(days=42), dt.timedelta(days=28)
"""Our default: six weeks before an event and four after it."""
QUIET = ("score", "use_days", "note_signed", "task_done")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who opened pages of the chart: how often, and when last."""

    name: str
    times: int
    latest: dt.datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """One chart on one page."""

    episode: Episode | None
    process: Process | None
    contracts: tuple[Contract, ...]
    formulations: tuple[Formulation, ...]
    notes: tuple[tuple[str, int], ...]
    addenda: int
    consents: tuple[Consent, ...]
    readers: tuple[Reader, ...]
    events: "Page[AuditEvent]"
    names: dict[object, str]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened, in words that name nobody."""

    at: dt.datetime
    words: str
    room: str


def audited(client: Client, *, number: str | None) -> Audited:
    """Versions, who saw what, consents and core tasks. Twelve queries."""
    episode = current_episode(client)
    notes = ProgressNote.objects.filter(encounter__client=client)
    counts = Counter(notes.values_list("state", flat=True))
    events = AuditEvent.objects.filter(client_id=client.pk)
    page = Paginator(events.order_by("-at", "-pk"), ROWS).get_page(number)
    seen: dict[object, list[dt.datetime]] = {}
    for by, at in events.filter(verb="read").order_by("at").values_list("by", "at"):
        seen.setdefault(by, []).append(at)
    names: dict[object, str] = dict(
        User.objects.filter(
            pk__in=[*filter(None, seen), *filter(None, (one.by for one in page))]
        ).values_list("pk", "name")
    )
    readers = [Reader(names.get(by, _("by link")), len(all_at), all_at[-1]) for by, all_at in seen.items()]
    return Audited(
        episode=episode,
        process=process(course_of(episode), closed=episode.status == Episode.Status.CLOSED)
        if episode
        else None,
        contracts=tuple(
            Contract.objects.filter(episode__client=client).order_by("episode__starts_on", "version")
        ),
        formulations=tuple(
            Formulation.objects.filter(episode__client=client).order_by("episode__starts_on", "number")
        ),
        notes=tuple((str(ProgressNote.State(state).label), n) for state, n in sorted(counts.items())),
        addenda=Addendum.objects.filter(note__encounter__client=client).count(),
        consents=tuple(Consent.objects.filter(client=client).order_by("given_at")),
        readers=tuple(sorted(readers, key=lambda one: one.latest, reverse=True)),
        events=page,
        names=names,
    )


def timeline(review: EventReview) -> list[Moment]:
    """What the record holds around an event, in order: facts of the course and the history of risk items. Two queries."""
    day = start_of(review.on, zone())
    start, end = day - BEFORE, day + AFTER
    facts = CourseFact.objects.filter(
        episode=review.episode, at__gte=start, at__lte=end, withdrawn_at=None
    ).exclude(kind__in=QUIET)
    kinds = fact_kinds()
    moments = [Moment(one.at, _fact_words(one), kinds[one.kind].room) for one in facts if one.kind in kinds]
    entries = RiskEntry.objects.filter(
        item__client=review.episode.client_id, at__gte=start, at__lte=end
    ).select_related("item")
    for entry in entries:
        words = f"{entry.get_kind_display()}: {_(reason(entry.item.reason).sentence)}"
        moments.append(Moment(entry.at, words, "safety"))
    return sorted(moments, key=lambda one: one.at)


def _fact_words(fact: CourseFact) -> str:
    words = _(fact_kinds()[fact.kind].title)
    if fact.kind == "session":
        outcome = {
            "attended": _("Session %(slot)s was held"),
            "safety": _("A safety session was held"),
            "before": _("The meeting before session 1 was held"),
            "no_show": _("A session was missed"),
            "late_cancel": _("A session was cancelled late"),
            "cancelled": _("A session was cancelled in time"),
            "clinician": _("A session was cancelled by us"),
        }.get(str(fact.value.get("outcome")), words)
        return outcome % {"slot": fact.slot} if "%(slot)s" in outcome else outcome
    return words

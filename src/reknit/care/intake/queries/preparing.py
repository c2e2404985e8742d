"""What is read while a person is prepared for a first session: the baseline, its links and scores, and nothing else."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from reknit.care.encounters.models import Encounter
from reknit.care.intake.models import Referral, Transfer
from reknit.care.measures.links import LinkState, state_of
from reknit.care.measures.models import Administration, FormLink
from reknit.care.measures.queries import ShownSheet, current, score_in_words, shown, state_in_words
from reknit.care.people.models import Client
from reknit.care.programme.queries import this_site
from reknit.core.intake.hints import proposals
from reknit.core.measures import catalogue
from reknit.core.programme.protocol import SetItem
from reknit.core.programme.sets import availability, sets_due
from reknit.core.programme.template import ProtocolTemplate, for_one_person, template, templates

from .assigning import wishes_of
from .hints import Hints, Scores, hints_at_intake, proposal_for

USUAL = "ipt-16"
"""Whose baseline is asked where nothing points to a course yet [D]."""
IF_PAIN = SetItem("peg", "measure", "PEG", "score/peg")
State = Literal["done", "begun", "sent", "ended", "due", "left_out"]
STATES = {
    "done": _("Done"),
    "begun": _("Begun on the phone, not sent"),
    "sent": _("Sent, not opened for answering yet"),
    "ended": _("Sent, and the link ended unanswered"),
    "due": _("Due"),
    "left_out": _("Its words may not be shown here"),
}


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One questionnaire of the baseline: how it stands, its latest sheet, and the link that is out."""

    measure: str
    title: str
    state: State
    is_extra: bool = False  # asked only where there is pain
    row: ShownSheet | None = None
    link: FormLink | None = None

    @property
    def words(self) -> str:
        """The state in words."""
        return str(STATES[self.state])

    @property
    def score(self) -> str:
        """The score of the latest sheet in words."""
        return score_in_words(self.row) if self.row else ""

    @property
    def whole(self) -> str:
        """Whether the latest sheet is whole, and what is blank."""
        return state_in_words(self.row) if self.row else ""

    @property
    def can_be_given(self) -> bool:
        """Whether it may still be given here or sent."""
        return self.state not in ("done", "left_out")


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything of the page: the baseline, the hints from it, and the course whose baseline it is."""

    plan: ProtocolTemplate
    is_chosen: bool  # by a proposal or a wish; else it is the usual one
    rows: list[BaselineRow]
    hints: Hints
    proposed: tuple[str, ...]

    @property
    def done(self) -> int:
        return sum(one.state == "done" for one in self.counted)

    @property
    def left_out(self) -> list[str]:
        """Titles of what belongs to the baseline and cannot be asked here."""
        return [one.title for one in self.rows if one.state == "left_out" and not one.is_extra]

    @property
    def counted(self) -> list[BaselineRow]:
        """What is asked for: without what may not be shown here, and without pain where it is not asked."""
        return [one for one in self.rows if one.state != "left_out" and not one.is_extra]


def courses_to_propose() -> list[ProtocolTemplate]:
    """What intake may propose: a course of one person, or a group."""
    return [*for_one_person(), *(one for one in templates() if one.format == "group")]


def plan_of(referral: Referral, proposed: Sequence[str] = ()) -> tuple[ProtocolTemplate, bool]:
    """The course whose baseline is asked: proposed by intake, else wished for, else what the facts point to."""
    choice, wishes = proposal_for(referral.client), wishes_of(referral)
    code = (choice.chosen if choice else "") or (wishes.protocol if wishes else "")
    return template(code or (proposed[0] if proposed else USUAL)), bool(code)


def baseline_sheets(referral: Referral) -> QuerySet[Administration]:
    """The sheets of this time of preparation that stand, oldest first. None that came in from elsewhere."""
    found = current([referral.client_id]).filter(recorded_at__gte=referral.recorded_at)
    return found.exclude(mode=Administration.Mode.IMPORT)


def preparation_of(referral: Referral, *, today: dt.date, at: dt.datetime) -> Preparation:
    """The baseline as it stands. Six queries, however many sheets."""
    scores: Scores = defaultdict(list)
    for sheet in baseline_sheets(referral):
        scores[sheet.measure].append(sheet)
    hints = hints_at_intake(referral, scores, today=today)
    proposed = proposals(hints.known)
    plan, is_chosen = plan_of(referral, proposed)
    links: dict[str, FormLink] = {}
    for link in FormLink.objects.filter(client=referral.client_id, superseded_at=None).order_by("made_at"):
        links[link.measure] = link
    items = baseline_items(plan)
    rows = [_row(item, scores.get(item.id, []), links.get(item.id), at=at) for item in items]
    return Preparation(plan, is_chosen, rows, hints, proposed)


def baseline_items(plan: ProtocolTemplate) -> list[SetItem]:
    """The questionnaires before session 1 by this protocol, and that about pain, which is asked where there is some."""
    items = [item for one in sets_due(plan, 0) for item in one.items if item.kind == "measure"]
    return [*items, *([] if any(item.id == IF_PAIN.id for item in items) else [IF_PAIN])]


def _row(
    item: SetItem, sheets: Sequence[Administration], link: FormLink | None, *, at: dt.datetime
) -> BaselineRow:
    sheet = shown(sheets[-1]) if sheets else None
    return BaselineRow(
        item.id, item.title, _state(item, sheet, link, at=at), item is IF_PAIN, sheet, None if sheet else link
    )


def _state(item: SetItem, sheet: ShownSheet | None, link: FormLink | None, *, at: dt.datetime) -> State:
    if sheet:
        return "done"
    if item.id not in catalogue.MEASURE_IDS or availability(item, site=this_site()) != "ready":
        return "left_out"
    if link is None or link.submitted_at:
        return "due"
    if state_of(link, at=at) is not LinkState.LIVE:
        return "ended"
    return "begun" if link.draft_saved_at else "sent"


def transfers_of(referral: Referral) -> QuerySet[Transfer]:
    """Where this person was sent before a first session, the latest first."""
    return (
        Transfer.objects.filter(referral=referral)
        .select_related("made_by", "answered_by")
        .order_by("-made_at")
    )


def owed_transfers() -> QuerySet[Transfer]:
    """Everybody of whom nobody knows yet whether they arrived, soonest due first."""
    found = Transfer.objects.filter(state=Transfer.State.OWED).select_related("referral__client", "made_by")
    return found.order_by("due_at", "pk")


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Somebody being prepared whose links ended without an answer."""

    referral: Referral
    titles: tuple[str, ...]
    ended_at: dt.datetime


def unanswered(*, at: dt.datetime) -> list[Unanswered]:
    """People being prepared whose form links ended unanswered, the longest ago first. Three queries."""
    met = Encounter.objects.filter(client=OuterRef("client"), outcome__in=Encounter.HELD)
    ended = FormLink.objects.filter(
        ~Exists(met),
        submitted_at=None,
        superseded_at=None,
        expires_at__lte=at,
        client__status__in=(Client.Status.REFERRED, Client.Status.IN_CARE),
        client__referrals__status__in=(Referral.Status.OPEN, Referral.Status.ACCEPTED),
    )
    links: dict[uuid.UUID, dict[str, dt.datetime]] = defaultdict(dict)
    for client, measure, expires_at in ended.values_list("client_id", "measure", "expires_at").order_by(
        "expires_at"
    ):
        links[client][measure] = expires_at
    given = Administration.objects.filter(client__in=links, superseded_at=None).values_list(
        "client_id", "measure"
    )
    for client, measure in given:
        links[client].pop(measure, None)  # answered in the room instead
    people = Referral.objects.filter(client__in=[key for key, left in links.items() if left])
    found = [
        Unanswered(
            referral,
            tuple(sorted(catalogue.measure(one).short_title for one in links[referral.client_id])),
            max(links[referral.client_id].values()),
        )
        for referral in people.select_related("client")
    ]
    return sorted(found, key=lambda one: (one.ended_at, str(one.referral.pk)))

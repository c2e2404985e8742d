"""Reads about what waits for a human."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from reknit.base.accounts.models import Role, User
from reknit.care.people.absences.queries import away_on
from reknit.care.people.models import Client
from reknit.care.people.queries import owner_for_risk, site
from reknit.core.safety import triggers
from reknit.core.safety.plan import PLAN_PARTS
from reknit.core.safety.triggers import RiskClass, RiskReason
from reknit.core.safety.withdrawal import RedFlag, screen

from .access import is_on_duty, items_visible_to, may_own
from .models import (
    MedicalReview,
    NoContactOrder,
    OverdosePlan,
    RiskEntry,
    RiskItem,
    SafetyPlan,
    ViolenceFlag,
    WithdrawalScreen,
)
from .readings import Reading, is_unread, readings_of

# A critical answer stands above one that can wait for the next contact, however old that one is.
ORDER = (RiskClass.CRITICAL, RiskClass.TRIAGE, RiskClass.ASK_NEXT_CONTACT)


WENT_ON = {
    "overdue": _lazy("the time ran out"),
    "away": _lazy("the person before is away"),
    "gone": _lazy("the person before is no longer on this team"),
}
SHOWN = ("all", "unread", "mine", "line", "overdue", "escalated")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A risk item with its reason in words, and whether its time has passed."""

    item: RiskItem
    reason: RiskReason
    overdue: bool
    mine: bool
    readers: tuple[Reading, ...]
    is_unread: bool

    @property
    def because(self) -> str:
        """Why it went on to its present owner, in words; nothing while it is with the person it was given to."""
        return str(WENT_ON[self.item.because]) if self.item.because else ""


def shown(items: Iterable[RiskItem], *, to: User, at: dt.datetime) -> list[ShownItem]:
    """Items as a page shows them to a person at an instant. One query for who has opened those that wait."""
    rows = list(items)
    read = readings_of([item for item in rows if item.status == RiskItem.Status.OPEN])
    return [
        ShownItem(
            item=item,
            reason=triggers.reason(item.reason),
            overdue=item.status == RiskItem.Status.OPEN and item.due_at < at,
            mine=item.owner_id == to.pk,
            readers=tuple(read.get(item.pk, ())),
            is_unread=is_unread(item, read.get(item.pk, ())),
        )
        for item in rows
    ]


def in_order(items: QuerySet[RiskItem]) -> QuerySet[RiskItem]:
    """Items by class, then the oldest due time first."""
    ranks = [When(klass=klass, then=Value(rank)) for rank, klass in enumerate(ORDER)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return items.annotate(rank=rank).order_by("rank", "due_at", "pk")


def open_items_for(user: User, *, on: dt.date) -> QuerySet[RiskItem]:
    """The open items this person answers for, those that went on from them, and for a supervisor those of their line too.

    Whoever is on duty also has those that have nobody left to go to.
    """
    items = items_visible_to(user, on=on).filter(status=RiskItem.Status.OPEN, client__sandbox_of=None)
    if not user.has(Role.SUPERVISOR):
        mine = Q(owner=user) | Q(entrusted_to=user)
        items = items.filter(mine | Q(stuck_at__isnull=False) if is_on_duty(user) else mine)
    return in_order(items.select_related("client", "owner", "first_owner", "entrusted_to"))


def narrowed(items: QuerySet[RiskItem], show: str, *, to: User, at: dt.datetime) -> QuerySet[RiskItem]:
    """The part of the board that was asked for; anything unknown shows the whole."""
    if show == "unread":
        waiting = list(items)
        read = readings_of(waiting)
        return items.filter(pk__in=[one.pk for one in waiting if is_unread(one, read[one.pk])])
    mine = Q(owner=to) | Q(entrusted_to=to)
    parts = {
        "mine": mine,
        "line": ~mine,
        "overdue": Q(due_at__lt=at),
        "escalated": Q(rung__gt=0) | Q(stuck_at__isnull=False),
    }
    return items.filter(parts.get(show, Q()))


def open_count(user: User, *, on: dt.date) -> int:
    """How many open items this person answers for."""
    return open_items_for(user, on=on).count()


def open_by_client(client_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[RiskItem]]:
    """Open items of many clients with one query; a client without any is absent."""
    found: dict[uuid.UUID, list[RiskItem]] = defaultdict(list)
    items = RiskItem.objects.filter(client__in=client_ids, status=RiskItem.Status.OPEN)
    for item in in_order(items.select_related("owner")):
        if item.client_id:
            found[item.client_id].append(item)
    return dict(found)


def items_of(client: Client, *, status: str) -> QuerySet[RiskItem]:
    """One client's items of a status: open ones by urgency, closed ones latest first."""
    items = RiskItem.objects.filter(client=client, status=status)
    items = items.select_related("owner", "closed_by", "first_owner", "entrusted_to")
    return in_order(items) if status == RiskItem.Status.OPEN else items.order_by("-closed_at", "pk")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One line of an item's history, with the name of whom it went to and why, in words."""

    at: dt.datetime
    kind: str
    get_kind_display: str
    by: User | None
    facts: dict[str, Any]
    to_name: str
    why: str

    @property
    def is_rule(self) -> bool:
        """Whether nobody did it: a step of the clinic's rule."""
        return self.by is None and self.kind not in {RiskEntry.Kind.OPENED, RiskEntry.Kind.REFRESHED}


def history(item: RiskItem) -> list[ShownEntry]:
    """What happened to an item, in order. Two queries."""
    entries = list(RiskEntry.objects.filter(item=item).select_related("by").order_by("at", "pk"))
    people = [one.facts["to"] for one in entries if "to" in one.facts]
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return [
        ShownEntry(
            at=one.at,
            kind=one.kind,
            get_kind_display=one.get_kind_display(),
            by=one.by,
            facts=one.facts,
            to_name=names.get(uuid.UUID(one.facts["to"]), "") if "to" in one.facts else "",
            why=str(WENT_ON[one.facts["because"]]) if "because" in one.facts else "",
        )
        for one in entries
    ]


def owner_for(client: Client | None, *, on: dt.date) -> User | None:
    """Who answers for a new item: the client's therapist, else the clinician on duty, else any supervisor,
    else any clinician. Nothing only in a clinic where nobody may read a chart.
    """
    if client and client.is_sandbox:
        return client.sandbox_of
    here = site()
    for person in (owner_for_risk(client, on=on), here.duty_clinician if here else None, *_clinicians()):
        if person and person.is_active and person.reads_charts:
            return person
    return None


def _clinicians() -> Iterator[User]:
    """Everybody at work who may read charts, supervisors first; asked only when nobody nearer was found."""
    people = [p for p in User.objects.filter(is_active=True).order_by("made_at", "pk") if p.reads_charts]
    yield from sorted(people, key=lambda person: not person.has(Role.SUPERVISOR))


def possible_owners(item: RiskItem, *, on: dt.date) -> list[User]:
    """Clinicians at work, other than the present owner, to whom the item may be handed. A clinic's staff are few."""
    people = sorted(_clinicians(), key=lambda person: person.name)
    elsewhere = {item.owner_id, *away_on(on)}
    return [p for p in people if p.pk not in elsewhere and may_own(p, item, on=on)]


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a safety plan with its words and both its headings."""

    key: str
    title: str
    client_title: str
    words: str


def parts_of(plan: SafetyPlan | None) -> list[ShownPart]:
    """The parts that hold words, in order."""
    if plan is None:
        return []
    return [
        ShownPart(part.key, _(part.title), _(part.client_title), plan.words[part.key])
        for part in PLAN_PARTS
        if plan.words.get(part.key)
    ]


def released_plan(client: Client) -> list[ShownPart]:
    """What the client may read of their safety plan: the version shown to them, or nothing. One query."""
    shown = SafetyPlan.objects.filter(client=client, released_at__isnull=False, withdrawn_at=None)
    return parts_of(shown.first())


def safety_plans(client: Client) -> QuerySet[SafetyPlan]:
    """Every version, latest first."""
    return SafetyPlan.objects.filter(client=client).select_related("by", "released_by").order_by("-version")


def overdose_plans(client: Client) -> QuerySet[OverdosePlan]:
    """Every version, latest first."""
    return OverdosePlan.objects.filter(client=client).select_related("by").order_by("-version")


def latest_violence_flag(client: Client) -> ViolenceFlag | None:
    """The row that stands, whether it sets or lifts the flag."""
    return ViolenceFlag.objects.filter(client=client).select_related("by").order_by("-at", "-id").first()


def is_conjoint_barred(client: Client) -> bool:
    """Whether a session with somebody else in the room is barred: the flag about violence is on. One query."""
    flag = latest_violence_flag(client)
    return flag is not None and flag.is_on


def orders_of(client: Client) -> QuerySet[NoContactOrder]:
    """Orders of no contact, those that stand first, then the lifted ones."""
    rows = NoContactOrder.objects.filter(client=client).select_related("by", "lifted_by")
    return rows.order_by(F("lifted_at").desc(nulls_first=True), "-at", "-id")


@dataclass(frozen=True, slots=True)
class Plans:
    """The screens and plans that stand, each with who made it and when."""

    screen: WithdrawalScreen | None
    flags: tuple[RedFlag, ...]
    n_unknown: int
    review: MedicalReview | None
    overdose: OverdosePlan | None
    plan: SafetyPlan | None
    parts: list[ShownPart]
    shown: SafetyPlan | None
    violence: ViolenceFlag | None
    orders: list[NoContactOrder]

    @property
    def review_is_due(self) -> bool:
        """A red flag was found and no medical view has been written down since."""
        if self.screen is None or not self.screen.positive:
            return False
        return self.review is None or self.review.at < self.screen.at


def plans_of(client: Client) -> Plans:
    """What stands for one client. Seven queries."""
    screened = (
        WithdrawalScreen.objects.filter(client=client).select_related("by").order_by("-at", "-id").first()
    )
    said = screen(screened.answers) if screened else None
    plan = safety_plans(client).first()
    shown = (
        plan
        if plan is None or plan.is_shown
        else safety_plans(client).filter(withdrawn_at=None).exclude(released_at=None).first()
    )
    return Plans(
        screen=screened,
        flags=said.found if said else (),
        n_unknown=said.unknown if said else 0,
        review=MedicalReview.objects.filter(client=client)
        .select_related("by")
        .order_by("-at", "-id")
        .first(),
        overdose=overdose_plans(client).first(),
        plan=plan,
        parts=parts_of(plan),
        shown=shown,
        violence=latest_violence_flag(client),
        orders=list(orders_of(client)),
    )

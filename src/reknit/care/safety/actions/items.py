"""Every change to risk items. Opening one is called by whatever recorded the answer, in the same transaction."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from reknit.care.safety.access import may_own
from reknit.care.safety.closings import closings_for, open_tasks
from reknit.care.safety.models import RiskEntry, RiskItem
from reknit.care.safety.queries import owner_for
from reknit.care.safety.steps import Step, step_for
from reknit.core.safety import triggers
from reknit.core.safety.escalation import Because, held_until
from reknit.core.safety.triggers import RiskClass

NOTE_LENGTH = 4000
CLIMBED = ("rung", "because", "handed_on_at", "held_until", "stuck_at")


@action
def open_risk_item(
    *,
    by: User | None,
    at: dt.datetime,
    client: Client | None,
    reason: str,
    source: str,
    source_id: uuid.UUID | None = None,
    facts: Mapping[str, Any] | None = None,
    owner: User | None = None,
) -> RiskItem:
    """Open an item, or refresh the one that is open for this client and reason.

    It goes to `owner` where somebody is named who may see the client, else to the client's therapist. An item about no single client (an import) is known by its source. `facts` holds item, value, counts and
    names of systems; never a person's words.
    """
    why = triggers.reason(reason)
    given = dict(facts or {})
    same: dict[str, Any] = {"client": client, "reason": reason}
    if client is None:
        same |= {"source": source, "source_id": source_id}
    found = _refresh(same, by=by, at=at, due_at=triggers.due_at(why, at), facts=given)
    if found:
        return found
    owner, due_at = owner or _owner(client, at=at), triggers.due_at(why, at)
    item = RiskItem(
        client=client,
        reason=reason,
        klass=why.klass,
        source=source,
        source_id=source_id,
        facts=given,
        owner=owner,
        first_owner=owner,
        entrusted_to=owner,
        due_at=due_at,
        held_until=due_at,
        opened_by=by,
        opened_at=at,
    )
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        # Another writer opened it since we looked: theirs stands, ours refreshes it.
        found = _refresh(same, by=by, at=at, due_at=item.due_at, facts=given)
        if found is None:
            raise
        return found
    _enter(item, RiskEntry.Kind.OPENED, by=by, at=at, facts=given)
    audit.record("open risk item", by=by, at=at, subject=item, client=item.client_id, detail=_told(item))
    _climb(item, at=at)
    if client and item.klass == RiskClass.CRITICAL and not _critical(client).exclude(pk=item.pk).exists():
        _tell_course(client, by=by, at=at, item=item, is_open=True)
    return item


@action
def report_acute_safety(*, by: User | None, at: dt.datetime, episode: Episode) -> None:
    """Tell a course that has just begun of a critical item that was open before it."""
    item = _critical(episode.client).order_by("opened_at").first()
    audit.unchanged()
    if item:
        _tell_course(episode.client, by=by, at=at, item=item, is_open=True)


def _critical(client: Client) -> QuerySet[RiskItem]:
    """The client's open items that a clinician must act on."""
    return RiskItem.objects.filter(client=client, status=RiskItem.Status.OPEN, klass=RiskClass.CRITICAL)


def _tell_course(client: Client, *, by: User | None, at: dt.datetime, item: RiskItem, is_open: bool) -> None:
    """Report to the open course whether a critical item is open; a client without one has nobody to tell."""
    episode = Episode.objects.filter(client=client, status=Episode.Status.OPEN).first()
    if episode:
        record_fact(
            by=by,
            at=at,
            episode=episode,
            kind="acute_safety",
            source="safety",
            source_id=item.pk,
            value={"open": is_open},
        )


def _refresh(
    same: Mapping[str, Any],
    *,
    by: User | None,
    at: dt.datetime,
    due_at: dt.datetime,
    facts: dict[str, Any],
) -> RiskItem | None:
    """Note on the open item that it was answered again. It never becomes less urgent by that."""
    open_ones = RiskItem.objects.filter(**same, status=RiskItem.Status.OPEN)
    item = open_ones.select_for_update(of=("self",)).select_related("owner", "client", "entrusted_to").first()
    if item is None:
        return None
    item.seen_count += 1
    item.refreshed_at = at
    item.due_at = min(item.due_at, due_at)
    item.facts = facts
    item.save(update_fields=["seen_count", "refreshed_at", "due_at", "facts"])
    _enter(item, RiskEntry.Kind.REFRESHED, by=by, at=at, facts=facts)
    audit.record("refresh risk item", by=by, at=at, subject=item, client=item.client_id, detail=_told(item))
    _climb(item, at=at)
    return item


def _owner(client: Client | None, *, at: dt.datetime) -> User:
    owner = owner_for(client, on=local_date(at, zone()))
    if owner is None:
        raise DomainError(
            _(
                "No clinician is at work here to answer this. Ask the administrator to add one, then try again."
            )
        )
    return owner


def _enter(
    item: RiskItem, kind: str, *, by: User | None, at: dt.datetime, facts: dict[str, Any] | None = None
) -> None:
    RiskEntry(item=item, kind=kind, by=by, at=at, facts=facts or {}).save(force_insert=True)


def _told(item: RiskItem) -> dict[str, Any]:
    """What the audit keeps about an item: its reason and its owner, never an answer."""
    return {"reason": item.reason, "owner": str(item.owner_id)}


def _locked(item: RiskItem) -> RiskItem:
    held = RiskItem.objects.select_for_update(of=("self",)).select_related("owner", "client", "entrusted_to")
    return held.get(pk=item.pk)


def _climb(item: RiskItem, *, at: dt.datetime) -> bool:
    """Take the step that is due, if one is. By nobody: the clinic's rule does it. Whether anything changed."""
    step = step_for(item, at=at, on=local_date(at, zone()))
    if step is None or (step.owner is None and item.stuck_at):
        return False
    if step.owner is None or step.rung is None:
        item.stuck_at = at
        item.save(update_fields=["stuck_at"])
        _enter(item, RiskEntry.Kind.NOBODY_LEFT, by=None, at=at, facts={"because": step.because})
        detail = {"because": step.because}
        audit.record(
            "find nobody for risk item", by=None, at=at, subject=item, client=item.client_id, detail=detail
        )
        return True
    _hand_on(item, step, step.owner, at=at)
    return True


def _hand_on(item: RiskItem, step: Step, owner: User, *, at: dt.datetime) -> None:
    detail = {
        "from": str(item.owner_id),
        "to": str(owner.pk),
        "because": step.because,
        "rung": int(step.rung or 0),
    }
    if step.rung == item.rung == 0:  # the client has another therapist now, from whom it would go on
        item.entrusted_to = owner
    item.owner, item.rung, item.because = owner, step.rung or 0, step.because
    item.handed_on_at, item.stuck_at = at, None
    item.held_until = held_until(item.klass, at=at, due_at=item.due_at)
    item.save(update_fields=["owner", "entrusted_to", *CLIMBED])
    _enter(item, RiskEntry.Kind.HANDED_ON, by=None, at=at, facts=detail)
    audit.record("hand on risk item", by=None, at=at, subject=item, client=item.client_id, detail=detail)


@action
def hand_on(*, by: User | None, at: dt.datetime, item: RiskItem) -> RiskItem:
    """Let an item go on to the next person where its time ran out or its owner is away. Safe to ask at any time.

    It climbs from the owner to cover, to the owner's supervisor, to the clinician on duty, and never comes down by itself.
    """
    item = _locked(item)
    if item.status == RiskItem.Status.CLOSED or not _climb(item, at=at):
        audit.unchanged()
    return item


@action
def close_risk_item(
    *, by: User, at: dt.datetime, item: RiskItem, closing: str, note: str = "", times: int | None = None
) -> RiskItem:
    """Close an item with what was done about it. A note is welcome and not asked for.

    `times` is how often it had come up by the page it was answered on: what came up since is read before it is closed.
    """
    if closing not in RiskItem.Closing.values:
        raise DomainError(
            _("Choose what was done about it. An item is closed only with a reason."), field="closing"
        )
    if closing not in closings_for(item):
        raise DomainError(_("This reason does not fit the item. Choose one from the list."), field="closing")
    if closing == RiskItem.Closing.TASKS and open_tasks(item).exists():
        raise DomainError(
            _("Some of its tasks are not settled yet. Settle each, also with “not needed”."), field="closing"
        )
    note = note.strip()
    if len(note) > NOTE_LENGTH or any(character in CONTROL_CHARACTERS for character in note):
        raise DomainError(
            _("Keep the note under 4,000 characters, without invisible characters."), field="note"
        )
    item = _locked(item)
    if item.status == RiskItem.Status.CLOSED:
        if item.closed_by_id == by.pk and item.closing == closing:
            audit.unchanged()
            return item
        raise Conflict(_("Someone closed this item before you. Read what they did below."), theirs=item)
    if times is not None and times != item.seen_count:
        raise Conflict(
            _("It came up again while you wrote. Read the history below, then close it once more."),
            theirs=item,
        )
    item.status, item.closing, item.closing_note = RiskItem.Status.CLOSED, closing, note
    item.closed_by, item.closed_at = by, at
    item.save(update_fields=["status", "closing", "closing_note", "closed_by", "closed_at"])
    _enter(item, RiskEntry.Kind.CLOSED, by=by, at=at, facts={"closing": closing})
    detail = {"reason": item.reason, "closing": closing}
    audit.record("close risk item", by=by, at=at, subject=item, client=item.client_id, detail=detail)
    if item.client and item.klass == RiskClass.CRITICAL and not _critical(item.client).exists():
        _tell_course(item.client, by=by, at=at, item=item, is_open=False)
    return item


@action
def hand_over(
    *, by: User, at: dt.datetime, item: RiskItem, owner: User, stands: str | None = None
) -> RiskItem:
    """Give an item to another clinician who may see the client. The due time stays.

    `stands` is the key of the owner that was on the page: whoever took it meanwhile does not lose it unawares.
    """
    item = _locked(item)
    if item.status == RiskItem.Status.CLOSED:
        raise Conflict(_("This item was closed meanwhile. There is nothing left to hand over."), theirs=item)
    if item.owner_id == owner.pk:
        audit.unchanged()
        return item
    if stands is not None and stands != str(item.owner_id):
        raise Conflict(
            _("%(name)s answers for this item since a moment ago. Speak with them, or hand it over again.")
            % {"name": item.owner.name},
            theirs=item,
        )
    allowed = may_own(owner, item, on=local_date(at, zone()))
    if not allowed:
        raise DomainError(allowed.reason, field="owner")
    _give(item, owner, kind=RiskEntry.Kind.HANDED_OVER, by=by, at=at)
    return item


@action
def hand_back(*, by: User | None, at: dt.datetime, item: RiskItem) -> RiskItem:
    """Give back to a person who was away what went on for that reason alone. `by` is empty when the last day went by."""
    item = _locked(item)
    person = item.entrusted_to
    is_theirs = item.because == Because.AWAY and item.status == RiskItem.Status.OPEN
    if not is_theirs or not may_own(person, item, on=local_date(at, zone())):
        audit.unchanged()
        return item
    _give(item, person, kind=RiskEntry.Kind.HANDED_BACK, by=by, at=at)
    return item


def _give(item: RiskItem, owner: User, *, kind: str, by: User | None, at: dt.datetime) -> None:
    """Another owner, chosen by a person: from them it would go on. They have a first look before it climbs again."""
    names = {"from": str(item.owner_id), "to": str(owner.pk)}
    item.owner = item.entrusted_to = owner
    item.rung, item.because, item.handed_on_at, item.stuck_at = 0, "", None, None
    item.held_until = held_until(item.klass, at=at, due_at=item.due_at)
    item.save(update_fields=["owner", "entrusted_to", *CLIMBED])
    _enter(item, kind, by=by, at=at, facts=names)
    verb = "hand over risk item" if kind == RiskEntry.Kind.HANDED_OVER else "hand back risk item"
    audit.record(verb, by=by, at=at, subject=item, client=item.client_id, detail=names)
    _climb(item, at=at)  # they may be away themselves

"""Every change to what a course works on."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.formulation.entries import EARLIEST, FocusEntry, check_theirs, sentence
from reknit.care.formulation.models import DisputeStage, FocusArea, FocusStep
from reknit.care.formulation.queries import mid_course_slot, slot_at_hand
from reknit.care.network.actions import set_focus
from reknit.care.network.models import Relationship
from reknit.care.people.queries import zone
from reknit.care.programme.actions import withdraw_fact
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import plan_of

from .common import locked, report

Status = FocusArea.Status
MOST_ACTIVE = 2


@action
def propose_focus(*, by: User, at: dt.datetime, episode: Episode, entry: FocusEntry) -> FocusArea:
    """Propose what to work on, tied to a person, an event or a named role. The client has not agreed yet."""
    focus = _new_focus(locked(episode), entry, by=by, at=at)
    audit.record(
        "propose focus", by=by, at=at, subject=focus, client=episode.client_id, detail={"area": focus.area}
    )
    return focus


@action
def agree_focus(*, by: User, at: dt.datetime, focus: FocusArea, second_reason: str = "") -> FocusArea:
    """The client agreed to work on it. A second area needs its reason (G05); a third waits for one to end."""
    focus, episode = _to_move(focus)
    others = FocusArea.objects.filter(episode=episode, status=Status.ACTIVE).exclude(pk=focus.pk).count()
    if others >= MOST_ACTIVE:
        raise DomainError(_("Two areas are worked on already. Resolve or switch one of them first."))
    if others:
        second_reason = sentence(
            second_reason,
            field="reason",
            ask=_("A second area spreads the sessions thin. Write why this client needs two."),
        )
    _step(focus, Status.ACTIVE, by=by, at=at, reason=second_reason)
    value = {"area": focus.area, "focus": str(focus.pk)}
    report(episode, "focus_agreed", focus.pk, value, by=by, at=at)
    audit.record(
        "agree focus", by=by, at=at, subject=focus, client=episode.client_id, detail={"area": focus.area}
    )
    return focus


@action
def switch_focus(
    *,
    by: User,
    at: dt.datetime,
    focus: FocusArea,
    entry: FocusEntry,
    reason: str,
    client_agreed: bool = False,
) -> FocusArea:
    """Change to another area and say why. Session numbers and the ending date stay.

    After the mid-course review, or a second time, the switch is marked for the supervisor to see.
    """
    focus, episode = _to_move(focus)
    reason = sentence(
        reason, field="why", ask=_("Write what happened, or what showed that the first choice does not fit.")
    )
    slot, middle = slot_at_hand(episode), mid_course_slot(episode)
    earlier = FocusArea.objects.filter(episode=episode, status=Status.SWITCHED).exists()
    is_late = middle is not None and slot > middle
    _step(focus, Status.SWITCHED, by=by, at=at, reason=reason, slot=slot, for_supervisor=is_late or earlier)
    for kind in ("focus_proposed", "focus_agreed"):
        withdraw_fact(by=by, at=at, episode=episode, kind=kind, source_id=focus.pk)
    new = _new_focus(episode, entry, by=by, at=at, switched_from=focus)
    value = {"area": new.area, "focus": str(new.pk), "from": focus.area}
    report(episode, "focus_switched", new.pk, value, by=by, at=at)
    detail = {"from": focus.area, "to": new.area, "for_supervisor": is_late or earlier}
    audit.record("switch focus", by=by, at=at, subject=new, client=episode.client_id, detail=detail)
    return agree_focus(by=by, at=at, focus=new, second_reason=reason) if client_agreed else new


@action
def resolve_focus(*, by: User, at: dt.datetime, focus: FocusArea, reason: str = "") -> FocusArea:
    """The work on this area is done."""
    focus, episode = _to_move(focus)
    _step(focus, Status.RESOLVED, by=by, at=at, reason=sentence(reason, field="reason", required=False))
    value = {"area": focus.area, "focus": str(focus.pk)}
    report(episode, "focus_resolved", focus.pk, value, by=by, at=at)
    audit.record("resolve focus", by=by, at=at, subject=focus, client=episode.client_id)
    return focus


@action
def set_aside_focus(*, by: User, at: dt.datetime, focus: FocusArea, reason: str) -> FocusArea:
    """A proposal that the client did not take up. It stays, with the reason."""
    focus, episode = _to_move(focus)
    _step(focus, Status.SET_ASIDE, by=by, at=at, reason=sentence(reason, field="reason"))
    withdraw_fact(by=by, at=at, episode=episode, kind="focus_proposed", source_id=focus.pk)
    audit.record("set aside focus", by=by, at=at, subject=focus, client=episode.client_id)
    return focus


@action
def set_dispute_stage(
    *, by: User, at: dt.datetime, focus: FocusArea, stage: str, on: dt.date
) -> DisputeStage:
    """Write down where a dispute stands, from a day on. Earlier stages are kept."""
    focus, episode = _to_move(focus)
    if focus.area != FocusArea.Area.DISPUTE or focus.status not in {Status.PROPOSED, Status.ACTIVE}:
        raise DomainError(_("Only a role dispute that is worked on has a stage."))
    if stage not in DisputeStage.Stage.values:
        raise DomainError(_("Choose a stage from the list."), field="stage")
    if not EARLIEST <= on <= local_date(at, zone()):
        raise DomainError(_("Check the date: it lies before 1900 or ahead."), field="on")
    row = DisputeStage.objects.create(focus=focus, stage=stage, on=on, by=by, at=at)
    value = {"focus": str(focus.pk), "stage": stage}
    report(episode, "dispute_stage", row.pk, value, by=by, at=at)
    audit.record(
        "set dispute stage", by=by, at=at, subject=row, client=episode.client_id, detail={"stage": stage}
    )
    return row


def _new_focus(
    episode: Episode, entry: FocusEntry, *, by: User, at: dt.datetime, switched_from: FocusArea | None = None
) -> FocusArea:
    if entry.area not in FocusArea.Area.values:
        raise DomainError(_("Choose one of the four areas."), field="area")
    if entry.area not in plan_of(episode).areas:
        raise DomainError(
            _("This course’s protocol does not work with this area. Choose another."), field="area"
        )
    check_theirs([*entry.relationships, *filter(None, [entry.event])], episode.client)
    named = sentence(entry.named, field="named", most=120, required=False)
    is_tied = bool(entry.relationships or entry.event or named)
    if not is_tied and entry.area != FocusArea.Area.SENSITIVITY:
        raise DomainError(_("Say with whom, or around which event or role."), field="named")
    focus = FocusArea.objects.create(
        episode=episode,
        area=entry.area,
        event=entry.event,
        named=named,
        reason=sentence(entry.reason, field="reason", required=False),
        switched_from=switched_from,
        proposed_by=by,
        proposed_at=at,
    )
    focus.relationships.set(entry.relationships)
    FocusStep.objects.create(
        focus=focus, status=Status.PROPOSED, reason=focus.reason, slot=slot_at_hand(episode), by=by, at=at
    )
    value = {"area": focus.area, "focus": str(focus.pk)}
    report(episode, "focus_proposed", focus.pk, value, by=by, at=at)
    return focus


def _to_move(focus: FocusArea) -> tuple[FocusArea, Episode]:
    episode = locked(focus.episode)
    focus = FocusArea.objects.select_for_update(of=("self",)).get(pk=focus.pk)
    focus.episode = episode
    return focus, episode


def _ring(episode: Episode, *, by: User, at: dt.datetime) -> None:
    """Let the circle draw a ring round whoever the course works on now."""
    active = FocusArea.objects.filter(episode=episode, status=Status.ACTIVE)
    people = Relationship.objects.filter(pk__in=active.values("relationships"))
    set_focus(by=by, at=at, client=episode.client, relationships=people)


def _step(
    focus: FocusArea,
    status: FocusArea.Status,
    *,
    by: User,
    at: dt.datetime,
    reason: str = "",
    slot: int | None = None,
    for_supervisor: bool = False,
) -> None:
    if status not in FocusArea.MOVES[Status(focus.status)]:
        raise DomainError(_("This area is not in a state in which that can be done."))
    focus.status = status
    focus.save(update_fields=["status"])
    FocusStep.objects.create(
        focus=focus,
        status=status,
        reason=reason,
        slot=slot_at_hand(focus.episode) if slot is None else slot,
        for_supervisor=for_supervisor,
        by=by,
        at=at,
    )
    _ring(focus.episode, by=by, at=at)

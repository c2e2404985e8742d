"""The supervision hour: begun, filled, signed. Then only what was decided can still be done."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.people.access import may_read_chart
from reknit.care.people.queries import lead_of, zone
from reknit.care.programme.models import Episode
from reknit.care.supervision.access import may_work_as_supervisor, may_write_hour, supervisees_of, supervises
from reknit.care.supervision.models import Decision, HourCase, HourMember, SupervisionHour
from reknit.care.supervision.queries.agenda import raised_courses

from .common import LINE, allowed, clean, not_later, to_come

MOST_MEMBERS = 12


@action
def begin_hour(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    supervisees: Collection[User],
    on: dt.date,
    minutes: int = 60,
) -> SupervisionHour:
    """Begin an hour with one supervisee or several. The key comes with the page, so that a double send is one hour."""
    allowed(may_work_as_supervisor(by))
    if known := SupervisionHour.objects.filter(pk=key, supervisor=by).first():
        audit.unchanged()
        return known
    theirs = set(supervisees_of(by, on=local_date(at, zone())))
    if not supervisees or not set(supervisees) <= theirs or len(supervisees) > MOST_MEMBERS:
        raise DomainError(_("Choose from the people you supervise."), field="supervisees")
    hour = SupervisionHour.objects.create(
        pk=key, supervisor=by, on=not_later(on, at=at), minutes=_minutes(minutes), made_at=at
    )
    for person in supervisees:
        HourMember.objects.create(hour=hour, supervisee=person)
    audit.record("begin supervision hour", by=by, at=at, subject=hour, detail={"people": len(supervisees)})
    return hour


@action
def save_hour(
    *,
    by: User,
    at: dt.datetime,
    hour: SupervisionHour,
    revision: int,
    on: dt.date,
    minutes: int,
    own_notes: str = "",
) -> SupervisionHour:
    """The day, the length, and notes for the supervisor alone."""
    hour = _draft(hour, by)
    if hour.revision != revision:
        raise Conflict(_("This was changed in another window since you read it. Read it again first."))
    hour.on, hour.minutes = not_later(on, at=at), _minutes(minutes)
    hour.own_notes = clean(own_notes, field="own_notes")
    hour.revision += 1
    hour.save(update_fields=["on", "minutes", "own_notes", "revision"])
    audit.record("save supervision hour", by=by, at=at, subject=hour)
    return hour


@action
def save_case(
    *,
    by: User,
    at: dt.datetime,
    hour: SupervisionHour,
    episode: Episode,
    revision: int,
    discussed: str,
    advice: str = "",
) -> HourCase:
    """What was said about a course and advised. What stood on the agenda for it is kept beside it, as it stands now."""
    hour = _draft(hour, by)
    today = local_date(at, zone())
    allowed(may_read_chart(by, episode.client, on=today))
    person = lead_of(episode.client, on=today)
    if person is None or not hour.members.filter(supervisee=person).exists():
        raise DomainError(_("This client's therapist is not in this hour."))
    words = {
        "discussed": clean(discussed, field="discussed", required=_("Write what was talked about.")),
        "advice": clean(advice, field="advice"),
    }
    case = HourCase.objects.filter(hour=hour, episode=episode).first()
    if (case.revision if case else 0) != revision:
        raise Conflict(_("This was changed in another window since you read it. Read it again first."))
    if case is None:
        raised = raised_courses([episode], today=today).get(episode.pk)
        case = HourCase(hour=hour, episode=episode, supervisee=person, raised=raised.kinds if raised else [])
    else:
        case.revision += 1
    case.discussed, case.advice, case.saved_at = words["discussed"], words["advice"], at
    case.save()
    audit.record("save supervision case", by=by, at=at, subject=case)
    return case


@action
def add_decision(
    *,
    by: User,
    at: dt.datetime,
    hour: SupervisionHour,
    key: uuid.UUID,
    supervisee: User,
    words: str,
    owner: User,
    due_on: dt.date,
    case: HourCase | None = None,
) -> Decision:
    """Something decided, with who does it and by when."""
    hour = _draft(hour, by)
    if known := Decision.objects.filter(pk=key, hour=hour).first():
        audit.unchanged()
        return known
    if not hour.members.filter(supervisee=supervisee).exists():
        raise DomainError(_("Choose somebody of this hour."), field="supervisee")
    if owner not in (by, supervisee):
        raise DomainError(_("You or the person it is about do it."), field="owner")
    if case and (case.hour_id != hour.pk or case.supervisee_id != supervisee.pk):
        raise DomainError(_("This course was not talked about with that person."))
    decision = Decision.objects.create(
        pk=key,
        hour=hour,
        supervisee=supervisee,
        case=case,
        words=clean(words, field="words", most=LINE, required=_("Write what is to be done.")),
        owner=owner,
        due_on=to_come(due_on, at=at),
        made_at=at,
    )
    audit.record("add supervision decision", by=by, at=at, subject=decision)
    return decision


@action
def remove_decision(*, by: User, at: dt.datetime, decision: Decision) -> None:
    """Take a decision out of a draft again."""
    _draft(decision.hour, by)
    gone = Decision.objects.filter(pk=decision.pk)
    if not gone.exists():
        audit.unchanged()
        return
    audit.record("remove supervision decision", by=by, at=at, subject=decision)
    gone.delete()


@action
def sign_hour(*, by: User, at: dt.datetime, hour: SupervisionHour) -> SupervisionHour:
    """Sign the hour: it counts for everybody in it from now on, and never changes again."""
    hour = _draft(hour, by)
    not_later(hour.on, at=at)
    if not hour.cases.exists() and not hour.decisions.exists() and not hour.own_notes:
        raise DomainError(_("Nothing is written down yet. Write what you talked about first."))
    hour.state, hour.signed_at = SupervisionHour.State.SIGNED, at
    hour.save(update_fields=["state", "signed_at"])
    detail = {"minutes": hour.minutes, "cases": hour.cases.count(), "decisions": hour.decisions.count()}
    audit.record("sign supervision hour", by=by, at=at, subject=hour, detail=detail)
    return hour


@action
def discard_hour(*, by: User, at: dt.datetime, hour: SupervisionHour) -> None:
    """Throw a draft away: the hour did not take place."""
    hour = _draft(hour, by)
    audit.record("discard supervision hour", by=by, at=at, subject=hour)
    hour.decisions.all().delete()
    hour.cases.all().delete()
    hour.members.all().delete()
    hour.delete()


@action
def finish_decision(*, by: User, at: dt.datetime, decision: Decision, words: str = "") -> Decision:
    """It is done: said by whoever does it, or by a supervisor of that person."""
    decision = hold(decision)
    today = local_date(at, zone())
    if by.pk != decision.owner_id and not supervises(by, decision.supervisee, on=today):
        raise Refused(_("Only the one who does it or their supervisor can say that it is done."))
    if decision.hour.state != SupervisionHour.State.SIGNED:
        raise DomainError(_("This hour is not signed yet."))
    if decision.done_at:
        audit.unchanged()
        return decision
    decision.done_words = clean(words, field="words", most=LINE)
    decision.done_at, decision.done_by = at, by
    decision.save(update_fields=["done_words", "done_at", "done_by"])
    audit.record("finish supervision decision", by=by, at=at, subject=decision)
    return decision


def _draft(hour: SupervisionHour, by: User) -> SupervisionHour:
    hour = hold(hour)
    allowed(may_write_hour(by, hour))
    if hour.state != SupervisionHour.State.DRAFT:
        raise DomainError(_("This hour is signed and no longer changes."))
    return hour


def _minutes(minutes: int) -> int:
    if not 5 <= minutes <= 480:
        raise DomainError(_("Write how long it was, from 5 to 480 minutes."), field="minutes")
    return minutes

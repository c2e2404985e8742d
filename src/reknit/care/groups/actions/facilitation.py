"""Who leads a run from which day, for good or for some days; who sits in, and what each member said to that."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.races import hold
from reknit.care.groups.access import may_change_facilitators
from reknit.care.groups.checks import check_at_work, check_time_of, facilitator, goes_on, likely_day, words
from reknit.care.groups.models import Facilitation, GroupRun, GroupSession, Member, Observer, ObserverWord
from reknit.care.groups.queries.runs import day_of
from reknit.care.groups.teams import close_parts, is_anybody_apart, open_parts
from reknit.care.people.queries import zone

DAY = dt.timedelta(days=1)


@action
def change_facilitator(
    *,
    by: User,
    at: dt.datetime,
    run: GroupRun,
    part: str,
    person: User,
    starts_on: dt.date,
    why: str,
    until: dt.date | None = None,
) -> Facilitation:
    """Let somebody else take one of the two parts from a day on: for good, or until a day after which it goes back.

    Pages and charts follow the dates: whoever leaves opens none of them from that day on, whoever comes none before.
    """
    run = hold(run)
    goes_on(run)
    today = local_date(at, zone())
    decision = may_change_facilitators(by, run, on=today)
    if not decision:
        raise Refused(decision.reason)
    if part not in Facilitation.Part.values:
        raise DomainError(_("Choose the part from the list."), field="part")
    check_at_work(person, field="person")
    _check_days(run, starts_on, until, today)
    rows = list(run.facilitations.all())
    _check_not_twice(rows, part, person, starts_on, until)
    sessions = _sessions(run, starts_on, until)
    check_time_of(person, [one.starts_at for one in sessions], run.minutes, field="person")
    _check_apart(Facilitation(run=run, person=person, part=part, starts_on=starts_on, ends_on=until))
    leaving = [one for one in rows if one.part == part and (one.ends_on is None or one.ends_on >= starts_on)]
    for row in leaving:
        _make_room(row, starts_on, until, by=by, at=at)
    taken = Facilitation.objects.create(
        run=run, person=person, part=part, starts_on=starts_on, ends_on=until,
        why=words(why, field="why", most=200, required=True), made_by=by, made_at=at,
    )  # fmt: skip
    gone = {one.person_id for one in leaving}
    for member in run.members.select_related("client"):
        close_parts(member, by=by, at=at, on=starts_on - DAY, people=gone)
        if member.ended_at is None:
            open_parts(member, by=by, at=at, on=starts_on)
    detail = {
        "part": part, "from": sorted(str(key) for key in gone), "to": str(person.pk),
        "starts_on": starts_on.isoformat(), "until": until.isoformat() if until else None,
    }  # fmt: skip
    audit.record("change group facilitator", by=by, at=at, subject=run, detail=detail)
    return taken


def _check_days(run: GroupRun, starts_on: dt.date, until: dt.date | None, today: dt.date) -> None:
    last = day_of(run.sessions.latest("number"))
    if starts_on < today:
        raise DomainError(_("Choose today or a later day: what was led stays as it was."), field="starts_on")
    if starts_on > max(last, today):
        raise DomainError(
            _("The group has come to its end by then. Choose an earlier day."), field="starts_on"
        )
    if until:
        likely_day(until, field="until")
    if until and until < starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="until")


def _check_not_twice(
    rows: list[Facilitation], part: str, person: User, starts_on: dt.date, until: dt.date | None
) -> None:
    """The two parts are held by two people, and nobody takes over from themselves."""
    for row in rows:
        is_then = (row.ends_on is None or row.ends_on >= starts_on) and (not until or row.starts_on <= until)
        if row.person_id != person.pk or not is_then:
            continue
        if row.part != part:
            raise DomainError(_("A group has two facilitators. Choose somebody else."), field="person")
        if row.covers(starts_on):
            raise DomainError(_("They lead it on that day already. Choose somebody else."), field="person")


def _check_apart(span: Facilitation) -> None:
    """Whoever comes joins the care teams of the members, so nobody of theirs may be kept apart from one of these."""
    members = span.run.members.filter(ended_at=None).values_list("client_id", flat=True)
    if is_anybody_apart(members, [span], on=span.starts_on):
        raise DomainError(
            _("They cannot be placed with somebody in this group. Choose somebody else."), field="person"
        )


def _sessions(run: GroupRun, starts_on: dt.date, until: dt.date | None) -> list[GroupSession]:
    """What they would lead that is still to be held."""
    rows = run.sessions.filter(state=GroupSession.State.PLANNED)
    return [one for one in rows if starts_on <= day_of(one) and (until is None or day_of(one) <= until)]


def _make_room(
    row: Facilitation, starts_on: dt.date, until: dt.date | None, *, by: User, at: dt.datetime
) -> None:
    """Cut the days out of what somebody leads; what comes after them stays theirs. Days that never came go."""
    ends_on, stays_after = row.ends_on, until and (row.ends_on is None or row.ends_on > until)
    if row.starts_on < starts_on:
        row.ends_on = starts_on - DAY
        row.save(update_fields=["ends_on"])
    elif until is None or not row.starts_on > until:
        row.delete()
    else:
        return
    if stays_after and until:
        Facilitation.objects.create(
            run=row.run, person=row.person, part=row.part, starts_on=until + DAY, ends_on=ends_on,
            made_by=by, made_at=at,
        )  # fmt: skip


@action
def let_sit_in(
    *,
    by: User,
    at: dt.datetime,
    run: GroupRun,
    person: User,
    starts_on: dt.date,
    until: dt.date | None = None,
) -> Observer:
    """Name somebody who would like to sit in and learn. They may come to a session once everybody on its list agreed."""
    run = hold(run)
    facilitator(by, run, at=at)
    goes_on(run)
    today = local_date(at, zone())
    check_at_work(person, field="observer")
    _check_days(run, starts_on, until, today)
    if any(one.person_id == person.pk for one in run.facilitations.all() if one.ends_on is None):
        raise DomainError(_("They lead this group. Choose somebody else."), field="observer")
    known = run.observers.filter(person=person, ends_on=None).first()
    if known:
        raise DomainError(_("They are named already."), field="observer")
    found = Observer.objects.create(
        run=run, person=person, starts_on=starts_on, ends_on=until, made_by=by, made_at=at
    )
    audit.record("let sit in group", by=by, at=at, subject=found, detail={"person": str(person.pk)})
    return found


@action
def say_about_observer(
    *, by: User, at: dt.datetime, observer: Observer, member: Member, agrees: bool
) -> ObserverWord:
    """Write down whether a member agrees that this person sits in. What was said before stays in the record."""
    facilitator(by, observer.run, at=at)
    goes_on(hold(observer.run))
    if member.run_id != observer.run_id or member.ended_at:
        raise DomainError(_("This member has no place in the group now."))
    said = ObserverWord.objects.create(observer=observer, member=member, agrees=agrees, by=by, at=at)
    audit.record(
        "say about group observer", by=by, at=at, subject=observer, client=member.client_id, detail={"agrees": agrees}
    )  # fmt: skip
    return said


@action
def end_sitting_in(*, by: User, at: dt.datetime, observer: Observer) -> Observer:
    """They sit in no more, from now on."""
    facilitator(by, observer.run, at=at)
    stands = hold(observer)
    today = local_date(at, zone())
    if stands.ends_on and stands.ends_on <= today:
        audit.unchanged()
        return stands
    observer.ends_on = max(today, observer.starts_on)
    observer.save(update_fields=["ends_on"])
    audit.record("end sitting in group", by=by, at=at, subject=observer)
    return observer

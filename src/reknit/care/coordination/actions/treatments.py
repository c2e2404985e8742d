"""What runs beside IPT: planning, beginning and ending it, what came of it, and the ledger of contingency management."""

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.coordination.models import Incentive, Treatment, TreatmentEntry
from reknit.care.people.models import Client
from reknit.care.safety.queries import is_conjoint_barred

from .common import check_day, held, open_course, same_client, words

Kind, State = Treatment.Kind, Treatment.State
PLAN_B = "plan-b"
OF_PLAN_B = {
    "cbt": Kind.CBT,
    "cm": Kind.CM,
    "medication": Kind.MEDICATION,
    "level": Kind.LEVEL,
    "mutual_help": Kind.MUTUAL_HELP,
    "other": Kind.OTHER,
}
"""Choices of a plan B that become something beside IPT; to stay with the plan does not."""


@action
def add_treatment(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    kind: str,
    starts_on: dt.date | None = None,
    what: str = "",
    given_by: str = "",
    why: str = "",
    group: str = "",
    is_prepared: bool | None = None,
) -> Treatment:
    """Write down something beside IPT: running from a day on, or planned where no day is given."""
    client = held(client, at=at)
    if found := Treatment.objects.filter(pk=key).first():
        same_client(found.client_id, client)
        audit.unchanged()
        return found
    _check_kind(kind, group, client)
    check_day(starts_on, at=at, field="starts_on")
    treatment = Treatment.objects.create(
        pk=key,
        client=client,
        episode=open_course(client),
        kind=kind,
        group=group if kind == Kind.MUTUAL_HELP else "",
        is_prepared=is_prepared if kind == Kind.MUTUAL_HELP else None,
        what=words(what, field="what"),
        given_by=words(given_by, field="given_by", most=120),
        why=words(why, field="why", most=2000),
        state=State.RUNNING if starts_on else State.PLANNED,
        starts_on=starts_on,
        made_by=by,
        made_at=at,
    )
    audit.record("add treatment", by=by, at=at, subject=treatment, client=client, detail={"kind": kind})
    return treatment


@action
def change_treatment(
    *,
    by: User,
    at: dt.datetime,
    treatment: Treatment,
    revision: int,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    end_reason: str = "",
    what: str = "",
    given_by: str = "",
    group: str = "",
    is_prepared: bool | None = None,
) -> Treatment:
    """Begin, end or correct what runs beside IPT. Its days say how it stands; without a first day it never began."""
    client = held(treatment.client, at=at)
    treatment = hold(treatment)
    if treatment.revision != revision:
        raise Conflict(
            _("Somebody else changed this since you opened it. Read it again first."), theirs=treatment
        )
    _check_kind(treatment.kind, group, client if starts_on and not treatment.starts_on else None)
    end_reason = words(end_reason, field="end_reason")
    check_day(starts_on, at=at, field="starts_on")
    check_day(ends_on, at=at, field="ends_on")
    if ends_on and not starts_on:
        raise DomainError(_("Write the first day too, or leave the last day empty."), field="starts_on")
    if ends_on and starts_on and ends_on < starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    if ends_on and not end_reason:
        raise DomainError(_("Write how it ended."), field="end_reason")
    is_mutual = treatment.kind == Kind.MUTUAL_HELP
    treatment.starts_on, treatment.ends_on = starts_on, ends_on
    treatment.end_reason = end_reason
    treatment.state = _state(starts_on, ends_on, end_reason)
    treatment.what, treatment.given_by = (
        words(what, field="what"),
        words(given_by, field="given_by", most=120),
    )
    treatment.group = group if is_mutual else ""
    treatment.is_prepared = is_prepared if is_mutual else None
    treatment.revision += 1
    treatment.changed_by, treatment.changed_at = by, at
    treatment.save()
    detail = {"kind": treatment.kind, "state": treatment.state}
    audit.record("change treatment", by=by, at=at, subject=treatment, client=client, detail=detail)
    return treatment


@action
def plan_from_plan_b(
    *, by: User, at: dt.datetime, client: Client, source_id: uuid.UUID, choices: Collection[str], why: str
) -> list[Treatment]:
    """Plan what a plan B chose; what it no longer chooses is dropped while it was only planned. Nothing begun is touched."""
    wanted = {OF_PLAN_B[one] for one in choices if one in OF_PLAN_B}
    planned = Treatment.objects.select_for_update().filter(source=PLAN_B, source_id=source_id)
    standing = {one.kind: one for one in planned}
    changed = False
    for kind, one in standing.items():
        if kind not in wanted and one.state == State.PLANNED:
            _drop(one, by=by, at=at)
            changed = True
        elif kind in wanted and one.state == State.NOT_BEGUN and one.end_reason == _dropped():
            one.state, one.end_reason = State.PLANNED, ""
            one.revision += 1
            one.save(update_fields=["state", "end_reason", "revision"])
            changed = True
    made = [
        Treatment(
            client=client,
            episode=open_course(client),
            kind=kind,
            why=why.strip()[:2000],
            state=State.PLANNED,
            source=PLAN_B,
            source_id=source_id,
            made_by=by,
            made_at=at,
        )
        for kind in Kind
        if kind in wanted and kind not in standing
    ]
    Treatment.objects.bulk_create(made)
    if not made and not changed:
        audit.unchanged()
        return []
    detail = {"kinds": sorted(wanted)}
    audit.record("plan treatments", by=by, at=at, subject=client, client=client, detail=detail)
    return made


@action
def add_entry(
    *,
    by: User,
    at: dt.datetime,
    treatment: Treatment,
    key: uuid.UUID,
    on: dt.date,
    what: str = "",
    liked: str = "",
    contacts: int | None = None,
) -> TreatmentEntry:
    """Write down one meeting, module or visit, as it was told. The first one begins what was only planned."""
    client = held(treatment.client, at=at)
    treatment = hold(treatment)
    if found := TreatmentEntry.objects.filter(pk=key).first():
        if found.treatment_id != treatment.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return found
    if treatment.state not in Treatment.OPEN:
        raise DomainError(_("This has ended. Add it anew if it was taken up again."))
    check_day(on, at=at, field="on", required=True)
    if liked and liked not in TreatmentEntry.Liked.values:
        raise DomainError(_("Choose one from the list."), field="liked")
    if contacts is not None and not 0 <= contacts <= 99:
        raise DomainError(_("Write a number from 0 to 99."), field="contacts")
    if treatment.state == State.PLANNED:
        _check_kind(treatment.kind, treatment.group, client)
        treatment.state, treatment.starts_on = State.RUNNING, on
        treatment.revision += 1
        treatment.save(update_fields=["state", "starts_on", "revision"])
    entry = TreatmentEntry.objects.create(
        pk=key,
        treatment=treatment,
        on=on,
        what=words(what, field="what"),
        liked=liked,
        contacts=contacts,
        by=by,
        at=at,
    )
    detail = {"kind": treatment.kind}
    audit.record("add treatment entry", by=by, at=at, subject=entry, client=client, detail=detail)
    return entry


@action
def add_incentive(
    *,
    by: User,
    at: dt.datetime,
    treatment: Treatment,
    key: uuid.UUID,
    on: dt.date,
    earned_for: str,
    what: str,
    worth: Decimal | None = None,
    is_handed_over: bool = False,
) -> Incentive:
    """One line of the ledger. It is earned by a test, by coming or by an agreed activity, and by nothing said in IPT."""
    client = held(treatment.client, at=at)
    treatment = hold(treatment)
    if found := Incentive.objects.filter(pk=key).first():
        if found.treatment_id != treatment.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return found
    if treatment.kind != Kind.CM or treatment.state != State.RUNNING:
        raise DomainError(_("The ledger belongs to contingency management that is running."))
    if earned_for not in Incentive.EarnedFor.values:
        raise DomainError(_("Choose what it was earned for."), field="earned_for")
    check_day(on, at=at, field="on", required=True)
    if worth is not None and not 0 <= worth < Decimal(1_000_000):
        raise DomainError(_("Write what it is worth as a number."), field="worth")
    incentive = Incentive.objects.create(
        pk=key,
        treatment=treatment,
        on=on,
        earned_for=earned_for,
        what=words(what, field="what", most=120, required=True),
        worth=worth,
        is_handed_over=is_handed_over,
        by=by,
        at=at,
    )
    detail = {"earned_for": earned_for}
    audit.record("add incentive", by=by, at=at, subject=incentive, client=client, detail=detail)
    return incentive


@action
def take_back_line(
    *, by: User, at: dt.datetime, line: TreatmentEntry | Incentive
) -> TreatmentEntry | Incentive:
    """Say that a meeting or an incentive was written down by mistake. The row stays and no longer counts."""
    line = hold(line)
    if line.taken_back_at:
        audit.unchanged()
        return line
    line.taken_back_by, line.taken_back_at = by, at
    line.save(update_fields=["taken_back_by", "taken_back_at"])
    audit.record("take back treatment line", by=by, at=at, subject=line, client=line.treatment.client_id)
    return line


def _check_kind(kind: str, group: str, beginning: Client | None) -> None:
    """The kind is one of the list; work with somebody else in the room does not begin while the violence flag is on."""
    if kind not in Kind.values:
        raise DomainError(_("Choose what it is."), field="kind")
    if group and group not in Treatment.Group.values:
        raise DomainError(_("Choose a group from the list."), field="group")
    if kind == Kind.COUPLE_FAMILY and beginning is not None and is_conjoint_barred(beginning):
        raise DomainError(_("The violence flag is on. Couple and family work is not begun."), field="kind")


def _state(starts_on: dt.date | None, ends_on: dt.date | None, end_reason: str) -> str:
    if ends_on:
        return State.ENDED
    if starts_on:
        if end_reason:
            raise DomainError(_("Write the last day too."), field="ends_on")
        return State.RUNNING
    return State.NOT_BEGUN if end_reason else State.PLANNED


def _dropped() -> str:
    return _("No longer chosen in the plan B.")


def _drop(one: Treatment, *, by: User, at: dt.datetime) -> None:
    one.state, one.end_reason = State.NOT_BEGUN, _dropped()
    one.revision += 1
    one.changed_by, one.changed_at = by, at
    one.save(update_fields=["state", "end_reason", "revision", "changed_by", "changed_at"])

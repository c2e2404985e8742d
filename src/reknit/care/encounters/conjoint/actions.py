"""Planning a session with somebody else, calling it off, and the supervisor's word while the violence flag is on."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.encounters.checks import clean, sentence
from reknit.care.encounters.models import ConjointPlan
from reknit.care.network.models import Relationship
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_override
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import clinical_content
from reknit.core.errors import BadInput
from reknit.core.programme.template import template

from .queries import GATE, bar_of

DAYS = ("screened_on", "client_agreed_on", "person_agreed_on")
LONG_AGO = dt.timedelta(days=366)


@action
def save_conjoint_plan(
    *, by: User, at: dt.datetime, episode: Episode, key: uuid.UUID, revision: int = 0, **values: Any
) -> ConjointPlan:
    """Plan a session with somebody else, or change the plan while it stands at `revision`. Sent twice it is kept once."""
    client = hold(episode.client)
    episode = hold(episode)
    if episode.status != Episode.Status.OPEN:
        raise DomainError(_("This course is closed."))
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)
    found = bar_of(client, episode)
    if found.is_barred:
        raise DomainError(found.sentence)
    known = ConjointPlan.objects.filter(pk=key).first()
    if known and known.episode_id != episode.pk:
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
    if known and not revision:
        audit.unchanged()
        return known
    if revision and (known is None or known.revision != revision):
        raise Conflict(_("Somebody else changed this plan. Read it again first."), theirs=known)
    if known and known.called_off_at:
        raise DomainError(_("This plan was called off. Make a new one."))
    plan = known or ConjointPlan(pk=key, episode=episode, made_by=by, made_at=at)
    for name in ConjointPlan.ASKS:
        if name != "relationship" or values.get(name):
            setattr(plan, name, values.get(name))
    _check_guest(values.get("relationship"), client.pk)
    _check_days(plan, at=at)
    clean(plan, [name for name in ConjointPlan.ASKS if name != "relationship"])
    if known:
        plan.revision += 1
        plan.changed_by, plan.changed_at = by, at
    plan.save()
    verb = "change conjoint plan" if known else "plan conjoint session"
    audit.record(verb, by=by, at=at, subject=plan, client=client)
    return plan


@action
def call_off_conjoint(*, by: User, at: dt.datetime, plan: ConjointPlan, why: str) -> ConjointPlan:
    """Call a planned session off, with the reason. Nothing is sent to anybody."""
    plan = hold(plan)
    if plan.called_off_at:
        audit.unchanged()
        return plan
    plan.called_off_why = sentence(why, field="why", most=300)
    plan.called_off_by, plan.called_off_at = by, at
    plan.save(update_fields=["called_off_why", "called_off_by", "called_off_at"])
    audit.record("call off conjoint session", by=by, at=at, subject=plan, client=plan.episode.client_id)
    return plan


@action
def allow_conjoint(*, by: User, at: dt.datetime, episode: Episode, reason: str) -> CourseFact:
    """The supervisor lets a session with somebody else take place while the flag is on. A safety plan must stand."""
    client = hold(episode.client)
    try:
        gate = template(episode.protocol, episode.protocol_version).gate(GATE)
    except BadInput as problem:
        raise DomainError(_("This course's protocol has no such gate.")) from problem
    may_override(by, gate, client, on=local_date(at, zone())).or_refuse()
    found = bar_of(client, episode)
    if not found.is_barred:
        raise DomainError(_("Nothing is held back here. Look at the page again."))
    if not found.has_safety_plan:
        raise DomainError(_("No safety plan stands. One is made with the client first."))
    reason = sentence(reason, field="reason", most=2000)
    value = {"gate": GATE, "reason": reason, "missing": list(gate.requires)}
    fact = record_fact(by=by, at=at, episode=episode, kind="gate_override", source="encounters", value=value)
    audit.record("override gate", by=by, at=at, subject=episode, client=client, detail={"gate": GATE})
    return fact


def _check_guest(guest: Relationship | None, client_id: object) -> None:
    if guest is None or guest.client_id != client_id:
        raise DomainError(_("Choose somebody from this client's people."), field="relationship")
    if guest.set_aside_at is not None or guest.not_a_person:
        raise DomainError(_("Choose somebody who is in the client's life now."), field="relationship")


def _check_days(plan: ConjointPlan, *, at: dt.datetime) -> None:
    today = local_date(at, zone())
    for name in DAYS:
        day = getattr(plan, name)
        if day is None:
            if name == "screened_on":
                raise DomainError(_("Ask the client alone about violence first."), field=name)
        elif day > today:
            raise DomainError(_("This day has not come yet."), field=name)
        elif day < today - LONG_AGO:
            raise DomainError(_("This is more than a year ago. Ask again."), field=name)

"""Every change to a course, and the one door by which rooms report facts about it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.inserting import insert
from reknit.base.races import hold
from reknit.care.people.actions import set_status
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_override
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import clinical_content, course_of, latest_slot
from reknit.core.errors import BadInput
from reknit.core.programme.facts import fact_kinds
from reknit.core.programme.gates import ask
from reknit.core.programme.template import for_one_person, template

FURTHEST_START = dt.timedelta(days=366)


@action
def open_episode(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    protocol: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    version: str | None = None,
) -> Episode:
    """Open a course under the protocol's present version, which it keeps. Needs consent (gate G01).

    A practice course may name any `version`, a draft too; a course of a person never does.
    """
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)
    if version and not client.is_sandbox:
        raise DomainError(_("A course begins with the version that is offered now."))
    plan = template(protocol, version)
    if Episode.objects.filter(client=client, status=Episode.Status.OPEN).exists():
        raise DomainError(_("This client already has an open course."))
    if ends_on and ends_on < starts_on:
        raise DomainError(_("The ending date cannot be before the first session."), field="ends_on")
    episode = Episode.objects.create(
        client=client,
        protocol=plan.code,
        protocol_version=plan.version,
        planned_sessions=plan.planned_sessions,
        starts_on=starts_on,
        ends_on=ends_on,
        opened_by=by,
        opened_at=at,
    )
    audit.record("open episode", by=by, at=at, subject=episode, client=client, detail={"protocol": plan.code})
    return episode


@action
def begin_course(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    protocol: str,
    starts_on: dt.date,
) -> Episode:
    """Begin another course after one that was closed, such as maintenance. It is agreed on anew: no term is carried over."""
    client = hold(client)
    earlier = Episode.objects.filter(client=client).order_by("-closed_at").first()
    if earlier is None or earlier.closed_at is None:
        raise DomainError(_("A course begins with the referral, or after an earlier one is closed."))
    if not local_date(earlier.closed_at, zone()) <= starts_on <= local_date(at, zone()) + FURTHEST_START:
        raise DomainError(
            _("The first session is on or after the day the earlier course closed, and within a year."),
            field="starts_on",
        )
    if protocol not in {one.code for one in for_one_person()}:
        raise DomainError(_("Choose a course from the list."), field="protocol")
    episode = open_episode(by=by, at=at, client=client, protocol=protocol, starts_on=starts_on)
    set_status(by=by, at=at, client=client, status=Client.Status.IN_CARE)
    return episode


@action
def close_episode(*, by: User, at: dt.datetime, episode: Episode, reason: str) -> Episode:
    """Close a course. Called by the closure room, which owns the ending."""
    if hold(episode).status == Episode.Status.CLOSED:  # as it stands now, not as the page had read it
        raise DomainError(_("This course is already closed."))
    episode.status, episode.closed_by, episode.closed_at = Episode.Status.CLOSED, by, at
    episode.closing_reason = reason.strip()
    episode.save(update_fields=["status", "closed_by", "closed_at", "closing_reason"])
    audit.record("close episode", by=by, at=at, subject=episode, client=episode.client_id)
    return episode


@action
def record_fact(
    *,
    by: User | None,
    at: dt.datetime,
    episode: Episode,
    kind: str,
    source: str,
    source_id: uuid.UUID | None = None,
    value: dict[str, Any] | None = None,
    slot: int | None = None,
) -> CourseFact:
    """Report one fact about a course, in the transaction of the write that made it true.

    Without a `slot` it belongs to the latest planned session; before the first, to the intake meeting.
    """
    if kind not in fact_kinds():
        raise TypeError(f"Not a kind of fact: {kind}")
    if slot is None:
        slot = (value or {}).get("slot") if kind == "session" else latest_slot(episode)
    fact = CourseFact.objects.create(
        episode=episode,
        kind=kind,
        value=value or {},
        source=source,
        source_id=source_id,
        slot=slot,
        by=by,
        at=at,
    )
    audit.record(
        "record course fact", by=by, at=at, subject=fact, client=episode.client_id, detail={"kind": kind}
    )
    return fact


@action
def withdraw_fact(
    *, by: User | None, at: dt.datetime, episode: Episode, kind: str, source_id: uuid.UUID | None = None
) -> None:
    """Take back the standing facts of a kind, or of one source: they stay in the table and no longer count."""
    standing = CourseFact.objects.filter(episode=episode, kind=kind, withdrawn_at=None)
    if source_id:
        standing = standing.filter(source_id=source_id)
    if not standing.update(withdrawn_by=by, withdrawn_at=at):
        audit.unchanged()
        return
    audit.record(
        "withdraw course fact", by=by, at=at, subject=episode, client=episode.client_id, detail={"kind": kind}
    )


@action
def record_facts(*, by: User | None, at: dt.datetime, facts: Sequence[CourseFact]) -> None:
    """Report facts at once, each with its own `by` and `at`, inside the write that made them true.

    That write's own audit event stands for them; they leave none of their own.
    """
    insert(facts)
    audit.unchanged()


@action
def override_gate(*, by: User, at: dt.datetime, episode: Episode, code: str, reason: str) -> CourseFact:
    """Pass a gate that holds a phase mark, with a written reason. The course says so from then on."""
    client = hold(episode.client)
    episode = hold(episode)
    episode.client = client
    try:
        gate = template(episode.protocol, episode.protocol_version).gate(code)
    except BadInput as problem:
        raise DomainError(_("This course's protocol has no such gate.")) from problem
    may_override(by, gate, episode.client, on=local_date(at, zone())).or_refuse()
    if not reason.strip():
        raise DomainError(_("Write why the course goes on without this."), field="reason")
    decision = ask(gate, course_of(episode))
    if not decision.missing or decision.is_override:
        raise DomainError(_("Nothing is held back here. Look at the page again."))
    fact = record_fact(
        by=by,
        at=at,
        episode=episode,
        kind="gate_override",
        source="programme",
        value={"gate": code, "reason": reason.strip(), "missing": list(decision.missing)},
    )
    audit.record(
        "override gate", by=by, at=at, subject=episode, client=episode.client_id, detail={"gate": code}
    )
    return fact


@action
def set_task(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    code: str,
    encounter_id: uuid.UUID,
    done: bool,
    slot: int | None = None,
) -> None:
    """Tick a task as done in an encounter, or take the tick back. The caller holds the session's note meanwhile."""
    known = {task.code for task in template(episode.protocol, episode.protocol_version).tasks}
    if code not in known:
        raise DomainError(_("This task is not part of the course's protocol."))
    standing = CourseFact.objects.filter(
        episode=episode, kind="task_done", source_id=encounter_id, value__code=code, withdrawn_at=None
    )
    if done == standing.exists():
        audit.unchanged()
        return
    if done:
        CourseFact.objects.create(
            episode=episode,
            kind="task_done",
            value={"code": code},
            source="encounter",
            source_id=encounter_id,
            slot=latest_slot(episode) if slot is None else slot,
            by=by,
            at=at,
        )
    else:
        standing.update(withdrawn_by=by, withdrawn_at=at)
    audit.record(
        "tick task" if done else "untick task",
        by=by,
        at=at,
        subject=episode,
        client=episode.client_id,
        detail={"code": code, "encounter": str(encounter_id)},
    )


@action
def change_protocol(
    *, by: User, at: dt.datetime, episode: Episode, protocol: str, ends_on: dt.date | None = None
) -> Episode:
    """Put a course that has not begun under another protocol, such as that of a group. Facts reported so far stay."""
    stands = hold(episode)
    if stands.status == Episode.Status.CLOSED:
        raise DomainError(_("This course is closed. Open a new course first."))
    if latest_slot(episode) or episode.contracts.exists():
        raise DomainError(_("This course has begun, so its protocol stays."))
    before, plan = episode.protocol, template(protocol)
    episode.protocol, episode.protocol_version = plan.code, plan.version
    episode.planned_sessions = plan.planned_sessions
    episode.ends_on = max(ends_on, episode.starts_on) if ends_on else episode.ends_on
    episode.save(update_fields=["protocol", "protocol_version", "planned_sessions", "ends_on"])
    detail = {"from": before, "to": plan.code}
    audit.record(
        "change protocol of course", by=by, at=at, subject=episode, client=episode.client_id, detail=detail
    )
    return episode

"""Working towards a certification: which one, and proofs that the record does not show by itself."""

import datetime as dt
import uuid
from decimal import Decimal

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.races import hold
from reknit.care.people.queries import zone
from reknit.care.supervision.access import may_have_supervision, may_read_file
from reknit.care.supervision.models import CredentialGoal, CredentialProof
from reknit.core.supervision.credentials import TOLD, credential

from .common import allowed, clean, not_later


@action
def set_goal(*, by: User, at: dt.datetime, credential_key: str) -> CredentialGoal:
    """Work towards a level of a body, from now on."""
    allowed(may_have_supervision(by))
    person = hold(by)
    if credential(credential_key) is None:
        raise DomainError(_("Choose a level from the list."), field="credential_key")
    known = CredentialGoal.objects.filter(person=person, credential=credential_key, ended_at=None).first()
    if known:
        audit.unchanged()
        return known
    goal = CredentialGoal.objects.create(person=person, credential=credential_key, set_at=at)
    audit.record("set credential goal", by=by, at=at, subject=goal, detail={"credential": credential_key})
    return goal


@action
def end_goal(*, by: User, at: dt.datetime, goal: CredentialGoal) -> CredentialGoal:
    """No longer work towards it. Hours and proofs stay."""
    goal = hold(goal)
    if by.pk != goal.person_id:
        raise Refused(_("Only the person whose goal it is can end it."))
    if goal.ended_at:
        audit.unchanged()
        return goal
    goal.ended_at = at
    goal.save(update_fields=["ended_at"])
    audit.record("end credential goal", by=by, at=at, subject=goal)
    return goal


@action
def add_proof(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    person: User,
    kind: str,
    amount: Decimal,
    on: dt.date,
    kept_where: str,
) -> CredentialProof:
    """Write down what no record here shows, with where its proof is kept: by the person or their supervisor."""
    allowed(may_read_file(by, person, on=local_date(at, zone())))
    if known := CredentialProof.objects.filter(pk=key, person=person).first():
        audit.unchanged()
        return known
    if kind not in TOLD:
        raise DomainError(_("Choose what it is from the list."), field="kind")
    if not 0 < amount <= 9999:
        raise DomainError(_("Write how much it is, more than zero."), field="amount")
    proof = CredentialProof.objects.create(
        pk=key,
        person=person,
        kind=kind,
        amount=amount,
        on=not_later(on, at=at),
        kept_where=clean(
            kept_where, field="kept_where", most=200, required=_("Say where the proof is kept.")
        ),
        by=by,
        at=at,
    )
    audit.record("add credential proof", by=by, at=at, subject=proof, detail={"kind": kind})
    return proof


@action
def take_back_proof(*, by: User, at: dt.datetime, proof: CredentialProof) -> CredentialProof:
    """It was written down by mistake: it stays, and no longer counts."""
    proof = hold(proof)
    if by.pk != proof.by_id:
        raise Refused(_("Only who wrote it down can take it back."))
    if proof.taken_back_at:
        audit.unchanged()
        return proof
    proof.taken_back_at = at
    proof.save(update_fields=["taken_back_at"])
    audit.record("take back credential proof", by=by, at=at, subject=proof)
    return proof

"""Preparing a person for a first session: a course proposed, the baseline sent or given, a transfer looked after, consents.

Every change here asks again whether intake still may: the first session may have been held while a page was open.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.consent.actions import grant_consent, revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import BY_THEMSELVES
from reknit.care.coordination.actions import add_care_contact, agree_sharing, record_level
from reknit.care.coordination.models import LevelOfCareNote
from reknit.care.intake.access import may_prepare
from reknit.care.intake.models import CourseChoice, Referral, Transfer
from reknit.care.intake.queries.hints import Hints
from reknit.care.intake.queries.preparing import BaselineRow, courses_to_propose, preparation_of
from reknit.care.measures.actions import make_link, record_administration
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.queries import zone
from reknit.care.programme.queries import current_episode
from reknit.care.safety.actions import open_risk_item, record_withdrawal_screen
from reknit.care.safety.models import WithdrawalScreen
from reknit.core.coordination.dimensions import Fact

from .common import words

LONGEST_AHEAD = dt.timedelta(days=31)
SOURCE = "intake.transfer"  # the label that a risk item keeps of where it came from


def _held(referral: Referral, by: User) -> Referral:
    """The referral as it stands, held, while intake may prepare this person."""
    stands = hold(referral)
    stands.client = referral.client
    may_prepare(by, stands).or_refuse()
    return stands


def as_they_stood(found: Hints) -> list[list[str | None]]:
    """Facts as a choice of a course keeps them."""
    return [[one.topic, one.sentence, one.on.isoformat() if one.on else None] for one in found.lines]


@action
def propose_course(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    key: uuid.UUID,
    chosen: str,
    reason: str = "",
    people_problem: str = "",
    unsettled: str = "",
    opioids: str = "",
) -> CourseChoice:
    """Propose a course with what was asked. It decides nothing: the clinician who takes the client confirms or changes it."""
    referral = _held(referral, by)
    if known := CourseChoice.objects.filter(pk=key, referral=referral).first():
        audit.unchanged()
        return known
    asked = CourseChoice.Asked.values
    if people_problem not in asked or unsettled not in asked or opioids not in CourseChoice.Opioids.values:
        raise DomainError(_("Choose from the list."))
    if chosen not in {one.code for one in courses_to_propose()}:
        raise DomainError(_("Choose a course from the list."), field="chosen")
    reason = words(reason, field="reason", most=500)
    choice = CourseChoice(
        pk=key,
        referral=referral,
        people_problem=people_problem,
        unsettled=unsettled,
        opioids=opioids,
        chosen=chosen,
        reason=reason,
        is_proposed=True,
        by=by,
        at=at,
    )
    choice.save(force_insert=True)  # first, so that what was asked just now is among the facts it keeps
    found = preparation_of(referral, today=local_date(at, zone()), at=at)
    choice.facts, choice.proposed = as_they_stood(found.hints), list(found.proposed)
    choice.is_proposed = chosen in found.proposed
    if not choice.is_proposed and not reason:
        raise DomainError(_("Write why, since the facts written down do not point to it."), field="reason")
    choice.save(update_fields=["facts", "proposed", "is_proposed"])
    audit.record(
        "propose course",
        by=by,
        at=at,
        subject=choice,
        client=referral.client_id,
        detail={"chosen": chosen, "as_proposed": choice.is_proposed},
    )
    return choice


@action
def give_baseline(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    measure: str,
    answers: Mapping[str, int | None],
    mode: str,
    answered_at: dt.datetime,
    key: uuid.UUID,
) -> Administration:
    """Write down one sheet of the baseline, answered here or on paper. It stands before session 1."""
    referral = _held(referral, by)
    if answered_at < referral.received_at and local_date(answered_at, zone()) != local_date(
        referral.received_at, zone()
    ):
        raise DomainError(_("A baseline is not older than the referral. Check the day."), field="answered_on")
    return record_administration(
        by=by,
        at=at,
        client=referral.client,
        measure=measure,
        answers=answers,
        mode=mode,
        episode=current_episode(referral.client),
        slot=0,
        answered_at=answered_at,
        key=key,
    )


@action
def send_baseline(
    *, by: User, at: dt.datetime, referral: Referral, measures: Collection[str], hours: int
) -> list[tuple[FormLink, str]]:
    """Make one link for each questionnaire, all of them or none. The secrets are given out only here."""
    referral = _held(referral, by)
    asked = [one.measure for one in _asked(referral, at=at) if one.measure in measures]
    if not asked or set(measures) - set(asked):
        raise DomainError(_("Choose what to send from the list."), field="measures")
    episode = current_episode(referral.client)
    return [
        make_link(by=by, at=at, client=referral.client, measure=one, episode=episode, slot=0, hours=hours)
        for one in asked
    ]


def _asked(referral: Referral, *, at: dt.datetime) -> list[BaselineRow]:
    found = preparation_of(referral, today=local_date(at, zone()), at=at)
    return [one for one in found.rows if one.can_be_given]


@action
def ask_withdrawal(
    *, by: User, at: dt.datetime, referral: Referral, key: uuid.UUID, answers: Mapping[str, str]
) -> WithdrawalScreen:
    """Write down the red flags for withdrawal that were asked about before session 1. Needs no consent: safety comes first."""
    referral = _held(referral, by)
    return record_withdrawal_screen(by=by, at=at, client=referral.client, key=key, answers=answers)


@action
def note_level(
    *, by: User, at: dt.datetime, referral: Referral, facts: Sequence[Fact], **said: Any
) -> LevelOfCareNote:
    """Write down the level wanted and given before session 1, with the facts that were on the page."""
    referral = _held(referral, by)
    return record_level(by=by, at=at, client=referral.client, facts=facts, **said)


@action
def send_on(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    key: uuid.UUID,
    kind: str,
    place: str,
    expected_at: dt.datetime,
    due_at: dt.datetime,
) -> Transfer:
    """Write down where this person was sent, and until when somebody looks whether they arrived."""
    referral = _held(referral, by)
    if known := Transfer.objects.filter(pk=key, referral=referral).first():
        audit.unchanged()
        return known
    if kind not in Transfer.Kind.values:
        raise DomainError(_("Choose from the list."), field="kind")
    here, today = zone(), local_date(at, zone())
    if not today <= local_date(expected_at, here) <= today + LONGEST_AHEAD:
        raise DomainError(_("Choose a day from today to a month ahead."), field="expected_on")
    if kind in Transfer.URGENT and local_date(expected_at, here) != today:
        raise DomainError(
            _("A red flag is seen to on the same day. Choose today, or send them to emergency care now."),
            field="expected_on",
        )
    if due_at < max(expected_at, at):
        raise DomainError(_("Look only after they are expected there."), field="due_time")
    if due_at > expected_at + dt.timedelta(days=7):
        raise DomainError(_("Look within a week."), field="due_on")
    transfer = Transfer.objects.create(
        pk=key,
        referral=referral,
        kind=kind,
        place=words(place, field="place", required=_("Write where they are expected.")),
        expected_at=expected_at,
        due_at=due_at,
        made_by=by,
        made_at=at,
    )
    audit.record("send on", by=by, at=at, subject=transfer, client=referral.client_id, detail={"kind": kind})
    return transfer


@action
def settle_transfer(
    *, by: User, at: dt.datetime, transfer: Transfer, state: str, outcome: str = ""
) -> Transfer:
    """Say whether they arrived. It is owed however the referral went on, also once it is closed.

    Who was to be seen for a red flag and did not arrive is with a clinician from that moment.
    """
    transfer = hold(transfer)
    if transfer.state != Transfer.State.OWED:
        raise DomainError(_("This was answered already. Reload the page to see how."))
    if state not in (Transfer.State.ARRIVED, Transfer.State.NOT_ARRIVED):
        raise DomainError(_("Choose from the list."))
    missing = "" if state == Transfer.State.ARRIVED else _("Write in a few words what happens next.")
    transfer.outcome = words(outcome, field="outcome", required=missing)
    transfer.state, transfer.answered_by, transfer.answered_at = state, by, at
    transfer.save(update_fields=["outcome", "state", "answered_by", "answered_at"])
    client = transfer.referral.client
    audit.record("settle transfer", by=by, at=at, subject=transfer, client=client, detail={"state": state})
    if state == Transfer.State.NOT_ARRIVED and transfer.kind in Transfer.URGENT:
        open_risk_item(
            by=by,
            at=at,
            client=client,
            reason="transfer_not_arrived",
            source=SOURCE,
            source_id=transfer.pk,
        )
    return transfer


@action
def agree_at_intake(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    key: uuid.UUID,
    kind: str,
    how: str,
    given_at: dt.datetime,
    witness: str = "",
    expires_on: dt.date | None = None,
) -> Consent:
    """Write down one consent, asked by itself. The same record that the chart's own page writes."""
    referral = _held(referral, by)
    if kind not in (Consent.Kind.CARE, *BY_THEMSELVES):
        raise DomainError(_("Choose from the list."))
    return grant_consent(
        by=by,
        at=at,
        client=referral.client,
        kind=kind,
        how=how,
        given_at=given_at,
        witness=witness,
        expires_on=expires_on,
        key=key,
    )


@action
def name_person(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    key: uuid.UUID,
    role: str,
    name: str,
    covers: Sequence[str],
    purpose: str,
    how: str,
    expires_on: dt.date | None,
    service: str = "",
    witness: str = "",
) -> Consent:
    """Write down somebody outside by name and what they may be told, together."""
    referral = _held(referral, by)
    contact = add_care_contact(
        by=by, at=at, client=referral.client, key=key, role=role, name=name, service=service
    )
    if known := Consent.objects.filter(recipient_key=key, revoked_at=None).first():
        return known  # the page was sent twice
    return agree_sharing(
        by=by,
        at=at,
        contact=contact,
        covers=covers,
        purpose=purpose,
        how=how,
        expires_on=expires_on,
        witness=witness,
    )


@action
def take_back(*, by: User, at: dt.datetime, referral: Referral, consent: Consent) -> Consent:
    """The person took one consent back while they were being prepared."""
    referral = _held(referral, by)
    if consent.client_id != referral.client_id:
        raise DomainError(_("This page is out of date. Open it again, then try once more."))
    return revoke_consent(by=by, at=at, consent=consent)

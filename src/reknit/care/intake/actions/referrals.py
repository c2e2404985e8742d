"""Every change to a referral, from its arrival to acceptance or close."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.consent.actions import grant_consent
from reknit.care.consent.queries import has_care_consent
from reknit.care.intake.models import Barrier, OfferedSlot, Referral
from reknit.care.intake.queries import NO, NOT_ANSWERED, YES, seen_at
from reknit.care.measures.actions import adopt_baseline
from reknit.care.people.actions import add_client, join_care_team, set_status
from reknit.care.people.models import Client, Programme
from reknit.care.people.queries import zone
from reknit.care.programme.actions import open_episode, record_fact
from reknit.care.programme.models import Episode
from reknit.care.safety.actions import close_risk_item, hand_over, open_risk_item, report_acute_safety
from reknit.care.safety.models import RiskItem
from reknit.core.safety.triggers import PHONE_SAFETY, RiskClass, phone_findings

from .common import check_apart

LONGEST_AGE = dt.timedelta(days=366)
FURTHEST_START = dt.timedelta(days=366)
LONGEST_COURSE = dt.timedelta(days=2 * 366)
SOURCE = "referral"  # the label that a risk item keeps of where it came from
SAID = {YES: True, NO: False, NOT_ANSWERED: None}
WEIGHT = [NOT_ANSWERED, NO, YES]  # of two answers given at once the later in this list stands


@action
def record_referral(
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID,
    programme: Programme,
    family_name: str,
    source: str,
    received_at: dt.datetime,
    given_name: str = "",
    preferred_name: str = "",
    birth_date: dt.date | None = None,
    source_name: str = "",
    language: str = "en",
) -> Referral:
    """Write down that somebody asked for care for a person. `key` is made by the page: a double send adds one."""
    if known := Referral.objects.filter(pk=key).first():
        audit.unchanged()
        return known
    _check_received(received_at, at=at)
    if birth_date and birth_date > local_date(at, zone()):
        raise DomainError(_("The birth date cannot be in the future."), field="birth_date")
    client = add_client(
        by=by,
        at=at,
        programme=programme,
        family_name=family_name,
        given_name=given_name,
        preferred_name=preferred_name,
        birth_date=birth_date,
        language=language,
        status=Client.Status.REFERRED,
    )
    referral = Referral.objects.create(
        id=key,
        client=client,
        source=Referral.Source(source),
        source_name=source_name.strip(),
        received_at=received_at,
        recorded_by=by,
        recorded_at=at,
    )
    audit.record("record referral", by=by, at=at, subject=referral, client=client, detail={"source": source})
    return referral


def _check_received(received_at: dt.datetime, *, at: dt.datetime) -> None:
    """Refuse an arrival that cannot be."""
    if received_at > at:
        raise DomainError(
            _("The referral cannot arrive in the future. Check the date and time."), field="received_on"
        )
    if received_at < at - LONGEST_AGE:
        raise DomainError(
            _("This is more than a year ago. Check the date; for an old referral, ask for a new one."),
            field="received_on",
        )


@action
def record_phone_safety(
    *, by: User, at: dt.datetime, referral: Referral, answers: Mapping[str, str], seen: str | None = None
) -> list[RiskItem]:
    """Write down the safety answers and open what follows from them. Needs no consent (gate G01 exempts safety).

    A yes opens its item; a blank opens the lower one, "ask at next contact". Asking again refreshes what is
    open, and closes the "ask" item of a question that now has its answer. A yes taken back closes nothing:
    a clinician does that. `seen` is `seen_at` of the answers that were on the page: where somebody else saved theirs
    meanwhile nothing is refused, an answer stands before none, and a yes before a no.
    """
    _check_open(referral)
    if unknown := set(answers) - {question.key for question in PHONE_SAFETY}:
        raise TypeError(f"Not phone safety questions: {sorted(unknown)}")
    if strange := set(answers.values()) - set(SAID):
        raise TypeError(f"Not answers: {sorted(strange)}")
    given = {question.key: answers.get(question.key, NOT_ANSWERED) for question in PHONE_SAFETY}
    if seen is not None and seen != seen_at(referral):
        given = {
            key: max(said, referral.safety.get(key, NOT_ANSWERED), key=WEIGHT.index)
            for key, said in given.items()
        }
    referral.safety, referral.safety_asked_at = given, at
    referral.screened_at = referral.screened_at or at
    referral.save(update_fields=["safety", "safety_asked_at", "screened_at"])
    opened = _open_findings(by=by, at=at, referral=referral)
    _close_asked(by=by, at=at, referral=referral)
    audit.record(
        "record phone safety",
        by=by,
        at=at,
        subject=referral,
        client=referral.client_id,
        detail={"answered": sum(said != NOT_ANSWERED for said in given.values()), "opened": len(opened)},
    )
    return opened


def _open_findings(*, by: User, at: dt.datetime, referral: Referral) -> list[RiskItem]:
    """Open or refresh one risk item for each finding."""
    said = {question.key: SAID[referral.safety.get(question.key, NOT_ANSWERED)] for question in PHONE_SAFETY}
    return [
        open_risk_item(
            by=by,
            at=at,
            client=referral.client,
            reason=finding.key,
            source=SOURCE,
            source_id=referral.pk,
            facts={"asked": "phone"},
        )
        for finding in phone_findings(said)
    ]


def _close_asked(*, by: User, at: dt.datetime, referral: Referral) -> None:
    """Close the "ask at next contact" items of questions that were answered now: they have been asked."""
    answered = {
        question.blank_reason
        for question in PHONE_SAFETY
        if question.blank_reason and referral.safety[question.key] != NOT_ANSWERED
    }
    items = RiskItem.objects.filter(
        client=referral.client_id,
        status=RiskItem.Status.OPEN,
        reason__in=answered,
        klass=RiskClass.ASK_NEXT_CONTACT,
    )
    for item in items:
        close_risk_item(by=by, at=at, item=item, closing=RiskItem.Closing.ASKED)


@action
def accept_referral(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    clinician: User,
    starts_on: dt.date,
    how: str = "",
    given_at: dt.datetime | None = None,
    ends_on: dt.date | None = None,
    witness: str = "",
    consent_until: dt.date | None = None,
    protocol: str = "IPT-16",
    beside: str = "",
) -> Episode:
    """Take the person into care: consent, therapist, course, baseline, status and open items move together or not at all.

    Where a consent to care stands already, none is asked here: without `how` it is the one that counts.
    """
    _check_open(referral)
    today = local_date(at, zone())
    _check_course(starts_on, ends_on, today=today, referral=referral)
    check_apart(clinician, referral=referral, at=at)
    client = referral.client
    if how or not has_care_consent(client, at=at):
        grant_consent(
            by=by,
            at=at,
            client=client,
            how=how,
            given_at=given_at or at,
            witness=witness,
            expires_on=consent_until,
        )
    join_care_team(by=by, at=at, client=client, clinician=clinician, starts_on=min(today, starts_on))
    episode = open_episode(
        by=by, at=at, client=client, protocol=protocol, starts_on=starts_on, ends_on=ends_on
    )
    adopt_baseline(by=by, at=at, episode=episode)
    if beside:
        value = {"any": beside == "yes"}
        record_fact(by=by, at=at, episode=episode, kind="treatment_beside", source="intake", value=value)
    set_status(by=by, at=at, client=client, status=Client.Status.IN_CARE)
    report_acute_safety(by=by, at=at, episode=episode)
    if referral.safety_asked_at is None:
        _open_findings(by=by, at=at, referral=referral)  # nobody asked: that waits for the therapist
    items = RiskItem.objects.filter(client=client, status=RiskItem.Status.OPEN).exclude(owner=clinician)
    for item in items:
        hand_over(by=by, at=at, item=item, owner=clinician)
    _decide(by=by, at=at, referral=referral, status=Referral.Status.ACCEPTED)
    audit.record(
        "accept referral",
        by=by,
        at=at,
        subject=referral,
        client=client,
        detail={"clinician": str(clinician.pk), "protocol": episode.protocol},
    )
    return episode


def _check_course(starts_on: dt.date, ends_on: dt.date | None, *, today: dt.date, referral: Referral) -> None:
    """Refuse dates on which no course can start or end."""
    if starts_on < local_date(referral.received_at, zone()):
        raise DomainError(_("The first session cannot be before the referral arrived."), field="starts_on")
    if starts_on > today + FURTHEST_START:
        raise DomainError(_("The first session is more than a year away. Check the date."), field="starts_on")
    if ends_on and ends_on > starts_on + LONGEST_COURSE:
        raise DomainError(
            _("The ending date is more than two years after the first session. Check it."), field="ends_on"
        )


@action
def close_referral(*, by: User, at: dt.datetime, referral: Referral, reason: str, kind: str = "") -> Referral:
    """Close a referral that is not taken up. Not while a critical item waits: that comes first."""
    _check_open(referral)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Write why the referral is closed."), field="reason")
    if kind not in Referral.Lost.values:
        raise DomainError(_("Choose from the list."), field="kind")
    waiting = RiskItem.objects.filter(
        client=referral.client_id, status=RiskItem.Status.OPEN, klass=RiskClass.CRITICAL
    )
    if waiting.exists():
        raise DomainError(
            _(
                "An urgent risk item is open for this person. Its owner must answer it before the referral can close."
            )
        )
    set_status(by=by, at=at, client=referral.client, status=Client.Status.NOT_TAKEN_UP)
    _let_go(by=by, at=at, referral=referral)
    referral.closing_reason, referral.closing_kind = reason, kind
    _decide(by=by, at=at, referral=referral, status=Referral.Status.CLOSED)
    audit.record(
        "close referral",
        by=by,
        at=at,
        subject=referral,
        client=referral.client_id,
        detail={"kind": kind} if kind else {},
    )
    return referral


def _let_go(*, by: User, at: dt.datetime, referral: Referral) -> None:
    """A closed referral holds no offered time, and nobody has a barrier of it to solve."""
    OfferedSlot.objects.filter(referral=referral, state=OfferedSlot.State.OFFERED).update(
        state=OfferedSlot.State.WITHDRAWN, answered_by=by, answered_at=at
    )
    Barrier.objects.filter(referral=referral, state=Barrier.State.OPEN).update(
        state=Barrier.State.DROPPED, settled_by=by, settled_at=at, outcome=_("The referral was closed.")
    )


def _check_open(referral: Referral) -> None:
    """Refuse a second decision, also when another person decided a moment ago; go by the answers given by now."""
    stands = hold(referral)
    if stands.status != Referral.Status.OPEN:
        raise DomainError(_("This referral is already decided. Reload the page to see what stands."))
    referral.safety, referral.safety_asked_at = stands.safety, stands.safety_asked_at
    referral.screened_at = stands.screened_at


def _decide(*, by: User, at: dt.datetime, referral: Referral, status: str) -> None:
    referral.status, referral.decided_by, referral.decided_at = status, by, at
    referral.save(update_fields=["status", "decided_by", "decided_at", "closing_reason", "closing_kind"])

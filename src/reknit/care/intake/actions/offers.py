"""Finding a therapist: what the person wishes, times offered, and the one that is taken."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.models import Appointment
from reknit.care.intake.models import OfferedSlot, Referral, Wishes
from reknit.care.intake.queries.hours import is_busy
from reknit.care.people.actions import join_care_team
from reknit.care.people.queries import lead_of, zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode
from reknit.core.intake.matching import SKILLS

from .common import check_apart, check_revision, check_usual, held, words
from .referrals import accept_referral

State = OfferedSlot.State
MOST_OPEN = 4
MINUTES = range(5, 481)
AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time with a therapist, not yet offered."""

    clinician: User
    starts_at: dt.datetime
    minutes: int = 50


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is needed to take a person into care with the time they chose."""

    protocol: str
    how: str = ""  # empty where a consent to care stands already
    given_at: dt.datetime | None = None
    witness: str = ""
    consent_until: dt.date | None = None
    beside: str = ""
    ends_on: dt.date | None = None


@action
def save_wishes(
    *,
    by: User,
    at: dt.datetime,
    referral: Referral,
    revision: int,
    protocol: str = "",
    gender: str = "",
    days: Collection[int] = (),
    skills: Collection[str] = (),
    interpreter: bool = False,
) -> Wishes:
    """Write down what the person asks of a therapist and of the times."""
    held(referral)
    if not set(days) <= set(range(7)) or not set(skills) <= set(SKILLS) or gender not in Wishes.Gender.values:
        raise DomainError(_("Choose from the list."))
    wishes = Wishes.objects.filter(referral=referral).first() or Wishes(referral=referral)
    check_revision(wishes.revision, revision)
    wishes.protocol, wishes.gender, wishes.interpreter = protocol, gender, interpreter
    wishes.days, wishes.skills = sorted(days), sorted(skills)
    wishes.revision, wishes.changed_by, wishes.changed_at = revision + 1, by, at
    wishes.save()
    audit.record("save wishes", by=by, at=at, subject=wishes, client=referral.client_id)
    return wishes


@action
def offer_slots(
    *, by: User, at: dt.datetime, referral: Referral, slots: Sequence[Slot], anyway: bool = True
) -> list[OfferedSlot]:
    """Write down the times that were offered, two as a rule. All of them or none.

    `anyway`: whoever offers was asked, and means a time outside the hours of the therapist too.
    """
    held(referral)
    if not slots:
        raise DomainError(_("Choose a therapist and a time."))
    open_now = OfferedSlot.objects.filter(referral=referral, state=State.OFFERED).count()
    if open_now + len(slots) > MOST_OPEN:
        raise DomainError(_("Four times are offered already. Let the person answer, or withdraw one."))
    for slot in slots:
        _check_slot(slot, referral=referral, at=at)
        check_usual(slot.clinician, starts_at=slot.starts_at, minutes=slot.minutes, anyway=anyway)
    made = [
        OfferedSlot.objects.create(
            referral=referral,
            clinician=slot.clinician,
            starts_at=slot.starts_at,
            minutes=slot.minutes,
            offered_by=by,
            offered_at=at,
        )
        for slot in slots
    ]
    audit.record(
        "offer slots", by=by, at=at, subject=referral, client=referral.client_id, detail={"slots": len(made)}
    )
    return made


def _check_slot(slot: Slot, *, referral: Referral, at: dt.datetime) -> None:
    """Refuse a time that cannot be, or a therapist with whom this person cannot be placed."""
    if not at < slot.starts_at <= at + AHEAD:
        raise DomainError(_("Choose a time to come, within a year."))
    if slot.minutes not in MINUTES:
        raise DomainError(_("A session lasts between 5 minutes and 8 hours."))
    if not (slot.clinician.is_active and slot.clinician.reads_charts):
        raise DomainError(_("Choose a clinician who is at work here and may read charts."))
    check_apart(slot.clinician, referral=referral, at=at)
    same = OfferedSlot.objects.filter(
        referral=referral, clinician=slot.clinician, starts_at=slot.starts_at, state=State.OFFERED
    )
    if same.exists():
        raise DomainError(_("This time is offered already."))
    if is_busy(slot.clinician, starts_at=slot.starts_at, minutes=slot.minutes, besides=referral):
        raise DomainError(
            _("%(name)s is not free then. Choose another time.") % {"name": slot.clinician.name}
        )


@action
def decline_offer(
    *, by: User, at: dt.datetime, offer: OfferedSlot, reason: str = "", withdrawn: bool = False
) -> OfferedSlot:
    """The person does not want the time, or the clinic takes it back."""
    _hold_offered(offer)
    offer.reason = words(reason, field="reason")
    _settle(offer, State.WITHDRAWN if withdrawn else State.DECLINED, by=by, at=at)
    audit.record(
        "decline offer",
        by=by,
        at=at,
        subject=offer,
        client=offer.referral.client_id,
        detail={"state": offer.state},
    )
    return offer


@action
def take_offer(
    *, by: User, at: dt.datetime, offer: OfferedSlot, agreement: Agreement | None = None
) -> Appointment:
    """The person takes the time: care team, course and appointment move together, and other offers are taken back.

    Before the person is in care, `agreement` says how they agreed to care and to which course.
    """
    held(offer.referral)
    _hold_offered(offer)
    referral, clinician = offer.referral, offer.clinician
    if offer.starts_at <= at:
        raise DomainError(_("This time has passed. Offer another."))
    check_apart(clinician, referral=referral, at=at)
    if is_busy(clinician, starts_at=offer.starts_at, minutes=offer.minutes, besides=referral):
        raise DomainError(
            _("%(name)s is not free then any more. Offer another time.") % {"name": clinician.name}
        )
    episode = _course(referral, offer, agreement, by=by, at=at)
    appointment = book_appointment(
        by=by, at=at, episode=episode, clinician=clinician, starts_at=offer.starts_at, minutes=offer.minutes
    )
    _settle(offer, State.TAKEN, by=by, at=at)
    withdraw_open_offers(referral, by=by, at=at)
    audit.record("take offer", by=by, at=at, subject=offer, client=referral.client_id)
    return appointment


def _course(
    referral: Referral, offer: OfferedSlot, agreement: Agreement | None, *, by: User, at: dt.datetime
) -> Episode:
    """The person's open course with this clinician as its therapist, begun now where there is none yet."""
    client, clinician = referral.client, offer.clinician
    if referral.status == Referral.Status.OPEN:
        if agreement is None:
            raise DomainError(_("Write down how the person agreed to care first."))
        return accept_referral(
            by=by,
            at=at,
            referral=referral,
            how=agreement.how,
            given_at=agreement.given_at,
            witness=agreement.witness,
            consent_until=agreement.consent_until,
            clinician=clinician,
            protocol=agreement.protocol,
            beside=agreement.beside,
            starts_on=local_date(offer.starts_at, zone()),
            ends_on=agreement.ends_on,
        )
    episode = current_episode(client)
    if episode is None or episode.status != Episode.Status.OPEN:
        raise DomainError(_("This person has no open course. The therapist begins one."))
    today = local_date(at, zone())
    lead = lead_of(client, on=today)
    if lead is None:
        join_care_team(by=by, at=at, client=client, clinician=clinician, starts_on=today)
    elif lead != clinician:
        raise DomainError(
            _("%(name)s is this person’s therapist. Offer a time with them, or change the care team first.")
            % {"name": lead.name}
        )
    return episode


def withdraw_open_offers(referral: Referral, *, by: User, at: dt.datetime) -> None:
    """Take back what is still offered, once a time is booked. Called inside the actions of this room alone."""
    for other in OfferedSlot.objects.filter(referral=referral, state=State.OFFERED):
        _settle(other, State.WITHDRAWN, by=by, at=at)


def _hold_offered(offer: OfferedSlot) -> None:
    if hold(offer).state != State.OFFERED:
        raise DomainError(_("This offer is answered already. Reload the page to see how."))


def _settle(offer: OfferedSlot, state: str, *, by: User, at: dt.datetime) -> None:
    offer.state, offer.answered_by, offer.answered_at = state, by, at
    offer.save(update_fields=["state", "reason", "answered_by", "answered_at"])

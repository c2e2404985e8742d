"""What the public form sends, and what intake makes of it."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.contact.actions import check_value, set_safe_contact
from reknit.care.contact.models import SafeContact
from reknit.care.intake.models import PublicReferral, Referral
from reknit.care.people.models import Programme
from reknit.core.intake.languages import LANGUAGES

from .common import words
from .referrals import record_referral

Who, State = PublicReferral.Who, PublicReferral.State
BY_PUBLIC = (SafeContact.Channel.PHONE, SafeContact.Channel.TEXT, SafeContact.Channel.EMAIL)


@action
def receive_public_referral(
    *,
    by: User | None = None,
    at: dt.datetime,
    key: uuid.UUID,
    who: str,
    family_name: str,
    channel: str,
    value: str,
    given_name: str = "",
    language: str = "en",
    may_leave_message: bool = False,
    safe_times: str = "",
    tie: str = "",
    referrer_name: str = "",
    referrer_phone: str = "",
    knows: bool = False,
) -> PublicReferral:
    """Keep what somebody without a sign-in sent. Sent twice it is kept once. Nobody is looked up: nothing can leak."""
    if known := PublicReferral.objects.filter(pk=key).first():
        audit.unchanged()
        return known
    if who not in Who.values or channel not in BY_PUBLIC or language not in LANGUAGES:
        raise DomainError(_("Choose from the list."))
    is_other = who == Who.OTHER
    check_value(channel, value.strip())
    sent = PublicReferral.objects.create(
        pk=key,
        who=who,
        given_name=words(given_name, field="given_name", most=80),
        family_name=words(
            family_name, field="family_name", most=80, required=_("Please write a name we can ask for.")
        ),
        language=language,
        channel=channel,
        value=value.strip(),
        may_leave_message=may_leave_message,
        safe_times=words(safe_times, field="safe_times", most=160),
        tie=tie if is_other and tie in PublicReferral.Tie.values else "",
        referrer_name=words(referrer_name, field="referrer_name", most=120) if is_other else "",
        referrer_phone=words(referrer_phone, field="referrer_phone", most=40) if is_other else "",
        knows=knows and is_other,
        received_at=at,
    )
    audit.record("receive public referral", by=by, at=at, subject=sent, detail={"who": who})
    return sent


@action
def take_public_over(
    *,
    by: User,
    at: dt.datetime,
    sent: PublicReferral,
    programme: Programme,
    given_name: str,
    family_name: str,
) -> Referral:
    """Make a referral of what the public form sent, with the safe way of contact. Names may be put right on the way."""
    _hold_waiting(sent)
    referral = record_referral(
        by=by,
        at=at,
        key=uuid.uuid4(),
        programme=programme,
        given_name=given_name,
        family_name=family_name,
        source=Referral.Source.SELF if sent.who == Who.SELF else sent.tie or Referral.Source.OTHER,
        source_name=sent.referrer_name,
        received_at=sent.received_at,
        language=sent.language,
    )
    set_safe_contact(
        by=by,
        at=at,
        client=referral.client,
        channel=sent.channel,
        value=sent.value,
        may_leave_message=sent.may_leave_message,
        safe_times=sent.safe_times,
    )
    sent.referral = referral
    _decide(sent, State.TAKEN_OVER, by=by, at=at)
    audit.record("take public referral over", by=by, at=at, subject=sent, client=referral.client_id)
    return referral


@action
def set_public_aside(*, by: User, at: dt.datetime, sent: PublicReferral, aside: str) -> PublicReferral:
    """Set aside what is no referral, with the reason. It stays, and can be read among those set aside."""
    _hold_waiting(sent)
    if not aside or aside not in PublicReferral.Aside.values:
        raise DomainError(_("Choose why it is set aside."), field="aside")
    sent.aside = aside
    _decide(sent, State.SET_ASIDE, by=by, at=at)
    audit.record("set public referral aside", by=by, at=at, subject=sent, detail={"aside": aside})
    return sent


def _hold_waiting(sent: PublicReferral) -> None:
    if hold(sent).state != State.WAITING:
        raise DomainError(_("Somebody has dealt with this already. Reload the page to see how."))


def _decide(sent: PublicReferral, state: str, *, by: User, at: dt.datetime) -> None:
    sent.state, sent.decided_by, sent.decided_at = state, by, at
    sent.save(update_fields=["state", "aside", "referral", "decided_by", "decided_at"])

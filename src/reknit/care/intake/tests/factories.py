"""Referrals made through the room's own actions."""

import datetime as dt
import uuid
from typing import Any

from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.care.contact.actions import set_safe_contact
from reknit.care.intake.actions import record_referral
from reknit.care.intake.actions.offers import Agreement
from reknit.care.intake.models import Referral
from reknit.care.people.actions import save_profile
from reknit.care.people.models import ClinicianProfile


def a_referral(cast: Cast, at: dt.datetime, **changes: Any) -> Referral:
    """Nia Moss, sent by her doctor an hour ago."""
    given: dict[str, Any] = {
        "key": uuid.uuid4(),
        "programme": cast.programme,
        "given_name": "Nia",
        "family_name": "Moss",
        "source": "health",
        "received_at": at - dt.timedelta(hours=1),
    }
    return record_referral(by=cast.ina, at=at, **{**given, **changes})


def acceptance(cast: Cast, at: dt.datetime, **changes: Any) -> dict[str, Any]:
    """What `accept_referral` takes, with Ana as the therapist."""
    given = {
        "by": cast.ina,
        "at": at,
        "how": "paper",
        "given_at": at,
        "clinician": cast.ana,
        "starts_on": at.date() + dt.timedelta(days=3),
        "ends_on": at.date() + dt.timedelta(days=120),
    }
    return {**given, **changes}


def safe_way(cast: Cast, referral: Referral, at: dt.datetime, **changes: Any) -> None:
    """Nia may be texted, and a message may be left."""
    told = {"channel": "text", "value": "01 99 88 77 66", "may_leave_message": True, **changes}
    set_safe_contact(by=cast.ina, at=at, client=referral.client, **told)


def profile(cast: Cast, clinician: User, at: dt.datetime, **told: Any) -> ClinicianProfile:
    """What a clinician can take on."""
    return save_profile(by=cast.ina, at=at, clinician=clinician, revision=0, **told)


def agreed(at: dt.datetime) -> Agreement:
    """Consent on paper, to IPT-16."""
    return Agreement(how="paper", given_at=at, protocol="ipt-16")

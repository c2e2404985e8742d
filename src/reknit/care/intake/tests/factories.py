"""Referrals made through the room's own actions."""

import datetime as dt
import uuid
from typing import Any

from tests.cast import Cast

from reknit.care.intake.actions import record_referral
from reknit.care.intake.models import Referral


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

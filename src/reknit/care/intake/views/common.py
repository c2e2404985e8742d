"""Who asks, when, and for which referral; the same for every page of intake."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.intake.access import may_do_intake
from reknit.care.intake.models import Referral
from reknit.care.people.queries import zone


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody of intake at an instant."""

    user: User
    at: dt.datetime
    today: dt.date


def at_intake(request: HttpRequest) -> Desk:
    """The person of intake who asks; anybody else gets the calm refusal."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_do_intake(user).or_refuse()
    return Desk(user, at, local_date(at, zone()))


def referral_of(referral_id: uuid.UUID) -> Referral:
    """The referral of an address, with its client."""
    found = Referral.objects.select_related("client", "place").filter(pk=referral_id).first()
    if found is None:
        raise Http404
    return found

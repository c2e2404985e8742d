"""Whether a consent stands."""

import datetime as dt

from django.db.models import Q

from reknit.care.people.models import Client

from .models import Consent


def has_care_consent(client: Client, *, at: dt.datetime) -> bool:
    """Whether the client's consent to care and treatment stands at an instant."""
    return (
        Consent.objects.filter(client=client, kind=Consent.Kind.CARE, given_at__lte=at)
        .filter(Q(revoked_at=None) | Q(revoked_at__gt=at))
        .filter(Q(expires_on=None) | Q(expires_on__gte=at.date()))
        .exists()
    )

"""Whether a consent stands."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q

from reknit.base.accounts.models import User
from reknit.care.people.models import Client

from .models import Consent, NotesConsent


def has_care_consent(client: Client, *, at: dt.datetime) -> bool:
    """Whether the client's consent to care and treatment stands at an instant."""
    return bool(with_care_consent([client.pk], at=at))


def with_care_consent(clients: Collection[uuid.UUID], *, at: dt.datetime) -> set[uuid.UUID]:
    """Those of these clients whose consent to care and treatment stands at an instant. One query."""
    rows = Consent.objects.filter(client__in=clients, kind=Consent.Kind.CARE, given_at__lte=at)
    stands = rows.filter(Q(revoked_at=None) | Q(revoked_at__gt=at))
    return set(
        stands.filter(Q(expires_on=None) | Q(expires_on__gte=at.date())).values_list("client", flat=True)
    )


def care_consents(client: Client) -> list[Consent]:
    """Every consent to care, latest first, also those that ended or were taken back. One query."""
    rows = Consent.objects.filter(client=client, kind=Consent.Kind.CARE)
    return list(rows.select_related("recorded_by", "revoked_by").order_by("-given_at", "-id"))


BY_THEMSELVES = (Consent.Kind.RECORDING, Consent.Kind.PORTAL, Consent.Kind.RESEARCH)
"""What is asked one by one beside care. None of it is needed for care."""


def other_consents(client: Client, *, on: dt.date) -> list[Consent]:
    """What stands beside care and sharing, in the order it is asked. One query."""
    rows = Consent.objects.filter(client=client, kind__in=BY_THEMSELVES).select_related("recorded_by")
    standing = [one for one in rows.order_by("given_at", "id") if one.stands(on=on)]
    return sorted(standing, key=lambda one: [str(kind) for kind in BY_THEMSELVES].index(one.kind))


def live_sharing(client: Client, *, at: dt.datetime) -> list[Consent]:
    """What the client agreed to share, with whom, as it stands at an instant; by recipient. One query."""
    rows = (
        Consent.objects.filter(client=client, kind=Consent.Kind.SHARE, given_at__lte=at)
        .filter(Q(revoked_at=None) | Q(revoked_at__gt=at))
        .filter(Q(expires_on=None) | Q(expires_on__gte=at.date()))
    )
    return list(rows.order_by("recipient", "given_at", "id"))


def live_notes_consents(client: Client, author: User, *, on: dt.date) -> list[NotesConsent]:
    """What the client signed about this author's notes kept apart, as it stands on a day. One query."""
    rows = NotesConsent.objects.filter(client=client, author=author, revoked_at=None, expires_on__gte=on)
    return list(rows.order_by("about", "recipient", "recorded_at"))

"""What of a therapist's clients comes to an end or was never answered: consents, and a medical view that was asked for."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.care.consent.models import Consent
from reknit.care.people.models import Client
from reknit.care.people.queries import names_at
from reknit.care.safety.models import MedicalReview, WithdrawalScreen

SOON = dt.timedelta(days=30)  # our default: time to ask again before the permission ends
AFTER = dt.timedelta(
    days=90
)  # our default: how long one that ended, and was not asked for again, stays listed


@dataclass(frozen=True, slots=True)
class Ending:
    """A consent with an end, soonest first; `days` is below zero once it has ended."""

    client: Client
    sentence: str
    days: int
    contact: uuid.UUID | None  # whom it is about, where a page renews it

    @property
    def ago(self) -> int:
        """Days since it ended."""
        return -self.days


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A client whose withdrawal screen found a red flag, and for whom no medical view is written down since."""

    client: Client
    days: int


def consents_ending(client_ids: Collection[uuid.UUID], *, on: dt.date) -> list[Ending]:
    """Consents that end soon or have ended, of which no later one stands. One query."""
    rows = Consent.objects.filter(client__in=client_ids, revoked_at=None).select_related("client")
    dated = rows.only("kind", "recipient", "recipient_key", "expires_on", *names_at("client"))
    latest: dict[tuple[uuid.UUID, str, object], Consent] = {}
    for one in dated.order_by("given_at", "id"):
        about = (one.client_id, one.kind, one.recipient_key or one.recipient)
        known = latest.get(about)
        if known is None or _ends(one) >= _ends(known):
            latest[about] = one
    found = [
        Ending(one.client, _sentence(one, on=on), (one.expires_on - on).days, one.recipient_key)
        for one in latest.values()
        if one.expires_on and on - AFTER <= one.expires_on <= on + SOON
    ]
    return sorted(found, key=lambda one: one.days)


def _ends(one: Consent) -> dt.date:
    return one.expires_on or dt.date.max


def _sentence(one: Consent, *, on: dt.date) -> str:
    """Whose consent it is, and that it ends or has ended."""
    words = {"who": one.recipient, "on": date_format(one.expires_on, "j F Y") if one.expires_on else ""}
    is_over = bool(one.expires_on and one.expires_on < on)
    if one.kind == Consent.Kind.SHARE:
        if is_over:
            return _("What %(who)s may be told ended on %(on)s.") % words
        return _("What %(who)s may be told ends on %(on)s.") % words
    if one.kind != Consent.Kind.CARE:
        words["what"] = str(one.get_kind_display())
        if is_over:
            return _("%(what)s: the consent ended on %(on)s.") % words
        return _("%(what)s: the consent ends on %(on)s.") % words
    if is_over:
        return _("Consent to care ended on %(on)s.") % words
    return _("Consent to care ends on %(on)s.") % words


def medical_views_due(client_ids: Collection[uuid.UUID], *, today: dt.date, zone: str) -> list[Unreviewed]:
    """Clients whose latest withdrawal screen asks for a medical view that nobody has written down, oldest first. One query."""
    newest = WithdrawalScreen.objects.filter(client=OuterRef("client")).order_by("-at", "-id")
    seen = MedicalReview.objects.filter(client=OuterRef("client")).order_by("-at", "-id")
    rows = (
        WithdrawalScreen.objects.filter(client__in=client_ids, positive=True)
        .annotate(newest=Subquery(newest.values("pk")[:1]), seen_at=Subquery(seen.values("at")[:1]))
        .filter(Q(seen_at=None) | Q(seen_at__lt=F("at")))
    )
    return [
        Unreviewed(row.client, (today - local_date(row.at, zone)).days)
        for row in rows.select_related("client").only("at", *names_at("client")).order_by("at")
        if row.newest == row.pk
    ]

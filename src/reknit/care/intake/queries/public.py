"""The queue of what the public form sent."""

from django.db.models import F, QuerySet

from reknit.care.intake.models import PublicReferral, Referral


def queue(*, only_waiting: bool = True) -> QuerySet[PublicReferral]:
    """Those that wait, the oldest first; then, when asked, those dealt with, the latest first."""
    found = PublicReferral.objects.select_related("decided_by", "referral")
    if only_waiting:
        found = found.filter(state=PublicReferral.State.WAITING)
    return found.order_by(F("decided_at").desc(nulls_first=True), "received_at", "pk")


def same_name(sent: PublicReferral) -> int:
    """How many referrals hold the same family name: intake looks before it writes the person down twice."""
    found = Referral.objects.filter(client__family_name__iexact=sent.family_name, client__sandbox_of=None)
    if sent.given_name:
        found = found.filter(client__given_name__iexact=sent.given_name)
    return found.count()

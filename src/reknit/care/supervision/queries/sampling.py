"""Sessions that can be drawn, and those that were."""

import datetime as dt

from django.db.models import QuerySet

from reknit.base.accounts.models import User
from reknit.care.encounters.models import Encounter
from reknit.care.programme.queries import plan_of
from reknit.care.supervision.models import SampledSession
from reknit.core.programme.protocol import phase_of
from reknit.core.supervision.sampling import Candidate, stage_of

WINDOW = dt.timedelta(days=92)
"""Our default: sessions of the latest quarter, so that a recording may still be there."""


def pool_of(therapist: User, *, at: dt.datetime) -> list[Candidate]:
    """Sessions this therapist held in the window, of people and not of practice, that were never drawn. One query."""
    held = Encounter.objects.filter(
        clinician=therapist,
        outcome=Encounter.Outcome.ATTENDED,
        slot__isnull=False,
        client__sandbox_of=None,
        starts_at__gt=at - WINDOW,
        starts_at__lte=at,
    ).exclude(pk__in=SampledSession.objects.values("encounter"))
    return [
        Candidate(str(one.pk), stage_of(plan_of(one.episode), phase_of(plan_of(one.episode), one.slot or 1)))
        for one in held.select_related("episode")
    ]


def sampled_of(therapist: User) -> QuerySet[SampledSession]:
    """Every session of a therapist that was drawn, latest first, with its ratings. Two queries."""
    rows = SampledSession.objects.filter(therapist=therapist)
    rows = rows.select_related("encounter", "draw", "second_rater", "replaced_by", "left_out_by")
    return rows.prefetch_related("ratings__rater").order_by("-drawn_at", "encounter__starts_at", "pk")

"""Writing down a clinician's view. What has to follow from it becomes items with an owner and a clock."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.safety.actions import open_risk_item
from reknit.care.safety.models import RiskFormulation, SafetyPlan, Said

from .queries import senior_for

MOST = {"reasons": 4000, "foreseeable": 4000, "plan": 4000, "means": 4000, "told": 2000}
LATEST_REVIEW = dt.timedelta(days=92)
Level = RiskFormulation.Level


@action
def save_risk_formulation(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    based_on: int,
    level: str,
    review_on: dt.date,
    intoxicated: str = Said.UNKNOWN,
    **told: str,
) -> RiskFormulation:
    """Keep a clinician's view as a new version. High opens a review by a senior colleague within the hour.

    `told` holds the words: reasons, foreseeable, plan, means and told. A safety plan that stands is linked.
    """
    if unknown := set(told) - set(MOST):
        raise TypeError(f"A risk formulation does not hold {sorted(unknown)}.")
    client = hold(client)
    words = {field: _words(told.get(field, ""), field) for field in MOST}
    _check(words, level=level, intoxicated=intoxicated, review_on=review_on, today=local_date(at, zone()))
    stands = RiskFormulation.objects.filter(client=client).order_by("-version").first()
    if (stands.version if stands else 0) != based_on:
        raise Conflict(
            _("Somebody else wrote a view while you wrote. Read theirs, then save again."), theirs=stands
        )
    row = RiskFormulation.objects.create(
        client=client,
        version=based_on + 1,
        level=level,
        review_on=review_on,
        intoxicated=intoxicated,
        safety_plan=SafetyPlan.objects.filter(client=client).order_by("-version").first(),
        by=by,
        at=at,
        **words,
    )
    detail = {"version": row.version}
    audit.record("save risk formulation", by=by, at=at, subject=row, client=client, detail=detail)
    _what_follows(row, by=by, at=at)
    return row


def _check(
    words: dict[str, str], *, level: str, intoxicated: str, review_on: dt.date, today: dt.date
) -> None:
    if level not in Level.values:
        raise DomainError(_("Choose the level. It is yours to set; no score sets it."), field="level")
    if intoxicated not in Said.values:
        raise DomainError(_("Answer with yes, no or not known."), field="intoxicated")
    if not words["reasons"]:
        raise DomainError(_("Write the reasons for the level."), field="reasons")
    if not words["plan"]:
        raise DomainError(_("Write what is done now, and by whom."), field="plan")
    if level == Level.HIGH:
        for field in ("means", "told"):
            if not words[field]:
                raise DomainError(
                    _("With a high level, write what was done about means, and who was told."), field=field
                )
    if not today <= review_on <= today + LATEST_REVIEW:
        raise DomainError(
            _("Choose a day for the next look, from today to three months on."), field="review_on"
        )


def _words(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > MOST[field] or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": MOST[field]}, field=field
        )
    return text


def _what_follows(row: RiskFormulation, *, by: User, at: dt.datetime) -> None:
    reasons = []
    if row.level == Level.HIGH:
        reasons.append("suicide_senior_review")
    if row.level in {Level.HIGH, Level.MODERATE}:
        reasons.append("suicide_follow_up")
    if row.intoxicated == Said.YES:
        reasons.append("suicide_sober")
    for reason in reasons:
        senior = senior_for(by, on=local_date(at, zone())) if reason == "suicide_senior_review" else None
        open_risk_item(
            by=by,
            at=at,
            client=row.client,
            reason=reason,
            source="safety.formulation",
            source_id=row.pk,
            owner=senior,
        )

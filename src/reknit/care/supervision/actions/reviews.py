"""Looking through a chart with a reason, and looking at an event together to learn from it."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.supervision.access import may_read_review, may_review
from reknit.care.supervision.models import ChartAudit, EventReview, ReviewAction

from .changes import ask_writers
from .common import LINE, allowed, clean, not_later, to_come

TEXTS = ("went_well", "made_hard", "learned", "protocol_change")


@action
def begin_audit(*, by: User, at: dt.datetime, client: Client, why: str) -> ChartAudit:
    """Open one chart for an audit. The reason is kept, and the opening is in the audit record like any other."""
    allowed(may_review(by, client, on=local_date(at, zone())))
    why = clean(why, field="why", most=LINE, required=_("Write why you look through this chart."))
    found = ChartAudit.objects.create(client=client, why=why, by=by, at=at)
    audit.record("begin chart audit", by=by, at=at, subject=found, client=client)
    return found


@action
def open_review(
    *, by: User, at: dt.datetime, key: uuid.UUID, episode: Episode, what: str, on: dt.date
) -> EventReview:
    """Begin to look at an event: what kind it was and when."""
    allowed(may_review(by, episode.client, on=local_date(at, zone())))
    if known := EventReview.objects.filter(pk=key, episode=episode).first():
        audit.unchanged()
        return known
    if what not in EventReview.What.values:
        raise DomainError(_("Choose what it was from the list."), field="what")
    review = EventReview.objects.create(
        pk=key, episode=episode, what=what, on=not_later(on, at=at), opened_by=by, opened_at=at
    )
    audit.record("open event review", by=by, at=at, subject=review, client=episode.client_id)
    return review


@action
def save_review(
    *, by: User, at: dt.datetime, review: EventReview, revision: int, words: dict[str, str]
) -> EventReview:
    """What went well, what made the right thing hard, what was learned, and what the protocol should say."""
    review = _open(review, by, at)
    if review.revision != revision:
        raise Conflict(_("This was changed by somebody else since you read it. Read it again first."))
    for name in TEXTS:
        setattr(review, name, clean(words.get(name, ""), field=name))
    review.revision += 1
    review.save(update_fields=[*TEXTS, "revision"])
    audit.record("save event review", by=by, at=at, subject=review, client=review.episode.client_id)
    return review


@action
def add_review_action(
    *,
    by: User,
    at: dt.datetime,
    review: EventReview,
    key: uuid.UUID,
    words: str,
    owner: User,
    due_on: dt.date,
) -> ReviewAction:
    """What the clinic does differently, who does it and by when."""
    review = _open(review, by, at)
    if known := ReviewAction.objects.filter(pk=key, review=review).first():
        audit.unchanged()
        return known
    if not owner.is_active:
        raise DomainError(_("Choose somebody who works here."), field="owner")
    found = ReviewAction.objects.create(
        pk=key,
        review=review,
        words=clean(words, field="words", most=LINE, required=_("Write what is to be done.")),
        owner=owner,
        due_on=to_come(due_on, at=at),
        made_at=at,
    )
    audit.record("add review action", by=by, at=at, subject=found, client=review.episode.client_id)
    return found


@action
def finish_review_action(*, by: User, at: dt.datetime, one: ReviewAction) -> ReviewAction:
    """It is done."""
    one = hold(one)
    allowed(may_read_review(by, one.review, on=local_date(at, zone())))
    if one.done_at:
        audit.unchanged()
        return one
    one.done_at = at
    one.save(update_fields=["done_at"])
    audit.record("finish review action", by=by, at=at, subject=one, client=one.review.episode.client_id)
    return one


@action
def close_review(*, by: User, at: dt.datetime, review: EventReview) -> EventReview:
    """Close the review: what was learned stands, and what the protocol should say goes to its writers. What is to be done goes on."""
    review = _open(review, by, at)
    if not review.learned:
        raise DomainError(_("Write what was learned before you close it."))
    if review.protocol_change:
        ask_writers(by=by, at=at, review=review)
    review.state, review.closed_at = EventReview.State.CLOSED, at
    review.save(update_fields=["state", "closed_at"])
    audit.record("close event review", by=by, at=at, subject=review, client=review.episode.client_id)
    return review


def _open(review: EventReview, by: User, at: dt.datetime) -> EventReview:
    review = hold(review)
    allowed(may_read_review(by, review, on=local_date(at, zone())))
    if review.state != EventReview.State.OPEN:
        raise DomainError(_("This review is closed and no longer changes."))
    return review

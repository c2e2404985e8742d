"""What directors do with what a review asks of a protocol."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.groups.checks import names_of
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_write_protocols
from reknit.care.programme.models import ProtocolVersion
from reknit.care.supervision.access import may_read_review
from reknit.care.supervision.models import EventReview, ProtocolRequest
from reknit.core.groups.names import find

from .common import LINE, allowed, clean


@action
def ask_writers(*, by: User, at: dt.datetime, review: EventReview) -> ProtocolRequest:
    """Hand on what the protocol should say, when a review closes. It may not name the client: directors read no chart."""
    allowed(may_read_review(by, review, on=local_date(at, zone())))
    named = find(review.protocol_change, names_of(review.episode.client))
    if named:
        raise DomainError(
            _(
                "What the protocol should say names “%(name)s”. Directors read it, so write it without the client."
            )
            % {"name": named[0].written}
        )
    request = ProtocolRequest.objects.create(
        review=review, protocol=review.episode.protocol, words=review.protocol_change, made_at=at
    )
    audit.record("ask for protocol change", by=by, at=at, subject=request)
    return request


@action
def answer_protocol_request(
    *, by: User, at: dt.datetime, request: ProtocolRequest, version: ProtocolVersion | None, answer: str = ""
) -> ProtocolRequest:
    """Say which version takes it up, or why none does. A director may say it anew: the latest stands."""
    allowed(may_write_protocols(by))
    request = hold(request)
    answer = clean(answer, field="answer", most=LINE)
    if version is None and not answer:
        raise DomainError(_("Choose the version that takes it up, or write why none does."), field="version")
    request.version, request.answer, request.answered_by, request.answered_at = version, answer, by, at
    request.save(update_fields=["version", "answer", "answered_by", "answered_at"])
    detail = {"version": str(version.pk) if version else None}
    audit.record("answer protocol request", by=by, at=at, subject=request, detail=detail)
    return request

"""The weekly summary: written by one, approved by both, then read by the members in their own pages. Never sent by mail."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.groups.checks import everybody, facilitator, no_names, words
from reknit.care.groups.models import GroupSession, WeeklySummary

MOST = 4000


@action
def save_summary(
    *, by: User, at: dt.datetime, session: GroupSession, revision: int, text: str
) -> WeeklySummary:
    """Write or change the draft. A change takes the approvals away; what members have read already stays."""
    facilitator(by, session.run, at=at)
    hold(session.run)
    if hold(session).state != GroupSession.State.SIGNED:
        raise DomainError(_("Sign the session first. The summary comes after it."))
    text = words(text, field="text", most=MOST, required=True)
    no_names(text, everybody(session.run), field="text", what=_("The summary"))
    known = WeeklySummary.objects.select_for_update(of=("self",)).filter(session=session).first()
    if known is None:
        if revision:
            raise Conflict(_("This page is out of date. Open it again."))
        made = WeeklySummary.objects.create(session=session, words=text, revision=1, saved_by=by, saved_at=at)
        audit.record("write weekly summary", by=by, at=at, subject=made, detail={"number": session.number})
        return made
    if known.second_at:
        raise DomainError(_("The members can read this summary already, so it stays as it is."))
    if known.revision != revision:
        raise Conflict(
            _(
                "Somebody else changed this summary while you were writing. Look at theirs, then write yours again."
            ),
            theirs=known.words,
        )
    known.words, known.revision, known.saved_by, known.saved_at = text, revision + 1, by, at
    known.first_by = known.first_at = None
    known.save(update_fields=["words", "revision", "saved_by", "saved_at", "first_by", "first_at"])
    audit.record("write weekly summary", by=by, at=at, subject=known, detail={"number": session.number})
    return known


@action
def approve_summary(*, by: User, at: dt.datetime, summary: WeeklySummary, revision: int) -> WeeklySummary:
    """Approve the words as they stand. With the second person's approval the members can read them."""
    facilitator(by, summary.session.run, at=at)
    stands = hold(summary)
    if stands.revision != revision:
        raise Conflict(_("This summary was changed since you read it. Read it again."), theirs=stands.words)
    if stands.second_at or by.pk == stands.first_by_id:
        audit.unchanged()
        return stands
    no_names(stands.words, everybody(summary.session.run), field="text", what=_("The summary"))
    if stands.first_by_id is None:
        stands.first_by, stands.first_at = by, at
        stands.save(update_fields=["first_by", "first_at"])
    else:
        stands.second_by, stands.second_at = by, at
        stands.save(update_fields=["second_by", "second_at"])
    detail = {"number": summary.session.number, "shown": bool(stands.second_at)}
    audit.record("approve weekly summary", by=by, at=at, subject=stands, detail=detail)
    return stands

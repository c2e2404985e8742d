"""Who pays for a client's sessions."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.intake.models import Cover
from reknit.care.people.models import Client

from .common import check_revision, words

SESSIONS = range(1, 501)


@action
def add_cover(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    kind: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    payer: str = "",
    member_id: str = "",
    authorisation: str = "",
    sessions: int | None = None,
    used_before: int = 0,
    stands: str | None = None,
) -> Cover:
    """Write down what a payer pays for. The one before ends with it and is kept.

    `stands` is the key of the one that was on the page, empty for none: another written meanwhile is a conflict.
    """
    client = hold(client)
    if known := Cover.objects.filter(pk=key, client=client).first():
        audit.unchanged()
        return known
    if client.is_sandbox:
        raise DomainError(_("A practice course is paid for by nobody."))
    if kind not in Cover.Kind.values:
        raise DomainError(_("Choose from the list."), field="kind")
    if ends_on and ends_on < starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    if sessions is not None and sessions not in SESSIONS:
        raise DomainError(_("Write a number between 1 and 500, or leave it empty."), field="sessions")
    insured = kind in (Cover.Kind.PRIVATE, Cover.Kind.PUBLIC, Cover.Kind.OTHER)
    standing = list(Cover.objects.filter(client=client, ended_at=None))
    if stands is not None:
        check_revision("".join(str(one.pk) for one in standing), stands)
    for one in standing:
        _end(one, by=by, at=at)
    cover = Cover.objects.create(
        pk=key,
        client=client,
        kind=kind,
        payer=words(payer, field="payer", most=120, required=_("Write who pays.") if insured else ""),
        member_id=words(member_id, field="member_id", most=60),
        authorisation=words(authorisation, field="authorisation", most=60),
        starts_on=starts_on,
        ends_on=ends_on,
        sessions=sessions,
        used_before=used_before,
        added_by=by,
        added_at=at,
    )
    audit.record("add cover", by=by, at=at, subject=cover, client=client, detail={"kind": kind})
    return cover


@action
def end_cover(*, by: User, at: dt.datetime, cover: Cover) -> Cover:
    """Say that a cover no longer stands. What it was is kept."""
    if hold(cover).ended_at:
        audit.unchanged()
        cover.refresh_from_db()
        return cover
    _end(cover, by=by, at=at)
    audit.record("end cover", by=by, at=at, subject=cover, client=cover.client_id)
    return cover


def _end(cover: Cover, *, by: User, at: dt.datetime) -> None:
    cover.ended_by, cover.ended_at = by, at
    cover.save(update_fields=["ended_by", "ended_at"])

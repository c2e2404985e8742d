"""Keeping a wording, and making a document from it."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.documents.wording import check, fill
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.closure.access import may_edit_wording
from reknit.care.closure.models import Printed, Wording
from reknit.care.encounters.models import Encounter
from reknit.care.people.queries import paper_foot, zone
from reknit.care.programme.models import Episode

from .kinds import DOCUMENTS, PRINTED, TELLING, Document
from .pages import content_of, digest_of
from .values import day, sources_of, values_of
from .wordings import standing


@action
def keep_wording(
    *, by: User, at: dt.datetime, kind: str, version: int, title: str, body: str, with_notice: bool
) -> Wording:
    """Keep a new version of a clinic's wording. Documents made before keep the version they were made from."""
    decision = may_edit_wording(by)
    if not decision:
        raise Refused(decision.reason)
    document = DOCUMENTS[kind]
    title, body = title.strip(), body.replace("\r\n", "\n").strip()
    check_wording(document, title=title, body=body, with_notice=with_notice)
    known = standing(kind)
    if (known.title, known.body, known.with_notice) == (title, body, with_notice) and known.row:
        audit.unchanged()
        return known.row
    if known.version != version:
        raise Conflict(
            _("Somebody else kept a new version meanwhile. Yours stands below; compare, then keep it."),
            theirs={"title": known.title, "body": known.body, "version": known.version},
        )
    kept = Wording.objects.create(
        kind=kind,
        version=version + 1,
        title=title,
        body=body,
        with_notice=with_notice,
        made_by=by,
        made_at=at,
    )
    audit.record("keep wording", by=by, at=at, subject=kept, detail={"kind": kind, "version": kept.version})
    return kept


def check_wording(document: Document, *, title: str, body: str, with_notice: bool) -> None:
    """Refuse a wording that could not be filled in, or that would tell more than the document is for."""
    if not title or len(title) > 80:
        raise DomainError(_("Write a heading of at most 80 characters."), field="title")
    if set("{}") & set(title):
        raise DomainError(_("The heading holds no fields."), field="title")
    check(body, words=document.words, blocks=document.blocks)
    if not document.is_certificate:
        return
    if with_notice:
        raise DomainError(
            _(
                "This certificate is shown to others, and the notice itself would tell what the care is about."
            ),
            field="with_notice",
        )
    found = TELLING.search(f"{title} {body}")
    if found:
        raise DomainError(
            _(
                "“%(word)s” tells what the care is about. A certificate says only that somebody came. Take it out."
            )
            % {"word": found.group()},
            field="body",
        )


@action
def make_document(
    *, by: User, at: dt.datetime, episode: Episode, kind: str, session: Encounter | None = None
) -> Printed:
    """Make a document of a course as things stand. It keeps its words and the version of its wording for good."""
    document = next(one for one in PRINTED if one.key == kind)
    hold(episode)
    found = sources_of(episode)
    if lack := found.lack(kind):
        raise DomainError(lack)
    if kind == "attendance" and session not in found.attended:
        raise DomainError(_("Choose a session that took place."), field="session")
    today, wording = local_date(at, zone()), standing(kind)
    values = values_of(document, found, author=by, today=today, session=session)
    content = content_of(
        wording.title,
        fill(wording.body, values),
        on=day(today),
        notice=wording.notice,
        foot=paper_foot(episode.client),
    )
    digest = digest_of(content)
    latest = Printed.objects.filter(episode=episode, kind=kind).order_by("-made_at").first()
    if latest and (latest.digest, latest.wording_version) == (digest, wording.version):
        audit.unchanged()  # pressed twice: it would say the same
        return latest
    made = Printed.objects.create(
        episode=episode, kind=kind, wording_version=wording.version, title=wording.title, content=content,
        digest=digest, made_by=by, made_at=at,
    )  # fmt: skip
    detail = {"kind": kind, "wording": wording.version, "sha256": digest}
    audit.record("make document", by=by, at=at, subject=made, client=episode.client_id, detail=detail)
    return made

"""Every change to a protocol of the clinic's own: copied, changed, handed in, answered, withdrawn."""

import datetime as dt

from django.db.models import Max
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold, hold_line
from reknit.care.programme.access import may_answer_protocol, may_write_protocols
from reknit.care.programme.models import ProtocolAnswer, ProtocolVersion
from reknit.care.programme.models.protocols import OWN
from reknit.care.programme.refusals import in_plain_words
from reknit.care.programme.shelf import read
from reknit.core.data import Table
from reknit.core.errors import BadInput, DefinitionError, UnknownTemplate
from reknit.core.programme.body import body_of
from reknit.core.programme.editing import Edit
from reknit.core.programme.kept import check_kept
from reknit.core.programme.loading import build_template
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.template import library, template

State = ProtocolVersion.State
Answer = ProtocolAnswer.Answer
LINE = 5071  # where those stand who begin a draft at the same time
UNDER_WAY = (State.DRAFT, State.SUBMITTED)


@action
def copy_protocol(
    *, by: User, at: dt.datetime, code: str, version: str, name: str, title: str
) -> ProtocolVersion:
    """Begin a protocol of the clinic's own from any version there is. `name` is the end of its code."""
    may_write_protocols(by).or_refuse()
    hold_line(LINE)
    own = f"{OWN}{name}"
    if ProtocolVersion.objects.filter(code=own).exists():
        raise DomainError(
            _("There is a protocol with this short name already. Choose another."), field="name"
        )
    try:
        source = template(code, version)
    except UnknownTemplate as problem:
        raise DomainError(_("This protocol is not there any more.")) from problem
    row = _begin(by=by, at=at, code=own, number=1, source=source, title=title)
    audit.record("copy protocol", by=by, at=at, subject=row, detail={"from": f"{code} {version}", "to": own})
    return row


@action
def begin_protocol_version(*, by: User, at: dt.datetime, code: str, version: str) -> ProtocolVersion:
    """Begin the next version of a protocol of the clinic's own, from one that was published."""
    may_write_protocols(by).or_refuse()
    hold_line(LINE)
    rows = ProtocolVersion.objects.filter(code=code)
    source = rows.filter(number=version, published_at__isnull=False).first()
    if source is None:
        raise DomainError(_("A next version begins from one that was published."))
    if rows.filter(state__in=UNDER_WAY).exists():
        raise DomainError(_("There is a draft of this protocol already. Go on with that one."))
    number = rows.aggregate(n=Max("number"))["n"] + 1
    row = _begin(by=by, at=at, code=code, number=number, source=read(source), title=source.title)
    audit.record(
        "begin protocol version", by=by, at=at, subject=row, detail={"code": code, "version": number}
    )
    return row


def _begin(
    *, by: User, at: dt.datetime, code: str, number: int, source: ProtocolTemplate, title: str
) -> ProtocolVersion:
    body = {**body_of(source), "code": code, "version": str(number), "title": title}
    _loaded(body)
    return ProtocolVersion.objects.create(
        code=code,
        number=number,
        title=title,
        body=body,
        based_on_code=source.code,
        based_on_version=source.version,
        authors=[str(by.pk)],
        made_by=by,
        made_at=at,
    )


@action
def change_protocol(
    *, by: User, at: dt.datetime, row: ProtocolVersion, revision: int, part: str, edit: Edit
) -> ProtocolVersion:
    """Change a draft, one part at a time. The whole of it is read by the loader before anything is kept."""
    may_write_protocols(by).or_refuse()
    row = hold(row)
    if row.state != State.DRAFT:
        raise DomainError(_("Only a draft can be changed. Begin the next version."))
    if row.revision != revision:
        raise Conflict(
            _("Somebody else changed this draft meanwhile. Look at it again, then make your change.")
        )
    before = read(row)
    try:
        edited = edit(before)
        check_kept(before, edited)
        body = body_of(_loaded(body_of(edited)))
    except (BadInput, DefinitionError) as problem:
        raise in_plain_words(problem) from problem
    row.body, row.title, row.revision = body, edited.title, row.revision + 1
    row.saved_by, row.saved_at = by, at
    row.authors = sorted({*row.authors, str(by.pk)})
    row.save(update_fields=["body", "title", "revision", "saved_by", "saved_at", "authors"])
    detail = {"code": row.code, "version": row.version, "part": part}
    audit.record("change protocol", by=by, at=at, subject=row, detail=detail)
    return row


@action
def submit_protocol(*, by: User, at: dt.datetime, row: ProtocolVersion) -> ProtocolVersion:
    """Hand a draft to a second person. It stays as it is until they have answered, or it is taken back."""
    may_write_protocols(by).or_refuse()
    row = hold(row)
    if row.state != State.DRAFT:
        raise DomainError(_("This version is no draft. Look at the page again."))
    _loaded(row.body)
    row.state, row.submitted_by, row.submitted_at = State.SUBMITTED, by, at
    row.authors = sorted({*row.authors, str(by.pk)})
    row.save(update_fields=["state", "submitted_by", "submitted_at", "authors"])
    audit.record("submit protocol", by=by, at=at, subject=row, detail=_which(row))
    return row


@action
def take_back_protocol(*, by: User, at: dt.datetime, row: ProtocolVersion) -> ProtocolVersion:
    """Take a version back that waits for its answer, to change it."""
    may_write_protocols(by).or_refuse()
    row = _waiting(row)
    _back_to_draft(row)
    audit.record("take back protocol", by=by, at=at, subject=row, detail=_which(row))
    return row


@action
def approve_protocol(
    *, by: User, at: dt.datetime, row: ProtocolVersion, revision: int, words: str = ""
) -> ProtocolVersion:
    """Publish a version as its second person. New courses begin with it; those under way keep theirs."""
    row = _waiting(row)
    may_answer_protocol(by, row).or_refuse()
    if row.revision != revision:
        raise Conflict(_("This version changed since you opened the page. Read it again first."))
    _loaded(row.body)
    row.state, row.published_by, row.published_at = State.PUBLISHED, by, at
    row.save(update_fields=["state", "published_by", "published_at"])
    _answer(row, by=by, at=at, answer=Answer.APPROVED, words=words)
    audit.record("publish protocol", by=by, at=at, subject=row, detail=_which(row))
    return row


@action
def refuse_protocol(
    *, by: User, at: dt.datetime, row: ProtocolVersion, revision: int, words: str
) -> ProtocolVersion:
    """Give a version back with a reason. It is a draft again."""
    row = _waiting(row)
    may_answer_protocol(by, row).or_refuse()
    if not words.strip():
        raise DomainError(_("Write what speaks against it, so that it can be changed."), field="words")
    if row.revision != revision:
        raise Conflict(_("This version changed since you opened the page. Read it again first."))
    _answer(row, by=by, at=at, answer=Answer.REFUSED, words=words)
    _back_to_draft(row)
    audit.record("refuse protocol", by=by, at=at, subject=row, detail=_which(row))
    return row


@action
def withdraw_protocol(*, by: User, at: dt.datetime, row: ProtocolVersion, why: str) -> ProtocolVersion:
    """Offer a version to no new course any more. Courses under way keep it."""
    may_write_protocols(by).or_refuse()
    row = hold(row)
    if row.state == State.WITHDRAWN:
        raise DomainError(_("This version is withdrawn already."))
    if row.state == State.SUBMITTED:
        raise DomainError(_("This version waits for an answer. Take it back first."))
    if not why.strip():
        raise DomainError(_("Write why it is withdrawn."), field="why")
    row.state, row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = State.WITHDRAWN, by, at, why.strip()
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
    audit.record("withdraw protocol", by=by, at=at, subject=row, detail=_which(row))
    return row


def _which(row: ProtocolVersion) -> dict[str, str]:
    return {"code": row.code, "version": row.version}


def _loaded(body: dict[str, object]) -> ProtocolTemplate:
    """The body as the one loader reads it. Raises `DefinitionError`."""
    return build_template(Table(body, str(body["code"])), library())


def _waiting(row: ProtocolVersion) -> ProtocolVersion:
    row = hold(row)
    if row.state != State.SUBMITTED:
        raise DomainError(_("This version waits for no answer any more. Look at the page again."))
    return row


def _back_to_draft(row: ProtocolVersion) -> None:
    row.state, row.submitted_by, row.submitted_at = State.DRAFT, None, None
    row.save(update_fields=["state", "submitted_by", "submitted_at"])


def _answer(row: ProtocolVersion, *, by: User, at: dt.datetime, answer: str, words: str) -> None:
    ProtocolAnswer.objects.create(
        version=row, revision=row.revision, answer=answer, words=words.strip(), by=by, at=at
    )

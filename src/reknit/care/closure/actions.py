"""Writing, issuing and closing."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.encounters.models import ProgressNote
from reknit.care.people.actions import set_status
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import close_episode, record_fact
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem

from .letters import pdf_of
from .models import Letter
from .parts import LONGEST, PARTS
from .queries import letter_facts


@action
def begin_letter(*, by: User, at: dt.datetime, episode: Episode, kind: str) -> Letter:
    """The draft of a kind of letter for a course, made on first use."""
    known = Letter.objects.filter(episode=episode, kind=kind, state=Letter.State.DRAFT).first()
    if known:
        audit.unchanged()
        return known
    letter = Letter.objects.create(episode=episode, kind=kind, made_by=by, made_at=at)
    audit.record(
        "begin letter", by=by, at=at, subject=letter, client=episode.client_id, detail={"kind": kind}
    )
    return letter


@action
def save_letter(
    *,
    by: User,
    at: dt.datetime,
    letter: Letter,
    revision: int,
    recipient: str,
    words: Mapping[str, str],
) -> Letter:
    """Save the author's words. Refuses when another save came first, and gives back what stands."""
    kept = {part.key: words.get(part.key, "").strip() for part in PARTS[letter.kind]}
    for part in PARTS[letter.kind]:
        if len(kept[part.key]) > LONGEST:
            raise DomainError(
                _("“%(part)s” is too long. Keep it under %(n)d characters.")
                % {"part": part.heading, "n": LONGEST},
                field=part.key,
            )
    changed = Letter.objects.filter(pk=letter.pk, state=Letter.State.DRAFT, revision=revision).update(
        words=kept, recipient=recipient.strip(), saved_at=at, revision=revision + 1
    )
    letter.refresh_from_db()
    if not changed and letter.state == Letter.State.ISSUED:
        raise DomainError(_("This letter was issued and no longer changes. Begin a new one."))
    if not changed:
        if letter.words == kept and letter.recipient == recipient.strip():
            audit.unchanged()  # the same save sent twice
            return letter
        raise Conflict(_("Somebody else saved this letter while you wrote."), theirs=letter.words)
    if revision == 0:
        audit.record("save letter", by=by, at=at, subject=letter, client=letter.episode.client_id)
    else:
        audit.unchanged()  # drafts are audited at their first and their last save; issuing is the last
    return letter


@action
def issue_letter(*, by: User, at: dt.datetime, letter: Letter, revision: int) -> Letter:
    """Freeze the letter: facts as they stand and words as saved. Its pages are drawn by `file_pages`, afterwards:
    drawing takes longer than writing, and nobody should wait for it behind the one writer.
    """
    letter = (
        Letter.objects.select_for_update(of=("self",)).select_related("episode__client").get(pk=letter.pk)
    )
    if letter.state == Letter.State.ISSUED:
        audit.unchanged()
        return letter
    if letter.revision != revision:
        raise Conflict(
            _("This letter was changed since you read it. Read it again, then issue it."), theirs=letter.words
        )
    if not any(letter.words.get(part.key) for part in PARTS[letter.kind]):
        raise DomainError(_("Write at least one part of the letter before you issue it."))
    if letter.kind == Letter.Kind.CLOSING and not letter.recipient:
        raise DomainError(_("Write to whom the letter goes."), field="recipient")
    letter.facts = letter_facts(letter, today=local_date(at, zone()), author=by)
    letter.digest = digest_of(letter)
    letter.state, letter.issued_by, letter.issued_at = Letter.State.ISSUED, by, at
    letter.save(update_fields=["facts", "digest", "state", "issued_by", "issued_at"])
    record_fact(
        by=by,
        at=at,
        episode=letter.episode,
        kind="letter_issued",
        source="letter",
        source_id=letter.pk,
        value={"kind": letter.kind},
    )
    audit.record(
        "issue letter",
        by=by,
        at=at,
        subject=letter,
        client=letter.episode.client_id,
        detail={"kind": letter.kind, "revision": letter.revision, "sha256": letter.digest},
    )
    return letter


def digest_of(letter: Letter) -> str:
    """The fingerprint of everything an issued letter says."""
    said = [letter.kind, letter.recipient, letter.words, letter.facts]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def file_pages(*, by: User | None, at: dt.datetime, letter: Letter) -> bytes:
    """Draw the pages of an issued letter from what was frozen, and keep them. Drawn once, kept for ever."""
    if letter.pdf:
        return bytes(letter.pdf)
    if letter.issued_at is None or digest_of(letter) != letter.digest:
        raise DomainError(_("This letter does not match its fingerprint. Tell your administrator."))
    pages = pdf_of(letter, letter.facts, on=local_date(letter.issued_at, zone()))
    return keep_pages(by=by, at=at, letter=letter, pages=pages)


@action
def keep_pages(*, by: User | None, at: dt.datetime, letter: Letter, pages: bytes) -> bytes:
    """Keep the pages of an issued letter; the first that arrive stay."""
    if not Letter.objects.filter(pk=letter.pk, pdf=None).update(pdf=pages):
        audit.unchanged()
        return bytes(Letter.objects.only("pdf").get(pk=letter.pk).pdf or b"")
    audit.record(
        "file letter",
        by=by,
        at=at,
        subject=letter,
        client=letter.episode.client_id,
        detail={"sha256": hashlib.sha256(pages).hexdigest()},
    )
    return pages


@action
def close_course(*, by: User, at: dt.datetime, episode: Episode, reason: str) -> Episode:
    """Close the course. Not while a critical risk item is open or a note is still a draft."""
    if not reason.strip():
        raise DomainError(_("Write why the course closes."), field="reason")
    hold(episode)  # no session begins between the look at its notes and the end
    if RiskItem.objects.filter(client=episode.client_id, status="open", klass="critical").exists():
        raise DomainError(_("A risk item is still open. Answer it first, then close the course."))
    drafts = ProgressNote.objects.filter(encounter__episode=episode, state=ProgressNote.State.DRAFT).count()
    if drafts:
        raise DomainError(
            ngettext(
                "%(n)d note is not signed yet. Sign it first, then close the course.",
                "%(n)d notes are not signed yet. Sign them first, then close the course.",
                drafts,
            )
            % {"n": drafts}
        )
    episode = close_episode(by=by, at=at, episode=episode, reason=reason)
    set_status(by=by, at=at, client=episode.client, status=Client.Status.CLOSED)
    return episode

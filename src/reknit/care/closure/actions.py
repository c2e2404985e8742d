"""Writing, giving, issuing and closing."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.races import hold
from reknit.care.encounters.booking.actions import release_hours
from reknit.care.encounters.models import ProgressNote
from reknit.care.people.actions import set_status
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import close_episode, record_fact, withdraw_fact
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.safety.models import RiskItem
from reknit.core.programme.follow_up import due_dates
from reknit.core.programme.template import template

from . import people_then_now
from .checks import digest_of_record, kept_words, people_chosen, rests_on_given
from .kinds import RECORDS, Record, lacking
from .letters import pdf_of
from .models import ClosingRecord, CourseEnding, FollowUp, Letter
from .parts import LONGEST, PARTS
from .queries import letter_facts
from .records import basis_of, decided

LONGEST_COURSE = 365 * 5  # days; far longer than any course, a bound for a slip of the pen


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
    release_hours(by=by, at=at, episode=episode)
    episode = close_episode(by=by, at=at, episode=episode, reason=reason)
    _keep_ending(by=by, at=at, episode=episode)
    set_status(by=by, at=at, client=episode.client, status=Client.Status.CLOSED)
    return episode


# --- closing records ---


@action
def save_record(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    kind: str,
    revision: int,
    words: Mapping[str, Any],
    people: Sequence[str] = (),
) -> ClosingRecord:
    """Save the draft of a closing record, made at its first save. Refuses when another save came first."""
    record = RECORDS[kind]
    _may_change(episode, record)
    kept = kept_words(record, words)
    chosen = people_chosen(record, episode, people)
    rows = ClosingRecord.objects.filter(episode=episode, kind=kind)
    draft = rows.filter(state=ClosingRecord.State.DRAFT).first()
    if draft is None and revision == 0:
        draft = ClosingRecord.objects.create(
            episode=episode, kind=kind, version=rows.count() + 1, revision=1, words=kept, people=chosen,
            made_by=by, made_at=at, saved_at=at,
        )  # fmt: skip
        audit.record(
            "begin closing record", by=by, at=at, subject=draft, client=episode.client_id,
            detail={"kind": kind, "version": draft.version},
        )  # fmt: skip
        return draft
    if draft is None:
        raise Conflict(
            _("This record was given while you wrote. Save again to begin a new version."), theirs={}
        )
    if draft.revision != revision:
        if draft.words != kept or draft.people != chosen:
            raise Conflict(_("Somebody else saved this record while you wrote."), theirs=draft.words)
        audit.unchanged()  # the same save sent twice
        return draft
    draft.words, draft.people, draft.saved_at, draft.revision = kept, chosen, at, revision + 1
    draft.save(update_fields=["words", "people", "saved_at", "revision"])
    audit.unchanged()  # drafts are audited when they begin and when they are given
    return draft


@action
def give_record(*, by: User, at: dt.datetime, record: ClosingRecord, revision: int) -> ClosingRecord:
    """Give a closing record as it was read: from now on this version never changes, and the course knows of it."""
    kind = RECORDS[record.kind]
    _may_change(record.episode, kind)
    row = ClosingRecord.objects.select_for_update(of=("self",)).select_related("episode").get(pk=record.pk)
    if row.state == ClosingRecord.State.GIVEN:
        audit.unchanged()
        return row
    if row.revision != revision:
        raise Conflict(_("Somebody else saved this record after you read it. Read it again, then give it."))
    lacks = lacking(kind, row.words)
    if lacks:
        raise DomainError(str(lacks.sentence), field=lacks.keys[0])
    rests_on_given(kind, row.episode)
    row.people = people_chosen(kind, row.episode, [one["id"] for one in row.people])
    row.state, row.given_by, row.given_at = ClosingRecord.State.GIVEN, by, at
    row.digest = digest_of_record(row)
    row.save(update_fields=["people", "state", "given_by", "given_at", "digest"])
    _report(by=by, at=at, record=kind, row=row)
    audit.record(
        "give closing record",
        by=by,
        at=at,
        subject=row,
        client=row.episode.client_id,
        detail={"kind": row.kind, "version": row.version, "sha256": row.digest},
    )
    return row


@action
def take_back_record(*, by: User, at: dt.datetime, record: ClosingRecord, reason: str) -> ClosingRecord:
    """Say that a record that was given no longer holds. It stays readable for the team and leaves the client's page."""
    if not reason.strip():
        raise DomainError(_("Write why it no longer holds."), field="reason")
    _may_change(record.episode, RECORDS[record.kind])
    row = ClosingRecord.objects.select_for_update(of=("self",)).select_related("episode").get(pk=record.pk)
    if row.state != ClosingRecord.State.GIVEN:
        raise DomainError(_("This is a draft. Change it instead."))
    if row.taken_back_at:
        audit.unchanged()
        return row
    row.taken_back_by, row.taken_back_at, row.taken_back_reason = by, at, reason.strip()
    row.save(update_fields=["taken_back_by", "taken_back_at", "taken_back_reason"])
    fact = RECORDS[row.kind].fact
    if fact:
        withdraw_fact(by=by, at=at, episode=row.episode, kind=fact, source_id=row.pk)
    audit.record(
        "take back closing record",
        by=by,
        at=at,
        subject=row,
        client=row.episode.client_id,
        detail={"kind": row.kind, "version": row.version},
    )
    return row


def _may_change(episode: Episode, record: Record) -> None:
    """Hold the course, and refuse what belongs to a course that is still open."""
    stands = Episode.objects.select_for_update().only("status").get(pk=episode.pk)
    if stands.status == Episode.Status.CLOSED and not record.after_close:
        raise DomainError(_("The course is closed. This record belongs to a course that is open."))


def _report(*, by: User, at: dt.datetime, record: Record, row: ClosingRecord) -> None:
    """Report the fact of this record; the fact of an earlier version no longer counts."""
    if not record.fact:
        return
    withdraw_fact(by=by, at=at, episode=row.episode, kind=record.fact)
    value = {record.fact_key: row.words[record.reports]} if record.reports else {}
    record_fact(
        by=by, at=at, episode=row.episode, kind=record.fact, source="closing_record", source_id=row.pk, value=value
    )  # fmt: skip


@action
def look_at_circles(*, by: User, at: dt.datetime, episode: Episode) -> None:
    """Record that client and therapist looked at the circle then and now together (task C04)."""
    found = people_then_now.circles(episode).compared
    if found is None:
        raise DomainError(_("Two signed circles are needed to look at then and now."))
    value = {"first": found.first, "latest": found.latest}
    known = CourseFact.objects.filter(episode=episode, kind="circle_compared", withdrawn_at=None)
    if any(fact.value == value for fact in known.select_for_update()):
        audit.unchanged()
        return
    withdraw_fact(by=by, at=at, episode=episode, kind="circle_compared")
    record_fact(by=by, at=at, episode=episode, kind="circle_compared", source="closure", value=value)
    audit.record("look at circles", by=by, at=at, subject=episode, client=episode.client_id, detail=value)


# --- follow-up ---


@action
def book_follow_ups(
    *, by: User, at: dt.datetime, episode: Episode, ended_on: dt.date, months: Collection[int]
) -> list[FollowUp]:
    """Book follow-up at these months from the end of the course. What is still to do moves along; what was done stays."""
    Episode.objects.select_for_update().only("pk").get(pk=episode.pk)
    allowed = template(episode.protocol, episode.protocol_version).follow_up.months
    if not months or not set(months) <= set(allowed):
        raise DomainError(_("Choose at least one of the months offered."), field="months")
    if ended_on < episode.starts_on:
        raise DomainError(_("The course cannot end before it began."), field="ended_on")
    if (ended_on - episode.starts_on).days > LONGEST_COURSE:
        raise DomainError(_("This is too long after the course began. Check the date."), field="ended_on")
    known = {one.months: one for one in FollowUp.objects.filter(episode=episode)}
    for month, due_on in due_dates(ended_on, months).items():
        _book(by=by, at=at, episode=episode, known=known.get(month), month=month, due_on=due_on)
    for month, one in known.items():
        if month not in months and one.state == FollowUp.State.DUE:
            one.state, one.settled_by, one.settled_at = FollowUp.State.CALLED_OFF, by, at
            one.save(update_fields=["state", "settled_by", "settled_at"])
    value = {"months": sorted(set(months))}
    withdraw_fact(by=by, at=at, episode=episode, kind="follow_ups_booked")
    record_fact(by=by, at=at, episode=episode, kind="follow_ups_booked", source="closure", value=value)
    audit.record("book follow-ups", by=by, at=at, subject=episode, client=episode.client_id, detail=value)
    return list(FollowUp.objects.filter(episode=episode).order_by("months"))


def _book(
    *, by: User, at: dt.datetime, episode: Episode, known: FollowUp | None, month: int, due_on: dt.date
) -> None:
    """One month: new, moved, or booked again after it was called off. Done and not reached stay as they are."""
    if known is None:
        FollowUp.objects.create(episode=episode, months=month, due_on=due_on, booked_by=by, booked_at=at)
    elif known.state in {FollowUp.State.DUE, FollowUp.State.CALLED_OFF}:
        known.state, known.due_on, known.words = FollowUp.State.DUE, due_on, ""
        known.booked_by, known.booked_at, known.settled_by, known.settled_at = by, at, None, None
        known.save()


@action
def settle_follow_up(
    *, by: User, at: dt.datetime, follow_up: FollowUp, state: str, words: str = ""
) -> FollowUp:
    """Say how a follow-up went: done, not reached (with why), or called off."""
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("episode").get(pk=follow_up.pk)
    words = words.strip()
    if state not in {FollowUp.State.DONE, FollowUp.State.MISSED, FollowUp.State.CALLED_OFF}:
        raise DomainError(_("Choose how it went."), field="state")
    if row.state == state and row.words == words:
        audit.unchanged()
        return row
    if row.state != FollowUp.State.DUE:
        raise DomainError(_("Somebody has already written down how this follow-up went."))
    if state == FollowUp.State.MISSED and not words:
        raise DomainError(_("Write what was tried, and why it did not work."), field="words")
    row.state, row.words, row.settled_by, row.settled_at = state, words, by, at
    row.save(update_fields=["state", "words", "settled_by", "settled_at"])
    audit.record(
        "settle follow-up",
        by=by,
        at=at,
        subject=row,
        client=row.episode.client_id,
        detail={"months": row.months, "state": state},
    )
    return row


def _keep_ending(*, by: User, at: dt.datetime, episode: Episode) -> None:
    """Keep what the course came to, beside the close of it. The word holds nothing up."""
    counts, found = decided(episode)
    CourseEnding.objects.create(episode=episode, word=found.word, basis=basis_of(counts, found), by=by, at=at)
    audit.record(
        "settle course ending", by=by, at=at, subject=episode, client=episode.client_id, detail={"word": found.word}
    )  # fmt: skip

"""Every change to appointments, sessions and their notes."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold
from reknit.care.contact.messages.actions import withdraw_messages
from reknit.care.people.queries import supervisor_who_cosigns, zone
from reknit.care.programme.actions import record_fact, set_task, withdraw_fact
from reknit.care.programme.agreement import rolls_of
from reknit.care.programme.models import Episode
from reknit.core.encounters.readings import readings

from .access import may_add, may_cosign
from .checks import (
    AHEAD,
    check_characters,
    check_clinician,
    check_consent,
    check_key,
    check_open,
    check_place,
    check_time,
    check_unlocked,
    clean,
    sentence,
)
from .clashes import Span, check_free
from .models import (
    Addendum,
    Appointment,
    ContactAfterMiss,
    Encounter,
    Intention,
    NoteReading,
    ProgressNote,
    ReEngagementPlan,
    Room,
    Where,
)
from .numbering import MISSES_THAT_ROLL, Numbers, Row, next_numbers
from .queries import assembled
from .sections import EMERGENCY, KEYS, MAX_WORDS, digest, freeze, title
from .together import is_by_group

State, Outcome = ProgressNote.State, Encounter.Outcome


@action
def book_appointment(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    clinician: User,
    starts_at: dt.datetime,
    minutes: int = 50,
    way: str = Where.HERE,
    room: Room | None = None,
    link: str = "",
    may_overlap: bool = False,
    key: uuid.UUID | None = None,
) -> Appointment:
    """Book a session. `key` may have been made by the page, so that a double send books one.

    A time that is taken is refused, unless two sessions beside each other are meant (`may_overlap`).
    """
    stands = hold(episode)
    if key and (known := Appointment.objects.filter(pk=key, episode=episode).first()):
        audit.unchanged()
        return known
    check_key(Appointment, key)
    check_open(stands)
    check_time(episode, starts_at, minutes, at=at)
    check_clinician(clinician, episode, at=at)
    link = check_place(way, room, link)
    if not may_overlap:
        check_free(
            [Span(starts_at, minutes)], clinician=clinician, room=room, is_practice=episode.client.is_sandbox
        )
    appointment = Appointment.objects.create(
        **({"id": key} if key else {}),
        client_id=episode.client_id,
        episode=episode,
        clinician=clinician,
        starts_at=starts_at,
        minutes=minutes,
        way=way,
        room=room,
        link=link,
        made_by=by,
        made_at=at,
    )
    audit.record("book appointment", by=by, at=at, subject=appointment, client=episode.client_id)
    return appointment


@action
def start_encounter(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    outcome: str,
    starts_at: dt.datetime,
    place: str = "here",
    minutes: int = 50,
    appointment: Appointment | None = None,
    uses_slot: bool = False,
    group_session: int | None = None,
    is_beside: bool = False,
    key: uuid.UUID | None = None,
) -> Encounter:
    """Record a meeting that took place or did not, give it its numbers, and begin its note when it took place.

    `uses_slot` is asked of a safety session alone, which by default stands beside the planned ones. `group_session` is
    the number of a group's session; 0 for a group that goes on beside this course and uses none of its sessions.
    `is_beside` says the same of a meeting alone: the work of somebody else, which takes no session from this course.
    """
    stands = hold(episode)  # sessions of a course get their numbers one after the other
    if known := _already_started(episode, appointment, key):
        audit.unchanged()
        return known
    check_key(Encounter, key)
    check_open(stands)
    check_time(episode, starts_at, minutes, at=at)
    if outcome not in Outcome.values or place not in Encounter.Place.values:
        raise DomainError(_("Choose what happened from the list."), field="outcome")
    if outcome in (*Encounter.HELD, Outcome.NO_SHOW) and starts_at > at + dt.timedelta(hours=1):
        raise DomainError(_("This session has not begun yet. Check the day and the time."), field="on")
    earlier = Encounter.objects.filter(episode=episode)
    if outcome == Outcome.BEFORE and earlier.filter(slot__isnull=False).exists():
        raise DomainError(
            _("The meeting before session 1 is written down, or the sessions have begun."), field="outcome"
        )
    numbers = next_numbers(
        (Row(*row) for row in earlier.values_list("outcome", "slot", "attended_number")),
        outcome,
        rolls=rolls_of(episode, MISSES_THAT_ROLL),
        uses_slot=uses_slot,
    )
    numbers = _in_a_group(numbers, episode, outcome, group_session, taken=earlier)
    if is_beside:
        numbers = Numbers(None, numbers.attended)
    encounter = Encounter.objects.create(
        **({"id": key} if key else {}),
        client_id=episode.client_id,
        episode=episode,
        appointment=appointment,
        clinician=by,
        kind=Encounter.Kind.INDIVIDUAL if group_session is None else Encounter.Kind.GROUP,
        outcome=outcome,
        place=place,
        slot=numbers.slot,
        attended_number=numbers.attended,
        starts_at=starts_at,
        minutes=minutes,
        made_by=by,
        made_at=at,
    )
    if appointment:
        _settle(appointment, outcome, by=by, at=at)
    if outcome in Encounter.HELD:
        ProgressNote.objects.create(encounter=encounter, author=by, begun_at=at)
    value = {"slot": numbers.slot, "outcome": outcome}
    told = {**value, "on": local_date(starts_at, zone()).isoformat()}
    record_fact(
        by=by, at=at, episode=episode, kind="session", source="encounter", source_id=encounter.pk, value=told
    )
    audit.record("start encounter", by=by, at=at, subject=encounter, client=episode.client_id, detail=value)
    return encounter


@action
def tick(*, by: User, at: dt.datetime, encounter: Encounter, code: str, done: bool) -> None:
    """Tick a task of the course as done in this session, or take the tick back."""
    check_unlocked(encounter)
    set_task(
        by=by,
        at=at,
        episode=encounter.episode,
        code=code,
        encounter_id=encounter.pk,
        done=done,
        slot=encounter.slot,
    )


@action
def save_note(
    *, by: User, at: dt.datetime, note: ProgressNote, revision: int, words: Mapping[str, str]
) -> ProgressNote:
    """Save a draft. The row must still be at `revision`, so that nobody's words are written over unseen.

    A draft is saved every few seconds: the first save is recorded here and the last when it is signed, and each
    time that somebody else of the team takes up the writing.
    """
    writer_before = note.saved_by_id
    _check_words(words)
    gate_passed = check_consent(note, words, at=at)
    kept = {key: value for key, value in words.items() if value.strip()}
    saved = ProgressNote.objects.filter(pk=note.pk, revision=revision, state=State.DRAFT).update(
        words=kept,
        revision=revision + 1,
        saved_at=at,
        saved_by=by,
    )
    note.refresh_from_db()
    if not saved:
        _refuse_locked(note)
        if (note.revision, note.saved_by_id, note.words) == (revision + 1, by.pk, kept):
            audit.unchanged()  # the same save sent twice
            return note
        raise Conflict(
            _("Somebody else saved this note while you were writing. Both versions are here: choose."),
            theirs=note.words,
        )
    if revision == 0:
        detail = {"revision": note.revision, "emergency": not gate_passed}
        audit.record(
            "begin note draft", by=by, at=at, subject=note, client=note.encounter.client_id, detail=detail
        )
    elif writer_before != by.pk:
        after = {"revision": note.revision, "after": str(writer_before)}
        audit.record(
            "take up note draft", by=by, at=at, subject=note, client=note.encounter.client_id, detail=after
        )
    audit.unchanged()
    return note


@action
def sign_note(*, by: User, at: dt.datetime, note: ProgressNote, revision: int) -> ProgressNote:
    """Sign: the note is frozen as it stands. From an author in training it goes to the supervisor first."""
    rows = ProgressNote.objects.select_for_update(of=("self",))
    note = rows.select_related("encounter__client", "encounter__episode").get(pk=note.pk)
    _refuse_locked(note)
    if by.pk != note.author_id:
        raise Refused(_("Only the person who wrote this note can sign it."))
    if note.revision != revision:
        raise Conflict(
            _("This note was changed since you read it. Read it again, then sign."), theirs=note.words
        )
    check_consent(note, note.words, at=at)
    cosigner = supervisor_who_cosigns(by, on=local_date(at, zone()))
    note.state = _move(note, State.AWAITING_COSIGN if cosigner else State.SIGNED)
    note.cosigner, note.signed_by, note.signed_at, note.returned_reason = cosigner, by, at, ""
    note.text = freeze(
        assembled(note, live=True),
        {"name": by.name, "at": at.astimezone(dt.UTC).isoformat(timespec="seconds"), "meaning": "author"},
    )
    note.digest = digest(note.text)
    note.save(
        update_fields=["state", "cosigner", "signed_by", "signed_at", "returned_reason", "text", "digest"]
    )
    client, detail = note.encounter.client_id, {"revision": revision}
    if revision > 1:
        audit.record(
            "save note draft", by=note.saved_by, at=note.saved_at, subject=note, client=client, detail=detail
        )
    audit.record("sign note", by=by, at=at, subject=note, client=client, detail={"state": str(note.state)})
    if note.state == State.SIGNED:
        _report_signed(note, by=by, at=at)
    return note


@action
def cosign_note(*, by: User, at: dt.datetime, note: ProgressNote) -> ProgressNote:
    """The supervisor's signature beside the author's; the note is locked."""
    note = _to_answer(note, by=by, at=at)
    note.state, note.cosigner, note.cosigned_at = _move(note, State.SIGNED), by, at
    note.save(update_fields=["state", "cosigner", "cosigned_at"])
    audit.record("co-sign note", by=by, at=at, subject=note, client=note.encounter.client_id)
    _report_signed(note, by=by, at=at)
    return note


@action
def return_note(*, by: User, at: dt.datetime, note: ProgressNote, reason: str) -> ProgressNote:
    """Give a note back to its author with the reason; it is a draft again."""
    note, reason = _to_answer(note, by=by, at=at), sentence(reason, field="reason")
    note.state = _move(note, State.DRAFT)
    note.signed_by, note.signed_at, note.cosigner, note.text, note.digest = None, None, None, {}, ""
    note.returned_reason = reason
    note.save(
        update_fields=["state", "signed_by", "signed_at", "cosigner", "text", "digest", "returned_reason"]
    )
    audit.record("return note", by=by, at=at, subject=note, client=note.encounter.client_id)
    return note


@action
def add_addendum(
    *, by: User, at: dt.datetime, note: ProgressNote, text: str, key: uuid.UUID | None = None
) -> Addendum:
    """Add words under a signed note. Nothing in the note changes."""
    stands = hold(note)
    if key and (known := Addendum.objects.filter(pk=key, note=note).first()):
        audit.unchanged()
        return known
    check_key(Addendum, key)
    if stands.state == State.DRAFT:
        raise DomainError(_("This note is still a draft. Write in it directly."))
    decision = may_add(by, note, note.encounter.client, on=local_date(at, zone()))
    if not decision:
        raise Refused(decision.reason)
    addendum = Addendum.objects.create(
        **({"id": key} if key else {}),
        note=note,
        text=sentence(text, field="text", most=MAX_WORDS),
        by=by,
        at=at,
    )
    audit.record("add addendum", by=by, at=at, subject=addendum, client=note.encounter.client_id)
    return addendum


@action
def choose_reading(*, by: User, at: dt.datetime, code: str) -> NoteReading:
    """Show this person notes under the headings they chose. No note changes by it."""
    if code not in {one.code for one in readings()}:
        raise DomainError(_("Choose one of the four readings."), field="reading")
    chosen, is_new = NoteReading.objects.get_or_create(person=by, defaults={"code": code, "chosen_at": at})
    if not is_new and chosen.code == code:
        audit.unchanged()
        return chosen
    chosen.code, chosen.chosen_at = code, at
    chosen.save(update_fields=["code", "chosen_at"])
    audit.record("choose note reading", by=by, at=at, subject=chosen, detail={"reading": code})
    return chosen


@action
def set_intention(*, by: User, at: dt.datetime, encounter: Encounter, text: str) -> Intention | None:
    """Write down the one thing to try before next time; empty words take it away."""
    check_unlocked(encounter)
    known = Intention.objects.filter(encounter=encounter).first()
    text = sentence(text, field="text", most=400, required=False)
    if text == (known.text if known else ""):
        audit.unchanged()
        return known
    if known and not text:
        audit.record("remove intention", by=by, at=at, subject=known, client=encounter.client_id)
        withdraw_fact(by=by, at=at, episode=encounter.episode, kind="intention_agreed", source_id=known.pk)
        withdraw_fact(by=by, at=at, episode=encounter.episode, kind="intention_reviewed", source_id=known.pk)
        known.delete()
        return None
    intention, _made = Intention.objects.update_or_create(
        encounter=encounter,
        defaults={"text": text},
        create_defaults={"text": text, "made_by": by, "made_at": at},
    )
    audit.record("set intention", by=by, at=at, subject=intention, client=encounter.client_id)
    if known is None:
        _report(intention, "intention_agreed", encounter.episode, by=by, at=at)
    return intention


@action
def record_intention(
    *, by: User, at: dt.datetime, intention: Intention, outcome: str, what_happened: str = ""
) -> Intention:
    """Write down how the thing to try went."""
    if outcome not in Intention.Outcome.values:
        raise DomainError(_("Choose how it went from the list."), field="outcome")
    what_happened = sentence(what_happened, field="what_happened", most=400, required=False)
    stands = Intention.objects.select_for_update().filter(pk=intention.pk).first()
    if stands is None:
        raise DomainError(_("This was taken out of the session meanwhile. Reload the page."))
    if (stands.outcome, stands.what_happened) == (outcome, what_happened):
        audit.unchanged()
        return stands
    changes_outcome = stands.outcome != outcome
    intention.outcome, intention.what_happened = outcome, what_happened
    intention.save(update_fields=["outcome", "what_happened"])
    audit.record(
        "record intention",
        by=by,
        at=at,
        subject=intention,
        client=intention.encounter.client_id,
        detail={"outcome": outcome},
    )
    if changes_outcome:
        episode = intention.encounter.episode
        withdraw_fact(by=by, at=at, episode=episode, kind="intention_reviewed", source_id=intention.pk)
        if outcome != Intention.Outcome.OPEN:
            value = {"outcome": outcome}
            _report(intention, "intention_reviewed", episode, by=by, at=at, value=value)
    return intention


@action
def record_contact(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    on: dt.date,
    how: str,
    answer: str,
    what_happened: str = "",
    key: uuid.UUID | None = None,
) -> ContactAfterMiss:
    """Write down that somebody tried to reach the client after a missed session. What is written stays."""
    if key and (known := ContactAfterMiss.objects.filter(pk=key, encounter=encounter).first()):
        audit.unchanged()
        return known
    check_key(ContactAfterMiss, key)
    if encounter.outcome in Encounter.HELD:
        raise DomainError(_("This session took place. Write about it in its note."))
    if on > local_date(at, zone()):
        raise DomainError(_("This day has not come yet. Write it down once you have tried."), field="on")
    if on < local_date(encounter.starts_at, zone()):
        raise DomainError(_("This day lies before the session that was missed."), field="on")
    values = {"on": on, "how": how, "answer": answer, "what_happened": what_happened}
    contact = ContactAfterMiss(**({"id": key} if key else {}), encounter=encounter, by=by, at=at, **values)
    clean(contact, ContactAfterMiss.ASKS)
    contact.save(force_insert=True)
    detail = {"answer": answer}
    audit.record(
        "contact after miss", by=by, at=at, subject=contact, client=encounter.client_id, detail=detail
    )
    return contact


@action
def write_re_engagement_plan(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    in_the_way: str,
    steps: str,
    who: str,
    next_on: dt.date,
    easier: str = "",
    key: uuid.UUID | None = None,
) -> ReEngagementPlan:
    """Write how a client who missed sessions is helped to come back. A later plan stands beside this one."""
    if key and (known := ReEngagementPlan.objects.filter(pk=key, episode=episode).first()):
        audit.unchanged()
        return known
    check_key(ReEngagementPlan, key)
    check_open(episode)
    today = local_date(at, zone())
    if not today <= next_on <= today + AHEAD:
        raise DomainError(_("The next step lies ahead: choose today or a later day."), field="next_on")
    plan = ReEngagementPlan(
        **({"id": key} if key else {}), episode=episode, by=by, at=at, in_the_way=in_the_way, easier=easier,
        steps=steps, who=who, next_on=next_on,
    )  # fmt: skip
    clean(plan, ReEngagementPlan.ASKS)
    plan.save(force_insert=True)
    audit.record("write re-engagement plan", by=by, at=at, subject=plan, client=episode.client_id)
    _report(plan, "re_engagement_plan", episode, by=by, at=at)
    return plan


def _report(
    source: models.Model,
    kind: str,
    episode: Episode,
    *,
    by: User,
    at: dt.datetime,
    value: dict[str, Any] | None = None,
) -> None:
    """Report a fact of the course whose source is this row."""
    name = type(source).__name__.lower()
    record_fact(by=by, at=at, episode=episode, kind=kind, source=name, source_id=source.pk, value=value)


def _in_a_group(
    numbers: Numbers,
    episode: Episode,
    outcome: str,
    group_session: int | None,
    *,
    taken: models.QuerySet[Encounter],
) -> Numbers:
    """A group's session passes for everybody on its list, also for who missed it; a meeting alone uses none of them.

    A practice course has no group round it, so there each meeting stands for a session.
    """
    if group_session is not None:
        is_free = group_session > 0 and not taken.filter(slot=group_session).exists()
        return Numbers(group_session if is_free else None, numbers.attended)
    is_alone = is_by_group(episode) and outcome != Outcome.BEFORE
    return Numbers(None, numbers.attended) if is_alone else numbers


def _already_started(
    episode: Episode, appointment: Appointment | None, key: uuid.UUID | None
) -> Encounter | None:
    """The encounter a first send of the same page already made, if any."""
    rows = Encounter.objects.filter(episode=episode)
    known = rows.filter(pk=key).first() if key else None
    return known or (rows.filter(appointment=appointment).first() if appointment else None)


def _settle(appointment: Appointment, outcome: str, *, by: User, at: dt.datetime) -> None:
    """What became of an appointment. It changes nothing in its series, and a reminder of it goes out no more."""
    kept = {
        Outcome.ATTENDED: Appointment.Status.KEPT,
        Outcome.SAFETY: Appointment.Status.KEPT,
        Outcome.BEFORE: Appointment.Status.KEPT,
        Outcome.NO_SHOW: Appointment.Status.MISSED,
    }
    appointment.status = kept.get(Outcome(outcome), Appointment.Status.CANCELLED)
    rows = Appointment.objects.filter(pk=appointment.pk)
    rows.update(status=appointment.status, changed_at=at, revision=models.F("revision") + 1)
    withdraw_messages(by=by, at=at, about=appointment.pk)


def _check_words(words: Mapping[str, str]) -> None:
    if unknown := set(words) - {*KEYS, EMERGENCY}:
        raise TypeError(f"Not sections of a note: {sorted(unknown)}")
    for key, value in words.items():
        if len(value) > MAX_WORDS:
            raise DomainError(
                _("“%(title)s” holds at most %(most)s characters and yours has %(count)s. Shorten it.")
                % {"title": title(key), "most": MAX_WORDS, "count": len(value)},
                field=key,
            )
        check_characters(value, field=key)


def _refuse_locked(note: ProgressNote) -> None:
    if note.state == State.AWAITING_COSIGN:
        raise DomainError(_("This note waits for co-signature and cannot change. Add an addendum instead."))
    if note.state == State.SIGNED:
        raise DomainError(_("This note is signed and cannot change. Add an addendum instead."))


def _move(note: ProgressNote, to: ProgressNote.State) -> ProgressNote.State:
    if to not in ProgressNote.MOVES[State(note.state)]:
        raise DomainError(_("This note is not in a state in which that can be done."))
    return to


def _to_answer(note: ProgressNote, *, by: User, at: dt.datetime) -> ProgressNote:
    """The note as it stands now, when this person may answer it."""
    note = ProgressNote.objects.select_for_update().get(pk=note.pk)
    if note.state != State.AWAITING_COSIGN:
        raise DomainError(_("This note does not wait for a co-signature."))
    decision = may_cosign(by, note, on=local_date(at, zone()))
    if not decision:
        raise Refused(decision.reason)
    return note


def _report_signed(note: ProgressNote, *, by: User, at: dt.datetime) -> None:
    record_fact(
        by=by,
        at=at,
        episode=note.encounter.episode,
        kind="note_signed",
        source="note",
        source_id=note.pk,
        value={"slot": note.encounter.slot},
    )

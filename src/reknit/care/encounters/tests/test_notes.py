"""The note: its states, its fingerprint, its guard in the database, and what is recorded of its drafts."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.encounters import actions
from reknit.care.encounters.models import Addendum, Encounter, Intention, ProgressNote
from reknit.care.encounters.queries import assembled, is_unaltered, notes_to_cosign, unsigned_notes
from reknit.care.encounters.sections import MAX_WORDS
from reknit.care.people.actions import join_care_team

State = ProgressNote.State


def write(by: User, at: dt.datetime, note: ProgressNote, **words: str) -> ProgressNote:
    return actions.save_note(by=by, at=at, note=note, revision=note.revision, words=words)


def sign(by: User, at: dt.datetime, note: ProgressNote) -> ProgressNote:
    return actions.sign_note(by=by, at=at, note=note, revision=note.revision)


@pytest.fixture
def signed(cast: Cast, at: dt.datetime, note: ProgressNote) -> ProgressNote:
    return sign(cast.ana, at, write(cast.ana, at, note, plan="See her next week."))


@pytest.fixture
def waiting(cast: Cast, at: dt.datetime) -> ProgressNote:
    """A note of Tess, who is in training, waiting for Ben."""
    join_care_team(
        by=cast.adi, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date(), part="cover"
    )
    session = actions.start_encounter(
        by=cast.tess, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )
    return sign(cast.tess, at, write(cast.tess, at, session.note, plan="Ask Ben about this."))


def test_note_of_a_trained_author_is_signed_and_locked(signed: ProgressNote) -> None:
    assert signed.state == State.SIGNED
    assert signed.text["signature"]["name"] == "Ana Test"
    assert is_unaltered(signed)


def test_note_of_an_author_in_training_waits_for_the_supervisor(cast: Cast, waiting: ProgressNote) -> None:
    assert (waiting.state, waiting.cosigner) == (State.AWAITING_COSIGN, cast.ben)
    assert list(notes_to_cosign(cast.ben, on=dt.date(2026, 3, 23))) == [waiting]
    assert not notes_to_cosign(cast.ana, on=dt.date(2026, 3, 23))


def test_cosigned_note_is_locked_with_both_names(cast: Cast, at: dt.datetime, waiting: ProgressNote) -> None:
    note = actions.cosign_note(by=cast.ben, at=at, note=waiting)
    assert (note.state, note.cosigner, note.cosigned_at) == (State.SIGNED, cast.ben, at)
    assert is_unaltered(note)


def test_returned_note_is_a_draft_with_the_reason_and_can_be_signed_again(
    cast: Cast, at: dt.datetime, waiting: ProgressNote
) -> None:
    note = actions.return_note(by=cast.ben, at=at, note=waiting, reason="Say what you agreed.")
    assert (note.state, note.returned_reason, note.text) == (State.DRAFT, "Say what you agreed.", {})
    assert list(unsigned_notes(cast.tess)) == [note]
    assert sign(cast.tess, at, note).state == State.AWAITING_COSIGN


def test_moves_of_the_model_are_the_only_ones(cast: Cast, at: dt.datetime, waiting: ProgressNote) -> None:
    """Each action in each state: exactly the moves of `ProgressNote.MOVES` are possible."""
    after: dict[str, tuple[Callable[[ProgressNote], ProgressNote], dict[str, str]]] = {
        "sign": (lambda n: sign(cast.tess, at, n), {State.DRAFT: State.AWAITING_COSIGN}),
        "cosign": (
            lambda n: actions.cosign_note(by=cast.ben, at=at, note=n),
            {State.AWAITING_COSIGN: State.SIGNED},
        ),
        "return": (
            lambda n: actions.return_note(by=cast.ben, at=at, note=n, reason="Again."),
            {State.AWAITING_COSIGN: State.DRAFT},
        ),
        "save": (lambda n: write(cast.tess, at, n, plan="New."), {State.DRAFT: State.DRAFT}),
    }
    for start in (State.AWAITING_COSIGN, State.DRAFT, State.SIGNED):
        for act, allowed in after.values():
            with transaction.atomic():
                note = ProgressNote.objects.get(pk=waiting.pk)
                if start == State.DRAFT:
                    note = actions.return_note(by=cast.ben, at=at, note=note, reason="Again.")
                elif start == State.SIGNED:
                    note = actions.cosign_note(by=cast.ben, at=at, note=note)
                if start in allowed:
                    assert act(note).state == allowed[start]
                else:
                    with pytest.raises(DomainError), transaction.atomic():
                        act(note)
                    note.refresh_from_db()
                    assert note.state == start
                transaction.set_rollback(True)


def test_only_the_author_signs(cast: Cast, at: dt.datetime, note: ProgressNote) -> None:
    with pytest.raises(Refused, match="wrote"):
        sign(cast.ben, at, note)


@pytest.mark.parametrize("name", ["ana", "tess", "dov", "dara"])
def test_only_a_supervisor_of_the_author_cosigns(
    cast: Cast, at: dt.datetime, waiting: ProgressNote, name: str
) -> None:
    with pytest.raises(Refused):
        actions.cosign_note(by=getattr(cast, name), at=at, note=waiting)


@pytest.mark.parametrize(
    "change",
    [
        "words = '{}'",
        "text = '{}'",
        "state = 'draft'",
        "digest = 'x'",
        "signed_at = '2020-01-01 00:00:00+00:00'",
        "revision = 9",
    ],
)
def test_database_refuses_to_change_a_signed_note(signed: ProgressNote, change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE encounters_progressnote SET {change}")  # noqa: S608


@pytest.mark.parametrize("change", ["words = '{}'", "text = '{}'", "digest = 'x'"])
def test_database_refuses_to_change_a_note_that_waits(waiting: ProgressNote, change: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE encounters_progressnote SET {change}")  # noqa: S608


def test_database_refuses_to_remove_a_signed_note(signed: ProgressNote) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        signed.delete()


def test_addendum_stands_under_the_note_and_alters_nothing(
    cast: Cast, at: dt.datetime, signed: ProgressNote
) -> None:
    before = ProgressNote.objects.filter(pk=signed.pk).values().get()
    actions.add_addendum(by=cast.ana, at=at, note=signed, text="The sister, not the mother.")
    assert ProgressNote.objects.filter(pk=signed.pk).values().get() == before
    for statement in ("UPDATE encounters_addendum SET text = 'x'", "DELETE FROM encounters_addendum"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Addendum.objects.get().text == "The sister, not the mother."


def test_addendum_is_for_the_team_and_the_cosigner(
    cast: Cast, at: dt.datetime, waiting: ProgressNote, note: ProgressNote
) -> None:
    actions.add_addendum(by=cast.ben, at=at, note=waiting, text="Seen together.")
    with pytest.raises(Refused):
        actions.add_addendum(by=cast.dov, at=at, note=waiting, text="Hello.")
    with pytest.raises(DomainError, match="still a draft"):
        actions.add_addendum(by=cast.ana, at=at, note=note, text="Early.")


def test_two_editors_never_write_over_each_other(cast: Cast, at: dt.datetime, note: ProgressNote) -> None:
    write(cast.ana, at, note, plan="Mine.")
    with pytest.raises(Conflict) as told:
        actions.save_note(by=cast.tess, at=at, note=note, revision=0, words={"plan": "Theirs."})
    assert told.value.theirs == {"plan": "Mine."}
    note.refresh_from_db()
    assert note.words == {"plan": "Mine."}


def test_signing_what_was_changed_meanwhile_is_refused(
    cast: Cast, at: dt.datetime, note: ProgressNote
) -> None:
    write(cast.ana, at, note, plan="New.")
    with pytest.raises(Conflict, match="changed since"):
        actions.sign_note(by=cast.ana, at=at, note=note, revision=0)


def test_drafts_are_recorded_at_their_first_and_their_last_save(
    cast: Cast, at: dt.datetime, note: ProgressNote
) -> None:
    for minute in range(5):
        note = write(cast.ana, at + dt.timedelta(minutes=minute), note, plan=f"Version {minute}")
    sign(cast.ana, at + dt.timedelta(hours=1), note)
    events = AuditEvent.objects.filter(subject_id=note.pk).order_by("at")
    assert [(event.verb, event.detail.get("revision")) for event in events] == [
        ("begin note draft", 1),
        ("save note draft", 5),
        ("sign note", None),
    ]
    assert events[1].at == at + dt.timedelta(minutes=4)
    assert "Version" not in str([event.detail for event in events])


def test_overlong_words_are_refused_with_their_number(
    cast: Cast, at: dt.datetime, note: ProgressNote
) -> None:
    with pytest.raises(DomainError, match="at most 8000 characters and yours has 8001"):
        write(cast.ana, at, note, plan="x" * (MAX_WORDS + 1))
    note.refresh_from_db()
    assert note.revision == 0


def test_invisible_characters_are_refused(cast: Cast, at: dt.datetime, note: ProgressNote) -> None:
    with pytest.raises(DomainError, match="invisible"):
        write(cast.ana, at, note, plan="a\x00b")


def test_note_without_consent_needs_an_emergency(cast: Cast, at: dt.datetime, note: ProgressNote) -> None:
    cast.cleo.consents.update(given_at=at + dt.timedelta(days=300))
    with pytest.raises(DomainError, match="Consent"):
        write(cast.ana, at, note, plan="Words.")
    note = write(cast.ana, at, note, plan="Words.", emergency="Found unconscious at home.")
    assert assembled(note)[0].words == "Found unconscious at home."


def test_draft_is_read_live_and_a_signed_note_is_not(
    cast: Cast, at: dt.datetime, session: Encounter, note: ProgressNote
) -> None:
    actions.tick(by=cast.ana, at=at, encounter=session, code="E06", done=True)
    assert "Safety checked in this session." in _facts(note, "safety")
    actions.tick(by=cast.ana, at=at, encounter=session, code="E06", done=False)
    assert "Safety check: not done today." in _facts(note, "safety")
    note = sign(cast.ana, at, note)
    assert any("Not done today" in fact for fact in _facts(note, "tasks"))
    with pytest.raises(DomainError, match="signed"):
        actions.tick(by=cast.ana, at=at, encounter=session, code="E06", done=True)
    with pytest.raises(DomainError, match="signed"):
        actions.set_intention(by=cast.ana, at=at, encounter=session, text="Late.")


def _facts(note: ProgressNote, key: str) -> tuple[str, ...]:
    return next(part.facts for part in assembled(note) if part.key == key)


def test_intention_is_agreed_asked_and_never_called_failed(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    intention = actions.set_intention(by=cast.ana, at=at, encounter=session, text="Call the sister.")
    assert intention
    actions.record_intention(by=cast.ana, at=at, intention=intention, outcome="not_yet", what_happened="")
    later = actions.start_encounter(
        by=cast.ana,
        at=at + dt.timedelta(days=7),
        episode=cast.cleo_episode,
        outcome="attended",
        starts_at=at + dt.timedelta(days=7),
    )
    assert "To try last time: “Call the sister.” It went: not yet." in _facts(later.note, "since_last")
    assert actions.set_intention(by=cast.ana, at=at, encounter=session, text="") is None
    assert not Intention.objects.exists()


def test_somebody_else_who_takes_up_a_draft_is_recorded(
    cast: Cast, at: dt.datetime, note: ProgressNote
) -> None:
    join_care_team(
        by=cast.ina, at=at, client=cast.cleo, clinician=cast.fay, starts_on=at.date(), part="cover"
    )
    for person in (cast.ana, cast.ana, cast.fay, cast.fay, cast.ana):
        note = write(person, at, note, plan=f"{person.name} {note.revision}")
    told = AuditEvent.objects.filter(subject_id=note.pk, verb__contains="note draft").order_by("id")
    assert [(event.verb, event.by) for event in told] == [
        ("begin note draft", cast.ana.pk),
        ("take up note draft", cast.fay.pk),
        ("take up note draft", cast.ana.pk),
    ]

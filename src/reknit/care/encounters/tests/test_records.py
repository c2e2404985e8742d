"""The records of a session: kept once, told once in the note, reported as facts, and locked with the note."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.models import Consent
from reknit.care.encounters import actions as encounters
from reknit.care.encounters.models import (
    RECORDS,
    CommunicationAnalysis,
    Encounter,
    LapseReview,
    MidcourseReview,
    MoodEventUseLink,
    ProgressNote,
    RolePlay,
    SessionRecord,
    StrategyStep,
)
from reknit.care.encounters.queries import assembled
from reknit.care.encounters.techniques import actions
from reknit.care.encounters.techniques.lines import line, since_first
from reknit.care.encounters.techniques.reading import kinds_in, records_of, waiting, without_outcome
from reknit.care.people.actions import join_care_team
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import CourseFact
from reknit.care.safety.models import RiskItem

from .records import KINDS, make, person

MODELS = {model.KIND: model for model in RECORDS}


def facts(kind: str) -> list[CourseFact]:
    return list(CourseFact.objects.filter(kind=kind, withdrawn_at=None))


@pytest.mark.parametrize("kind", KINDS)
def test_record_stands_once_in_the_note_and_reports_its_fact(
    cast: Cast, at: dt.datetime, session: Encounter, kind: str
) -> None:
    person(cast.cleo, by=cast.ana, at=at)
    record = make(kind, session, by=cast.ana, at=at)
    said = [fact for part in assembled(session.note) for fact in part.facts]
    assert said.count(line(record)) == 1
    if record.FACT:
        (fact,) = facts(record.FACT)
        assert (fact.source_id, fact.value) == (record.pk, record.fact_value())
        assert "M." not in str(fact.value)
    event = AuditEvent.objects.filter(verb="add record", subject_id=record.pk).get()
    assert event.detail == {"kind": kind}


def test_sentences_say_what_was_written_and_zero_is_said(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    person(cast.cleo, by=cast.ana, at=at)
    said = {kind: line(make(kind, session, by=cast.ana, at=at)) for kind in KINDS}
    assert said["link"] == (
        "Something between people, then craving, with M. He went quiet. Mood 3 of 10, craving 0 of 10, "
        "2 hours between. Said by: the client."
    )
    assert said["step"].startswith(
        "DIS2 Set out what each side expects, and what of it can be: with feeling, with M."
    )
    assert said["conversation"] == (
        "The conversation of 20 March taken apart, 4 turns, with M. It was hinted at. "
        "To be tried, by 29 March: “I was worried.” No use within 24 hours of it."
    )
    assert "1 round, sure of it 3 before and 6 after, of 10." in said["role-play"]
    assert said["went"] == "Telling him about Thursday went: not yet. He was away."
    assert "Safety, raised: driving. 1 safety question not asked." in said["lapse"]
    assert "PHQ-9: no two scores to compare, use days: too few are known to compare." in said["midcourse"]


@pytest.mark.parametrize("kind", KINDS)
def test_record_sent_twice_is_kept_once(cast: Cast, at: dt.datetime, session: Encounter, kind: str) -> None:
    key = uuid.uuid4()
    first = make(kind, session, by=cast.ana, at=at, key=key)
    assert make(kind, session, by=cast.ana, at=at, key=key) == first
    assert MODELS[kind]._default_manager.count() == 1
    assert len(facts(first.FACT)) == bool(first.FACT)


def test_change_keeps_one_fact_and_two_editors_see_both(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    step = make("step", session, by=cast.ana, at=at)
    changed = make("step", session, by=cast.ana, at=at, key=step.pk, revision=1, depth=3)
    assert (changed.revision, changed.changed_by) == (2, cast.ana)
    assert [fact.value["depth"] for fact in facts("strategy_step")] == [3]
    with pytest.raises(Conflict) as told:
        make("step", session, by=cast.ben, at=at, key=step.pk, revision=1, note="Other words.")
    assert told.value.theirs.note == "Both sides set out."
    assert StrategyStep.objects.get().note == "Both sides set out."


def test_same_words_sent_again_are_no_conflict(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    talk = make("conversation", session, by=cast.ana, at=at)
    make("conversation", session, by=cast.ana, at=at, key=talk.pk, revision=1, meant="Listen.")
    again = make("conversation", session, by=cast.ana, at=at, key=talk.pk, revision=1, meant="Listen.")
    assert again.revision == 2
    assert AuditEvent.objects.filter(verb="change record").count() == 1


def test_record_taken_away_meanwhile_hands_the_words_back(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    link = make("link", session, by=cast.ana, at=at)
    actions.remove_record(by=cast.ana, at=at, record=link, revision=1)
    with pytest.raises(Conflict) as told:
        make("link", session, by=cast.ana, at=at, key=link.pk, revision=1)
    assert told.value.theirs is None


def test_removed_record_takes_its_fact_back(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    talk = make("conversation", session, by=cast.ana, at=at)
    with pytest.raises(Conflict):
        actions.remove_record(by=cast.ana, at=at, record=talk, revision=7)
    actions.remove_record(by=cast.ana, at=at, record=talk, revision=1)
    assert not facts("communication_analysis")
    assert CourseFact.objects.filter(kind="communication_analysis", withdrawn_by=cast.ana).count() == 1
    assert not CommunicationAnalysis.objects.exists()


def test_record_that_another_builds_on_stays(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    talk = CommunicationAnalysis.objects.get(pk=make("conversation", session, by=cast.ana, at=at).pk)
    make("role-play", session, by=cast.ana, at=at, analysis=talk)
    with pytest.raises(DomainError, match="builds on"):
        actions.remove_record(by=cast.ana, at=at, record=talk, revision=1)


@pytest.mark.parametrize("kind", KINDS)
def test_record_is_locked_with_its_note(
    cast: Cast, at: dt.datetime, session: Encounter, note: ProgressNote, kind: str
) -> None:
    person(cast.cleo, by=cast.ana, at=at)
    record = make(kind, session, by=cast.ana, at=at)
    encounters.sign_note(by=cast.ana, at=at, note=note, revision=0)
    with pytest.raises(DomainError, match="signed"):
        make(kind, session, by=cast.ana, at=at, key=record.pk, revision=1)
    with pytest.raises(DomainError, match="signed"):
        actions.remove_record(by=cast.ana, at=at, record=record, revision=1)
    with pytest.raises(DomainError, match="signed"):
        make(kind, session, by=cast.ana, at=at)


def tables(record: SessionRecord) -> list[str]:
    """The record's table, those of its lists, and the one of the people named in it."""
    lists = [record._meta.get_field(name).related_model._meta.db_table for name in record.ROWS]  # type: ignore[union-attr]
    named = [getattr(type(record), record.PEOPLE).through._meta.db_table] if record.PEOPLE else []
    return [record._meta.db_table, *lists, *named]


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("kind", KINDS)
def test_database_refuses_to_touch_a_record_of_a_signed_note(
    cast: Cast, at: dt.datetime, session: Encounter, note: ProgressNote, kind: str
) -> None:
    person(cast.cleo, by=cast.ana, at=at)
    record = make(kind, session, by=cast.ana, at=at)
    for table in tables(record):
        run(f"UPDATE {table} SET id = id")  # noqa: S608  open while the note is a draft
    encounters.sign_note(by=cast.ana, at=at, note=note, revision=0)
    for table in tables(record):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DatabaseError):
                run(statement)
    record.pk = uuid.uuid4()
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Model.save(record, force_insert=True)
    for name in record.ROWS:
        row = getattr(MODELS[kind]._default_manager.get(), name).first()
        row.pk, row.place_in_list = uuid.uuid4(), 39
        with pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_records_of_a_note_that_waits_are_locked_and_given_back_with_it(cast: Cast, at: dt.datetime) -> None:
    join_care_team(
        by=cast.adi, at=at, client=cast.cleo, clinician=cast.tess, starts_on=at.date(), part="cover"
    )
    held = encounters.start_encounter(
        by=cast.tess, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )
    link = make("link", held, by=cast.tess, at=at)
    note = encounters.sign_note(by=cast.tess, at=at, note=held.note, revision=0)
    assert note.state == ProgressNote.State.AWAITING_COSIGN
    with pytest.raises(DatabaseError), transaction.atomic():
        MoodEventUseLink.objects.update(mood=9)
    encounters.return_note(by=cast.ben, at=at, note=note, reason="Say more.")
    changed = make("link", held, by=cast.tess, at=at, key=link.pk, revision=1, mood=4)
    assert changed.revision == 2


@pytest.mark.parametrize("kind", ["link", "step", "conversation", "lapse"])
def test_somebody_elses_people_are_refused(
    cast: Cast, at: dt.datetime, session: Encounter, kind: str
) -> None:
    stranger = person(cast.eli, by=cast.dov, at=at)
    changes = {"relationship": stranger} if kind == "link" else {"relationships": [stranger]}
    with pytest.raises(DomainError, match="this client's people"):
        make(kind, session, by=cast.ana, at=at, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("link", {"mood": 11}, "mood"),
        ("link", {"craving": -1}, "craving"),
        ("link", {"words": " "}, "words"),
        ("link", {"words": "x" * 2001}, "words"),
        ("link", {"words": "a\x00b"}, "words"),
        ("link", {"direction": "sideways"}, "direction"),
        ("link", {"said_by": ""}, "said_by"),
        ("step", {"code": "DIS9"}, "code"),
        ("step", {"depth": 4}, "depth"),
        ("step", {"depth": None}, "depth"),
        ("exposure", {"place": "  "}, "place"),
        ("went", {"about": None}, "about"),
        ("lapse", {"on": dt.date(2026, 3, 24)}, "on"),
        ("lapse", {"on": dt.date(1, 1, 1)}, "on"),
        ("conversation", {"try_by": dt.date(9999, 12, 31)}, "try_by"),
        ("plan-b", {"choices": []}, "choices"),
        ("plan-b", {"choices": ["more"]}, "choices"),
        ("midcourse", {"adequate": "perhaps"}, "adequate"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    cast: Cast, at: dt.datetime, session: Encounter, kind: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as told:
        make(kind, session, by=cast.ana, at=at, **changes)
    assert told.value.field == field
    assert not MODELS[kind]._default_manager.exists()


def test_only_one_other_way_is_chosen(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    rows = {"turns": [], "alternatives": [{"words": words, "chosen": True} for words in ("One.", "Two.")]}
    with pytest.raises(DomainError, match="Choose one"):
        make("conversation", session, by=cast.ana, at=at, rows=rows)


def test_rows_keep_their_order_and_empty_ones_are_left_out(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    turns = [{"speaker": "client", "words": words} for words in ("One.", "", "Two.", "  ", "Three.")]
    talk = make("conversation", session, by=cast.ana, at=at, rows={"turns": turns})
    kept = CommunicationAnalysis.objects.get(pk=talk.pk).turns
    assert list(kept.values_list("place_in_list", "words")) == [(0, "One."), (1, "Two."), (2, "Three.")]
    with pytest.raises(DomainError, match="at most 40"):
        make("conversation", session, by=cast.ana, at=at, rows={"turns": turns * 20})


def test_no_record_is_written_before_consent(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    Consent.objects.all().delete()
    with pytest.raises(DomainError, match="Consent to treatment"):
        make("link", session, by=cast.ana, at=at)
    encounters.save_note(
        by=cast.ana, at=at, note=session.note, revision=0, words={"emergency": "Found at home."}
    )
    assert make("link", session, by=cast.ana, at=at)


def test_what_was_rehearsed_is_asked_about_until_its_outcome_is_told(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    role = make("role-play", session, by=cast.ana, at=at)
    assert not without_outcome(session)
    week = at + dt.timedelta(days=7)
    later = encounters.start_encounter(
        by=cast.ana, at=week, episode=cast.cleo_episode, outcome="attended", starts_at=week
    )
    assert without_outcome(later) == [role]
    make("went", later, by=cast.ana, at=week, about=RolePlay.objects.get(pk=role.pk))
    assert not without_outcome(later)


def test_what_belongs_to_another_course_is_refused(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    theirs = encounters.start_encounter(
        by=cast.dov, at=at, episode=cast.eli_episode, outcome="attended", starts_at=at
    )
    role = RolePlay.objects.get(pk=make("role-play", theirs, by=cast.dov, at=at).pk)
    with pytest.raises(DomainError):
        make("went", session, by=cast.ana, at=at, about=role)


def test_reported_lapse_waits_until_it_is_reviewed(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    reported = uuid.uuid4()
    record_fact(
        by=cast.ana, at=at, episode=cast.cleo_episode, kind="lapse_reported", source="use",
        source_id=reported, value={"use_episode": str(reported), "on": "2026-03-20"},
    )  # fmt: skip
    until = at + dt.timedelta(days=1)
    (open_one,) = waiting(cast.cleo_episode, until=until).lapses
    assert (open_one.use_episode_id, open_one.on) == (reported, dt.date(2026, 3, 20))
    review = make("lapse", session, by=cast.ana, at=at, use_episode_id=reported)
    assert not waiting(cast.cleo_episode, until=until).lapses
    with pytest.raises(DomainError, match="has its review"):
        make("lapse", session, by=cast.ana, at=at, use_episode_id=reported)
    actions.remove_record(by=cast.ana, at=at, record=LapseReview.objects.get(pk=review.pk), revision=1)
    assert waiting(cast.cleo_episode, until=until).lapses


def test_review_that_finds_too_little_waits_for_a_plan_b(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    until = at + dt.timedelta(days=1)
    make("midcourse", session, by=cast.ana, at=at)
    found = waiting(cast.cleo_episode, until=until)
    assert found.plan_b_is_owed and found.reviewed == (1,)
    assert [fact.value for fact in facts("midcourse_review")] == [
        {"phq9_drop_percent": None, "use_change": "unknown", "adequate": False}
    ]
    make("plan-b", session, by=cast.ana, at=at)
    assert not waiting(cast.cleo_episode, until=until).plan_b_is_owed
    assert [fact.value for fact in facts("plan_b")] == [{"choice": ["medication", "cm"]}]
    with pytest.raises(DomainError, match="has its mid-course review"):
        make("midcourse", session, by=cast.ana, at=at)


def test_a_score_that_went_up_is_never_said_to_be_down() -> None:
    assert [since_first(drop) for drop in (33.3, -18.8, 0)] == [
        "down 33.3 % since the first",
        "up 18.8 % since the first",
        "the same as the first",
    ]


def test_missing_figures_are_kept_as_cannot_tell(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    review = MidcourseReview.objects.get(pk=make("midcourse", session, by=cast.ana, at=at, adequate="yes").pk)
    assert (review.verdict, review.drop_percent, review.use_change) == ("cannot_tell", None, "unknown")


def test_reading_a_session_asks_as_often_for_thirty_records_as_for_three(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    from django.test.utils import CaptureQueriesContext

    person(cast.cleo, by=cast.ana, at=at)

    def asked(n: int) -> int:
        while MoodEventUseLink.objects.count() < n:
            for kind in ("link", "step", "conversation", "decision", "role-play"):
                make(kind, session, by=cast.ana, at=at)
        with CaptureQueriesContext(connection) as found:
            assert len(records_of(session)) == 5 * n
        return len(found)

    assert asked(3) == asked(30) <= 16


def test_which_kinds_a_session_has_is_one_query_and_right(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    from django.test.utils import CaptureQueriesContext

    person(cast.cleo, by=cast.ana, at=at)
    with CaptureQueriesContext(connection) as asked:
        assert records_of(session) == ()
    assert len(asked) == 1
    made: set[str] = set()
    for kind in KINDS:
        make(kind, session, by=cast.ana, at=at)
        made |= (
            {kind, "role-play"} if kind == "went" else {kind}
        )  # it tells of a conversation that was practised
        with CaptureQueriesContext(connection) as asked:
            assert kinds_in(session) == made
        assert len(asked) == 1


def test_safety_raised_in_a_lapse_review_waits_for_a_clinician_by_name(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    raised: dict[str, Any] = {
        "overdose": "yes",
        "suicide": "yes",
        "driving": "no",
        "withdrawal": "",
        "children": "no",
    }
    review = make("lapse", session, by=cast.ana, at=at, **raised)
    items = {item.reason: item for item in RiskItem.objects.filter(client=cast.cleo)}
    assert set(items) == {"lapse_overdose", "lapse_suicide"}
    assert all(item.owner == cast.ana and item.source_id == review.pk for item in items.values())
    assert all(at < item.due_at <= at + dt.timedelta(hours=24) for item in items.values())
    # Saved again with another word, nothing is raised anew; a question answered later is.
    again = {**raised, "learned": "Ring first.", "children": "yes"}
    make("lapse", session, by=cast.ana, at=at, key=review.pk, revision=1, **again)
    assert set(RiskItem.objects.filter(client=cast.cleo).values_list("reason", "seen_count")) == {
        ("lapse_overdose", 1), ("lapse_suicide", 1), ("lapse_children", 1),
    }  # fmt: skip
    # Taking the record away does not take away what somebody was told.
    actions.remove_record(by=cast.ana, at=at, record=review, revision=2)
    assert RiskItem.objects.filter(client=cast.cleo, status=RiskItem.Status.OPEN).count() == 3

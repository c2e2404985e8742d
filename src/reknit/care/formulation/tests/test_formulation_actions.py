"""The formulation: five elements before it is shared, frozen after, and every answer kept."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.formulation.actions import (
    answer_formulation_as_client,
    begin_formulation,
    record_witnessed_answer,
    revise_formulation,
    save_formulation,
    share_formulation,
)
from reknit.care.formulation.models import Formulation, FormulationAnswer
from reknit.care.formulation.queries import current_formulation
from reknit.care.programme.actions import close_episode
from reknit.care.programme.models import CourseFact

from .factories import MARKS, WORDS, draft, shared

pytestmark = pytest.mark.django_db


def standing(kind: str) -> list[dict[str, Any]]:
    return list(CourseFact.objects.filter(kind=kind, withdrawn_at=None).values_list("value", flat=True))


def answer(cast: Cast, at: dt.datetime, text: Formulation, response: str, **more: Any) -> FormulationAnswer:
    return answer_formulation_as_client(by=cast.cleo_user, at=at, formulation=text, response=response, **more)


def test_draft_is_made_once_and_shows_nobody_anything(cast: Cast, at: dt.datetime) -> None:
    first = begin_formulation(by=cast.ana, at=at, episode=cast.cleo_episode)
    assert begin_formulation(by=cast.ana, at=at, episode=cast.cleo_episode) == first
    assert current_formulation(cast.cleo_episode) is None
    with pytest.raises(Refused):
        answer(cast, at, first, "agreed")


def test_saved_draft_is_graded_and_second_editor_overwrites_nothing(cast: Cast, at: dt.datetime) -> None:
    text = draft(cast, at)
    assert text.grade is not None and text.grade < 6 and text.revision == 1
    again = save_formulation(
        by=cast.ana, at=at, formulation=text, revision=0, words=WORDS, marks=MARKS, diagnosis="Depression"
    )
    assert again.revision == 1  # the same save sent twice
    with pytest.raises(Conflict) as refused:
        save_formulation(by=cast.ana, at=at, formulation=text, revision=0, words={"told": "Other."}, marks={})
    assert refused.value.theirs["told"] == WORDS["told"]


def test_draft_in_another_language_has_no_grade(cast: Cast, at: dt.datetime) -> None:
    text = begin_formulation(by=cast.ana, at=at, episode=cast.cleo_episode)
    Formulation.objects.update(language="fr")
    text.refresh_from_db()
    saved = save_formulation(by=cast.ana, at=at, formulation=text, revision=0, words=WORDS, marks=MARKS)
    assert saved.grade is None


@pytest.mark.parametrize(
    ("words", "marks", "named"),
    [
        ({"condition": ""}, MARKS, "the condition in plain words"),
        ({"focus": ""}, MARKS, "the one thing we work on"),
        ({"plan": ""}, MARKS, "the hope or the plan"),
        ({}, {"people": ["time_link"]}, "a person, a role or an event"),
        ({}, {"people": ["anchor"]}, "when it began or grew worse"),
        ({"people": " "}, MARKS, "a person, a role or an event; when it began or grew worse"),
    ],
)
def test_text_without_an_element_is_not_shared_and_the_sentence_names_it(
    cast: Cast, at: dt.datetime, words: dict[str, str], marks: dict[str, list[str]], named: str
) -> None:
    text = begin_formulation(by=cast.ana, at=at, episode=cast.cleo_episode)
    text = save_formulation(
        by=cast.ana, at=at, formulation=text, revision=0, words={**WORDS, **words}, marks=marks
    )
    with pytest.raises(DomainError) as refused:
        share_formulation(by=cast.ana, at=at, formulation=text, revision=1, how="spoken")
    assert refused.value.sentence == f"This cannot be shared yet (gate G06). Still missing: {named}."
    assert standing("formulation_shared") == [] and current_formulation(cast.cleo_episode) is None


def test_text_with_an_open_place_of_its_starting_point_is_not_shared(cast: Cast, at: dt.datetime) -> None:
    text = draft(cast, at, use="Drink became a way to … and then it made … harder.")
    with pytest.raises(DomainError, match="still open.*How use fits in"):
        share_formulation(by=cast.ana, at=at, formulation=text, revision=text.revision, how="spoken")
    url = reverse("formulation:formulation-share", args=[cast.cleo.pk])
    shown = browser_of(cast.ana).get(url).content.decode()
    assert "A place is still open" in shown and "Share with the client" not in shown


def test_shared_text_is_assembled_and_reported(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    assert text.text.startswith("For a year you have felt low") and text.text.count("\n\n") == 3
    elements = ["condition", "focus", "anchor", "time_link", "hope"]
    assert standing("formulation_shared") == [{"version": 1, "elements": elements}]
    again = share_formulation(by=cast.ana, at=at, formulation=text, revision=1, how="paper")
    assert again.shared_how == "spoken" and len(standing("formulation_shared")) == 1


def test_text_changed_since_it_was_read_is_not_shared(cast: Cast, at: dt.datetime) -> None:
    text = draft(cast, at)
    with pytest.raises(Conflict):
        share_formulation(by=cast.ana, at=at, formulation=text, revision=0, how="spoken")


@pytest.mark.parametrize("change", [{"words": {}}, {"text": "Other"}, {"state": "draft"}, {"marks": {}}])
def test_shared_text_is_never_changed(cast: Cast, at: dt.datetime, change: dict[str, Any]) -> None:
    shared(cast, at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Formulation.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Formulation.objects.all().delete()
    text = Formulation.objects.get()
    with pytest.raises(DomainError, match="no longer changes"):
        save_formulation(by=cast.ana, at=at, formulation=text, revision=1, words={"told": "x"}, marks={})


def test_every_answer_is_kept_and_the_state_follows_the_latest(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    for response, state, agreed in (
        ("wants_time", "shared", 0),
        ("not_agreed", "not_agreed", 0),
        ("agreed", "agreed", 1),
        ("not_agreed", "not_agreed", 0),
    ):
        answer(cast, at, text, response)
        text.refresh_from_db()
        assert text.state == state and len(standing("formulation_agreed")) == agreed
    assert FormulationAnswer.objects.count() == 4
    with pytest.raises(DatabaseError), transaction.atomic():
        FormulationAnswer.objects.update(response="agreed")
    with pytest.raises(DatabaseError), transaction.atomic():
        FormulationAnswer.objects.all().delete()


def test_agreement_is_reported_with_how_and_response(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    with pytest.raises(DomainError, match="change"):
        answer(cast, at, text, "agreed_with_changes", words=" ")
    answer(cast, at, text, "agreed_with_changes", words="Say sister, not D.")
    value = {"version": 1, "how": "client", "response": "agreed_with_changes"}
    assert standing("formulation_agreed") == [value]
    told = AuditEvent.objects.get(verb="answer formulation")
    assert "sister" not in str(told.detail)


def test_witnessed_answer_needs_the_words_and_the_witness(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    good = {"response": "agreed", "words": "Yes, that is me.", "witness": "Ana Test"}
    for empty in ("words", "witness"):
        with pytest.raises(DomainError) as refused:
            record_witnessed_answer(by=cast.ana, at=at, formulation=text, **{**good, empty: " "})
        assert refused.value.field == empty
    row = record_witnessed_answer(by=cast.ana, at=at, formulation=text, **good)
    assert (row.how, row.witness) == ("witnessed", "Ana Test")
    assert standing("formulation_agreed")[0]["how"] == "witnessed"


def test_database_holds_that_a_witness_is_named(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormulationAnswer.objects.create(
            formulation=text, response="agreed", how="witnessed", words="Yes", by=cast.ana, at=at
        )


def test_double_send_answers_once(cast: Cast, at: dt.datetime) -> None:
    text, key = shared(cast, at), uuid.uuid4()
    for _again in range(2):
        answer(cast, at, text, "agreed", key=key)
    assert FormulationAnswer.objects.count() == 1 and len(standing("formulation_agreed")) == 1


@pytest.mark.parametrize("who", ["eli_user", "ana", "dov", "ben"])
def test_nobody_answers_for_the_client(cast: Cast, at: dt.datetime, who: str) -> None:
    text = shared(cast, at)
    with pytest.raises(Refused):
        answer_formulation_as_client(by=cast.users()[who], at=at, formulation=text, response="agreed")


def test_revision_is_a_new_version_and_its_sharing_takes_the_agreement_back(
    cast: Cast, at: dt.datetime
) -> None:
    first = shared(cast, at)
    answer(cast, at, first, "agreed")
    second = revise_formulation(by=cast.ana, at=at, formulation=first)
    assert (second.number, second.words) == (2, first.words)
    assert revise_formulation(by=cast.ana, at=at, formulation=first) == second
    assert current_formulation(cast.cleo_episode) == first and len(standing("formulation_agreed")) == 1
    second = share_formulation(by=cast.ana, at=at, formulation=second, revision=0, how="paper")
    first.refresh_from_db()
    assert first.state == "superseded" and first.text and standing("formulation_agreed") == []
    assert current_formulation(cast.cleo_episode) == second
    with pytest.raises(Refused):
        answer(cast, at, first, "agreed")
    with pytest.raises(DomainError, match="newer"):
        record_witnessed_answer(
            by=cast.ana, at=at, formulation=first, response="agreed", words="Yes", witness="Ana"
        )
    with pytest.raises(DomainError, match="replaced"):
        revise_formulation(by=cast.ana, at=at, formulation=first)


def test_database_keeps_one_standing_version_and_one_draft(cast: Cast, at: dt.datetime) -> None:
    first = shared(cast, at)
    second = revise_formulation(by=cast.ana, at=at, formulation=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Formulation.objects.filter(pk=second.pk).update(
            state="shared", shared_at=at, shared_by=cast.ana, text="Other"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Formulation.objects.create(episode=cast.cleo_episode, number=9, begun_by=cast.ana, begun_at=at)


def test_drafts_are_audited_at_the_first_save_and_at_sharing(cast: Cast, at: dt.datetime) -> None:
    text = draft(cast, at)
    for revision in (1, 2):
        save_formulation(
            by=cast.ana, at=at, formulation=text, revision=revision, words={"told": str(revision)}, marks={}
        )
    verbs = AuditEvent.objects.filter(subject_id=text.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["begin formulation", "save formulation draft"]


def test_closed_course_takes_no_words_and_no_answer(cast: Cast, at: dt.datetime) -> None:
    text = shared(cast, at)
    close_episode(by=cast.ana, at=at, episode=cast.cleo_episode, reason="Moved.")
    text = Formulation.objects.select_related("episode__client").get(pk=text.pk)
    with pytest.raises(DomainError, match="closed"):
        answer(cast, at, text, "agreed")
    with pytest.raises(DomainError, match="closed"):
        revise_formulation(by=cast.ana, at=at, formulation=text)

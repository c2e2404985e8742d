"""Requests, certification, audits of charts, reviews of events."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from tests.cast import BEGIN, Cast
from tests.test_every_address import browser_of
from tests.world import an_agreement

from reknit.base.errors import DomainError
from reknit.care.formulation.actions import propose_focus, switch_focus
from reknit.care.formulation.entries import FocusEntry
from reknit.care.formulation.models import FocusArea
from reknit.care.programme.models import Amendment, CourseFact
from reknit.care.programme.queries import plan_of
from reknit.care.supervision import actions
from reknit.care.supervision.models import Approval, ApprovalEntry, ChartAudit, EventReview
from reknit.care.supervision.queries.approvals import queue
from reknit.care.supervision.queries.credentials import counted, goals_of
from reknit.care.supervision.queries.reviews import timeline

from .factories import WEEK, a_signed_hour, drawn, rate, sessions

pytestmark = pytest.mark.django_db


def a_focus(cast: Cast, at: dt.datetime) -> FocusArea:
    entry = FocusEntry("grief", named="losing her sister")
    return propose_focus(by=cast.ana, at=at, episode=cast.cleo_episode, entry=entry)


def asked(cast: Cast, at: dt.datetime, **more: Any) -> Approval:
    said = {"kind": "gate", "gate": "G02", "why": "He waits for his sister.", **more}
    return actions.ask_approval(by=cast.ana, at=at, episode=cast.cleo_episode, **said)


def test_a_yes_passes_the_gate_with_the_reason_and_leaves_a_trace(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 4)
    approval = asked(cast, at)
    assert any("Missing" in one for one in approval.facts)
    actions.ask_back(by=cast.ben, at=at, approval=approval, words="Did you ask her?")
    actions.reply(by=cast.ana, at=at, approval=approval, words="Yes, on Monday.")
    actions.answer_approval(by=cast.ben, at=at, approval=approval, approve=True)
    fact = CourseFact.objects.get(kind="gate_override")
    assert fact.by == cast.ben and fact.value["reason"] == "He waits for his sister."
    turns = ApprovalEntry.objects.order_by("at", "pk").values_list("kind", flat=True)
    assert set(turns) == {"asked", "question", "reply", "yes"}
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalEntry.objects.update(words="Other.")


def test_a_no_says_why_and_passes_nothing(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 4)
    approval = asked(cast, at)
    with pytest.raises(DomainError):
        actions.answer_approval(by=cast.ben, at=at, approval=approval, approve=False)
    actions.answer_approval(by=cast.ben, at=at, approval=approval, approve=False, words="Share it first.")
    assert (
        Approval.objects.get().state == "no" and not CourseFact.objects.filter(kind="gate_override").exists()
    )


def test_switch_says_from_which_focus_to_which_and_that_the_ending_stays(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 4)
    ends = date_format(an_agreement(cast).from_ends_on, "j F Y")
    focus, ana, ben = a_focus(cast, at), browser_of(cast.ana), browser_of(cast.ben)
    url = reverse("supervision:request-ask", args=[cast.cleo.pk])
    sent = {
        "ask": "switch",
        "focus": str(focus.pk),
        "to_area": "dispute",
        "to_named": "with Noa",
        "why": "They fight.",
    }
    assert ana.post(url, sent | {"to_area": ""}).status_code == 422
    assert ana.post(url, sent).status_code == 302
    approval = Approval.objects.get()
    shown = ben.get(reverse("supervision:request-show", args=[approval.pk])).content.decode()
    for said in (
        "Grief: losing her sister",
        "Role dispute: with Noa",
        "They fight.",
        "Session 4 of 16",
        f"The ending date stays {ends}",
    ):
        assert said in shown, said
    assert "Grief → Role dispute" in ben.get(reverse("supervision:request-list")).content.decode()
    actions.answer_approval(by=cast.ben, at=at, approval=approval, approve=True)
    own = ana.get(reverse("supervision:request-show", args=[approval.pk])).content.decode()
    assert reverse("formulation:focus-show", args=[cast.cleo.pk, focus.pk]) in own


def test_switch_made_without_asking_shows_from_what_to_what(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 9)
    new = switch_focus(
        by=cast.ana, at=at, focus=a_focus(cast, at), reason="A new quarrel.",
        entry=FocusEntry("dispute", named="with Noa"),
    )  # fmt: skip
    assert [(step.focus.area, to) for step, to in queue(cast.ben, on=at.date()).done] == [("grief", new)]
    shown = browser_of(cast.ben).get(reverse("supervision:request-list")).content.decode()
    assert "From Grief to Role dispute · session 9" in shown and "A new quarrel." in shown


def test_a_gate_is_asked_for_in_words_and_an_extension_with_both_numbers_and_dates(
    cast: Cast, at: dt.datetime
) -> None:
    sessions(cast, 4)
    approval, amendment = asked(cast, at), an_agreement(cast)
    title = plan_of(cast.cleo_episode).gate("G02").title
    ben = browser_of(cast.ben)
    assert (
        f"Pass gate G02: {title}"
        in ben.get(reverse("supervision:request-show", args=[approval.pk])).content.decode()
    )
    shown = ben.get(reverse("supervision:request-list")).content.decode()
    ends, ended = (date_format(on, "j F Y") for on in (amendment.ends_on, amendment.from_ends_on))
    assert (
        f"From {amendment.from_sessions} to {amendment.planned_sessions} sessions, ending {ends} in place of {ended}"
        in shown
    )


def test_nobody_answers_their_own_and_nothing_is_asked_twice(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 4)
    approval = asked(cast, at)
    for who in (cast.ana, cast.dov, cast.dara):
        with pytest.raises(DomainError):
            actions.answer_approval(by=who, at=at, approval=approval, approve=True)
    with pytest.raises(DomainError, match="asked already"):
        asked(cast, at)
    actions.take_back_approval(by=cast.ana, at=at, approval=approval)
    assert asked(cast, at).state == "waiting"


def test_extensions_stand_in_the_same_queue_and_can_be_asked_about(cast: Cast, at: dt.datetime) -> None:
    amendment = an_agreement(cast)
    asked(cast, at, kind="switch", gate="", focus=a_focus(cast, at), to_area="dispute")
    assert [one.is_extension for one in queue(cast.ben, on=at.date()).rows] == [True, False]
    actions.ask_about_extension(by=cast.ben, at=at, amendment=amendment, words="What is left to do?")
    assert [one.waits_for for one in queue(cast.ben, on=at.date()).rows] == ["you", "them"]
    approval = Approval.objects.get(kind="extension")
    actions.reply(by=cast.ana, at=at, approval=approval, words="The move.")
    url = reverse("supervision:extension-show", args=[amendment.pk])
    ben = browser_of(cast.ben)
    assert b"The move." in ben.get(url).content
    assert ben.post(url, {"words": ""}).status_code == 422
    assert ben.post(url, {"answer": "yes", "words": ""}).status_code == 302
    assert Amendment.objects.get().state == "agreed" and len(queue(cast.ben, on=at.date()).rows) == 1


def test_progress_is_counted_from_hours_ratings_and_what_was_written_down(cast: Cast) -> None:
    late = BEGIN + 9 * WEEK
    sessions(cast, 8)
    a_signed_hour(cast, late)
    for one in drawn(cast, late):
        if not one.rated_twice:
            rate(one, cast.ana, late)
            rate(one, cast.ben, late, 3)
    actions.set_goal(by=cast.ana, at=late, credential_key="ipt-institute-b")
    proof = actions.add_proof(
        by=cast.ana, at=late, key=uuid.uuid4(), person=cast.ana, kind="portfolios", amount=Decimal(1),
        on=late.date(), kept_where="In the drawer",
    )  # fmt: skip
    there = counted(cast.ana)
    assert there["received_hours"] == 1 and there["supervised_cases"] == 1 and there["portfolios"] == 1
    assert there["rated_initial"] + there["rated_later"] == 1
    [goal] = goals_of(cast.ana)
    assert goal.rows[0].missing == 9
    actions.take_back_proof(by=cast.ana, at=late, proof=proof)
    assert "portfolios" not in counted(cast.ana)


def test_the_pack_names_no_client(cast: Cast, at: dt.datetime) -> None:
    a_signed_hour(cast, at)
    page = browser_of(cast.ana).get(reverse("supervision:pack-show", args=[cast.ana.pk])).content
    assert b"Course 1" in page and b"Cleo" not in page and b"Heron" not in page


def test_an_audit_needs_a_reason_and_shows_who_saw_what(cast: Cast, at: dt.datetime) -> None:
    ben, url = browser_of(cast.ben), reverse("supervision:audit-begin", args=[cast.cleo.pk])
    browser_of(cast.ana).get(reverse("home:client-course", args=[cast.cleo.pk]))
    assert ben.post(url, {"why": " "}).status_code == 422 and not ChartAudit.objects.exists()
    opened = ben.post(url, {"why": "The yearly look."})
    page = ben.get(opened["Location"]).content.decode()
    assert "The yearly look." in page and "Ana Test" in page and "Care and treatment here" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        ChartAudit.objects.update(why="Other.")


def test_a_review_reads_its_timeline_from_the_record_and_closes_with_what_was_learned(
    cast: Cast, at: dt.datetime
) -> None:
    sessions(cast, 3)
    review = actions.open_review(
        by=cast.ben, at=at, key=uuid.uuid4(), episode=cast.cleo_episode, what="overdose", on=at.date()
    )
    said = [one.words for one in timeline(review)]
    assert "Session 1 was held" in said and not any("Ana" in one for one in said)
    with pytest.raises(DomainError, match="what was learned"):
        actions.close_review(by=cast.ben, at=at, review=review)
    actions.save_review(by=cast.ben, at=at, review=review, revision=0, words={"learned": "Ask on Fridays."})
    actions.close_review(by=cast.ben, at=at, review=review)
    with pytest.raises(DatabaseError), transaction.atomic():
        EventReview.objects.update(learned="Other.")


def test_no_table_of_reviews_has_a_place_for_fault() -> None:
    names = {field.name for field in EventReview._meta.get_fields()}
    assert not [one for one in names if any(word in one for word in ("fault", "blame", "error", "cause"))]


def test_map_leads_the_therapist_to_ask_and_the_supervisor_to_pass(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 4)
    url, ask = (
        reverse(name, args=[cast.cleo.pk]) for name in ("programme:course-map", "supervision:request-ask")
    )
    assert ask in browser_of(cast.ana).get(url).content.decode()
    shown = browser_of(cast.ben).get(url).content.decode()
    assert ask not in shown and "Pass this gate" in shown


def test_agenda_leads_to_leave_and_a_review_asks_what_it_was(cast: Cast) -> None:
    ben = browser_of(cast.ben)
    assert reverse("coordination:leave-list") in ben.get(reverse("supervision:agenda-show")).content.decode()
    url = reverse("supervision:review-open", args=[cast.cleo.pk])
    assert "Choose one." in ben.post(url, {"key": str(uuid.uuid4())}).content.decode()

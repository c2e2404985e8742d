"""The golden thread: from the problem to the review, with each tear named, in a fixed number of queries."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reknit.base.clock import now
from reknit.care.home.tests.factories import a_course, a_focus, sessions
from reknit.care.outcomes.thread import Thread, thread_of
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from tests.cast import Cast, today

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'


def thread(episode: Episode) -> Thread:
    return thread_of(episode, today=today())


def said(episode: Episode) -> list[str]:
    return [gap.sentence for gap in thread(episode).gaps]


def tell(cast: Cast, episode: Episode, kind: str, slot: int | None = None, **value: Any) -> None:
    record_fact(by=cast.ana, at=now(), episode=episode, kind=kind, value=value, source="test", slot=slot)


@pytest.fixture
def ana(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_course_without_a_problem_or_an_agreement_says_so(cast: Cast) -> None:
    found = said(a_course(cast))
    assert found == ["No problem area is agreed.", "No agreement holds yet, so there are no agreed goals."]


def test_problem_without_a_goal_and_without_a_session_is_named(cast: Cast) -> None:
    episode = a_course(cast)
    a_focus(cast, episode)
    sessions(episode, cast.ana, scores=[14])
    found = said(episode)
    assert "Problem without a goal: Grief." in found
    assert "Problem without a session in which a step of it was worked: Grief." in found


def test_step_of_a_problem_ties_it_to_its_session(cast: Cast) -> None:
    episode = a_course(cast)
    a_focus(cast, episode)
    sessions(episode, cast.ana, scores=[14, 12])
    tell(cast, episode, "strategy_step", 2, area="grief", code="G1", depth=1)
    found = thread(episode)
    assert found.problems[0].slots == (2,)
    assert [one.areas for one in found.sessions] == [(), ("Grief",)]
    assert "No step of a problem and no goal rated at session 1." in [gap.sentence for gap in found.gaps]


def test_sessions_without_score_and_without_signature_are_named_together(cast: Cast) -> None:
    episode = a_course(cast, weeks=6)
    sessions(episode, cast.ana, scores=[14, None, None, None, 12])
    found = said(episode)
    assert "No PHQ-9 at session 2 to 4." in found and "The note is not signed at session 1 to 5." in found


def test_review_without_a_change_after_it_is_a_gap_until_the_plan_is_changed(cast: Cast) -> None:
    episode = a_course(cast, weeks=10)
    sessions(episode, cast.ana, scores=[14] * 8)
    tell(cast, episode, "midcourse_review", 8, adequate=False)
    gap = "The review found too little change, and no change of the plan follows."
    assert gap in said(episode)
    tell(cast, episode, "plan_b", 8, choice=["medication"])
    assert gap not in said(episode)
    assert thread(episode).sessions[-1].decided == ("Plan B: Review medication",)


def test_long_course_without_a_review_says_since_when(cast: Cast) -> None:
    episode = a_course(cast, weeks=12)
    sessions(episode, cast.ana, scores=[14] * 11)
    found = said(episode)
    assert "The mid-course review is overdue." in found
    assert any(one.startswith("No review in the course, which began on") for one in found)


def test_number_of_queries_is_the_same_for_a_short_and_a_long_course(cast: Cast, ana: Browser) -> None:
    counts = []
    for weeks in (2, 14):
        episode = a_course(cast, family=f"Weeks{weeks}", weeks=weeks + 1)
        a_focus(cast, episode)
        sessions(episode, cast.ana, scores=[14] * weeks)
        url = reverse("outcomes:thread-show", args=[episode.client_id])
        ana.get(url)
        with CaptureQueriesContext(connection) as found:
            assert ana.get(url).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_page_shows_hostile_words_as_text_and_the_paper_is_a_tagged_pdf(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast, family=HOSTILE)
    a_focus(cast, episode)
    sessions(episode, cast.ana, scores=[14])
    shown = ana.get(reverse("outcomes:thread-show", args=[episode.client_id])).content.decode()
    assert "<script>alert" not in shown and "Golden thread" in shown
    answer = ana.get(reverse("outcomes:thread-pdf", args=[episode.client_id]))
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
    assert (
        answer.content.startswith(b"%PDF-") and b"/MarkInfo" in answer.content or b"pdfuaid" in answer.content
    )
    assert "thread.pdf" in answer["Content-Disposition"]


def test_closed_course_is_read_up_to_its_end(cast: Cast) -> None:
    episode = a_course(cast)
    Episode.objects.filter(pk=episode.pk).update(
        status="closed", closed_at=now(), closed_by=cast.ana, ends_on=today() + dt.timedelta(days=9)
    )
    episode.refresh_from_db()
    assert thread(episode).next_review == "The course is closed."

"""The course page: the one line, people then and now, the focus, and what the protocol waits for."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.cast import Cast

from reknit.base.clock import now
from reknit.care.formulation.actions import record_witnessed_answer
from reknit.care.programme.models import Episode
from reknit.care.substance_use.queries import bare_days, current_days

from .factories import a_course, a_focus, a_story, an_event, circle, sessions, use_days
from .test_clinician_pages import BACKEND, page, queries


@pytest.fixture
def ana(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.ana, backend=BACKEND)
    return browser


def course(browser: Browser, episode: Episode) -> str:
    return page(browser, "home:client-course", episode.client_id)


def test_line_holds_events_sessions_and_its_table(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    sessions(episode, cast.ana, scores=[18, 10])
    assert "No event is entered yet." in course(ana, episode)
    an_event(cast, episode, "Row with M.")
    shown = course(ana, episode)
    assert shown.count("Row with M.") >= 3  # both drawings and the table
    assert "Add the first one" not in shown and "Sessions, oldest first" in shown


def test_people_are_shown_then_and_now_once_there_are_two_versions(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    assert "No circle is signed off in this course yet." in course(ana, episode)
    circle(cast, episode, 1, 3)
    one = course(ana, episode)
    assert "One version is signed off." in one and one.count("small-circle") == 1
    circle(cast, episode, 2)
    two = course(ana, episode)
    assert two.count("small-circle") == 2 and "New: " in two and "not listed" in two


def test_focus_and_the_answer_of_the_client_stand_near_the_top(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    shown = course(ana, episode)
    assert "No focus is agreed yet." in shown and "The story is not shared yet." in shown
    a_focus(cast, episode)
    text = a_story(cast, episode)
    shown = course(ana, episode)
    assert "grief, her sister" in shown and "the client has not answered yet" in shown
    record_witnessed_answer(
        by=cast.ana, at=now(), formulation=text, response="agreed", words="Yes.", witness="Ana Test"
    )
    shown = course(ana, episode)
    assert "The client’s answer to the story: agreed," in shown
    assert shown.index("her sister") < shown.index(">Next<")


def test_gates_that_stand_open_are_said_with_a_way_to_the_course_map(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast, weeks=4)
    sessions(episode, cast.ana, scores=[14, 13])
    early = course(ana, episode)
    assert "The middle phase starts once" not in early and "both due by session 3" in early
    sessions(episode, cast.ana, scores=[12])
    late = course(ana, episode)
    where = reverse("programme:course-map", args=[episode.client_id])
    assert "The middle phase starts once the focus is agreed." in late
    assert f'href="{where}#waits-G02"' in late and f'href="{where}"' in late
    assert 'id="waits-G02"' in page(ana, "programme:course-map", episode.client_id)


def test_page_keeps_its_number_of_queries_however_much_there_is(cast: Cast, ana: Browser) -> None:
    def grown(count: int, family: str) -> int:
        episode = a_course(cast, weeks=14, family=family)
        sessions(episode, cast.ana, scores=[14] * min(count, 12))
        use_days(episode, cast.ana, marks="nu" * count)
        for number in range(count):
            an_event(cast, episode, f"Event {number}", weeks_ago=number % 12)
        a_focus(cast, episode)
        a_story(cast, episode)
        circle(cast, episode, *[1, 2, 3] * (count // 3))
        circle(cast, episode, 1)
        return queries(ana, reverse("home:client-course", args=[episode.client_id]))

    assert grown(3, "Few") == grown(30, "Many")


def test_days_read_bare_are_the_days_that_stand_in_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    episode = a_course(cast)
    use_days(episode, cast.ana, marks="nnu.nnun")
    with django_assert_num_queries(1):
        bare = [(one.on, one.substance, one.used, one.amount) for one in bare_days(episode.client)]
    assert len(bare) == 7
    assert bare == [(one.on, one.substance, one.used, one.amount) for one in current_days(episode.client)]

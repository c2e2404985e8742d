"""Today, the caseload and the course page: the words a clinician reads, in a fixed number of queries."""

import datetime as dt
import zoneinfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.dateformat import format as date
from tests.cast import ZONE, Cast, today

from reknit.base.clock import now, start_of
from reknit.care.closure.actions import book_follow_ups
from reknit.care.encounters.models import Encounter
from reknit.care.groups.actions import end_place
from reknit.care.groups.models import GroupSession
from reknit.care.groups.tests.factories import NAMES, a_group, session_of
from reknit.care.measures.actions import make_link, record_administration
from reknit.care.people.queries import forget_site

from .factories import a_course, booked, phq9, sessions, use_days

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOSTILE = '<script>alert("x")</script>\'"&'


@pytest.fixture
def ana(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.ana, backend=BACKEND)
    return browser


def page(browser: Browser, name: str, *args: object, **query: str) -> str:
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(browser: Browser, url: str) -> int:
    forget_site()  # kept for ten seconds, which may be over between the two askings
    browser.get(url)
    with CaptureQueriesContext(connection) as found:
        browser.get(url)
    return len(found)


def many(cast: Cast, count: int) -> None:
    for number in range(count):
        episode = a_course(cast, family=f"Number{number:02d}", weeks=2)
        sessions(episode, cast.ana, scores=[14, 12])
        use_days(episode, cast.ana, marks="nnunnnn")
        booked(episode, cast.ana, hours=30 + number)


def test_today_shows_what_needs_the_clinician_first_and_the_sessions(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    sessions(episode, cast.ana, scores=[12, 20])
    use_days(episode, cast.ana, marks="nnun.nn")
    booked(episode, cast.ana, hours=26)
    at = now()
    record_administration(
        by=cast.ana,
        at=at,
        client=cast.cleo,
        measure="phq-9",
        answers={**phq9(4), "phq9_9": 1},
        mode="session",
        episode=cast.cleo_episode,
        answered_at=at,
    )
    shown = page(ana, "home:today")
    assert "Answered above zero on PHQ-9 item 9" in shown
    assert "Nia Moss" in shown and "Session 3 of 16" in shown
    assert "off track" in shown and "up 8 points" in shown
    assert "Used on 1 of 6 known days" in shown


def test_today_lists_notes_to_sign_overdue_measures_and_links_that_wait(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast, weeks=3)
    sessions(episode, cast.ana, scores=[14, None])
    make_link(by=cast.ana, at=now(), client=episode.client, measure="gad-7", episode=episode)
    shown = page(ana, "home:today")
    assert "Session 2" in shown and "Every note is signed" not in shown
    assert "GAD-7, not filled in yet" in shown


def test_today_counts_a_session_without_its_sheet_as_overdue_from_the_next_day(
    cast: Cast, ana: Browser
) -> None:
    episode = a_course(cast, weeks=4)
    sessions(episode, cast.ana, scores=[None])
    Encounter.objects.update(
        starts_at=start_of(today(), ZONE)
    )  # today, even when this runs just after midnight
    assert "due at session 1" not in page(ana, "home:today")
    Encounter.objects.update(starts_at=now() - dt.timedelta(days=8))
    assert "PHQ-9, due at session 1" in page(ana, "home:today")


def test_today_says_when_there_is_nothing(ana: Browser) -> None:
    shown = page(ana, "home:today")
    assert "No session today." in shown and "Every note is signed." in shown


def test_today_keeps_its_number_of_queries(cast: Cast, ana: Browser) -> None:
    many(cast, 3)
    few = queries(ana, reverse("home:today"))
    many(cast, 20)
    assert queries(ana, reverse("home:today")) == few


def test_day_list_keeps_its_number_of_queries_with_follow_up_due(cast: Cast, ana: Browser) -> None:
    counts = []
    for n in (3, 27):
        for _each in range(n):
            course = a_course(cast, weeks=6)
            book_follow_ups(by=cast.ana, at=now(), episode=course, ended_on=course.starts_on, months=(1,))
        counts.append(queries(ana, reverse("home:today")))
    assert counts[0] == counts[1]
    assert "8 of 30 shown" in page(ana, "home:today")


def test_caseload_shows_session_scores_use_risk_and_next_session(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    sessions(episode, cast.ana, scores=[15, 9])
    use_days(episode, cast.ana, marks="nnnnnnn")
    shown = page(ana, "home:caseload")
    assert "2 of 16" in shown and "was 15" in shown and "No use on 7 known days" in shown
    assert "not booked" in shown


def test_caseload_shows_the_session_of_a_group_as_the_next_one(cast: Cast, ana: Browser) -> None:
    run = a_group(cast, now(), NAMES[:1])
    member = run.members.select_related("client").get()
    first, second = (
        date(session_of(run, n).starts_at.astimezone(zoneinfo.ZoneInfo(ZONE)), "D j M, H:i") for n in (1, 2)
    )
    shown = page(ana, "home:caseload", sort="next")
    assert first in shown and shown.index(member.client.name) < shown.index("Cleo Case")
    run.sessions.filter(number=1).update(state=GroupSession.State.CANCELLED, cancelled_because="Ill.")
    assert second in page(ana, "home:caseload")
    end_place(by=cast.fay, at=now(), member=member, ends_on=member.starts_on, because="client")
    assert second not in page(ana, "home:caseload")


def test_caseload_holds_only_clients_this_person_may_see(cast: Cast, ana: Browser) -> None:
    shown = page(ana, "home:caseload")
    assert "Cleo Case" in shown and "Eli Case" not in shown


def test_caseload_sends_what_is_searched_for_by_post(cast: Cast, ana: Browser) -> None:
    shown = page(ana, "home:caseload")
    assert f'method="post" role="search" action="{reverse("home:client-search")}"' in shown
    assert 'name="q"' not in shown


def test_caseload_sorts_by_the_keys_it_knows_and_by_name_otherwise(cast: Cast, ana: Browser) -> None:
    low, high = a_course(cast, family="Alder"), a_course(cast, family="Zephyr")
    sessions(low, cast.ana, scores=[5])
    sessions(high, cast.ana, scores=[20])
    booked(high, cast.ana, hours=3)

    def first_is_high(sort: str) -> bool:
        shown = page(ana, "home:caseload", sort=sort)
        return shown.index("Nia Zephyr") < shown.index("Nia Alder")

    assert first_is_high("score") and first_is_high("next")
    assert not first_is_high("name") and not first_is_high("password; drop table")


def test_caseload_stays_within_eight_queries_however_many_clients(cast: Cast, ana: Browser) -> None:
    url = reverse("home:caseload")
    many(cast, 3)
    few = queries(ana, url)
    many(cast, 45)
    assert queries(ana, url) == few <= 8
    for sort in ("next", "score", "risk"):
        assert queries(ana, f"{url}?sort={sort}&page=2") <= 8


def test_caseload_has_pages(cast: Cast, ana: Browser) -> None:
    many(cast, 27)
    assert "1 to 25 of 28" in page(ana, "home:caseload")
    assert "26 to 28 of 28" in page(ana, "home:caseload", page="2")
    assert "26 to 28 of 28" in page(ana, "home:caseload", page="999")


def test_course_page_shows_where_the_course_is_and_both_outcomes(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast)
    sessions(episode, cast.ana, scores=[18, 10])
    use_days(episode, cast.ana, marks="nnuunnnnnnnnnn")
    shown = page(ana, "home:client-course", episode.client_id)
    assert "Next is session 3 of 16" in shown
    assert "18" in shown and "Show as a table" in shown
    assert "days known" in shown and "Mood and use are shown apart" in shown
    assert "Open session 3" in shown
    assert reverse("programme:course-map", args=[episode.client_id]) in shown


def test_course_page_offers_writing_to_the_team_and_not_to_the_supervisor(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ben, backend=BACKEND)
    shown = page(browser, "home:client-course", cast.cleo.pk)
    assert "Open session" not in shown and "Give it here" not in shown


def test_course_page_keeps_its_number_of_queries(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast, weeks=12)
    url = reverse("home:client-course", args=[episode.client_id])
    sessions(episode, cast.ana, scores=[14])
    use_days(episode, cast.ana, marks="n" * 5)
    few = queries(ana, url)
    long = a_course(cast, weeks=14)
    sessions(long, cast.ana, scores=[14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
    use_days(long, cast.ana, marks="nu" * 40)
    assert queries(ana, reverse("home:client-course", args=[long.client_id])) == few


def test_page_of_a_client_without_a_course_opens(cast: Cast, ana: Browser) -> None:
    from reknit.care.people.actions import add_client, join_care_team

    client = add_client(by=cast.ina, at=now(), programme=cast.programme, family_name="Imported")
    join_care_team(by=cast.ina, at=now(), client=client, clinician=cast.ana, starts_on=today())
    shown = page(ana, "home:client-course", client.pk)
    assert "No course yet" in shown and "Open session" not in shown


def test_hostile_names_are_shown_as_text_on_every_page(cast: Cast, ana: Browser) -> None:
    episode = a_course(cast, family=HOSTILE, given=HOSTILE)
    sessions(episode, cast.ana, scores=[10])
    booked(episode, cast.ana, hours=3)
    urls = [("home:today",), ("home:caseload",), ("home:client-course", episode.client_id)]
    for name, *args in urls:
        shown = page(ana, str(name), *args)
        assert "<script>alert" not in shown and "&lt;script&gt;" in shown


def test_title_names_no_client(cast: Cast, ana: Browser) -> None:
    shown = page(ana, "home:client-course", cast.cleo.pk)
    title = shown.split("<title>")[1].split("</title>")[0]
    assert "Cleo" not in title and "Case" not in title


def test_today_says_what_courses_wait_for_with_one_link_each(cast: Cast, ana: Browser) -> None:
    assert "No course waits for anything." in page(ana, "home:today")
    episode = a_course(cast, weeks=4)
    sessions(episode, cast.ana, scores=[14, 13, 12])
    shown = page(ana, "home:today").split("Waits in a course")[1].split("</section>")[0]
    assert "There is no formulation and no agreement yet." in shown
    assert shown.count("<a ") == 1 and reverse("formulation:story-show", args=[episode.client_id]) in shown


def test_today_names_the_most_pressing_courses_when_there_are_many(cast: Cast, ana: Browser) -> None:
    many(cast, 9)
    assert "8 of 9 shown" in page(ana, "home:today")

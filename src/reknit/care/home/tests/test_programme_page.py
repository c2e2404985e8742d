"""Totals: right, with their denominators, small numbers hidden, and nobody named."""

from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import ZONE, Cast

from reknit.base.clock import local_date, now
from reknit.care.home.queries.programme import totals

from .factories import a_course, sessions, use_days

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def shown(cast: Cast) -> str:
    browser = Browser()
    browser.force_login(cast.dara, backend=BACKEND)
    return browser.get(reverse("home:programme")).content.decode()


def test_totals_name_nobody_and_say_what_is_hidden(cast: Cast) -> None:
    a_course(cast)
    page = shown(cast)
    assert "Aggregates only" in page and "from 1 to 4 are hidden" in page
    for name in ("Cleo", "Eli", "Nia", "Moss"):
        assert name not in page


def test_totals_hide_small_numbers(cast: Cast) -> None:
    found = totals(at=now(), today=local_date(now(), ZONE))
    by_label = {line.label: line.n for line in found.statuses}
    assert by_label["In care"] is None  # Cleo and Eli
    assert found.mood.improved.whole is None


def test_totals_apply_the_named_rule_over_everybody_with_two_scores(cast: Cast) -> None:
    for scores in [[20, 10]] * 6 + [[15, 14]] * 5 + [[12]] * 5:
        sessions(a_course(cast), cast.ana, scores=scores)
    mood = totals(at=now(), today=local_date(now(), ZONE)).mood
    assert (mood.improved.part, mood.improved.whole) == (6, 11)
    assert [line.n for line in mood.lines] == [6, 5, 0]
    assert "6 of 11 people with two scores (55 %)" in shown(cast)


def test_totals_count_days_by_main_substance_apart_from_mood(cast: Cast) -> None:
    for _ in range(5):
        episode = a_course(cast, weeks=5)
        use_days(episode, cast.ana, marks="u" * 34 + "n" * 28)
    use = totals(at=now(), today=local_date(now(), ZONE)).use
    assert (use.improved.part, use.improved.whole) == (5, 5)


def test_totals_keep_their_number_of_queries(cast: Cast) -> None:
    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            totals(at=now(), today=local_date(now(), ZONE))
        return len(found)

    sessions(a_course(cast), cast.ana, scores=[10, 9])
    few = count()
    for _ in range(10):
        sessions(a_course(cast), cast.ana, scores=[10, 9])
    assert count() == few == 3

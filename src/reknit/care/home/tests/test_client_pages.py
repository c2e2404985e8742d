"""What a client sees of their own course, and what they never see."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.actions import add_person
from reknit.base.accounts.models import Role
from reknit.base.clock import now
from reknit.care.measures.actions import make_link
from reknit.care.network.actions import release_version
from reknit.care.people.actions import change_site, give_sign_in
from reknit.care.programme.models import Episode

from .factories import a_course, a_story, booked, circle, sessions, use_days

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def nia(cast: Cast) -> Episode:
    """Nia, five sessions in, with a sign-in of her own."""
    episode = a_course(cast, weeks=6)
    sessions(episode, cast.ana, scores=[23, 22, 21, 23, 22])
    user = add_person(by=cast.adi, at=now(), email="nia@x.example", name="Nia", roles=[Role.CLIENT])
    give_sign_in(by=cast.adi, at=now(), client=episode.client, user=user)
    return episode


def my_page(episode: Episode) -> str:
    browser = Browser()
    user = episode.client.user
    assert user
    browser.force_login(user, backend=BACKEND)
    return browser.get(reverse("home:client-front")).content.decode()


def test_my_notes_say_where_i_am_and_when_we_meet(cast: Cast, nia: Episode) -> None:
    booked(nia, cast.ana, hours=30)
    shown = my_page(nia)
    assert "6 of 16" in shown and "with Ana Test" in shown and "Our sessions end on" in shown


def test_my_notes_count_days_without_a_score_or_a_verdict(cast: Cast, nia: Episode) -> None:
    use_days(nia, cast.ana, marks="nnnunnn.nn")
    shown = my_page(nia)
    assert ">8</span> of the 9 days you told us about were without use" in shown
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", "", shown, flags=re.DOTALL).split("Who to call")[0]
    assert "PHQ" not in words and "22" not in words.split("Where I am")[1]
    assert "risk" not in shown.lower()


def test_my_notes_say_that_a_form_waits(cast: Cast, nia: Episode) -> None:
    assert "No form waits for you" in my_page(nia)
    make_link(by=cast.ana, at=now(), client=nia.client, measure="gad-7", episode=nia)
    assert "A form waits for you" in my_page(nia)


def test_my_notes_say_whom_to_call_and_when_things_are_read(cast: Cast, nia: Episode) -> None:
    lines = [{"name": "Listening line", "number": "0800 111", "hours": "all day", "checked_on": "2026-01-01"}]
    change_site(
        by=cast.adi,
        at=now(),
        site=cast.site,
        emergency_number="112",
        help_lines=lines,
        when_read="We read this on weekdays.",
    )
    shown = my_page(nia)
    for words in ("112", "01 23 45 67 89", "Listening line", "We read this on weekdays.", "Help now"):
        assert words in shown


def test_my_notes_list_only_pages_that_were_shared(cast: Cast, nia: Episode) -> None:
    assert "Your pages" not in my_page(nia)
    a_story(cast, nia)
    version = circle(cast, nia, 1)
    assert "My people" not in my_page(nia)
    release_version(by=cast.ana, at=now(), version=version)
    shown = my_page(nia)
    pages = shown.split("Your pages")[1].split("</section>")[0]
    assert "My story so far" in pages and "My people" in pages
    assert "Our agreement" not in pages and "My plan" not in pages


def test_my_notes_stand_in_the_order_of_need(cast: Cast, nia: Episode) -> None:
    a_story(cast, nia)
    shown = my_page(nia)
    parts = ["Where I am", "Forms", "A hard day", "Your pages", "Who to call"]
    assert [shown.index(f">{one}<") for one in parts] == sorted(shown.index(f">{one}<") for one in parts)
    bar = shown.split('class="c-nav"')[1].split("</nav>")[0]
    assert bar.count("<a ") <= 4 and bar.rstrip().endswith("<span>Help now</span></a>")


def test_my_notes_are_mine_alone(cast: Cast, nia: Episode) -> None:
    browser = Browser()
    browser.force_login(cast.eli_user, backend=BACKEND)
    shown = browser.get(reverse("home:client-front")).content.decode()
    assert "6 of 16" not in shown and "1 of 16" in shown


def test_my_notes_open_before_a_clinic_joined_me_to_a_course(cast: Cast) -> None:
    user = add_person(by=cast.adi, at=now(), email="new@x.example", name="New", roles=[Role.CLIENT])
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    answer = browser.get(reverse("home:client-front"))
    assert answer.status_code == 200 and "nothing here yet" in answer.content.decode()

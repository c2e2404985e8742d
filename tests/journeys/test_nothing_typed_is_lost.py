"""What somebody typed survives: a sign-in that ends, two people in one note, a link that no longer opens."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import APIResponse, Route, expect

from reknit.base.clock import now
from reknit.care.closure.models import Letter
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import ProgressNote
from reknit.care.measures.actions import make_link
from tests.cast import PASSWORD, Cast

from .people import PHONE, Person

FOCUS, PLAN = "Focus of the session", "Plan"
FIRST, LATER = "They had not spoken since May.", "She wrote to him on Friday."


@pytest.fixture
def note_page(clinic: Cast, at_rest: Any) -> str:
    """The page of a session of Cleo's that was just begun."""
    with at_rest:
        at = now()
        held = start_encounter(
            by=clinic.ana, at=at, episode=clinic.cleo_episode, outcome="attended", starts_at=at
        )
    return reverse("encounters:session-show", args=[held.client_id, held.pk])


def words_of_the_note(at_rest: Any) -> str:
    """Everything that the record holds of the one note."""
    with at_rest:
        return " ".join(ProgressNote.objects.get().words.values())


def end_every_sign_in(at_rest: Any) -> None:
    with at_rest:
        Session.objects.all().delete()


def test_words_arrive_after_signing_in_again_on_the_same_page(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        ana.writes(FOCUS, FIRST)
        ana.page.keyboard.press("Tab")
        ana.sees("on this clinic’s server")
        end_every_sign_in(at_rest)
        ana.writes(FOCUS, f"{FIRST} {LATER}")
        ana.page.keyboard.press("Tab")
        dialog = ana.page.get_by_role("dialog", name="You were signed out. Your words are kept here.")
        expect(dialog).to_be_visible()
        ana.looks()
        dialog.get_by_label("Email").fill("ana@clinic.example")
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.get_by_role("button", name="Sign in", exact=True).click()
        expect(dialog).to_be_hidden()
        ana.sees("on this clinic’s server")
        assert LATER in words_of_the_note(at_rest)


def test_words_sent_without_script_wait_through_the_sign_in(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person(script=False) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(note_page)
        ana.writes(FOCUS, FIRST)
        end_every_sign_in(at_rest)
        ana.presses("Save draft")
        ana.sees("What you wrote is kept below until you sign in.")
        ana.writes("E-mail", "ana@clinic.example")
        ana.writes("Password", PASSWORD)
        ana.presses("Sign in")
        ana.sees(FIRST)
        ana.page.get_by_role("main").get_by_role("button").first.click()
        ana.looks()
        assert FIRST in words_of_the_note(at_rest)


def test_words_of_somebody_else_are_not_shown_to_the_next_who_signs_in(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person(script=False) as browser:
        browser.signs_in("ana@clinic.example")
        browser.opens(note_page)
        browser.writes(FOCUS, FIRST)
        end_every_sign_in(at_rest)
        browser.presses("Save draft")
        browser.writes("E-mail", "dov@clinic.example")
        browser.writes("Password", PASSWORD)
        browser.presses("Sign in")
        browser.does_not_see(FIRST)


def test_two_windows_show_both_versions_and_lose_neither(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person() as here, person() as there:
        for window in (here, there):
            window.signs_in("ana@clinic.example")
            window.opens(note_page)
        here.writes(PLAN, FIRST)
        here.page.keyboard.press("Tab")
        here.sees("on this clinic’s server")
        there.writes(PLAN, LATER)
        there.page.keyboard.press("Tab")
        dialog = there.page.get_by_role("dialog", name="Two versions of this page")
        expect(dialog).to_contain_text(FIRST)
        expect(dialog).to_contain_text(LATER)
        there.looks()
        dialog.get_by_role("button", name="Keep mine").click()
        there.sees("on this clinic’s server")
        assert LATER in words_of_the_note(at_rest)


def test_two_windows_without_script_can_keep_both(
    person: Callable[..., Person], note_page: str, at_rest: Any
) -> None:
    with person(script=False) as here, person(script=False) as there:
        for window in (here, there):
            window.signs_in("ana@clinic.example")
            window.opens(note_page)
        here.writes(PLAN, FIRST)
        here.presses("Save draft")
        there.writes(PLAN, LATER)
        there.presses("Save draft")
        there.sees_heading("Two versions")
        there.sees(FIRST)
        expect(there.page.get_by_label("Yours")).to_have_value(LATER)
        there.presses("Keep both, one under the other")
        found = words_of_the_note(at_rest)
        assert FIRST in found and LATER in found


def test_link_that_no_longer_opens_says_so_kindly(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    at = now()
    with at_rest:
        long_ago = at - dt.timedelta(days=9)
        _link, expired = make_link(by=clinic.ana, at=long_ago, client=clinic.cleo, measure="gad-7", hours=24)
        _link, older = make_link(by=clinic.ana, at=at, client=clinic.cleo, measure="phq-9")
        _link, newer = make_link(by=clinic.ana, at=at, client=clinic.cleo, measure="phq-9")
    with person(width=PHONE) as cleo:
        for secret, words in (
            (expired, "This page has ended"),
            (older, "There is a newer page"),
            ("no-such-link", "This page has ended"),
            (newer, "A few questions"),
        ):
            cleo.opens(reverse("measures:form-fill", args=[secret]))
            cleo.sees_heading(words)
            assert cleo.page.title() == "My notes"
            cleo.sees("01 23 45 67 89")


def test_a_page_that_saves_by_itself_never_races_its_own_button(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    """The page's own save has arrived, its answer has not, and the person presses "Save draft" with more words."""
    under_way: list[tuple[Route, APIResponse]] = []

    def hold_back(route: Route) -> None:
        if "x-autosave" in route.request.headers and not under_way:
            under_way.append((route, route.fetch()))
        else:
            route.continue_()

    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(reverse("closure:letter-edit", args=[clinic.cleo.pk, "plain"]))
        ana.page.route("**/letters/plain/", hold_back)
        ana.writes("What you did", FIRST)
        with ana.page.expect_request(lambda request: "x-autosave" in request.headers):
            ana.writes("Your signals", LATER)
        for _moment in range(500):
            if under_way:  # the server has kept it, and only its answer is held back
                break
            ana.page.wait_for_timeout(20)
        ana.page.get_by_role("button", name="Save draft").click()
        (route, answer) = under_way[0]
        route.fulfill(response=answer)
        ana.sees("The draft is saved.")
        ana.looks()
        with at_rest:
            words = Letter.objects.get().words
        assert (words["work"], words["signals"]) == (FIRST, LATER)

"""The keys: shown on `?` from any staff page, asleep while somebody types, and turned off for good in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import Cast

from .people import PHONE, Person


@pytest.mark.parametrize("width", [1280, PHONE])
def test_keys_are_shown_on_a_question_mark_and_can_be_turned_off(
    person: Callable[..., Person], clinic: Cast, width: int
) -> None:
    with person(width=width) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(reverse("home:caseload"))
        keyboard, help_ = ana.page.keyboard, ana.page.get_by_role("dialog", name="Keys", exact=True)
        keyboard.press("?")
        expect(help_).to_be_visible()
        expect(help_.get_by_role("button", name="Close")).to_be_focused()
        expect(help_).to_contain_text("Signs or sends the form you are in")
        ana.looks()
        keyboard.press("Escape")
        expect(help_).to_be_hidden()
        keyboard.press("/")  # the cursor is in the search: what is typed now is typed
        keyboard.type("?n")
        expect(help_).to_be_hidden()
        expect(ana.page.locator("#client-search")).to_have_value("?n")
        ana.page.locator("#client-search").blur()
        keyboard.press("?")
        help_.get_by_role("button", name="Turn single keys off in this browser").press("Enter")
        ana.page.wait_for_load_state()
        keyboard.press("?")
        keyboard.press("/")
        expect(help_).to_be_hidden()
        expect(ana.page.locator("#client-search")).not_to_be_focused()


def test_keys_of_this_page_are_listed_by_name(person: Callable[..., Person], clinic: Cast) -> None:
    with person() as adi:
        adi.signs_in("adi@clinic.example")
        adi.opens(reverse("accounts:person-list"))
        adi.page.get_by_role("link", name="Keys").click()
        row = adi.page.locator("[data-keys-here] tbody tr")
        expect(row).to_have_count(1)
        expect(row).to_have_text("nAdd a person")
        link = adi.page.locator("[data-key=n]")
        expect(link).to_have_attribute("aria-keyshortcuts", "n")


def test_keys_are_listed_without_script_too(person: Callable[..., Person], clinic: Cast) -> None:
    with person(script=False) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(reverse("accounts:me"))
        ana.presses("Turn single keys off")
        ana.sees("Single keys are off")
        ana.looks()

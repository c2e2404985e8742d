"""What a desk has room for is still read on a phone: wide tables, and the places at the foot of the page."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reknit.base.clock import now
from tests.cast import Cast

from .calendar import Calendar
from .people import PHONE, Person
from .rooms import every_room

DAY = dt.date(2026, 3, 23)


def test_table_too_wide_for_a_phone_becomes_entries_that_say_what_they_are(
    person: Callable[..., Person], clinic: Cast, calendar: Calendar, at_rest: AbstractContextManager[Any]
) -> None:
    calendar.turns_to(DAY)
    with at_rest:
        client = every_room(clinic, now())["client"]
    address = reverse("substance_use:test-list", args=[client])
    with person(width=PHONE) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(address)
        box = ana.page.locator(".scroll:has(> .ledger)").first
        assert box.evaluate("it => it.scrollWidth <= it.clientWidth")
        result = box.get_by_role("cell", name="Positive")  # it is a table still
        expect(box.get_by_role("columnheader", name="Result")).to_have_count(1)
        assert "Result: " in result.evaluate("it => getComputedStyle(it, '::before').content")
    with person(width=PHONE, script=False) as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(address)  # which fails where the page itself moves sideways
        assert ana.page.locator(".scroll:has(> .ledger)").first.evaluate(
            "it => it.scrollWidth > it.clientWidth"
        )


@pytest.mark.parametrize("who", ["ana", "ben", "ina", "dara", "adi"])
def test_words_of_the_bar_fit_into_it(person: Callable[..., Person], clinic: Cast, who: str) -> None:
    with person(width=PHONE) as somebody:
        somebody.signs_in(f"{who}@clinic.example")
        somebody.opens(reverse("accounts:me"))
        places = somebody.page.locator(".nav > a:visible, .nav > details > summary")
        expect(places).to_have_count(5)
        assert (
            places.evaluate_all(
                "those => those.filter(it => it.scrollWidth > it.clientWidth || it.querySelector('span').offsetHeight > 20).map(it => it.textContent)"
            )
            == []
        )

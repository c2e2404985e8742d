"""A tablet is handed to a client: form after form, and the Back button never leads to a chart or to the answers before."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from reknit.care.measures.models import Administration, FormLink
from tests.cast import Cast

from .people import Person


def test_client_fills_in_what_is_due_on_a_tablet_that_nobody_is_signed_in_on(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with person() as tablet:
        tablet.signs_in("ana@clinic.example")
        tablet.opens(f"/clients/{clinic.cleo.pk}/measures/")
        tablet.follows("Several on our device")
        tablet.presses("Sign out and begin")
        tablet.sees("A few questions", "Page 1 of 3.")
        first = tablet.page.url
        tablet.presses("Send my answers")
        tablet.sees("Thank you")
        for _page in range(5):
            tablet.page.go_back()
        expect(tablet.page.locator("body")).not_to_contain_text("Cleo")
        tablet.opens(f"/clients/{clinic.cleo.pk}/measures/")
        tablet.sees("Sign in")
        with at_rest:
            assert [one.at_clinic for one in FormLink.objects.all()] == [True] * 3
        tablet.opens(first)
        tablet.sees("This was sent")
        tablet.presses("Stop here")
        tablet.sees("Please give this device back to us.")
        tablet.page.go_back()
        tablet.sees("This was sent")
        expect(tablet.page.get_by_role("button", name="Stop here")).to_have_count(0)
    with at_rest:
        assert [row.mode for row in Administration.objects.all()] == ["device"]

"""Ana and Cleo draw the people of Cleo's life: by hand, by key and in the table, and the same without script."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from reknit.care.network.models import Relationship
from tests.cast import Cast

from .people import PHONE, Person

EIGHT = ("Jo", "M.", "Kit", "Mum", "Pri", "Dee", "Al", "Bo")


def opens_people(ana: Person, clinic: Cast) -> None:
    ana.signs_in("ana@clinic.example")
    ana.opens(f"/clients/{clinic.cleo.pk}/people/")


def mark(ana: Person, name: str) -> Locator:
    """The mark that is shown at this width."""
    return ana.page.locator(f'[data-name="{name}"]').locator("visible=true")


def drags(ana: Person, name: str, *, to: tuple[float, float]) -> None:
    """Drag a mark to a place on the circle: the middle is (0, 0), the outer ring at distance 1."""
    drawing = ana.page.locator("svg.circle").locator("visible=true").first
    box = drawing.bounding_box()
    assert box is not None
    wide = float((drawing.get_attribute("viewBox") or "0 0 400 400").split()[2])
    radius = float(drawing.get_attribute("data-radius") or 0) * box["width"] / wide
    from_ = mark(ana, name).locator(".mark-hit").bounding_box()
    assert from_ is not None
    mouse = ana.page.mouse
    with ana.page.expect_response(re.compile("/place/")):
        mouse.move(from_["x"] + from_["width"] / 2, from_["y"] + from_["height"] / 2)
        mouse.down()
        x, y = box["x"] + box["width"] / 2 + to[0] * radius, box["y"] + box["height"] / 2 + to[1] * radius
        mouse.move(x - 10, y - 10)
        mouse.move(x, y, steps=4)
        mouse.up()


def test_hand_key_and_table_reach_the_same_place(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with person() as ana:
        opens_people(ana, clinic)
        for alias in EIGHT:
            expect(ana.page.get_by_label("Initials or nickname")).to_be_visible()
            ana.page.get_by_label("Initials or nickname").fill(alias)
            ana.page.get_by_label("Ring").first.select_option("1")
            ana.page.keyboard.press("Enter")
            expect(ana.page.get_by_role("link", name=alias, exact=True).first).to_be_visible()
            expect(ana.page.get_by_label("Initials or nickname")).to_be_focused()
        ana.looks()

        drags(ana, "Jo", to=(0.84, 0.0))
        ana.sees("Jo: further out. Saved.")

        mark(ana, "M.").focus()
        with ana.page.expect_response(re.compile("/place/")):
            ana.page.keyboard.press("ArrowDown")
            ana.page.keyboard.press("ArrowDown")
        ana.sees("M.: further out. Saved.")
        expect(mark(ana, "M.")).to_be_focused()
        expect(mark(ana, "M.")).to_have_attribute("aria-valuetext", re.compile("^ring 3, further out, at "))

        ana.page.get_by_label("Ring for Kit").focus()
        with ana.page.expect_response(re.compile("/place/")):
            ana.page.get_by_label("Ring for Kit").select_option("3")
        ana.sees("Kit: further out. Saved.")
        expect(ana.page.get_by_label("Ring for Kit")).to_be_focused()
        ana.looks()
    with at_rest:
        rings = dict(Relationship.objects.values_list("alias", "ring"))
        assert [rings[name] for name in EIGHT] == [3, 3, 3, 1, 1, 1, 1, 1]
        assert Relationship.objects.get(alias="Jo").angle in range(85, 96)


def test_a_move_that_was_not_kept_goes_back(person: Callable[..., Person], clinic: Cast) -> None:
    with person() as ana:
        opens_people(ana, clinic)
        ana.page.get_by_label("Initials or nickname").fill("Jo")
        ana.page.get_by_label("Ring").first.select_option("1")
        ana.presses("Add")
        ana.page.route("**/place/", lambda route: route.fulfill(status=422, body="No."))
        ana.page.get_by_label("Ring for Jo").select_option("3")
        ana.sees("This move was not saved. Try again.")
        expect(ana.page.get_by_label("Ring for Jo")).to_have_value("1")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_circle_is_drawn_signed_and_seen_by_cleo(
    person: Callable[..., Person], clinic: Cast, script: bool
) -> None:
    with person(width=PHONE, script=script) as ana:
        opens_people(ana, clinic)
        for alias, ring in (("Jo", "1"), ("Mum", "2")):
            ana.page.get_by_label("Initials or nickname").fill(alias)
            ana.page.get_by_label("Ring").first.select_option(ring)
            ana.presses("Add")
        if not script:
            ana.page.get_by_label("Ring for Mum").select_option("3")
            ana.presses("Keep these rings")
            ana.sees("1 person moved.")
        ana.page.get_by_label("Person", exact=True).select_option(label="Jo")
        ana.page.get_by_label("Other person").select_option(label="Mum")
        ana.page.get_by_label("How they stand to each other").select_option("close")
        ana.presses("Add the tie")
        ana.follows("Mum")
        ana.follows("Write down what is known")
        ana.page.get_by_label("Alcohol").select_option("abstainer")
        ana.presses("Save")
        ana.opens(f"/clients/{clinic.cleo.pk}/people/")
        ana.follows("Sign off version 1")
        ana.picks("Did you ask about people from treatment or mutual help?", "Yes, asked")
        ana.presses("Sign off")
        ana.presses("Show version 1 to the client")
        ana.sees("The client can see version 1 now.")
    with person(width=PHONE, script=script) as cleo:
        cleo.signs_in("cleo@clinic.example")
        cleo.opens("/my/")
        cleo.follows("My people")
        cleo.sees_heading("My people")
        cleo.sees("Closest to me")
        cleo.does_not_see("Alcohol")

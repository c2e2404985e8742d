"""The same story where a form can do the job: no script runs in any of these browsers."""

import re
from collections.abc import Callable
from contextlib import ExitStack

from playwright.sync_api import expect

from tests.cast import Cast

from . import test_referral_becomes_a_closing_letter as story
from .people import PHONE, Person
from .test_referral_becomes_a_closing_letter import of_mia


def test_story_works_with_script_off(person: Callable[..., Person], clinic: Cast) -> None:
    with ExitStack() as room:
        ina, ana = (room.enter_context(person(script=False)) for _one in range(2))

        ina.signs_in("ina@clinic.example")
        story.ina_writes_the_referral_down(ina)
        story.ina_asks_about_safety(ina)
        story.ina_keeps_a_safe_way_of_contact(ina)
        story.ina_accepts_into_care(ina)

        ana.signs_in("ana@clinic.example")
        story.ana_finds_mia(ana)
        story.ana_chooses_what_to_ask_about(ana)
        story.ana_starts_the_first_session(ana)
        ana_gives_the_phq9_by_hand(ana)
        address = story.ana_makes_a_link(ana)

        with person(width=PHONE, script=False) as mia:
            mia_saves_and_finishes_later(mia, address)
            story.mia_sends_it_and_sees_whom_to_call(mia)
        story.ana_sees_the_score_and_one_risk_item(ana)

        ana_fills_the_calendar_by_hand(ana)
        ana_ticks_writes_and_signs(ana)
        story.ana_adds_to_the_signed_note(ana)
        story.outcomes_name_their_rule(ana)
        story.ana_issues_both_letters(ana)


def ana_gives_the_phq9_by_hand(ana: Person) -> None:
    ana.follows("Give PHQ-9")
    for number in range(1, 6):
        ana.picks(f"{number}.", "More than half the days")
    for number in range(6, 10):
        ana.picks(f"{number}.", "Several days")
    ana.presses("Save")
    ana.sees("An answer here waits for someone: Ana Test", "14 moderate")


def mia_saves_and_finishes_later(mia: Person, address: str) -> None:
    mia.opens(address)
    for question in ("1.", "2.", "3.", "4."):
        mia.picks(question, "Several days")
    mia.presses("Save and finish later")
    mia.page.goto("about:blank")
    mia.opens(address)
    mia.sees("Your answers from")
    expect(mia.page.get_by_role("group", name="4.").get_by_label("Several days")).to_be_checked()
    expect(mia.page.get_by_role("group", name="5.").get_by_role("radio", checked=True)).to_have_count(0)


def ana_fills_the_calendar_by_hand(ana: Person) -> None:
    """Fourteen days without use and three with, as three radios a day."""
    of_mia(ana, "Use")
    ana.follows("28 days")
    days = ana.page.get_by_role("group", name=re.compile("^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day "))
    for place in range(17):
        days.nth(place).get_by_role("radio", name="no use" if place < 14 else "used", exact=True).check()
    ana.presses("Save days")
    ana.sees("of 17 days known")


def ana_ticks_writes_and_signs(ana: Person) -> None:
    of_mia(ana, "Sessions")
    ana.follows("Go on with session 1")
    ana.ticks("Open with how things have been")
    ana.presses("Keep these ticks")
    expect(ana.page.get_by_label("Open with how things have been")).to_be_checked()
    ana.writes("Focus of the session", "A role change. The bakery closed in May.")
    ana.presses("Save draft")
    ana.sees("Saved as a draft.")
    ana.presses("Sign note")
    ana.sees("The bakery", "Open with how things have been")
    ana.presses("Sign note")
    ana.sees("Signed by")

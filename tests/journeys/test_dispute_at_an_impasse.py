"""Cleo and M. no longer talk. Ana asks about violence first, works the dispute step by step, and plans a session with M.
Then Cleo says that she is afraid of him: the flag goes on, and there is no session with M.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from reknit.care.encounters.models import ConjointSession
from tests.cast import Cast

from .calendar import Calendar
from .course.chart import adds, keeps
from .people import PHONE, Person

MONDAY = dt.date(2026, 3, 23)
STEPS = (
    ("DIS1", "worked", "She wants help with the rent. He wants peace."),
    ("DIS2", "with feeling", "What each expects, and what is real."),
    ("DIS3", "touched", "How they fell silent in January."),
    ("DIS7", "touched", "Still an impasse; today they named it."),
)


def test_dispute_at_an_impasse(
    person: Callable[..., Person], clinic: Cast, at_rest: Any, calendar: Calendar
) -> None:
    with person() as ana:
        calendar.turns_to(MONDAY)
        ana.signs_in("ana@clinic.example")
        m_is_on_the_circle(ana, clinic)
        the_focus_is_a_dispute_at_an_impasse(ana, clinic)
        the_dispute_is_worked_step_by_step(ana, clinic)
        a_session_with_m_is_planned_after_the_question(ana, clinic)
        she_is_afraid_and_the_flag_goes_on(ana, clinic)
        no_session_with_m_can_be_planned_or_written_down(ana, clinic)
        the_note_says_what_was_done(ana)
    with at_rest:
        assert not ConjointSession.objects.exists()
    the_supervisor_needs_a_safety_plan_first(person, clinic, calendar)


def chart(clinic: Cast, page: str) -> str:
    return f"/clients/{clinic.cleo.pk}/{page}"


def m_is_on_the_circle(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "people/"))
    ana.writes("Initials or nickname", "M.")
    ana.chooses("Relation", "partner")
    ana.chooses("Ring", "1, closest")
    ana.presses("Add")
    ana.page.get_by_role("link", name="M.", exact=True).click()
    ana.looks()
    ana.follows("Write down what is known")
    ana.chooses("Conflict, 0 none to 10 most", "8")
    ana.presses("Save")


def the_focus_is_a_dispute_at_an_impasse(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "story/"))
    ana.page.get_by_role("link", name="Propose an area").click()
    ana.looks()
    ana.page.get_by_role("radio", name=re.compile("A relationship under strain")).check()
    ana.page.get_by_label("M.", exact=True).check()
    ana.writes("In a few words", "no more talk at home")
    ana.writes("Why this one", "Talk stopped in January, and mood fell.")
    ana.presses("Propose it")
    ana.presses("The client agreed")
    ana.picks("Stage", "Impasse: talk has stopped")
    ana.presses("Write the stage down")
    ana.sees("Impasse: talk has stopped")


def the_dispute_is_worked_step_by_step(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "sessions/"))
    ana.page.get_by_role("button", name=re.compile("^Start session .* now")).click()
    ana.looks()
    for code, depth, note in STEPS:
        form = adds(ana, "Strategy step")
        form.get_by_label("Which step").select_option(code)
        form.get_by_role("radio", name=re.compile(f"^{depth}$", re.IGNORECASE)).check()
        form.get_by_label("What was worked on").fill(note)
        form.get_by_role("group", name="With whom it had to do").get_by_label("M.").check()
        keeps(ana, form, note)


def a_session_with_m_is_planned_after_the_question(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "sessions/"))
    ana.follows("Session with somebody else")
    ana.follows("Plan one")
    ana.chooses("Who is asked to come", "M.")
    ana.writes("What it is for", "To say out loud what each wants at home.")
    ana.writes("What may be raised", "The rent, and Sundays.")
    ana.writes("What may not be raised", "Her use, and what she says here.")
    ana.presses("Write the plan down")
    ana.sees("Ask the client alone about violence first.")
    ana.writes(
        "Asked the client alone about violence and control, with nothing raised, on", MONDAY.isoformat()
    )
    for who in ("The client agreed on", "The other person agreed on"):
        ana.writes(who, MONDAY.isoformat())
    ana.presses("Write the plan down")
    ana.sees("The plan is written down. Nothing was sent to anybody.", "both agreed")


def she_is_afraid_and_the_flag_goes_on(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "risk/violence/"))
    ana.page.locator("textarea").first.fill("Asked alone: he stands in the door when she wants to go.")
    ana.presses("Set the flag")


def no_session_with_m_can_be_planned_or_written_down(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "sessions/conjoint/"))
    ana.sees("The violence flag is on, so no session takes somebody else in.")
    expect(ana.page.get_by_role("link", name="Plan one")).to_have_count(0)
    ana.opens(chart(clinic, "sessions/conjoint/plan/"))
    expect(ana.page.get_by_role("button", name="Write the plan down")).to_have_count(0)
    ana.opens(chart(clinic, "sessions/"))
    ana.page.get_by_role("link", name=re.compile("^Go on with session")).click()
    ana.looks()
    ana.part("Records").get_by_text("More", exact=True).click()
    ana.part("Records").get_by_role("link", name="With somebody else").click()
    ana.looks()
    ana.sees("The violence flag is on, so no session takes somebody else in.")
    ana.presses("Keep this")
    ana.sees("Plan the session with the client first, then choose the plan.")
    ana.page.get_by_role("link", name="Back to the session").click()
    ana.looks()


def the_note_says_what_was_done(ana: Person) -> None:
    for _code, _depth, note in STEPS:
        ana.sees(note)
    expect(ana.page.get_by_text("Session with M.")).to_have_count(0)


def the_supervisor_needs_a_safety_plan_first(
    person: Callable[..., Person], clinic: Cast, calendar: Calendar
) -> None:
    with person(width=PHONE) as ben:
        ben.signs_in("ben@clinic.example")
        ben.opens(chart(clinic, "sessions/conjoint/"))
        ben.writes("Why one may take place all the same", "She asks for it, with me in the room.")
        ben.presses("Agree to it")
        ben.sees("No safety plan stands. One is made with the client first.")

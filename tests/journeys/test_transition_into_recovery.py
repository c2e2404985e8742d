"""From drinking with friends to a life without: what is lost is mourned, what comes is tried, one sober tie is made
firm, and before Cleo leaves the ward the overdose plan is made, because her body can take less now.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from reknit.care.materials.models import MaterialGiven
from tests.cast import Cast

from .calendar import Calendar
from .course.chart import adds, keeps
from .people import PHONE, Person

MONDAY = dt.date(2026, 3, 23)
STEPS = (
    ("TRA1", "Low since she left the ward."),
    ("TRA2", "Friday nights: good, and what they cost."),
    ("TRA4", "Evenings alone; a first morning without a headache."),
    ("TRA7", "Balance sheet. Old: company, noise, shame. New: sleep, her sister, empty evenings."),
)


def test_transition_into_recovery(
    person: Callable[..., Person], clinic: Cast, at_rest: Any, calendar: Calendar
) -> None:
    calendar.turns_to(MONDAY)
    with person() as ana, person(width=PHONE) as cleo:
        ana.signs_in("ana@clinic.example")
        al_is_on_the_circle(ana, clinic)
        the_focus_is_the_change(ana, clinic)
        the_change_is_worked_step_by_step(ana, clinic)
        the_sober_tie_is_made_firm(ana)
        mutual_help_runs_beside(ana, clinic)
        the_overdose_plan_is_made(ana, clinic)
        address = the_text_is_given_by_link(ana, clinic)
        cleo_reads_it_on_her_phone(cleo, address)
        the_note_says_what_was_given(ana, clinic)
    with at_rest:
        assert MaterialGiven.objects.get().topic == "overdose"


def chart(clinic: Cast, page: str) -> str:
    return f"/clients/{clinic.cleo.pk}/{page}"


def al_is_on_the_circle(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "people/"))
    ana.writes("Initials or nickname", "Al")
    ana.chooses("Relation", "friend")
    ana.chooses("Ring", "2, close")
    ana.presses("Add")
    ana.page.get_by_role("link", name="Al", exact=True).click()
    ana.looks()
    ana.follows("Write down what is known")
    ana.chooses("On recovery", "strongly for")
    ana.presses("Save")


def the_focus_is_the_change(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "story/"))
    ana.page.get_by_role("link", name="Propose an area").click()
    ana.looks()
    ana.page.get_by_role("radio", name=re.compile("A big life change")).check()
    ana.writes("In a few words", "from drinking with them to a life without")
    ana.writes("Why this one", "Closest in time, and she sees the point.")
    ana.presses("Propose it")
    ana.presses("The client agreed")
    ana.sees("Saved.")


def the_change_is_worked_step_by_step(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "sessions/"))
    ana.page.get_by_role("button", name=re.compile("^Start session .* now")).click()
    ana.looks()
    for code, note in STEPS:
        form = adds(ana, "Strategy step")
        form.get_by_label("Which step").select_option(code)
        form.get_by_role("radio", name="worked", exact=False).first.check()
        form.get_by_label("What was worked on").fill(note)
        keeps(ana, form, note)


def the_sober_tie_is_made_firm(ana: Person) -> None:
    form = adds(ana, "Stronger tie")
    form.get_by_label("Which tie").select_option(label="Al")
    form.get_by_label("What would make it stronger").fill("Breakfast with Al on Saturdays.")
    form.get_by_role("radio", name="Planned").check()
    keeps(ana, form, "Breakfast with Al on Saturdays.")


def mutual_help_runs_beside(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "care/"))
    ana.follows("Add something beside IPT")
    ana.chooses("What it is", "Mutual help")
    ana.picks("Which group, for mutual help", "SMART Recovery")
    ana.writes("First day", MONDAY.isoformat())
    ana.presses("Save")
    ana.page.get_by_text("Add a meeting, module or visit").click()
    ana.writes("People got to know there", "2")
    ana.presses("Add it")
    expect(ana.page.get_by_role("cell", name="2", exact=True)).to_be_visible()


def the_overdose_plan_is_made(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "risk/overdose/"))
    for group in ana.page.get_by_role("group").all():
        yes = group.get_by_role("radio", name="Yes", exact=True)
        if yes.count():
            yes.first.check()
    ana.presses("Save")
    ana.sees("Saved.")


def the_text_is_given_by_link(ana: Person, clinic: Cast) -> str:
    ana.opens(chart(clinic, "sessions/"))
    ana.page.get_by_role("link", name=re.compile("^Go on with session")).click()
    ana.looks()
    ana.part("Records").get_by_text("More", exact=True).click()
    ana.part("Records").get_by_role("link", name="Something to read").click()
    ana.looks()
    ana.picks("Which text", "Overdose: tolerance, naloxone and what to do")
    ana.picks("How", "By a link on the phone")
    ana.presses("Write down as given")
    ana.sees("Shown once, on this page only")
    return ana.page.get_by_label("Address").input_value()


def cleo_reads_it_on_her_phone(cleo: Person, address: str) -> None:
    cleo.opens(address.removeprefix(cleo.address))
    cleo.sees_heading("If someone takes too much")
    cleo.sees("Your body can take less now.")
    expect(cleo.page).to_have_title("My notes")


def the_note_says_what_was_given(ana: Person, clinic: Cast) -> None:
    ana.opens(chart(clinic, "sessions/"))
    ana.page.get_by_role("link", name=re.compile("^Go on with session")).click()
    ana.looks()
    ana.sees("Given to read: “If someone takes too much” (English, version 1), by a link on the phone.")
    for _code, note in STEPS:
        ana.sees(note)

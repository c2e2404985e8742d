"""What comes back in every session: finding Mia, turning to a page of hers, beginning, ticking, giving a form, signing."""

import datetime as dt
import re

from playwright.sync_api import Locator, expect

from tests.journeys.calendar import Calendar
from tests.journeys.people import Person

FIRST = dt.date(2026, 3, 2)  # a Monday; the clocks go forward before session 5
MISSED = dt.date(2026, 4, 6)
LAST_DAY = dt.date(2026, 6, 29)
WEEK = dt.timedelta(weeks=1)


def day_of(session: int) -> dt.date:
    """When a session is held: weekly, with one week missed after session 5."""
    return FIRST + WEEK * (session - 1 + (session > 5))


def comes_in(ana: Person, calendar: Calendar, on: dt.date) -> None:
    """It is this day: Ana signs in and opens Mia's chart."""
    calendar.turns_to(on)
    ana.signs_in("ana@clinic.example")
    ana.follows("Clients")
    ana.follows("Mia Sand")


def turns_to(ana: Person, page: str) -> None:
    """Turn to a page of Mia's chart."""
    tabs = ana.page.get_by_role("navigation", name="Pages of Mia Sand")
    tabs.get_by_role("link", name=page, exact=True).click()
    ana.looks()


def starts(ana: Person, session: int) -> None:
    """From the chart: look at the two-minute view, then begin."""
    ana.follows(f"Open session {session}")
    ana.sees_heading("Before you start")
    ana.presses(f"Start session {session} now")
    ana.sees_heading("Tasks")


def back_to(ana: Person, session: int) -> None:
    """Back to the session under way."""
    turns_to(ana, "Sessions")
    ana.follows(f"Go on with session {session}")


def begins(ana: Person, calendar: Calendar, session: int) -> None:
    """The day of a session: Ana comes in and it begins."""
    comes_in(ana, calendar, day_of(session))
    starts(ana, session)


def ticks(ana: Person, *titles: str) -> None:
    """Tick tasks as they happen; one that can wait is looked for under its own heading."""
    for title in titles:
        box = ana.page.get_by_role("checkbox", name=title)
        if not box.is_visible():
            ana.page.get_by_text("more that can wait").click()
        with ana.page.expect_response(re.compile("/tick/")):
            box.check()
        expect(box).to_be_checked()


def gives(ana: Person, session: int, measure: str, answers: str, says: str) -> None:
    """Give a form in the room by keyboard, from the session's page where it is due: a number answers and moves on."""
    due = ana.page.get_by_role("link", name=f"Give {measure}")
    if not due.count():  # not due today: it is given from the list of all
        turns_to(ana, "Measures")
        due = ana.page.get_by_role("link", name=f"Give here {measure}")
    due.click()
    ana.looks()
    ana.page.keyboard.type(answers, delay=10)
    ana.presses("Save")
    ana.sees(says)
    back_to(ana, session)


def tells_days(ana: Person, keys: str, *, says: str) -> None:
    """By keyboard, from the first day of the four weeks that is not known: u or n for each day that was told."""
    turns_to(ana, "Use")
    if ana.page.get_by_role("link", name="28 days").count():
        ana.follows("28 days")
    ana.page.get_by_role("gridcell", name=re.compile("not known$")).first.focus()
    for key in keys:
        ana.page.keyboard.press(key)
        ana.page.keyboard.press("ArrowRight")
    ana.presses("Save days")
    ana.sees(says)


def adds(ana: Person, kind: str) -> Locator:
    """Open the form of a record in its place on the session's page."""
    records = ana.page.get_by_role("region", name="Records")
    link = records.get_by_role("link", name=re.compile(f"^{kind}( .)?$"))
    if not link.is_visible():
        records.get_by_text("More", exact=True).click()
    link.click()
    form = records.locator("form[data-record-form]")
    expect(form).to_be_visible()
    ana.looks()
    return form


def keeps(ana: Person, form: Locator, says: str) -> None:
    """Keep a record; its line stands on the page."""
    form.get_by_role("button", name="Keep this").click()
    expect(ana.page.get_by_role("region", name="Records").get_by_text(says).first).to_be_visible()
    ana.looks()


def agrees_to_try(ana: Person, words: str) -> None:
    """The one thing to try before next time."""
    ana.writes("One thing to try with someone before next time", words)
    ana.presses("Keep this", within="Thing to try")


def hears_how_it_went(ana: Person, answer: str, words: str) -> None:
    """What came of the thing to try of last time."""
    ana.picks("How did it go?", answer)
    ana.writes("What happened", words)
    ana.presses("Keep this", within="Before you start")


def writes_in_the_note(ana: Person, part: str, words: str) -> None:
    """A few words of one's own, kept by the page itself."""
    ana.page.locator("#note").get_by_label(part, exact=True).fill(words)
    ana.page.keyboard.press("Tab")
    ana.sees("on this clinic’s server")


def signs(ana: Person) -> None:
    """Read the note once, then sign."""
    ana.presses("Sign note")
    ana.sees_heading("Read it once, then sign")
    ana.presses("Sign note")
    ana.sees("Signed by")


def holds(ana: Person, calendar: Calendar, session: int, *more: str) -> None:
    """A session that adds nothing new to the story: begun, ticked, signed."""
    begins(ana, calendar, session)
    ticks(ana, "Open with how things have been", "Check safety", *more)
    signs(ana)

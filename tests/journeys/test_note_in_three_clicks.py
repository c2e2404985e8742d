"""From the day's list to typing the note in three clicks; then the whole note by keyboard alone, every key counted.

How long that takes is reckoned by the Keystroke-Level Model of Card, Moran and Newell (1980, Communications of the ACM
23:396): 0.28 seconds a key for somebody who types as most people do, 1.35 seconds to make up one's mind before each
thing that is done. Talking with the client is not in it.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from reknit.base.clock import now
from reknit.care.encounters.actions import book_appointment, set_intention, sign_note, start_encounter, tick
from reknit.care.encounters.models import Intention, MoodEventUseLink, ProgressNote, StrategyStep
from reknit.care.formulation.actions import agree_focus, propose_focus
from reknit.care.formulation.entries import FocusEntry
from reknit.care.measures.actions import record_administration
from reknit.care.network.actions import add_relationship
from reknit.care.programme.models import CourseFact
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from tests.cast import Cast

from .calendar import Calendar
from .people import Person
from .pictures import keep

DAY = dt.date(2026, 3, 23)  # a Monday, three weeks into Cleo's course
KEY, MIND = 0.28, 1.35
SEVEN_MINUTES = 7 * 60
MOST_KEYS = 350  # as docs/how-to/write-a-note-once.md says


class Keys:
    """A keyboard that counts. `thoughts` are things decided on, `keys` what was pressed for them."""

    def __init__(self, ana: Person) -> None:
        self.page = ana.page
        self.keys = self.thoughts = 0

    @property
    def seconds(self) -> float:
        """How long this takes a person."""
        return self.keys * KEY + self.thoughts * MIND

    def presses(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 2 if "+" in key else 1

    def types(self, words: str) -> None:
        """Words into the field that the cursor is in."""
        self.thoughts += 1
        self.keys += len(words)
        self.page.keyboard.type(words)

    def goes_to(self, there: Locator, *, key: str = "Tab", most: int = 30) -> None:
        """Press a key until the cursor is there: the order of the page has to lead to it."""
        self.thoughts += 1
        for _press in range(most):
            self.presses(key)
            if there.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{most} times {key} did not lead to {there}")


@pytest.fixture
def monday(clinic: Cast, at_rest: Any, calendar: Calendar) -> Cast:
    """Three sessions held, with scores, days, people and a focus; the fourth is booked for today."""
    calendar.turns_to(DAY, "10:20")
    at, episode = now(), clinic.cleo_episode
    ana: dict[str, Any] = {"by": clinic.ana, "at": at}
    with at_rest:
        for back, answer, tasks in ((3, 2, range(1, 10)), (2, 2, range(10, 14)), (1, 1, range(14, 23))):
            a_session(clinic, at - dt.timedelta(weeks=back), answer, tasks)
        monitor(**ana, client=clinic.cleo, substance="alcohol", is_primary=True, starts_on=DAY)
        days = [DayEntry(DAY - dt.timedelta(days=back), "alcohol", back in (3, 4)) for back in range(1, 15)]
        record_use_days(**ana, client=clinic.cleo, days=days, source="interview")
        add_relationship(**ana, client=clinic.cleo, alias="Jo", ring=1)
        other = add_relationship(**ana, client=clinic.cleo, alias="M.", ring=2)
        focus = propose_focus(**ana, episode=episode, entry=FocusEntry("dispute", relationships=[other]))
        agree_focus(**ana, focus=focus)
        starts_at = at + dt.timedelta(minutes=10)
        book_appointment(**ana, episode=episode, clinician=clinic.ana, starts_at=starts_at)
    return clinic


def a_session(clinic: Cast, at: dt.datetime, answer: int, tasks: Iterable[int]) -> None:
    """A session with its PHQ-9, the tasks of the opening, a thing to try, and a signed note."""
    ana: dict[str, Any] = {"by": clinic.ana, "at": at}
    held = start_encounter(**ana, episode=clinic.cleo_episode, outcome="attended", starts_at=at)
    answers = {**{f"phq9_{n}": answer for n in range(1, 9)}, "phq9_9": 0}
    record_administration(
        **ana,
        client=clinic.cleo,
        measure="phq-9",
        mode="session",
        episode=clinic.cleo_episode,
        answers=answers,
    )
    for number in tasks:
        tick(**ana, encounter=held, code=f"I{number:02}", done=True)
    set_intention(**ana, encounter=held, text="Ring her sister on Sunday.")
    sign_note(**ana, note=held.note, revision=held.note.revision)


def test_note_in_three_clicks_then_by_keyboard_with_pictures_of_each_step(
    person: Callable[..., Person], monday: Cast, at_rest: Any, folder: Path
) -> None:
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        clicks = from_today_to_typing(ana, folder)
        assert clicks <= 3
        keys = Keys(ana)
        first_words(ana, keys, folder)
        a_link(ana, keys)
        a_step(ana, keys, folder)
        ticks_and_something_to_try(ana, keys)
        words_of_her_own_and_two_signatures(ana, keys, folder)
        assert keys.keys <= MOST_KEYS and keys.seconds < SEVEN_MINUTES
    with at_rest:
        what_was_kept(monday)


def from_today_to_typing(ana: Person, folder: Path) -> int:
    """Prepare, start, to the note: and the cursor is in it."""
    ana.sees_heading("Monday 23 March")
    keep(ana.page, "note-1-today-1280", folder)
    ana.follows("Prepare Cleo Case")
    keep(ana.page, "note-2-prepare-1280", folder)
    ana.presses("Start session 4 now")
    ana.follows("To the note")
    expect(ana.page.get_by_label("Since last time")).to_be_focused()
    return 3


def first_words(ana: Person, keys: Keys, folder: Path) -> None:
    keys.types("She rang her sister; it went well.")
    keep(ana.page, "note-3-type-1280", folder)


def a_link(ana: Person, keys: Keys) -> None:
    """Out of the text, and `l`: choices by arrows, words, Enter keeps it."""
    keys.goes_to(ana.part("Thing to try").get_by_role("button"), key="Shift+Tab")
    keys.presses("l")
    form = ana.page.locator("form[data-record-form]")
    first = form.get_by_role("radio", name="Something between people, then mood")
    expect(first).to_be_focused()
    keys.presses("Space")
    keys.goes_to(form.get_by_label("With whom"))
    keys.presses("ArrowDown")
    keys.goes_to(form.get_by_label("What happened, in a few words"))
    keys.types("M. did not answer for two days.")
    keys.goes_to(form.get_by_label("Mood then, 0 to 10"))
    keys.types("3")
    keys.goes_to(form.get_by_role("radio", name="The client"))
    keys.presses("Space")
    keys.presses("Enter")
    expect(ana.part("Records").get_by_text("M. did not answer")).to_be_visible()
    expect(ana.page.get_by_role("link", name=re.compile("^Mood or use link"))).to_be_focused()
    ana.looks()


def a_step(ana: Person, keys: Keys, folder: Path) -> None:
    """`s`: steps of the agreed focus stand first."""
    keys.presses("s")
    form = ana.page.locator("form[data-record-form]")
    expect(form.get_by_label("Which step")).to_be_focused()
    keys.presses("ArrowDown")
    keys.goes_to(form.get_by_role("radio", name="Touched", exact=True))
    keys.presses("ArrowDown")
    keys.goes_to(form.get_by_label("What was worked on"))
    keys.types("Who wants what from whom.")
    keep(ana.page, "note-4-record-1280", folder)
    keys.goes_to(form.get_by_role("button", name="Keep this"))
    keys.presses("Enter")
    expect(ana.part("Records").get_by_text("Who wants what from whom.")).to_be_visible()
    ana.looks()


def ticks_and_something_to_try(ana: Person, keys: Keys) -> None:
    """Back up to the tasks, each a Tab apart; then on to the thing to try."""
    for title in ("Check safety", "Open with how things have been"):
        box = ana.page.get_by_role("checkbox", name=title)
        keys.goes_to(box, key="Shift+Tab")
        with ana.page.expect_response(re.compile("/tick/")):
            keys.presses("Space")
        expect(box).to_be_checked()
    words = ana.page.get_by_label("One thing to try with someone before next time")
    keys.goes_to(words, most=60)
    keys.types("Write M. one line on Friday.")
    keys.goes_to(ana.part("Thing to try").get_by_role("button", name="Keep this"))
    with ana.page.expect_navigation():
        keys.presses("Enter")
    ana.looks()
    expect(words).to_have_value("Write M. one line on Friday.")


def words_of_her_own_and_two_signatures(ana: Person, keys: Keys, folder: Path) -> None:
    """`n`, a few sentences, Ctrl Enter, read, Ctrl Enter."""
    keys.presses("n")
    expect(ana.page.get_by_label("Since last time")).to_be_focused()
    focus = ana.page.locator("#note").get_by_label("Focus of the session")
    keys.goes_to(focus)
    keys.types(
        "She waits for M. to write first. M. may wait too. We looked at what each expects of the other."
    )
    keys.goes_to(ana.page.locator("#note").get_by_label("Plan", exact=True))
    keys.types("Meet in a week; hear what came back.")
    keys.presses("Control+Enter")
    ana.sees_heading("Read it once, then sign")
    ana.looks()
    keep(ana.page, "note-5-read-1280", folder)
    keys.thoughts += 1
    keys.presses("Control+Enter")
    ana.sees("Signed by")
    ana.looks()


def what_was_kept(monday: Cast) -> None:
    """Every word stands in the record, once."""
    course = monday.cleo_episode
    note = ProgressNote.objects.filter(encounter__episode=course).latest("begun_at")
    link, step = MoodEventUseLink.objects.get(), StrategyStep.objects.get()
    assert note.state == "signed"
    assert note.words["since_last"] == "She rang her sister; it went well."
    assert "what each expects" in note.words["focus"] and note.words["plan"].startswith("Meet in a week")
    assert (link.words, link.mood, link.said_by) == ("M. did not answer for two days.", 3, "client")
    assert link.relationship is not None and link.relationship.alias in ("Jo", "M.")
    assert (step.code, step.depth, step.note) == ("DIS1", 1, "Who wants what from whom.")
    assert Intention.objects.latest("made_at").text == "Write M. one line on Friday."
    ticked = CourseFact.objects.filter(source_id=note.encounter_id, kind="task_done", withdrawn_at=None)
    assert {fact.value["code"] for fact in ticked} == {"E01", "E06"}

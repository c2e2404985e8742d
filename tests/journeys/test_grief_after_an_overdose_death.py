"""Ana and Cleo work on a friend's death by overdose: on one line, looked at from near and far, by keys and without script."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.techniques.actions import keep_step
from reknit.care.formulation.actions import agree_focus, propose_focus
from reknit.care.formulation.entries import FocusEntry
from reknit.care.formulation.models import TimelineEvent
from reknit.care.network.actions import add_relationship
from reknit.care.substance_use.actions import monitor, record_craving, record_use_days
from reknit.care.substance_use.days import DayEntry
from tests.cast import Cast, today

from .people import PHONE, Person


def knows_of_days(clinic: Cast) -> None:
    """Sixty days known, three of use after five weeks without, and a strong craving."""
    by, at, cleo, first = clinic.ana, now(), clinic.cleo, today() - dt.timedelta(days=60)
    monitor(by=by, at=at, client=cleo, substance="opioids", starts_on=first, is_primary=True)
    days = [
        DayEntry(on=first + dt.timedelta(days=n), substance="opioids", used=36 <= n < 39) for n in range(60)
    ]
    record_use_days(by=by, at=at, client=cleo, days=days, source="interview")
    record_craving(by=by, at=at, client=cleo, key=uuid.uuid4(), now=4, peak=8)


def works_on_it(clinic: Cast) -> None:
    """Grief is agreed, and the steps that a course takes are written down; the last plans the anniversary."""
    by, at, course = clinic.ana, now(), clinic.cleo_episode
    sam = add_relationship(by=by, at=at, client=clinic.cleo, alias="Sam", ring=1)
    death = TimelineEvent.objects.get(client=clinic.cleo, title="Sam died of an overdose")
    entry = FocusEntry(area="grief", relationships=[sam], event=death, reason="Low since Sam died.")
    agree_focus(by=by, at=at, focus=propose_focus(by=by, at=at, episode=course, entry=entry))
    held = start_encounter(by=by, at=at, episode=course, outcome="attended", starts_at=at)
    for code in ("GRF1", "GRF3", "GRF4", "GRF6"):
        keep_step(
            by=by, at=at, encounter=held, key=uuid.uuid4(), code=code, depth=2, note=f"{code} with care."
        )


def test_line_tells_the_death_the_return_and_what_was_worked_on(
    person: Callable[..., Person], clinic: Cast
) -> None:
    knows_of_days(clinic)
    died = today() - dt.timedelta(days=26)
    line = f"/clients/{clinic.cleo.pk}/story/timeline/"
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(line)
        ana.writes("What happened", "Sam died of an overdose")
        ana.writes("When", died.isoformat())
        ana.presses("Add")
        # An order in time is told as a question, and the days without use stand as they were.
        ana.sees("“Sam died of an overdose” was 2 days before the first of 3 days of use. Is there a link?")
        ana.sees("Use on 3 days in a row, after 36 days known without use.", "Craving, 0 to 10")
        ana.does_not_see("relapse", "streak", "failed")
        ana.presses("Leave it")
        ana.does_not_see("Is there a link?")
        works_on_it(clinic)
        ana.opens(line)
        shown = ana.page.locator("#one-line header p")
        whole = shown.inner_text()
        ana.page.locator("h1").first.click()
        near = whole
        for _step in range(3):  # half a year, twelve weeks, four weeks
            ana.page.keyboard.press("+")
            expect(shown).not_to_have_text(near)
            near = shown.inner_text()
        expect(ana.page).to_have_url(re.compile(r"\?from="))
        ana.page.keyboard.press("ArrowLeft")
        expect(shown).not_to_have_text(near)
        ana.page.keyboard.press("End")
        expect(shown).to_contain_text(str(today().year))
        ana.page.keyboard.press("-")
        ana.looks()
        ana.page.get_by_text("Everything else on the line").click()
        expect(ana.page.get_by_role("cell", name="8 of 10")).to_be_visible()
        ana.opens(f"/clients/{clinic.cleo.pk}/story/")
        ana.sees("Sam", "Grief")
    with person(width=PHONE, script=False) as phone:
        phone.signs_in("ana@clinic.example")
        phone.opens(line)
        before = phone.page.locator("#one-line header p").inner_text()
        phone.page.get_by_role("link", name="Closer").click()
        assert phone.page.locator("#one-line header p").inner_text() != before
        assert phone.overflow() == []

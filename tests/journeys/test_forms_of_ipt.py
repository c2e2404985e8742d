"""Each form of IPT in a browser: what a clinician would look for where it differs from sixteen sessions.

The courses are begun by the rooms' actions; what the story is about is done on the screen.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.closure.actions import close_course
from reknit.care.closure.tests.factories import given
from reknit.care.encounters.actions import sign_note, start_encounter
from reknit.care.programme.actions import agreement, begin_course
from reknit.care.programme.models import Episode
from tests.cast import Cast, today

from .course.closing import reads_it_through_and_gives
from .people import PHONE, Person

# Nine courses in a browser take as long as the rest of a run can spare; their rules are held by tests/test_forms_of_ipt.py.
pytestmark = pytest.mark.long
WEEK = dt.timedelta(weeks=1)


def begins(clinic: Cast, code: str) -> Episode:
    """Cleo's first course is over, and another begins under this protocol today."""
    at = now()
    close_course(by=clinic.ana, at=at, episode=clinic.cleo_episode, reason="Another form fits better.")
    return begin_course(by=clinic.ana, at=at, client=clinic.cleo, protocol=code, starts_on=today())


def meets(clinic: Cast, course: Episode, outcome: str = "attended") -> None:
    """A meeting held or missed just now, its note signed."""
    at = now()
    held = start_encounter(by=clinic.ana, at=at, episode=course, outcome=outcome, starts_at=at)
    if outcome in held.HELD:
        sign_note(by=clinic.ana, at=at, note=held.note, revision=held.note.revision)


def agrees(clinic: Cast, course: Episode, **terms: Any) -> None:
    """The agreement, spoken with a witness."""
    at, by = now(), clinic.ana
    draft = agreement.begin_contract(by=by, at=at, episode=course)
    draft = agreement.save_contract(by=by, at=at, contract=draft, revision=draft.revision, terms=terms)
    agreement.agree_contract(
        by=by,
        at=at,
        contract=draft,
        revision=draft.revision,
        how="witnessed",
        words="Yes.",
        witness="Fay Test",
    )


def comes_in(ana: Person) -> None:
    ana.signs_in("ana@clinic.example")
    ana.follows("Clients")
    ana.follows("Cleo Case")


def turns_to(ana: Person, page: str) -> None:
    tabs = ana.page.get_by_role("navigation", name="Pages of Cleo Case")
    tabs.get_by_role("link", name=page, exact=True).click()
    ana.looks()


def opens_the_map(ana: Person) -> None:
    turns_to(ana, "Agreement")
    ana.follows("Course map")


def test_twelve_sessions_with_the_substance_use_overlay_from_intake_on(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with person() as ina:
        ina.signs_in("ina@clinic.example")
        ina.follows("New referral")
        ina.writes("Given name", "Lea")
        ina.writes("Family name", "North")
        ina.chooses("Who asked", "Doctor or other health service")
        ina.presses("Write it down")
        courses = ina.page.get_by_label("Course", exact=True)
        expect(courses.get_by_role("option", name="group")).to_have_count(0)
        ina.picks("How they agreed to care", "Signed on paper")
        ina.chooses("Therapist", "Ana Test")
        ina.chooses("Course", "IPT, 12 sessions, with the substance use overlay")
        ina.chooses("Other treatment for substance use", "None: IPT alone")
        ina.writes("First session", today().isoformat())
        ina.presses("Accept into care")
        ina.sees("Accepted. Ana Test sees the chart from now on.", "With Ana Test")
    with at_rest:
        course = Episode.objects.get(client__given_name="Lea")
        assert (course.protocol, course.protocol_version) == ("ipt-12+sud", "1+1")
        meets(clinic, course)
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.follows("Clients")
        ana.follows("Lea North")
        ana.sees("IPT alone has not been shown to reduce use.", "Next is session 2 of 12")
        ana.page.locator("a[href$='#waits-G15']").click()
        ana.looks()
        ana.sees("Use is touched on in each session", "Not marked yet")
        ana.does_not_see("Go on without it, with a reason")
        at = ana.path
    with person() as ben:
        ben.signs_in("ben@clinic.example")
        ben.opens(at)
        ben.page.locator("#waits-G15").get_by_text("Go on without it, with a reason").click()
        ben.page.locator("#waits-G15").get_by_label("Why the course goes on without this").fill(
            "On the list of the day clinic; IPT bridges the wait."
        )
        ben.page.locator("#waits-G15").get_by_role("button").click()
        ben.sees("IPT bridges the wait.")
        expect(ben.page.locator("#waits-G15")).to_have_count(0)


def test_brief_form_begins_with_a_meeting_before_session_1(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        begins(clinic, "ipt-b")
    with person() as ana:
        comes_in(ana)
        ana.sees("The meeting before session 1 comes first")
        ana.follows("Write it down")
        ana.follows("Write down one from another day")
        ana.picks("What happened", "Meeting before session 1")
        ana.presses("Write it down")
        ana.sees("Meeting before session 1 of 8")
        box = ana.page.get_by_role("checkbox", name="Meet once to talk about hopes")
        with ana.page.expect_response(lambda answer: "/tick/" in answer.url):
            box.check()
        ana.presses("Sign note")
        ana.presses("Sign note")
        ana.sees("Signed by", "The meeting before session 1.")
        turns_to(ana, "Course")
        ana.sees("Next is session 1 of 8")
        ana.does_not_see("comes first")
        turns_to(ana, "Story")
        ana.follows("Propose an area")
        ana.sees("A poor choice in 8 sessions: think of another first (programme setting)")
        ana.page.get_by_role("radio", name="Interpersonal sensitivity").check()
        ana.presses("Propose it")
        ana.sees("It is a programme setting and holds nothing up.")


def test_form_for_depression_with_pain_says_what_it_is_not(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        agrees(clinic, begins(clinic, "ipt-p+sud"))
    with person(width=PHONE, dark=True) as ana:
        comes_in(ana)
        turns_to(ana, "Agreement")
        ana.sees("not an addiction protocol", "Untested combination", "Some of each")
        ana.follows("Course map")
        ana.sees(
            "For depression with pain. Not an addiction protocol.",
            "Eight sessions are not expected in eight weeks.",
            "Hear the client's own account of the pain",
            "Check the safety of opioid medicines",
            "Map who uses, who supports recovery and who is unsafe",
        )


def test_three_areas_after_stuart_and_robertson(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        begins(clinic, "ipt-sr")
    with person() as ana:
        comes_in(ana)
        opens_the_map(ana)
        ana.sees("Conclusion of acute treatment", "Three areas: disputes, transitions, grief and loss.")
        turns_to(ana, "Story")
        ana.follows("Propose an area")
        expect(ana.page.get_by_role("radio")).to_have_count(3)
        ana.does_not_see("Interpersonal sensitivity")


def test_sober_network_form_strengthens_ties_again_and_again(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        begins(clinic, "sober-network")
    with person() as ana:
        comes_in(ana)
        ana.sees("Next is session 1 of 18")
        opens_the_map(ana)
        ana.sees("The network is looked at in session 2, half way and at the end")
        expect(ana.page.get_by_text("Strengthen one tie that supports recovery")).to_have_count(2)


def test_pain_overlay_lies_over_sixteen_sessions(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        begins(clinic, "ipt-16+pain")
    with person() as ana:
        comes_in(ana)
        opens_the_map(ana)
        ana.sees("IPT, 16 sessions, with the pain overlay, template version 1+1", "Set a self-care goal")


def test_maintenance_follows_a_course_and_says_when_it_may_be_coming_back(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        given(clinic, "disposition", at=now(), choice="maintenance")
        close_course(by=clinic.ana, at=now(), episode=clinic.cleo_episode, reason="All sessions took place.")
    with person() as ana:
        ana.signs_in("ana@clinic.example")
        ana.opens(f"/clients/{clinic.cleo.pk}/")
        ana.follows("Begin another course")
        expect(ana.page.get_by_label("Course", exact=True)).to_have_value("ipt-m")
        ana.presses("Begin the course")
        ana.sees("Next is session 1 of 12 · first visit")
        with at_rest:
            course = Episode.objects.get(client=clinic.cleo, status="open")
            agrees(clinic, course)
        turns_to(ana, "Agreement")
        ana.sees("IPT-M, monthly maintenance")
        turns_to(ana, "Course")
        ana.follows("Open session 1")
        ana.presses("Start session 1 now")
        ana.sees("Go through early-warning signs and use", "Keep to people")
        ana.follows("Give PHQ-9")
        ana.page.keyboard.type("2222222001", delay=10)
        ana.presses("Save")
        turns_to(ana, "Course")
        ana.sees("PHQ-9 is back at 14. Offer a new assessment and more help by")
        turns_to(ana, "Sessions")
        ana.follows("Go on with session 1")
        box = ana.page.get_by_role("checkbox", name="If it is coming back, offer a new assessment")
        with ana.page.expect_response(lambda answer: "/tick/" in answer.url):
            box.check()
        turns_to(ana, "Course")
        ana.does_not_see("Offer a new assessment and more help by")
        opens_the_map(ana)
        ana.sees("Review the contract half-yearly", "Nobody is urged to stop a medicine")


def test_lost_sessions_shorten_the_middle_and_keep_the_closing_whole(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        course = begins(clinic, "ipt-12")
        agrees(clinic, course, ends_on=today() + 7 * WEEK)
        course.refresh_from_db()
        for outcome in ("attended", "no_show", "attended", "no_show", "attended", "no_show"):
            meets(clinic, course, outcome)
    with person() as ana:
        comes_in(ana)
        turns_to(ana, "Sessions")
        ana.sees("A shorter way to the end", "A proposal; nothing is moved", "which stays as agreed")
        ana.page.get_by_text("See the proposed map").click()
        ana.looks()
        rows = ana.page.get_by_role("table", name="Proposed map").locator("tbody tr")
        expect(rows).to_have_count(8)
        expect(rows.nth(7)).to_contain_text("Decide together what comes next")
        expect(rows.filter(has_text="Closure phase")).to_have_count(3)
        ana.sees("After missed sessions")


def test_course_ends_early_by_its_own_short_list(
    person: Callable[..., Person], clinic: Cast, at_rest: Any
) -> None:
    with at_rest:
        course = begins(clinic, "ipt-b")
        for _session in range(3):
            meets(clinic, course)
    with person() as ana:
        comes_in(ana)
        turns_to(ana, "Closing")
        ana.page.get_by_role("link", name="Begin Early ending").click()
        ana.looks()
        ana.picks("Why it ends early", "Moved away")
        ana.writes("How safe things are", "No thoughts of ending her life. Her doctor knows her plan.")
        ana.picks("Leaflet on warning signs and overdose", "Given or sent")
        ana.writes("Referral", "The service in the new town, with her yes.")
        ana.writes("The way back", "A card with our number.")
        reads_it_through_and_gives(ana, "Record the early ending", "Early ending")
        ana.follows("Close the course")
        ana.writes("Why the course closes", "She moved away.")
        ana.presses("Close the course")
        ana.page.get_by_role("dialog").get_by_role("button", name="Close the course").click()
        ana.looks()
        turns_to(ana, "Closing")
        ana.sees("counted as ended early")
        turns_to(ana, "Course")
        ana.sees("Begin another course")

"""The main story: a referral on the phone becomes a course, the course becomes two letters, and its facts stay true.

Mia is the client of this story. She has no account until the end; her part is on her phone.
"""

import datetime as dt
import io
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pikepdf
from playwright.sync_api import expect

from reknit.base.clock import now
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import save_note, sign_note, start_encounter
from reknit.care.people.actions import add_client, join_care_team
from reknit.care.programme.actions import open_episode
from reknit.care.safety.models import RiskItem
from tests.cast import Cast, today

from .people import PHONE, Person

LIVES = "Answered above zero on PHQ-9 item 9"
BEGIN = re.compile("^(Begin|Go on writing|Write a new one)$")
HER_PASSWORD = "seven wet pebbles in a row"


def test_referral_becomes_a_closing_letter(person: Callable[..., Person], clinic: Cast, at_rest: Any) -> None:
    with ExitStack() as room:
        ina, ana = room.enter_context(person()), room.enter_context(person())

        ina.signs_in("ina@clinic.example")
        ina_writes_the_referral_down(ina)
        ina_asks_about_safety(ina)
        ina_keeps_a_safe_way_of_contact(ina)
        ina_accepts_into_care(ina)

        ana.signs_in("ana@clinic.example")
        ana_finds_mia(ana)
        ana_answers_what_was_said_on_the_phone(ana)
        ana_chooses_what_to_ask_about(ana)
        ana_starts_the_first_session(ana)
        ana_gives_the_phq9_in_the_room(ana)
        address = ana_makes_a_link(ana)

        a_mail_scanner_opens_it(person, address)
        with person(width=PHONE) as mia:
            mia_answers_half_and_comes_back(mia, address)
            mia_sends_it_and_sees_whom_to_call(mia)
        ana_sees_the_score_and_one_risk_item(ana)
        with at_rest:
            assert RiskItem.objects.filter(reason="phq9_item9", client__given_name="Mia").count() == 1

        ana_fills_the_calendar(ana)
        ana_writes_and_signs_the_note(ana)
        ana_adds_to_the_signed_note(ana)
        with at_rest:
            tess_signs_a_note(clinic)
        with person() as ben:
            ben_cosigns(ben)

        outcomes_name_their_rule(ana)
        the_letter_says(ana, "to 10 on")
        ana_corrects_the_sheet(ana)
        outcomes_have_changed(ana)
        the_letter_says(ana, "to 9 on")
        ana_issues_both_letters(ana)
        password = ana_gives_mia_a_sign_in(ana)
        ana_closes_the_course(ana)

        with person(width=PHONE) as mia:
            mia_reads_her_letter(mia, password)


# At intake


def ina_writes_the_referral_down(ina: Person) -> None:
    ina.sees_heading("Referrals")
    ina.follows("New referral")
    ina.writes("Given name", "Mia")
    ina.writes("Family name", "Sand")
    ina.chooses("Who asked", "Doctor or other health service")
    ina.writes("Their name or service", "Dr Okafor")
    ina.presses("Write it down")
    ina.sees_heading("Mia Sand")


def ina_asks_about_safety(ina: Person) -> None:
    ina.picks("thoughts of ending your life", "No")
    ina.picks("shake, sweat", "Yes")
    ina.picks("have you overdosed", "No")
    ina.picks("anyone you are afraid of", "No")
    ina.presses("Save the answers")
    ina.sees_heading("Waits for a person")
    ina.sees("May be in withdrawal", "Opened for Ben Test, due")


def ina_keeps_a_safe_way_of_contact(ina: Person) -> None:
    ina.chooses("Safe way to reach them", "Text message")
    ina.writes("Number or address", "07700 900123")
    ina.writes("Safe times", "weekdays after 17:00")
    ina.presses("Save safe contact")
    ina.sees("Leave no message.", "Do not name the clinic.")


def ina_accepts_into_care(ina: Person) -> None:
    ina.picks("How they agreed to care", "Spoken, with a witness")
    ina.writes("Who heard it, when spoken", "Fay Test")
    ina.chooses("Therapist", "Ana Test")
    ina.chooses("Course", "IPT, 16 sessions")
    ina.writes("First session", today().isoformat())
    ina.writes("Ending date", (today() + dt.timedelta(weeks=16)).isoformat())
    ina.presses("Accept into care")
    ina.sees("Accepted. Ana Test sees the chart from now on.", "With Ana Test")


# With Ana


def ana_finds_mia(ana: Person) -> None:
    ana.follows("Clients")
    ana.follows("Mia Sand")
    ana.sees_heading("Mia Sand")


def ana_answers_what_was_said_on_the_phone(ana: Person) -> None:
    of_mia(ana, "Risk")
    ana.follows("May be in withdrawal")
    ana.picks("What was done?", "Spoken with the client; plan agreed")
    ana.writes("Note", "Seen by her doctor today; no tremor.")
    ana.presses("Close the item")


def ana_chooses_what_to_ask_about(ana: Person) -> None:
    of_mia(ana, "Use")
    ana.follows("Choose the substances")
    ana.ticks("Alcohol")
    ana.chooses("Primary substance", "Alcohol")
    ana.presses("Keep this list")


def ana_starts_the_first_session(ana: Person) -> None:
    of_mia(ana, "Sessions")
    ana.presses("Start session 1 now")
    ana.sees_heading("Before you start")


def ana_gives_the_phq9_in_the_room(ana: Person) -> None:
    """By keyboard: a number answers and moves on."""
    ana.follows("Give PHQ-9")
    ana.page.keyboard.type("2221221111", delay=20)
    ana.presses("Save")
    ana.sees("An answer here waits for someone: Ana Test", "14 moderate")


def ana_makes_a_link(ana: Person) -> str:
    of_mia(ana, "Measures")
    ana.follows("Make a link PHQ-9")
    ana.presses("Make the link")
    ana.sees("Do not name the clinic.")
    return ana.page.get_by_label("Address").input_value()


def of_mia(ana: Person, page: str) -> None:
    """Turn to a page of Mia's chart."""
    ana.opens("/clients/")
    ana.follows("Mia Sand")
    ana.page.get_by_role("navigation", name="Pages of Mia Sand").get_by_role(
        "link", name=page, exact=True
    ).click()
    ana.looks()


def turns_to_the_letters(ana: Person) -> None:
    """They stand under Closing."""
    of_mia(ana, "Closing")
    ana.follows("Open the letters")


# On the phone


def a_mail_scanner_opens_it(person: Callable[..., Person], address: str) -> None:
    with person(script=False) as scanner:
        scanner.page.goto(address)
        scanner.sees("A few questions")


def mia_answers_half_and_comes_back(mia: Person, address: str) -> None:
    mia.opens(address)
    assert mia.page.title() == "My notes"
    for question in ("1.", "2.", "3.", "4."):
        mia.picks(question, "Several days")
    mia.sees("with your clinic")
    mia.page.goto("about:blank")
    mia.opens(address)
    mia.sees("Your answers from")
    expect(mia.page.get_by_role("group", name="1.").get_by_label("Several days")).to_be_checked()


def mia_sends_it_and_sees_whom_to_call(mia: Person) -> None:
    for question in ("5.", "6.", "7.", "8."):
        mia.picks(question, "Several days")
    mia.picks("9.", "More than half the days")
    mia.presses("Send my answers")
    mia.sees_heading("Thank you for telling us")
    mia.sees("You do not have to wait for that.", "01 23 45 67 89")
    mia.page.go_back()
    mia.page.reload()
    mia.sees("This was sent")


# Back in the room


def ana_sees_the_score_and_one_risk_item(ana: Person) -> None:
    of_mia(ana, "Measures")
    ana.sees("10")
    of_mia(ana, "Risk")
    expect(ana.page.get_by_role("link", name=LIVES)).to_have_count(1)
    ana.sees("Came up 2 times")


def ana_fills_the_calendar(ana: Person) -> None:
    """Four weeks by keyboard: two weeks without use, three days with, the rest never told."""
    of_mia(ana, "Use")
    ana.follows("28 days")
    ana.page.get_by_role("gridcell", name=re.compile("not known$")).first.focus()
    for key in "nnnnnnnnnnnnnnuuu":
        ana.page.keyboard.press(key)
        ana.page.keyboard.press("ArrowRight")
    ana.sees("Some days are not saved yet.")
    ana.presses("Save days")
    ana.sees("of 17 days known")


def ana_writes_and_signs_the_note(ana: Person) -> None:
    of_mia(ana, "Sessions")
    ana.follows("Go on with session 1")
    ana.ticks_first_task() if hasattr(ana, "ticks_first_task") else ana.page.get_by_role(
        "checkbox"
    ).first.check()
    ana.writes("Focus of the session", "A role change. The bakery closed in May.")
    ana.page.keyboard.press("Tab")
    ana.sees("on this clinic’s server")
    ana.writes("One thing to try with someone before next time", "Ring her sister on Sunday.")
    ana.presses("Keep this", within="Thing to try")
    expect(ana.page.get_by_label("Focus of the session")).to_have_value(re.compile("bakery"))
    ana.presses("Sign note")
    ana.sees_heading("Read it once, then sign")
    ana.sees("The bakery", "Open with how things have been")
    ana.presses("Sign note")
    ana.sees("Signed by")


def ana_adds_to_the_signed_note(ana: Person) -> None:
    ana.writes("Add to this note", "She rang: the sister will come along.")
    ana.presses("Add")
    ana.sees("The note itself stands as it was signed.", "the sister will come along")


def tess_signs_a_note(clinic: Cast) -> None:
    """Tess, in training, has a client of her own, Noor, and signs her first note."""
    at, ina, tess = now(), clinic.ina, clinic.tess
    noor = add_client(by=ina, at=at, programme=clinic.programme, given_name="Noor", family_name="Reed")
    grant_consent(by=ina, at=at, client=noor, how="paper", given_at=at)
    join_care_team(by=ina, at=at, client=noor, clinician=tess, starts_on=today())
    course = open_episode(by=tess, at=at, client=noor, protocol="IPT-16", starts_on=today())
    held = start_encounter(by=tess, at=at, episode=course, outcome="attended", starts_at=at)
    note = save_note(by=tess, at=at, note=held.note, revision=0, words={"plan": "Meet on Monday."})
    sign_note(by=tess, at=at, note=note, revision=note.revision)


def ben_cosigns(ben: Person) -> None:
    ben.signs_in("ben@clinic.example")
    ben.follows("Co-sign")
    ben.sees("1 note waits for you")
    ben.follows("Noor Reed")
    ben.sees("Meet on Monday.")
    ben.presses("Co-sign this note")
    ben.sees("No note waits for your signature.")


# What it came to


def outcomes_name_their_rule(ana: Person) -> None:
    of_mia(ana, "Course")
    ana.follows("Outcomes with their rules")
    ana.sees("By the 6-point rule of the English services", "PHQ-9 went from 14", "to 10 on", "14 of 17")


def ana_corrects_the_sheet(ana: Person) -> None:
    of_mia(ana, "Measures")
    sheets = ana.part("Every sheet")
    sheets.get_by_role("link", name=re.compile("^PHQ-9$")).first.click()
    ana.follows("Correct this sheet")
    ana.picks("8.", "Not at all")
    ana.presses("Save the correction")
    ana.sees("This is a correction.")


def outcomes_have_changed(ana: Person) -> None:
    of_mia(ana, "Course")
    ana.follows("Outcomes with their rules")
    ana.sees("to 9 on")


def the_letter_says(ana: Person, words: str) -> None:
    turns_to_the_letters(ana)
    ana.page.get_by_role("link", name=BEGIN).first.click()
    ana.looks()
    ana.sees(words)


def ana_issues_both_letters(ana: Person) -> None:
    writes_a_letter(ana, 0, {"To": "Dr Okafor, Mill Street", "Why the client came": "Low mood, and drink."})
    writes_a_letter(ana, 1, {"What you did": "You rang your sister."})
    for link in ana.page.get_by_role("link", name="Issued").all():
        is_tagged(ana.context.request.get(link.get_attribute("href") or "").body())


def writes_a_letter(ana: Person, which: int, words: dict[str, str]) -> None:
    """Write one of the two letters, see it as a draft, and issue it."""
    turns_to_the_letters(ana)
    ana.page.get_by_role("link", name=BEGIN).nth(which).click()
    ana.looks()
    for part, text in words.items():
        ana.writes(part, text)
    ana.presses("Save draft")
    is_tagged(ana.fetches("See it as PDF"))
    ana.presses("Issue letter")
    if ana.script:
        ana.page.get_by_role("dialog").get_by_role("button", name="Issue letter").click()
        ana.looks()
    ana.sees("The letter is issued. It no longer changes.")


def is_tagged(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as letter:
        assert letter.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in letter.Root


def ana_closes_the_course(ana: Person) -> None:
    """A course does not close over an open risk item."""
    closes(ana)
    ana.sees("A risk item is still open. Answer it first, then close the course.")
    of_mia(ana, "Risk")
    ana.follows(LIVES)
    ana.picks("What was done?", "Spoken with the client; plan agreed")
    ana.presses("Close the item")
    closes(ana)
    ana.sees("The course is closed.")


def closes(ana: Person) -> None:
    """Ask for the course to be closed."""
    turns_to_the_letters(ana)
    ana.writes("Why the course closes", "She moved away.")
    ana.presses("Close the course")
    ana.page.get_by_role("dialog").get_by_role("button", name="Close the course").click()
    ana.looks()


# Afterwards


def ana_gives_mia_a_sign_in(ana: Person) -> str:
    of_mia(ana, "Course")
    ana.follows("Care team")
    ana.follows("Make a sign-in")
    ana.writes("The client's e-mail", "mia@post.example")
    ana.presses("Make a one-time password")
    return ana.page.get_by_role("code").inner_text()


def mia_reads_her_letter(mia: Person, password: str) -> None:
    mia.signs_in("mia@post.example", password)
    mia.sees_heading("Choose a password")
    mia.writes("The password you have now", password)
    mia.page.get_by_label("The new password", exact=True).fill(HER_PASSWORD)
    mia.writes("The new password once more", HER_PASSWORD)
    mia.presses("Keep this password")
    mia.opens("/my/")
    mia.sees("Our sessions have come to an end.")
    is_tagged(mia.fetches("Letter of"))

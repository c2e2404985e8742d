"""Sessions 1 to 3: forms and days, the circle, the timeline, the focus, the story and the agreement."""

import re

from playwright.sync_api import expect

from tests.journeys.people import Person

from .chart import LAST_DAY, turns_to

GATE = (
    "A version of the circle was signed off",
    "A focus area is chosen",
    "The formulation was shared",
    "The client agreed to the formulation",
    "The agreement was made",
    "The ending date was set",
)
STORY = {
    "1. What you have told me": "You have felt low since May. You sleep badly and see few people.",
    "2. The name of it": "This is called depression.",
    "3. It can be treated": "It is common. It can be treated. It is not your fault.",
    "4. What went on with people": "In May the bakery closed. You lost your work and the people there.",
    "5. How use fits in": "After that you drank at night to get to sleep. It made the days harder.",
    "6. What we work on": "We work on the change from baker to what comes next.",
    "7. What is on your side": "Jo is on your side. You get up early and keep your word.",
    "8. What we propose": "We meet 16 times, once a week.",
    "9. Please correct me": "Does this fit? What would you change?",
}


def chooses_what_to_ask_about(ana: Person) -> None:
    turns_to(ana, "Use")
    ana.follows("Choose the substances")
    ana.ticks("Alcohol")
    ana.chooses("Primary substance", "Alcohol")
    ana.presses("Keep this list")


# The circle


def adds_people(ana: Person, *people: tuple[str, str, str]) -> None:
    """Somebody in two fields, and their ring where it was said."""
    turns_to(ana, "People")
    for alias, relation, ring in people:
        ana.writes("Initials or nickname", alias)
        ana.chooses("Relation", relation)
        if ring:
            ana.chooses("Ring", ring)
        ana.presses("Add")
        expect(ana.page.get_by_role("link", name=alias, exact=True)).to_be_visible()


def moves_by_key(ana: Person, alias: str, *keys: str) -> None:
    """A mark in the drawing, by arrow keys."""
    mark = ana.page.locator(f'[data-name="{alias}"]').locator("visible=true")
    mark.focus()
    with ana.page.expect_response(re.compile("/place/")):
        for key in keys:
            ana.page.keyboard.press(key)
    ana.sees(f"{alias}: further out. Saved.")
    expect(mark).to_be_focused()


def moves_by_table(ana: Person, alias: str, ring: str) -> None:
    with ana.page.expect_response(re.compile("/place/")):
        ana.page.get_by_label(f"Ring for {alias}").select_option(ring)


def writes_what_is_known(ana: Person, alias: str, answers: dict[str, str]) -> None:
    """What was said about somebody; everything else stays open."""
    ana.page.get_by_role("link", name=alias, exact=True).click()
    ana.looks()
    ana.follows("Write down what is known")
    for label, answer in answers.items():
        ana.chooses(label, answer)
    ana.presses("Save")
    turns_to(ana, "People")


def draws_a_tie(ana: Person, who: str, other: str, how: str) -> None:
    ana.page.get_by_label("Person", exact=True).select_option(label=who)
    ana.page.get_by_label("Other person").select_option(label=other)
    ana.page.get_by_label("How they stand to each other").select_option(how)
    ana.presses("Add the tie")
    either = re.compile(f"{who} and {other}|{other} and {who}")
    expect(ana.page.locator("#ties").get_by_text(either)).to_be_visible()


def signs_the_circle_off(ana: Person, version: int) -> None:
    ana.follows(f"Sign off version {version}")
    ana.picks("Did you ask about people from treatment or mutual help?", "Yes, asked")
    ana.presses("Sign off")
    ana.presses(f"Show version {version} to the client")
    ana.sees(f"The client can see version {version} now.")


# The timeline


def writes_an_event(ana: Person, title: str, on: str, kind: str) -> None:
    ana.writes("What happened", title)
    ana.writes("When", on)
    ana.chooses("It was", kind)
    ana.page.locator("#add").get_by_role("button", name="Add").click()
    ana.looks()
    expect(ana.page.get_by_role("link", name=title)).to_be_visible()


def marks_an_event(ana: Person, title: str, mark: str) -> None:
    ana.follows(title)
    ana.presses(mark)
    ana.page.get_by_role("link", name="Back to the timeline").click()
    ana.looks()


def makes_the_timeline(ana: Person) -> None:
    """It began in May with the end of the bakery; the quarrel with her brother came after."""
    turns_to(ana, "Story")
    ana.follows("Add events and sign the timeline off")
    writes_an_event(ana, "The bakery closed", "2025-05-12", "A change of role")
    writes_an_event(ana, "Low mood began", "2025-06-02", "Something else")
    marks_an_event(ana, "Low mood began", "It began here")
    marks_an_event(ana, "The bakery closed", "The closest change with people")
    ana.presses("Sign off as it stands")
    ana.sees("The timeline is signed off")


# The focus and the story


def agrees_on_a_focus_from_the_hint(ana: Person) -> None:
    """The hint names facts; Ana proposes, and Mia says yes."""
    turns_to(ana, "Story")
    ana.sees("They choose nothing: you and the client do.", "The bakery closed")
    ana.page.get_by_role("link", name=re.compile("^Propose this .*The bakery closed")).click()
    ana.looks()
    ana.writes("In a few words", "from baker to what comes next")
    ana.writes("Why this one", "Closest in time, and she sees the point.")
    ana.presses("Propose it")
    ana.presses("The client agreed")
    ana.sees("Saved.")


def writes_the_story(ana: Person, words: dict[str, str], *marks: tuple[str, str]) -> None:
    """The nine parts in her words, and which part names what."""
    turns_to(ana, "Story")
    ana.follows("Write the story")
    for label, text in words.items():
        ana.writes(label, text)
    for part, element in marks:
        tick_mark(ana, part, element)
    ana.presses("Save draft")
    ana.sees("All five elements are there.")


def tick_mark(ana: Person, part: str, element: str) -> None:
    field = ana.page.locator(".slot-part").filter(has=ana.page.get_by_label(part))
    field.get_by_role("checkbox", name=element).check()


def shares_the_story(ana: Person) -> None:
    ana.follows("Read it and share")
    ana.sees("This is called depression.")
    ana.picks("How it is shared", "On the client's own page")
    ana.presses("Share with the client")
    ana.page.get_by_role("dialog").get_by_role("button", name="Share it").click()
    ana.looks()
    ana.sees("The text is shared.")


# The agreement


def writes_the_agreement(ana: Person) -> None:
    turns_to(ana, "Agreement")
    ana.presses("Begin the agreement")
    ana.writes("Ending date", LAST_DAY.isoformat())
    ana.picks("Goal about use", "Use less")
    ana.writes("In the client's own words", "Not to drink on my own.")
    ana.writes("If there is a lapse", "I tell Jo. I come anyway. We go on.")
    ana.writes("What happens after the last session", "I can ring and come back.")
    ana.presses("Save and write goals")


def writes_a_goal(ana: Person) -> None:
    """One goal with people, a sentence for each rung."""
    goal = ana.page.locator(".goal-block").first
    goal.get_by_label("The goal, in the client's words").fill("See people again.")
    goal.get_by_label("How we will both see it").fill("Visits in a week.")
    for rung, words in zip(
        ("+2", "+1", "0", "-1", "-2"),
        ("Three visits.", "Two visits.", "One visit.", "A call only.", "Nobody."),
        strict=True,
    ):
        goal.get_by_label(re.compile(rf"^{re.escape(rung.replace('-', '−'))} |^{re.escape(rung)} ")).fill(
            words
        )
    goal.get_by_label("Where it stands now").select_option("-2")
    ana.presses("Save and look at it")
    ana.sees("See people again.")


def shows_the_agreement(ana: Person) -> None:
    ana.presses("Show it to the client")
    ana.sees("The client can read the draft in their own pages")


# Mia, on her phone


def mia_signs_in(mia: Person) -> None:
    mia.signs_in("mia@clinic.example")
    mia.sees_heading("My notes")


def mia_reads_her_story_and_agrees(mia: Person, words: str) -> None:
    mia.follows("My story")
    mia.sees_heading("My story so far")
    mia.sees(words)
    mia.presses("Yes, this fits")
    mia.sees("You said: yes, this fits.")


def mia_agrees_to_the_agreement(mia: Person) -> None:
    mia.opens("/my/")
    mia.follows("Our agreement")
    mia.sees("See people again.", "29 June 2026")
    mia.presses("Yes")
    mia.sees("We agreed on this on")


def mia_sees_her_people(mia: Person) -> None:
    mia.opens("/my/")
    mia.follows("My people")
    mia.sees_heading("My people")
    mia.sees("Jo", "Sam")


# The gate


def looks_at_the_map(ana: Person) -> None:
    turns_to(ana, "Course")
    ana.follows("Course map")


def sees_g02_wait(ana: Person) -> None:
    looks_at_the_map(ana)
    gate = ana.page.locator("#waits-G02")
    expect(gate.get_by_role("heading", name="Agreed focus before the middle phase")).to_be_visible()
    for words in GATE:
        is_there = words == "A version of the circle was signed off"
        expect(gate.get_by_text(f"{'There' if is_there else 'Not yet'}: {words}")).to_have_count(1)


def sees_g02_gone(ana: Person) -> None:
    looks_at_the_map(ana)
    ana.sees_heading("Waits now")
    expect(ana.page.locator("#waits-G02")).to_have_count(0)
    gate = ana.page.locator("#gate-G02")
    for words in GATE:
        expect(gate.get_by_text(f"There: {words}")).to_have_count(1)

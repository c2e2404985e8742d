"""Sessions 4 to 13: links, steps, conversations, decisions, rehearsals; a miss, a return to use, a review, a switch."""

import datetime as dt
import re

from playwright.sync_api import expect

from tests.journeys.people import Person

from .chart import MISSED, adds, day_of, keeps, turns_to
from .opening import shares_the_story, tick_mark

FOCUS_NOW = "We now work on the strain with your brother. You each wait for the other to ring."


def rates_the_goal(ana: Person, level: str) -> None:
    turns_to(ana, "Agreement")
    ana.follows("Rate goals")
    ana.picks("Whose rating", "Together")
    ana.page.get_by_role("group", name="See people again.").get_by_role(
        "radio", name=re.compile(re.escape(level))
    ).check()
    ana.presses("Keep the ratings")
    ana.sees("now")


def links_mood_and_use(ana: Person) -> None:
    form = adds(ana, "Mood or use link")
    form.get_by_label("Something between people, then craving").check()
    form.get_by_label("With whom").select_option(label="Sam")
    form.get_by_label("What happened, in a few words").fill("Sam hung up. She went past the shop twice.")
    form.get_by_label("Craving then, 0 to 10").fill("7")
    form.get_by_label("The client", exact=True).check()
    keeps(ana, form, "Sam hung up.")


def works_a_step(ana: Person, step: str, depth: str, note: str) -> None:
    form = adds(ana, "Strategy step")
    form.get_by_label("Which step").select_option(step)
    form.get_by_role("radio", name=depth, exact=True).check()
    form.get_by_label("What was worked on").fill(note)
    keeps(ana, form, note)


def takes_a_conversation_apart(ana: Person) -> None:
    """On a page of its own, line by line."""
    ana.part("Records").get_by_role("link", name=re.compile("^Conversation")).click()
    ana.looks()
    page = ana.page
    page.get_by_role("group", name="With whom").get_by_label("Sam").check()
    for number, said in enumerate(
        ("Will you come on Sunday?", "We will see.", "Fine.", "He put the phone down."), start=1
    ):
        turn = page.get_by_role("group", name=f"Turn {number}", exact=True)
        turn.get_by_label("Said, or did").fill(said)
    page.get_by_label("What the client meant to say").fill("I would like you there.")
    ana.chooses("Where it came apart", "It was said around the point")
    page.get_by_label("Another way to say it").first.fill("I would like you to come.")
    page.get_by_label("This one is to be tried").first.check()
    ana.presses("Keep this")
    ana.sees("taken apart, 4 turns")


def weighs_a_decision(ana: Person) -> None:
    ana.part("Records").get_by_text("More", exact=True).click()
    ana.part("Records").get_by_role("link", name="Decision").click()
    ana.looks()
    page = ana.page
    page.get_by_label("What is to be decided").fill("Whether to take the early shift at the mill.")
    for number, (option, chosen) in enumerate((("Take it", True), ("Wait for another", False)), start=1):
        row = page.get_by_role("group", name=f"Option {number}", exact=True)
        row.get_by_label("Option", exact=True).fill(option)
        if chosen:
            row.get_by_label("Chosen").check()
    page.get_by_label("The first step").fill("Ring the mill on Monday.")
    ana.presses("Keep this")
    ana.sees("2 options weighed")


def rehearses(ana: Person) -> None:
    form = adds(ana, "Role play")
    form.get_by_label("Which talk").fill("Asking Sam to come on Sunday")
    form.get_by_label("With whom it will be").select_option(label="Sam")
    form.get_by_label("Sure of it before, 0 to 10").fill("3")
    form.get_by_label("Sure of it after, 0 to 10").fill("6")
    form.get_by_role("group", name="Round 1").get_by_label("What was tried").fill("Said it straight out.")
    keeps(ana, form, "1 round")


# A missed session


def writes_a_miss_down(ana: Person) -> None:
    """The day itself: Mia did not come, and nobody knows why."""
    turns_to(ana, "Sessions")
    ana.follows("Write down a session from another day")
    ana.picks("What happened", "Did not come")
    ana.writes("Day", MISSED.isoformat())
    ana.writes("Time", "09:00")
    ana.presses("Write it down")
    ana.sees("Written down. It does not use up a session.", "Get in touch by")


def writes_the_contact_down(ana: Person) -> None:
    ana.follows("Write down the contact")
    ana.picks("How", "By phone")
    ana.picks("What came of it", "We spoke")
    ana.writes("What had happened around then, and with whom", "Her brother had been to see her.")
    ana.presses("Write it down")
    ana.sees("Somebody has tried to get in touch.")


# A return to use


def mia_says_that_she_used(mia: Person) -> None:
    """One tap. Nothing is asked that she does not want to say."""
    mia.presses("I used")
    mia.sees_heading("Thank you for telling us")
    mia.sees("Who I can call")


def answers_what_waits(ana: Person) -> None:
    """What a client tells on their own page waits for a person, like every risk item."""
    ana.follows("Told us on their own page of a day of use")
    ana.picks("What was done?", "Spoken with the client; plan agreed")
    ana.presses("Close the item")
    ana.follows("Clients")
    ana.follows("Mia Sand")


def reviews_the_return(ana: Person, on: dt.date) -> None:
    """It waits in the two-minute view; safety first, then people, feeling and place."""
    ana.sees("A return to use on 17 April is to be looked at together.")
    ana.follows("Review it")
    expect(ana.page.get_by_label("Which day")).to_have_value(on.isoformat())
    for question in ("Overdose", "Withdrawal", "Thoughts of ending their life", "Driving"):
        ana.picks(question, "Nothing raised")
    ana.page.get_by_role("group", name="Who was part of it").get_by_label("Rob").check()
    ana.writes("What happened between people before it", "Rob came by with a bottle. She had felt alone.")
    ana.writes("What helped to stop", "She rang Jo.")
    ana.writes("What was learned", "Evenings alone are the hard hours.")
    ana.presses("Keep this")
    ana.sees("Return to use of 17 April reviewed")
    ana.does_not_see("is to be looked at together")


# Half way


def holds_the_review(ana: Person) -> None:
    """The figures ask for a talk; Ana and Mia decide."""
    ana.sees("The mid-course review is due in this session.")
    ana.follows("Hold it")
    ana.sees("The figures ask for a talk about a plan B.")
    ana.picks("Is the focus still right?", "No")
    ana.writes("If not, what would be", "The strain with her brother.")
    ana.picks("Is the response adequate so far?", "No")
    ana.writes("How you both see it", "Sleep is better. The evenings are not.")
    ana.presses("Keep this")
    ana.sees_heading("Plan B")  # a response that is not enough leads there at once


def writes_plan_b(ana: Person) -> None:
    ana.ticks("Review medication")
    ana.ticks("Mutual help or a peer worker")
    ana.writes("Why", "Too little has changed by half way.")
    ana.writes("Decided on", day_of(8).isoformat())
    ana.presses("Keep this")
    ana.sees("Plan B, 27 April: Review medication, Mutual help or a peer worker.")
    ana.does_not_see("A plan B is to be written.")


# A switch of focus


def switches_the_focus(ana: Person) -> None:
    turns_to(ana, "Story")
    ana.follows("Next step")
    ana.page.get_by_text("Change to another area").click()
    switch = ana.page.locator("form").filter(has=ana.page.get_by_role("button", name="Switch", exact=True))
    switch.get_by_role("radio", name=re.compile("^.*A relationship under strain")).check()
    switch.get_by_label("Sam").check()
    switch.get_by_label("In a few words").fill("waiting for each other to ring")
    switch.get_by_label("Why it changes").fill("The quarrel carries the evenings now.")
    switch.get_by_label("The client agreed to work on this").check()
    ana.presses("Switch")
    ana.sees("Role dispute: waiting for each other to ring")


def names_the_stage(ana: Person) -> None:
    ana.picks("Stage", "Impasse: talk has stopped")
    ana.presses("Write the stage down")
    ana.sees("Since 4 May 2026")


def revises_the_story(ana: Person) -> None:
    """A new version: the old one stands as it was shared."""
    turns_to(ana, "Story")
    ana.page.get_by_text("1 earlier area").click()
    ana.sees("Switched after the mid-course review or more than once: talk about it in supervision.")
    ana.sees("What we work on changed after this version was shared.")
    ana.presses("Revise it")
    ana.writes("6. What we work on", FOCUS_NOW)
    tick_mark(ana, "6. What we work on", "a person, a role or an event")
    ana.presses("Save draft")
    ana.sees("All five elements are there.")
    shares_the_story(ana)

"""Sessions 14 to 16: talk about the ending, the circle anew, what was gained, the plans, the letters, the close."""

from playwright.sync_api import expect

from tests.journeys.people import Person

from .chart import turns_to
from .opening import adds_people, moves_by_table, signs_the_circle_off

GAINS = {
    "Mood and symptoms": "I sleep through most nights.",
    "Relationships": "Sam and I talk again.",
    "What the client did to get here": "I rang him first. I kept coming.",
}
SIGNS = {
    "Signs of low mood coming back": "I stop cooking for myself.",
    "Signs of a return to use": "I take the way past the shop.",
    "Signs in relationships": "I let the phone ring.",
}
STAYING_WELL = {
    "Steps": "Ring Jo. Go for a walk. Ring the clinic.",
    "Safe-use and overdose steps": "Not alone. After a break my body takes less.",
}
HARD_TIMES = {
    "Hard time 1": "The day the bakery closed comes round in May.",
    "What to do then 1": "Eat with Jo that evening.",
}


MOVED = ("New: Lea.", "Closer: Sam.", "No longer listed: Rob.")


def begins_a_record(ana: Person, title: str) -> None:
    turns_to(ana, "Closing")
    ana.page.get_by_role("link", name=f"Begin {title}").click()
    ana.looks()


def reads_it_through_and_gives(ana: Person, button: str, done: str) -> None:
    ana.presses("Save and read it through")
    ana.presses(button)
    ana.sees(done)


def talks_about_the_ending(ana: Person) -> None:
    begins_a_record(ana, "Talk about the ending")
    ana.ticks("Sad")
    ana.ticks("Proud")
    ana.writes("In the client's own words", "I will miss the hour.")
    reads_it_through_and_gives(ana, "Keep this record", "Talk about the ending: kept.")


def writes_and_gives(ana: Person, title: str, words: dict[str, str]) -> None:
    """A record in Mia's words, read together and given to her."""
    begins_a_record(ana, title)
    for label, text in words.items():
        ana.writes(label, text)
    if title == "Staying-well plan":
        ana.page.get_by_role("group", name="People to call").get_by_label("Jo").check()
    reads_it_through_and_gives(ana, "Give it to the client", f"{title}: given.")


def draws_the_circle_anew(ana: Person) -> None:
    """Sam is closer, Rob is gone from it, Lea is new."""
    adds_people(ana, ("Lea", "from mutual help or treatment", "2, close"))
    moves_by_table(ana, "Sam", "1")
    ana.page.get_by_role("link", name="Rob", exact=True).click()
    ana.looks()
    ana.presses("Take off the circle")
    turns_to(ana, "People")
    signs_the_circle_off(ana, 2)


def looks_at_both_circles(ana: Person) -> None:
    turns_to(ana, "Closing")
    ana.sees(*MOVED)
    ana.presses("We looked at it together")
    ana.sees("Looked at together.")


def decides_what_comes_next(ana: Person) -> None:
    begins_a_record(ana, "What comes next")
    ana.picks("What comes next", "The course ends here")
    ana.writes("Why", "The goals are met, and she knows the way back.")
    reads_it_through_and_gives(ana, "Record the decision", "What comes next: decided.")


def books_follow_up(ana: Person) -> None:
    turns_to(ana, "Closing")
    ana.follows("Book follow-up")
    for months in ("1 month", "3 months", "6 months", "12 months"):
        ana.page.get_by_label(months, exact=True).check()
    ana.presses("Book follow-up")
    expect(ana.page.get_by_role("row")).to_have_count(5)


LETTERS = {
    "Closing letter to the care team": {
        "To": "Dr Okafor, Mill Street",
        "Why the client came": "Low mood since the bakery closed, and drink in the evenings.",
    },
    "Letter to the client in plain words": {"What you did": "You rang your brother first."},
}


def writes_a_letter(ana: Person, which: str) -> tuple[bytes, list[list[str]]]:
    """Write, issue, and read back the issued letter with the table of where its figures come from."""
    turns_to(ana, "Closing")
    ana.follows("Open the letters")
    leaf = ana.page.locator("section.leaf").filter(has=ana.page.get_by_role("heading", name=which))
    leaf.get_by_role("link", name="Begin").click()
    ana.looks()
    for part, text in LETTERS[which].items():
        ana.writes(part, text)
    ana.presses("Save draft")
    ana.sees_heading("Where each figure comes from")
    ana.presses("Issue letter")
    ana.page.get_by_role("dialog").get_by_role("button", name="Issue letter").click()
    ana.looks()
    ana.sees("The letter is issued. It no longer changes.")
    leaf.get_by_role("link", name="Where its figures come from").click()
    ana.looks()
    rows = ana.page.get_by_role("table", name="Where each figure comes from").locator("tbody tr").all()
    sources = [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows]
    return ana.fetches("Open the letter"), sources


def mia_opens_her_plan(mia: Person) -> None:
    mia.follows("My plan")
    mia.sees_heading("My plan")
    mia.sees("I rang him first.", "Ring Jo.", "I let the phone ring.", "Eat with Jo that evening.")


def closes_the_course(ana: Person) -> None:
    turns_to(ana, "Closing")
    ana.follows("Close the course")
    ana.writes("Why the course closes", "All planned sessions took place.")
    ana.presses("Close the course")
    ana.page.get_by_role("dialog").get_by_role("button", name="Close the course").click()
    ana.looks()
    turns_to(ana, "Closing")
    ana.sees("counted as completed")

"""Ben's week: the agenda, the hour, a decision that comes back, a session rated blind and compared, an extension."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from reknit.base.clock import now
from reknit.care.encounters.actions import start_encounter
from reknit.care.supervision.actions import draw_sessions
from reknit.core.supervision.fidelity import form
from tests.cast import Cast
from tests.world import an_agreement

from .people import PHONE, Person


def rates(person: Person, score: str, said: str) -> None:
    """Every item the same, a comment, and hand in."""
    answers = person.page.locator(f"input[type=radio][value='{score}']").all()
    assert len(answers) == len(form().items)
    for one in answers:
        one.check()
    person.page.get_by_label("Time in the recording").first.fill("12:34")
    person.page.get_by_role("textbox", name="Comment").first.fill(said)
    person.presses("Hand in")


def test_supervisors_week(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with at_rest:
        at = now()
        for _n in range(3):
            start_encounter(
                by=clinic.ana, at=at, episode=clinic.cleo_episode, outcome="attended", starts_at=at
            )
        an_agreement(clinic)
        made = draw_sessions(by=clinic.ben, at=at, supervisee=clinic.ana, seed=7)
        session = made.sessions.get()
        type(session).objects.update(
            rated_twice=False
        )  # a cast with one supervisor has nobody to rate it too
    with person() as ben:
        ben.signs_in("ben@clinic.example")
        ben.opens("/supervision/")
        ben.sees("No formulation was shared by session 3.")
        ben.follows("Begin an hour", within="Ana Test")
        ben.presses("Begin")
        ben.follows("Talk about Cleo Case")
        ben.writes("What you talked about", "The account is late.")
        ben.writes("Advice", "Read it aloud next time.")
        ben.presses("Keep")
        ben.writes("What is to be done", "Share the account.")
        ben.presses("Write down the decision")
        ben.presses("Sign the hour")
        ben.sees("It no longer changes.", "Read it aloud next time.")

        ben.opens("/supervision/")
        ben.sees("Decided and not done yet", "Share the account.")
        ben.follows("1 session to rate")
        ben.follows("Session", within="Drawn sessions")
        ben.follows("Rate this session")
        rates(ben, "4", "Waits with the feeling.")
        ben.sees("Nobody sees another’s until all are in")

        with person(width=PHONE) as ana:
            ana.signs_in("ana@clinic.example")
            ana.opens("/supervision/mine/")
            ana.sees("Share the account.", "60 minutes received")
            ana.opens(f"/supervision/sessions/{session.pk}/")
            ana.does_not_see("Waits with the feeling.")
            ana.follows("Rate this session")
            rates(ana, "3", "I could have waited longer.")
            ana.sees("mean 4.00, 17 items", "mean 3.00, 17 items", "Waits with the feeling.")

        ben.opens("/supervision/requests/")
        ben.follows("Cleo Case", within="Waiting")
        ben.sees("18 in place of 16")
        ben.presses("Yes")
        ben.sees("No request waits.")

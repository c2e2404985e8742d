"""Dara makes a protocol of the clinic's own, Ben publishes it, and courses keep what they began with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from reknit.base.clock import now
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import plan_of
from reknit.care.programme.tests.test_protocol_actions import a_course
from tests.cast import Cast

from .people import PHONE, Person


def hands_in_and_ben_approves(person: Callable[..., Person], dara: Person, version: str, *seen: str) -> None:
    """Dara hands the draft in; Ben reads what changed in plain words and publishes it."""
    dara.presses("Hand in to a second person")
    dara.follows("What changed")
    dara.sees("You worked on this version. A second person has to answer for it.")
    with person() as ben:
        ben.signs_in("ben@clinic.example")
        ben.opens("/protocols/")
        ben.follows("IPT by the river", within="Waits for a second person")
        ben.sees(*seen)
        ben.presses("Approve and publish")
        ben.sees("Published. New courses begin with it.")
    dara.opens(f"/protocols/own-river/{version}/")
    dara.sees("Approved and published by Ben Test")


def test_director_copies_changes_compares_and_a_second_person_publishes(
    person: Callable[..., Person], clinic: Cast, at_rest: AbstractContextManager[Any]
) -> None:
    with person() as dara:
        dara.signs_in("dara@clinic.example")
        dara.opens("/protocols/ipt-16/1/")
        dara.follows("Copy into our own")
        dara.writes("Title", "IPT by the river")
        dara.writes("Short name", "river")
        dara.presses("Copy")
        dara.sees("Copied. It is a draft", "What stays in every copy")

        dara.follows("Change length and title")
        dara.writes("Days between sessions", "14")
        dara.presses("Keep")
        dara.sees("The sessions do not fit into this window.")  # beside its field, and nothing was kept
        dara.writes("Days between sessions", "7")
        dara.writes("Number of sessions", "14")
        dara.presses("Keep")
        dara.sees("Kept in the draft.", "14 sessions of 50 minutes")

        dara.follows("List other helpers and agree who shares what")
        dara.writes("Session", "5")
        dara.presses("Keep")
        hands_in_and_ben_approves(
            person,
            dara,
            "1",
            "Number of sessions: 14, before 16.",
            "moves: now in session 5, before in session 3.",
        )
        with at_rest:
            running = a_course(clinic, now(), "own-river", "Gil")

        dara.presses("Begin the next version")
        dara.follows("Change length and title")
        dara.writes("Minutes each", "45")
        dara.presses("Keep")
        hands_in_and_ben_approves(person, dara, "2", "Minutes each: 45, before 50.")
        with at_rest:
            new = a_course(clinic, now(), "own-river", "Hal")
            kept = Episode.objects.get(pk=running.pk)
            assert (kept.protocol_version, plan_of(kept).session_minutes) == ("1", 50)
            assert (new.protocol_version, plan_of(new).session_minutes) == ("2", 45)


def test_protocol_is_read_and_changed_on_a_phone_in_the_dark_without_script(
    person: Callable[..., Person], clinic: Cast
) -> None:
    with person(width=PHONE, dark=True, script=False) as dara:
        dara.signs_in("dara@clinic.example")
        dara.opens("/protocols/")
        dara.opens("/protocols/ipt-16/1/")
        dara.sees("Agreed focus before the middle phase")
        dara.follows("Copy into our own")
        dara.writes("Short name", "river")
        dara.presses("Copy")
        dara.follows("Change these rules")
        dara.writes("Most a course may be extended, in per cent of its sessions", "20")
        dara.presses("Keep")
        dara.follows("Change Alliance")
        dara.writes("In which sessions", "3, 9, 16")
        dara.presses("Keep")
        dara.follows("How hard gates hold")
        dara.presses("Keep")
        dara.follows("Change phase borders")
        dara.presses("Keep")
        dara.follows("What changed")
        dara.sees(
            "Most a course may be extended: 20 per cent of its sessions, before 25 per cent of its sessions."
        )

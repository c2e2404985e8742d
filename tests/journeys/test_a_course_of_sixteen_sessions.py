"""The whole of IPT-16 in a browser: Ana and Mia, sixteen sessions, a week missed, a return to use, a change of focus.

Only what stands before session 1 is made by actions. From then on the calendar is turned from week to week, and
everything that Ana or Mia does is done on their screens: hers at a desk, Mia's on a phone. At the end every number of
both letters is looked up where it comes from.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast

from .calendar import Calendar
from .course import closing, letters, middle, opening
from .course.chart import (
    MISSED,
    agrees_to_try,
    back_to,
    begins,
    comes_in,
    gives,
    hears_how_it_went,
    holds,
    signs,
    tells_days,
    ticks,
    writes_in_the_note,
)
from .course.intake import mia_is_in_care
from .people import PHONE, Person

USED_ON = dt.date(2026, 4, 17)  # the Friday between sessions 6 and 7

# The longest story of all: more than five minutes on two slow processors. A run on PostgreSQL tells it with --long only,
# since both databases together have an hour.
pytestmark = [pytest.mark.long] if connection.vendor == "postgresql" else []


def test_a_course_of_sixteen_sessions(
    person: Callable[..., Person], clinic: Cast, at_rest: Any, calendar: Calendar
) -> None:
    with at_rest:
        course = mia_is_in_care(clinic)
    with ExitStack() as room:
        ana, mia = room.enter_context(person()), room.enter_context(person(width=PHONE))

        session_1_measures_and_days(ana, calendar)
        session_2_people_and_timeline(ana, calendar)
        session_3_focus_story_and_agreement(ana, mia, calendar)

        session_4_first_step(ana, calendar)
        session_5_a_conversation(ana, calendar)
        a_week_is_missed(ana, calendar)
        session_6_a_decision(ana, calendar)
        mia_tells_of_a_return_to_use(mia, calendar)
        session_7_the_return_is_reviewed(ana, calendar)
        session_8_half_way(ana, calendar)
        session_9_another_focus(ana, mia, calendar)
        session_10_a_rehearsal(ana, calendar)
        holds(ana, calendar, 11)
        session_12_goals_again(ana, calendar)
        holds(ana, calendar, 13, "Mention the ending")

        session_14_the_ending(ana, calendar)
        session_15_plans(ana, mia, calendar)
        session_16_closing(ana, calendar)
        letters_are_true(ana, at_rest, course)
        mia_reads_her_letter(mia, at_rest, course)


# Sessions 1 to 3


def session_1_measures_and_days(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 1)
    gives(ana, 1, "PHQ-9", "3332222101", "18 moderately severe")
    gives(ana, 1, "GAD-7", "2222111", "11 moderate")
    opening.chooses_what_to_ask_about(ana)
    tells_days(ana, "nnnnuuu" * 3 + "nnnnuu", says="16 of 27 days known")
    back_to(ana, 1)
    ticks(ana, "Open with how things have been", "Explain how IPT works")
    agrees_to_try(ana, "Ring Jo on Sunday.")
    writes_in_the_note(ana, "Focus of the session", "The bakery and what came after.")
    signs(ana)


def session_2_people_and_timeline(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 2)
    opening.adds_people(
        ana,
        ("Jo", "friend", "1, closest"),
        ("Sam", "sister or brother", "2, close"),
        ("Rob", "friend", "1, closest"),
        ("Kit", "from work or school", ""),
    )
    opening.moves_by_key(ana, "Rob", "ArrowDown", "ArrowDown")
    opening.moves_by_table(ana, "Kit", "3")
    opening.writes_what_is_known(
        ana, "Jo", {"Alcohol": "does not use", "Drugs": "does not use", "On recovery": "strongly for"}
    )
    opening.writes_what_is_known(ana, "Rob", {"Alcohol": "heavy", "On recovery": "mixed"})
    opening.writes_what_is_known(ana, "Sam", {"Conflict, 0 none to 10 most": "7"})
    opening.draws_a_tie(ana, "Jo", "Sam", "knows")
    opening.signs_the_circle_off(ana, 1)
    opening.makes_the_timeline(ana)
    back_to(ana, 2)
    hears_how_it_went(ana, "Did it", "She rang, and they ate together.")
    signs(ana)


def session_3_focus_story_and_agreement(ana: Person, mia: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 3)
    opening.sees_g02_wait(ana)
    opening.agrees_on_a_focus_from_the_hint(ana)
    opening.writes_the_story(
        ana,
        opening.STORY,
        ("4. What went on with people", "a person, a role or an event"),
        ("4. What went on with people", "when it began or grew worse"),
    )
    opening.shares_the_story(ana)
    opening.writes_the_agreement(ana)
    opening.writes_a_goal(ana)
    opening.shows_the_agreement(ana)

    opening.mia_signs_in(mia)
    opening.mia_reads_her_story_and_agrees(mia, "In May the bakery closed.")
    opening.mia_agrees_to_the_agreement(mia)
    opening.mia_sees_her_people(mia)

    opening.sees_g02_gone(ana)
    back_to(ana, 3)
    signs(ana)


# Sessions 4 to 13


def session_4_first_step(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 4)
    gives(ana, 4, "PHQ-9", "2222222201", "16 moderately severe")
    middle.links_mood_and_use(ana)
    middle.works_a_step(ana, "TRA2", "Worked", "What the bakery gave her.")
    agrees_to_try(ana, "Ask Jo to walk with her.")
    middle.rates_the_goal(ana, "A call only.")
    tells_days(ana, "nnnnnuu" * 3, says="of 27 days known")
    back_to(ana, 4)
    signs(ana)


def session_5_a_conversation(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 5)
    hears_how_it_went(ana, "Not yet", "It rained all week.")
    middle.takes_a_conversation_apart(ana)
    signs(ana)


def a_week_is_missed(ana: Person, calendar: Calendar) -> None:
    comes_in(ana, calendar, MISSED)
    middle.writes_a_miss_down(ana)
    middle.writes_the_contact_down(ana)


def session_6_a_decision(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 6)
    middle.weighs_a_decision(ana)
    signs(ana)


def mia_tells_of_a_return_to_use(mia: Person, calendar: Calendar) -> None:
    calendar.turns_to(USED_ON, "21:40")
    opening.mia_signs_in(mia)
    middle.mia_says_that_she_used(mia)


def session_7_the_return_is_reviewed(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 7)
    middle.answers_what_waits(ana)
    back_to(ana, 7)
    middle.reviews_the_return(ana, USED_ON)
    signs(ana)


def session_8_half_way(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 8)
    gives(ana, 8, "PHQ-9", "2222222101", "15 moderately severe")
    tells_days(ana, "n" * 17 + "u" + "n" * 9, says="26 of 27 days known")
    back_to(ana, 8)
    middle.holds_the_review(ana)
    middle.writes_plan_b(ana)
    middle.rates_the_goal(ana, "A call only.")
    back_to(ana, 8)
    signs(ana)


def session_9_another_focus(ana: Person, mia: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 9)
    middle.switches_the_focus(ana)
    middle.names_the_stage(ana)
    middle.revises_the_story(ana)
    opening.mia_signs_in(mia)
    opening.mia_reads_her_story_and_agrees(mia, middle.FOCUS_NOW)
    back_to(ana, 9)
    signs(ana)


def session_10_a_rehearsal(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 10)
    middle.rehearses(ana)
    signs(ana)


def session_12_goals_again(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 12)
    gives(ana, 12, "PHQ-9", "2111111101", "9 mild")
    middle.rates_the_goal(ana, "One visit.")
    tells_days(ana, "nnnnnnu" * 3 + "n" * 6, says="24 of 27 days known")
    back_to(ana, 12)
    signs(ana)


# Sessions 14 to 16


def session_14_the_ending(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 14)
    closing.talks_about_the_ending(ana)
    closing.draws_the_circle_anew(ana)
    back_to(ana, 14)
    signs(ana)


def session_15_plans(ana: Person, mia: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 15)
    closing.writes_and_gives(ana, "Review of gains", closing.GAINS)
    closing.writes_and_gives(ana, "Warning signs", closing.SIGNS)
    closing.writes_and_gives(ana, "Staying-well plan", closing.STAYING_WELL)
    closing.writes_and_gives(ana, "Plan for hard times", closing.HARD_TIMES)
    opening.mia_signs_in(mia)
    closing.mia_opens_her_plan(mia)
    back_to(ana, 15)
    signs(ana)


def session_16_closing(ana: Person, calendar: Calendar) -> None:
    begins(ana, calendar, 16)
    gives(ana, 16, "PHQ-9", "1111100001", "5 mild")
    gives(ana, 16, "GAD-7", "1111000", "4 minimal")
    gives(ana, 16, "Check-in", "88888888", "8")
    middle.rates_the_goal(ana, "Two visits.")
    tells_days(ana, "n" * 27, says="27 of 27 days known")
    closing.looks_at_both_circles(ana)
    closing.decides_what_comes_next(ana)
    closing.books_follow_up(ana)
    back_to(ana, 16)
    signs(ana)


def letters_are_true(ana: Person, at_rest: Any, course: Any) -> None:
    for which in closing.LETTERS:
        pdf, sources = closing.writes_a_letter(ana, which)
        with at_rest:
            letters.every_number_is_true(pdf, sources, course)
    closing.closes_the_course(ana)


def mia_reads_her_letter(mia: Person, at_rest: Any, course: Any) -> None:
    opening.mia_signs_in(mia)
    mia.sees("Our sessions have come to an end.")
    pdf = mia.fetches("Letter of")
    with at_rest:
        letters.is_the_issued_one(pdf, course)

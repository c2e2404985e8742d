"""Every room of a course holds something at each stage, and the turns of a few courses say what they are there to say."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from reknit.base.clock import local_date
from reknit.care.closure.models import ClosingRecord, CourseEnding, FollowUp, Printed
from reknit.care.consent.models import Consent
from reknit.care.coordination.models import LevelOfCareNote, TreatmentEntry
from reknit.care.encounters.models import (
    ConjointSession,
    ContactAfterMiss,
    Encounter,
    LapseReview,
    MidcourseReview,
    PlanB,
)
from reknit.care.encounters.models.apart import CounsellingNote, RelationshipNote
from reknit.care.formulation.models import FocusArea, Formulation, FormulationAnswer, Grid, TimelineVersion
from reknit.care.formulation.queries import foci
from reknit.care.materials.models import MaterialGiven
from reknit.care.medication.models import Medication, Taking
from reknit.care.network.circles import person_of
from reknit.care.network.models import CircleVersion, Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Amendment, Contract, Episode, GoalRating
from reknit.care.programme.queries import courses_of
from reknit.care.safety.models import OverdosePlan, SafetyPlan, ViolenceFlag, WithdrawalScreen
from reknit.care.substance_use.models import UseEpisode
from reknit.care.substance_use.queries import beside_days
from reknit.core.formulation.readability import read
from reknit.core.programme.course import Course
from reknit.core.programme.gates import ask
from reknit.exchange.sample import load_sample
from reknit.exchange.sample.plan import TURNS, Turn

from .conftest import AT, QUICK

CLIENTS = 25  # as many as it takes for every turn
MIDDLE_KINDS = {
    "mood_link",
    "strategy_step",
    "affect_note",
    "communication_analysis",
    "decision_analysis",
    "role_play",
    "support_action",
    "exposure_action",
    "mutual_help_offered",
    "intention_agreed",
    "intention_reviewed",
    "midcourse_review",
    "goals_rated",
    "craving",
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic")]


@pytest.fixture(scope="module")
def clinic(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A clinic with every turn, thrown away after the module."""
    quick = override_settings(PASSWORD_HASHERS=[QUICK])
    with django_db_blocker.unblock(), quick, transaction.atomic():  # type: ignore[attr-defined]
        load_sample(clients=CLIENTS, seed=7, progress=False, at=AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def courses() -> dict[Episode, Course]:
    """Every course of one person with where it stands; the group has its own tests."""
    alone = Episode.objects.exclude(protocol__startswith="ipt-g")
    episodes = list(alone.select_related("client").order_by("opened_at"))
    found = courses_of(episodes)
    return {episode: found[episode.pk] for episode in episodes}


def says(course: Course, code: str) -> bool:
    """Whether a gate finds something missing."""
    return bool(ask(course.template.gate(code), course).missing)


def test_every_turn_is_taken_by_one_of_the_first() -> None:
    assert {turn for turns in TURNS.values() for turn in turns} == set(Turn)
    assert max(TURNS) < CLIENTS


def test_people_are_signed_off_after_session_2_and_again_in_the_middle_and_at_the_end(
    courses: dict[Episode, Course],
) -> None:
    for episode, course in courses.items():
        signed = CircleVersion.objects.filter(episode=episode, state="signed")
        assert len(signed) == sum(course.attended >= slot for slot in (2, 8, 16)), course.attended
        assert all(5 <= len(version.snapshot["people"]) <= 9 for version in signed)
    assert CircleVersion.objects.filter(released_at__isnull=False).exists()
    assert CircleVersion.objects.filter(state="draft").exists()
    assert Relationship.objects.filter(set_aside_at__isnull=False).exists()


def test_no_alias_stands_twice_on_a_circle_nor_in_two_cases() -> None:
    for client in Client.objects.all():
        aliases = [row.alias.casefold() for row in Relationship.objects.filter(client=client)]
        assert len(aliases) == len(set(aliases))


def test_story_is_told_by_session_3(courses: dict[Episode, Course]) -> None:
    for episode, course in courses.items():
        if course.attended >= 2:
            assert TimelineVersion.objects.filter(episode=episode).exists()
        if course.attended >= 3:
            assert course.stands("focus_agreed") or course.stands("focus_switched")
            assert course.stands("onset_link") and Formulation.objects.filter(episode=episode).exists()
    areas = set(FocusArea.objects.filter(status="active").values_list("area", flat=True))
    assert areas == set(FocusArea.Area.values)
    switched = Episode.objects.get(focus_areas__status="switched")
    assert [focus.row.status for focus in foci(switched)] == ["switched", "active"]


def test_account_is_answered_in_each_way_and_read_by_grade_six() -> None:
    responses = set(FormulationAnswer.objects.values_list("response", flat=True))
    assert responses == set(FormulationAnswer.Response.values)
    assert set(FormulationAnswer.objects.values_list("how", flat=True)) == {"client", "witnessed"}
    assert set(Formulation.objects.values_list("state", flat=True)) >= {
        "draft",
        "agreed",
        "not_agreed",
        "superseded",
    }
    for row in Formulation.objects.exclude(text=""):
        grade = read(row.text).grade
        assert grade is not None and grade <= 6, (grade, row.text)


def test_agreement_has_goals_ratings_and_amendments(courses: dict[Episode, Course]) -> None:
    for episode, course in courses.items():
        if course.attended >= 4 and course.stands("contract_agreed"):
            contract = Contract.objects.get(episode=episode, state="agreed")
            goals = contract.goals.filter(kind="interpersonal")
            assert goals and all(len(goal.levels) == 5 for goal in goals)
            assert course.stands("goals_rated") and course.stands("lapse_plan_set")
    assert set(GoalRating.objects.values_list("slot", flat=True)) == {4, 8, 12}
    assert set(Amendment.objects.values_list("what", "state")) == {
        ("ending_date", "agreed"),
        ("extension", "agreed"),
        ("extension", "asked"),
    }


def test_middle_sessions_leave_every_kind_of_record(courses: dict[Episode, Course]) -> None:
    kinds = {kind for course in courses.values() for kind in course.standing}
    assert kinds >= MIDDLE_KINDS
    for course in courses.values():
        held = list(range(4, min(course.slot, 13) + 1))
        assert set(course.slot_of.get("strategy_step", [])) >= set(held[: course.attended - 3])
    assert MidcourseReview.objects.filter(adequate="no").exists() and PlanB.objects.exists()


def test_gates_say_something_for_somebody(courses: dict[Episode, Course]) -> None:
    open_courses = {episode: course for episode, course in courses.items() if episode.status == "open"}
    begun = [course for course in open_courses.values() if course.slot >= 4]
    assert {code: sum(says(course, code) for course in begun) > 0 for code in ("G02", "G07", "G09")} == {
        "G02": True,
        "G07": True,
        "G09": True,
    }
    assert any("G02" in course.overrides for course in begun)
    assert sum(says(course, "G02") for course in begun) <= 3  # most go on as they should
    assert any(says(course, "G09") and course.slot >= 13 for course in begun)


def test_returns_to_use_are_reviewed_and_one_waits(courses: dict[Episode, Course]) -> None:
    assert set(UseEpisode.objects.values_list("reported_by", flat=True)) == {"client", "therapist"}
    assert LapseReview.objects.count() == UseEpisode.objects.count() - 1
    assert [len(course.lapses) for course in courses.values() if course.lapses] == [1]


def test_missed_sessions_are_followed_by_a_contact_and_one_course_by_a_plan_to_come_back() -> None:
    missed = Encounter.objects.filter(outcome="no_show", kind="individual")
    contacts = ContactAfterMiss.objects.filter(encounter__kind="individual")
    assert missed and contacts.count() == missed.count()
    [episode] = Episode.objects.exclude(re_engagement_plans=None)
    held = list(
        Encounter.objects.filter(episode=episode).order_by("starts_at").values_list("outcome", flat=True)
    )
    assert ("no_show", "no_show") in zip(held, held[1:], strict=False)


def test_care_beside_the_talks_is_there(courses: dict[Episode, Course]) -> None:
    assert WithdrawalScreen.objects.count() == len(courses)
    assert WithdrawalScreen.objects.filter(positive=True).count() == 1 == ViolenceFlag.objects.count()
    assert not any(says(course, "G04") for course in courses.values())
    assert {"Buprenorphine", "Naltrexone", "Sertraline"} <= set(
        Medication.objects.values_list("name", flat=True)
    )
    assert Taking.objects.exists() and OverdosePlan.objects.exists()
    assert SafetyPlan.objects.filter(released_at__isnull=False).exists()
    assert SafetyPlan.objects.filter(released_at=None).exists()
    found = [
        shown.comparison.is_discordant
        for client in Client.objects.exclude(test_results=None)
        for shown in beside_days(client, list(client.test_results.all()))
    ]
    assert Counter(found)[True] == 1 and len(found) > 10


def test_care_beside_ipt_is_told() -> None:
    assert Consent.objects.filter(kind="share").exists() and Grid.objects.exists()
    assert TreatmentEntry.objects.exists() and LevelOfCareNote.objects.exists()
    assert set(MaterialGiven.objects.values_list("how", flat=True)) == {"session", "paper", "link"}
    assert ConjointSession.objects.exists()


def test_courses_end_in_all_four_words_with_their_closing_work(courses: dict[Episode, Course]) -> None:
    assert set(CourseEnding.objects.values_list("word", flat=True)) == set(CourseEnding.Word.values)
    for ending in CourseEnding.objects.filter(word="completed"):
        kinds = set(ClosingRecord.objects.filter(episode=ending.episode).values_list("kind", flat=True))
        assert kinds >= {"ending_talk", "gains", "signs", "staying_well", "contingency", "disposition"}
        assert FollowUp.objects.filter(episode=ending.episode).count() == 4
    closing = [course for course in courses.values() if course.slot in (14, 15) and course.attended >= 14]
    assert closing and all(course.stands("note_signed") for course in closing)
    assert ClosingRecord.objects.filter(state="draft").exists()


def test_closed_courses_have_their_papers_printed() -> None:
    completed = CourseEnding.objects.filter(word="completed").values("episode")
    kinds = set(Printed.objects.filter(episode__in=completed).values_list("kind", flat=True))
    assert kinds >= {
        "gains",
        "then_now",
        "signs",
        "staying_well",
        "contingency",
        "follow_up",
        "attendance",
        "completion",
    }
    assert not Printed.objects.filter(kind="completion").exclude(episode__in=completed).exists()
    assert not Printed.objects.filter(episode__status="open").exists()


def test_some_notes_are_kept_apart_and_some_opened_to_supervision() -> None:
    assert RelationshipNote.objects.filter(opened_at__isnull=False).exists()
    assert CounsellingNote.objects.exists() and not CounsellingNote.objects.exclude(opened_at=None).exists()


def test_circles_hold_what_is_no_person_and_the_figures_leave_it_out() -> None:
    nodes = Relationship.objects.filter(not_a_person=True)
    assert set(nodes.values_list("relation", flat=True)) == set(Relationship.NO_PERSON)
    assert nodes.filter(relation="substance", ring__gt=2).exists()  # further out than when it was named
    assert not any(person_of(one).counted for one in nodes)


def test_plans_name_only_people_who_can_be_called() -> None:
    for record in ClosingRecord.objects.filter(kind="staying_well"):
        assert len(record.people) == 2, record.episode.client.name


def test_nothing_lies_ahead_of_the_present() -> None:
    for model, field in ((Amendment, "answered_at"), (Formulation, "shared_at"), (ClosingRecord, "given_at")):
        assert not model._default_manager.filter(**{f"{field}__gt": AT}).exists()
    assert all(
        local_date(one.at, "Europe/London") <= local_date(AT, "Europe/London")
        for one in ContactAfterMiss.objects.all()
    )

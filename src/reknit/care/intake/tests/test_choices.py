"""Facts for the choice of a course: missing ones are named, and only a person chooses."""

import datetime as dt
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.models import CourseChoice
from reknit.care.intake.queries.hints import hints_for
from reknit.care.measures.actions import record_administration
from reknit.core.intake.hints import SEVERE, Caution, Known, cautions, proposals
from reknit.core.measures.catalogue import measure

PHQ = {f"phq9_{n}": 2 for n in range(1, 9)} | {"phq9_9": 0}


def given(cast: Cast, at: dt.datetime) -> None:
    record_administration(
        by=cast.ana, at=at, client=cast.cleo, measure="phq-9", answers=PHQ, mode="session",
        episode=cast.cleo_episode,
    )  # fmt: skip


def test_nothing_known_names_what_is_missing_and_proposes_nothing(cast: Cast, at: dt.datetime) -> None:
    found = hints_for(cast.cleo_episode, today=at.date())
    assert all(one.is_missing for one in found.lines)
    assert proposals(found.known) == () and cautions(found.known) == ()


def test_every_measure_that_a_fact_is_read_from_is_one_of_ours() -> None:
    """A name that no measure has would never be found, and the page would say for ever that nothing was given."""
    assert [measure(name).id for name in SEVERE] == list(SEVERE)


def test_score_is_shown_with_its_day_and_proposes(cast: Cast, at: dt.datetime) -> None:
    given(cast, at)
    found = hints_for(cast.cleo_episode, today=at.date())
    depression = found.lines[0]
    assert (depression.sentence, depression.on) == ("PHQ-9 16, of 0 to 27.", at.date())
    assert proposals(found.known) == ("ipt-16", "ipt-12")


@pytest.mark.parametrize(
    ("known", "first"),
    [
        (Known(unsettled=True), Caution.STABILISE),
        (Known(opioids=True, opioid_medication=False), Caution.MEDICATION_FIRST),
        (Known(use=(("audit", 22),)), Caution.NOT_ALONE),
        (Known(depression=3, people_problem=False), Caution.OTHER_THERAPY),
    ],
)
def test_cautions_follow_what_is_known(known: Known, first: Caution) -> None:
    assert cautions(known)[0] == first


def test_other_course_needs_a_reason_and_facts_are_kept(cast: Cast, at: dt.datetime) -> None:
    given(cast, at)
    told = {"by": cast.ana, "at": at, "episode": cast.cleo_episode, "key": uuid.uuid4()}
    with pytest.raises(DomainError, match="Write why"):
        actions.choose_course(**told, chosen="ipt-b")
    with pytest.raises(DomainError, match="from the list"):
        actions.choose_course(**told, chosen="ipt-99")
    choice = actions.choose_course(**told, chosen="ipt-b", reason="Eight weeks here only.", unsettled="no")
    assert (choice.is_proposed, choice.proposed) == (False, ["ipt-16", "ipt-12"])
    assert ["Depression", "PHQ-9 16, of 0 to 27.", f"{at.date()}"] in choice.facts
    found = hints_for(cast.cleo_episode, today=at.date())
    assert found.known.unsettled is False


def test_page_is_sent_by_the_team(cast: Cast) -> None:
    given(cast, now())
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("intake:course-choice", args=[cast.cleo.pk])
    page = browser.get(url).content.decode()
    assert "Missing:" in page and "PHQ-9 16" in page
    assert browser.post(url, {"key": str(uuid.uuid4()), "chosen": "ipt-b"}).status_code == 422
    told = {"key": str(uuid.uuid4()), "chosen": "ipt-16", "people_problem": "yes"}
    assert "Ana Test" in browser.post(url, told, follow=True).content.decode()
    assert CourseChoice.objects.get().is_proposed

"""A session with somebody else: planned after safety was asked about, and barred while the violence flag is on (G12)."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import Conflict, DomainError
from reknit.care.encounters import actions
from reknit.care.encounters.conjoint.actions import allow_conjoint, call_off_conjoint, save_conjoint_plan
from reknit.care.encounters.conjoint.queries import bar_of
from reknit.care.encounters.models import ConjointPlan, ConjointSession, Encounter
from reknit.care.encounters.preparing import prepare
from reknit.care.programme.models import CourseFact
from reknit.care.safety.actions import flag_violence, save_safety_plan

from .records import a_plan, make, person

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session(cast: Cast, at: dt.datetime) -> Encounter:
    return actions.start_encounter(
        by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at
    )


def flag(cast: Cast, at: dt.datetime, *, on: bool = True) -> None:
    flag_violence(by=cast.ana, at=at, client=cast.cleo, is_on=on, reason="Told so.")


def safety_plan(cast: Cast, at: dt.datetime) -> None:
    save_safety_plan(by=cast.ana, at=at, client=cast.cleo, based_on=0, words={"ask": "Jo."})


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def test_planned_session_is_written_down_and_reports_its_task(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    make("conjoint", session, by=cast.ana, at=at)
    (line,) = [one.sentence for one in prepare(session).records if one.kind == "conjoint"]
    assert line.startswith("Session with M.") and "To talk about Sundays" in line
    fact = CourseFact.objects.get(kind="conjoint_session")
    assert fact.value == {"came": True}
    assert "M10" in prepare(session).recorded


def test_flag_bars_planning_and_writing_down(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    plan = a_plan(session, by=cast.ana, at=at)
    flag(cast, at)
    with pytest.raises(DomainError, match="violence flag is on"):
        make("conjoint", session, by=cast.ana, at=at, plan=plan)
    with pytest.raises(DomainError, match="violence flag is on"):
        a_plan(session, by=cast.ana, at=at, purpose="Again.")
    assert not ConjointSession.objects.exists() and ConjointPlan.objects.count() == 1


def test_only_the_supervisor_with_a_safety_plan_lets_it_take_place(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    plan = a_plan(session, by=cast.ana, at=at)
    flag(cast, at)
    allow: dict[str, Any] = {
        "at": at + HOUR,
        "episode": cast.cleo_episode,
        "reason": "Asked twice, with a plan.",
    }
    with pytest.raises(PermissionDenied):
        allow_conjoint(by=cast.ana, **allow)
    with pytest.raises(DomainError, match="No safety plan stands"):
        allow_conjoint(by=cast.ben, **allow)
    safety_plan(cast, at)
    with pytest.raises(DomainError, match="Write a few words"):
        allow_conjoint(by=cast.ben, **allow | {"reason": " "})
    allow_conjoint(by=cast.ben, **allow)
    assert make("conjoint", session, by=cast.ana, at=at + HOUR, plan=plan)


def test_flag_set_anew_bars_anew(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    safety_plan(cast, at)
    flag(cast, at)
    allow_conjoint(by=cast.ben, at=at, episode=cast.cleo_episode, reason="With a plan.")
    assert not bar_of(cast.cleo, cast.cleo_episode).is_barred
    flag(cast, at + HOUR, on=False)
    flag(cast, at + 2 * HOUR)
    assert bar_of(cast.cleo, cast.cleo_episode).is_barred


@pytest.mark.parametrize("missing", ["client_agreed_on", "person_agreed_on"])
def test_both_have_to_agree_first(cast: Cast, at: dt.datetime, session: Encounter, missing: str) -> None:
    plan = a_plan(session, by=cast.ana, at=at, **{missing: None})
    with pytest.raises(DomainError, match="Both have to agree"):
        make("conjoint", session, by=cast.ana, at=at, plan=plan)


def test_plan_needs_the_question_about_violence_first(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    with pytest.raises(DomainError) as told:
        a_plan(session, by=cast.ana, at=at, screened_on=None)
    assert told.value.field == "screened_on" and not ConjointPlan.objects.exists()


@pytest.mark.parametrize("day", ["screened_on", "client_agreed_on", "person_agreed_on"])
def test_days_of_a_plan_have_come(cast: Cast, at: dt.datetime, session: Encounter, day: str) -> None:
    with pytest.raises(DomainError, match="not come yet"):
        a_plan(session, by=cast.ana, at=at, **{day: at.date() + dt.timedelta(days=2)})


def test_guest_is_one_of_this_clients_people(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    theirs = person(cast.eli, "X.", by=cast.dov, at=at)
    with pytest.raises(DomainError, match="this client's people"):
        a_plan(session, by=cast.ana, at=at, relationship=theirs)


def test_plan_of_another_course_or_called_off_is_not_used(
    cast: Cast, at: dt.datetime, session: Encounter
) -> None:
    plan = a_plan(session, by=cast.ana, at=at)
    call_off_conjoint(by=cast.ana, at=at, plan=plan, why="She is away.")
    plan.refresh_from_db()
    with pytest.raises(DomainError, match="Plan the session"):
        make("conjoint", session, by=cast.ana, at=at, plan=plan)
    with pytest.raises(DomainError, match="called off"):
        save(cast, at, plan, purpose="Other.")


def save(cast: Cast, at: dt.datetime, plan: ConjointPlan, **changes: Any) -> ConjointPlan:
    stands = {name: getattr(plan, name) for name in ConjointPlan.ASKS} | changes
    return save_conjoint_plan(
        by=cast.ana, at=at, episode=cast.cleo_episode, key=plan.pk, revision=plan.revision, **stands
    )


def test_two_who_change_a_plan_do_not_overwrite(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    plan = a_plan(session, by=cast.ana, at=at)
    mine = ConjointPlan.objects.get(pk=plan.pk)
    save(cast, at, plan, purpose="Theirs.")
    with pytest.raises(Conflict):
        save(cast, at, mine, purpose="Mine.")
    assert ConjointPlan.objects.get().purpose == "Theirs."


def test_record_locks_with_the_note(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    record = make("conjoint", session, by=cast.ana, at=at)
    actions.sign_note(by=cast.ana, at=at, note=session.note, revision=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConjointSession.objects.filter(pk=record.pk).update(raised="Other.")


def test_page_plans_after_the_question_and_says_why_it_is_barred(cast: Cast) -> None:
    guest = person(cast.cleo, "Jo", by=cast.ana, at=now())
    ana, plan = browser(cast.ana), reverse("encounters:conjoint-plan", args=[cast.cleo.pk])
    sent = {"key": str(uuid.uuid4()), "revision": "0", "relationship": str(guest.pk), "purpose": "Sundays.",
            "may_raise": "Sundays.", "may_not_raise": "Tests.", "screened_on": ""}  # fmt: skip
    assert "Ask the client alone about violence first." in ana.post(plan, sent).content.decode()
    assert ana.post(plan, sent | {"screened_on": today().isoformat()}).status_code == 302
    shown = reverse("encounters:conjoint-show", args=[cast.cleo.pk])
    assert "not agreed by both yet" in ana.get(shown).content.decode()
    flag(cast, now())
    page = ana.get(shown).content.decode()
    assert "no session takes somebody else in" in page and "Plan one" not in page
    assert "Agree to it" not in page and "Agree to it" in browser(cast.ben).get(shown).content.decode()


def test_supervisor_agrees_on_the_page_with_reason_and_safety_plan(cast: Cast) -> None:
    flag(cast, now())
    allow = reverse("encounters:conjoint-allow", args=[cast.cleo.pk])
    assert browser(cast.ben).post(allow, {"reason": "With a plan."}).status_code == 422
    safety_plan(cast, now())
    assert browser(cast.ana).post(allow, {"reason": "I say so."}).status_code == 403
    assert browser(cast.ben).post(allow, {"reason": "With a plan."}).status_code == 302
    assert not bar_of(cast.cleo, cast.cleo_episode).is_barred


def test_dov_and_eli_cannot_open_it(cast: Cast) -> None:
    for person_ in (cast.dov, cast.eli_user, cast.cleo_user):
        for name in ("conjoint-show", "conjoint-plan"):
            assert browser(person_).get(reverse(f"encounters:{name}", args=[cast.cleo.pk])).status_code == 404

"""Cleo's course with something in every room, so that pages are looked at with living data."""

import datetime as dt
import uuid
from typing import Any

from reknit.base.clock import local_date
from reknit.care.closure.actions import give_record, save_record
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.techniques.actions import (
    keep_conversation,
    keep_decision,
    keep_feeling,
    keep_lapse,
    keep_link,
    keep_midcourse,
    keep_role_play,
    keep_step,
)
from reknit.care.formulation.actions import (
    add_event,
    agree_focus,
    mark_closest_change,
    mark_onset,
    sign_timeline,
)
from reknit.care.formulation.entries import EventEntry
from reknit.care.formulation.models import FocusArea
from reknit.care.measures.actions import record_administration
from reknit.care.medication.actions import record_taking
from reknit.care.medication.models import Medication
from reknit.care.network.actions import (
    add_relationship,
    describe_relationship,
    place,
    release_version,
    set_aside,
    sign_off_version,
    tie,
)
from reknit.care.network.models import CircleVersion, Relationship
from reknit.care.programme.actions import agreement
from reknit.care.programme.models import Contract
from reknit.care.safety.actions import release_safety_plan, save_overdose_plan, save_safety_plan
from reknit.care.substance_use.actions import monitor, record_craving, record_use_days
from reknit.care.substance_use.days import DayEntry
from tests.cast import ZONE, Cast
from tests.world import world

PEOPLE: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
    ("Mum", "mother", 2, {"supports_recovery": 1, "alcohol": "light", "contact": 5}),
    ("Rob", "friend", 3, {"alcohol": "heavy", "uses_with_client": 2, "supports_recovery": -1}),
    ("Kit", "work", 3, {"conflict": 7, "status": "estranged"}),
    ("Al", "peer", 2, {"supports_recovery": 2, "alcohol": "recovering", "from_treatment": True}),
    ("Bo", "sibling", 1, {}),
)
EVENTS: tuple[tuple[str, int, str, str, dict[str, Any]], ...] = (
    ("The bakery closed", 300, "life", "change", {"impact": -4}),
    ("Low mood began", 280, "mood", "", {"mood_then": 2}),
    ("Drinking at night", 250, "use", "", {"use_change": "increased"}),
    ("Row with Kit", 60, "relationship", "argument", {"is_restricted": True}),
)


def every_room(clinic: Cast, at: dt.datetime) -> dict[str, Any]:
    """What `tests/test_every_address.py` asks for behind each address, and more of it in each room."""
    found = world(clinic, at)
    ana: dict[str, Any] = {"by": clinic.ana, "at": at}
    circle(clinic, ana)
    days(clinic, ana)
    timeline(clinic, ana, FocusArea.objects.get(pk=found["focus"]))
    plans(clinic, ana)
    records(clinic, ana, Encounter.objects.get(pk=found["encounter"]), found["use_episode"])
    closing(clinic, ana)
    return found


def circle(clinic: Cast, ana: dict[str, Any]) -> None:
    """A first version that was shown, and a second that is drawn: one came, one left, one moved."""
    drawn = CircleVersion.objects.get(client=clinic.cleo, state="signed")
    release_version(**ana, version=drawn)
    for alias, relation, ring, details in PEOPLE:
        one = add_relationship(**ana, client=clinic.cleo, alias=alias, relation=relation, ring=ring)
        if details:
            describe_relationship(**ana, relationship=one, revision=one.revision, details=details)
    jo, bo = (Relationship.objects.get(client=clinic.cleo, alias=alias) for alias in ("Jo", "Bo"))
    tie(**ana, one=jo, other=bo, kind="close")
    place(**ana, relationship=jo, ring=2, angle=40)
    set_aside(**ana, relationship=Relationship.objects.get(client=clinic.cleo, alias="M."))
    open_one = CircleVersion.objects.get(client=clinic.cleo, state="draft")
    sign_off_version(
        **ana, version=open_one, revision=open_one.revision, author="together", treatment_asked=True
    )
    add_relationship(**ana, client=clinic.cleo, alias="Lea", relation="peer", ring=2)


def days(clinic: Cast, ana: dict[str, Any]) -> None:
    """Six weeks of which some days nobody told about, scores that fall, cravings, a medicine taken."""
    today = local_date(ana["at"], ZONE)
    monitor(**ana, client=clinic.cleo, substance="alcohol", is_primary=True, starts_on=today)
    told = [DayEntry(today - dt.timedelta(days=n), "alcohol", n % 7 in (2, 3)) for n in range(40) if n % 6]
    record_use_days(**ana, client=clinic.cleo, days=told, source="interview")
    for weeks, answer in ((3, 2), (2, 2), (1, 1)):
        then = ana["at"] - dt.timedelta(weeks=weeks) + dt.timedelta(hours=1)
        answers = {**{f"phq9_{n}": answer for n in range(1, 9)}, "phq9_9": 0}
        record_administration(
            by=clinic.ana, at=then, client=clinic.cleo, measure="phq-9", answers=answers, mode="session",
            episode=clinic.cleo_episode, slot=4 - weeks,
        )  # fmt: skip
    record_craving(
        **ana, client=clinic.cleo, key=uuid.uuid4(), now=4, peak=8, company="alone", feeling="Restless"
    )
    drug = Medication.objects.get(client=clinic.cleo)
    record_taking(**ana, medication=drug, starts_on=drug.starts_on, ends_on=today, how="missed_some")


def timeline(clinic: Cast, ana: dict[str, Any], focus: FocusArea) -> None:
    """Events with an onset and the closest change, signed off; the focus agreed; the goal rated."""
    made = [
        add_event(
            **ana, client=clinic.cleo,
            entry=EventEntry(title, local_date(ana["at"], ZONE) - dt.timedelta(days=ago), lane=lane, kind=kind, **more),
        )
        for title, ago, lane, kind, more in EVENTS
    ]  # fmt: skip
    mark_closest_change(**ana, event=made[0], episode=clinic.cleo_episode)
    mark_onset(**ana, event=made[1], episode=clinic.cleo_episode)
    sign_timeline(**ana, episode=clinic.cleo_episode)
    agree_focus(**ana, focus=focus)
    agreed = Contract.objects.get(episode=clinic.cleo_episode, state="agreed")
    levels = {goal.pk: 0 for goal in agreed.goals.all()}
    agreement.rate_goals(
        **ana, contract=agreed, levels=levels, on=local_date(ana["at"], ZONE), whose="together", slot=2
    )


def plans(clinic: Cast, ana: dict[str, Any]) -> None:
    """An overdose plan, and a safety plan that Cleo can read."""
    save_overdose_plan(**ana, client=clinic.cleo, based_on=0, note="Keeps naloxone at home.")
    words = {"signs": "I stop answering.", "alone": "I walk.", "ask": "I ring Jo."}
    release_safety_plan(**ana, plan=save_safety_plan(**ana, client=clinic.cleo, based_on=0, words=words))


def records(clinic: Cast, ana: dict[str, Any], session: Encounter, use_episode: uuid.UUID) -> None:
    """Something of each kind of work in the session under way."""
    jo = Relationship.objects.get(client=clinic.cleo, alias="Jo")

    def new() -> dict[str, Any]:
        return {**ana, "encounter": session, "key": uuid.uuid4()}

    keep_link(
        **new(),
        direction="event_craving",
        relationship=jo,
        words="Jo did not ring.",
        craving=7,
        said_by="client",
    )
    keep_step(**new(), code="DIS1", relationships=[jo], depth=2, note="Who wants what.")
    keep_feeling(**new(), feelings="Angry, then sad", relationship=jo, intensity=8, in_session="yes")
    talk = keep_conversation(
        **new(), written="together", meant="Come on Sunday.", mismatch="indirect", relationships=[jo],
        rows={
            "turns": [{"speaker": "client", "words": "Will you come?"}, {"speaker": "other", "words": "We will see."}],
            "alternatives": [{"words": "I would like you to come.", "chosen": True}],
        },
    )  # fmt: skip
    keep_role_play(
        **new(), scenario="Asking Jo", relationship=jo, confidence_before=3, confidence_after=6, analysis=talk,
        rows={"rounds": [{"who": "self", "tried": "Said it straight out."}]},
    )  # fmt: skip
    keep_decision(
        **new(), decision="The early shift?", first_step="Ring on Monday.",
        rows={"options": [{"words": "Take it", "chosen": True}, {"words": "Wait"}]},
    )  # fmt: skip
    keep_lapse(
        **new(),
        use_episode_id=use_episode,
        on=local_date(ana["at"], ZONE) - dt.timedelta(days=7),
        overdose="no",
        chain="A row.",
    )
    keep_midcourse(**new(), focus_right="yes", adequate="cannot_tell", words="Early days.")


def closing(clinic: Cast, ana: dict[str, Any]) -> None:
    """A plan that Cleo can read."""
    words = {"steps": "Ring Jo. Walk.", "safe_use": "Not alone."}
    episode = clinic.cleo_episode
    plan = save_record(**ana, episode=episode, kind="staying_well", revision=0, words=words)
    give_record(**ana, record=plan, revision=plan.revision)

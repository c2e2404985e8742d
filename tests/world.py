"""One row of every kind that an address of Reknit may ask for, made through the rooms' own actions."""

import datetime as dt
import uuid
from dataclasses import fields
from decimal import Decimal
from typing import Any

from reknit.base.accounts.models import Role
from reknit.base.clock import local_date, now
from reknit.care.billing.actions import add_code, record_diagnosis
from reknit.care.closure.actions import (
    begin_letter,
    book_follow_ups,
    give_record,
    issue_letter,
    save_letter,
    save_record,
)
from reknit.care.closure.documents.actions import make_document
from reknit.care.consent.actions import grant_notes_consent
from reknit.care.consent.models import Consent
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.messages.actions import write_message
from reknit.care.contact.messages.answering import secret_of
from reknit.care.coordination.actions import (
    add_care_contact,
    add_entry,
    add_treatment,
    agree_sharing,
    begin_leave,
    record_level,
)
from reknit.care.encounters.actions import book_appointment, set_intention, start_encounter
from reknit.care.encounters.apart.actions import give_note, save_apart
from reknit.care.encounters.conjoint.actions import save_conjoint_plan
from reknit.care.encounters.feed.actions import renew_feed
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.places.actions import save_room
from reknit.care.encounters.techniques.actions import keep_conversation
from reknit.care.formulation.actions import (
    add_event,
    begin_formulation,
    propose_focus,
    revise_formulation,
    save_formulation,
    save_grid,
    share_formulation,
)
from reknit.care.formulation.entries import EventEntry, FocusEntry
from reknit.care.formulation.models import FocusArea, Formulation, TimelineEvent
from reknit.care.groups.actions import ask_for_place, form_group, let_sit_in, start_member
from reknit.care.intake.actions import (
    agree_at_intake,
    change_intake_settings,
    offer_slots,
    open_barrier,
    receive_public_referral,
    record_referral,
    send_on,
)
from reknit.care.intake.actions.offers import Slot
from reknit.care.intake.models import Referral
from reknit.care.learning.actions import open_sandbox
from reknit.care.materials.actions import give_material
from reknit.care.measures.actions import make_link, record_administration
from reknit.care.medication.actions import add_medication
from reknit.care.network.actions import add_relationship, begin_version, sign_off_version, tie
from reknit.care.programme.actions import agreement
from reknit.care.programme.actions.protocols import copy_protocol
from reknit.care.programme.models import Amendment
from reknit.care.programme.terms import GoalDraft
from reknit.care.safety.actions import open_risk_item, record_no_contact
from reknit.care.safety.safeguarding.actions import open_safeguarding
from reknit.care.safety.tolerance.actions import record_tolerance_loss
from reknit.care.substance_use.actions import record_test_result, report_use_episode
from reknit.care.supervision import actions as supervision
from reknit.core.programme.goals import LEVELS
from tests.cast import BEGIN, ZONE, Cast, staff, today
from tests.once import once


def world(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """Something to ask for behind each address, all of it Cleo's; made once for each process and ten minutes."""
    time = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    made, things = once("world", lambda: (cast, make_world(cast, at)), on="cast", for_=(cast.site.pk, time))
    for field in fields(cast):  # as they are in the tables now
        setattr(cast, field.name, getattr(made, field.name))
    return things


def make_world(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """The same, made anew."""
    episode, cleo, ana = cast.cleo_episode, cast.cleo, cast.ana
    before = at - dt.timedelta(days=7)
    earlier = start_encounter(by=ana, at=before, episode=episode, outcome="attended", starts_at=before)
    set_intention(by=ana, at=before, encounter=earlier, text="Ring her sister.")
    encounter = start_encounter(by=ana, at=at, episode=episode, outcome="attended", starts_at=at)
    missed = start_encounter(by=ana, at=at, episode=episode, outcome="no_show", starts_at=before)
    record = keep_conversation(
        by=ana, at=at, encounter=encounter, key=uuid.uuid4(), written="therapist", meant="Hear me."
    )
    sheet = record_administration(
        by=ana, at=at, client=cleo, measure="phq-9", answers={"phq9_9": 1}, mode="session", episode=episode
    )
    item = open_risk_item(by=ana, at=at, client=cleo, reason="phq9_item9", source="test")
    order = record_no_contact(
        by=ana, at=at, client=cleo, key=uuid.uuid4(), kind="clinic",
        given_name="Rolf", family_name="Adler", starts_on=local_date(at, ZONE),
    )  # fmt: skip
    _link, secret = make_link(by=ana, at=at, client=cleo, measure="gad-7", hours=24 * 14)
    letter = begin_letter(by=ana, at=at, episode=episode, kind="plain")
    letter = save_letter(by=ana, at=at, letter=letter, revision=0, recipient="", words={"work": "You came."})
    letter = issue_letter(by=ana, at=at, letter=letter, revision=1)
    begin_letter(by=ana, at=at, episode=episode, kind="closing")
    extension = an_agreement(cast)
    people = [add_relationship(by=ana, at=at, client=cleo, alias=alias, ring=1) for alias in ("Jo", "M.")]
    knows = tie(by=ana, at=at, one=people[0], other=people[1], kind="knows")
    drawn = begin_version(by=ana, at=at, client=cleo)
    drawn = sign_off_version(
        by=ana, at=at, version=drawn, revision=drawn.revision, author="together", treatment_asked=True
    )
    signs = save_record(
        by=ana, at=at, episode=episode, kind="signs", revision=0, words={"mood": "a", "use": "b", "ties": "c"}
    )
    signs = give_record(by=ana, at=at, record=signs, revision=1)
    save_record(by=ana, at=at, episode=episode, kind="gains", revision=0, words={"mood": "a", "credit": "b"})
    follow_up, *_later = book_follow_ups(
        by=ana, at=at, episode=episode, ended_on=local_date(at, ZONE), months=(1, 3)
    )
    printed = make_document(by=ana, at=at, episode=episode, kind="signs")
    referral = record_referral(
        by=cast.ina, at=at, key=uuid.uuid4(), programme=cast.programme, given_name="Gil", family_name="New",
        source="self", received_at=at,
    )  # fmt: skip
    protocol = copy_protocol(
        by=cast.dara, at=at, code="ipt-16", version="1", name="river", title="By the river"
    )
    practice = open_sandbox(by=ana, at=at, name="Robin", protocol="ipt-16", version="1")
    event, focus, text = story(cast, at)
    use_episode, test, medication = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    report_use_episode(
        by=cast.cleo_user,
        at=at,
        client=cleo,
        key=use_episode,
        reported_by="client",
        starts_on=local_date(before, ZONE),
    )
    record_test_result(
        by=ana, at=at, client=cleo, key=test, matrix="urine", substance="cocaine", result="positive", taken_at=at
    )  # fmt: skip
    add_medication(
        by=ana,
        at=at,
        client=cleo,
        key=medication,
        kind="mood",
        name="Sertraline",
        starts_on=local_date(before, ZONE),
    )
    conjoint = save_conjoint_plan(
        by=ana, at=at, episode=episode, key=uuid.uuid4(), relationship=people[0], screened_on=local_date(at, ZONE),
        purpose="Sundays.", may_raise="Sundays.", may_not_raise="Tests.",
    )  # fmt: skip
    given, reading = give_material(
        by=ana, at=now(), client=cleo, key=uuid.uuid4(), topic="craving", language="en", how="link"
    )
    return {
        **beside_ipt(cast, at),
        **of_safety(cast, at),
        **billed(cast, at),
        **a_group(cast, at),
        **waiting(cast, referral),
        **supervised(cast, at),
        "conjoint": conjoint.pk,
        "given": given.pk,
        "reading": reading,
        "topic": "craving",
        "language": "en",
        "practice": practice.pk,
        "protocol": protocol.code,
        "protocol_version": protocol.version,
        "part": "basics",
        "set": "M",
        "task": "I20",
        "event": event.pk,
        "focus": focus.pk,
        "step": "stage",
        "formulation": text.pk,
        "use_episode": use_episode,
        "test": test,
        "medication": medication,
        "client": cleo.pk,
        "encounter": encounter.pk,
        "missed": missed.pk,
        **booked(cast, at),
        "apart": "counselling",
        **note_given(cast, at, encounter),
        "record_kind": record.KIND,
        "record": record.pk,
        "sheet": sheet.pk,
        "item": item.pk,
        "order": order.pk,
        "secret": secret,
        "letter": letter.pk,
        "referral": referral.pk,
        "extension": extension.pk,
        "relationship": people[0].pk,
        "tie": knows.pk,
        "version": drawn.number,
        "closing_record": signs.pk,
        "follow_up": follow_up.pk,
        "printed": printed.pk,
        "printed_kind": "signs",
        "closing": "gains",
        "measure": "phq-9",
        "gate": "G02",
        "kind": "closing",
        "person": cast.tess.pk,
        "number": 999_999,
        "line": cast.ana.supervised_by.get().pk,
        "member": cleo.care_team.get(part="lead").pk,
    }


def billed(cast: Cast, at: dt.datetime) -> dict[str, uuid.UUID]:
    """A line of the code table, and a diagnosis as a code."""
    on = local_date(at, ZONE)
    code = add_code(
        by=cast.dara, at=at, key=uuid.uuid4(), code="90834", meeting="individual", minutes_from=38, minutes_to=52,
        unit_minutes=None, starts_on=on, source="Payer A",
    )  # fmt: skip
    diagnosis = record_diagnosis(by=cast.ana, at=at, client=cast.cleo, code="F10.20", starts_on=on)
    return {"billing_code": code.pk, "diagnosis": diagnosis.pk}


def booked(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """A session that is to come, a room, and Ana's calendar address."""
    ana: dict[str, Any] = {"by": cast.ana, "at": at}
    room = save_room(by=cast.adi, at=at, name="Garden", capacity=2, has_video=True)
    ahead = now() + dt.timedelta(days=30)
    appointment = book_appointment(
        **ana, episode=cast.cleo_episode, clinician=cast.ana, starts_at=ahead, room=room
    )
    set_safe_contact(
        by=cast.ina, at=at, client=cast.cleo, channel="email", value="c@mail.example", may_leave_message=True
    )
    reminder = write_message(
        by=None, at=at, client=cast.cleo, kind="reminder", about=appointment.pk, about_at=ahead, words="A reminder.",
        latest_at=ahead, transport=None, answer_page="encounters:answer-show",
    )  # fmt: skip
    return {
        "appointment": appointment.pk,
        "room": room.pk,
        "calendar_secret": renew_feed(**ana),
        "answer": secret_of(reminder),
    }


def beside_ipt(cast: Cast, at: dt.datetime) -> dict[str, uuid.UUID]:
    """Somebody outside who may be told something, a treatment with a meeting, a level of care, a grid."""
    ana: dict[str, Any] = {"by": cast.ana, "at": at}
    cleo = {**ana, "client": cast.cleo}
    gp = add_care_contact(**cleo, key=uuid.uuid4(), role="doctor", name="Dr Bell")
    agree_sharing(
        **ana, contact=gp, covers=["attendance"], purpose="Care", how="paper",
        expires_on=local_date(at, ZONE) + dt.timedelta(days=90),
    )  # fmt: skip
    group = add_treatment(
        **cleo, key=uuid.uuid4(), kind="mutual_help", starts_on=local_date(at, ZONE), group="smart"
    )
    met = add_entry(
        **ana, treatment=group, key=uuid.uuid4(), on=local_date(at, ZONE), liked="yes", contacts=2
    )
    level = {"wanted": "intensive", "given": "outpatient", "gap_reason": "No place.", "why": "Use each day."}
    record_level(**cleo, key=uuid.uuid4(), edition="asam-3", **level)
    save_grid(**ana, episode=cast.cleo_episode, based_on=0, words={"social": "Works nights."}, rests_on={})
    consent = Consent.objects.get(client=cast.cleo, kind="care")
    return {"care_consent": consent.pk, "care_contact": gp.pk, "treatment": group.pk, "entry": met.pk}


def a_group(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """A group that Ana leads with somebody who is not of the cast, and Cleo in it."""
    gus = staff("Gus", Role.FACILITATOR)
    run = form_group(
        by=cast.ana, at=at, title="Monday evening", protocol="ipt-g-8", starts_on=local_date(at, ZONE) + dt.timedelta(days=7),
        starts_time=dt.time(18, 0), lead=cast.ana, co_facilitator=gus,
    )  # fmt: skip
    member = ask_for_place(by=cast.ana, at=at, run=run, client=cast.cleo)
    start_member(by=cast.ana, at=at, member=member, starts_on=run.starts_on, reason="Known for long.")
    meeting = member.meetings.get(kind="before")
    watcher = staff("Wim", Role.THERAPIST)
    observer = let_sit_in(by=cast.ana, at=at, run=run, person=watcher, starts_on=run.starts_on)
    keys = {"group_member": member.pk, "group_meeting": meeting.pk, "group_observer": observer.pk}
    return {"group": run.pk, "group_session": 1, **keys}


def waiting(cast: Cast, referral: Referral) -> dict[str, uuid.UUID]:
    """A time offered to somebody who waits, what makes coming hard, and something the open public form sent."""
    at = now()
    ina: dict[str, Any] = {"by": cast.ina, "at": at}
    change_intake_settings(
        by=cast.adi, at=now(), revision=0, target_days=14, public_form=True,
    )  # fmt: skip
    slot = Slot(cast.dov, now() + dt.timedelta(days=3))
    (offer,) = offer_slots(**ina, referral=referral, slots=[slot])
    barrier = open_barrier(
        **ina, referral=referral, kind="transport", owner=cast.ina, due_on=today() + dt.timedelta(days=2)
    )
    sent = receive_public_referral(
        at=now(), key=uuid.uuid4(), who="self", family_name="Lake", channel="phone", value="01 22 33 44 55"
    )
    consent = agree_at_intake(
        **ina, referral=referral, key=uuid.uuid4(), kind="care", how="paper", given_at=at
    )
    transfer = send_on(
        **ina, referral=referral, key=uuid.uuid4(), kind="medical", place="Dr Lind", expected_at=at,
        due_at=at + dt.timedelta(hours=3),
    )  # fmt: skip
    keys = {"intake_consent": consent.pk, "transfer": transfer.pk}
    return {"offer": offer.pk, "barrier": barrier.pk, "sent": sent.pk, **keys}


def supervised(cast: Cast, at: dt.datetime) -> dict[str, uuid.UUID]:
    """An hour of Ben's that is not signed, a session drawn, a request, a goal with a proof, an audit and a review."""
    ben: dict[str, Any] = {"by": cast.ben, "at": at}
    ana: dict[str, Any] = {"by": cast.ana, "at": at}
    hour = supervision.begin_hour(**ben, key=uuid.uuid4(), supervisees=[cast.ana], on=local_date(at, ZONE))
    decision = supervision.add_decision(
        **ben,
        hour=hour,
        key=uuid.uuid4(),
        supervisee=cast.ana,
        words="Ring.",
        owner=cast.ana,
        due_on=local_date(at, ZONE),
    )
    sampled = supervision.draw_sessions(**ben, supervisee=cast.ana, seed=1).sessions.all()[0]
    approval = supervision.ask_approval(
        **ana, episode=cast.cleo_episode, kind="switch", why="A death.",
        focus=FocusArea.objects.filter(episode=cast.cleo_episode)[0], to_area="grief",
    )  # fmt: skip
    goal = supervision.set_goal(**ana, credential_key="ipt-institute-b")
    skill = supervision.set_skill_goal(
        **ana, person=cast.ana, key=uuid.uuid4(), item="focus", words="Say when it is left.", review_on=today(),
    )  # fmt: skip
    proof = supervision.add_proof(
        **ana, key=uuid.uuid4(), person=cast.ana, kind="course_hours", amount=Decimal(16), on=local_date(at, ZONE),
        kept_where="In the drawer",
    )  # fmt: skip
    audit = supervision.begin_audit(**ben, client=cast.cleo, why="The yearly look.")
    review = supervision.open_review(
        **ben, key=uuid.uuid4(), episode=cast.cleo_episode, what="overdose", on=local_date(at, ZONE)
    )
    told = supervision.open_review(
        **ben, key=uuid.uuid4(), episode=cast.cleo_episode, what="other", on=local_date(at, ZONE)
    )
    said = {"learned": "Ask on Fridays.", "protocol_change": "Say on which day to ask."}
    told = supervision.save_review(**ben, review=told, revision=0, words=said)
    change = supervision.close_review(**ben, review=told).protocol_request
    act = supervision.add_review_action(
        **ben, review=review, key=uuid.uuid4(), words="A list.", owner=cast.dara, due_on=local_date(at, ZONE)
    )
    return {
        "hour": hour.pk,
        "episode": cast.cleo_episode.pk,
        "decision": decision.pk,
        "sampled": sampled.pk,
        "approval": approval.pk,
        "goal": goal.pk,
        "skill": skill.pk,
        "proof": proof.pk,
        "audit": audit.pk,
        "review": review.pk,
        "review_action": act.pk,
        "change_request": change.pk,
    }


def note_given(cast: Cast, at: dt.datetime, encounter: Encounter) -> dict[str, Any]:
    """A note kept apart, the consent for it, and that it was given."""
    note = save_apart(
        by=cast.ana, at=at, encounter=encounter, kind="counselling", revision=0, values={"words": "What I made of it."}
    )  # fmt: skip
    consent = grant_notes_consent(
        by=cast.ana, at=now(), client=cast.cleo, key=uuid.uuid4(), about="counselling", recipient="Dr Lind",
        purpose="A second view", how="paper", signed_on=today(),
        expires_on=today() + dt.timedelta(days=30), is_free=True,
    )  # fmt: skip
    given = give_note(by=cast.ana, at=at, key=uuid.uuid4(), note=note, consent=consent)
    return {"notes_consent": consent.pk, "note_given": given.pk}


def story(cast: Cast, at: dt.datetime) -> tuple[TimelineEvent, FocusArea, Formulation]:
    """An event, a focus area, a text that was shared and the draft of the next one."""
    ana, episode = cast.ana, cast.cleo_episode
    entry = EventEntry("Row with M.", starts_on=local_date(at, ZONE) - dt.timedelta(days=9), kind="argument")
    event = add_event(by=ana, at=at, client=cast.cleo, entry=entry)
    focus = propose_focus(by=ana, at=at, episode=episode, entry=FocusEntry("dispute", event=event))
    text = begin_formulation(by=ana, at=at, episode=episode)
    words = {
        "condition": "It is depression.",
        "people": "It grew worse in May.",
        "focus": "The row.",
        "plan": "16.",
    }
    marks = {"people": ["anchor", "time_link"]}
    text = save_formulation(by=ana, at=at, formulation=text, revision=0, words=words, marks=marks)
    text = share_formulation(by=ana, at=at, formulation=text, revision=1, how="spoken")
    revise_formulation(by=ana, at=at, formulation=text)
    return event, focus, text


def of_safety(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """A leave that begins in a month, so that nobody else is on Cleo's team yet; a concern; a time of lost tolerance."""
    day = local_date(at, ZONE) + dt.timedelta(days=30)
    absence = begin_leave(
        by=cast.ana, at=at, key=uuid.uuid4(), person=cast.ana, cover=cast.tess, starts_on=day, ends_on=day
    )
    concern = open_safeguarding(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), concern="child", words="A child was alone."
    )
    loss = record_tolerance_loss(
        by=cast.ana,
        at=at,
        client=cast.cleo,
        key=uuid.uuid4(),
        kind="release",
        happened_on=local_date(at, ZONE),
    )
    return {
        "absence": absence.pk,
        "handover": absence.handovers.get().pk,
        "safeguarding": concern.pk,
        "concern": "child",
        "tolerance_task": loss.tasks.get(task="medication").pk,
    }


def an_agreement(cast: Cast) -> Amendment:
    """An agreement that holds, a draft of the next one, and an extension that waits for Ben."""
    episode = cast.cleo_episode
    who: dict[str, Any] = {"by": cast.ana, "at": BEGIN + dt.timedelta(days=20)}
    draft = agreement.begin_contract(**who, episode=episode)
    goal = GoalDraft(position=1, words="Talk", levels=dict.fromkeys(LEVELS, "So."), baseline=-1)
    draft = agreement.set_goals(**who, contract=draft, revision=0, goals=[goal])
    agreement.agree_contract(**who, contract=draft, revision=1, how="witnessed", words="Yes.", witness="Fay")
    agreement.revise_contract(**who, episode=episode, why="Work changed.")
    assert episode.ends_on
    return agreement.extend_course(
        **who, episode=episode, sessions=2, reason="new_event", why="A birth.", ends_on=episode.ends_on,
        client_agreed="room",
    )  # fmt: skip

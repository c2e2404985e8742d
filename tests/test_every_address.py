"""Every address, asked by every person of the cast: exactly who gets in. An address not listed here fails the test."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import reknit
from reknit.base.clock import now
from reknit.care.closure.actions import (
    begin_letter,
    book_follow_ups,
    give_record,
    issue_letter,
    save_letter,
    save_record,
)
from reknit.care.closure.documents.actions import make_document
from reknit.care.coordination.actions import (
    add_care_contact,
    add_entry,
    add_treatment,
    agree_sharing,
    record_level,
)
from reknit.care.encounters.actions import set_intention, start_encounter
from reknit.care.encounters.conjoint.actions import save_conjoint_plan
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
from reknit.care.intake.actions import record_referral
from reknit.care.learning.actions import open_sandbox
from reknit.care.materials.actions import give_material
from reknit.care.measures.actions import make_link, record_administration
from reknit.care.medication.actions import add_medication
from reknit.care.network.actions import add_relationship, begin_version, sign_off_version, tie
from reknit.care.programme.actions import agreement
from reknit.care.programme.actions.protocols import copy_protocol
from reknit.care.programme.models import Amendment
from reknit.care.programme.terms import GoalDraft
from reknit.care.safety.actions import open_risk_item
from reknit.care.substance_use.actions import record_test_result, report_use_episode
from reknit.core.programme.goals import LEVELS
from tests.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db

SIGNED_IN = frozenset(
    ["ana", "ben", "tess", "dov", "fay", "ina", "dara", "rea", "adi", "cleo_user", "eli_user"]
)
EVERYBODY = SIGNED_IN | {"nobody"}
TEAM = frozenset({"ana"})
READERS = TEAM | {"ben"}  # the care team and its supervisory line
CHART_STAFF = frozenset(["ana", "ben", "tess", "dov", "fay"])
ADMINISTRATOR = frozenset({"adi"})
DIRECTOR = frozenset({"dara"})
INTAKE = frozenset({"ina"})
EDITORS = ADMINISTRATOR | DIRECTOR  # of the clinic's wording


@dataclass(frozen=True)
class Address:
    """How to ask an address, and who is let in."""

    method: str
    args: tuple[str, ...]
    who: frozenset[str]


def get(*args: str, who: frozenset[str]) -> Address:
    return Address("get", args, who)


def post(*args: str, who: frozenset[str]) -> Address:
    return Address("post", args, who)


ADDRESSES: dict[str, Address] = {
    "home:front": get(who=EVERYBODY),
    "home:today": get(who=CHART_STAFF),
    "home:caseload": get(who=CHART_STAFF),
    "home:client-course": get("client", who=READERS),
    "home:programme": get(who=frozenset({"dara", "rea"})),
    "home:client-front": get(who=frozenset({"cleo_user", "eli_user"})),
    "outcomes:evidence-show": get(who=SIGNED_IN - {"cleo_user", "eli_user"}),
    "programme:course-map": get("client", who=READERS),
    "programme:course-begin": get("client", who=TEAM),  # while a course is open it leads back to it
    "programme:gate-override": post(
        "client", "gate", who=READERS
    ),  # an empty form; who may pass it: its own tests
    "people:site-change": get(who=ADMINISTRATOR),
    "people:line-list": get(who=ADMINISTRATOR),
    "people:line-close": post("line", who=ADMINISTRATOR),
    "people:team-leave": post("client", "member", who=READERS | INTAKE),
    "people:team-change": get("client", who=READERS | INTAKE),
    "people:client-sign-in": get("client", who=TEAM),
    "accounts:me": get(who=SIGNED_IN),
    "accounts:session-end": post("number", who=frozenset()),  # a session that is not there is nobody's
    "accounts:theme-change": post(who=EVERYBODY),
    "accounts:keys-change": post(who=SIGNED_IN),
    "accounts:person-list": get(who=ADMINISTRATOR),
    "accounts:person-add": get(who=ADMINISTRATOR),
    "accounts:person-change": get("person", who=ADMINISTRATOR),
    "accounts:person-password": post("person", who=ADMINISTRATOR),
    "accounts:person-deactivate": post("person", who=ADMINISTRATOR),
    "accounts:person-second-factor": post("person", who=ADMINISTRATOR),
    "account_login": get(who=EVERYBODY),
    "mfa_authenticate": get(who=EVERYBODY),  # without a password just given it leads back to signing in
    "account_logout": post(who=EVERYBODY),
    "account_change_password": get(who=SIGNED_IN),
    # Nobody of the cast has a password or a second step: there is nothing to give again or to turn off.
    "account_reauthenticate": get(who=frozenset()),
    "mfa_reauthenticate": get(who=frozenset()),
    "mfa_index": get(who=SIGNED_IN),
    "mfa_activate_totp": get(who=SIGNED_IN),
    "mfa_deactivate_totp": get(who=frozenset()),
    "mfa_view_recovery_codes": get(who=frozenset()),
    "mfa_generate_recovery_codes": get(who=SIGNED_IN),
    "intake:referral-list": get(who=INTAKE),
    "intake:referral-add": get(who=INTAKE),
    "intake:referral-show": get("referral", who=INTAKE),
    "safety:risk-board": get(who=CHART_STAFF),
    "safety:risk-show": get("item", who=READERS),
    "safety:risk-client": get("client", who=READERS),
    "safety:withdrawal-screen": get("client", who=TEAM),
    "safety:medical-review": get("client", who=TEAM),
    "safety:overdose-plan": get("client", who=TEAM),
    "safety:safety-plan": get("client", who=TEAM),
    "safety:safety-plan-share": post("client", who=TEAM),
    "safety:violence-flag": get("client", who=TEAM),
    "measures:measure-list": get("client", who=READERS),
    "measures:administration-add": get("client", "measure", who=TEAM),
    "measures:link-make": get("client", "measure", who=TEAM),
    "measures:administration-show": get("client", "sheet", who=READERS),
    "measures:administration-correct": get("client", "sheet", who=TEAM),
    "measures:permission-list": get(who=ADMINISTRATOR | DIRECTOR),
    "measures:permission-show": get("measure", who=ADMINISTRATOR | DIRECTOR),
    "measures:permission-revoke": post("measure", who=ADMINISTRATOR | DIRECTOR),
    "measures:wording-load": post("measure", who=ADMINISTRATOR | DIRECTOR),
    "measures:wording-table": get("measure", who=ADMINISTRATOR | DIRECTOR),
    "measures:form-fill": get("secret", who=EVERYBODY),
    "measures:form-draft": post("secret", who=EVERYBODY),
    "measures:form-done": get("secret", who=EVERYBODY),
    "programme:agreement-show": get("client", who=READERS),
    "programme:agreement-begin": post("client", who=TEAM),
    "programme:agreement-edit": get("client", who=TEAM),
    "programme:agreement-goals": get("client", who=TEAM),
    "programme:agreement-offer": post("client", who=TEAM),
    "programme:agreement-agree": get("client", who=TEAM),
    "programme:agreement-revise": get("client", who=TEAM),
    "programme:agreement-rate": get("client", who=TEAM),
    "programme:agreement-amend": get("client", who=TEAM),
    "programme:agreement-extend": get("client", who=TEAM),
    "programme:agreement-answer": get("client", "extension", who=frozenset({"ben"})),
    "programme:extension-list": get(who=frozenset({"ben"})),
    "programme:protocol-list": get(who=CHART_STAFF | DIRECTOR),
    "programme:protocol-show": get("protocol", "protocol_version", who=DIRECTOR | {"ben"}),
    "programme:protocol-copy": get("protocol", "protocol_version", who=DIRECTOR),
    "programme:protocol-next": post("protocol", "protocol_version", who=DIRECTOR),
    "programme:protocol-change": get("protocol", "protocol_version", "part", who=DIRECTOR),
    "programme:protocol-set": get("protocol", "protocol_version", "set", who=DIRECTOR),
    "programme:protocol-task-add": get("protocol", "protocol_version", who=DIRECTOR),
    "programme:protocol-task": get("protocol", "protocol_version", "task", who=DIRECTOR),
    "programme:protocol-task-drop": post("protocol", "protocol_version", "task", who=DIRECTOR),
    "programme:protocol-changes": get("protocol", "protocol_version", who=DIRECTOR | {"ben"}),
    "programme:protocol-submit": post("protocol", "protocol_version", who=DIRECTOR),
    "programme:protocol-take-back": post("protocol", "protocol_version", who=DIRECTOR),
    "programme:protocol-answer": post("protocol", "protocol_version", who=frozenset({"ben"})),
    "programme:protocol-withdraw": post("protocol", "protocol_version", who=DIRECTOR),
    "programme:client-agreement": get(who=frozenset({"cleo_user", "eli_user"})),
    "substance_use:calendar-show": get("client", who=READERS),
    "substance_use:substance-change": get("client", who=TEAM),
    "network:circle-show": get("client", who=READERS),
    "network:relationship-add": post("client", who=TEAM),
    "network:people-add": get("client", who=TEAM),
    "network:circle-arrange": post("client", who=TEAM),
    "network:tie-add": post("client", who=TEAM),
    "network:ties-asked": post("client", who=TEAM),
    "network:tie-remove": post("client", "tie", who=TEAM),
    "network:circle-play": get("client", who=READERS),
    "network:then-now": get("client", who=READERS),
    "network:circle-sign": get("client", who=TEAM),
    "network:version-show": get("client", "version", who=READERS),
    "network:version-release": post("client", "version", who=TEAM),
    "network:version-take-back": post("client", "version", who=TEAM),
    "network:relationship-show": get("client", "relationship", who=READERS),
    "network:relationship-edit": get("client", "relationship", who=TEAM),
    "network:mark-place": post("client", "relationship", who=TEAM),
    "network:relationship-aside": post("client", "relationship", who=TEAM),
    "network:relationship-back": post("client", "relationship", who=TEAM),
    "network:my-people": get(who=frozenset({"cleo_user", "eli_user"})),
    "substance_use:rule-change": get("client", who=TEAM),
    "substance_use:use-report": get("client", who=TEAM),
    "substance_use:report-list": get("client", who=READERS),
    "substance_use:report-show": get("client", "use_episode", who=READERS),
    "substance_use:report-take-back": post("client", "use_episode", who=TEAM),
    "substance_use:test-list": get("client", who=READERS),
    "substance_use:test-take-back": post("client", "test", who=TEAM),
    "substance_use:craving-list": get("client", who=READERS),
    "substance_use:client-report": post(who=frozenset({"cleo_user", "eli_user"})),
    "substance_use:client-reported": get("use_episode", who=frozenset({"cleo_user"})),
    "materials:material-list": get(who=CHART_STAFF),
    "materials:material-show": get("topic", "language", who=CHART_STAFF),
    "materials:material-pdf": get("topic", "language", who=CHART_STAFF),
    "materials:given-list": get("client", who=READERS),
    "materials:material-give": get("client", who=TEAM),
    "materials:material-take-back": post("client", "given", who=TEAM),
    "materials:page-read": get("reading", who=EVERYBODY),
    "medication:medication-list": get("client", who=READERS),
    "medication:medication-add": get("client", who=TEAM),
    "medication:medication-show": get("client", "medication", who=READERS),
    "medication:review-add": get("client", who=TEAM),
    "encounters:session-list": get("client", who=READERS),
    "encounters:session-start": get("client", who=TEAM),
    "encounters:conjoint-show": get("client", who=READERS),
    "encounters:conjoint-plan": get("client", who=TEAM),
    "encounters:conjoint-change": get("client", "conjoint", who=TEAM),
    "encounters:conjoint-call-off": post("client", "conjoint", who=TEAM),
    "encounters:conjoint-allow": post("client", who=frozenset({"ben"})),
    "encounters:session-show": get("client", "encounter", who=READERS),
    "encounters:task-tick": post("client", "encounter", who=TEAM),
    "encounters:intention-set": post("client", "encounter", who=TEAM),
    "encounters:intention-went": post("client", "encounter", who=TEAM),
    "encounters:note-save": post("client", "encounter", who=TEAM),
    "encounters:note-read": get("client", "encounter", who=READERS),
    "encounters:reading-choose": post("client", "encounter", who=READERS),
    "encounters:note-sign": post("client", "encounter", who=TEAM),
    "encounters:addendum-add": post("client", "encounter", who=READERS),
    "encounters:note-cosign": post("client", "encounter", who=frozenset({"ben"})),
    "encounters:cosign-list": get(who=frozenset({"ben"})),
    "encounters:apart-show": get("client", "encounter", who=TEAM),
    "encounters:apart-save": post("client", "encounter", "apart", who=TEAM),
    "encounters:apart-open": post("client", "encounter", "apart", who=TEAM),
    "encounters:record-add": get("client", "encounter", "record_kind", who=TEAM),
    "encounters:record-show": get("client", "encounter", "record_kind", "record", who=READERS),
    "encounters:record-change": get("client", "encounter", "record_kind", "record", who=TEAM),
    "encounters:record-remove": post("client", "encounter", "record_kind", "record", who=TEAM),
    "encounters:contact-add": get("client", "missed", who=TEAM),
    "encounters:re-engagement-write": get("client", who=TEAM),
    "encounters:appointment-book": get("client", who=TEAM),
    "coordination:care-show": get("client", who=READERS),
    "coordination:care-mapped": post("client", who=TEAM),
    "coordination:contact-add": get("client", who=TEAM),
    "coordination:contact-end": get("client", "care_contact", who=TEAM),
    "coordination:sharing-agree": get("client", "care_contact", who=TEAM),
    "coordination:sharing-end": post("client", "care_contact", who=TEAM),
    "coordination:treatment-add": get("client", who=TEAM),
    "coordination:treatment-show": get("client", "treatment", who=READERS),
    "coordination:treatment-change": post("client", "treatment", who=TEAM),
    "coordination:entry-add": post("client", "treatment", who=TEAM),
    "coordination:incentive-add": post("client", "treatment", who=TEAM),
    "coordination:line-take-back": post("client", "treatment", "entry", who=TEAM),
    "coordination:level-show": get("client", who=READERS),
    "formulation:story-show": get("client", who=READERS),
    "formulation:grid-change": get("client", who=TEAM),
    "formulation:timeline-show": get("client", who=READERS),
    "formulation:timeline-sign": post("client", who=TEAM),
    "formulation:event-change": get("client", "event", who=TEAM),
    "formulation:event-mark": post("client", "event", who=TEAM),
    "formulation:event-set-aside": post("client", "event", who=TEAM),
    "formulation:question-leave": post("client", "event", who=TEAM),
    "formulation:focus-propose": get("client", who=TEAM),
    "formulation:focus-show": get("client", "focus", who=READERS),
    "formulation:focus-step": post("client", "focus", "step", who=TEAM),
    "formulation:formulation-edit": get("client", who=TEAM),
    "formulation:formulation-share": get("client", who=TEAM),
    "formulation:formulation-show": get("client", "formulation", who=READERS),
    "formulation:formulation-revise": post("client", "formulation", who=TEAM),
    "formulation:answer-record": get("client", "formulation", who=TEAM),
    "formulation:client-story": get(who=frozenset({"cleo_user", "eli_user"})),
    "outcomes:course-outcomes": get("client", who=READERS),
    "closure:letter-list": get("client", who=READERS),
    "closure:letter-issued": get("client", "letter", who=READERS),
    "closure:letter-edit": get("client", "kind", who=TEAM),
    "closure:letter-issue": post("client", "kind", who=TEAM),
    "closure:letter-pdf": get("client", "kind", who=READERS),
    "closure:letter-sources": get("client", "letter", who=READERS),
    "closure:closing-show": get("client", who=READERS),
    "closure:circle-look": post("client", who=TEAM),
    "closure:record-edit": get("client", "closing", who=TEAM),
    "closure:record-give": get("client", "closing", who=TEAM),
    "closure:record-show": get("client", "closing_record", who=READERS),
    "closure:record-take-back": post("client", "closing_record", who=TEAM),
    "closure:follow-up-list": get("client", who=READERS),
    "closure:follow-up-book": post("client", who=TEAM),
    "closure:follow-up-settle": post("client", "follow_up", who=TEAM),
    "closure:client-plan": get(who=frozenset({"cleo_user", "eli_user"})),
    "closure:document-list": get("client", who=READERS),
    "closure:document-show": get("client", "printed", who=READERS),
    "closure:document-make": post("client", "printed_kind", who=TEAM),
    "closure:wording-list": get(who=EDITORS),
    "closure:wording-edit": get("printed_kind", who=EDITORS),
    "closure:wording-preview": get("printed_kind", who=EDITORS),
    "closure:course-close": post("client", who=TEAM),
    "closure:client-letter": get("letter", who=frozenset({"cleo_user"})),
    "learning:sandbox-list": get(who=CHART_STAFF | DIRECTOR),
    "learning:sandbox-forward": post("practice", who=TEAM),
    "learning:sandbox-restart": post("practice", who=TEAM),
    "learning:sandbox-end": post("practice", who=TEAM),
}


LED_TO = {
    "home:front",
    "measures:form-fill",
    "measures:form-done",
    "materials:page-read",
    "substance_use:client-reported",
    "closure:record-give",
}
"""Pages that no link needs: the site's own address, what a form link opens, and where a form that was sent leads."""


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Every address the product answers."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"


def world(cast: Cast, at: dt.datetime) -> dict[str, Any]:
    """Something to ask for behind each address, all of it Cleo's."""
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
    follow_up, *_later = book_follow_ups(by=ana, at=at, episode=episode, ended_on=at.date(), months=(1, 3))
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
        by=cast.cleo_user, at=at, client=cleo, key=use_episode, reported_by="client", starts_on=before.date()
    )
    record_test_result(
        by=ana, at=at, client=cleo, key=test, matrix="urine", substance="cocaine", result="positive", taken_at=at
    )  # fmt: skip
    add_medication(
        by=ana, at=at, client=cleo, key=medication, kind="mood", name="Sertraline", starts_on=before.date()
    )
    conjoint = save_conjoint_plan(
        by=ana, at=at, episode=episode, key=uuid.uuid4(), relationship=people[0], screened_on=at.date(),
        purpose="Sundays.", may_raise="Sundays.", may_not_raise="Tests.",
    )  # fmt: skip
    given, reading = give_material(
        by=ana, at=now(), client=cleo, key=uuid.uuid4(), topic="craving", language="en", how="link"
    )
    return {
        **beside_ipt(cast, at),
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
        "apart": "counselling",
        "record_kind": record.KIND,
        "record": record.pk,
        "sheet": sheet.pk,
        "item": item.pk,
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
        "member": cleo.care_team.get().pk,
    }


def beside_ipt(cast: Cast, at: dt.datetime) -> dict[str, uuid.UUID]:
    """Somebody outside who may be told something, a treatment with a meeting, a level of care, a grid."""
    ana: dict[str, Any] = {"by": cast.ana, "at": at}
    cleo = {**ana, "client": cast.cleo}
    gp = add_care_contact(**cleo, key=uuid.uuid4(), role="doctor", name="Dr Bell")
    agree_sharing(
        **ana, contact=gp, covers=["attendance"], purpose="Care", how="paper",
        expires_on=at.date() + dt.timedelta(days=90),
    )  # fmt: skip
    group = add_treatment(**cleo, key=uuid.uuid4(), kind="mutual_help", starts_on=at.date(), group="smart")
    met = add_entry(**ana, treatment=group, key=uuid.uuid4(), on=at.date(), liked="yes", contacts=2)
    level = {"wanted": "intensive", "given": "outpatient", "gap_reason": "No place.", "why": "Use each day."}
    record_level(**cleo, key=uuid.uuid4(), edition="asam-3", **level)
    save_grid(**ana, episode=cast.cleo_episode, based_on=0, words={"social": "Works nights."}, rests_on={})
    return {"care_contact": gp.pk, "treatment": group.pk, "entry": met.pk}


def story(cast: Cast, at: dt.datetime) -> tuple[TimelineEvent, FocusArea, Formulation]:
    """An event, a focus area, a text that was shared and the draft of the next one."""
    ana, episode = cast.ana, cast.cleo_episode
    entry = EventEntry("Row with M.", starts_on=at.date() - dt.timedelta(days=9), kind="argument")
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


def gets_in(response: HttpResponse) -> bool:
    """Refusals are 401, 403, 404 or the way to the sign-in page; everything else was let in."""
    if response.status_code in {301, 302, 303}:
        return not response["Location"].startswith("/sign-in/")
    return response.status_code not in {401, 403, 404}


def browser_of(person: Any) -> Browser:
    browser = Browser()
    if person is not None:
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_every_address_is_listed() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ADDRESSES)


def test_every_page_can_be_reached() -> None:
    """A template or the navigation links to each page: nobody types addresses."""
    rooms = Path(reknit.__file__).parent
    sources = [
        *rooms.rglob("templates/**/*.html"),
        rooms / "config" / "context.py",
        rooms / "care" / "programme" / "charts.py",
    ]
    linked = "".join(path.read_text(encoding="utf-8") for path in sources)
    pages = {name for name, address in ADDRESSES.items() if ":" in name and address.method == "get"}
    assert {name for name in pages if not re.search(f"""['"]{name}['"]""", linked)} == LED_TO


@pytest.mark.parametrize("name", ADDRESSES)
def test_address_lets_in_exactly_these(name: str, cast: Cast, at: dt.datetime, settings: Any) -> None:
    address = ADDRESSES[name]
    things = world(cast, at)
    url = reverse(name, args=[things[arg] for arg in address.args])
    let_in = set()
    for who, person in {"nobody": None, **cast.users()}.items():
        browser = browser_of(person)
        send: Callable[..., Any] = getattr(browser, address.method)
        with transaction.atomic():  # each finds the world untouched by the one before
            response = send(url)
            transaction.set_rollback(True)
        assert response.status_code < 500
        if gets_in(response):
            let_in.add(who)
        else:
            assert b"Cleo" not in response.content or who == "cleo_user", (
                f"the refusal to {who} names the client"
            )
    if name in {"home:front", "mfa_authenticate"}:
        let_in.add("nobody")  # answered with the way to sign in
    assert let_in == address.who


@pytest.mark.parametrize("name", [n for n, a in ADDRESSES.items() if a.args[:1] == ("client",)])
def test_object_of_another_client_is_not_found_under_ones_own(name: str, cast: Cast, at: dt.datetime) -> None:
    """Dov asks for Cleo's things under Eli, his own client: every one of them is not found."""
    address = ADDRESSES[name]
    things = {**world(cast, at), "client": cast.eli.pk}
    if set(address.args) & {
        "encounter",
        "missed",
        "sheet",
        "letter",
        "event",
        "focus",
        "formulation",
        "relationship",
        "tie",
        "version",
        "record",
        "closing_record",
        "follow_up",
    }:
        url = reverse(name, args=[things[arg] for arg in address.args])
        response = getattr(browser_of(cast.dov), address.method)(url)
        assert response.status_code == 404


def test_unknown_client_and_somebody_elses_client_get_the_same_answer(cast: Cast) -> None:
    browser = browser_of(cast.dov)
    answers = [browser.get(reverse("home:client-course", args=[key])) for key in (cast.cleo.pk, uuid.uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content

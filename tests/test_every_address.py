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
from tests.cast import Cast
from tests.world import world

pytestmark = pytest.mark.django_db

SIGNED_IN = frozenset(
    ["ana", "ben", "tess", "dov", "fay", "ina", "dara", "rea", "adi", "cleo_user", "eli_user"]
)
EVERYBODY = SIGNED_IN | {"nobody"}
TEAM = frozenset({"ana"})
SUPERVISOR = frozenset({"ben"})
READERS = TEAM | SUPERVISOR  # the care team and its supervisory line
FILE = frozenset({"tess", "ben"})  # hours and ratings of a person: theirs and their supervisor's
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
    "home:client-search": get(who=CHART_STAFF | INTAKE),
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
    "people:profile-list": get(who=INTAKE | ADMINISTRATOR),
    "people:profile-change": get("person", who=INTAKE | ADMINISTRATOR | {"tess"}),
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
    "intake:public-ask": get(who=EVERYBODY),  # while the clinic keeps its form open
    "intake:public-sent": get(who=EVERYBODY),
    "intake:waiting-list": get(who=INTAKE),
    "intake:chase-show": get(who=INTAKE),
    "intake:public-list": get(who=INTAKE),
    "intake:public-show": get("sent", who=INTAKE),
    "intake:report-show": get(who=INTAKE | DIRECTOR),
    "intake:report-table": get(who=INTAKE | DIRECTOR),
    "intake:settings-change": get(who=EDITORS),
    "intake:waiting-show": get("referral", who=INTAKE),
    "intake:barrier-settle": post("referral", "barrier", who=INTAKE),
    "intake:referral-assign": get("referral", who=INTAKE),
    "intake:offer-take": get("referral", "offer", who=INTAKE),
    "intake:offer-decline": post("referral", "offer", who=INTAKE),
    # While a person is prepared, and no longer: its own tests in care/intake.
    "intake:preparation-show": get("referral", who=INTAKE),
    "intake:baseline-send": get("referral", who=INTAKE),
    "intake:baseline-give": get("referral", "measure", who=INTAKE),
    "intake:level-prepare": get("referral", who=INTAKE),
    "intake:consent-list": get("referral", who=INTAKE),
    "intake:consent-copy": get("referral", who=INTAKE),
    "intake:consent-end": post("referral", "intake_consent", who=INTAKE),
    "intake:transfer-settle": post("referral", "transfer", who=INTAKE),
    "intake:admission-facts": get("client", who=READERS),
    "intake:admissions-table": get(who=CHART_STAFF),
    "intake:course-choice": get("client", who=READERS),
    "intake:cover-show": get("client", who=READERS | INTAKE),
    "safety:risk-board": get(who=CHART_STAFF),
    "safety:risk-show": get("item", who=READERS),
    "safety:risk-client": get("client", who=READERS),
    "safety:withdrawal-screen": get("client", who=TEAM),
    "safety:medical-review": get("client", who=TEAM),
    "safety:overdose-plan": get("client", who=TEAM),
    "safety:safety-plan": get("client", who=TEAM),
    "safety:safety-plan-share": post("client", who=TEAM),
    "safety:violence-flag": get("client", who=TEAM),
    "safety:risk-take": post("item", who=READERS),
    "safety:risk-volume": get(who=frozenset({"ben"})),
    "coordination:leave-list": get(who=CHART_STAFF),
    "coordination:leave-end": post("absence", who=READERS),
    "safety:formulation-show": get("client", who=READERS),
    "safety:tolerance-add": get("client", who=TEAM),
    "safety:tolerance-settle": post("client", "tolerance_task", who=TEAM),
    "safety:safeguarding-list": get(who=CHART_STAFF),
    "safety:safeguarding-add": get("client", who=TEAM),
    "safety:safeguarding-show": get("safeguarding", who=READERS),
    "safety:duty-list": get(who=EDITORS),
    "safety:duty-change": get("concern", who=EDITORS),
    "home:handover-show": get("absence", who=READERS | {"tess"}),
    "home:handover-confirm": post("handover", who=frozenset({"tess"})),
    "safety:order-add": get("client", who=TEAM),
    "safety:order-lift": get("client", "order", who=TEAM),
    "measures:sitting-begin": get("client", who=TEAM),
    "measures:sitting-stop": get(who=EVERYBODY),
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
    "materials:my-reading": get(who=frozenset({"cleo_user", "eli_user"})),
    "materials:my-page": get("given", who=frozenset({"cleo_user"})),
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
    "encounters:apart-consent": get("client", "encounter", "apart", who=TEAM),
    "encounters:apart-consent-end": post("client", "encounter", "notes_consent", who=TEAM),
    "encounters:apart-give": post("client", "encounter", "notes_consent", who=TEAM),
    "encounters:apart-sheet": get("client", "encounter", "note_given", who=TEAM),
    "encounters:record-add": get("client", "encounter", "record_kind", who=TEAM),
    "encounters:record-show": get("client", "encounter", "record_kind", "record", who=READERS),
    "encounters:record-change": get("client", "encounter", "record_kind", "record", who=TEAM),
    "encounters:record-remove": post("client", "encounter", "record_kind", "record", who=TEAM),
    "encounters:contact-add": get("client", "missed", who=TEAM),
    "encounters:re-engagement-write": get("client", who=TEAM),
    "encounters:appointment-book": get("client", who=TEAM),
    "encounters:appointment-show": get("client", "appointment", who=READERS),
    "encounters:appointment-move": get("client", "appointment", who=TEAM),
    "encounters:appointment-cancel": get("client", "appointment", who=TEAM),
    "encounters:reminder-choose": get("client", who=READERS),
    "encounters:calendar-show": get(who=CHART_STAFF | INTAKE),
    "encounters:without-notes": get(who=CHART_STAFF),
    "encounters:reminder-list": get(who=CHART_STAFF),
    "encounters:feed-show": get(who=CHART_STAFF),
    "encounters:feed-revoke": post(who=CHART_STAFF),
    "encounters:feed-read": get("calendar_secret", who=EVERYBODY),  # whoever holds the address
    "encounters:room-list": get(who=ADMINISTRATOR),
    "encounters:room-change": get("room", who=ADMINISTRATOR),
    "encounters:room-give-up": post("room", who=ADMINISTRATOR),
    "encounters:client-times": get(who=frozenset({"cleo_user", "eli_user"})),
    "encounters:client-reminders": post(who=frozenset({"cleo_user", "eli_user"})),
    "encounters:client-answer": post("appointment", who=frozenset({"cleo_user"})),
    "encounters:answer-show": get("answer", who=EVERYBODY),  # whoever holds the link of a reminder
    "coordination:team-change": get("client", who=READERS | INTAKE),
    "coordination:consent-show": get("client", who=READERS),
    "coordination:consent-take-back": post("client", "care_consent", who=TEAM),
    "coordination:care-show": get("client", who=READERS),
    "coordination:safe-contact": get("client", who=READERS),
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
    "outcomes:thread-show": get("client", who=READERS),
    "outcomes:thread-pdf": get("client", who=READERS),
    "outcomes:pack-show": get(who=DIRECTOR | {"rea"}),
    "outcomes:pack-zip": get(who=DIRECTOR | {"rea"}),
    "groups:run-list": get(who=CHART_STAFF),
    "groups:run-form": get(who=CHART_STAFF - {"ben"}),
    "groups:run-show": get("group", who=READERS),
    "groups:candidate-list": get("group", who=READERS),
    "groups:small-decide": post("group", who=TEAM),
    "groups:matrix-show": get("group", who=READERS),
    "groups:climate-show": get("group", who=READERS),
    "groups:ending-show": get("group", who=READERS),
    "groups:session-show": get("group", "group_session", who=READERS),
    "groups:session-record": get("group", "group_session", who=TEAM),
    "groups:session-cancel": get("group", "group_session", who=TEAM),
    "groups:member-told": post("group", "group_session", "group_member", who=TEAM),
    "groups:session-move": get("group", "group_session", who=TEAM),
    "groups:leading-show": get("group", who=READERS),
    "groups:leading-change": post("group", who=READERS),
    "groups:observer-add": post("group", who=TEAM),
    "groups:observer-end": post("group", "group_observer", who=TEAM),
    "groups:observer-word": post("group", "group_observer", "group_member", who=TEAM),
    "groups:session-sheet": get("group", "group_session", who=READERS),
    "groups:climate-give": get("group", "group_session", who=TEAM),
    "groups:summary-write": get("group", "group_session", who=TEAM),
    "groups:member-show": get("group", "group_member", who=READERS),
    "groups:member-start": post("group", "group_member", who=TEAM),
    "groups:member-end": post("group", "group_member", who=TEAM),
    "groups:next-step-set": post("group", "group_member", who=TEAM),
    "groups:meeting-book": post("group", "group_member", "group_meeting", who=TEAM),
    "groups:meeting-hold": post("group", "group_member", "group_meeting", who=TEAM),
    "groups:place-ask": get("client", who=READERS | INTAKE),
    "groups:group-mine": get(who=frozenset({"cleo_user", "eli_user"})),
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
    "billing:month-list": get(who=INTAKE),
    "billing:month-table": get(who=INTAKE),
    "billing:superbill-show": get("client", who=READERS | INTAKE),
    "billing:code-list": get(who=INTAKE | DIRECTOR),
    "billing:code-add": get(who=DIRECTOR),
    "billing:codes-take": post(who=DIRECTOR),
    "billing:places-save": post(who=DIRECTOR),
    "billing:number-list": get(who=INTAKE | DIRECTOR),
    "billing:number-change": get("person", who=DIRECTOR),
    "billing:code-end": get("billing_code", who=DIRECTOR),
    "billing:client-codes": get("client", who=READERS),
    "billing:diagnosis-end": post("client", "diagnosis", who=TEAM),
    "supervision:agenda-show": get(who=SUPERVISOR),
    "supervision:mine": get(who=CHART_STAFF),
    "supervision:hour-begin": get(who=SUPERVISOR),
    "supervision:hour-show": get("hour", who=SUPERVISOR),  # a draft; a signed one: its own tests
    "supervision:hour-case": get("hour", "episode", who=SUPERVISOR),
    "supervision:decision-add": post("hour", who=SUPERVISOR),
    "supervision:hour-sign": post("hour", who=SUPERVISOR),
    "supervision:hour-discard": post("hour", who=SUPERVISOR),
    "supervision:decision-done": post("decision", who=READERS),
    "supervision:decision-remove": post("decision", who=SUPERVISOR),
    "supervision:person-hours": get("person", who=FILE),
    "supervision:person-hours-file": get("person", who=FILE),
    "supervision:rating-list": get("person", who=FILE),
    "supervision:session-draw": post(
        "person", who=FILE
    ),  # Tess is told on the page that her supervisor draws
    "supervision:credential-show": get("person", who=FILE),
    "supervision:goal-set": post("person", who=FILE),
    "supervision:proof-add": post("person", who=FILE),
    "supervision:pack-show": get("person", who=FILE),
    "supervision:development-show": get("person", who=FILE),
    "supervision:skill-set": post("person", who=FILE),
    "supervision:skill-end": post("skill", who=READERS),
    "supervision:goal-end": post("goal", who=READERS),
    "supervision:proof-take-back": post("proof", who=READERS),
    "supervision:sampled-show": get("sampled", who=READERS),
    "supervision:rating-edit": get("sampled", who=READERS),
    "supervision:sampled-where": post("sampled", who=READERS),
    "supervision:sampled-leave-out": post("sampled", who=READERS),
    "supervision:sampled-second": post("sampled", who=READERS),
    "supervision:change-list": get(who=DIRECTOR | SUPERVISOR),
    "supervision:change-answer": post("change_request", who=DIRECTOR),
    "supervision:totals-show": get(who=DIRECTOR),
    "supervision:request-list": get(who=SUPERVISOR),
    "supervision:request-show": get("approval", who=READERS),
    "supervision:request-take-back": post("approval", who=TEAM),
    "supervision:extension-show": get("extension", who=SUPERVISOR),
    "supervision:request-ask": get("client", who=TEAM),
    "supervision:process-show": get("client", who=READERS),
    "supervision:audit-begin": get("client", who=SUPERVISOR),
    "supervision:audit-show": get("audit", who=SUPERVISOR),
    "supervision:review-open": get("client", who=SUPERVISOR),
    "supervision:review-show": get("review", who=SUPERVISOR),
    "supervision:review-act": post("review", who=SUPERVISOR),
    "supervision:review-act-done": post("review", "review_action", who=SUPERVISOR),
    "supervision:review-close": post("review", who=SUPERVISOR),
    "learning:sandbox-list": get(who=CHART_STAFF | DIRECTOR),
    "learning:sandbox-forward": post("practice", who=TEAM),
    "learning:sandbox-restart": post("practice", who=TEAM),
    "learning:sandbox-end": post("practice", who=TEAM),
}


LED_TO = {
    "home:front",
    "measures:form-done",
    "materials:page-read",
    "substance_use:client-reported",
    "intake:public-sent",
    "closure:record-give",
    "encounters:feed-read",
    "encounters:answer-show",
    "programme:extension-list",  # the queue of requests holds them too; kept for whoever knows the address
}
"""Pages that no link needs: the site's own address, what a form link opens, and where a form that was sent leads."""


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Every address the product answers."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"


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
        "appointment",
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

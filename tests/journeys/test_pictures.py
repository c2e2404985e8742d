"""A picture of every page, at phone and desktop width, light and dark, looked over by axe as it is taken.

They go to the folder named by REKNIT_PICTURES, or to one that is thrown away. See docs/reference/tests.md.
"""

import datetime as dt
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.closure.models import Letter
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.intake.models import Referral
from reknit.care.measures.actions import make_link
from reknit.care.measures.models import Administration
from reknit.care.people.models import CareTeamMember, Client
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem
from reknit.exchange.sample.loading import load_sample
from reknit.exchange.sample.staff import PASSWORD, address
from tests.once import once

from .pictures import make_small, take

SEED = 7


def made_up() -> dt.datetime:
    """Twenty clients, once for both tests; and when it was made."""
    at = now()
    load_sample(clients=20, seed=SEED, progress=False, at=at)
    return at


@pytest.fixture
def sample(at_rest: AbstractContextManager[Any], emptied: None) -> dict[str, Any]:
    """The made-up clinic, and somebody or something to show on each page."""
    at = once("pictured", made_up)
    maren = User.objects.get(email=address("therapist"))
    note = ProgressNote.objects.filter(state="draft", author=maren).latest("encounter__starts_at")
    item = RiskItem.objects.filter(owner=maren, status="open", client__isnull=False).latest("opened_at")
    hers = CareTeamMember.objects.filter(clinician=maren, ends_on=None)
    closed = Episode.objects.filter(
        status="closed", letters__isnull=False, client__care_team__in=hers
    ).latest("closed_at")
    sheet = Administration.objects.filter(client=item.client, measure="phq-9").latest("answered_at")
    _link, secret = make_link(by=maren, at=at, client=item.client, measure="phq-9")
    _link, check_in = make_link(by=maren, at=at, client=item.client, measure="session-checkin")
    _old, ended = make_link(by=maren, at=at, client=item.client, measure="gad-7")
    make_link(by=maren, at=at, client=item.client, measure="gad-7")
    waits = ProgressNote.objects.filter(state="awaiting_cosign").latest("encounter__starts_at")
    signed = ProgressNote.objects.filter(state="signed", author=maren).latest("encounter__starts_at")
    missed = Encounter.objects.filter(note__isnull=True, clinician=maren).first()
    return {
        "at": at, "note": note, "item": item, "closed": closed, "sheet": sheet, "secret": secret,
        "check_in": check_in, "ended": ended, "waits": waits, "signed": signed, "missed": missed,
        "open": Referral.objects.filter(status="open", safety_asked_at__isnull=False).first(),
        "new": Referral.objects.filter(status="open", safety_asked_at__isnull=True).first(),
        "decided": Referral.objects.exclude(status="open").first(),
        "empty": Client.objects.filter(care_team__clinician=maren, episodes__encounters__isnull=True).first(),
    }  # fmt: skip


def therapist_pages(sample: dict[str, Any]) -> dict[str, str]:
    """Picture name to address."""
    client = sample["item"].client_id
    note, signed, missed = sample["note"].encounter, sample["signed"].encounter, sample["missed"]
    ended = sample["closed"].client_id
    found = {
        "today": reverse("home:today"),
        "caseload": reverse("home:caseload"),
        "course": reverse("home:client-course", args=[client]),
        "course-closed": reverse("home:client-course", args=[ended]),
        "course-map": reverse("programme:course-map", args=[client]),
        "circle": reverse("network:circle-show", args=[client]),
        "story": reverse("formulation:story-show", args=[client]),
        "timeline": reverse("formulation:timeline-show", args=[client]),
        "story-write": reverse("formulation:formulation-edit", args=[client]),
        "focus-propose": reverse("formulation:focus-propose", args=[client]),
        "agreement": reverse("programme:agreement-show", args=[client]),
        "re-engagement": reverse("encounters:re-engagement-write", args=[client]),
        "record-link": reverse("encounters:record-add", args=[note.client_id, note.pk, "link"]),
        "record-midcourse": reverse("encounters:record-add", args=[note.client_id, note.pk, "midcourse"]),
        "use-returns": reverse("substance_use:report-list", args=[client]),
        "use-report": reverse("substance_use:use-report", args=[client]),
        "use-tests": reverse("substance_use:test-list", args=[client]),
        "use-craving": reverse("substance_use:craving-list", args=[client]),
        "medication": reverse("medication:medication-list", args=[client]),
        "risk-withdrawal": reverse("safety:withdrawal-screen", args=[client]),
        "risk-plan": reverse("safety:safety-plan", args=[client]),
        "risk-overdose": reverse("safety:overdose-plan", args=[client]),
        "closing-open": reverse("closure:closing-show", args=[client]),
        "closing-gains": reverse("closure:record-edit", args=[client, "gains"]),
        "sessions": reverse("encounters:session-list", args=[client]),
        "session": reverse("encounters:session-show", args=[note.client_id, note.pk]),
        "session-signed": reverse("encounters:session-show", args=[signed.client_id, signed.pk]),
        "session-start": reverse("encounters:session-start", args=[client]),
        "session-book": reverse("encounters:appointment-book", args=[client]),
        "note-sign": reverse("encounters:note-sign", args=[note.client_id, note.pk]),
        "measures": reverse("measures:measure-list", args=[client]),
        "measure-give": reverse("measures:administration-add", args=[client, "phq-9"]),
        "check-in-give": reverse("measures:administration-add", args=[client, "session-checkin"]),
        "measure-link": reverse("measures:link-make", args=[client, "phq-9"]),
        "sheet": reverse("measures:administration-show", args=[client, sample["sheet"].pk]),
        "sheet-correct": reverse("measures:administration-correct", args=[client, sample["sheet"].pk]),
        "calendar": reverse("substance_use:calendar-show", args=[client]),
        "substances": reverse("substance_use:substance-change", args=[client]),
        "outcomes": reverse("outcomes:course-outcomes", args=[ended]),
        "outcomes-open": reverse("outcomes:course-outcomes", args=[client]),
        "letters": reverse("closure:letter-list", args=[ended]),
        "closing": reverse("closure:closing-show", args=[ended]),
        "letter-edit": reverse("closure:letter-edit", args=[client, "closing"]),
        "letter-plain-edit": reverse("closure:letter-edit", args=[client, "plain"]),
        "risk-board": reverse("safety:risk-board"),
        "risk-item": reverse("safety:risk-show", args=[sample["item"].pk]),
        "risk-client": reverse("safety:risk-client", args=[client]),
        "team": reverse("coordination:team-change", args=[client]),
        "client-sign-in": reverse("people:client-sign-in", args=[client]),
        "me": reverse("accounts:me"),
        "password-again": reverse("mfa_activate_totp"),
        "second-step": reverse("mfa_activate_totp"),
        "password": reverse("account_change_password"),
        "not-found": "/clients/nobody/",
    }
    if missed:
        found["session-missed"] = reverse("encounters:session-show", args=[missed.client_id, missed.pk])
    if sample["empty"]:
        empty = sample["empty"].pk
        found["course-empty"] = reverse("home:client-course", args=[empty])
        found["circle-empty"] = reverse("network:circle-show", args=[empty])
        found["story-empty"] = reverse("formulation:story-show", args=[empty])
        found["agreement-empty"] = reverse("programme:agreement-show", args=[empty])
        found["calendar-empty"] = reverse("substance_use:calendar-show", args=[empty])
        found["measures-empty"] = reverse("measures:measure-list", args=[empty])
        found["outcomes-empty"] = reverse("outcomes:course-outcomes", args=[empty])
        found["letters-empty"] = reverse("closure:letter-list", args=[empty])
    return found


def pages(sample: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Whose sign-in shows which pages; the empty name is nobody's."""
    waits = sample["waits"].encounter
    return {
        "": {
            "sign-in": "/sign-in/",
            "phone-form": reverse("measures:form-fill", args=[sample["secret"]]),
            "phone-check-in": reverse("measures:form-fill", args=[sample["check_in"]]),
            "phone-newer": reverse("measures:form-fill", args=[sample["ended"]]),
            "phone-ended": reverse("measures:form-fill", args=["no-such-link"]),
            "phone-sent": reverse("measures:form-done", args=[sample["secret"]]),
        },
        "therapist": therapist_pages(sample),
        "supervisor": {
            "cosign": reverse("encounters:cosign-list"),
            "extensions": reverse("programme:extension-list"),
            "session-cosign": reverse("encounters:session-show", args=[waits.client_id, waits.pk]),
            "supervisor-risk": reverse("safety:risk-board"),
            "supervisor-clients": reverse("home:caseload"),
        },
        "facilitator": {"facilitator-today": reverse("home:today")},
        "intake": {
            "referrals": reverse("intake:referral-list"),
            "referrals-all": reverse("intake:referral-list") + "?show=all",
            "referral-add": reverse("intake:referral-add"),
            "referral-new": reverse("intake:referral-show", args=[sample["new"].pk]),
            "referral": reverse("intake:referral-show", args=[sample["open"].pk]),
            "referral-decided": reverse("intake:referral-show", args=[sample["decided"].pk]),
        },
        "director": {"programme": reverse("home:programme")},
        "administrator": {
            "people": reverse("accounts:person-list"),
            "person-add": reverse("accounts:person-add"),
            "person": reverse("accounts:person-change", args=[sample["waits"].author_id]),
            "supervision": reverse("people:line-list"),
            "clinic": reverse("people:site-change"),
        },
        "client": {
            "my-notes": reverse("home:client-front"),
            "my-story": reverse("formulation:client-story"),
            "my-settings": reverse("accounts:me"),
        },
        "client-closed": {"my-notes-after": reverse("home:client-front")},
    }


def test_every_page_looks_as_it_should(person: Any, sample: dict[str, Any], folder: Path) -> None:
    faults: list[str] = []
    for who, wanted in pages(sample).items():
        with person() as somebody:
            if who:
                somebody.signs_in(address(who), PASSWORD)
            for name, path in wanted.items():
                faults += take(somebody, name, path, folder, password=PASSWORD)
    assert faults == [], "\n".join(faults)


def test_letter_has_a_picture(
    person: Any, sample: dict[str, Any], folder: Path, at_rest: AbstractContextManager[Any]
) -> None:
    draws = shutil.which("pdftoppm")
    if not draws:
        pytest.skip("pdftoppm of poppler-utils draws the letter, and it is not here")
    letter = Letter.objects.filter(episode=sample["closed"], kind="closing", state="issued").latest("pk")
    with person() as maren:
        maren.signs_in(address("therapist"), PASSWORD)
        pdf = maren.context.request.get(
            reverse("closure:letter-issued", args=[sample["closed"].client_id, letter.pk])
        ).body()
    assert pdf.startswith(b"%PDF")
    subprocess.run([draws, "-r", "80", "-png", "-f", "1", "-l", "1", "-singlefile", "-", str(folder / "letter")],
                   input=pdf, check=True)  # fmt: skip
    make_small(folder / "letter.png")

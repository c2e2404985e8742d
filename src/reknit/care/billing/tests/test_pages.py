"""Pages of billing: the month, the table as a file, the superbill, and who sees which."""

import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.billing.models import BillingCode, CodedDiagnosis, PlacesOfService
from reknit.care.encounters.actions import start_encounter
from reknit.care.home.tests.factories import a_course
from reknit.care.programme.models import Episode


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def course(cast: Cast) -> Episode:
    episode = a_course(cast)
    start_encounter(by=cast.ana, at=now(), episode=episode, outcome="attended", starts_at=now())
    return episode


def test_director_takes_the_proposed_codes_and_intake_sees_the_month_by_them(
    cast: Cast, course: Episode
) -> None:
    dara = signed_in(cast.dara)
    shown = dara.get(reverse("billing:code-list")).content.decode()
    assert "The table is empty" in shown and "not checked" in shown
    dara.post(reverse("billing:codes-take"))
    month = signed_in(cast.ina).get(reverse("billing:month-list")).content.decode()
    assert "Nia Moss" in month and "90834 × 1" in month and "none recorded" in month
    assert f'href="{reverse("home:client-course", args=[course.client_id])}"' not in month


def test_month_as_a_file_is_kept_nowhere_and_recorded(cast: Cast, course: Episode) -> None:
    answer = signed_in(cast.ina).get(reverse("billing:month-table"))
    assert answer["Cache-Control"] == "no-store" and b"Nia Moss" in answer.content
    event = AuditEvent.objects.get(detail__page="billing as a file")
    assert event.detail["shown"] == 1 and "Moss" not in str(event.detail)


@pytest.mark.parametrize("name", ["dov", "eli_user", "dara", "adi", "rea"])
def test_superbill_of_somebody_else_is_not_there(cast: Cast, course: Episode, name: str) -> None:
    answer = signed_in(getattr(cast, name)).get(reverse("billing:superbill-show", args=[course.client_id]))
    assert answer.status_code == 404


def test_superbill_is_a_pdf_under_a_name_that_tells_nothing(cast: Cast, course: Episode) -> None:
    for person in (cast.ana, cast.ben, cast.ina):
        answer = signed_in(person).get(reverse("billing:superbill-show", args=[course.client_id]))
        assert answer.content.startswith(b"%PDF-") and answer["Cache-Control"] == "no-store"
        assert "Moss" not in answer["Content-Disposition"]


def test_clinician_writes_a_diagnosis_and_a_wrong_code_gets_a_sentence(cast: Cast, course: Episode) -> None:
    url = reverse("billing:client-codes", args=[course.client_id])
    ana = signed_in(cast.ana)
    refused = ana.post(url, {"code": "F32.1", "starts_on": today().isoformat()})
    assert refused.status_code == 422 and "F10 to F19" in refused.content.decode()
    assert ana.post(url, {"code": "F10.20", "starts_on": today().isoformat()}).status_code == 302
    row = CodedDiagnosis.objects.get()
    assert "F10.20" in signed_in(cast.ben).get(url).content.decode()
    ana.post(reverse("billing:diagnosis-end", args=[course.client_id, row.pk]))
    row.refresh_from_db()
    assert row.ends_on == today()


def test_director_writes_a_number_and_a_second_editor_sees_the_first(cast: Cast) -> None:
    dara, url = signed_in(cast.dara), reverse("billing:number-change", args=[cast.ben.pk])
    assert dara.post(url, {"revision": 0, "npi": "1234567890"}).status_code == 422
    assert dara.post(url, {"revision": 0, "npi": "1234567893"}).status_code == 302
    late = dara.post(url, {"revision": 0, "npi": "1245319599"})
    assert late.status_code == 422 and "Now stands: 1234567893" in late.content.decode()
    assert 'name="revision" value="1"' in late.content.decode()  # the next save goes over it, seen
    assert "1234567893" in signed_in(cast.ina).get(reverse("billing:number-list")).content.decode()
    assert signed_in(cast.ina).get(url).status_code == 403


def test_director_adds_and_ends_a_code_and_sets_places(cast: Cast) -> None:
    dara = signed_in(cast.dara)
    said = {"key": uuid.uuid4(), "code": "H0004", "meeting": "individual", "minutes_from": 15, "unit_minutes": 15,
            "starts_on": "2026-01-01", "source": "Payer A"}  # fmt: skip
    assert dara.post(reverse("billing:code-add"), said).status_code == 302
    again = dara.post(reverse("billing:code-add"), {**said, "key": uuid.uuid4()})
    assert again.status_code == 422 and "holds for these minutes already" in again.content.decode()
    code = BillingCode.objects.get()
    dara.post(reverse("billing:code-end", args=[code.pk]), {"ends_on": today().isoformat()})
    code.refresh_from_db()
    assert code.ends_on == today()
    dara.post(reverse("billing:places-save"), {"revision": 0, "here": "11", "phone": "", "video": ""})
    late = dara.post(
        reverse("billing:places-save"), {"revision": 0, "here": "57", "phone": "", "video": ""}, follow=True
    )
    assert "Somebody else saved these meanwhile" in late.content.decode()
    assert PlacesOfService.objects.get().here == "11"
    assert dara.post(reverse("billing:places-save"), {"revision": 1, "here": "x"}).status_code == 422

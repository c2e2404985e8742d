"""What clinicians read and send about medication."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.medication.actions import add_medication, record_taking, review_medication
from reknit.care.medication.models import Medication, MedicationReview, Taking

FIRST = BEGIN.date()


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def address(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"medication:{name}", args=[cast.cleo.pk, *more])


def added(cast: Cast, name: str = "Methadone") -> Medication:
    return add_medication(
        by=cast.ana,
        at=now(),
        client=cast.cleo,
        key=uuid.uuid4(),
        kind="opioid",
        name=name,
        starts_on=FIRST,
    )


def test_dov_and_eli_cannot_open_any_of_it(cast: Cast) -> None:
    one = added(cast)
    urls = [address(cast, name) for name in ("medication-list", "medication-add", "review-add")]
    for person in (cast.dov, cast.eli_user, cast.cleo_user, cast.ina, cast.dara, cast.adi):
        for url in [*urls, address(cast, "medication-show", one.pk)]:
            assert browser(person).get(url).status_code == 404
    ben = browser(cast.ben)
    assert "Add a medication" not in ben.get(urls[0]).content.decode()
    assert ben.post(address(cast, "medication-show", one.pk), {"do": "end"}).status_code == 403


def test_medication_is_added_taken_and_ended(cast: Cast) -> None:
    ana = browser(cast.ana)
    assert '<option value="Buprenorphine">' in ana.get(address(cast, "medication-add")).content.decode()
    sent = {
        "key": str(uuid.uuid4()),
        "kind": "opioid",
        "name": "<b>Methadone</b>",
        "starts_on": FIRST.isoformat(),
        "dose": "60 mg",
    }
    page = ana.post(address(cast, "medication-add"), sent, follow=True).content.decode()
    assert "&lt;b&gt;Methadone&lt;/b&gt;" in page and "60 mg" in page and "not told" in page
    one, day = Medication.objects.get(), today()
    url = address(cast, "medication-show", one.pk)
    taken = {
        "do": "taking",
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "how": "missed_some",
    }
    assert "Missed some" in ana.post(url, taken, follow=True).content.decode()
    ended = {"do": "end", "ends_on": day.isoformat(), "end_reason": "Did not suit"}
    ana.post(url, ended)
    assert "Did not suit" in ana.get(url).content.decode()
    assert "It ended" not in ana.get(url).content.decode()


def test_review_is_shown_with_its_day(cast: Cast) -> None:
    sent = {"key": str(uuid.uuid4()), "reviewed_on": today().isoformat(), "decision": "declined"}
    page = browser(cast.ana).post(address(cast, "review-add"), sent, follow=True).content.decode()
    assert "Offered; the client does not want it now" in page
    assert MedicationReview.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("medication-add", {"kind": "x", "name": "A", "starts_on": "2026-03-02"}),
        ("medication-add", {"kind": "mood", "name": "a\0", "starts_on": "2026-03-02"}),
        ("medication-add", {"kind": "mood", "name": "A", "starts_on": "0001-01-01"}),
        ("medication-add", {"kind": "mood", "name": "A", "starts_on": "2026-03-02", "key": "x"}),
        ("review-add", {"decision": "x", "reviewed_on": "2026-03-02"}),
        ("review-add", {"decision": "refer", "reviewed_on": "9999-12-31"}),
    ],
)
def test_hostile_input_is_said_and_not_kept(cast: Cast, name: str, sent: dict[str, str]) -> None:
    answer = browser(cast.ana).post(address(cast, name), {"key": str(uuid.uuid4()), **sent})
    assert answer.status_code == 422
    assert not Medication.objects.exists() and not MedicationReview.objects.exists()


def test_taking_outside_the_prescription_is_said_under_its_field(cast: Cast) -> None:
    one = added(cast)
    early = (FIRST - dt.timedelta(days=3)).isoformat()
    sent = {"do": "taking", "starts_on": early, "ends_on": FIRST.isoformat(), "how": "not_taken"}
    answer = browser(cast.ana).post(address(cast, "medication-show", one.pk), sent)
    assert answer.status_code == 422
    assert "Choose days on which it was prescribed." in answer.content.decode()
    assert not Taking.objects.exists()


def test_list_keeps_its_number_of_queries(cast: Cast) -> None:
    ana, counts = browser(cast.ana), []
    for n in (3, 30):
        for number in range(n):
            one = added(cast, f"Medication {number}")
            record_taking(
                by=cast.ana, at=now(), medication=one, starts_on=FIRST, ends_on=FIRST, how="as_prescribed"
            )
            review_medication(
                by=cast.ana,
                at=now(),
                client=cast.cleo,
                key=uuid.uuid4(),
                decision="continue",
                reviewed_on=FIRST,
            )
        ana.get(address(cast, "medication-list"))
        with CaptureQueriesContext(connection) as queries:
            ana.get(address(cast, "medication-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]

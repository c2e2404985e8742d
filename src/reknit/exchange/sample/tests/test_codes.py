"""The invented clinic bills by its own table, and Today has something that ends."""

import pytest

from reknit.base.clock import local_date
from reknit.care.billing.models import BillingCode, CodedDiagnosis
from reknit.care.billing.queries import held_in, lines_of
from reknit.care.home.queries.ending import consents_ending
from reknit.care.people.models import Client
from reknit.exchange.sample import SampleSummary
from reknit.exchange.sample.diary import ZONE

from .conftest import AT

pytestmark = pytest.mark.django_db


def test_month_has_codes_diagnoses_and_supervisors(summary: SampleSummary) -> None:
    lines = lines_of(list(held_in(local_date(AT, ZONE).replace(day=1))))
    assert lines and all(one.code for one in lines)
    assert any(one.diagnoses for one in lines) and any(not one.diagnoses for one in lines)
    assert any(one.supervisor for one in lines)
    assert BillingCode.objects.count() == 4 and CodedDiagnosis.objects.exists()


def test_some_agreement_ends_soon(summary: SampleSummary) -> None:
    clients = list(Client.objects.values_list("pk", flat=True))
    assert consents_ending(clients, on=local_date(AT, ZONE))

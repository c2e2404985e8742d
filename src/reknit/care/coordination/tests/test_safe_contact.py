"""The safe way of contact in the chart: the client's therapist changes it, the old one is kept, and it says who and when."""

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.models import SafeContact


@pytest.fixture
def url(cast: Cast) -> str:
    set_safe_contact(by=cast.ina, at=now(), client=cast.cleo, channel="phone", value="01 99 88 77 66")
    return reverse("coordination:safe-contact", args=[cast.cleo.pk])


def test_therapist_changes_it_and_the_old_one_is_kept_without_its_number(cast: Cast, url: str) -> None:
    ana, before = browser_of(cast.ana), SafeContact.objects.get()
    way = {"channel": "text", "value": "07 11 22 33 44", "safe_times": "after 5 pm", "stands": str(before.pk)}
    assert ana.post(url, way | {"value": "soon"}).status_code == 422
    assert ana.post(url, way).status_code == 302
    before.refresh_from_db()
    assert before.superseded_at and before.value == "01 99 88 77 66"
    now_stands = SafeContact.objects.get(superseded_at=None)
    assert (now_stands.value, now_stands.recorded_by) == ("07 11 22 33 44", cast.ana)
    assert AuditEvent.objects.filter(verb="set safe contact", by=cast.ana.pk).count() == 1
    shown = ana.get(url).content.decode()
    assert f"Written down by {cast.ana.name}" in shown and cast.ina.name in shown
    assert "01 99 88 77 66" not in shown


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(cast: Cast, url: str) -> None:
    stale = {"channel": "phone", "value": "01 99 88 77 66", "stands": str(SafeContact.objects.get().pk)}
    set_safe_contact(by=cast.ina, at=now(), client=cast.cleo, channel="none")
    assert browser_of(cast.ana).post(url, stale).status_code == 422
    assert SafeContact.objects.get(superseded_at=None).channel == "none"


def test_others_who_read_the_chart_see_it_and_do_not_change_it(cast: Cast, url: str) -> None:
    ben = browser_of(cast.ben)
    assert "Change it" not in ben.get(url).content.decode()
    assert ben.post(url, {"channel": "none"}).status_code == 403
    assert browser_of(cast.dov).get(url).status_code == 404
    assert SafeContact.objects.count() == 1

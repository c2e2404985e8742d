"""Orders of no contact: written down once, lifted with a reason, seen by the team alone."""

import uuid

import pytest
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.care.safety.models import NoContactOrder

from .test_plan_pages import browser

pytestmark = pytest.mark.django_db


def add(cast: Cast, **changed: str):  # type: ignore[no-untyped-def]
    sent = {
        "key": str(uuid.uuid4()), "kind": "court", "given_name": "Rolf", "family_name": "Adler",
        "starts_on": now().date().isoformat(), "reason": "<b>Keep</b> Tuesdays free.",
    }  # fmt: skip
    where = reverse("safety:order-add", args=[cast.cleo.pk])
    return browser(cast.ana).post(where, sent | changed, follow=True)


def test_an_order_is_written_shown_and_lifted(cast: Cast) -> None:
    page = add(cast).content.decode()
    assert "Rolf Adler" in page and "&lt;b&gt;Keep&lt;/b&gt; Tuesdays free." in page
    order = NoContactOrder.objects.get()
    where = reverse("safety:order-lift", args=[cast.cleo.pk, order.pk])
    assert browser(cast.ana).post(where, {"why": " "}).status_code == 422
    page = browser(cast.ana).post(where, {"why": "It ran out."}, follow=True).content.decode()
    assert "It ran out." in page
    order.refresh_from_db()
    assert order.lifted_by == cast.ana
    assert browser(cast.cleo_user).get("/my/").content.decode().count("Adler") == 0


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": ""}, "Choose who decided it."),
        ({"kind": "king"}, "king"),
        ({"ends_on": "1999-01-01"}, "The last day cannot come before the first."),
        ({"birth_date": "2999-01-01"}, "A day of birth cannot lie ahead."),
        ({"given_name": "  "}, "required"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast, changed: dict[str, str], says: str) -> None:
    answer = add(cast, **changed)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not NoContactOrder.objects.exists()


def test_an_order_of_another_chart_is_not_found(cast: Cast) -> None:
    add(cast)
    order = NoContactOrder.objects.get()
    assert (
        browser(cast.ana).get(reverse("safety:order-lift", args=[cast.eli.pk, order.pk])).status_code == 404
    )

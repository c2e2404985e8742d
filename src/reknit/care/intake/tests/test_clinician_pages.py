"""What intake sees and can send."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.clock import now
from reknit.care.contact.queries import current_safe_contact
from reknit.care.intake.models import Referral
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.core.safety.triggers import PHONE_SAFETY

from .factories import a_referral

HOSTILE = '<script>alert("x")</script>\'"&'


@pytest.fixture
def ina(cast: Cast) -> Browser:
    browser = Browser()
    browser.force_login(cast.ina, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def referral(cast: Cast) -> Referral:
    return a_referral(cast, now())


def new_referral(cast: Cast, **changes: str) -> dict[str, str]:
    hour_ago = now() - dt.timedelta(hours=2)
    return {
        "key": str(uuid.uuid4()),
        "given_name": "Nia",
        "family_name": "Moss",
        "source": "self",
        "received_on": f"{hour_ago:%Y-%m-%d}",
        "received_time": f"{hour_ago:%H:%M}",
        "programme": str(cast.programme.pk),
        **changes,
    }


def text(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def test_referral_add_has_date_and_time_filled_in_and_leads_to_the_safety_questions(
    cast: Cast, ina: Browser
) -> None:
    page = text(ina.get(reverse("intake:referral-add")))
    assert f'value="{today():%Y-%m-%d}"' in page
    answer = ina.post(reverse("intake:referral-add"), new_referral(cast), follow=True)
    assert "Phone safety" in text(answer) and "Not asked yet" in text(answer)


def test_referral_add_sent_twice_makes_one(cast: Cast, ina: Browser) -> None:
    data = new_referral(cast)
    for _ in range(2):
        assert ina.post(reverse("intake:referral-add"), data).status_code == 302
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"received_on": "2999-01-01"}, "cannot arrive in the future"),
        ({"received_on": "1999-01-01"}, "more than a year ago"),
        ({"received_on": "2026-02-31"}, "Enter a valid date"),
        ({"birth_date": "2999-01-01"}, "cannot be in the future"),
        ({"birth_date": "1800-01-01"}, "between 1900 and today"),
        ({"family_name": ""}, "required"),
        ({"family_name": "x" * 81}, "at most 80"),
        ({"given_name": "a\x00b"}, "Null characters"),
        ({"given_name": "a\x07b"}, "invisible characters"),
        ({"source": "nobody"}, "not one of the available"),
        ({"programme": "not-a-key"}, "out of date"),
        ({"key": "not-a-key"}, "out of date"),
    ],
)
def test_referral_add_answers_bad_input_with_a_sentence_and_keeps_the_words(
    cast: Cast, ina: Browser, changes: dict[str, str], words: str
) -> None:
    answer = ina.post(reverse("intake:referral-add"), new_referral(cast, **changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Referral.objects.exists()


def test_phone_safety_says_at_once_who_has_it_and_until_when(ina: Browser, referral: Referral) -> None:
    data = {question.key: "no" for question in PHONE_SAFETY} | {"suicide": "yes", "step": "safety"}
    page = text(ina.post(reverse("intake:referral-show", args=[referral.pk]), data, follow=True))
    assert "Urgent." in page and "Opened for Ben Test, due to" in page  # today or tomorrow


def test_phone_safety_page_shows_the_numbers_of_the_clinic(ina: Browser, referral: Referral) -> None:
    page = text(ina.get(reverse("intake:referral-show", args=[referral.pk])))
    assert "01 23 45 67 89" in page and "no emergency number" not in page


def test_phone_safety_refuses_an_answer_that_does_not_exist(ina: Browser, referral: Referral) -> None:
    data = {question.key: "no" for question in PHONE_SAFETY} | {"suicide": "maybe", "step": "safety"}
    assert ina.post(reverse("intake:referral-show", args=[referral.pk]), data).status_code == 422
    referral.refresh_from_db()
    assert referral.safety == {}


def test_safe_contact_is_kept_and_a_wrong_number_is_refused(ina: Browser, referral: Referral) -> None:
    url = reverse("intake:referral-show", args=[referral.pk])
    wrong = ina.post(url, {"step": "contact", "channel": "phone", "value": "none"})
    assert wrong.status_code == 422 and "in digits" in text(wrong)
    ina.post(url, {"step": "contact", "channel": "phone", "value": "01 99 88 77 66"})
    contact = current_safe_contact(referral.client)
    assert contact and contact.value == "01 99 88 77 66" and not contact.may_leave_message


def accept_data(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "step": "accept",
        "how": "paper",
        "given_on": f"{today():%Y-%m-%d}",
        "clinician": str(cast.ana.pk),
        "protocol": "ipt-16",
        "starts_on": f"{today() + dt.timedelta(days=4):%Y-%m-%d}",
        "ends_on": f"{today() + dt.timedelta(days=130):%Y-%m-%d}",
        **changes,
    }


def test_accept_takes_the_person_into_care(cast: Cast, ina: Browser, referral: Referral) -> None:
    url = reverse("intake:referral-show", args=[referral.pk])
    page = text(ina.post(url, accept_data(cast), follow=True))
    assert "Ana Test sees the chart from now on" in page
    assert Episode.objects.get(client=referral.client).planned_sessions == 16


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": "2001-01-01"}, "ending date cannot be before"),
        ({"starts_on": "2001-01-01"}, "cannot be before the referral"),
        ({"given_on": "2999-01-01"}, "in the future"),
        ({"given_on": "2001-01-01"}, "more than a year old"),
        ({"how": "spoken"}, "who heard"),
        ({"clinician": ""}, "required"),
        ({"protocol": "ipt-99"}, "Select a valid choice"),
    ],
)
def test_accept_answers_impossible_input_with_a_sentence_and_changes_nothing(
    cast: Cast, ina: Browser, referral: Referral, changes: dict[str, str], words: str
) -> None:
    answer = ina.post(reverse("intake:referral-show", args=[referral.pk]), accept_data(cast, **changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert Client.objects.get(pk=referral.client_id).status == "referred"


def test_accept_offers_clinicians_and_nobody_else(cast: Cast, ina: Browser, referral: Referral) -> None:
    page = text(ina.get(reverse("intake:referral-show", args=[referral.pk])))
    assert "Ana Test" in page and "Dov Test" in page
    assert "Adi Test" not in page and "Cleo Test" not in page


def test_decided_referral_leads_back_to_the_list_and_to_the_care_team_intake_may_change(
    cast: Cast, ina: Browser, referral: Referral
) -> None:
    """Intake may change the team, and had no way to its page; the way back to the list went with the decision."""
    url, team = reverse("intake:referral-show", args=[referral.pk]), f"/clients/{referral.client_id}/team/"
    assert team not in text(ina.get(url))
    ina.post(url, accept_data(cast))
    page = text(ina.get(url))
    assert f'href="{reverse("intake:referral-list")}">Referrals</a>' in page
    assert team in page and "Until the first session" in page
    assert ina.get(team).status_code == 200


def test_safe_contact_of_somebody_in_care_can_be_changed_by_intake_and_by_nobody_else(
    cast: Cast, ina: Browser, referral: Referral
) -> None:
    """A way that was safe can stop being so: its form went from the page once the person was in care."""
    url = reverse("intake:referral-show", args=[referral.pk])
    way = {"step": "contact", "channel": "phone", "value": "01 99 88 77 66", "safe_times": "after 5 pm"}
    ina.post(url, way)
    ina.post(url, accept_data(cast))
    page = text(ina.get(url))
    assert 'id="contact-form"' in page and 'value="01 99 88 77 66"' in page
    stands = str(current_safe_contact(referral.client).pk)  # type: ignore[union-attr]
    ina.post(url, way | {"channel": "none", "value": "", "stands": stands})
    assert current_safe_contact(referral.client).channel == "none"  # type: ignore[union-attr]
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert 'id="contact-form"' not in text(ana.get(url))
    assert ana.post(url, way).status_code == 403


def test_close_asks_for_a_reason_and_shows_it_afterwards(ina: Browser, referral: Referral) -> None:
    url = reverse("intake:referral-show", args=[referral.pk])
    assert "Write why" in text(ina.post(url, {"step": "close", "reason": " "}))
    page = text(ina.post(url, {"step": "close", "reason": HOSTILE}, follow=True))
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_hostile_names_are_shown_as_text(cast: Cast, ina: Browser) -> None:
    referral = a_referral(cast, now(), family_name=HOSTILE, given_name=HOSTILE, source_name=HOSTILE)
    for page in (reverse("intake:referral-list"), reverse("intake:referral-show", args=[referral.pk])):
        shown = text(ina.get(page))
        assert "<script>alert" not in shown and "&lt;script&gt;" in shown


def test_list_shows_yes_or_no_and_never_which_item(ina: Browser, referral: Referral) -> None:
    data = {question.key: "no" for question in PHONE_SAFETY} | {"suicide": "yes", "step": "safety"}
    ina.post(reverse("intake:referral-show", args=[referral.pk]), data)
    ina.get(reverse("intake:referral-show", args=[referral.pk]))  # the message is read there
    page = text(ina.get(reverse("intake:referral-list")))
    assert "<b>yes</b>" in page and "asked" in page and "ending their life" not in page


def test_list_finds_by_name_and_hides_decided_ones(cast: Cast, ina: Browser, referral: Referral) -> None:
    url = reverse("intake:referral-list")
    assert "Nia Moss" in text(ina.get(url, {"q": "moss"}))
    assert "Nobody by that name" in text(ina.get(url, {"q": "zzz\x00"}))
    ina.post(reverse("intake:referral-show", args=[referral.pk]), {"step": "close", "reason": "Moved"})
    assert "Nia Moss" not in text(ina.get(url))
    assert "Nia Moss" in text(ina.get(url, {"show": "all"}))


def test_list_keeps_its_number_of_queries(cast: Cast, ina: Browser) -> None:
    def count(load: Callable[[], object]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            load()
        return len(queries)

    url = reverse("intake:referral-list")
    for _ in range(3):
        a_referral(cast, now())
    ina.get(url)
    few = count(lambda: ina.get(url))
    for _ in range(27):
        a_referral(cast, now())
    assert count(lambda: ina.get(url)) == few <= 6

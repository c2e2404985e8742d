"""The phone pages: opened by scanners, begun on one phone, sent once, and revealing nothing."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.care.measures.limits import MOST_FOR_A_LINK, MOST_MISSES
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.actions import change_site
from reknit.care.safety.models import RiskItem

from .factories import link_to

LINES = [{"name": "Night line", "number": "0800 111", "hours": "Always", "checked_on": "2026-03-01"}]


@pytest.fixture
def secret(cast: Cast) -> str:
    change_site(
        by=cast.adi,
        at=now(),
        site=cast.site,
        help_lines=LINES,
        emergency_number="112",
        when_read="We read this on weekdays before 10.",
    )
    return link_to(cast, now())[1]


def address(secret: str, page: str = "fill") -> str:
    return reverse(f"measures:form-{page}", args=[secret])


def fields(answers: dict[int, Any], **more: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), **{f"q-phq9_{n}": value for n, value in answers.items()}, **more}


FULL = dict.fromkeys(range(1, 9), 1) | {9: 0}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def refused(browser: Browser, secret: str, given: dict[str, Any]) -> HttpResponse:
    answer = browser.post(address(secret), given)
    assert answer.status_code == 422
    assert not Administration.objects.exists()
    assert FormLink.objects.get().submitted_at is None
    return answer  # type: ignore[return-value]


def test_scanners_may_open_the_link_and_change_nothing(secret: str) -> None:
    before = FormLink.objects.values().get()
    for method in ("get", "head", "get", "head", "get"):
        answer = getattr(Browser(), method)(address(secret))
        assert answer.status_code == 200
        assert "reknit_form" not in answer.cookies
    assert FormLink.objects.values().get() == before
    assert Browser().post(address(secret), fields(FULL)).status_code == 302


def test_page_reveals_nothing_in_title_heading_or_address(secret: str) -> None:
    shown = text(Browser().get(address(secret)))
    assert "<title>My notes</title>" in re.sub(r"\s*\n\s*", "", shown)
    heading = re.search(r"<h1>(.*?)</h1>", shown)
    assert heading
    assert heading[1] == "A few questions"
    for word in ("Cleo", "Test clinic", "depress", "alcohol", "PHQ-9"):
        assert word not in shown[: shown.index("<form")]


def test_page_is_kept_by_nobody(secret: str) -> None:
    for answer in (Browser().get(address(secret)), Browser().get(address("no-such-secret"))):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in text(answer)


def test_page_says_when_it_is_read_before_anything_is_sent(secret: str) -> None:
    shown = text(Browser().get(address(secret)))
    assert "We read this on weekdays before 10." in shown
    assert "Nobody reads it at night." in shown


def test_sending_uses_the_link_up_and_thanks(cast: Cast, secret: str) -> None:
    browser = Browser()
    answer = browser.post(address(secret), fields(FULL), follow=True)
    assert "Thank you" in text(answer)
    assert "Someone to talk to now" not in text(answer)
    row = Administration.objects.get()
    assert (row.client, row.mode, row.recorded_by) == (cast.cleo, "link", None)
    assert row.total == 8
    again = browser.get(address(secret))
    assert again.status_code == 410
    assert "were sent already" in text(again)


def test_double_sending_thanks_twice_and_keeps_one_sheet(secret: str) -> None:
    given = fields(FULL)
    for _ in range(2):
        assert "Thank you" in text(Browser().post(address(secret), given, follow=True))
    assert Administration.objects.count() == 1
    assert Browser().post(address(secret), fields(FULL)).status_code == 410


def test_critical_answer_is_met_with_kind_words_and_numbers_at_once(secret: str) -> None:
    browser = Browser()
    shown = text(browser.post(address(secret), fields({**FULL, 9: 2}), follow=True))
    for words in ("Thank you for telling us", "01 23 45 67 89", "112", "Night line", "0800 111"):
        assert words in shown
    assert RiskItem.objects.get().klass == "critical"
    assert "score" not in shown.lower()


def test_kind_words_stay_with_the_phone_that_sent(secret: str) -> None:
    Browser().post(address(secret), fields({**FULL, 9: 3}))
    assert "telling us" not in text(Browser().get(address(secret, "done")))


def test_blank_critical_answer_is_asked_about_later_and_not_alarmed_at(secret: str) -> None:
    shown = text(Browser().post(address(secret), fields({1: 1}), follow=True))
    assert "telling us" not in shown
    assert RiskItem.objects.get().klass == "ask_next_contact"
    assert Administration.objects.get().total is None


def test_draft_is_resumed_on_its_phone_and_hidden_on_another(secret: str) -> None:
    phone, other = Browser(), Browser()
    saved = phone.post(address(secret, "draft"), fields({3: 2}), headers={"X-Autosave": "1"})
    assert re.fullmatch(r"\d\d:\d\d", saved.json()["saved_at"])
    cookie = saved.cookies["reknit_form"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (address(secret), "Strict", True)
    mine, theirs = text(phone.get(address(secret))), text(other.get(address(secret)))
    assert re.search(r'name="q-phq9_3" value="2"[^>]*checked', mine)
    assert "come back on this phone" in mine
    assert not re.search(r"<input[^>]* checked", theirs)
    assert "begun on another phone" in theirs


def test_draft_begun_afresh_elsewhere_belongs_to_the_new_phone(secret: str) -> None:
    phone, other = Browser(), Browser()
    phone.post(address(secret, "draft"), fields({3: 2}))
    other.post(address(secret, "draft"), fields({4: 1}))
    assert 'value="2"' not in re.findall(r"<input[^>]*checked[^>]*>", text(other.get(address(secret))))
    assert "begun on another phone" in text(phone.get(address(secret)))
    assert FormLink.objects.get().draft == {"phq9_4": 1}


def test_draft_without_script_comes_back_to_the_form(secret: str) -> None:
    phone = Browser()
    answer = phone.post(address(secret, "draft"), {"q-phq9_1": 3}, follow=True)
    assert "Your answers from" in text(answer)
    assert 'formaction="' + address(secret, "draft") in text(answer)


def test_draft_keeps_only_fingerprints_and_legal_answers(secret: str) -> None:
    phone = Browser()
    for bad in ({1: 9}, {1: "\x00"}, {10: 1}, {1: "9" * 500}):
        answer = phone.post(address(secret, "draft"), fields(bad), headers={"X-Autosave": "1"})
        assert answer.status_code == 422
        assert answer.json()["message"]
    phone.post(address(secret, "draft"), fields({1: 1}))
    link = FormLink.objects.get()
    assert link.draft == {"phq9_1": 1}
    assert len(link.device) == 64
    assert phone.cookies["reknit_form"].value not in str(FormLink.objects.values().get())


@pytest.mark.parametrize(
    "value", ["4", "-1", "1.5", "9" * 400, "\x00", "<script>", "1e0", "٣", "None", "nan"]
)
def test_hostile_value_is_answered_with_a_sentence_that_names_the_question(secret: str, value: str) -> None:
    shown = text(refused(Browser(), secret, fields({**FULL, 3: value})))
    assert "Question 3 has only the answers shown" in shown
    assert "<script>" not in shown


@pytest.mark.parametrize("name", ["q-phq9_10", "q-<b>", "q-" + "x" * 300, "q-\x00"])
def test_item_that_does_not_exist_is_named(secret: str, name: str) -> None:
    shown = text(refused(Browser(), secret, fields(FULL, **{name: "1"})))
    assert "has no item called" in shown
    assert "<b>" not in shown.split('role="alert"')[1].split("</div>")[0].replace("<b></b>", "")


@pytest.mark.parametrize("key", ["", "not-a-key", "\x00"])
def test_page_without_its_key_says_to_open_it_again(secret: str, key: str) -> None:
    assert "Open this page again" in text(refused(Browser(), secret, fields(FULL, key=key)))


def test_superseded_link_points_to_the_newest_message(cast: Cast, secret: str) -> None:
    link_to(cast, now())
    answer = Browser().get(address(secret))
    assert answer.status_code == 410
    assert "newest message" in text(answer)
    assert "01 23 45 67 89" in text(answer)
    assert Browser().post(address(secret), fields(FULL)).status_code == 410
    assert not Administration.objects.exists()


def test_expired_and_unknown_links_look_alike(cast: Cast, secret: str) -> None:
    _link, old = link_to(cast, now() - dt.timedelta(days=9), measure="gad-7")
    expired, unknown = Browser().get(address(old)), Browser().get(address("a" * 32))
    assert (expired.status_code, unknown.status_code) == (410, 404)
    assert text(expired) == text(unknown)
    assert "Night line" in text(unknown)


@pytest.mark.parametrize("page", ["fill", "draft", "done"])
def test_ended_link_answers_every_address_calmly(cast: Cast, page: str) -> None:
    _link, old = link_to(cast, now() - dt.timedelta(days=9))
    answer = Browser().post(address(old, page), fields(FULL), headers={"X-Autosave": "1"})
    assert answer.status_code in {405, 410}
    if page == "draft":
        assert answer.json() == {"message": "This link has ended."}
    assert not Administration.objects.exists()


def test_done_page_before_sending_leads_to_the_form(secret: str) -> None:
    answer = Browser().get(address(secret, "done"))
    assert (answer.status_code, answer["Location"]) == (302, address(secret))


def test_link_opened_too_often_is_asked_to_wait(secret: str) -> None:
    browser = Browser()
    for _ in range(MOST_FOR_A_LINK):
        browser.get(address(secret, "done"))
    answer = browser.get(address(secret))
    assert answer.status_code == 429
    assert "wait a minute" in text(answer)
    assert answer["Retry-After"] == "60"


def test_address_that_tries_many_links_is_asked_to_wait_and_a_real_one_still_opens(secret: str) -> None:
    browser = Browser()
    codes = [browser.get(address(f"guess-{n}")).status_code for n in range(MOST_MISSES + 1)]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert browser.get(address(secret)).status_code == 200


def test_form_needs_its_own_csrf_token(secret: str) -> None:
    browser = Browser(enforce_csrf_checks=True)
    assert browser.post(address(secret), fields(FULL)).status_code == 403
    browser.get(address(secret))
    token = browser.cookies["reknit_csrf"].value
    assert browser.post(address(secret), fields(FULL, csrfmiddlewaretoken=token)).status_code == 302


def test_sending_takes_five_queries(cast: Cast) -> None:
    _link, secret = link_to(cast, now(), measure="gad-7", episode=cast.cleo_episode)
    browser = Browser()
    browser.get(address(secret))
    given = {"key": str(uuid.uuid4()), **{f"q-gad7_{n}": "1" for n in range(1, 8)}}
    with CaptureQueriesContext(connection) as queries:
        assert browser.post(address(secret), given).status_code == 302
    asked = [q["sql"] for q in queries if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", q["sql"])]
    assert len(asked) == 5, asked

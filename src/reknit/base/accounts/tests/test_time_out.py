"""A sign-in that ends by time, answered in the way each request can hear; and the words that arrive too late."""

import json
import re
import uuid
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client as Browser
from tests.cast import PASSWORD, Cast

from reknit.base.accounts import kept, stamps
from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/people/add/"  # any address that needs a sign-in and takes a form
WORDS = 'She said "no" </textarea><script>alert(1)</script>\nand then & more'


@pytest.fixture
def people(cast: Cast) -> Cast:
    for person in (cast.ana, cast.adi, cast.cleo_user):
        person.set_password(PASSWORD)
        person.save()
    return cast


def begin(browser: Browser, user: User) -> None:
    browser.force_login(user, backend=BACKEND)
    browser.get("/me/")


def go_back_in_time(browser: Browser, minutes: int, *names: str) -> None:
    session = browser.session
    for name in names or (stamps.SEEN,):
        session[name] -= minutes * 60
    session.save()


def test_idle_staff_are_signed_out_and_clients_a_little_later(client: Browser, people: Cast) -> None:
    for user, minutes in ((people.ana, 15), (people.cleo_user, 30)):
        begin(client, user)
        go_back_in_time(client, minutes - 1)
        assert client.get("/me/").status_code == 200
        go_back_in_time(client, minutes)
        assert client.get("/me/?q=a+name").headers["Location"] == "/sign-in/?next=%2Fme%2F"
        assert AuditEvent.objects.filter(verb="sign-in ended by time", by=user.pk).exists()


def test_no_sign_in_lasts_longer_than_twelve_hours(client: Browser, people: Cast) -> None:
    begin(client, people.ana)
    go_back_in_time(client, 12 * 60, stamps.BEGAN)
    assert client.get("/me/").status_code == 302


def test_the_time_of_the_last_page_is_written_at_most_once_a_minute(client: Browser, people: Cast) -> None:
    begin(client, people.ana)
    stamp = client.session[stamps.SEEN]
    client.get("/me/")
    assert client.session[stamps.SEEN] == stamp
    go_back_in_time(client, 2)
    client.get("/me/")
    assert client.session[stamps.SEEN] >= stamp


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"x-autosave": "1"}])
def test_a_fetch_is_told_in_json(client: Browser, people: Cast, headers: dict[str, str]) -> None:
    begin(client, people.ana)
    go_back_in_time(client, 20)
    answer = client.post(PAGE, {"words": WORDS}, headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"signed_out": True, "sign_in_url": "/sign-in/"}


def test_htmx_is_sent_to_the_sign_in_page(client: Browser, people: Cast) -> None:
    begin(client, people.ana)
    go_back_in_time(client, 20)
    assert client.get("/me/", headers={"hx-request": "true"}).headers["HX-Redirect"] == "/sign-in/"


def late(browser: Browser, user: User, words: str = WORDS, to: str = PAGE) -> str:
    """A form that arrives after the sign-in ended; the page that answers it."""
    begin(browser, user)
    go_back_in_time(browser, 20)
    answer = browser.post(to, {"words": words, "csrfmiddlewaretoken": "x", "old_password": "secret words"})
    assert answer.status_code == 401
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_words_that_arrive_late_are_kept_escaped_and_offered_to_their_writer(
    client: Browser, people: Cast
) -> None:
    page = late(client, people.ana)
    assert "You were signed out. What you wrote is kept below until you sign in." in page
    assert "<script>alert" not in page
    assert "secret words" not in page
    wrong = client.post("/sign-in/", {"login": people.ana.email, "password": "wrong", **hidden(page)})
    page = wrong.content.decode()
    answer = client.post("/sign-in/", {"login": people.ana.email, "password": PASSWORD, **hidden(page)})
    page = answer.content.decode()
    assert "Save what you wrote" in page
    assert "<script>alert" not in page
    assert f'action="{PAGE}"' in page
    assert hidden(page) == {"words": WORDS}


def test_only_sentences_are_shown_and_every_field_is_kept() -> None:
    words = json.dumps([["key", str(uuid.uuid4())], ["phone", "01 23 45 67"], ["words", "Dana came on time"]])
    assert kept.Kept(words, "", "/", "").shown == ["Dana came on time"]
    assert len(kept.Kept(words, "", "/", "").fields) == 3


def test_the_log_of_failures_holds_no_kept_words(client: Browser, people: Cast) -> None:
    from axes.models import AccessAttempt

    page = late(client, people.ana)
    client.post("/sign-in/", {"login": people.ana.email, "password": "wrong", **hidden(page)})
    assert "She said" not in str(AccessAttempt.objects.values())


def test_another_person_sees_no_kept_words(client: Browser, people: Cast) -> None:
    page = late(client, people.ana)
    answer = client.post(
        "/sign-in/", {"login": people.adi.email, "password": PASSWORD, **hidden(page)}, follow=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "She said" not in client.get("/me/").content.decode()


def test_words_are_kept_the_morning_after_too(client: Browser, people: Cast) -> None:
    begin(client, people.ana)
    client.session.flush()
    answer = client.post(PAGE, {"words": WORDS})
    assert hidden(answer.content.decode())["kept_words"]


def test_words_of_an_unknown_person_are_not_carried(client: Browser, people: Cast) -> None:
    answer = client.post(PAGE, {"words": WORDS})
    assert answer.status_code == 401
    assert "She said" not in answer.content.decode()


def test_kept_words_go_nowhere_but_where_they_were_sent(client: Browser, people: Cast) -> None:
    told = hidden(late(client, people.ana))
    told["kept_mark"] = told["kept_mark"][:-2] + "xx"
    answer = client.post("/sign-in/", {"login": people.ana.email, "password": PASSWORD, **told})
    assert answer.status_code == 302


@pytest.mark.parametrize("words", ["[", "{}", '[["a"]]', '[["a", 1]]', "null", "7"])
def test_kept_words_that_are_none_are_dropped(client: Browser, people: Cast, words: str) -> None:
    told = {**hidden(late(client, people.ana)), "kept_words": words}
    answer = client.post("/sign-in/", {"login": people.ana.email, "password": PASSWORD, **told})
    assert answer.status_code in {200, 302}


def test_a_late_button_without_words_leads_to_the_sign_in_page(client: Browser, people: Cast) -> None:
    begin(client, people.ana)
    go_back_in_time(client, 20)
    assert client.post("/me/sessions/7/end/").headers["Location"] == "/sign-in/"


def test_words_too_long_to_keep_are_said_to_be(client: Browser, people: Cast) -> None:
    page = late(client, people.ana, words="word " * (kept.LIMIT // 4))
    assert "too long to keep here" in page
    assert "kept_words" not in page


def test_kept_words_survive_the_second_step(client: Browser, people: Cast) -> None:
    TOTP.activate(people.ana, generate_totp_secret())
    codes = RecoveryCodes.activate(people.ana).get_unused_codes()
    told = hidden(late(client, people.ana))
    page = client.post(
        "/sign-in/", {"login": people.ana.email, "password": PASSWORD, **told}
    ).content.decode()
    assert "Second step" in page
    wrong = client.post("/sign-in/second-step/", {"code": "1", **hidden(page)}).content.decode()
    assert "That code did not work" in wrong
    done = client.post("/sign-in/second-step/", {"code": codes[0], **hidden(wrong)}).content.decode()
    assert hidden(done) == {"words": WORDS}
    assert Authenticator.objects.filter(user=people.ana).count() == 2


def test_a_script_is_sent_to_the_page_for_the_second_step(client: Browser, people: Cast) -> None:
    TOTP.activate(people.ana, generate_totp_secret())
    answer = client.post(
        "/sign-in/",
        {"login": people.ana.email, "password": PASSWORD},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 401
    assert "second step" in answer.json()["message"]
    assert client.get("/me/").status_code == 302


def test_a_one_time_password_opens_one_page_only(client: Browser, people: Cast) -> None:
    people.ana.must_change_password = True
    people.ana.save()
    client.post("/sign-in/", {"login": people.ana.email, "password": PASSWORD})
    for address in ("/me/", "/people/"):
        assert client.get(address).headers["Location"] == "/me/password/"
    assert client.get("/me/", headers={"accept": "application/json"}).status_code == 403
    same = client.post(
        "/me/password/", {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "differs from the one you have now" in same.content.decode()
    new = "another quiet river 42"
    changed = client.post("/me/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.headers["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert AuditEvent.objects.filter(verb="change password", by=people.ana.pk).exists()

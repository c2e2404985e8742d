"""What a client reads and sends on their own phone about a day of use."""

import datetime as dt
import re
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import BEGIN, Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.network.models import Relationship
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_items_for
from reknit.care.substance_use.actions import change_use_episode, record_use_days, report_use_episode
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import UseDay, UseEpisode

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TAP = reverse("substance_use:client-report")


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend=BACKEND)
    return found


def tap(cast: Cast, key: uuid.UUID | None = None) -> tuple[Browser, UseEpisode, str]:
    cleo = browser(cast.cleo_user)
    page = cleo.post(TAP, {"key": str(key or uuid.uuid4())}, follow=True)
    return cleo, UseEpisode.objects.get(), page.content.decode()


def own(one: UseEpisode) -> str:
    return reverse("substance_use:client-reported", args=[one.pk])


def test_one_tap_is_enough_and_is_met_with_kindness_and_safety(watched: Cast) -> None:
    front = browser(watched.cleo_user).get("/my/").content.decode()
    assert "I used" in front and f'action="{TAP}"' in front
    _cleo, one, page = tap(watched)
    assert (one.reported_by, one.starts_on, one.substances) == ("client", today(), [])
    for words in (
        "Thank you for telling us",
        "Is someone hard to wake",
        "Give naloxone",
        "your body can take less",
        "Not now",
        "Nobody watches this page",
    ):
        assert words in page, words
    assert not UseDay.objects.exists()


def test_two_taps_are_one_report_and_it_reaches_the_therapist(watched: Cast) -> None:
    key = uuid.uuid4()
    tap(watched, key)
    tap(watched, key)
    item = RiskItem.objects.get()
    assert list(open_items_for(watched.ana, on=today())) == [item]
    board = browser(watched.ana).get("/risk/").content.decode()
    assert "Told us on their own page of a day of use" in board


def test_days_before_still_count(watched: Cast) -> None:
    told = [
        DayEntry(BEGIN.date() + dt.timedelta(days=day), code, False)
        for day in range(12)
        for code in ("alcohol", "cocaine")
    ]
    record_use_days(by=watched.ana, at=now(), client=watched.cleo, days=told, source="interview")
    _cleo, _one, page = tap(watched)
    assert re.search(r"12</span> days without use since we began", page)


def test_more_may_be_told_in_own_words_and_fills_the_days(watched: Cast, jo: Relationship) -> None:
    cleo, one, page = tap(watched)
    assert "What was going on before?" in page and "Jo" in page
    sent = {
        "revision": "0",
        "starts_on": one.starts_on.isoformat(),
        "substances": ["alcohol"],
        "with_people": [str(jo.pk)],
        "overdose_signs": "yes",
        "trigger": "<i>We</i> had words",
    }
    page = cleo.post(own(one), sent, follow=True).content.decode()
    assert "Thank you for telling us more" in page
    assert "&lt;i&gt;We&lt;/i&gt; had words" in page
    one.refresh_from_db()
    assert (one.company, one.overdose_signs, UseDay.objects.get().source) == ("with", True, "client")
    assert {item.reason for item in RiskItem.objects.all()} == {"use_reported", "use_overdose_signs"}


def test_nobody_else_opens_it_and_only_own_reports_open(watched: Cast) -> None:
    cleo, one, _page = tap(watched)
    for person in (watched.eli_user, watched.ana, watched.ben, watched.dov, watched.ina, watched.adi):
        assert browser(person).get(own(one)).status_code == 404
        if person != watched.eli_user:
            assert browser(person).post(TAP, {"key": str(uuid.uuid4())}).status_code == 404
    staffs = report_use_episode(
        by=watched.ana,
        at=now(),
        client=watched.cleo,
        key=uuid.uuid4(),
        reported_by="therapist",
        starts_on=today(),
    ).use_episode
    assert cleo.get(own(staffs)).status_code == 404
    assert UseEpisode.objects.filter(client=watched.eli).count() == 0


def test_client_reads_no_risk_no_test_and_no_word_for_a_pattern(watched: Cast) -> None:
    cleo, _one, page = tap(watched)
    shown = (page + cleo.get("/my/").content.decode()).lower()
    for word in ("relapse", "lapse", "risk", "discordant", "positive", "item"):
        assert word not in re.sub(r"<[^>]+>", " ", shown), word
    assert "<title>my notes</title>" in shown.replace("\n", "")


def test_without_consent_nothing_is_kept_and_the_numbers_are_there(watched: Cast) -> None:
    revoke_consent(by=watched.ina, at=now(), consent=Consent.objects.get(client=watched.cleo))
    page = browser(watched.cleo_user).post(TAP, {"key": str(uuid.uuid4())}, follow=True).content.decode()
    assert "Please call us" in page and "01 23 45 67 89" in page
    assert not UseEpisode.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "9999-12-31"},
        {"starts_on": ""},
        {"substances": ["moonshine"]},
        {"trigger": "a\0b"},
        {"trigger": "x" * 2001},
        {"revision": "-1"},
        {"with_people": [str(uuid.uuid4())]},
    ],
)
def test_hostile_words_are_answered_with_a_sentence(
    watched: Cast, jo: Relationship, wrong: dict[str, object]
) -> None:
    cleo, one, _page = tap(watched)
    sent = {"revision": "0", "starts_on": one.starts_on.isoformat()}
    answer = cleo.post(own(one), sent | wrong)
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.revision == 0


@pytest.mark.parametrize("key", ["", "x", "\0"])
def test_tap_without_its_key_changes_nothing(watched: Cast, key: str) -> None:
    answer = browser(watched.cleo_user).post(TAP, {"key": key})
    assert answer["Location"] == "/my/"
    assert not UseEpisode.objects.exists()


def test_client_who_saves_after_the_therapist_is_told(watched: Cast) -> None:
    cleo, one, _page = tap(watched)
    change_use_episode(by=watched.ana, at=now(), use_episode=one, revision=0, place="At home")
    answer = cleo.post(own(one), {"revision": "0", "starts_on": one.starts_on.isoformat(), "place": "A bar"})
    assert answer.status_code == 422
    assert "We have added to this too" in answer.content.decode()

"""What clinicians read and send about screens and plans, and what the client sees of them."""

import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.safety.actions import record_withdrawal_screen, save_safety_plan
from reknit.care.safety.models import (
    MedicalReview,
    OverdosePlan,
    RiskItem,
    SafetyPlan,
    ViolenceFlag,
    WithdrawalScreen,
)

FORMS = ("withdrawal-screen", "medical-review", "overdose-plan", "safety-plan", "violence-flag")


def browser(person: User) -> Browser:
    found = Browser()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def address(cast: Cast, name: str) -> str:
    return reverse(f"safety:{name}", args=[cast.cleo.pk])


def key() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize("name", FORMS)
def test_dov_eli_and_the_client_cannot_open_a_form(cast: Cast, name: str) -> None:
    for person in (cast.dov, cast.eli_user, cast.cleo_user, cast.ina, cast.dara, cast.adi):
        assert browser(person).get(address(cast, name)).status_code == 404
        assert browser(person).post(address(cast, name), {}).status_code == 404
    assert browser(cast.ben).get(address(cast, name)).status_code == 403


def test_red_flag_opens_an_item_and_the_page_says_what_is_due(cast: Cast) -> None:
    ana = browser(cast.ana)
    sent = {"key": key(), "past_severe": "yes", "age": "no"}
    page = ana.post(address(cast, "withdrawal-screen"), sent, follow=True).content.decode()
    assert page.count("unknown") == 0 or "Answer" not in page
    # Lines left alone arrive as not known, as the page sends them.
    full = dict.fromkeys(_flags(), "unknown") | sent
    page = ana.post(address(cast, "withdrawal-screen"), full, follow=True).content.decode()
    for words in ("A red flag for withdrawal was found", "A medical review is due.", "8 lines are not known"):
        assert words in page, words
    assert RiskItem.objects.get().reason == "withdrawal"
    review = {"key": key(), "reviewed_on": today().isoformat(), "outcome": "detox", "reviewer": "Ward 3"}
    page = ana.post(address(cast, "medical-review"), review, follow=True).content.decode()
    assert "Referred to supervised withdrawal" in page and "A medical review is due." not in page


def _flags() -> list[str]:
    from reknit.core.safety.withdrawal import RED_FLAGS

    return [one.key for one in RED_FLAGS]


def test_plan_is_written_shown_to_the_client_and_taken_down(cast: Cast) -> None:
    ana, cleo = browser(cast.ana), browser(cast.cleo_user)
    words = {"based_on": "0", "signs": "<b>I stop</b> answering.", "ask": "Jo, most evenings."}
    page = ana.post(address(cast, "safety-plan"), words, follow=True).content.decode()
    assert "&lt;b&gt;I stop&lt;/b&gt; answering." in page
    assert "The client cannot read it" in page
    assert "answering" not in cleo.get("/my/").content.decode()
    share = address(cast, "safety-plan-share")
    assert (
        "has changed since" in ana.post(share, {"do": "show", "version": "9"}, follow=True).content.decode()
    )
    ana.post(share, {"do": "show", "version": "1"})
    shown = cleo.get("/my/").content.decode()
    assert "My signs." in shown and "&lt;b&gt;I stop&lt;/b&gt; answering." in shown
    assert "answering" not in browser(cast.eli_user).get("/my/").content.decode()
    ana.post(share, {"do": "take_down"})
    assert "answering" not in cleo.get("/my/").content.decode()


def test_two_who_write_one_plan_see_both(cast: Cast) -> None:
    save_safety_plan(by=cast.ben, at=now(), client=cast.cleo, based_on=0, words={"signs": "Theirs."})
    ana, sent = browser(cast.ana), {"based_on": "0", "signs": "Mine."}
    answer = ana.post(address(cast, "safety-plan"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Somebody else saved this plan", "Theirs.", "Mine.", 'name="based_on" value="1"'):
        assert words in page, words
    ana.post(address(cast, "safety-plan"), sent | {"based_on": "1"})
    assert SafetyPlan.objects.count() == 2


def test_overdose_plan_says_what_is_not_known(cast: Cast) -> None:
    ana = browser(cast.ana)
    names = ("trained_client", "naloxone_circle", "trained_circle", "tolerance_talk", "not_alone_talk")
    sent = dict.fromkeys(names, "unknown") | {
        "based_on": "0",
        "naloxone_client": "yes",
        "medication_offer": "accepted",
    }
    page = ana.post(address(cast, "overdose-plan"), sent, follow=True).content.decode()
    assert "Offered; the client wants it" in page and "Not known" in page
    assert OverdosePlan.objects.get().tolerance_talk == "unknown"


def test_violence_flag_needs_a_reason_and_stays_off_the_clients_page(cast: Cast) -> None:
    ana = browser(cast.ana)
    answer = ana.post(address(cast, "violence-flag"), {"turn": "on", "reason": " "})
    assert answer.status_code == 422
    page = ana.post(
        address(cast, "violence-flag"), {"turn": "on", "reason": "canary: afraid at home"}, follow=True
    ).content.decode()
    assert "no session with somebody else in the room" in page and "canary" in page
    assert "canary" in browser(cast.ben).get(address(cast, "risk-client")).content.decode()
    assert "canary" not in browser(cast.cleo_user).get("/my/").content.decode()
    assert ViolenceFlag.objects.get().is_on


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("withdrawal-screen", {"past_severe": "maybe"}),
        ("withdrawal-screen", {"key": "x"}),
        ("medical-review", {"reviewed_on": "9999-12-31", "outcome": "detox"}),
        ("medical-review", {"outcome": "<script>"}),
        ("overdose-plan", {"based_on": "-1"}),
        ("overdose-plan", {"based_on": "0", "note": "a\0"}),
        ("safety-plan", {"based_on": "0"}),
        ("safety-plan", {"based_on": "0", "signs": "x" * 2001}),
        ("violence-flag", {"turn": "sideways", "reason": "x"}),
    ],
)
def test_hostile_input_is_said_and_not_kept(cast: Cast, name: str, sent: dict[str, str]) -> None:
    assert browser(cast.ana).post(address(cast, name), {"key": key(), **sent}).status_code == 422
    for model in (WithdrawalScreen, MedicalReview, OverdosePlan, SafetyPlan, ViolenceFlag):
        assert not model._default_manager.exists()


def test_risk_page_keeps_its_number_of_queries_as_versions_grow(cast: Cast) -> None:
    ana, counts, version = browser(cast.ana), [], 0
    for n in (3, 30):
        for _turn in range(n):
            words = {"signs": f"Version {version}."}
            save_safety_plan(by=cast.ana, at=now(), client=cast.cleo, based_on=version, words=words)
            answers = dict.fromkeys(_flags(), "no")
            record_withdrawal_screen(
                by=cast.ana, at=now(), client=cast.cleo, key=uuid.uuid4(), answers=answers
            )
            version += 1
        ana.get(address(cast, "risk-client"))
        with CaptureQueriesContext(connection) as queries:
            ana.get(address(cast, "risk-client"))
        counts.append(len(queries))
    assert counts[0] == counts[1]

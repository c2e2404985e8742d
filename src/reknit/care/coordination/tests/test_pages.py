"""What the care team reads and sends about care beside IPT."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.coordination import actions
from reknit.care.coordination.models import CareContact, LevelOfCareNote, Treatment
from reknit.care.formulation.actions import save_grid
from reknit.care.medication.actions import add_medication
from reknit.care.safety.actions import record_no_contact


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def url(cast: Cast, name: str, *more: object) -> str:
    return reverse(f"coordination:{name}", args=[cast.cleo.pk, *more])


def text(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def fill(cast: Cast, n: int) -> None:
    """People outside, treatments and medication, `n` of each."""
    ana: dict[str, Any] = {"by": cast.ana, "at": now(), "client": cast.cleo}
    for _n in range(n):
        one = actions.add_care_contact(**ana, key=uuid.uuid4(), role="doctor", name="Dr Bell")
        actions.agree_sharing(
            by=cast.ana,
            at=now(),
            contact=one,
            covers=["use"],
            purpose="Care",
            how="paper",
            expires_on=today(),
        )
        done = actions.add_treatment(**ana, key=uuid.uuid4(), kind="cbt", starts_on=today())
        actions.add_entry(by=cast.ana, at=now(), treatment=done, key=uuid.uuid4(), on=today())
        add_medication(**ana, key=uuid.uuid4(), kind="mood", name="Sertraline", starts_on=today())


def test_one_page_shows_team_sharing_grid_and_what_runs_beside(cast: Cast) -> None:
    fill(cast, 1)
    save_grid(
        by=cast.ana,
        at=now(),
        episode=cast.cleo_episode,
        based_on=0,
        words={"social": "Works nights."},
        rests_on={},
    )
    page = text(browser(cast.ben), url(cast, "care-show"))
    for said in (
        "Ana Test",
        "Dr Bell",
        "Substance use and test results",
        "Works nights.",
        "Cognitive behavioural",
    ):
        assert said in page
    assert "Add somebody outside" not in page and "<title>Care" in page.replace("\n", "")


def test_page_asks_the_same_queries_however_much_there_is(cast: Cast) -> None:
    ana = browser(cast.ana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            ana.get(url(cast, "care-show"))
        return len(found)

    fill(cast, 3)
    queries()
    few = queries()
    fill(cast, 12)
    assert queries() == few <= 26


def test_contact_is_added_and_what_they_may_be_told_is_agreed(cast: Cast) -> None:
    ana, sent = browser(cast.ana), {"key": str(uuid.uuid4()), "role": "prescriber", "name": "Dr Bell"}
    assert ana.post(url(cast, "contact-add"), sent).status_code == 302
    one = CareContact.objects.get()
    agreed = url(cast, "sharing-agree", one.pk)
    answer = ana.post(agreed, {"covers": ["use"], "purpose": "Care", "how": "spoken", "expires_on": today()})
    assert answer.status_code == 422 and "Write who heard the client say yes." in answer.content.decode()
    said = {"covers": ["use"], "purpose": "Care", "how": "paper", "expires_on": today().isoformat()}
    assert ana.post(agreed, said).status_code == 302
    assert "May be told:" in text(ana, url(cast, "care-show"))
    ana.post(url(cast, "sharing-end", one.pk))
    assert "May be told nothing" in text(ana, url(cast, "care-show"))


@pytest.mark.parametrize("kind", Treatment.Kind.values)
def test_treatment_of_each_kind_is_added_logged_and_ended(cast: Cast, kind: str) -> None:
    ana, key = browser(cast.ana), str(uuid.uuid4())
    sent = {"key": key, "kind": kind, "starts_on": today().isoformat(), "what": "Tuesdays"}
    assert ana.post(url(cast, "treatment-add"), sent).status_code == 302
    entry = {"key": str(uuid.uuid4()), "on": today().isoformat(), "liked": "yes", "contacts": "2"}
    assert ana.post(url(cast, "entry-add", key), entry).status_code == 302
    change = {"revision": "1", "starts_on": today().isoformat(), "ends_on": today().isoformat()}
    assert ana.post(url(cast, "treatment-change", key), change).status_code == 422
    assert ana.post(url(cast, "treatment-change", key), change | {"end_reason": "Done."}).status_code == 302
    assert Treatment.objects.get().state == "ended"


def test_level_page_sorts_facts_by_edition_and_keeps_the_note(cast: Cast) -> None:
    ana, page = browser(cast.ana), url(cast, "level-show")
    assert "Readiness" in text(ana, page)
    fourth = text(ana, page + "?edition=asam-4")
    assert "Readiness" not in fourth and "Person-centred considerations" in fourth
    assert fourth.count("see the name in your own copy") == 5
    sent = {
        "key": str(uuid.uuid4()),
        "edition": "asam-4",
        "wanted": "residential",
        "given": "outpatient",
        "why": "So.",
    }
    answer = ana.post(page, sent)
    assert answer.status_code == 422 and "Write why the two differ." in answer.content.decode()
    assert ana.post(page, sent | {"gap_reason": "No place."}).status_code == 302
    assert LevelOfCareNote.objects.get().edition == "asam-4"


def test_dov_and_eli_cannot_open_any_of_it(cast: Cast) -> None:
    for person in (cast.dov, cast.eli_user, cast.cleo_user, cast.dara):
        for name in ("care-show", "contact-add", "treatment-add", "level-show"):
            assert browser(person).get(url(cast, name)).status_code == 404
    assert browser(cast.ben).get(url(cast, "contact-add")).status_code == 403


def test_nobody_joins_a_team_whose_own_client_must_be_kept_apart_from_this_one(cast: Cast) -> None:
    assert browser(cast.ina).get(url(cast, "team-change")).status_code == 200
    record_no_contact(
        by=cast.dov, at=now(), client=cast.eli, key=uuid.uuid4(), kind="court",
        given_name=cast.cleo.given_name, family_name=cast.cleo.family_name, starts_on=today(), reason="Canary",
    )  # fmt: skip
    form = {"clinician": str(cast.dov.pk), "part": "cover"}
    for person in (cast.ina, cast.ana):
        answer = browser(person).post(url(cast, "team-change"), form)
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "cannot be placed there" in said
        assert "Canary" not in said and cast.eli.name not in said
    assert cast.cleo.care_team.count() == 1
    form["clinician"] = str(cast.ben.pk)
    assert browser(cast.ina).post(url(cast, "team-change"), form).status_code == 302


def test_what_somebody_outside_does_is_chosen_and_letters_are_reached_once_they_may_be_told(
    cast: Cast,
) -> None:
    ana, form = browser(cast.ana), {"key": str(uuid.uuid4()), "name": "Dr Bell"}
    assert ana.post(url(cast, "contact-add"), form).status_code == 422
    assert not CareContact.objects.exists()
    letters = reverse("closure:letter-list", args=[cast.cleo.pk])
    assert letters not in text(ana, url(cast, "care-show"))
    fill(cast, 1)
    assert letters in text(ana, url(cast, "care-show"))

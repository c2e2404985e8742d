"""Giving something to read: written down once, opened by its link, and silent about what it is."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.materials.actions import LINK_DAYS, give_material, take_back_material
from reknit.care.materials.models import MaterialGiven
from reknit.care.materials.queries import given_in, given_to, opened_by
from reknit.care.people.actions import change_site


def browser(user: User | None = None) -> Browser:
    found = Browser()
    if user:
        found.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def give(cast: Cast, at: dt.datetime, **more: Any) -> tuple[MaterialGiven, str]:
    wanted = {"topic": "overdose", "language": "es", "how": "session", "key": uuid.uuid4()} | more
    return give_material(by=cast.ana, at=at, client=cast.cleo, **wanted)


def test_given_text_keeps_its_version_language_way_and_giver(cast: Cast, at: dt.datetime) -> None:
    encounter = uuid.uuid4()
    row, secret = give(cast, at, encounter_id=encounter)
    assert (row.topic, row.language, row.version, row.how, row.given_by) == (
        "overdose",
        "es",
        2,
        "session",
        cast.ana,
    )
    assert not secret and row.fingerprint is None
    assert [one.sentence for one in given_in(encounter)] == [
        "Given to read: “Si alguien tiene una sobredosis” (Spanish, version 2), gone through together."
    ]


def test_same_key_sent_twice_is_written_down_once(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    assert give(cast, at, key=key)[0] == give(cast, at, key=key)[0]
    assert MaterialGiven.objects.count() == 1


def test_key_of_a_link_sent_twice_gives_out_no_second_secret(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    give(cast, at, key=key, how="link")
    with pytest.raises(DomainError, match="used before"):
        give(cast, at, key=key, how="link")


def test_nothing_is_given_without_consent(cast: Cast, at: dt.datetime) -> None:
    revoke_consent(by=cast.ana, at=at, consent=Consent.objects.get(client=cast.cleo))
    with pytest.raises(DomainError):
        give(cast, at)
    assert not MaterialGiven.objects.exists()


@pytest.mark.parametrize("wrong", [{"topic": "../pack"}, {"language": "fr"}, {"how": "post"}])
def test_what_the_library_does_not_have_is_not_given(cast: Cast, at: dt.datetime, wrong: Any) -> None:
    with pytest.raises(DomainError):
        give(cast, at, **wrong)


def test_link_opens_the_text_until_its_day_and_not_after_it_was_taken_back(
    cast: Cast, at: dt.datetime
) -> None:
    row, secret = give(cast, at, how="link")
    assert opened_by(secret, at=at) and opened_by("x" + secret, at=at) is None
    assert opened_by(secret, at=at + dt.timedelta(days=LINK_DAYS)) is None
    take_back_material(by=cast.ana, at=at, given=row)
    assert opened_by(secret, at=at) is None and given_to(cast.cleo) == []


def test_page_of_a_link_speaks_the_texts_language_and_its_title_says_nothing(cast: Cast) -> None:
    change_site(by=cast.adi, at=now(), site=cast.site, emergency_number="112")
    _row, secret = give(cast, now(), how="link")
    address = reverse("materials:page-read", args=[secret])
    answer = browser().get(address)
    page = answer.content.decode()
    assert "<title>My notes</title>" in page.replace("\n", "") and 'lang="es"' in page
    assert "Llame a una ambulancia" in page and "Si corre peligro ahora" in page and "112" in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in answer["Cache-Control"]
    assert not {"overdose", "naloxone", "material"} & set(address.replace("/", " ").split())


def test_link_that_has_ended_says_so_kindly(cast: Cast) -> None:
    answer = browser().get(reverse("materials:page-read", args=["nobodys"]))
    assert answer.status_code == 404 and "nobody’s fault" in answer.content.decode()


def test_whoever_tries_many_addresses_is_asked_to_wait(cast: Cast) -> None:
    anybody = browser()
    answers = [anybody.get(reverse("materials:page-read", args=[f"x{n}"])).status_code for n in range(32)]
    assert answers[0] == 404 and answers[-1] == 429


def test_giving_on_the_page_shows_the_link_once_and_lists_it(cast: Cast) -> None:
    ana, url = browser(cast.ana), reverse("materials:material-give", args=[cast.cleo.pk])
    sent = {"key": str(uuid.uuid4()), "topic": "craving", "language": "en", "how": "link"}
    page = ana.post(url, sent).content.decode()
    assert "/r/" in page and "<svg" in page
    listed = ana.get(reverse("materials:given-list", args=[cast.cleo.pk])).content.decode()
    assert "What an urge is" in listed and "/r/" not in listed
    assert ana.post(url, sent).status_code == 422


def test_bad_input_gives_nothing(cast: Cast) -> None:
    answer = browser(cast.ana).post(
        reverse("materials:material-give", args=[cast.cleo.pk]), {"topic": "none"}
    )
    assert answer.status_code == 422 and not MaterialGiven.objects.exists()


def test_dov_and_eli_see_nothing_of_it(cast: Cast) -> None:
    row, _secret = give(cast, now())
    for person in (cast.dov, cast.eli_user, cast.cleo_user):
        for name in ("given-list", "material-give"):
            assert browser(person).get(reverse(f"materials:{name}", args=[cast.cleo.pk])).status_code == 404
        back = reverse("materials:material-take-back", args=[cast.cleo.pk, row.pk])
        assert browser(person).post(back).status_code == 404


def test_list_asks_the_same_queries_however_much_was_given(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser(cast.ana).get(reverse("materials:given-list", args=[cast.cleo.pk]))
        return len(found)

    for _n in range(3):
        give(cast, now())
    queries()
    few = queries()
    for _n in range(27):
        give(cast, now())
    assert queries() == few


@pytest.mark.parametrize("big", ["", "?big"])
def test_library_prints_as_tagged_pdf_in_two_sizes(cast: Cast, big: str) -> None:
    answer = browser(cast.fay).get(reverse("materials:material-pdf", args=["overdose", "es"]) + big)
    assert answer.content.startswith(b"%PDF") and b"/MarkInfo" in answer.content
    assert b"reading.pdf" in answer["Content-Disposition"].encode()


def test_library_shows_text_sources_and_the_day_to_look_again(cast: Cast) -> None:
    page = browser(cast.ana).get(reverse("materials:material-show", args=["pain", "en"])).content.decode()
    assert "Pain pills" in page and "MMWR" in page and "26 November 2028" in page
    assert browser(cast.dara).get(reverse("materials:material-list")).status_code == 403


def test_client_reads_again_what_was_given_to_them_alone(cast: Cast, at: dt.datetime) -> None:
    row, _secret = give(cast, at)
    cleo, eli = browser(cast.cleo_user), browser(cast.eli_user)
    assert "/my/reading/" in cleo.get("/my/").content.decode()
    assert "/my/reading/" not in eli.get("/my/").content.decode()
    listed = cleo.get(reverse("materials:my-reading")).content.decode()
    where = reverse("materials:my-page", args=[row.pk])
    assert where in listed and "Si alguien tiene una sobredosis" in listed
    page = cleo.get(where)
    assert "Si alguien tiene una sobredosis" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert eli.get(where).status_code == browser(cast.ana).get(where).status_code == 404
    take_back_material(by=cast.ana, at=at, given=row)
    assert cleo.get(where).status_code == 404 and "/my/reading/" not in cleo.get("/my/").content.decode()

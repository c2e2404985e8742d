"""Facts at admission: captured once, blank stays blank, and only codes that exist are kept."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.cast import Cast, today

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.intake import actions
from reknit.care.intake.models import AdmissionFacts
from reknit.care.intake.queries.admission import admissions_open_to
from reknit.core.intake.teds import FACTS, missing


def test_blank_has_no_code_and_a_strange_code_is_refused(cast: Cast, at: dt.datetime) -> None:
    told = {"by": cast.ana, "at": at, "episode": cast.cleo_episode}
    facts = actions.save_admission_facts(**told, revision=0, answers={"SUB1": "2", "EDUC": ""})
    assert facts.answers == {"SUB1": "2"} and "EDUC" in missing(facts.answers)
    for answers in ({"SUB1": "99"}, {"NOTHING": "1"}):
        with pytest.raises(DomainError, match="from the list"):
            actions.save_admission_facts(**told, revision=1, answers=answers)
    with pytest.raises(Conflict):
        actions.save_admission_facts(**told, revision=0, answers={"SUB1": "3"})


def test_keys_and_codes_differ() -> None:
    assert len({fact.key for fact in FACTS}) == len(FACTS)
    assert all(len(dict(fact.codes)) == len(fact.codes) for fact in FACTS)


def test_team_writes_and_reads_what_is_missing(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("intake:admission-facts", args=[cast.cleo.pk])
    assert "of the minimum set" in browser.get(url).content.decode()
    assert browser.post(url, {"revision": "0", "EMPLOY": "9"}).status_code == 422
    page = browser.post(url, {"revision": "0", "EMPLOY": "2", "SUB1": "1"}, follow=True)
    assert "Part time" in page.content.decode()
    assert AdmissionFacts.objects.get().answers == {"EMPLOY": "2", "SUB1": "1"}


def table_of(user: object) -> list[dict[str, str]]:
    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    answer = browser.get(reverse("intake:admissions-table"))
    assert answer.status_code == 200, answer.status_code
    assert answer["Cache-Control"] == "no-store"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_table_holds_open_charts_alone_and_blank_stays_blank(cast: Cast, at: dt.datetime) -> None:
    actions.save_admission_facts(
        by=cast.ana, at=at, episode=cast.cleo_episode, revision=0, answers={"SUB1": "2", "NOPRIOR": "0"}
    )
    rows = {row["course"]: row for row in table_of(cast.ana)}
    cleo = rows[str(cast.cleo_episode.pk)]
    assert (cleo["SUB1"], cleo["NOPRIOR"], cleo["EDUC"]) == ("2", "0", "")
    assert int(cleo["minimum_missing"]) == len(missing({"SUB1": "2", "NOPRIOR": "0"}))
    assert cast.cleo.family_name not in str(rows)
    read = AuditEvent.objects.filter(verb="read", detail__page="admissions as a file", by=cast.ana.pk)
    assert read.filter(client_id=cast.cleo.pk).count() == 1
    assert str(cast.cleo_episode.pk) in {row["course"] for row in table_of(cast.ben)}  # the supervisory line
    assert str(cast.cleo_episode.pk) not in {row["course"] for row in table_of(cast.dov)}


def test_table_is_refused_to_those_who_read_no_chart(cast: Cast) -> None:
    for user in (cast.dara, cast.ina, cast.adi):
        browser = Browser()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert browser.get(reverse("intake:admissions-table")).status_code == 403


def test_two_queries_however_many(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        admissions_open_to(cast.ana, on=today())


def test_a_clinician_finds_their_own_profile_in_settings(cast: Cast) -> None:
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    mine = reverse("people:profile-change", args=[cast.ana.pk])
    assert mine in browser.get(reverse("accounts:me")).content.decode()
    assert reverse("accounts:me") in browser.get(mine).content.decode()
    browser.force_login(cast.dara, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "/clinicians/" not in browser.get(reverse("accounts:me")).content.decode()

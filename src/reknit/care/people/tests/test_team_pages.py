"""Who cares for a client, who may change it, and the client's own sign-in."""

import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast, staff

from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.care.people.actions import join_care_team, leave_care_team, set_status
from reknit.care.people.models import CareTeamMember, Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def as_(browser: Browser, user: User) -> Browser:
    browser.force_login(user, backend=BACKEND)
    return browser


def team_page(client: Client) -> str:
    return reverse("coordination:team-change", args=[client.pk])


def sign_in_page(client: Client) -> str:
    return reverse("people:client-sign-in", args=[client.pk])


@pytest.mark.parametrize("who", ["dov", "tess", "fay", "dara", "rea", "adi", "cleo_user", "eli_user"])
def test_strangers_learn_nothing_of_a_team(client: Browser, cast: Cast, who: str) -> None:
    as_(client, cast.users()[who])
    member = cast.cleo.care_team.get()
    leave = reverse("people:team-leave", args=[cast.cleo.pk, member.pk])
    for address in (team_page(cast.cleo), sign_in_page(cast.cleo)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"clinician": str(cast.dov.pk), "part": "cover"}).status_code == 404
    assert client.post(leave).status_code == 404
    assert cast.cleo.care_team.get().ends_on is None


@pytest.mark.parametrize("who", ["ana", "ben", "ina"])
def test_therapist_supervisor_and_intake_change_the_team(client: Browser, cast: Cast, who: str) -> None:
    as_(client, cast.users()[who])
    form = {"clinician": str(cast.dov.pk), "part": "cover"}
    assert client.post(team_page(cast.cleo), form).headers["Location"] == team_page(cast.cleo)
    assert "Dov Test" in client.get(team_page(cast.cleo)).content.decode()
    event = AuditEvent.objects.filter(verb="join care team").latest("id")
    assert (event.by, event.client_id) == (cast.users()[who].pk, cast.cleo.pk)
    member = CareTeamMember.objects.get(client=cast.cleo, clinician=cast.dov)
    client.post(reverse("people:team-leave", args=[cast.cleo.pk, member.pk]))
    member.refresh_from_db()
    assert member.ends_on is not None
    other = cast.eli.care_team.get()
    assert client.post(reverse("people:team-leave", args=[cast.cleo.pk, other.pk])).status_code == 404


def test_cover_sees_the_team_and_does_not_change_it(client: Browser, cast: Cast) -> None:
    join_care_team(
        by=cast.ina, at=BEGIN, client=cast.cleo, clinician=cast.dov, starts_on=BEGIN.date(), part="cover"
    )
    as_(client, cast.dov)
    assert "Add a clinician" not in client.get(team_page(cast.cleo)).content.decode()
    assert client.post(team_page(cast.cleo), {"clinician": str(cast.fay.pk)}).status_code == 403
    member = cast.cleo.care_team.get(clinician=cast.ana)
    assert client.post(reverse("people:team-leave", args=[cast.cleo.pk, member.pk])).status_code == 403
    assert client.get(sign_in_page(cast.cleo)).status_code == 403


def test_intake_sees_name_and_team_and_no_way_into_the_chart(client: Browser, cast: Cast) -> None:
    page = as_(client, cast.ina).get(team_page(cast.cleo)).content.decode()
    assert "Cleo Case" in page
    assert f'/clients/{cast.cleo.pk}/"' not in page
    assert client.get(sign_in_page(cast.cleo)).status_code == 404
    assert AuditEvent.objects.filter(verb="read", by=cast.ina.pk, detail__page="team").exists()
    set_status(by=cast.ina, at=BEGIN, client=cast.cleo, status=Client.Status.CLOSED)
    assert client.get(team_page(cast.cleo)).status_code == 404


def test_a_client_has_one_therapist_at_a_time(client: Browser, cast: Cast) -> None:
    form = {"clinician": str(cast.dov.pk), "part": "lead"}
    page = as_(client, cast.ina).post(team_page(cast.cleo), form)
    assert page.status_code == 422
    assert "End that first" in page.content.decode()


@pytest.mark.parametrize("form", [{}, {"clinician": "x", "part": "y"}, {"clinician": "\0", "part": "cover"}])
def test_bad_choices_add_nobody(client: Browser, cast: Cast, form: dict[str, str]) -> None:
    assert as_(client, cast.ina).post(team_page(cast.cleo), form).status_code == 422
    assert cast.cleo.care_team.count() == 1


def test_people_who_read_no_chart_are_not_offered(client: Browser, cast: Cast) -> None:
    form = {"clinician": str(cast.dara.pk), "part": "cover"}
    assert as_(client, cast.ina).post(team_page(cast.cleo), form).status_code == 422


def test_a_therapist_who_left_reads_no_team(client: Browser, cast: Cast) -> None:
    member = cast.cleo.care_team.get()
    leave_care_team(by=cast.ina, at=BEGIN, member=member, ends_on=BEGIN.date())
    assert as_(client, cast.ana).get(team_page(cast.cleo)).status_code == 404


def test_the_team_asks_the_same_number_of_queries_however_many(client: Browser, cast: Cast) -> None:
    as_(client, cast.ana).get(team_page(cast.cleo))
    with CaptureQueriesContext(connection) as few:
        client.get(team_page(cast.cleo))
    for number in range(30):
        join_care_team(
            by=cast.ina,
            at=BEGIN,
            client=cast.cleo,
            clinician=staff(f"Zoe{number}", Role.THERAPIST),
            starts_on=BEGIN.date(),
            part="cover",
        )
    with CaptureQueriesContext(connection) as many:
        assert "1 to 25 of 31" in client.get(team_page(cast.cleo)).content.decode()
    assert len(few) == len(many)


def new_client(cast: Cast) -> Client:
    Client.objects.filter(pk=cast.cleo.pk).update(user=None)
    cast.cleo.refresh_from_db()
    return cast.cleo


def test_the_therapist_makes_the_clients_sign_in_once_shown(client: Browser, cast: Cast) -> None:
    cleo = new_client(cast)
    as_(client, cast.ana)
    assert client.post(sign_in_page(cleo), {"email": "DOV@clinic.example"}).status_code == 422
    page = client.post(sign_in_page(cleo), {"email": "cleo.home@mail.example"})
    password = re.findall(r"<code>([^<]+)</code>", page.content.decode())[0]
    assert "no-store" in page.headers["Cache-Control"]
    cleo.refresh_from_db()
    assert cleo.user is not None
    assert cleo.user.roles == [Role.CLIENT]
    browser = Browser()
    browser.post("/sign-in/", {"login": "cleo.home@mail.example", "password": password})
    assert browser.get("/me/").headers["Location"] == "/me/password/"
    again = client.post(sign_in_page(cleo)).content.decode()
    assert re.findall(r"<code>([^<]+)</code>", again)[0] != password
    assert browser.get("/me/password/").status_code == 302
    assert User.objects.filter(email="cleo.home@mail.example").count() == 1


@pytest.mark.parametrize("who", ["ben", "ina", "dov", "adi", "cleo_user"])
def test_nobody_else_makes_the_clients_sign_in(client: Browser, cast: Cast, who: str) -> None:
    cleo = new_client(cast)
    answer = as_(client, cast.users()[who]).post(sign_in_page(cleo), {"email": "x@mail.example"})
    assert answer.status_code in {403, 404}
    assert not User.objects.filter(email="x@mail.example").exists()


def test_a_closed_course_gets_no_sign_in(client: Browser, cast: Cast) -> None:
    cleo = new_client(cast)
    set_status(by=cast.ina, at=now(), client=cleo, status=Client.Status.CLOSED)
    page = as_(client, cast.ana).post(sign_in_page(cleo), {"email": "x@mail.example"})
    assert page.status_code == 422
    assert "no sign-in is made" in page.content.decode()

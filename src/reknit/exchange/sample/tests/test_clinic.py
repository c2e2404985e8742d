"""The clinic that is made: who is in it, what stands open, and that it holds together."""

import datetime as dt
import zoneinfo
from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from reknit.base.accounts.models import Role, User
from reknit.base.audit.verify import verify_chain
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.care.closure.actions import file_pages
from reknit.care.closure.models import Letter
from reknit.care.encounters.models import (
    Addendum,
    Appointment,
    AppointmentChange,
    AppointmentSeries,
    Encounter,
    ProgressNote,
    Room,
)
from reknit.care.encounters.queries import is_unaltered, unsigned_notes
from reknit.care.intake.models import Referral
from reknit.care.measures.links import LinkState, state_of
from reknit.care.measures.models import Administration, FormLink
from reknit.care.people.models import Client, Site
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.models import UseDay
from reknit.core.measures import catalogue
from reknit.core.measures.scoring import score
from reknit.exchange.sample import SampleSummary, is_loaded, load_sample, sign_ins

from .conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summary")]
ZONE = "Europe/London"


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@harbour-lane.example")


def test_site_says_that_it_is_made_up() -> None:
    site = Site.objects.get()
    assert site.is_sample and is_loaded()
    assert all("not a real service" in line["name"] for line in site.help_lines)


def test_every_role_has_a_sign_in_that_works(summary: SampleSummary) -> None:
    request = RequestFactory().post("/sign-in/")
    roles = set()
    for _title, email, password in summary.sign_ins:
        user = authenticate(request, email=email, login=email, password=password)
        assert isinstance(user, User), email
        roles |= set(user.roles)
    assert roles == set(Role.values)
    assert "Therapist in training" in {title for title, _email, _password in summary.sign_ins}


def test_sign_ins_are_the_same_on_a_second_start_and_absent_in_a_real_clinic(summary: SampleSummary) -> None:
    assert sign_ins() == summary.sign_ins
    Site.objects.update(is_sample=False)
    assert sign_ins() == []


def test_sample_is_never_loaded_over_people() -> None:
    before = (User.objects.count(), Client.objects.count())
    with pytest.raises(DomainError, match="empty installation"):
        load_sample(clients=3, progress=False, at=AT)
    assert (User.objects.count(), Client.objects.count()) == before


def test_clients_are_at_every_stage() -> None:
    assert set(Client.objects.values_list("status", flat=True)) == {
        "referred",
        "in_care",
        "closed",
        "not_taken_up",
    }
    assert Referral.objects.filter(status="open", safety_asked_at=None).exists()
    assert Episode.objects.filter(status="open", encounters=None).exists()
    attended = Counter(Encounter.objects.filter(outcome="attended").values_list("episode", flat=True))
    phases = {1 if n <= 3 else 2 if n <= 13 else 3 for n in attended.values()}
    assert phases == {1, 2, 3}


def test_nobody_shares_a_name() -> None:
    """Two people of one name on the lists of a small clinic would only be taken for one."""
    names = list(Client.objects.real().values_list("given_name", "family_name"))
    assert len(names) > 20 and len(set(names)) == len(names)


def test_a_closed_course_has_both_letters_as_pages() -> None:
    course = Episode.objects.get(status="closed")
    letters = Letter.objects.filter(episode=course, state="issued")
    assert {letter.kind for letter in letters} == {"closing", "plain"}
    # Pages are drawn after the commit, which does not come in a test.
    assert all(file_pages(by=None, at=AT, letter=letter).startswith(b"%PDF") for letter in letters)


def test_sheets_show_every_state_that_carries_meaning() -> None:
    states = set(Administration.objects.filter(measure="phq-9").values_list("state", flat=True))
    assert states >= {"complete", "prorated", "incomplete"}
    assert Administration.objects.filter(superseded_at__isnull=False).exists()


def test_scores_agree_with_their_answers() -> None:
    for sheet in Administration.objects.all():
        result = score(catalogue.measure(sheet.measure), sheet.answers)
        assert (result.total, result.state) == (sheet.total, sheet.state)


def test_open_risk_items_have_an_owner_and_a_due_time() -> None:
    items = list(RiskItem.objects.filter(status="open"))
    assert {item.reason for item in items} == {"phq9_item9", "phq9_item9_blank", "phone_suicide"}
    assert all(item.owner.is_active and item.due_at > item.opened_at for item in items)
    assert all(item.due_at > AT for item in items if item.reason == "phq9_item9")
    assert RiskItem.objects.filter(status="closed", reason="phq9_item9").exclude(closing_note="").exists()


def test_calendar_has_days_that_nobody_told_about() -> None:
    for client in Client.objects.exclude(use_days=None):
        told = set(UseDay.objects.filter(client=client, superseded_at=None).values_list("on", flat=True))
        assert len(told) < (max(told) - min(told)).days + 1


def test_notes_are_signed_unaltered_and_some_wait() -> None:
    notes = list(ProgressNote.objects.select_related("encounter"))
    assert all(is_unaltered(note) for note in notes)
    assert Counter(note.state for note in notes)["awaiting_cosign"] >= 1
    [draft] = unsigned_notes(person("therapist"))
    assert (local_date(AT, ZONE) - local_date(draft.encounter.starts_at, ZONE)).days >= 4
    assert Addendum.objects.exists()


def test_one_link_waits_and_one_ran_out() -> None:
    states = {state_of(link, at=AT) for link in FormLink.objects.all()}
    assert states >= {LinkState.LIVE, LinkState.EXPIRED, LinkState.USED}


def test_therapist_has_five_sessions_today_and_nobody_two_at_once() -> None:
    booked = Appointment.objects.filter(status="booked")
    today = [
        one
        for one in booked.filter(clinician=person("therapist"))
        if local_date(one.starts_at, ZONE) == local_date(AT, ZONE)
    ]
    assert len(today) == 5
    held = Counter(Encounter.objects.filter(kind="individual").values_list("clinician", "starts_at"))
    assert max(held.values()) == 1


def test_sessions_lie_in_working_hours_of_the_last_twelve_weeks() -> None:
    ahead = Encounter.Outcome.CANCELLED  # one is cancelled before its day has come
    alone = Encounter.objects.filter(kind="individual").exclude(outcome=ahead)
    for start in alone.values_list("starts_at", flat=True):
        wall = start.astimezone(zoneinfo.ZoneInfo(ZONE))
        assert wall.weekday() < 6 and 9 <= wall.hour <= 17
        assert dt.timedelta() < AT - start < dt.timedelta(weeks=12)


def test_audit_chain_stands_with_nothing_waiting() -> None:
    verdict = verify_chain()
    assert verdict.ok and verdict.waiting == 0


def test_courses_that_go_on_have_their_hour_booked_to_the_end_in_two_rooms() -> None:
    series = list(AppointmentSeries.objects.select_related("episode"))
    assert len(series) >= 5 and Room.objects.count() == 3  # the third is the group’s
    for one in series:
        rows = list(one.appointments.all())
        walls = {row.starts_at.astimezone(zoneinfo.ZoneInfo(ZONE)).hour for row in rows}
        assert walls - {18} == {one.time.hour}
        assert (
            one.episode.ends_on is None
            or max(rows, key=lambda row: row.starts_at).starts_at.date() <= one.episode.ends_on
        )
    assert {change.kind for change in AppointmentChange.objects.all()} == {"moved", "cancelled"}
    assert Appointment.objects.filter(room__isnull=False).values("room").distinct().count() == 2
    assert Appointment.objects.filter(confirmed_at__isnull=False).exists()

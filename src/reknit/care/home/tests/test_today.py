"""Today: each thing has its reason and its age, opens the form that answers it, and nothing is left out without a count."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.consent.actions import grant_consent, revoke_consent
from reknit.care.coordination.actions import add_care_contact, agree_sharing
from reknit.care.encounters.actions import record_contact
from reknit.care.encounters.models import Encounter
from reknit.care.groups.models import Attendance
from reknit.care.groups.tests.factories import a_group, held
from reknit.care.home.queries.ending import consents_ending
from reknit.care.measures.actions import make_link
from reknit.care.programme.models import Episode
from reknit.care.safety.actions import record_medical_review, record_withdrawal_screen
from reknit.core.safety.withdrawal import RED_FLAGS

from .factories import a_course, booked, sessions

DAY = dt.timedelta(days=1)


@pytest.fixture
def ana(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def section(browser: Browser, heading: str, **query: str) -> str:
    shown = browser.get(reverse("home:today"), query).content.decode()
    return shown.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]


def shared(cast: Cast, episode: Episode, *, ends: dt.date, name: str = "Dr Hale") -> str:
    """A sharing that ends on a day, and the address of the form that renews it."""
    at = now() - 20 * DAY
    contact = add_care_contact(
        by=cast.ana, at=at, client=episode.client, role="doctor", name=name, key=uuid.uuid4()
    )
    said = {"covers": ["mood"], "purpose": "care", "how": "paper", "expires_on": ends}
    agree_sharing(by=cast.ana, at=at, contact=contact, **said)
    return reverse("coordination:sharing-agree", args=[episode.client_id, contact.pk])


def red_flag(cast: Cast, episode: Episode, *, at: dt.datetime) -> None:
    """A withdrawal screen that asks for a medical view."""
    answers = {RED_FLAGS[0].key: "yes"}
    record_withdrawal_screen(by=cast.ana, at=at, client=episode.client, key=uuid.uuid4(), answers=answers)


class TestConsentsThatEnd:
    def test_one_that_ends_soon_opens_the_form_that_renews_it(self, cast: Cast, ana: Browser) -> None:
        url = shared(cast, a_course(cast), ends=today() + 10 * DAY)
        found = section(ana, "Consents that end")
        assert url in found and "in 10 days" in found and "What Dr Hale may be told ends on" in found

    def test_one_that_has_ended_stays_until_it_is_renewed_or_long_ago(self, cast: Cast, ana: Browser) -> None:
        shared(cast, a_course(cast), ends=today() - DAY)
        assert "ended 1 day ago" in section(ana, "Consents that end")

    def test_far_ends_no_ends_and_those_taken_back_are_not_listed(self, cast: Cast) -> None:
        episode = a_course(cast)
        shared(cast, episode, ends=today() + 40 * DAY)
        given = now()
        said = {"how": "paper", "given_at": given, "expires_on": today() + 3 * DAY}
        short = grant_consent(by=cast.ina, at=given, client=cast.cleo, **said)
        clients = [episode.client_id, cast.cleo.pk]
        assert consents_ending(clients, on=today()) == []  # Cleo's first consent has no end and still stands
        revoke_consent(by=cast.ina, at=now(), consent=short)
        assert consents_ending(clients, on=today()) == []


class TestMedicalView:
    def test_red_flag_waits_for_a_medical_view_until_one_is_written(self, cast: Cast, ana: Browser) -> None:
        episode = a_course(cast)
        red_flag(cast, episode, at=now() - 2 * DAY)
        found = section(ana, "Medical view due")
        assert reverse("safety:medical-review", args=[episode.client_id]) in found and "2 days" in found
        seen = {"reviewed_on": today(), "outcome": "nothing_more"}
        record_medical_review(by=cast.ana, at=now(), client=episode.client, key=uuid.uuid4(), **seen)
        assert "Medical view due" not in ana.get(reverse("home:today")).content.decode()


class TestOneClick:
    def test_measure_that_is_overdue_opens_its_own_sheet(self, cast: Cast, ana: Browser) -> None:
        episode = a_course(cast, weeks=4)
        sessions(episode, cast.ana, scores=[None])
        Encounter.objects.update(starts_at=now() - 8 * DAY)
        assert reverse("measures:administration-add", args=[episode.client_id, "phq-9"]) in section(
            ana, "Overdue"
        )

    def test_note_opens_where_it_is_written(self, cast: Cast, ana: Browser) -> None:
        episode = a_course(cast, weeks=4)
        sessions(episode, cast.ana, scores=[12])
        held = Encounter.objects.get(episode=episode)
        url = reverse("encounters:session-show", args=[episode.client_id, held.pk])
        assert f"{url}#note" in section(ana, "Notes to sign")

    def test_thing_that_is_late_says_for_how_long(self, cast: Cast, ana: Browser) -> None:
        episode = a_course(cast, weeks=5)
        sessions(episode, cast.ana, scores=[14, 13, 12, 11])
        assert "7 days" in section(ana, "Waits in a course")  # since session 3, a week before session 4


class TestNextDays:
    def test_second_booking_of_a_course_is_one_session_on_and_repeats_no_reason(
        self, cast: Cast, ana: Browser
    ) -> None:
        """Both rows said the same session, and the reason that belongs to the next one stood twice."""
        episode = a_course(cast, weeks=14)
        sessions(episode, cast.ana, scores=[14] * 14)
        booked(episode, cast.ana, hours=26)
        booked(episode, cast.ana, hours=74)
        found = section(ana, "Next days")
        first, second = found.split("Session 15 of 16")[1].split("Session 16 of 16")
        assert "2 sessions left" in first and "left" not in second
        assert Encounter.objects.filter(episode=episode).count() == 14


class TestNothingHidden:
    def test_lists_say_of_how_many_and_all_of_them_can_be_shown(self, cast: Cast, ana: Browser) -> None:
        for number in range(10):
            episode = a_course(cast, family=f"Number{number}")
            make_link(by=cast.ana, at=now(), client=episode.client, measure="gad-7", episode=episode)
            booked(episode, cast.ana, hours=30 + number)
        assert "8 of 10 shown" in section(ana, "Forms sent")
        assert "The next 8 of 10 in seven days." in ana.get(reverse("home:today")).content.decode()
        whole = section(ana, "Forms sent", show="all")
        assert whole.count("<li>") == 10 and "shown" not in whole

    def test_number_of_queries_is_fixed_with_everything_on_it(self, cast: Cast, ana: Browser) -> None:
        counts = []
        for n in (2, 12):
            for number in range(n):
                episode = a_course(cast, family=f"Number{number}", weeks=5)
                sessions(episode, cast.ana, scores=[14, 12, None, 12])
                shared(cast, episode, ends=today() + 5 * DAY)
                red_flag(cast, episode, at=now())
            ana.get(reverse("home:today"))
            with CaptureQueriesContext(connection) as found:
                ana.get(reverse("home:today"), {"show": "all"})
            counts.append(len(found))
        assert counts[0] == counts[1]


class TestMissedGroup:
    """Somebody who missed a group is owed a contact by the two who lead it, until one of them wrote it down."""

    def missed(self, cast: Cast, *, days_ago: int) -> Attendance:
        run = a_group(cast, now() - 7 * DAY - days_ago * DAY)
        return held(cast, run, 1, Nadia="no_show").attendances.get(outcome="no_show")

    def shown(self, person: User) -> str:
        browser = Browser()
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return section(browser, "Missed a group")

    def test_opens_the_form_for_both_who_lead_it(self, cast: Cast) -> None:
        missed = self.missed(cast, days_ago=1)
        form = reverse("encounters:contact-add", args=[missed.member.client_id, missed.encounter_id])
        for person in (cast.fay, cast.dov):
            found = self.shown(person)
            assert form in found and "Nadia Haddad" in found and "Missed session 1 of Monday evening" in found
            assert "late" not in found and "Sam Okoro" not in found

    def test_is_late_after_two_days_and_gone_once_one_of_them_was_in_touch(self, cast: Cast) -> None:
        missed = self.missed(cast, days_ago=4)
        assert missed.encounter and ">late</span>" in self.shown(cast.dov).replace("</svg>", ">")
        said = {"on": today(), "how": "phone", "answer": "reached"}
        record_contact(by=cast.fay, at=now(), encounter=missed.encounter, **said)
        with pytest.raises(IndexError):
            self.shown(cast.dov)

    def test_is_not_told_to_those_who_do_not_lead_it(self, cast: Cast) -> None:
        self.missed(cast, days_ago=4)
        with pytest.raises(IndexError):
            self.shown(cast.ana)

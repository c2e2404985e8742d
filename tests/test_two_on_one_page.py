"""Two people open one page, both write, both send: nobody's words are lost, and nothing is overwritten unseen."""

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from reknit.base.clock import now
from reknit.care.contact.queries import current_safe_contact
from reknit.care.encounters.actions import book_appointment
from reknit.care.encounters.models import AppointmentChange, Encounter
from reknit.care.intake.models import AdmissionFacts, Cover, IntakeSettings, Referral, WaitingPlace, Wishes
from reknit.care.intake.tests.factories import a_referral, profile, safe_way
from reknit.care.people.actions import join_care_team
from reknit.care.people.models import ClinicianProfile, Site
from reknit.care.programme.models import Episode
from reknit.care.safety.actions import hand_over, open_risk_item
from reknit.care.safety.models import DutyRule, RiskItem, SafeguardingRecord
from reknit.care.safety.safeguarding.actions import add_safeguarding_entry, let_in
from reknit.care.safety.tests.test_safeguarding import concern
from tests.cast import ZONE, Cast, today
from tests.forms_on_pages import forms_of
from tests.test_every_address import browser_of

MEANWHILE = "Somebody else changed this while you wrote"


class Page:
    """A page as one person opened it, with the form that holds a given control."""

    def __init__(self, browser: Browser, address: str, control: str) -> None:
        self.browser, self.address = browser, address
        self.take_up(browser.get(address), control)

    def take_up(self, answer: Any, control: str) -> None:
        forms = forms_of(answer.content.decode(), self.address)
        self.form = next(one for one in forms if any(c.name == control for c in one.controls))
        self.control = control

    def send(self, **changes: Any) -> HttpResponse:
        """Send the form as it was on the page, with changes; on a refusal go on from what came back."""
        told = self.form.values(today=today()) | changes
        answer: Any = self.browser.post(self.form.action or self.address, told)
        if answer.status_code == 422:
            self.take_up(answer, self.control)
        return answer


def two(one: Any, other: Any, address: str, control: str) -> tuple[Page, Page]:
    """The same page opened by two people, neither of whom has sent anything yet."""
    return Page(browser_of(one), address, control), Page(browser_of(other), address, control)


def said(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def referral(cast: Cast) -> Referral:
    found = a_referral(cast, now())
    safe_way(cast, found, now())
    return found


def test_wait_list_keeps_both_words_and_the_second_decides_with_the_first_before_them(
    cast: Cast, referral: Referral
) -> None:
    address = reverse("intake:waiting-show", args=[referral.pk])
    first, second = two(cast.ina, cast.ina, address, "priority_reason")
    assert first.send(priority="urgent", priority_reason="Pregnant").status_code == 302
    met = second.send(priority="soon", priority_reason="Leaves hospital")
    for words in (MEANWHILE, "Now stands: Pregnant.", "Leaves hospital"):
        assert words in said(met)
    assert WaitingPlace.objects.get().priority_reason == "Pregnant"
    assert second.send(priority="soon", priority_reason="Pregnant, leaves hospital").status_code == 302
    assert WaitingPlace.objects.get().priority_reason == "Pregnant, leaves hospital"


def test_a_way_just_called_unsafe_does_not_come_back_unseen(cast: Cast, referral: Referral) -> None:
    address = reverse("intake:referral-show", args=[referral.pk])
    first, second = two(cast.ina, cast.ina, address, "may_leave_message")
    first.send(channel="phone", value="01 22 33 44 55", may_leave_message="")
    met = second.send(safe_times="After five", may_leave_message="on")
    assert MEANWHILE in said(met) and "Now stands: no." in said(met) and "After five" in said(met)
    way = current_safe_contact(referral.client)
    assert way is not None and not way.may_leave_message
    assert second.send().status_code == 302


def test_safety_answers_given_at_once_are_put_together_and_none_is_lost(
    cast: Cast, referral: Referral
) -> None:
    address = reverse("intake:referral-show", args=[referral.pk])
    first, second = two(cast.ina, cast.ina, address, "suicide")
    none = dict.fromkeys(("suicide", "withdrawal", "overdose", "violence", "pregnancy"), "not_answered")
    first.send(**none | {"suicide": "yes", "overdose": "no"})
    assert second.send(**none | {"suicide": "no", "withdrawal": "yes"}).status_code == 302
    referral.refresh_from_db()
    told = {key: answer for key, answer in referral.safety.items() if answer != "not_answered"}
    assert told == {"suicide": "yes", "withdrawal": "yes", "overdose": "no"}
    critical = RiskItem.objects.filter(client=referral.client, klass="critical", status="open")
    assert {item.reason for item in critical} == {"phone_suicide", "phone_withdrawal"}
    again = Page(browser_of(cast.ina), address, "suicide")
    again.send(**told | {"violence": "no", "pregnancy": "no", "suicide": "no"})
    referral.refresh_from_db()
    assert referral.safety["suicide"] == "no"  # corrected by somebody who had the answer before them


def test_cover_that_somebody_just_wrote_is_not_ended_unseen(cast: Cast, referral: Referral) -> None:
    address = reverse("intake:cover-show", args=[referral.client_id])
    first, second = two(cast.ina, cast.ina, address, "member_id")
    told = {"kind": "private", "starts_on": today().isoformat(), "ends_on": "", "sessions": "8"}
    assert first.send(**told | {"payer": "Blue"}).status_code == 302
    met = second.send(**told | {"payer": "Green"})
    assert MEANWHILE in said(met) and "Blue" in said(met) and "Green" in said(met)
    assert Cover.objects.get(ended_at=None).payer == "Blue"
    assert second.send(**told | {"payer": "Green"}).status_code == 302
    assert Cover.objects.get(ended_at=None).payer == "Green"


@pytest.mark.parametrize("case", ["wishes", "facts", "settings", "profile", "site", "duty"])
def test_form_written_over_by_two_says_what_stands_now(cast: Cast, referral: Referral, case: str) -> None:
    profile(cast, cast.dov, now(), taking_new=True)
    address, control, person, one, other, stands = {
        "wishes": (
            reverse("intake:referral-assign", args=[referral.pk]),
            "interpreter",
            cast.ina,
            {"gender": "woman"},
            {"gender": "man"},
            lambda: Wishes.objects.get().gender,
        ),
        "facts": (
            reverse("intake:admission-facts", args=[cast.cleo.pk]),
            "revision",
            cast.ana,
            {"EMPLOY": "1"},
            {"EMPLOY": "2"},
            lambda: AdmissionFacts.objects.get().answers["EMPLOY"],
        ),
        "settings": (
            reverse("intake:settings-change"),
            "target_days",
            cast.adi,
            {"target_days": "10"},
            {"target_days": "20"},
            lambda: str(IntakeSettings.objects.get().target_days),
        ),
        "profile": (
            reverse("people:profile-change", args=[cast.dov.pk]),
            "capacity",
            cast.ina,
            {"capacity": "10"},
            {"capacity": "20"},
            lambda: str(ClinicianProfile.objects.get(clinician=cast.dov).capacity),
        ),
        "site": (
            reverse("people:site-change"),
            "when_read",
            cast.adi,
            {"when_read": "at nine"},
            {"when_read": "at noon"},
            lambda: Site.objects.get().when_read,
        ),
        "duty": (
            reverse("safety:duty-change", args=["child"]),
            "duty",
            cast.dara,
            {"duty": "Call one", "hours": "24"},
            {"duty": "Call two", "hours": "24"},
            lambda: DutyRule.objects.order_by("-version")[0].duty,
        ),
    }[case]
    (value_one,), (value_other,) = [list(each.values())[:1] for each in (one, other)]
    first, second = two(person, person, address, control)
    assert first.send(**one).status_code == 302
    met = second.send(**other)
    assert met.status_code == 422
    assert "Somebody else changed this" in said(met) and "Now stands" in said(met)
    assert stands() == value_one
    assert second.send(**other).status_code == 302
    assert stands() == value_other


def an_item(cast: Cast, **more: Any) -> RiskItem:
    fields = {"by": None, "client": cast.cleo, "reason": "phq9_item9", "source": "test"} | more
    return open_risk_item(at=now() - dt.timedelta(hours=1), **fields)


def test_item_that_came_up_again_is_read_before_it_is_closed(cast: Cast) -> None:
    item = an_item(cast)
    page = Page(browser_of(cast.ana), reverse("safety:risk-show", args=[item.pk]), "closing")
    an_item(cast)
    met = page.send(closing="spoken", note="Spoke with her", do="close")
    assert "It came up again while you wrote" in said(met) and "Spoke with her" in said(met)
    assert RiskItem.objects.get().status == "open"
    assert page.send(closing="spoken", note="Spoke with her", do="close").status_code == 302


def test_note_on_an_item_that_somebody_closed_first_can_still_be_copied(cast: Cast) -> None:
    item = an_item(cast)
    first, second = two(cast.ana, cast.ben, reverse("safety:risk-show", args=[item.pk]), "closing")
    first.send(closing="spoken", note="I rang", do="close")
    answer: Any = second.browser.post(
        second.address,
        second.form.values(today=today()) | {"closing": "plan", "note": "We met", "do": "close"},
    )
    assert "Someone closed this item before you" in said(answer)
    assert "What you wrote was not kept" in said(answer) and "We met" in said(answer)
    assert RiskItem.objects.get().closing_note == "I rang"


def test_item_that_somebody_took_a_moment_ago_is_not_taken_from_them(cast: Cast) -> None:
    item = an_item(cast)
    join_care_team(
        by=cast.ina, at=now(), client=cast.cleo, clinician=cast.dov, starts_on=today(), part="cover"
    )
    board = Page(browser_of(cast.ben), reverse("safety:risk-board"), "stands")
    show = Page(browser_of(cast.ana), reverse("safety:risk-show", args=[item.pk]), "owner")
    hand_over(by=cast.ana, at=now(), item=item, owner=cast.dov)
    told = board.form.values(today=today())
    refused: Any = board.browser.post(board.form.action, told, follow=True)
    assert "Dov Test answers for this item since a moment ago" in said(refused)
    told = show.form.values(today=today()) | {"owner": str(cast.ben.pk), "do": "hand_over"}
    show.browser.post(show.address, told)
    item.refresh_from_db()
    assert item.owner == cast.dov


def test_safeguarding_is_not_closed_over_what_somebody_just_wrote(cast: Cast) -> None:
    record: SafeguardingRecord = concern(cast, now())
    let_in(by=cast.ana, at=now(), record=record, person=cast.dov, words="He knows the family.")
    add_safeguarding_entry(by=cast.ana, at=now(), record=record, kind="not_reported", words="No duty.")
    address = reverse("safety:safeguarding-show", args=[record.pk])
    first, second = two(cast.ana, cast.dov, address, "close-words")
    add_safeguarding_entry(by=cast.dov, at=now(), record=record, kind="noted", words="A new bruise.")
    met = first.send(**{"close-words": "Nothing more", "do": "close"})
    assert "Somebody wrote in this record meanwhile" in said(met)
    assert "A new bruise." in said(met) and "Nothing more" in said(met)
    assert first.send(**{"close-words": "Looked into", "do": "close"}).status_code == 302
    late: Any = second.browser.post(
        address, second.form.values(today=today()) | {"close-words": "My own reasons", "do": "close"}
    )
    assert "What you wrote was not kept" in said(late) and "My own reasons" in said(late)


def test_of_two_who_move_one_session_the_second_sees_the_new_time_before_they_move_it_back(
    cast: Cast,
) -> None:
    Episode.objects.update(ends_on=None)
    ahead = (now() + dt.timedelta(days=9)).replace(hour=10, minute=0, second=0, microsecond=0)
    one = book_appointment(
        by=cast.ana, at=now(), episode=cast.cleo_episode, clinician=cast.ana, starts_at=ahead
    )
    address = reverse("encounters:appointment-move", args=[cast.cleo.pk, one.pk])
    first, second = two(cast.ana, cast.ana, address, "minutes")
    assert first.send(time="16:30").status_code == 302
    met = second.send(minutes="75", why="She asked for longer.")  # their page still holds the time of before
    for words in ("Somebody else changed this session", "Now stands: 16:30.", "She asked for longer."):
        assert words in said(met)
    one.refresh_from_db()
    assert (one.minutes, one.revision) == (50, 2)
    assert second.send(time="16:30", minutes="75").status_code == 302
    one.refresh_from_db()
    assert (one.minutes, local_time(one.starts_at)) == (75, dt.time(16, 30))


def local_time(moment: dt.datetime) -> dt.time:
    return moment.astimezone(zoneinfo.ZoneInfo(ZONE)).time()


def test_of_two_who_cancel_and_move_one_session_the_second_is_told_and_nothing_is_written_twice(
    cast: Cast,
) -> None:
    Episode.objects.update(ends_on=None)
    one = book_appointment(
        by=cast.ana,
        at=now(),
        episode=cast.cleo_episode,
        clinician=cast.ana,
        starts_at=now() + dt.timedelta(days=9),
    )
    keys = [cast.cleo.pk, one.pk]
    mover = Page(browser_of(cast.ana), reverse("encounters:appointment-move", args=keys), "minutes")
    first, second = two(cast.ana, cast.ana, reverse("encounters:appointment-cancel", args=keys), "wish")
    assert first.send(wish="us").status_code == 302
    for late in (second.send(wish="client"), mover.send(time="16:30")):
        assert late.status_code == 422 and "is written down already" in said(late)
    assert [row.outcome for row in Encounter.objects.filter(appointment=one)] == ["clinician"]
    assert AppointmentChange.objects.filter(appointment=one).count() == 1

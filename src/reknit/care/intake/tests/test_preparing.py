"""Intake prepares a person until somebody met them, and sees of the chart no more than that needs (decision 18)."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.consent.actions import grant_consent
from reknit.care.consent.models import Consent, NotesConsent
from reknit.care.consent.queries import has_care_consent
from reknit.care.coordination.models import LevelOfCareNote
from reknit.care.encounters.actions import start_encounter
from reknit.care.groups.actions import form_group
from reknit.care.groups.models import Member
from reknit.care.intake import actions
from reknit.care.intake.access import may_prepare
from reknit.care.intake.models import CourseChoice, Referral, Transfer
from reknit.care.intake.queries.assigning import choices_for
from reknit.care.intake.queries.hints import hints_for
from reknit.care.intake.queries.preparing import preparation_of, unanswered
from reknit.care.measures.models import Administration, FormLink
from reknit.care.network.actions import add_relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.safety.models import RiskItem
from reknit.core.safety.withdrawal import RED_FLAGS

from .factories import a_referral, acceptance, profile
from .test_pages_of_waiting import queries

PHQ = {f"phq9_{n}": 2 for n in range(1, 9)} | {"phq9_9": 0}
PAGES = ("preparation-show", "baseline-send", "level-prepare", "consent-list", "consent-copy")


@pytest.fixture
def referral(cast: Cast) -> Referral:
    """Nia, who agreed to care at intake and has no therapist yet."""
    found = a_referral(cast, now())
    agree(cast, found)
    return found


@pytest.fixture
def ina(cast: Cast) -> Browser:
    return signed_in(cast.ina)


def signed_in(person: Any) -> Browser:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def agree(cast: Cast, referral: Referral, kind: str = "care", **given: Any) -> Consent:
    at = now()
    return actions.agree_at_intake(
        by=cast.ina,
        at=at,
        referral=referral,
        key=uuid.uuid4(),
        kind=kind,
        how="paper",
        given_at=at,
        **given,
    )


def give(cast: Cast, referral: Referral, answers: dict[str, int] | None = None) -> Administration:
    at = now()
    return actions.give_baseline(
        by=cast.ina, at=at, referral=referral, measure="phq-9", answers=answers or PHQ, mode="session",
        answered_at=at, key=uuid.uuid4(),
    )  # fmt: skip


def accept(cast: Cast, referral: Referral, **changes: Any) -> Episode:
    at = now()
    return actions.accept_referral(referral=referral, **acceptance(cast, at, how="", **changes))


def meet(cast: Cast, episode: Episode, outcome: str = "attended") -> None:
    at = now()
    start_encounter(by=cast.ana, at=at, episode=episode, outcome=outcome, starts_at=at)


def url(name: str, referral: Referral, *more: Any) -> str:
    return reverse(f"intake:{name}", args=[referral.pk, *more])


# Who, and until when


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_to_intake_alone_before_and_after_acceptance(
    cast: Cast, referral: Referral, name: str
) -> None:
    for _when in ("before", "after"):
        let_in = {
            who
            for who, person in cast.users().items()
            if signed_in(person).get(url(name, referral)).status_code == 200
        }
        assert let_in == {"ina"}
        if referral.status == Referral.Status.OPEN:
            accept(cast, referral)


@pytest.mark.parametrize("outcome", ["attended", "safety", "before"])
def test_after_somebody_met_the_person_every_page_is_not_found(
    cast: Cast, referral: Referral, ina: Browser, outcome: str
) -> None:
    episode = accept(cast, referral)
    meet(cast, episode, outcome)
    for name in PAGES:
        assert ina.get(url(name, referral)).status_code == 404, name
    assert ina.get(url("baseline-give", referral, "phq-9")).status_code == 404
    assert ina.post(url("preparation-show", referral), {}).status_code == 404
    for refused in (lambda: agree(cast, referral), lambda: give(cast, referral)):
        with pytest.raises(PermissionDenied):
            refused()


@pytest.mark.parametrize("outcome", ["no_show", "cancelled", "clinician"])
def test_a_first_session_that_nobody_came_to_ends_nothing(
    cast: Cast, referral: Referral, outcome: str
) -> None:
    meet(cast, accept(cast, referral), outcome)
    assert may_prepare(cast.ina, referral)


def test_a_closed_referral_and_a_closed_course_open_nothing(cast: Cast, ina: Browser) -> None:
    closed = a_referral(cast, now())
    actions.close_referral(by=cast.ina, at=now(), referral=closed, reason="Moved away")
    assert ina.get(url("preparation-show", closed)).status_code == 404
    taken = a_referral(cast, now(), family_name="Reed")
    agree(cast, taken)
    accept(cast, taken)
    Client.objects.filter(pk=taken.client_id).update(status=Client.Status.CLOSED)
    assert ina.get(url("preparation-show", taken)).status_code == 404


def test_each_look_is_in_the_audit_as_a_look_at_a_chart(cast: Cast, referral: Referral, ina: Browser) -> None:
    for name in PAGES:
        ina.get(url(name, referral))
    looks = AuditEvent.objects.filter(verb="read", by=cast.ina.pk, client_id=referral.client_id)
    assert {one.detail["page"] for one in looks} == {
        "preparation", "baseline links", "level of care at intake", "consents at intake", "copy of consents",
    }  # fmt: skip


def test_of_the_chart_intake_reads_no_more_than_it_prepares(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    episode = accept(cast, referral)
    add_relationship(by=cast.ana, at=now(), client=referral.client, alias="Quillfeather")
    from reknit.care.measures.actions import record_administration

    old = record_administration(
        by=cast.ana, at=now(), client=referral.client, measure="gad-7", mode="paper", episode=episode,
        answers={f"gad7_{n}": 3 for n in range(1, 8)}, answered_at=now() - dt.timedelta(days=300),
    )  # fmt: skip
    Administration.objects.filter(pk=old.pk).update(recorded_at=referral.recorded_at - dt.timedelta(days=1))
    pages = "".join(ina.get(url(name, referral)).content.decode() for name in PAGES[:4])
    assert "Quillfeather" not in pages and "on the circle" not in pages
    rows = preparation_of(referral, today=today(), at=now()).rows
    assert [one.row for one in rows] == [None] * len(rows)  # a sheet of long before is not of this time
    for name in (
        "home:client-course",
        "measures:measure-list",
        "safety:risk-client",
        "coordination:level-show",
    ):
        assert ina.get(reverse(name, args=[referral.client_id])).status_code == 404


def test_pages_keep_their_number_of_queries(cast: Cast, referral: Referral, ina: Browser) -> None:
    asked = [url(name, referral) for name in PAGES[:4]]
    for one in asked:
        ina.get(one)
    few = [queries(lambda one=one: ina.get(one)) for one in asked]  # type: ignore[misc]
    give(cast, referral)
    actions.send_baseline(by=cast.ina, at=now(), referral=referral, measures=["gad-7"], hours=24)
    for number in range(3):
        sent_on(cast, referral, place=f"Ward {number}")
        agree(cast, referral, "recording")
    assert [queries(lambda one=one: ina.get(one)) for one in asked] == few  # type: ignore[misc]
    assert max(few) <= 24, few


# Job 2: the baseline, what it points to, the proposal


def test_nothing_is_asked_or_sent_before_consent(cast: Cast, ina: Browser) -> None:
    bare = a_referral(cast, now())
    assert "Write it down first" in ina.get(url("preparation-show", bare)).content.decode()
    with pytest.raises(DomainError, match="[Cc]onsent"):
        give(cast, bare)
    assert not Administration.objects.filter(client=bare.client_id).exists()


def test_a_sheet_given_here_shows_its_band_and_what_was_left_blank(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    data = {f"q-{item}": str(value) for item, value in PHQ.items()} | {"q-phq9_3": ""}
    page = ina.get(url("baseline-give", referral, "phq-9")).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    answer = ina.post(
        url("baseline-give", referral, "phq-9"), {**data, "key": key[1], "mode": "session"}, follow=True
    )
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    assert "PHQ-9 is saved." in said and "1 of 2 there" in said
    assert "moderately severe" in said and "Prorated from 8 of 9 answers" in said and "blank:" in said
    sheet = Administration.objects.get(client=referral.client_id)
    assert (sheet.slot, sheet.episode, sheet.recorded_by) == (0, None, cast.ina)


def test_a_critical_answer_goes_to_the_clinician_on_duty_and_the_page_says_so(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    data = {f"q-{item}": str(value) for item, value in PHQ.items()} | {"q-phq9_9": "1"}
    sent = {**data, "key": str(uuid.uuid4()), "mode": "session"}
    page = ina.post(url("baseline-give", referral, "phq-9"), sent, follow=True).content.decode()
    item = RiskItem.objects.get(client=referral.client_id, reason="phq9_item9")
    assert item.owner == cast.ben and "Ben Test" in page and "Urgent." in page


def test_links_are_followed_from_sent_to_begun_to_done_or_ended(cast: Cast, referral: Referral) -> None:
    def state(at: dt.datetime) -> str:
        found = preparation_of(referral, today=today(), at=at)
        return next(one.state for one in found.rows if one.measure == "gad-7")

    assert state(now()) == "due"
    made = actions.send_baseline(
        by=cast.ina, at=now(), referral=referral, measures=["phq-9", "gad-7"], hours=24
    )
    assert [link.measure for link, _secret in made] == ["phq-9", "gad-7"] and state(now()) == "sent"
    FormLink.objects.filter(measure="gad-7").update(draft_saved_at=now())
    assert state(now()) == "begun"
    assert state(now() + dt.timedelta(hours=25)) == "ended"
    from reknit.care.measures.actions import submit_link

    submit_link(
        at=now(), link=made[1][0], device="", answers={f"gad7_{n}": 1 for n in range(1, 8)}, key=uuid.uuid4()
    )
    assert state(now()) == "done"


def test_links_that_ended_unanswered_stand_on_the_chase_list_until_the_sheet_is_there(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    actions.send_baseline(by=cast.ina, at=now(), referral=referral, measures=["phq-9", "gad-7"], hours=24)
    assert unanswered(at=now()) == []
    later = now() + dt.timedelta(hours=25)
    assert [one.titles for one in unanswered(at=later)] == [("GAD-7", "PHQ-9")]
    give(cast, referral)
    assert [(one.referral, one.titles) for one in unanswered(at=later)] == [(referral, ("GAD-7",))]
    FormLink.objects.update(made_at=now() - dt.timedelta(days=3), expires_at=now() - dt.timedelta(days=2))
    assert "Sent, and not answered" in ina.get(reverse("intake:chase-show")).content.decode()
    meet(cast, accept(cast, referral))
    assert unanswered(at=later) == []


def test_the_proposed_course_is_what_a_therapist_must_be_trained_in(cast: Cast, referral: Referral) -> None:
    profile(cast, cast.dov, now(), capacity=5, languages=["en"], protocols=["ipt-16"])

    def dov() -> Any:
        found = choices_for(referral.client, None, on=today(), at=now())
        return next(one.fit for one in found if one.clinician == cast.dov)

    assert dov().can_be_offered
    propose(cast, referral, chosen="ipt-g-8", reason="Wants others.")
    assert dov().can_be_offered  # who leads a group is said with the group
    propose(cast, referral, chosen="ipt-b", reason="Little time.")
    assert not dov().can_be_offered


def test_links_that_were_made_are_shown_once_and_name_nothing(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    answer = ina.post(url("baseline-send", referral), {"measures": ["phq-9", "gad-7"], "hours": "72"})
    page = answer.content.decode()
    message = page.split('id="message"')[1].split("</textarea>")[0]
    assert message.count("/f/") == 2 and not re.search("PHQ|GAD|Nia|depress", message)
    assert "/f/" not in ina.get(url("baseline-send", referral)).content.decode()
    assert ina.post(url("baseline-send", referral), {"hours": "72"}).status_code == 422


def test_the_baseline_given_before_acceptance_counts_in_the_course(cast: Cast, referral: Referral) -> None:
    give(cast, referral)
    actions.send_baseline(by=cast.ina, at=now(), referral=referral, measures=["gad-7"], hours=24)
    episode = accept(cast, referral)
    sheet = Administration.objects.get(client=referral.client_id)
    assert (sheet.episode, sheet.slot) == (episode, 0)
    fact = CourseFact.objects.get(episode=episode, kind="score")
    assert (fact.slot, fact.value["measure"], fact.value["total"]) == (0, "phq-9", 16.0)
    link = FormLink.objects.get(measure="gad-7")
    assert (link.episode, link.slot) == (episode, 0)


def propose(cast: Cast, referral: Referral, **said: Any) -> CourseChoice:
    given = {"chosen": "ipt-16", "key": uuid.uuid4(), **said}
    return actions.propose_course(by=cast.ina, at=now(), referral=referral, **given)


def test_a_proposal_keeps_its_facts_and_needs_a_reason_where_they_do_not_point_to_it(
    cast: Cast, referral: Referral
) -> None:
    with pytest.raises(DomainError, match="Write why"):
        propose(cast, referral)
    assert not CourseChoice.objects.exists()
    give(cast, referral)
    choice = propose(cast, referral, people_problem="yes", opioids="untreated")
    assert choice.is_proposed and choice.proposed == ["ipt-16", "ipt-12"]
    assert ["Depression", "PHQ-9 16, of 0 to 27.", today().isoformat()] in choice.facts
    cautions = preparation_of(referral, today=today(), at=now()).hints.known
    assert cautions.opioids and cautions.opioid_medication is False


def test_the_clinician_reads_the_proposal_and_confirms_or_changes_it(cast: Cast, referral: Referral) -> None:
    give(cast, referral)
    propose(cast, referral, chosen="ipt-b", reason="Eight weeks of leave.", people_problem="yes")
    episode = accept(cast, referral, protocol="ipt-b")
    page = (
        signed_in(cast.ana).get(reverse("intake:course-choice", args=[referral.client_id])).content.decode()
    )
    assert "Ina Test of intake proposed" in page and "Eight weeks of leave." in page and "Confirm it" in page
    assert hints_for(episode, today=today()).known.people_problem is True
    actions.choose_course(by=cast.ana, at=now(), episode=episode, key=uuid.uuid4(), chosen="ipt-16")
    assert CourseChoice.objects.get(episode=episode).by == cast.ana


def test_acceptance_begins_with_the_proposed_course(cast: Cast, referral: Referral, ina: Browser) -> None:
    propose(cast, referral, chosen="ipt-b", reason="Wanted so.")
    page = ina.get(url("referral-show", referral)).content.decode()
    assert re.search(r'<option value="ipt-b"[^>]*selected', page)
    assert "Consent to care is written down already." in page and "accept_how" not in page


# Job 3: withdrawal, level of care, and whether they arrived


def test_a_red_flag_goes_to_a_clinician_and_the_level_keeps_the_facts_of_intake(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    give(cast, referral)
    answers = {flag.key: "no" for flag in RED_FLAGS} | {RED_FLAGS[0].key: "yes"}
    page = url("level-prepare", referral)
    sent = {"step": "withdrawal", "key": str(uuid.uuid4()), **answers}
    assert ina.post(page, sent).status_code == 302
    assert RiskItem.objects.get(client=referral.client_id, reason="withdrawal").owner == cast.ben
    level = {
        "step": "level", "key": str(uuid.uuid4()), "edition": "asam-3", "wanted": "withdrawal", "given": "outpatient",
        "why": "Drinks all day.",
    }  # fmt: skip
    assert "Write why the two differ." in ina.post(page, level).content.decode()
    assert ina.post(page, level | {"gap_reason": "No bed until Friday."}).status_code == 302
    note = LevelOfCareNote.objects.get(client=referral.client_id)
    assert note.episode is None and {one["topic"] for one in note.facts} == {"withdrawal", "mind"}


def sent_on(cast: Cast, referral: Referral, **changes: Any) -> Transfer:
    at = now()
    given: dict[str, Any] = {
        "kind": "medical", "place": "Ward 3", "expected_at": at, "due_at": at + dt.timedelta(hours=2),
        "key": uuid.uuid4(), **changes,
    }  # fmt: skip
    return actions.send_on(by=cast.ina, at=at, referral=referral, **given)


def test_arrival_stays_on_the_chase_list_until_it_is_answered_also_once_the_referral_is_closed(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    transfer = sent_on(cast, referral)
    actions.close_referral(by=cast.ina, at=now(), referral=referral, reason="Detox first")
    chase = reverse("intake:chase-show")
    assert "Ward 3" in ina.get(chase).content.decode()
    ina.post(url("transfer-settle", referral, transfer.pk), {"state": "not_arrived", "outcome": ""})
    assert Transfer.objects.get().state == "owed"  # what happens next comes with it
    ina.post(url("transfer-settle", referral, transfer.pk), {"state": "arrived"})
    assert Transfer.objects.get().state == "arrived" and "Ward 3" not in ina.get(chase).content.decode()


def test_whoever_was_sent_for_a_red_flag_and_did_not_arrive_is_with_a_clinician(
    cast: Cast, referral: Referral
) -> None:
    actions.settle_transfer(
        by=cast.ina, at=now(), transfer=sent_on(cast, referral), state="not_arrived", outcome="Ringing."
    )
    item = RiskItem.objects.get(client=referral.client_id)
    assert (item.reason, item.owner, item.klass) == ("transfer_not_arrived", cast.ben, "critical")


@pytest.mark.parametrize(
    "changes",
    [
        {"expected_at": now() + dt.timedelta(days=1), "due_at": now() + dt.timedelta(days=2)},
        {"due_at": now() - dt.timedelta(hours=1)},
        {
            "kind": "service",
            "expected_at": now() + dt.timedelta(days=60),
            "due_at": now() + dt.timedelta(days=61),
        },
        {"place": " "},
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    cast: Cast, referral: Referral, changes: dict[str, Any]
) -> None:
    with pytest.raises(DomainError):
        sent_on(cast, referral, **changes)


# Job 4: consents one by one


def test_each_consent_is_its_own_record_and_is_taken_back_by_itself(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    page = url("consent-list", referral)
    for kind in ("recording", "portal", "research"):
        data = {"step": kind, "key": str(uuid.uuid4()), "how": "screen", "given_on": today().isoformat()}
        assert ina.post(page, data).status_code == 302, kind
    kinds = Consent.objects.filter(client=referral.client_id).values_list("kind", flat=True)
    assert sorted(kinds) == ["care", "portal", "recording", "research"]
    ina.post(
        url("consent-end", referral, Consent.objects.get(client=referral.client_id, kind="recording").pk)
    )
    assert has_care_consent(referral.client, at=now())
    left = Consent.objects.filter(client=referral.client_id, revoked_at=None).values_list("kind", flat=True)
    assert sorted(left) == ["care", "portal", "research"]


def test_a_named_person_is_in_the_records_of_the_chart(cast: Cast, referral: Referral, ina: Browser) -> None:
    data = {
        "step": "share", "key": str(uuid.uuid4()), "name": "Dr Bell", "role": "doctor", "covers": ["attendance"],
        "purpose": "To know that I come", "how": "paper", "expires_on": (today() + dt.timedelta(days=90)).isoformat(),
    }  # fmt: skip
    for _twice in range(2):
        assert ina.post(url("consent-list", referral), data).status_code == 302
    consent = Consent.objects.get(client=referral.client_id, kind="share")
    assert (consent.recipient, consent.recipient_key) == ("Dr Bell", uuid.UUID(str(data["key"])))
    assert referral.client.care_contacts.get().name == "Dr Bell"


def test_counselling_notes_are_told_of_and_left_to_the_therapist(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    page = ina.get(url("consent-list", referral)).content.decode()
    assert "Asked by the therapist" in page and 'id="notes-form"' not in page
    sent = {"step": "notes", "key": str(uuid.uuid4()), "how": "paper", "given_on": today().isoformat()}
    assert ina.post(url("consent-list", referral), sent).status_code == 422
    assert not NotesConsent.objects.exists()


def test_the_copy_says_what_was_agreed_and_how_to_take_it_back(
    cast: Cast, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reknit.care.intake.queries import agreements

    agree(cast, referral, "recording", expires_on=today() + dt.timedelta(days=30))
    said: dict[str, Any] = {}
    monkeypatch.setattr(agreements, "render_document", lambda **given: said.update(given) or b"%PDF")
    agreements.copy_of(referral.client, at=now(), on=today())
    words = " ".join(f"{one['text']} {' '.join(one['items'])}" for one in said["data"]["blocks"])
    assert (
        "It has no end." in words
        and "It ends on" in words
        and words.count("You have not agreed to this.") == 3
    )
    assert "Nia" not in said["title"] and "Tell your therapist. No more sessions are recorded." in words


def test_the_copy_is_a_tagged_pdf_that_stays_in_no_browser(referral: Referral, ina: Browser) -> None:
    answer = ina.get(url("consent-copy", referral))
    assert (
        answer.content.startswith(b"%PDF")
        and b"/MarkInfo" in answer.content
        or b"StructTreeRoot" in answer.content
    )
    assert "no-store" in answer["Cache-Control"]


def test_the_chart_shows_what_was_agreed_at_intake(cast: Cast, referral: Referral) -> None:
    agree(cast, referral, "recording")
    accept(cast, referral)
    page = (
        signed_in(cast.ana)
        .get(reverse("coordination:consent-show", args=[referral.client_id]))
        .content.decode()
    )
    assert "Also agreed" in page and "Recording sessions" in page


# Jobs 5 and 6: an unusual time, and a group


def test_a_time_outside_the_hours_is_asked_about_once_and_nothing_is_lost(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    on = today() + dt.timedelta(days=7 - today().weekday() + 5)  # a Saturday
    data = {
        "step": "offer", "clinician_1": str(cast.dov.pk), "on_1": on.isoformat(), "time_1": "19:00", "clinician_2": "",
    }  # fmt: skip
    page = ina.post(url("referral-assign", referral), data)
    said = page.content.decode()
    assert (
        page.status_code == 422 and "is not a day on which Dov Test works" in said and on.isoformat() in said
    )
    assert 'name="anyway"' in said and not referral.offers.exists()
    assert ina.post(url("referral-assign", referral), data | {"anyway": "on"}).status_code == 302
    assert referral.offers.get().clinician == cast.dov


def test_a_first_session_typed_outside_the_hours_is_asked_about_once(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    accept(cast, referral)
    on = today() + dt.timedelta(days=8 - today().weekday())  # a Tuesday, on which Ana works
    data = {"step": "first", "key": str(uuid.uuid4()), "on": on.isoformat(), "time": "07:00", "count": "1"}
    page = ina.post(url("waiting-show", referral), data)
    assert page.status_code == 422 and "is not between nine and five" in page.content.decode()
    assert ina.post(url("waiting-show", referral), data | {"anyway": "on"}).status_code == 302


def test_a_place_is_asked_for_where_the_proposed_course_is_by_group(
    cast: Cast, referral: Referral, ina: Browser
) -> None:
    run = form_group(
        by=cast.ana, at=now(), title="Monday evening", protocol="ipt-g-8", starts_on=today() + dt.timedelta(days=7),
        starts_time=dt.time(18, 0), lead=cast.ana, co_facilitator=cast.fay,
    )  # fmt: skip
    propose(cast, referral, chosen="ipt-g-8", reason="Wants to be with others.")
    page = reverse("groups:place-ask", args=[referral.client_id])
    assert page in ina.get(url("referral-assign", referral)).content.decode()
    assert "A course by group is proposed" in ina.get(url("referral-show", referral)).content.decode()
    agreed = now()
    grant_consent(by=cast.ina, at=agreed, client=referral.client, how="paper", given_at=agreed)
    early = ina.post(page, {"run": str(run.pk)})
    assert early.status_code == 422 and "Take the person into care first" in early.content.decode()
    assert not Member.objects.exists()
    accept(cast, referral)
    assert ina.post(page, {"run": str(run.pk)}).status_code == 302
    assert Member.objects.get(client=referral.client_id).run == run

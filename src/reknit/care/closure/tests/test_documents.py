"""Documents to print: each from what was given, with only what its purpose needs, pinned to its wording for good."""

import datetime as dt
import io
from typing import Any

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, meet_cleo
from tests.test_every_address import browser_of

from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.closure.actions import (
    begin_letter,
    book_follow_ups,
    give_record,
    issue_letter,
    save_letter,
    save_record,
)
from reknit.care.closure.documents.actions import check_wording, keep_wording, make_document
from reknit.care.closure.documents.kinds import DOCUMENTS, NOTICE, PRINTED
from reknit.care.closure.documents.made_up import made_up_values
from reknit.care.closure.documents.pages import pages_of
from reknit.care.closure.documents.values import sources_of, values_of
from reknit.care.closure.letters import pdf_of
from reknit.care.closure.models import CourseEnding, Printed, Wording
from reknit.care.encounters.models import Encounter
from reknit.care.measures.actions import record_administration
from reknit.care.network.actions import add_relationship, begin_version, place, sign_off_version
from reknit.care.people.actions import change_site

WORDS = {
    "gains": {"mood": "I sleep.", "credit": "You rang her."},
    "signs": {"mood": "Sleep.", "use": "The shop.", "ties": "No calls."},
    "staying_well": {"steps": "Ring.", "safe_use": "Naloxone."},
    "contingency": {"stress_1": "May.", "response_1": "Walk."},
    "disposition": {"choice": "end", "reason": "Reached."},
    "non_response": {"said": "It fell short.", "alternatives": ["cbt"], "plan": "We ring."},
}
SATISFIED = {f"satisfaction_{n}": 4 for n in range(1, 5)}


@pytest.fixture
def ended(cast: Cast, at: dt.datetime) -> Encounter:
    """A course with everything that a document is made from."""
    session = meet_cleo(cast, at)
    for kind, words in WORDS.items():
        draft = save_record(by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind, revision=0, words=words)
        give_record(by=cast.ana, at=at, record=draft, revision=1)
    book_follow_ups(by=cast.ana, at=at, episode=cast.cleo_episode, ended_on=at.date(), months=(1, 3))
    record_administration(
        by=cast.ana, at=at, client=cast.cleo, measure="satisfaction", answers=SATISFIED, mode="session",
        episode=cast.cleo_episode,
    )  # fmt: skip
    draw_twice(cast, at)
    CourseEnding.objects.create(episode=cast.cleo_episode, word="completed", basis={}, by=cast.ana, at=at)
    return session


def draw_twice(cast: Cast, at: dt.datetime) -> None:
    """Two signed circles of the course; Jo comes closer in between."""
    jo = add_relationship(by=cast.ana, at=at, client=cast.cleo, alias="Jo", ring=3)
    add_relationship(by=cast.ana, at=at, client=cast.cleo, alias="M.", ring=2)
    for ring in (3, 1):
        place(by=cast.ana, at=at, relationship=jo, ring=ring)
        drawn = begin_version(by=cast.ana, at=at, client=cast.cleo)
        sign_off_version(
            by=cast.ana, at=at, version=drawn, revision=drawn.revision, author="together", treatment_asked=True
        )  # fmt: skip


def test_people_then_and_now_are_told_in_words_once_two_circles_are_signed(
    cast: Cast, at: dt.datetime
) -> None:
    with pytest.raises(DomainError, match="second time"):
        make(cast, at, "then_now")
    draw_twice(cast, at)
    told = says(make(cast, at, "then_now"))
    assert "Closer: Jo." in told and "M." not in told


def make(cast: Cast, at: dt.datetime, kind: str, session: Encounter | None = None) -> Printed:
    return make_document(by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind, session=session)


def says(made: Printed) -> str:
    return str([made.content["heading"], made.content["blocks"], made.content["notice"]])


def keep(cast: Cast, at: dt.datetime, kind: str, body: str, version: int = 0, **more: Any) -> Wording:
    words = {"title": "A heading", "body": body, "with_notice": False} | more
    return keep_wording(by=cast.dara, at=at, kind=kind, version=version, **words)


@pytest.mark.parametrize("document", PRINTED, ids=lambda one: one.key)
def test_each_document_is_made_as_tagged_pages(
    cast: Cast, at: dt.datetime, ended: Encounter, document: Any
) -> None:
    made = make(cast, at, document.key, ended)
    pdf = pikepdf.open(io.BytesIO(pages_of(made.content, on=at.date())))
    assert pdf.Root.MarkInfo.Marked and "pdfuaid:part" in str(pdf.Root.Metadata.read_bytes())
    assert "Cleo" not in str(pdf.docinfo.get("/Title", ""))
    assert pages_of(made.content, on=at.date()) == pages_of(made.content, on=at.date())


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda one: one.key)
def test_wording_that_ships_obeys_its_own_list(document: Any) -> None:
    check_wording(
        document, title=str(document.title), body=str(document.wording), with_notice=document.leaves
    )
    assert set(made_up_values(document)) == set(document.fields)


@pytest.mark.parametrize("document", PRINTED, ids=lambda one: one.key)
def test_document_is_given_its_own_fields_and_nothing_else(
    cast: Cast, at: dt.datetime, ended: Encounter, document: Any
) -> None:
    found = values_of(
        document, sources_of(cast.cleo_episode), author=cast.ana, today=at.date(), session=ended
    )
    assert tuple(found) == document.fields


def test_certificates_need_a_name_days_and_the_clinic_and_no_more() -> None:
    clinic = {"client_name", "clinic_name", "clinic_phone", "author_name", "date"}
    assert set(DOCUMENTS["attendance"].fields) - clinic == {"attended_on", "attended_from", "attended_until"}
    assert set(DOCUMENTS["completion"].fields) - clinic == {"began_on", "ended_on"}


def test_attendance_names_no_diagnosis_substance_or_kind_of_care(
    cast: Cast, at: dt.datetime, ended: Encounter
) -> None:
    said = says(make(cast, at, "attendance", ended))
    assert "Cleo Case had an appointment here on 23 March 2026, from 11:00 to 11:50." in said
    for word in ("IPT", "therap", "depress", "alcohol", "substance", "treatment", "42 CFR"):
        assert word.lower() not in said.lower()


@pytest.mark.parametrize("word", ["IPT", "addiction", "Alcohol", "therapist", "recovery", "psychotherapy"])
def test_wording_of_a_certificate_cannot_tell_what_the_care_is_about(
    cast: Cast, at: dt.datetime, word: str
) -> None:
    with pytest.raises(DomainError, match=word):
        keep(cast, at, "attendance", f"{{client_name}} came for {word}.")
    with pytest.raises(DomainError, match="notice itself"):
        keep(cast, at, "attendance", "{client_name} came.", with_notice=True)


def test_certificate_of_attendance_refuses_another_clients_session(
    cast: Cast, at: dt.datetime, ended: Encounter
) -> None:
    theirs = Encounter.objects.create(
        client=cast.eli, episode=cast.eli_episode, clinician=cast.dov, outcome="attended", starts_at=at,
        made_by=cast.dov, made_at=at, slot=1, attended_number=1,
    )  # fmt: skip
    with pytest.raises(DomainError, match="Choose a session"):
        make(cast, at, "attendance", theirs)


@pytest.mark.parametrize("document", PRINTED, ids=lambda one: one.key)
def test_document_without_its_source_says_what_to_do_first(
    cast: Cast, at: dt.datetime, document: Any
) -> None:
    with pytest.raises(DomainError) as refused:
        make(cast, at, document.key)
    assert refused.value.sentence.endswith(".")
    assert not Printed.objects.exists()


def test_document_keeps_the_wording_it_was_made_from(cast: Cast, at: dt.datetime, ended: Encounter) -> None:
    first = make(cast, at, "gains")
    keep(cast, at, "gains", "New words.\n\n{gains}", title="Gains")
    second = make(cast, at, "gains")
    assert (first.wording_version, second.wording_version) == (0, 1)
    first.refresh_from_db()
    assert "The credit is yours." in says(first) and "New words." in says(second)
    assert make(cast, at, "gains") == second  # pressed twice


def test_documents_and_versions_are_never_changed(cast: Cast, at: dt.datetime, ended: Encounter) -> None:
    make(cast, at, "gains")
    keep(cast, at, "gains", "Other.\n\n{gains}")
    for table in ("closure_printed", "closure_wording"):
        for change in (f"UPDATE {table} SET kind = 'x'", f"DELETE FROM {table}"):  # noqa: S608 - our own names
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)


def test_only_directors_and_administrators_edit_and_two_at_once_lose_nothing(
    cast: Cast, at: dt.datetime
) -> None:
    with pytest.raises(Refused):
        keep_wording(
            by=cast.ana, at=at, kind="gains", version=0, title="A", body="{gains}", with_notice=False
        )
    keep(cast, at, "gains", "First.\n\n{gains}")
    with pytest.raises(Conflict) as conflict:
        keep(cast, at, "gains", "Second.\n\n{gains}")
    assert conflict.value.theirs["body"] == "First.\n\n{gains}"


def test_plan_names_nobody_who_can_no_longer_be_called_and_fields_in_words_stay_words(
    cast: Cast, at: dt.datetime, ended: Encounter
) -> None:
    draft = save_record(
        by=cast.ana, at=at, episode=cast.cleo_episode, kind="gains", revision=0,
        words={"mood": "{client_name} {% debug %}", "credit": "x"},
    )  # fmt: skip
    give_record(by=cast.ana, at=at, record=draft, revision=1)
    assert "{client_name} {% debug %}" in says(make(cast, at, "gains"))


def issued(cast: Cast, at: dt.datetime, kind: str) -> Any:
    letter = begin_letter(by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind)
    letter = save_letter(
        by=cast.ana, at=at, letter=letter, revision=0, recipient="Dr P.", words={"work": "You came."}
    )
    return issue_letter(by=cast.ana, at=at, letter=letter, revision=1)


def test_letter_carries_the_clinics_words_and_the_notice_pinned_at_issue(cast: Cast, at: dt.datetime) -> None:
    keep(cast, at, "plain", "We thank you, {client_first_name}.\n\n{letter}\n\nCome by at {clinic_name}.")
    plain, closing = issued(cast, at, "plain"), issued(cast, at, "closing")
    assert plain.facts["wording"] == {
        "version": 1, "before": ["We thank you, Cleo."], "after": ["Come by at Test clinic."], "notice": "",
    }  # fmt: skip
    assert closing.facts["wording"]["notice"] == NOTICE
    for letter in (plain, closing):
        assert pikepdf.open(io.BytesIO(pdf_of(letter, letter.facts, on=at.date()))).Root.MarkInfo.Marked


def test_documents_page_asks_as_often_for_many_as_for_one(
    cast: Cast, at: dt.datetime, ended: Encounter
) -> None:
    ana, url = browser_of(cast.ana), reverse("closure:document-list", args=[cast.cleo.pk])

    def asked() -> int:
        ana.get(url)
        with CaptureQueriesContext(connection) as made:
            assert ana.get(url).status_code == 200
        return len(made)

    make(cast, at, "gains")
    few = asked()
    for number in range(12):
        keep(cast, at, "gains", f"Number {number}.\n\n{{gains}}", version=number)
        make(cast, at, "gains")
    assert asked() == few


def test_pages_make_a_document_and_show_it(cast: Cast, ended: Encounter) -> None:
    ana = browser_of(cast.ana)
    for kind in ("follow_up", "attendance"):
        ana.post(reverse("closure:document-make", args=[cast.cleo.pk, kind]), {"session": str(ended.pk)})
    made = Printed.objects.get(kind="attendance")
    shown = ana.get(reverse("closure:document-show", args=[cast.cleo.pk, made.pk]))
    assert shown.content.startswith(b"%PDF") and shown["Cache-Control"] == "no-store"
    refused = ana.post(reverse("closure:document-make", args=[cast.cleo.pk, "attendance"]), {"session": "x"})
    assert refused.status_code == 422
    assert (
        browser_of(cast.dov).get(reverse("closure:document-show", args=[cast.cleo.pk, made.pk])).status_code
        == 404
    )


def test_director_tries_a_wording_on_the_made_up_client_and_keeps_it(cast: Cast, at: dt.datetime) -> None:
    dara, url = browser_of(cast.dara), reverse("closure:wording-edit", args=["signs"])
    change_site(by=cast.adi, at=at, site=cast.site, phone="555")
    sent = {"version": "0", "title": "Signs", "body": "For {client_first_name} <b>now</b>.\n\n{signals}"}
    tried = dara.post(url, sent | {"try": "1"}).content.decode()
    assert "For Robin &lt;b&gt;now&lt;/b&gt;." in tried and not Wording.objects.exists()
    assert dara.post(url, sent | {"keep": "1"}).status_code == 302
    refused = dara.post(url, sent | {"version": "1", "body": "{client_name}\n\n{signals}", "keep": "1"})
    assert refused.status_code == 422 and "There is no field {client_name}" in refused.content.decode()
    late = dara.post(url, sent | {"body": "Late.\n\n{signals}", "keep": "1"})
    assert late.status_code == 409 and "Late." in late.content.decode()
    assert dara.get(reverse("closure:wording-preview", args=["signs"])).content.startswith(b"%PDF")

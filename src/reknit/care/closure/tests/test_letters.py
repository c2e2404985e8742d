"""Letters are live until issued and frozen after; what the record does not know is not made up."""

import datetime as dt
import io

import pikepdf
import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import BEGIN, Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure.actions import begin_letter, close_course, file_pages, issue_letter, save_letter
from reknit.care.closure.letters import pdf_of
from reknit.care.closure.models import Letter
from reknit.care.closure.queries import letter_facts
from reknit.care.encounters.actions import start_encounter
from reknit.care.measures.actions import correct_administration, record_administration
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 23)


def phq(total: int) -> dict[str, int | None]:
    """PHQ-9 answers that add up to a total, with item 9 at zero."""
    answers: dict[str, int | None] = {}
    for item in range(1, 9):
        answers[f"phq9_{item}"] = min(3, total)
        total -= min(3, total)
    return {**answers, "phq9_9": 0}


def history(cast: Cast) -> None:
    """Two sessions, PHQ-9 18 and then 10, and ten known days with two of use."""
    for week, total in ((0, 18), (2, 10)):
        on = BEGIN + dt.timedelta(weeks=week)
        start_encounter(by=cast.ana, at=on, episode=cast.cleo_episode, outcome="attended", starts_at=on)
        record_administration(
            by=cast.ana, at=on, client=cast.cleo, measure="phq-9", answers=phq(total), mode="session",
            episode=cast.cleo_episode, slot=week + 1,
        )  # fmt: skip
    at = BEGIN + dt.timedelta(days=15)
    monitor(
        by=cast.ana, at=at, client=cast.cleo, substance="alcohol", starts_on=BEGIN.date(), is_primary=True
    )
    days = [
        DayEntry(on=BEGIN.date() + dt.timedelta(days=n), substance="alcohol", used=n < 2) for n in range(10)
    ]
    record_use_days(by=cast.ana, at=at, client=cast.cleo, days=days, source="interview")


@pytest.fixture
def letter(cast: Cast, at: dt.datetime) -> Letter:
    history(cast)
    return begin_letter(by=cast.ana, at=at, episode=cast.cleo_episode, kind="closing")


def save(letter: Letter, cast: Cast, at: dt.datetime, **words: str) -> Letter:
    return save_letter(
        by=cast.ana,
        at=at,
        letter=letter,
        revision=letter.revision,
        recipient="Dr Anand",
        words=words or {"work": "Grief."},
    )


def test_facts_follow_the_record_until_issued_and_stand_after(
    cast: Cast, at: dt.datetime, letter: Letter
) -> None:
    facts = letter_facts(letter, today=TODAY, author=cast.ana)
    assert facts["scores"][0]["first"][1] == "18" and facts["scores"][0]["latest"][1] == "10"
    assert (facts["use"]["abstinent"], facts["use"]["known"]) == (8, 10)
    sheet = cast.cleo.administrations.order_by("answered_at").last()
    assert sheet is not None
    correct_administration(by=cast.ana, at=at, administration=sheet, answers=phq(12))
    assert letter_facts(letter, today=TODAY, author=cast.ana)["scores"][0]["latest"][1] == "12"
    issued = issue_letter(by=cast.ana, at=at, letter=save(letter, cast, at), revision=1)
    sheet = cast.cleo.administrations.get(superseded_at=None, slot=3)
    correct_administration(by=cast.ana, at=at, administration=sheet, answers=phq(3))
    issued.refresh_from_db()
    assert issued.facts["scores"][0]["latest"][1] == "12"


@pytest.mark.parametrize("kind", ["closing", "plain"])
def test_letter_is_a_tagged_document_that_names_nobody_in_its_title(
    cast: Cast, at: dt.datetime, kind: str
) -> None:
    history(cast)
    letter = begin_letter(by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind)
    letter = save(letter, cast, at, work='She said: "no" $x$ #panic() <b>')
    pages = pdf_of(letter, letter_facts(letter, today=TODAY, author=cast.ana), on=TODAY)
    document = pikepdf.open(io.BytesIO(pages))
    assert document.Root.MarkInfo.Marked and str(document.Root.Lang) == "en"
    assert "Cleo" not in str(document.docinfo.Title)


def test_course_without_any_fact_still_makes_a_letter(cast: Cast, at: dt.datetime) -> None:
    letter = begin_letter(by=cast.dov, at=at, episode=cast.eli_episode, kind="plain")
    letter = save_letter(
        by=cast.dov, at=at, letter=letter, revision=0, recipient="", words={"work": "You came."}
    )
    facts = letter_facts(letter, today=TODAY, author=cast.dov)
    assert facts["scores"] == [] and facts["use"]["known"] == 0
    assert pdf_of(letter, facts, on=TODAY).startswith(b"%PDF")


def test_second_editor_overwrites_nothing(cast: Cast, at: dt.datetime, letter: Letter) -> None:
    save(letter, cast, at, work="Mine.")
    with pytest.raises(Conflict) as refused:
        save_letter(
            by=cast.ana, at=at, letter=letter, revision=0, recipient="Dr Anand", words={"work": "Yours."}
        )
    assert refused.value.theirs["work"] == "Mine."
    letter.refresh_from_db()
    assert letter.words["work"] == "Mine."


def test_issued_letter_takes_no_more_words(cast: Cast, at: dt.datetime, letter: Letter) -> None:
    issued = issue_letter(by=cast.ana, at=at, letter=save(letter, cast, at), revision=1)
    with pytest.raises(DomainError, match="no longer changes"):
        save_letter(by=cast.ana, at=at, letter=issued, revision=1, recipient="x", words={"work": "Later."})


@pytest.mark.parametrize(("recipient", "words"), [("", {"work": "x"}), ("Dr Anand", {})])
def test_empty_letter_is_not_issued(
    cast: Cast, at: dt.datetime, letter: Letter, recipient: str, words: dict[str, str]
) -> None:
    save_letter(by=cast.ana, at=at, letter=letter, revision=0, recipient=recipient, words=words)
    with pytest.raises(DomainError):
        issue_letter(by=cast.ana, at=at, letter=letter, revision=1)


def test_drafts_are_audited_at_the_first_and_the_last_save(
    cast: Cast, at: dt.datetime, letter: Letter
) -> None:
    for text in ("One.", "Two.", "Three."):
        letter = save(letter, cast, at, work=text)
    issue_letter(by=cast.ana, at=at, letter=letter, revision=letter.revision)
    verbs = list(
        AuditEvent.objects.filter(subject_id=letter.pk).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["begin letter", "save letter", "issue letter"]  # the pages follow after the commit


def test_course_closes_with_a_reason_and_not_over_an_open_risk_item(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="why"):
        close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="  ")
    record_administration(
        by=cast.ana, at=at, client=cast.cleo, measure="phq-9", answers={**phq(4), "phq9_9": 1}, mode="paper"
    )
    with pytest.raises(DomainError, match="risk item"):
        close_course(by=cast.ana, at=at, episode=cast.cleo_episode, reason="Moved away.")
    cast.cleo_episode.refresh_from_db()
    assert cast.cleo_episode.status == "open"


def test_pages_are_drawn_once_after_the_commit_and_refuse_a_changed_letter(
    cast: Cast, at: dt.datetime, letter: Letter, client: Browser
) -> None:
    save(letter, cast, at)
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("closure:letter-issue", args=[cast.cleo.pk, letter.kind]), {"revision": 1})
    letter.refresh_from_db()
    kept = bytes(letter.pdf or b"")
    assert kept.startswith(b"%PDF") and file_pages(by=cast.ana, at=at, letter=letter) == kept
    letter.pdf, letter.words = None, {"work": "Altered behind the back."}
    with pytest.raises(DomainError, match="fingerprint"):
        file_pages(by=cast.ana, at=at, letter=letter)


def page(browser: Browser, name: str, *args: object) -> int:
    return browser.get(reverse(name, args=args)).status_code


def test_letters_open_for_the_team_and_their_reader_alone(cast: Cast, at: dt.datetime) -> None:
    letter = begin_letter(by=cast.ana, at=at, episode=cast.cleo_episode, kind="plain")
    letter = save(letter, cast, at)
    issue_letter(by=cast.ana, at=at, letter=letter, revision=1)
    inside, own = ("closure:letter-issued", cast.cleo.pk, letter.pk), ("closure:client-letter", letter.pk)
    for name, user in cast.users().items():
        browser = Browser()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert page(browser, *inside) == (200 if name in {"ana", "ben"} else 404), name
        assert page(browser, *own) == (200 if name == "cleo_user" else 404), name


def test_edit_page_shows_facts_keeps_words_and_answers_autosave(cast: Cast, at: dt.datetime) -> None:
    history(cast)
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("closure:letter-edit", args=[cast.cleo.pk, "closing"])
    assert "8 of 10 known days" in browser.get(url).content.decode()
    assert not Letter.objects.exists()  # looking makes nothing
    sent = {"revision": "0", "recipient": "Dr Anand", "work": "<b>Grief</b>"}
    quiet = {"headers": {"X-Autosave": "1", "Accept": "application/json"}}
    assert browser.post(url, sent, **quiet).json()["revision"] == "1"  # type: ignore[arg-type]
    assert browser.post(url, {**sent, "work": "Other"}, **quiet).status_code == 409  # type: ignore[arg-type]
    late = browser.post(url, {**sent, "work": "Other words"})
    assert late.status_code == 409 and b"Other words" in late.content and b"&lt;b&gt;Grief" in late.content
    long = browser.post(url, {**sent, "revision": "1", "work": "x" * 7000})
    assert long.status_code == 422 and Letter.objects.get().words["work"] == "<b>Grief</b>"
    assert browser.get(reverse("closure:letter-pdf", args=[cast.cleo.pk, "closing"])).content.startswith(
        b"%PDF"
    )


def test_a_letter_goes_out_with_the_words_its_page_showed(
    cast: Cast, at: dt.datetime, letter: Letter, client: Browser
) -> None:
    save(letter, cast, at, work="As Ana read it.")
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    edit = reverse("closure:letter-edit", args=[cast.cleo.pk, letter.kind])
    shown = client.get(edit).content.decode()
    assert '<input type="hidden" name="revision" value="1" data-revision-of="letter-form"' in shown
    letter.refresh_from_db()
    save(letter, cast, at, work="As a colleague changed it.")
    issue = reverse("closure:letter-issue", args=[cast.cleo.pk, letter.kind])
    for sent in ({"revision": 1}, {}, {"revision": ""}, {"revision": "newest"}, {"revision": "-1"}):
        told = client.post(issue, sent, follow=True).content.decode()
        assert "changed since you read it" in told and "As a colleague changed it." in told, sent
        letter.refresh_from_db()
        assert letter.state == "draft", sent
    client.post(issue, {"revision": 2})
    letter.refresh_from_db()
    assert letter.state == "issued"
    again = client.post(issue, {"revision": 2}, follow=True)  # the button pressed twice
    assert again.status_code == 200 and "issued already" in again.content.decode()


def test_a_refused_save_does_not_make_unread_words_fit_to_issue(
    cast: Cast, at: dt.datetime, letter: Letter, client: Browser
) -> None:
    save(letter, cast, at)
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    edit = reverse("closure:letter-edit", args=[cast.cleo.pk, letter.kind])
    page = client.post(edit, {"revision": "0", "work": "x" * 7000})
    assert page.status_code == 422
    assert 'value="0" data-revision-of="letter-form"' in page.content.decode()


def test_a_course_that_cannot_close_says_why_under_the_field_and_keeps_the_words(
    cast: Cast, at: dt.datetime, client: Browser
) -> None:
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    close = reverse("closure:course-close", args=[cast.cleo.pk])
    for reason, words in (
        ("   ", "Write why the course closes."),
        ("Moved away. " * 30, "at most 200 characters"),
    ):
        answer = client.post(close, {"reason": reason})
        told = answer.content.decode()
        assert answer.status_code == 422 and 'id="id_reason_error"' in told and words in told
        assert reason.strip() in told
    record_administration(
        by=cast.ana, at=at, client=cast.cleo, measure="phq-9", answers={**phq(4), "phq9_9": 1}, mode="paper"
    )
    answer = client.post(close, {"reason": "Moved to Lyon."})
    told = answer.content.decode()
    assert answer.status_code == 422 and "A risk item is still open." in told and "Moved to Lyon." in told
    cast.cleo_episode.refresh_from_db()
    assert cast.cleo_episode.status == "open"


def test_letter_page_hints_at_words_before_it_is_issued_and_issues_all_the_same(
    cast: Cast, at: dt.datetime, letter: Letter
) -> None:
    kept = save(letter, cast, at, work="He refused, and relapsed. We closed the role dispute.")
    browser = Browser()
    browser.force_login(cast.ana)
    page = browser.get(reverse("closure:letter-edit", args=[cast.cleo.pk, letter.kind])).content.decode()
    assert "“relapsed” may weigh on a reader" in page and "“refused”" in page
    assert ("“role dispute”" in page) == (letter.kind == "plain")
    assert issue_letter(by=cast.ana, at=at, letter=kept, revision=kept.revision).state == "issued"

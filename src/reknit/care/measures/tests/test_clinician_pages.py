"""Giving a measure here, reading it, correcting it, and making a link."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.contact.actions import set_safe_contact
from reknit.care.measures.models import Administration, FormLink
from reknit.care.measures.queries import offered
from reknit.care.safety.models import RiskItem
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Item, ResponseOption

from .factories import CALM, HEAVY, link_to, phq, recorded


def browser(person: User) -> Browser:
    found = Browser()
    found.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return found


def address(cast: Cast, page: str, *more: Any) -> str:
    return reverse(f"measures:{page}", args=[cast.cleo.pk, *more])


def fields(answers: Mapping[str, int | None], **more: Any) -> dict[str, Any]:
    typed = {f"q-{item}": "" if value is None else str(value) for item, value in answers.items()}
    return {"key": str(uuid.uuid4()), "mode": "session", **typed, **more}


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_page_is_hidden_from_dov_eli_and_all_without_charts(cast: Cast, at: dt.datetime) -> None:
    sheet = recorded(cast, at, CALM)
    pages = [
        address(cast, "measure-list"),
        address(cast, "administration-add", "phq-9"),
        address(cast, "administration-show", sheet.pk),
        address(cast, "administration-correct", sheet.pk),
        address(cast, "link-make", "phq-9"),
    ]
    outside = {name: user for name, user in cast.users().items() if name not in {"ana", "ben"}}
    for page in pages:
        assert browser(cast.ana).get(page).status_code == 200
        for user in outside.values():
            assert browser(user).get(page).status_code == 404
            assert browser(user).post(page, fields(HEAVY)).status_code in {404, 405}
    assert Administration.objects.count() == 1


def test_supervisor_reads_and_does_not_write(cast: Cast, at: dt.datetime) -> None:
    sheet = recorded(cast, at, CALM)
    ben = browser(cast.ben)
    assert "Correct this sheet" not in text(ben.get(address(cast, "administration-show", sheet.pk)))
    assert "Give here" not in text(ben.get(address(cast, "measure-list")))
    for page in ("administration-add", "link-make"):
        assert ben.get(address(cast, page, "phq-9")).status_code == 403
    assert ben.post(address(cast, "administration-correct", sheet.pk), fields(HEAVY)).status_code == 403


def test_sheet_of_another_client_is_not_found_through_this_one(cast: Cast, at: dt.datetime) -> None:
    theirs = recorded(cast, at, CALM, client=cast.eli)
    assert browser(cast.ana).get(address(cast, "administration-show", theirs.pk)).status_code == 404


def test_sheet_shows_the_published_words_their_credit_and_what_a_blank_means(cast: Cast) -> None:
    shown = text(browser(cast.ana).get(address(cast, "administration-add", "phq-9")))
    assert "Little interest or pleasure in doing things" in shown
    assert "Developed by Drs. Robert L. Spitzer" in shown
    assert "a blank never counts as 0" in shown


SHIPPED = [one.id for one in catalogue.measures() if catalogue.wording_state(one.id) == "shown"]


@pytest.mark.parametrize("measure", SHIPPED)
def test_every_measure_offered_can_be_given_and_read(cast: Cast, measure: str) -> None:
    assert measure in {one.id for one in offered()}
    ana, page = browser(cast.ana), address(cast, "administration-add", measure)
    assert ana.get(page).status_code == 200
    lowest = {item.id: chosen[0].value for item, chosen in options_of(measure)}
    shown = text(ana.post(page, fields(lowest), follow=True))
    assert "Complete" in shown
    assert Administration.objects.get().measure == measure
    assert ana.get(address(cast, "measure-list")).status_code == 200


def options_of(measure: str) -> list[tuple[Item, tuple[ResponseOption, ...]]]:
    chosen = catalogue.measure(measure)
    return [(item, chosen.options_for(item)) for item in chosen.items if not item.helper]


def test_sheet_shows_its_subscales(cast: Cast) -> None:
    answers = {f"pcl5_{n}": 2 if n in (1, 6, 8, 9, 15, 16) else 0 for n in range(1, 21)}
    page = address(cast, "administration-add", "pcl-5")
    shown = text(browser(cast.ana).post(page, fields(answers), follow=True))
    assert "<dt>Cluster D, thoughts and mood</dt><dd>4</dd>" in shown
    recorded(cast, now(), CALM)
    mood = Administration.objects.get(measure="phq-9")
    assert "PHQ-2" not in text(browser(cast.ana).get(address(cast, "administration-show", mood.pk)))


def test_measure_without_a_total_is_listed_without_a_range_or_a_chart(cast: Cast) -> None:
    ana = browser(cast.ana)
    for day in (3, 7):
        answers = {f"daily_{n}": day for n in range(1, 5)}
        assert (
            ana.post(address(cast, "administration-add", "daily-checkin"), fields(answers)).status_code == 302
        )
    shown = text(ana.get(address(cast, "measure-list")))
    assert "No total: look at the answers" in shown
    assert "0 to 0" not in shown


def test_words_of_others_are_offered_once_the_clinic_may_show_them(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    """The AUDIT-C has terms of its own; the clinic that may use it switches its pack on."""
    ana, page = browser(cast.ana), address(cast, "administration-add", "audit-c")
    assert ana.get(page).status_code == 404
    (tmp_path / "measures").mkdir()
    (tmp_path / "measures" / "site.toml").write_text('packs = ["audit"]\n')
    before, settings.DATA = settings.DATA, tmp_path
    shown = text(ana.get(page))
    assert "How often do you have a drink containing alcohol?" in shown
    assert "World Health Organization 2001" in shown
    ana.post(page, fields({f"auditc_{n}": 1 for n in (1, 2, 3)}))
    sheet = Administration.objects.get()
    assert (sheet.total, sheet.band) == (Decimal(3), "")  # a band needs a sex here
    settings.DATA = before
    kept = text(ana.get(address(cast, "administration-show", sheet.pk)))
    assert (
        "how often drinks" in kept and "containing alcohol" not in kept
    )  # its topics, when the pack is off again


def test_unknown_measure_is_not_found(cast: Cast) -> None:
    assert browser(cast.ana).get(address(cast, "administration-add", "phq-15")).status_code == 404


def test_saving_shows_score_and_state_and_the_item_it_opened(cast: Cast) -> None:
    page = address(cast, "administration-add", "phq-9")
    shown = text(browser(cast.ana).post(page, fields(HEAVY), follow=True))
    assert "27" in shown
    assert "Complete" in shown
    assert "An answer here waits for someone: Ana Test answers for it" in shown
    assert reverse("safety:risk-show", args=[RiskItem.objects.get().pk]) in shown


def test_prorated_sheet_is_shown_as_prorated_with_what_is_blank(cast: Cast) -> None:
    page = address(cast, "administration-add", "phq-9")
    answers = {**phq(2), "phq9_3": None}
    shown = text(browser(cast.ana).post(page, fields(answers), follow=True))
    assert "Prorated from 8 of 9 answers; blank: 3 sleep" in shown
    assert "left blank" in shown


def test_incomplete_sheet_shows_no_number(cast: Cast) -> None:
    page = address(cast, "administration-add", "phq-9")
    shown = text(browser(cast.ana).post(page, fields({"phq9_1": 3}), follow=True))
    assert "No score" in shown
    assert "Incomplete: 1 of 9 answered" in shown
    assert "kept for the next contact" in shown
    assert Administration.objects.get().total is None


@pytest.mark.parametrize("value", ["7", "1.0", "\x00", "9" * 300])
def test_bad_answer_is_refused_by_name_and_nothing_is_written(cast: Cast, value: str) -> None:
    answer = browser(cast.ana).post(
        address(cast, "administration-add", "phq-9"),
        fields({**CALM, "phq9_2": value}),  # type: ignore[dict-item]
    )
    assert answer.status_code == 422
    assert "Question 2 has only the answers shown here" in text(answer)
    assert not Administration.objects.exists()


def test_double_send_is_one_sheet(cast: Cast) -> None:
    given = fields(CALM)
    for _ in range(2):
        assert browser(cast.ana).post(address(cast, "administration-add", "phq-9"), given).status_code == 302
    assert Administration.objects.count() == 1


@pytest.mark.parametrize("day", ["2199-01-01", "0001-01-01", "1899-12-31", "tomorrow", "\x00"])
def test_impossible_day_on_paper_is_refused(cast: Cast, day: str) -> None:
    given = fields(CALM, mode="paper", answered_on=day)
    answer = browser(cast.ana).post(address(cast, "administration-add", "phq-9"), given)
    assert answer.status_code == 422
    assert not Administration.objects.exists()


def test_paper_sheet_keeps_its_day(cast: Cast) -> None:
    given = fields(CALM, mode="paper", answered_on="2026-03-05", slot="2")
    browser(cast.ana).post(address(cast, "administration-add", "phq-9"), given)
    row = Administration.objects.get()
    assert (row.mode, row.slot, row.answered_at.date()) == ("paper", 2, dt.date(2026, 3, 5))


def test_without_consent_nothing_is_written_and_the_page_says_why(cast: Cast) -> None:
    revoke_consent(by=cast.ana, at=now(), consent=Consent.objects.get(client=cast.cleo))
    for page in ("administration-add", "link-make"):
        answer = browser(cast.ana).post(address(cast, page, "phq-9"), fields(CALM, hours="72"))
        assert answer.status_code == 422
        assert "Consent to treatment is not recorded" in text(answer)
    assert not Administration.objects.exists()
    assert not FormLink.objects.exists()


def test_correction_keeps_both_sheets_and_says_which_stands(cast: Cast, at: dt.datetime) -> None:
    old = recorded(cast, at, CALM)
    page = address(cast, "administration-correct", old.pk)
    assert re.search(r'name="q-phq9_1" value="0"[^>]*checked', text(browser(cast.ana).get(page)))
    shown = text(browser(cast.ana).post(page, fields(phq(1)), follow=True))
    assert "This is a correction" in shown
    first = text(browser(cast.ana).get(address(cast, "administration-show", old.pk)))
    assert "This sheet was corrected" in first
    assert "Correct this sheet" not in first


def test_correcting_what_another_corrected_leads_to_theirs(cast: Cast, at: dt.datetime) -> None:
    old = recorded(cast, at, CALM)
    page = address(cast, "administration-correct", old.pk)
    browser(cast.ana).post(page, fields(phq(1)))
    answer = browser(cast.ana).post(page, fields(phq(2)), follow=True)
    assert "corrected this sheet before you" in text(answer)
    assert Administration.objects.count() == 2


def test_list_shows_latest_score_its_band_state_and_live_links(cast: Cast) -> None:
    recorded(cast, now() - dt.timedelta(days=14), phq(2))
    recorded(cast, now() - dt.timedelta(days=7), {**phq(1), "phq9_2": None})
    link_to(cast, now(), measure="gad-7")
    shown = text(browser(cast.ana).get(address(cast, "measure-list")))
    for words in ("7.88", "Prorated from 8 of 9 answers; blank: 2 low mood", "Show as a table", "not begun"):
        assert words in shown


def test_list_keeps_its_number_of_queries_as_sheets_grow(cast: Cast, at: dt.datetime) -> None:
    counts = []
    for n in (3, 30):
        for _ in range(n):
            recorded(cast, at, CALM)
        ana = browser(cast.ana)
        ana.get(address(cast, "measure-list"))
        with CaptureQueriesContext(connection) as queries:
            ana.get(address(cast, "measure-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_link_is_shown_once_with_code_message_and_safe_contact(cast: Cast) -> None:
    set_safe_contact(
        by=cast.ina,
        at=now(),
        client=cast.cleo,
        channel="text",
        value="+33 6 12 34 56 78",
        safe_times="After six",
    )
    page = address(cast, "link-make", "phq-9")
    answer = browser(cast.ana).post(page, {"hours": "72"})
    shown = text(answer)
    found = re.search(r'value="(http://testserver/f/([\w-]+)/)"', shown)
    assert found
    assert Browser().get(f"/f/{found[2]}/").status_code == 200
    assert "Do not name the clinic" in shown
    assert "After six" in shown
    assert "<svg" in shown
    assert "style=" not in shown
    assert "no-store" in answer["Cache-Control"]
    assert found[2] not in text(browser(cast.ana).get(page))
    message = shown.split("<textarea")[1].split("</textarea>")[0]
    for word in ("Cleo", "clinic", "PHQ", "health"):
        assert word not in message


def test_link_page_says_that_the_older_one_ends(cast: Cast) -> None:
    link_to(cast, now())
    assert "takes its place" in text(browser(cast.ana).get(address(cast, "link-make", "phq-9")))


def test_link_for_a_strange_time_is_refused(cast: Cast) -> None:
    answer = browser(cast.ana).post(address(cast, "link-make", "phq-9"), {"hours": "9999999999999999"})
    assert answer.status_code == 422
    assert not FormLink.objects.exists()


def test_list_says_what_the_protocol_asks_for_and_what_this_clinic_does_not_hold(
    cast: Cast, at: dt.datetime
) -> None:
    page = text(browser(cast.ana).get(address(cast, "measure-list")))
    assert "Due by the protocol" in page
    assert (
        "0 of 4" in page
    )  # of the baseline: PHQ-9, GAD-7, the calendar and the network can be asked for here
    assert "BAM (not loaded)" in page
    recorded(cast, at, CALM, slot=0, episode=cast.cleo_episode)
    assert "1 of 4" in text(browser(cast.ana).get(address(cast, "measure-list")))

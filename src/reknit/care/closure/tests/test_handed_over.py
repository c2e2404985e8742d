"""What the letters carry of the closing work, and where each figure comes from."""

import datetime as dt
import io
import re

import pikepdf
import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import BEGIN, Cast

from reknit.care.closure.actions import begin_letter, book_follow_ups, issue_letter, save_letter
from reknit.care.closure.handed_over import without_aliases
from reknit.care.closure.letters import pdf_of
from reknit.care.closure.models import Letter
from reknit.care.closure.queries import letter_facts
from reknit.care.measures.actions import correct_administration
from reknit.care.network.models import Relationship

from .factories import circle_of, drafted, given
from .test_letters import TODAY, history, phq

pytestmark = pytest.mark.django_db


def letter_of(cast: Cast, at: dt.datetime, kind: str = "closing") -> Letter:
    return begin_letter(by=cast.ana, at=at, episode=cast.cleo_episode, kind=kind)


def carried(letter: Letter, cast: Cast) -> dict[str, str]:
    """Part heading to words, over all records that a letter carries."""
    facts = letter_facts(letter, today=TODAY, author=cast.ana)
    return {part["heading"]: part["text"] for one in facts["closing"]["records"] for part in one["parts"]}


def test_letter_carries_what_was_given_and_follows_its_newest_version(cast: Cast, at: dt.datetime) -> None:
    letter = letter_of(cast, at)
    drafted(cast, "gains", at=at)
    assert carried(letter, cast) == {}
    given(cast, "signs", at=at)
    assert carried(letter, cast)["Signs of a return to use"] == "I walk past the old bar."
    given(cast, "signs", at=at, use="I keep the bottle opener.")
    assert carried(letter, cast)["Signs of a return to use"] == "I keep the bottle opener."


def test_issued_letter_keeps_what_it_carried(cast: Cast, at: dt.datetime) -> None:
    given(cast, "signs", at=at)
    letter = save_letter(
        by=cast.ana,
        at=at,
        letter=letter_of(cast, at),
        revision=0,
        recipient="Dr Anand",
        words={"work": "Grief."},
    )
    letter = issue_letter(by=cast.ana, at=at, letter=letter, revision=1)
    given(cast, "signs", at=at, use="Something else.")
    letter.refresh_from_db()
    assert "I walk past the old bar." in str(letter.facts["closing"])


def test_letter_to_colleagues_names_nobody_of_the_clients_life(
    cast: Cast, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jo,) = circle_of(monkeypatch, "Jo")
    Relationship.objects.create(client=cast.cleo, alias="Jo", added_at=at)
    given(cast, "signs", at=at, ties="I do not answer Jo. Joking stops.")
    given(cast, "staying_well", at=at, people=[str(jo.id)])
    closing = carried(letter_of(cast, at), cast)
    assert closing["Signs in relationships"] == "I do not answer [someone close]. Joking stops."
    assert "People to call" not in closing
    plain = carried(letter_of(cast, at, "plain"), cast)
    assert plain["People to call"] == "Jo" and "answer Jo" in plain["Signs in relationships"]


@pytest.mark.parametrize(
    ("text", "aliases", "said"),
    [
        ("Mum's kitchen", ["Mum"], "[someone close]'s kitchen"),
        ("M. and Max", ["M."], "[someone close] and Max"),
        ("(a+b) rings", ["(a+b)"], "[someone close] rings"),
        ("Nothing here", [], "Nothing here"),
    ],
)
def test_alias_is_taken_out_whole_and_nothing_else(text: str, aliases: list[str], said: str) -> None:
    assert without_aliases(text, aliases) == said


@pytest.mark.parametrize("kind", ["closing", "plain"])
def test_letter_with_all_of_it_is_drawn_as_typed(cast: Cast, at: dt.datetime, kind: str) -> None:
    history(cast)
    for record in ("gains", "signs", "staying_well", "contingency", "disposition"):
        given(cast, record, at=at, **({"use": "#panic() $x$ <b>"} if record == "signs" else {}))
    book_follow_ups(by=cast.ana, at=at, episode=cast.cleo_episode, ended_on=TODAY, months=(1, 3))
    letter = letter_of(cast, at, kind)
    pages = pdf_of(letter, letter_facts(letter, today=TODAY, author=cast.ana), on=TODAY)
    assert pikepdf.open(io.BytesIO(pages)).Root.MarkInfo.Marked


def test_letter_issued_before_there_was_closing_work_is_still_drawn(cast: Cast, at: dt.datetime) -> None:
    letter = letter_of(cast, at)
    facts = letter_facts(letter, today=TODAY, author=cast.ana)
    old = {key: value for key, value in facts.items() if key not in {"closing", "sources"}}
    assert pdf_of(letter, old, on=TODAY).startswith(b"%PDF")


def test_each_figure_says_where_it_comes_from(cast: Cast, at: dt.datetime) -> None:
    history(cast)
    given(cast, "gains", at=at)
    book_follow_ups(by=cast.ana, at=at, episode=cast.cleo_episode, ended_on=TODAY, months=(1,))
    facts = letter_facts(letter_of(cast, at), today=TODAY, author=cast.ana)
    told = {one["figure"]: (one["value"], one["source"]) for one in facts["sources"]}
    assert told["PHQ-9, session 1"] == ("18", "Sheet of 2 March 2026")
    assert told["Sessions"] == ("2 of 16", "Sessions written down from 2 March 2026 to 23 March 2026")
    assert told["Days without use, whole course"] == (
        "8 of 10", "Calendar, 2 March 2026 to 23 March 2026; 10 of 22 days known",
    )  # fmt: skip
    assert told["Review of gains"] == ("version 1", "Given by Ana Test on 23 March 2026")
    assert told["Follow-up, 1 month after the end"][0] == "23 April 2026"


def test_every_number_of_the_tables_has_its_row(cast: Cast, at: dt.datetime) -> None:
    """Each score and each count of days that the letter prints stands in a row that names its source."""
    history(cast)
    facts = letter_facts(letter_of(cast, at), today=TODAY, author=cast.ana)
    values = [one["value"] for one in facts["sources"]]
    printed = [row[2] for scores in facts["scores"] for row in scores["rows"]]
    printed += [row[1] for row in facts["use"]["rows"]]
    for value in printed:
        assert value in values, value
    for number in re.findall(r"\d+", facts["scores"][0]["sentence"].split(".")[0]):
        assert number in " ".join(values) or number in facts["scores"][0]["rule"] + str(
            facts["scores"][0]["band"]
        )


def test_corrected_sheet_changes_its_row(cast: Cast, at: dt.datetime) -> None:
    history(cast)
    sheet = cast.cleo.administrations.order_by("answered_at").first()
    assert sheet is not None
    new = correct_administration(by=cast.ana, at=at, administration=sheet, answers=phq(15))
    rows = letter_facts(letter_of(cast, at), today=TODAY, author=cast.ana)["sources"]
    (row,) = [one for one in rows if one["figure"] == "PHQ-9, session 1"]
    assert (row["value"], row["key"]) == ("15", str(new.pk))


def test_letter_page_shows_the_table_with_its_links(cast: Cast, at: dt.datetime) -> None:
    history(cast)
    browser = Browser()
    browser.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    body = browser.get(reverse("closure:letter-edit", args=[cast.cleo.pk, "closing"])).content.decode()
    assert "Where each figure comes from" in body
    sheet = cast.cleo.administrations.order_by("answered_at").first()
    assert sheet is not None and BEGIN.date() == sheet.answered_at.date()
    assert reverse("measures:administration-show", args=[cast.cleo.pk, sheet.pk]) in body

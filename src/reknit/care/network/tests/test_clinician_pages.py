"""What the care team sees of the circle and can send; who stays out."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.care.network import actions, drawing, queries, wording
from reknit.care.network.models import CircleVersion, Relationship, Tie
from reknit.care.programme import charts

from .factories import add, describe, drawn, sign

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = dt.timedelta(days=14)


def browser(user: User) -> Browser:
    found = Browser()
    found.force_login(user, backend=BACKEND)
    return found


@pytest.fixture(autouse=True)
def _present(at: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "now", lambda: at)


def address(cast: Cast, name: str = "circle-show", *more: Any) -> str:
    return reverse(f"network:{name}", args=[cast.cleo.pk, *more])


def page(cast: Cast, name: str = "circle-show", *more: Any, user: User | None = None) -> str:
    answer = browser(user or cast.ana).get(address(cast, name, *more))
    assert answer.status_code == 200
    return answer.content.decode()


def new(alias: str, **more: str) -> dict[str, str]:
    return {"alias": alias, "relation": "", "ring": "", "key": str(uuid.uuid4()), **more}


def test_dov_and_eli_find_nothing(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "Zebedee")
    sign(cast, at)
    for person in (cast.dov, cast.eli_user, cast.cleo_user, cast.adi, cast.ina, cast.dara):
        for name, more in (("circle-show", ()), ("relationship-show", (row.pk,)), ("version-show", (1,))):
            answer = browser(person).get(address(cast, name, *more))
            assert answer.status_code == 404 and b"Zebedee" not in answer.content


def test_the_supervisor_reads_and_cannot_write(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "Jo")
    text = page(cast, user=cast.ben)
    assert "Jo" in text and "<select" not in text and "Sign off" not in text and "data-movable" not in text
    ben = browser(cast.ben)
    assert ben.post(address(cast, "relationship-add"), new("Al")).status_code == 403
    assert ben.post(address(cast, "mark-place", row.pk), {"ring": 3}).status_code == 403
    assert Relationship.objects.count() == 1


def test_somebody_elses_person_is_not_found_under_ones_own_client(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "Jo")
    for name in ("relationship-show", "relationship-edit"):
        url = reverse(f"network:{name}", args=[cast.eli.pk, row.pk])
        assert browser(cast.dov).get(url).status_code == 404
    url = reverse("network:mark-place", args=[cast.eli.pk, row.pk])
    assert browser(cast.dov).post(url, {"ring": 1}).status_code == 404


def test_an_empty_circle_says_what_to_do(cast: Cast) -> None:
    text = page(cast)
    assert "Add the first two" in text and "Nobody is on the circle yet." in text
    assert not CircleVersion.objects.exists()


def test_adding_takes_two_fields_and_gives_the_cursor_back(cast: Cast) -> None:
    ana = browser(cast.ana)
    answer = ana.post(address(cast, "relationship-add"), new("Jo", relation="sibling"), follow=True)
    text = answer.content.decode()
    assert re.search(r'name="alias"[^>]*autofocus', text)
    assert "1 person has no ring yet" in text
    row = Relationship.objects.get()
    assert (row.alias, row.relation, row.ring) == ("Jo", "sibling", None)


@pytest.mark.parametrize(
    "sent",
    [
        {"alias": ""},
        {"alias": "x" * 41},
        {"ring": "7"},
        {"relation": "boss"},
        {"key": "no"},
        {"alias": "a\x07b"},
    ],
)
def test_what_cannot_be_added_comes_back_with_its_words(cast: Cast, sent: dict[str, str]) -> None:
    answer = browser(cast.ana).post(address(cast, "relationship-add"), {**new("Jo"), **sent})
    assert answer.status_code == 422
    assert not Relationship.objects.exists()


def test_a_second_of_the_same_alias_is_told_so(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    answer = browser(cast.ana).post(address(cast, "relationship-add"), new("JO"))
    assert answer.status_code == 422
    assert "on the circle already" in answer.content.decode()


def test_drag_list_and_table_reach_the_same_place(cast: Cast, at: dt.datetime) -> None:
    rows = [add(cast, at, name, ring=1) for name in ("A", "B", "C")]
    ana = browser(cast.ana)
    parts = ana.post(
        address(cast, "mark-place", rows[0].pk), {"ring": 3, "angle": 90}, headers={"X-Parts": "1"}
    )
    assert (
        'id="circle-figure"' in parts.content.decode() and "A: further out. Saved." in parts.content.decode()
    )
    ana.post(address(cast, "mark-place", rows[1].pk), {"ring": "3"}, headers={"X-Parts": "1"})
    sent = {f"was-{row.pk}": "1" for row in rows} | {f"ring-{row.pk}": "1" for row in rows}
    ana.post(address(cast, "circle-arrange"), {**sent, f"ring-{rows[2].pk}": "3"})
    assert [(row.alias, row.ring) for row in Relationship.objects.order_by("alias")] == [
        ("A", 3), ("B", 3), ("C", 3),
    ]  # fmt: skip


def test_the_table_moves_only_what_was_changed_on_it(cast: Cast, at: dt.datetime) -> None:
    """Somebody moved A after this page was opened; sending the page untouched does not move A back."""
    row = add(cast, at, "A", ring=1)
    actions.place(by=cast.ana, at=at, relationship=row, ring=3)
    sent = {f"was-{row.pk}": "1", f"ring-{row.pk}": "1"}
    answer = browser(cast.ana).post(address(cast, "circle-arrange"), sent, follow=True)
    assert "Nothing was different" in answer.content.decode()
    row.refresh_from_db()
    assert row.ring == 3


@pytest.mark.parametrize(
    "sent", [{}, {"ring": "0"}, {"ring": "9"}, {"ring": "x"}, {"ring": "1", "angle": "1e9"}]
)
def test_a_place_that_is_none_is_refused(cast: Cast, at: dt.datetime, sent: dict[str, str]) -> None:
    row = add(cast, at, "A", ring=2)
    answer = browser(cast.ana).post(address(cast, "mark-place", row.pk), sent, headers={"X-Parts": "1"})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.ring == 2


def test_a_ring_in_the_table_that_is_none_is_refused(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "A", ring=2)
    sent = {f"was-{row.pk}": "2", f"ring-{row.pk}": "99"}
    answer = browser(cast.ana).post(address(cast, "circle-arrange"), sent, follow=True)
    assert "Choose a ring from 1 to 3" in answer.content.decode()


def test_ties_are_told_in_words_and_taken_off(cast: Cast, at: dt.datetime) -> None:
    one, other = add(cast, at, "Mum"), add(cast, at, "M.")
    ana = browser(cast.ana)
    ana.post(address(cast, "tie-add"), {"one": one.pk, "other": other.pk, "kind": "conflict"})
    text = page(cast)
    assert "are under strain" in text and "tie-strain" in text
    ana.post(address(cast, "tie-remove", Tie.objects.get().pk))
    assert not Tie.objects.exists()


def test_a_tie_to_oneself_or_to_nobody_is_refused(cast: Cast, at: dt.datetime) -> None:
    one = add(cast, at, "Mum")
    for other in (one.pk, "", uuid.uuid4()):
        sent = {"one": one.pk, "other": other, "kind": "close"}
        assert browser(cast.ana).post(address(cast, "tie-add"), sent).status_code == 422


def test_density_is_not_told_until_every_pair_was_asked(cast: Cast, at: dt.datetime) -> None:
    for name in "ABC":
        add(cast, at, name)
    assert "pairs not asked" in page(cast)
    browser(cast.ana).post(address(cast, "ties-asked"), {"asked": "yes"})
    assert "pairs not asked" not in page(cast) and drawn(cast.cleo).ties_asked


def test_then_and_now_are_two_small_pictures_with_a_sentence_for_each_kind(
    cast: Cast, at: dt.datetime
) -> None:
    jo = add(cast, at, "Jo", ring=3)
    sign(cast, at)
    actions.place(by=cast.ana, at=at, relationship=jo, ring=1)
    add(cast, at, "Pri")
    sign(cast, at)
    first, latest = (one.circle for one in queries.signed_versions(cast.cleo, episode=cast.cleo_episode))
    then, now = drawing.then_and_now(first, latest)
    assert (then.count("data-mark"), now.count("data-mark")) == (1, 2)
    assert wording.changes(queries.compare(first, latest)) == ["New: Pri.", "Closer: Jo."]
    assert queries.signed_versions(cast.cleo, episode=cast.eli_episode) == ()


def test_three_people_show_no_percentage(cast: Cast, at: dt.datetime) -> None:
    for name in "ABC":
        add(cast, at, name, reciprocity="even", alcohol="heavy", drugs="heavy", contact=7)
    assert not re.search(r"\d+ %", page(cast))
    add(cast, at, "D", reciprocity="even", alcohol="heavy", drugs="heavy", contact=7)
    assert "100 %" in page(cast)


def test_what_is_known_is_written_down_and_the_rest_says_not_known(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "M.")
    sent = {
        "revision": 0,
        "alias": "M.",
        "alcohol": "heavy",
        "conflict": "6",
        "supports_recovery": "0",
        "is_risk": "yes",
    }
    answer = browser(cast.ana).post(address(cast, "relationship-edit", row.pk), sent, follow=True)
    text = answer.content.decode()
    assert "heavy" in text and "mixed" in text and "not known" in text
    row.refresh_from_db()
    assert (row.alcohol, row.conflict, row.supports_recovery, row.is_risk, row.drugs) == (
        "heavy",
        6,
        0,
        True,
        "",
    )


def test_an_untouched_form_changes_nothing(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "M.", conflict=6, is_risk=False, supplies=True, from_treatment=True)
    text = page(cast, "relationship-edit", row.pk)
    sent = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', text))
    sent |= dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*checked', text) and [("from_treatment", "on")])
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', text, re.DOTALL):
        sent[name] = (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
    sent.pop("csrfmiddlewaretoken", None)
    before = drawn(cast.cleo).revision
    browser(cast.ana).post(address(cast, "relationship-edit", row.pk), sent)
    row.refresh_from_db()
    assert (row.conflict, row.is_risk, row.supplies, row.from_treatment) == (6, False, True, True)
    assert drawn(cast.cleo).revision == before


@pytest.mark.parametrize(
    "sent", [{"conflict": "11"}, {"alcohol": "gin"}, {"alias": ""}, {"good_things": "x" * 1001}]
)
def test_an_answer_off_its_list_comes_back(cast: Cast, at: dt.datetime, sent: dict[str, str]) -> None:
    row = add(cast, at, "M.")
    answer = browser(cast.ana).post(
        address(cast, "relationship-edit", row.pk), {"revision": 0, "alias": "M.", **sent}
    )
    assert answer.status_code == 422


def test_the_second_writer_sees_both_and_keeps_every_word(cast: Cast, at: dt.datetime) -> None:
    row = describe(cast, at, add(cast, at, "M."), good_things="He cooks.")
    sent = {"revision": 0, "alias": "M.", "good_things": "She sings."}
    answer = browser(cast.ana).post(address(cast, "relationship-edit", row.pk), sent)
    text = answer.content.decode()
    assert answer.status_code == 409 and "He cooks." in text and "She sings." in text
    revision = re.search(r'name="revision" value="(\d+)"', text)
    assert revision
    browser(cast.ana).post(address(cast, "relationship-edit", row.pk), {**sent, "revision": revision[1]})
    row.refresh_from_db()
    assert row.good_things == "She sings."


def test_signing_asks_about_treatment_and_then_freezes(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    ana = browser(cast.ana)
    version = drawn(cast.cleo)
    sent = {"revision": version.revision, "author": "together", "note": "Drawn in one go."}
    assert ana.post(address(cast, "circle-sign"), sent).status_code == 422
    answer = ana.post(address(cast, "circle-sign"), {**sent, "treatment_asked": "no"}, follow=True)
    assert "Version 1 is signed off." in answer.content.decode()
    version.refresh_from_db()
    assert (version.state, version.treatment_asked, version.note) == ("signed", False, "Drawn in one go.")


def test_signing_a_circle_that_changed_meanwhile_is_asked_again(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    sent = {"revision": drawn(cast.cleo).revision, "author": "together", "treatment_asked": "yes"}
    add(cast, at, "Al")
    answer = browser(cast.ana).post(address(cast, "circle-sign"), sent)
    assert answer.status_code == 422 and "was changed since you read it" in answer.content.decode()
    assert f'name="revision" value="{drawn(cast.cleo).revision}"' in answer.content.decode()


def test_a_new_version_shows_the_last_one_dashed_and_says_what_changed(cast: Cast, at: dt.datetime) -> None:
    jo, bex = add(cast, at, "Jo", ring=3), add(cast, at, "Bex", ring=2)
    sign(cast, at)
    text = page(cast)
    assert "ghost" not in text.split("circle-table")[0] and "Show version 1 to the client" in text
    actions.place(by=cast.ana, at=at, relationship=jo, ring=1)
    actions.set_aside(by=cast.ana, at=at, relationship=bex)
    add(cast, at, "Pri", ring=2)
    text = page(cast)
    assert "ghost-path" in text and "Version 2 is being drawn." in text
    for sentence in ("New: Pri.", "Closer: Jo.", "No longer listed: Bex.", "in 2 rings"):
        assert sentence in text
    assert "What did that take?" in text


def test_a_signed_version_reads_as_it_was(cast: Cast, at: dt.datetime) -> None:
    jo = add(cast, at, "Jo", ring=3)
    sign(cast, at)
    describe(cast, at, jo, alias="Joanna")
    text = page(cast, "version-show", 1)
    assert "Joanna" not in text and ">Jo<" in text and "It can no longer change." in text
    assert browser(cast.ana).get(address(cast, "version-show", 2)).status_code == 404


def test_a_version_is_shown_and_taken_back(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    sign(cast, at)
    ana = browser(cast.ana)
    assert (
        "can see version 1 now" in ana.post(address(cast, "version-release", 1), follow=True).content.decode()
    )
    assert "no longer sees" in ana.post(address(cast, "version-take-back", 1), follow=True).content.decode()
    assert ana.post(address(cast, "version-release", 7)).status_code == 404


def test_somebody_taken_off_can_be_brought_back(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "Jo")
    ana = browser(cast.ana)
    ana.post(address(cast, "relationship-aside", row.pk))
    assert "No longer on the circle" in page(cast)
    ana.post(address(cast, "relationship-back", row.pk))
    assert "No longer on the circle" not in page(cast)


def test_the_aliases_are_in_no_title_and_no_address(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "Zebedee")
    text = page(cast, "relationship-show", row.pk)
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert title and "Zebedee" not in title[1]
    assert not re.search(r'(href|action)="[^"]*Zebedee', text)


@pytest.mark.parametrize("name", ["circle-show", "version-show"])
def test_pages_ask_as_often_for_thirty_people_as_for_three(cast: Cast, at: dt.datetime, name: str) -> None:
    def asked() -> int:
        more = (1,) if name == "version-show" else ()
        ana = browser(cast.ana)
        ana.get(address(cast, name, *more))
        with CaptureQueriesContext(connection) as seen:
            assert ana.get(address(cast, name, *more)).status_code == 200
        return len(seen)

    def grow(count: int, start: int) -> None:
        rows = [add(cast, at, f"P{n}", ring=1 + n % 4, conflict=n % 11) for n in range(start, start + count)]
        for one, other in zip(rows, rows[1:], strict=False):
            actions.tie(by=cast.ana, at=at, one=one, other=other, kind="close")

    grow(3, 0)
    sign(cast, at)
    three = asked()
    grow(27, 3)
    sign(cast, at)
    assert asked() == three

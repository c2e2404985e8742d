"""The protocol pages: what is read there, what a director changes, and what a refusal says beside its field."""

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.accounts.models import User
from reknit.care.programme.actions import protocols as actions
from reknit.care.programme.models import ProtocolVersion
from reknit.care.programme.tests.test_protocol_actions import a_copy, a_course, next_of, published
from reknit.core.programme.template import add_folder, template, versions_in_files

pytestmark = pytest.mark.django_db
V1 = ("own-river", "1")


def browser_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def page(person: User, name: str, *args: str) -> str:
    answer = browser_of(person).get(reverse(f"programme:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def send(person: User, address: str, *args: str, **told: Any) -> Any:
    return browser_of(person).post(reverse(f"programme:{address}", args=args), told)


def test_therapist_reads_a_shipped_protocol_as_a_map(cast: Cast) -> None:
    said = page(cast.ana, "protocol-show", "ipt-16", "1")
    assert "Draw up the interpersonal inventory" in said and "Agreed focus before the middle phase" in said
    assert "Map of the sessions." in said and "The same as a table" in said
    assert "Copy into our own" not in said


def test_why_something_stays_is_said_on_the_page(cast: Cast, at: dt.datetime) -> None:
    a_copy(cast, at)
    said = page(cast.dara, "protocol-show", *V1)
    assert "What stays in every copy" in said and "Law asks for it." in said
    moved = page(cast.dara, "protocol-task", *V1, "C03")
    assert "It stays in the protocol. The gate G10 asks for it." in moved


def test_director_copies_changes_and_hands_in_from_the_pages(cast: Cast) -> None:
    told = {"title": "By the river", "name": "river"}
    assert send(cast.dara, "protocol-copy", "ipt-16", "1", **told).status_code == 302
    basics = {
        "title": "By the river", "planned_sessions": 14, "session_minutes": 45, "cadence_days": 7,
        "course_window_days": 140, "revision": 0,
    }  # fmt: skip
    assert send(cast.dara, "protocol-change", *V1, "basics", **basics).status_code == 302
    task = {"how": "at", "to": 5, "klass": "OPT", "phase": "", "first": "", "revision": 1}
    assert send(cast.dara, "protocol-task", *V1, "I20", **task).status_code == 302
    assert send(cast.dara, "protocol-task-drop", *V1, "I12", revision=2).status_code == 302
    gates = {
        "G02": "block_phase",
        "G05": "info",
        "G07": "warn",
        "G08": "warn",
        "G09": "warn",
        "G10": "block_phase",
    }
    assert send(cast.dara, "protocol-change", *V1, "gates", **gates, revision=3).status_code == 302
    kept = {"items": ["measure:gad-7"], "more": "measure:peg", "every": 4, "revision": 4}
    assert send(cast.dara, "protocol-set", *V1, "M", **kept).status_code == 302
    assert send(cast.dara, "protocol-submit", *V1).status_code == 302
    said = page(cast.ben, "protocol-changes", *V1)
    for words in (
        "Number of sessions: 14, before 16.",
        "List other helpers and agree who shares what (I20) moves: now in session 5, before in session 3.",
        "(I12) is taken out; it was due in session 2.",
        "Middle phase: now sessions 4 to 11, before 4 to 13.",
        "is added to the set Every four sessions.",
        "BAM is taken out of the set Every four sessions.",
        "now “Warns”, before “Holds the mark of the next phase”.",
    ):
        assert words in said, words


def test_a_protocol_with_its_overlay_is_read_and_copied(cast: Cast) -> None:
    over = next(one for one, _own in versions_in_files() if one.code == "ipt-12+sud")
    assert over.title in page(cast.dara, "protocol-show", over.code, over.version)
    told = {"title": "Twelve, and use", "name": "river"}
    assert send(cast.dara, "protocol-copy", over.code, over.version, **told).status_code == 302
    assert template(*V1).tasks == over.tasks


def test_what_the_loader_refuses_stands_beside_its_field_and_changes_nothing(
    cast: Cast, at: dt.datetime
) -> None:
    a_copy(cast, at)
    basics = {
        "title": "T", "planned_sessions": 16, "session_minutes": 50, "cadence_days": 14,
        "course_window_days": 140, "revision": 0,
    }  # fmt: skip
    answer = send(cast.dara, "protocol-change", *V1, "basics", **basics)
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors["course_window_days"]
    assert said.startswith("The sessions do not fit into this window.")
    border = {
        f"{what}_{phase.code}": text
        for phase in template(*V1).phases
        for what, text in (("title", phase.title), ("client", phase.client_title))
    }
    answer = send(
        cast.dara, "protocol-change", *V1, "phases", **border, end_initial=13, end_middle=9, revision=0
    )
    assert "end_middle" in answer.context["form"].errors
    assert ProtocolVersion.objects.get().revision == 0


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"how": "at", "to": 40}, None),
        ({"how": "at"}, None),
        ({"how": "every", "first": 9, "to": 3}, None),
        ({"how": "at", "to": 4, "klass": "COND"}, None),
        ({"how": "moon", "to": 4}, "how"),
        ({"how": "at", "to": "x"}, "to"),
    ],
)
def test_a_task_that_would_stand_nowhere_is_refused(
    told: dict[str, Any], field: str | None, cast: Cast, at: dt.datetime
) -> None:
    a_copy(cast, at)
    answer = send(cast.dara, "protocol-task", *V1, "I20", **{"klass": "REQ", "revision": 0, **told})
    assert answer.status_code == 422 and (field or "__all__") in answer.context["form"].errors
    assert ProtocolVersion.objects.get().revision == 0


def test_second_person_publishes_from_the_page_and_the_author_is_told_why_not(
    cast: Cast, at: dt.datetime
) -> None:
    actions.submit_protocol(by=cast.dara, at=at, row=a_copy(cast, at))
    assert "A second person has to answer for it." in page(cast.dara, "protocol-changes", *V1)
    assert send(cast.dara, "protocol-answer", *V1, answer="yes", revision=0).status_code == 403
    assert send(cast.ben, "protocol-answer", *V1, answer="no", revision=0).status_code == 422
    assert send(cast.ben, "protocol-answer", *V1, answer="yes", revision=0).status_code == 302
    assert "Approved and published by Ben Test" in page(cast.ana, "protocol-show", *V1)


def test_a_draft_is_read_by_directors_and_supervisors_alone(cast: Cast, at: dt.datetime) -> None:
    a_copy(cast, at)
    assert "IPT by the river" not in page(cast.ana, "protocol-list")
    assert browser_of(cast.ana).get(reverse("programme:protocol-show", args=V1)).status_code == 404
    assert "IPT by the river" in page(cast.ben, "protocol-list")


def test_few_courses_are_not_counted_out(cast: Cast, at: dt.datetime) -> None:
    """Two courses run on IPT-16: a number that would point at people is hidden."""
    assert '<td class="r" data-l="Open courses">few</td>' in page(cast.dara, "protocol-list")
    for n in range(8):
        a_course(cast, at, "ipt-16", f"Gil{n}")
    assert '<td class="r" data-l="Open courses">10</td>' in page(cast.dara, "protocol-list")


def test_a_page_of_versions_asks_as_much_for_one_as_for_ten(
    cast: Cast, at: dt.datetime, django_assert_max_num_queries: Any
) -> None:
    row, counts = published(cast, at, a_copy(cast, at)), []
    page(cast.dara, "protocol-list")  # the first page of a process also fills caches
    for more in (0, 9):
        for n in range(more):
            row = next_of(cast, at, row, session_minutes=30 + n)
        with django_assert_max_num_queries(30) as asked:
            page(cast.dara, "protocol-list")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_chart_of_a_course_on_an_own_protocol_asks_no_query_more(
    cast: Cast, at: dt.datetime, django_assert_max_num_queries: Any
) -> None:
    """The map of Cleo's shipped course and that of one on the clinic's own cost the same once both were read."""
    from reknit.care.people.actions import join_care_team

    published(cast, at, a_copy(cast, at))
    episode = a_course(cast, at, "own-river")
    join_care_team(by=cast.ina, at=at, client=episode.client, clinician=cast.ana, starts_on=at.date())
    counts = []
    for client in (cast.cleo, episode.client):
        page(cast.ana, "course-map", str(client.pk))
        with django_assert_max_num_queries(30) as asked:
            page(cast.ana, "course-map", str(client.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_file_of_the_clinic_is_listed_as_one_and_cannot_be_changed(cast: Cast, tmp_path: Path) -> None:
    shipped = files("reknit.core.programme").joinpath("templates", "ipt_16.toml").read_text(encoding="utf-8")
    own = shipped.replace('version = "1"', 'version = "1-ours"')
    (tmp_path / "ours.toml").write_text(own, encoding="utf-8")
    try:
        add_folder(tmp_path)
        assert "A file of this clinic, read only" in page(cast.dara, "protocol-list")
        assert "Copy into our own" in page(cast.dara, "protocol-show", "ipt-16", "1-ours")
        assert send(cast.dara, "protocol-change", "ipt-16", "1-ours", "basics").status_code == 404
    finally:
        add_folder(tmp_path / "none")

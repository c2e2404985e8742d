"""The course map: what a person reads there, who passes a gate, and that a clinic's own template changes it."""

import datetime as dt
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from reknit.core.programme.template import add_folder

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(days=7)


@pytest.fixture
def held(cast: Cast) -> Cast:
    """Cleo after four sessions, nothing agreed."""
    for n in range(4):
        when = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC) + n * WEEK
        value = {"slot": n + 1, "outcome": "attended"}
        record_fact(
            by=cast.ana, at=when, episode=cast.cleo_episode, kind="session", source="encounter", value=value
        )
    return cast


def page(person: Any, cast: Cast) -> str:
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.get(reverse("programme:course-map", args=[cast.cleo.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_map_names_what_waits_and_why(held: Cast) -> None:
    said = page(held.ana, held)
    assert "The middle phase starts once the focus is agreed." in said
    assert "The client agreed to the formulation" in said
    assert "Go on without it, with a reason" not in said  # that is the supervisor's


def test_supervisor_passes_a_gate_from_the_page(held: Cast) -> None:
    assert "Go on without it, with a reason" in page(held.ben, held)
    browser = Browser()
    browser.force_login(held.ben, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("programme:gate-override", args=[held.cleo.pk, "G02"])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "Moves abroad next month"}).status_code == 302
    said = page(held.ana, held)
    assert "Moves abroad next month" in said
    assert "passing G02" in said


def test_measures_that_are_not_loaded_are_said(held: Cast) -> None:
    assert "Not held by this clinic, and not counted:" in page(held.ana, held)


def test_queries_stay_the_same_however_many_facts(held: Cast, django_assert_max_num_queries: Any) -> None:
    page(held.ana, held)  # the first page of a process also fills caches
    counts = []
    for rows in (3, 30):
        for n in range(rows):
            record_fact(
                by=held.ana, at=held.cleo_episode.opened_at + n * WEEK, episode=held.cleo_episode,
                kind="mood_link", source="test",
            )  # fmt: skip
        with django_assert_max_num_queries(60) as asked:
            page(held.ana, held)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_template_edited_by_a_clinic_changes_the_page_with_no_code(held: Cast, tmp_path: Path) -> None:
    shipped = files("reknit.core.programme").joinpath("templates", "ipt_16.toml").read_text(encoding="utf-8")
    own = shipped.replace('version = "1"', 'version = "1-ours"')
    own = own.replace('requires = ["inventory_signed", "focus_area",', 'requires = ["I06", "focus_area",')
    own = own.replace("The middle phase starts once the focus is agreed.", "Name the diagnosis first.")
    (tmp_path / "ours.toml").write_text(own, encoding="utf-8")
    try:
        add_folder(tmp_path)
        Episode.objects.filter(pk=held.cleo_episode.pk).update(protocol_version="1-ours")
        said = page(held.ana, held)
    finally:
        add_folder(tmp_path / "nothing here")
    assert "Name the diagnosis first." in said
    assert "Name the diagnosis in plain words" in said

"""The biopsychosocial grid: versions that stay, cells that link and never copy."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.base.clock import now
from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation.actions import save_grid
from reknit.care.formulation.grid import evidence_of, grid_summary, grid_view
from reknit.care.formulation.models import Grid
from reknit.care.measures.actions import record_administration
from reknit.care.medication.actions import add_medication
from reknit.care.network.actions import add_relationship
from reknit.care.network.models import Relationship


def write(cast: Cast, at: dt.datetime, based_on: int = 0, **more: Any) -> Grid:
    said = {"words": {"social": "Works nights."}, "rests_on": {}} | more
    return save_grid(by=cast.ana, at=at, episode=cast.cleo_episode, based_on=based_on, **said)


def test_each_save_is_a_version_and_the_one_before_stays(cast: Cast, at: dt.datetime) -> None:
    write(cast, at)
    write(cast, at, 1, words={"social": "Works days."})
    assert list(Grid.objects.order_by("version").values_list("version", "words")) == [
        (1, {"social": "Works nights."}),
        (2, {"social": "Works days."}),
    ]
    assert write(cast, at, 2, words={"social": "Works days."}).version == 2, "unchanged is no version"


def test_two_who_write_do_not_overwrite(cast: Cast, at: dt.datetime) -> None:
    write(cast, at)
    with pytest.raises(Conflict) as told:
        write(cast, at, 0, words={"social": "Mine."})
    assert told.value.theirs.version == 1 and Grid.objects.count() == 1


def test_cells_link_to_measures_people_and_medication_as_they_are_called_today(
    cast: Cast, at: dt.datetime
) -> None:
    ana: dict[str, Any] = {"by": cast.ana, "at": at, "client": cast.cleo}
    jo = add_relationship(**ana, alias="Jo", ring=1)
    pill = add_medication(**ana, key=uuid.uuid4(), kind="mood", name="Sertraline", starts_on=at.date())
    record_administration(**ana, measure="phq-9", answers={"phq9_1": 1}, mode="session")
    links = {"strengths": [f"person:{jo.pk}"], "biological": [f"medication:{pill.pk}", "measure:phq-9"]}
    row = write(cast, at, rests_on=links)
    Relationship.objects.filter(pk=jo.pk).update(alias="Joan")
    view = grid_view(cast.cleo, row)
    assert view is not None
    cells = {one.cell: [link.title for link in one.evidence] for one in view.cells}
    assert cells["strengths"] == ["Joan"], "a link, never a copy"
    assert cells["biological"][1] == "Sertraline" and cells["biological"][0].startswith("PHQ-9")


def test_cell_links_to_nothing_of_another_client(cast: Cast, at: dt.datetime) -> None:
    theirs = add_relationship(by=cast.dov, at=at, client=cast.eli, alias="X", ring=1)
    with pytest.raises(DomainError, match="this client's record"):
        write(cast, at, rests_on={"social": [f"person:{theirs.pk}"]})
    assert f"person:{theirs.pk}" not in evidence_of(cast.cleo)


def test_empty_grid_is_refused(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(DomainError, match="at least one cell"):
        write(cast, at, words={"social": "  "})


def test_story_page_shows_the_summary(cast: Cast) -> None:
    write(cast, now(), words={"social": "Works nights.", "strengths": "Her sister."})
    summary = grid_summary(cast.cleo_episode)
    assert summary and summary.sentences == ("Social: Works nights.", "Strengths: Her sister.")
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = ana.get(reverse("formulation:story-show", args=[cast.cleo.pk])).content.decode()
    assert "Strengths: Her sister." in page
    sent = {"based_on": "0", "social": "Mine."}
    answer = ana.post(reverse("formulation:grid-change", args=[cast.cleo.pk]), sent)
    assert answer.status_code == 409 and "Works nights." in answer.content.decode()
    assert (
        ana.post(
            reverse("formulation:grid-change", args=[cast.cleo.pk]), sent | {"based_on": "1"}
        ).status_code
        == 302
    )

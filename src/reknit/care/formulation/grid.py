"""Reads of the biopsychosocial grid: its versions, and what its cells rest on, each looked up where it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.care.measures.queries import all_scores
from reknit.care.medication.models import Medication
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode
from reknit.core.measures.catalogue import measure

from .models import Grid, TimelineEvent

HINTS = {
    Grid.Cell.BIOLOGICAL: gettext_lazy(
        "Withdrawal, sleep, pain, family history, medication, hormones, liver"
    ),
    Grid.Cell.PSYCHOLOGICAL: gettext_lazy("Mood, trauma, beliefs, coping, attachment"),
    Grid.Cell.SOCIAL: gettext_lazy("People, role, housing, work, law, money"),
    Grid.Cell.CULTURAL: gettext_lazy("Belonging, faith, meaning, what help looks like at home"),
    Grid.Cell.STRENGTHS: gettext_lazy("What and who already helps"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a cell may point to: its key, what it is called today, and where it is read."""

    key: str
    title: str
    url: str
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell with its words and what it rests on."""

    cell: str
    title: str
    hint: str
    words: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class GridView:
    """One version as it is read."""

    row: Grid
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class GridSummary:
    """The grid in a few sentences, for a note or a letter: the words of each cell that holds some."""

    version: int
    sentences: tuple[str, ...]


def latest_grid(episode: Episode) -> Grid | None:
    """The version that stands. One query."""
    return Grid.objects.filter(episode=episode).select_related("by").order_by("-version").first()


def grid_view(client: Client, row: Grid | None) -> GridView | None:
    """A version with what its cells rest on, called as it is called today. Four queries where there is one."""
    if row is None:
        return None
    known = evidence_of(client)
    return GridView(row, tuple(_cell(row, cell, known) for cell in Grid.Cell))


def grid_summary(episode: Episode) -> GridSummary | None:
    """The standing grid in sentences. One query."""
    row = latest_grid(episode)
    if row is None:
        return None
    said = tuple(
        f"{Grid.Cell(cell).label}: {' '.join(row.words[cell].split())}"
        for cell in Grid.Cell
        if row.words.get(cell)
    )
    return GridSummary(row.version, said)


def _cell(row: Grid, cell: Grid.Cell, known: Mapping[str, Evidence]) -> CellView:
    gone = _("something that was taken out since")
    found = tuple(known.get(key) or Evidence(key, gone, "") for key in row.rests_on.get(cell, ()))
    return CellView(cell, str(cell.label), str(HINTS[cell]), row.words.get(cell, ""), found)


def evidence_of(client: Client) -> dict[str, Evidence]:
    """Everything a cell of this client may point to, by key. Four queries."""
    return {
        one.key: one for one in (*_measures(client), *_events(client), *_people(client), *_medication(client))
    }


def _measures(client: Client) -> list[Evidence]:
    found = []
    for name, sheets in sorted(all_scores(client).items()):
        latest = sheets[-1]
        said = _("%(measure)s, latest %(day)s") % {
            "measure": measure(name).short_title,
            "day": date_format(latest.answered_at, "j M Y"),
        }
        found.append(
            Evidence(
                f"measure:{name}", said, reverse("measures:administration-show", args=[client.pk, latest.pk])
            )
        )
    return found


def _events(client: Client) -> list[Evidence]:
    rows = TimelineEvent.objects.filter(client=client, set_aside_at=None).order_by("starts_on", "id")
    return [
        Evidence(
            f"event:{row.pk}",
            f"{row.title}, {date_format(row.starts_on, 'M Y')}",
            reverse("formulation:timeline-show", args=[client.pk]),
            row.is_restricted,
        )
        for row in rows
    ]


def _people(client: Client) -> list[Evidence]:
    rows = Relationship.objects.filter(client=client, set_aside_at=None).order_by("alias", "id")
    return [
        Evidence(
            f"person:{row.pk}", row.alias, reverse("network:relationship-show", args=[client.pk, row.pk])
        )
        for row in rows
    ]


def _medication(client: Client) -> list[Evidence]:
    rows = Medication.objects.filter(client=client).order_by("name", "starts_on", "id")
    return [
        Evidence(
            f"medication:{row.pk}", row.name, reverse("medication:medication-show", args=[client.pk, row.pk])
        )
        for row in rows
    ]

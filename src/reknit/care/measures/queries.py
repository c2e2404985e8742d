"""Reads about sheets, scores and links."""

import datetime as dt
import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.fetching import fetch_one
from reknit.base.ui.figures import ScorePoint
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.queries import this_site
from reknit.core.errors import UnknownWording
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.scoring import CriticalFinding, Result, score
from reknit.core.measures.wording import Wording, bare_wording
from reknit.core.safety import triggers

from .links import fingerprint
from .models import Administration, FormLink


# A phone page needs no name and no history: reading fewer columns is kinder, and faster.
def current(client_ids: Collection[uuid.UUID]) -> QuerySet[Administration]:
    """The sheets of these clients that stand: corrected ones are left out. Oldest first."""
    rows = Administration.objects.filter(client__in=client_ids, superseded_at=None)
    return rows.order_by("answered_at", "recorded_at", "pk")


def series(client: Client, measure: str) -> list[Administration]:
    """One client's standing sheets of a measure, oldest first."""
    return list(current([client.pk]).filter(measure=measure))


class StandingScore(NamedTuple):
    """What a chart or a list needs of a sheet: its score, its day and its place in the course."""

    answered_at: dt.datetime
    total: Decimal | None
    state: str
    slot: int | None
    episode_id: uuid.UUID | None


def scores_for(client_ids: Collection[uuid.UUID], measure: str) -> dict[uuid.UUID, list[StandingScore]]:
    """Standing scores of many clients with one query, light for long courses; oldest first."""
    found: dict[uuid.UUID, list[StandingScore]] = defaultdict(list)
    rows = current(client_ids).filter(measure=measure).values_list("client_id", *StandingScore._fields)
    for key, *score_of in rows:
        found[key].append(StandingScore(*score_of))
    return dict(found)


def all_scores(client: Client) -> dict[str, list[Administration]]:
    """One client's standing scores by measure, with one query; oldest first."""
    found: dict[str, list[Administration]] = defaultdict(list)
    for row in current([client.pk]):
        found[row.measure].append(row)
    return dict(found)


def sheets_given(client: Client) -> QuerySet[Administration]:
    """Every standing sheet of a client, latest first, with who wrote it down."""
    return current([client.pk]).select_related("recorded_by").order_by("-answered_at", "-recorded_at", "pk")


def links_of(client: Client, *, at: dt.datetime) -> list[FormLink]:
    """The client's links that still work, the next to expire first."""
    rows = FormLink.objects.filter(client=client, submitted_at=None, superseded_at=None, expires_at__gt=at)
    return list(rows.select_related("made_by").order_by("expires_at", "pk"))


def link_for(secret: str) -> FormLink | None:
    """The link of this secret. A fixed statement: this is asked before each save of a phone form."""
    return fetch_one(FormLink, "fingerprint", fingerprint(secret))


def is_offered(measure: str) -> bool:
    """Whether this measure has words that this clinic may show. Words that come switched on ask no clinic."""
    if measure not in catalogue.MEASURE_IDS:
        return False
    return (
        catalogue.wording_state(measure) == "shown"
        or catalogue.wording_state(measure, this_site()) == "shown"
    )


def offered() -> tuple[Measure, ...]:
    """The measures a clinician can give, in order."""
    here = this_site()
    return tuple(one for one in catalogue.measures() if catalogue.wording_state(one.id, here) == "shown")


def findings(administration: Administration) -> tuple[CriticalFinding, ...]:
    """Critical answers, and critical items left blank, on one sheet."""
    return score(catalogue.measure(administration.measure), administration.answers).critical


def corrected_by(administration: Administration) -> Administration | None:
    """The sheet that stands in this one's place, if it was corrected."""
    rows = Administration.objects.filter(corrects=administration).order_by(F("recorded_at").desc())
    return rows.first()


def asks_for_someone(administration: Administration) -> bool:
    """Whether an answer on the sheet is one that a clinician acts on the same day."""
    critical = triggers.RiskClass.CRITICAL
    return any(triggers.reason(f.reason).klass == critical for f in findings(administration))


def wording_for(measure: str, language: str) -> Wording:
    """The words of a measure in a person's language, or in English; its topics alone where no words may be shown."""
    for one in (language, "en"):
        try:
            return catalogue.wording(measure, one, this_site())
        except UnknownWording:
            continue
    return bare_wording(catalogue.measure(measure))


def in_clinic_time(at: dt.datetime) -> dt.datetime:
    """An instant on the clinic's clock."""
    return at.astimezone(zoneinfo.ZoneInfo(zone()))


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet as pages show it: the number as written, the band in words, and what was left blank."""

    sheet: Administration
    measure: Measure
    total: str
    band: str
    missing: tuple[Item, ...]

    @property
    def answered(self) -> int:
        """How many scored items were answered."""
        return len(self.measure.scored_items) - len(self.missing)

    @property
    def people(self) -> str:
        """Whom the bands of this sheet were drawn from; nothing where its band needs an answer it lacks."""
        bands = self.measure.bands_for(self.sheet.answers)
        return bands[0].population if bands else ""

    @property
    def point(self) -> ScorePoint:
        """The sheet on a chart: at its session, or on its day."""
        sheet = self.sheet
        return ScorePoint(
            label=str(sheet.slot) if sheet.slot else date_format(in_clinic_time(sheet.answered_at), "j M"),
            value=None if sheet.total is None else float(sheet.total),
            state="prorated" if sheet.state == "prorated" else "measured",
        )


def shown(sheet: Administration) -> ShownSheet:
    """One sheet for a page."""
    measure = catalogue.measure(sheet.measure)
    band = measure.band(sheet.band)
    return ShownSheet(
        sheet=sheet,
        measure=measure,
        total=_plain(sheet.total),
        band=band.label if band else "",
        missing=tuple(item for item in measure.scored_items if sheet.answers.get(item.id) is None),
    )


def score_in_words(row: ShownSheet) -> str:
    """The total with its band and its range, or why there is none."""
    if row.measure.scoring == "none":
        return _("No total: a clinician looks at the answers.")
    if not row.total:
        return _("No score.")
    low, high = row.measure.score_range
    words = {"total": row.total, "band": row.band.lower(), "low": f"{low:g}", "high": f"{high:g}"}
    if row.band:
        return _("%(total)s, %(band)s, of %(low)s to %(high)s.") % words
    return _("%(total)s, of %(low)s to %(high)s.") % words


def state_in_words(row: ShownSheet) -> str:
    """How whole the sheet is, and by topic what was left blank."""
    if not row.missing:
        return _("Complete.")
    said = _("Prorated from") if row.sheet.state == "prorated" else _("Not scored, from")
    whole = ngettext("%(n)s of %(all)s answer", "%(n)s of %(all)s answers", len(row.measure.scored_items)) % {
        "n": row.answered,
        "all": len(row.measure.scored_items),
    }
    blank = ", ".join(f"{item.number} {item.topic}" for item in row.missing)
    return _("%(said)s %(whole)s; blank: %(blank)s.") % {"said": said, "whole": whole, "blank": blank}


def _plain(total: Decimal | None) -> str:
    """18.00 is written 18; no score is written as nothing and never as 0."""
    if total is None:
        return ""
    return f"{total:f}".rstrip("0").rstrip(".") if total % 1 else str(int(total))


@dataclass(frozen=True, slots=True)
class ScoreCourse:
    """One measure over time: every standing sheet, latest first, and the points of its chart."""

    measure: Measure
    sheets: tuple[ShownSheet, ...]

    @property
    def latest(self) -> ShownSheet:
        """The latest sheet, whether or not it has a score."""
        return self.sheets[0]

    @property
    def points(self) -> list[ScorePoint]:
        """Oldest first."""
        return [row.point for row in reversed(self.sheets)]


def courses_of_scores(sheets: Sequence[Administration]) -> list[ScoreCourse]:
    """Sheets, latest first, sorted by measure in the order measures are offered."""
    by_measure = {measure.id: measure for measure in catalogue.measures()}
    rows = [shown(sheet) for sheet in sheets if sheet.measure in by_measure]
    courses = [
        ScoreCourse(measure, tuple(row for row in rows if row.sheet.measure == key))
        for key, measure in by_measure.items()
    ]
    return [course for course in courses if course.sheets]


def subscales_in_words(sheet: Administration) -> list[tuple[str, str]]:
    """Subscales of a sheet by title; none where another version scored it, and no short forms inside a form."""
    measure = catalogue.measure(sheet.measure)
    items = [item for scale in measure.subscales for item in scale.items]
    if sheet.definition_version != measure.version or len(items) != len(set(items)):
        return []
    found = score(measure, sheet.answers).results
    return [(scale.title, _said(found[scale.id])) for scale in measure.subscales]


def _said(value: Result) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else _("not known")


@dataclass(frozen=True, slots=True)
class AnswerInWords:
    """One item with the answer given; no label means it was left blank."""

    item: Item
    question: str
    value: int | None
    label: str

    @property
    def said(self) -> str:
        """The question under its number; a helper has none."""
        return self.question if self.item.helper else f"{self.item.number}. {self.question}"


def answers_in_words(sheet: Administration, language: str) -> list[AnswerInWords]:
    """A sheet's questions and answers as they were read."""
    wording = wording_for(sheet.measure, language)
    found = []
    for item in catalogue.measure(sheet.measure).items:
        if item.id not in wording.items:
            continue  # a helper that no form asks, only tables carry
        value = sheet.answers.get(item.id)
        label = dict(wording.options[item.id]).get(value, "") if value is not None else ""
        found.append(AnswerInWords(item, wording.items[item.id], value, label))
    return found

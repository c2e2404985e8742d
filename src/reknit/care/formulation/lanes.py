"""The other lanes of the one line: craving, tests, medication, measures and the circle, and what a curve is marked with."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.clock import local_date
from reknit.base.ui.figures import Lane, LaneMark, LaneNumber, LaneSpan, LineNote, UseDay
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import StandingScore
from reknit.care.medication.models import Medication
from reknit.care.network.models import CircleVersion
from reknit.care.substance_use.models import Craving, TestResult
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import rules
from reknit.core.outcomes.sudden_gains import sudden_gains
from reknit.core.substance_use.catalogue import substance

from .zoom import free_runs

MOST_SPANS = 5
FREE_BEFORE = 7  # days known to be without use before a return is marked: a setting of this project


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the table beside the drawing."""

    on: dt.date
    lane: str
    words: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What the rooms below know of a client, each as rows, oldest first."""

    craving: Sequence[Craving] = ()
    tests: Sequence[TestResult] = ()
    medication: Sequence[Medication] = ()
    sheets: Sequence[Administration] = ()
    circles: Sequence[CircleVersion] = ()


def lanes_of(found: Sources, *, zone: str) -> list[Lane]:
    """A lane for each kind that has something in it."""
    numbers = [LaneNumber(on, value) for on, value in _craving(found.craving, zone)]
    spans = [LaneSpan(one.starts_on, one.ends_on, one.name) for one in found.medication[-MOST_SPANS:]]
    lanes = [
        Lane(_("Craving, 0 to 10"), numbers=numbers),
        Lane(_("Tests"), marks=[_test(one, zone) for one in found.tests]),
        Lane(_("Medication"), spans=spans),
        Lane(_("Measures"), marks=[_sheet(one, zone) for one in found.sheets]),
        Lane(_("Circle"), marks=[LaneMark(_signed_on(one, zone)) for one in found.circles]),
    ]
    return [lane for lane in lanes if lane.numbers or lane.marks or lane.spans]


def _craving(rows: Iterable[Craving], zone: str) -> list[tuple[dt.date, float]]:
    return [
        (local_date(one.told_at, zone), float(told))
        for one in rows
        if (told := one.peak if one.peak is not None else one.now) is not None
    ]


def _test(one: TestResult, zone: str) -> LaneMark:
    return LaneMark(local_date(one.taken_at, zone), is_open=one.result != TestResult.Result.POSITIVE)


def _sheet(one: Administration, zone: str) -> LaneMark:
    return LaneMark(local_date(one.answered_at, zone), is_open=one.total is None)


def _signed_on(one: CircleVersion, zone: str) -> dt.date:
    assert one.signed_at is not None
    return local_date(one.signed_at, zone)


def facts_of(found: Sources, *, zone: str) -> list[Fact]:
    """The same facts in words."""
    craving = (
        Fact(on, _("Craving"), _("%(value)s of 10") % {"value": f"{value:g}"})
        for on, value in _craving(found.craving, zone)
    )
    tests = (
        Fact(
            local_date(one.taken_at, zone),
            _("Test"),
            f"{one.get_matrix_display()}, {substance(one.substance).label}: {one.get_result_display()}",
        )
        for one in found.tests
    )
    medication = (Fact(one.starts_on, _("Medication"), _taken(one)) for one in found.medication)
    sheets = (Fact(local_date(one.answered_at, zone), _("Measure"), _scored(one)) for one in found.sheets)
    circles = (
        Fact(_signed_on(one, zone), _("Circle"), _("Version %(n)s signed off") % {"n": one.number})
        for one in found.circles
    )
    return list(chain(craving, tests, medication, sheets, circles))


def _taken(one: Medication) -> str:
    if one.ends_on is None:
        return _("%(name)s begins") % {"name": one.name}
    return _("%(name)s until %(day)s") % {"name": one.name, "day": date_format(one.ends_on, "j F Y")}


def _scored(one: Administration) -> str:
    title = measure(one.measure).short_title
    return f"{title} {one.total:g}" if one.total is not None else _("%(title)s, no score") % {"title": title}


def gains_of(sheets: Sequence[StandingScore], *, mood: str, zone: str) -> list[LineNote]:
    """Where a curve dropped at once, by Tang and DeRubeis with the reliable-change points of the measure as the first criterion.

    A mark on a stretch of the curve and nothing more: people who change steadily have such drops too.
    """
    rule = next(iter(rules(mood)), None)
    by_slot = {one.slot: one for one in sheets if one.slot is not None and one.total is not None}
    if rule is None or len(by_slot) < 4:
        return []
    scores = {slot: float(one.total) for slot, one in by_slot.items() if one.total is not None}
    return [
        LineNote(
            local_date(by_slot[gain.pregain_session].answered_at, zone),
            local_date(by_slot[gain.pregain_session + 1].answered_at, zone),
            _("%(measure)s %(points)s lower from session %(n)s to the next, which lasted: a sudden gain. It marks the curve and foretells nothing.")
            % {"measure": measure(mood).short_title, "points": f"{gain.size:g}", "n": gain.pregain_session},
            "mood",
        )
        for gain in sudden_gains(scores, criterion_1=rule.threshold, criterion_3="t-test")
    ]  # fmt: skip


def returns_of(days: Sequence[UseDay]) -> list[LineNote]:
    """Where use came back after a week or more known to be without it. The days before stand as they were."""
    known = [(one.on, one.state == "used") for one in days if one.state in {"used", "not_used"}]
    return [
        LineNote(first, last, _returned((last - first).days + 1, free), "use")
        for first, last, free in free_runs(known)
        if free >= FREE_BEFORE
    ]


def _returned(length: int, free: int) -> str:
    use = ngettext("Use on %(n)s day", "Use on %(n)s days in a row", length) % {"n": length}
    return _("%(use)s, after %(free)s days known without use.") % {"use": use, "free": free}

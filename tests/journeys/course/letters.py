"""Each number of a letter, looked up where it comes from: by plain reads of the tables, not by the letter's own code."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import combinations, groupby
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from reknit.care.closure.models import ClosingRecord, FollowUp, Letter
from reknit.care.encounters.models import Encounter
from reknit.care.measures.models import Administration
from reknit.care.people.models import Site
from reknit.care.programme.models import Episode
from reknit.care.substance_use.models import UseDay
from tests.cast import ZONE
from tests.journeys.pdf_words import words_of

MEASURES = {"phq-9": ("PHQ-9", "mood form", 6, 10, 27), "gad-7": ("GAD-7", "worry form", 4, 8, 21)}
"""Title, the client's word, points of the rule, the score below which it says recovered, and the top of the scale."""
FOUR_WEEKS = dt.timedelta(days=28)
NUMBER = re.compile(r"\d[\d.,:/]*")


def every_number_is_true(pdf: bytes, sources: list[list[str]], course: Episode) -> None:
    """Take out of the letter each passage that the tables account for: no number is left. None is missing either."""
    letter = Letter.objects.filter(episode=course, state="issued").latest("issued_at")
    for_client = letter.kind == Letter.Kind.PLAIN
    text, on = words_of(pdf), _local(letter.issued_at)
    passages = [*_client_says(course, on)] if for_client else [*_colleague_reads(course, on, text)]
    for passage in passages:
        assert passage in text, f"{passage!r} is not in the letter:\n{text}"
    for passage in sorted({*passages, *_fixed(course, on)}, key=len, reverse=True):
        text = text.replace(passage, "")
    assert NUMBER.findall(text) == [], text
    assert [row[:2] for row in sources] == [list(row) for row in _figures(course, on)]
    assert all(re.search(r"\d", row[2]) for row in sources), "each says of which day or days it is"


def is_the_issued_one(pdf: bytes, course: Episode) -> None:
    """What Mia opens is, byte for byte, what was issued to her."""
    letter = Letter.objects.get(episode=course, kind=Letter.Kind.PLAIN, state="issued")
    assert letter.pdf is not None and pdf == bytes(letter.pdf)


# What the tables hold


def _local(at: dt.datetime | None) -> dt.date:
    assert at is not None
    return at.astimezone(ZoneInfo(ZONE)).date()


def _day(on: dt.date) -> str:
    return date_format(on, "j F Y")


def _sheets(course: Episode, measure: str) -> list[Administration]:
    rows = Administration.objects.filter(episode=course, measure=measure, superseded_at=None)
    return list(rows.order_by("answered_at"))


def _number(sheet: Administration) -> str:
    return f"{sheet.total:.0f}"


def _held(course: Episode) -> int:
    return Encounter.objects.filter(episode=course, outcome="attended").count()


def _days(course: Episode, start: dt.date, end: dt.date) -> tuple[int, int, int]:
    """Days without use, days known, and all days of a span, its last day included."""
    rows = UseDay.objects.filter(client=course.client, superseded_at=None, on__range=(start, end))
    told = {
        on: any(row.used for row in rows) for on, rows in groupby(rows.order_by("on"), lambda row: row.on)
    }
    return sum(not used for used in told.values()), len(told), (end - start).days + 1


def _windows(course: Episode, on: dt.date) -> Iterator[tuple[str, dt.date, dt.date]]:
    """The four weeks before, then four weeks after four weeks up to the day of the letter."""
    start = course.starts_on
    yield "4 weeks before", start - FOUR_WEEKS, start - dt.timedelta(days=1)
    week = 1
    while start <= on:
        yield f"Weeks {week} to {week + 3}", start, min(start + FOUR_WEEKS - dt.timedelta(days=1), on)
        start, week = start + FOUR_WEEKS, week + 4


def _records(course: Episode) -> list[ClosingRecord]:
    carried = ("gains", "signs", "staying_well", "contingency")
    rows = ClosingRecord.objects.filter(episode=course, state="given", kind__in=carried)
    return sorted(rows, key=lambda row: carried.index(row.kind))


def _follow_ups(course: Episode) -> list[FollowUp]:
    return list(FollowUp.objects.filter(episode=course).order_by("due_on"))


# What the letters say of it


def _colleague_reads(course: Episode, on: dt.date, text: str) -> Iterator[str]:
    began = _day(course.starts_on)
    yield (
        f"{_held(course)} of {course.planned_sessions} planned sessions took place, "
        f"from {began} to {_day(on)}."
    )
    for measure, (title, _word, points, cut, _top) in MEASURES.items():
        first, *_between, latest = _sheets(course, measure)
        assert first.total is not None and latest.total is not None
        yield (
            f"By the {points}-point rule of the English services: reliably better, "
            f"by {first.total - latest.total:.0f} points, and now below {cut}"
        )
        yield (
            f"{title} went from {_number(first)} on {_day(_local(first.answered_at))} "
            f"to {_number(latest)} on {_day(_local(latest.answered_at))}."
        )
        for sheet in _sheets(course, measure):
            yield f"{_day(_local(sheet.answered_at))} {sheet.slot} {_number(sheet)} "
        drawn = list(_drawn(course, measure))
        yield next((one for one in drawn if one in text), drawn[0])
    free, known, days = _days(course, course.starts_on, on)
    yield f"Over the whole course {known} of {days} days are known; {free} of the known days were without use."
    for label, start, end in _windows(course, on):
        yield _row(label, *_days(course, start, end))
    for record in _records(course):
        yield f"Given on {_day(_local(record.given_at))}."
    for one in _follow_ups(course):
        yield f"{one.months} month{'s' * (one.months > 1)} after the end {_day(one.due_on)}"


def _row(label: str, free: int, known: int, days: int) -> str:
    """A row of the table of four weeks. Under three quarters known there is no share: a day not told is not a no."""
    share = f"{100 * free / known:.0f} %" if known and known >= 0.75 * days else "not known"
    return f"{label} {_of(free, known)} {share} {days - known}"


def _of(free: int, known: int) -> str:
    return f"{free} of {known}" if known else "none known"


def _drawn(course: Episode, measure: str) -> Iterator[str]:
    """The numbers of the chart, which are set letter by letter: thirds of the scale, the latest score and the first,
    then sessions along the foot, of which some may be left out for want of room, and what the foot counts."""
    *_words, points, _cut, top = MEASURES[measure]
    sheets = _sheets(course, measure)
    fixed = [*(str(top * third // 3) for third in range(4)), _number(sheets[-1]), _number(sheets[0])]
    slots = [str(sheet.slot) for sheet in sheets]
    for size in range(len(slots), 0, -1):
        for named in combinations(slots, size):
            yield f"{' '.join(''.join([*fixed, *named, 'Session']))} Shaded: within {points} points of the first score"


def _client_says(course: Episode, on: dt.date) -> Iterator[str]:
    yield f"We met {_held(course)} times. We began on {_day(course.starts_on)}."
    for measure, (_title, word, *_rule) in MEASURES.items():
        first, *_between, latest = _sheets(course, measure)
        yield f"Your score on the {word} was {_number(first)} on {_day(_local(first.answered_at))}."
        yield f"It was {_number(latest)} on {_day(_local(latest.answered_at))}."
    free, known, _all = _days(course, course.starts_on, on)
    yield f"You told us about {known} days. On {free} of them you did not use."
    for one in _follow_ups(course):
        yield f"• {_day(one.due_on)}"


def _fixed(course: Episode, on: dt.date) -> Iterator[str]:
    """Numbers that are part of a name, of a heading or of the paper."""
    yield from (_day(on), Site.objects.get().phone, "IPT, 16 sessions", "PHQ-9", "GAD-7", "42 CFR part 2")
    yield from (f"Table {n}:" for n in range(1, 5))
    yield from (label for label, _start, _end in _windows(course, on))
    yield from (f"{page} / {pages}" for pages in range(1, 6) for page in range(1, pages + 1))
    for record in ClosingRecord.objects.filter(episode=course, kind="contingency"):
        yield from (
            f"{words} {n}" for n in range(1, len(record.words)) for words in ("Hard time", "What to do then")
        )


def _figures(course: Episode, on: dt.date) -> Iterator[tuple[str, str]]:
    """The table of sources: each figure once, with its value."""
    yield "Sessions", f"{_held(course)} of {course.planned_sessions}"
    for measure, (title, *_rule) in MEASURES.items():
        sheets = _sheets(course, measure)
        yield f"{title}, change", f"{_number(sheets[0])} to {_number(sheets[-1])}"
        yield from ((f"{title}, session {sheet.slot}", _number(sheet)) for sheet in sheets)
    spans = [("whole course", course.starts_on, on), *_windows(course, on)]
    for label, start, end in spans:
        free, known, _all = _days(course, start, end)
        yield f"Days without use, {label}", _of(free, known)
    titles = {"gains": "Review of gains", "signs": "Warning signs", "staying_well": "Staying-well plan"}
    for record in _records(course):
        yield titles.get(record.kind, "Plan for hard times"), f"version {record.version}"
    for one in _follow_ups(course):
        yield f"Follow-up, {one.months} month{'s' * (one.months > 1)} after the end", _day(one.due_on)

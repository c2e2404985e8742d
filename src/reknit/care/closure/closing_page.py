"""The Closing tab: what closing needs, in order, how far each thing is, and which comes next."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from reknit.base.clock import local_date
from reknit.care.measures.models import Administration
from reknit.care.people.queries import zone
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import plan_of as course_plan
from reknit.care.programme.queries import this_site
from reknit.core.measures.catalogue import measure
from reknit.core.programme.sets import measures_due

from . import people_then_now
from .models import ClosingRecord, FollowUp, Letter
from .people_then_now import Circles
from .records import Outlook, Standing, no_longer_callable, outlook_of, records_of

Kind = ClosingRecord.Kind
ORDER = (
    Kind.ENDING_TALK, "circles", Kind.GAINS, Kind.SIGNS, Kind.STAYING_WELL, Kind.CONTINGENCY, Kind.DISPOSITION,
    "measures", "letters", "follow_up",
)  # fmt: skip
TITLES = {
    "circles": gettext_lazy("People, then and now"),
    "measures": gettext_lazy("Closing measures"),
    "letters": gettext_lazy("Letters"),
    "follow_up": gettext_lazy("Follow-up"),
}
SHORT = (Kind.EARLY_ENDING, "letters", "follow_up")
"""An early ending has its own short list."""


@dataclass(frozen=True, slots=True)
class EndSheet:
    """One closing measure and whether it was answered at the last session or after."""

    id: str
    title: str
    on: dt.date | None


@dataclass(frozen=True, slots=True)
class LetterState:
    """One of the two letters: issued, begun or not begun."""

    kind: str
    label: str
    issued_at: dt.datetime | None
    is_begun: bool


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """The whole page."""

    records: dict[str, Standing]
    outlook: Outlook
    circles: Circles
    is_compared: bool
    sheets: tuple[EndSheet, ...]
    letters: tuple[LetterState, ...]
    follow_ups: tuple[FollowUp, ...]
    no_longer_callable: int
    last_slot: int
    is_open: bool

    @property
    def is_early(self) -> bool:
        """Whether the course ends by the short list."""
        return self.records[Kind.EARLY_ENDING].is_done

    def is_done(self, key: str) -> bool:
        """Whether this piece of work stands."""
        if key == "circles":
            return self.is_compared
        if key == "measures":
            return bool(self.sheets) and all(sheet.on for sheet in self.sheets)
        if key == "letters":
            return all(letter.issued_at for letter in self.letters)
        if key == "follow_up":
            return bool(self.follow_ups)
        return self.records[key].is_done

    @property
    def next(self) -> str:
        """The first thing that can be done now and is not done: empty when only the close is left."""
        order = SHORT if self.is_early else ORDER
        open_ones = [str(key) for key in order if not self.is_done(key)]
        return next((key for key in open_ones if self._can_be_done(key)), "")

    def _can_be_done(self, key: str) -> bool:
        """Circles wait for a second one; after the close only what may be renewed, letters and follow-up are left."""
        if key in self.records:
            return self.is_open or self.records[key].record.after_close
        if key == "circles":
            return self.is_open and self.circles.compared is not None
        return self.is_open or key != "measures"

    @property
    def next_title(self) -> str:
        """What that thing is called on the page."""
        return str(self.records[self.next].record.title if self.next in self.records else TITLES[self.next])

    @property
    def n_done(self) -> int:
        """How many pieces of the list stand."""
        return sum(self.is_done(key) for key in (SHORT if self.is_early else ORDER))

    @property
    def n_all(self) -> int:
        """How many pieces the list has."""
        return len(SHORT if self.is_early else ORDER)


def closing_page(episode: Episode) -> ClosingPage:
    """Everything of the page. Eight queries and those of the circle, however long the course."""
    found = records_of(episode)
    circles = people_then_now.circles(episode)
    plan = found[Kind.STAYING_WELL].given
    return ClosingPage(
        records=found,
        outlook=outlook_of(episode),
        circles=circles,
        is_compared=_is_compared(episode, circles),
        sheets=_sheets(episode),
        letters=_letters(episode),
        follow_ups=tuple(FollowUp.objects.filter(episode=episode).order_by("due_on")),
        no_longer_callable=no_longer_callable(episode.client, plan),
        last_slot=episode.planned_sessions,
        is_open=episode.status == Episode.Status.OPEN,
    )


def _is_compared(episode: Episode, circles: Circles) -> bool:
    """Whether these two circles, and not earlier ones, were looked at together."""
    fact = CourseFact.objects.filter(episode=episode, kind="circle_compared", withdrawn_at=None).first()
    return bool(fact and circles.compared and fact.value.get("latest") == circles.compared.latest)


def _sheets(episode: Episode) -> tuple[EndSheet, ...]:
    """The measures due at the last planned session, with the day of the sheet that answers it."""
    plan, here = course_plan(episode), zone()
    answered = {
        row.measure: local_date(row.answered_at, here)
        for row in Administration.objects.filter(
            episode=episode, slot__gte=plan.planned_sessions, superseded_at=None
        ).order_by("answered_at")
    }
    return tuple(
        EndSheet(
            one,
            measure(one).short_title,
            answered.get(one),
        )
        for one in measures_due(plan, plan.planned_sessions, site=this_site())
    )


def _letters(episode: Episode) -> tuple[LetterState, ...]:
    rows = list(Letter.objects.filter(episode=episode).values_list("kind", "state", "issued_at"))
    return tuple(
        LetterState(
            kind,
            str(label),
            max((at for one, _state, at in rows if one == kind and at), default=None),
            any(one == kind and state == Letter.State.DRAFT for one, state, _at in rows),
        )
        for kind, label in Letter.Kind.choices
    )

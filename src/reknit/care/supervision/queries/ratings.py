"""Ratings: one session with what may be shown of it, agreement of raters, drift, and totals for the director."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format

from reknit.base.accounts.models import Role, User
from reknit.base.accounts.queries import colleagues
from reknit.base.clock import local_date
from reknit.base.ui.figures import ScorePoint
from reknit.care.people.queries import zone
from reknit.care.supervision.access import part_of
from reknit.care.supervision.models import Rating, SampledSession
from reknit.core.supervision.fidelity import clock, form
from reknit.core.supervision.raters import Agreement, Quarter, agreement, quarters
from reknit.core.suppression import DEFAULT_THRESHOLD

Part = Rating.Part
FEWEST_PEOPLE = DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class PartRow:
    """One rating that is asked for: by whom, and whether it is in. Its mean only once all are."""

    part: str
    label: str
    rater: User | None
    is_in: bool
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item with each rater's score; None where it was not rated."""

    title: str
    scores: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Sampled:
    """A session to rate as one person may see it. `rows` and `comments` are empty until every rating is in."""

    session: SampledSession
    own_part: str
    parts: tuple[PartRow, ...]
    is_open: bool
    rows: tuple[ItemRow, ...]
    comments: tuple[tuple[str, str, str], ...]
    words: tuple[tuple[str, str], ...]

    @property
    def own(self) -> PartRow | None:
        return next((one for one in self.parts if one.part == self.own_part), None)


@dataclass(frozen=True, slots=True)
class Drift:
    """One therapist's ratings over a year, and how far raters agree about them."""

    points: tuple[ScorePoint, ...]
    rated: tuple[tuple[dt.date, str, int, float], ...]
    quarters: tuple[Quarter, ...]
    items: tuple[tuple[str, tuple[Quarter, ...]], ...]  # each item of the form by quarter
    between_raters: Agreement
    with_self: Agreement


@dataclass(frozen=True, slots=True)
class Totals:
    """The programme's ratings without persons; nothing where fewer than five people stand behind them."""

    people: int
    ratings: int
    mean: float | None
    adherent: int | None
    between_raters: Agreement | None


def asked_for(session: SampledSession) -> tuple[str, ...]:
    """Whose ratings are asked for."""
    return (Part.SELF, Part.FIRST, Part.SECOND) if session.rated_twice else (Part.SELF, Part.FIRST)


def is_complete(session: SampledSession, ratings: Iterable[Rating]) -> bool:
    """Whether every rating asked for is in, so that raters may see each other's."""
    there = {one.part for one in ratings if one.handed_in_at}
    return there >= set(asked_for(session))


def sampled_as_seen(user: User, session: SampledSession, *, on: dt.date) -> Sampled:
    """One query besides the session, and one to know as whom they rate."""
    ratings = {one.part: one for one in session.ratings.select_related("rater")}
    own_part = part_of(user, session, on=on)
    is_open = is_complete(session, ratings.values())
    parts = []
    for part in asked_for(session):
        rating = ratings.get(part)
        rater = {Part.SELF: session.therapist, Part.SECOND: session.second_rater}.get(
            Part(part), rating.rater if rating else None
        )
        parts.append(
            PartRow(
                part,
                str(Part(part).label),
                rater,
                bool(rating and rating.handed_in_at),
                rating if rating and (is_open or rating.rater_id == user.pk) else None,
            )
        )
    shown = [one for one in parts if is_open and one.rating]
    return Sampled(
        session=session,
        own_part=own_part,
        parts=tuple(parts),
        is_open=is_open,
        rows=tuple(
            ItemRow(item.title, tuple(one.rating.scores.get(item.key) for one in shown if one.rating))
            for item in form().items
        )
        if shown
        else (),
        comments=tuple(
            (clock(at), one.label, said)
            for at, said, one in sorted(
                ((at, said, one) for one in shown if one.rating for at, said in one.rating.comments),
                key=lambda each: each[0],
            )
        ),
        words=tuple((one.label, one.rating.words) for one in shown if one.rating and one.rating.words),
    )


def drift_of(therapist: User, *, today: dt.date) -> Drift:
    """One therapist's year. Two queries."""
    sessions = _rated(SampledSession.objects.filter(therapist=therapist))
    year = today - dt.timedelta(days=366)
    rated, by_item = [], defaultdict(list)
    for one in sorted(sessions, key=lambda each: each.encounter.starts_at):
        first = _means(one).get(Part.FIRST)
        on = local_date(one.encounter.starts_at, zone())
        if first is not None and on > year:
            rating = next(r for r in one.ratings.all() if r.part == Part.FIRST)
            rated.append((on, str(one.get_stage_display()), rating.n or 0, first))
            for key, score in rating.scores.items():
                by_item[key].append((on, float(score)))
    return Drift(
        points=tuple(ScorePoint(date_format(on, "j M"), mean) for on, _stage, _n, mean in rated),
        rated=tuple(rated),
        quarters=quarters([(on, mean) for on, _stage, _n, mean in rated], today=today),
        items=tuple((item.title, quarters(by_item[item.key], today=today)) for item in form().items),
        between_raters=_agreement(sessions, Part.FIRST, Part.SECOND),
        with_self=_agreement(sessions, Part.SELF, Part.FIRST),
    )


def totals() -> Totals:
    """Every supervisor's rating that is open, and agreement over all pairs. Two queries."""
    sessions = _rated(SampledSession.objects.all())
    firsts = [
        (one.therapist_id, mean) for one in sessions if (mean := _means(one).get(Part.FIRST)) is not None
    ]
    people = len({key for key, _mean in firsts})
    if people < FEWEST_PEOPLE:
        return Totals(people, 0, None, None, None)
    means = [mean for _key, mean in firsts]
    good = sum(mean >= form().adherent for mean in means)
    hidden = min(good, len(means) - good)
    return Totals(
        people=people,
        ratings=len(means),
        mean=sum(means) / len(means),
        adherent=None if 0 < hidden < DEFAULT_THRESHOLD else good,
        between_raters=_agreement(sessions, Part.FIRST, Part.SECOND),
    )


def second_raters(user: User, session: SampledSession) -> list[User]:
    """Other supervisors at work here. One query."""
    people = colleagues(Role.SUPERVISOR)
    return [one for one in people if one.pk not in (user.pk, session.therapist_id)]


def to_rate_for(user: User) -> QuerySet[SampledSession]:
    """Sessions this person has still to rate as therapist or as second rater, oldest first."""
    rows = SampledSession.objects.filter(therapist=user, left_out="")
    second = SampledSession.objects.filter(second_rater=user, left_out="")
    own = rows.exclude(pk__in=_handed_in(user, Part.SELF)) | second.exclude(
        pk__in=_handed_in(user, Part.SECOND)
    )
    return own.select_related("encounter", "therapist").order_by("drawn_at", "pk")


def _handed_in(user: User, part: str) -> QuerySet[Any, Any]:
    rows = Rating.objects.filter(rater=user, part=part, handed_in_at__isnull=False)
    return rows.values("sampled")


def _rated(rows: QuerySet[SampledSession]) -> list[SampledSession]:
    """Sessions whose ratings are all in: what is still blind counts nowhere. Two queries."""
    found = rows.filter(left_out="").select_related("encounter").prefetch_related("ratings")
    return [one for one in found if is_complete(one, one.ratings.all())]


def _means(session: SampledSession) -> dict[str, float]:
    return {one.part: float(one.mean) for one in session.ratings.all() if one.mean is not None}


def _agreement(sessions: list[SampledSession], one: str, other: str) -> Agreement:
    pairs = [
        (means[one], means[other]) for each in sessions if {one, other} <= (means := _means(each)).keys()
    ]
    return agreement([a for a, _b in pairs], [b for _a, b in pairs], adherent=form().adherent)

"""Who is away of those who lead a run, and who sits in with whose word."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from reknit.care.groups.models import GroupRun, Member, Observer, ObserverWord
from reknit.care.people.absences.queries import overlapping
from reknit.care.people.models import Absence

from .runs import in_order

AHEAD = dt.timedelta(days=120)


def away_ahead(run: GroupRun, *, on: dt.date) -> list[Absence]:
    """The leave of those who lead it, from today on. One query for each of the two."""
    return [
        absence
        for one in run.led_by(on)
        for absence in overlapping(one.person, starts_on=on, ends_on=on + AHEAD).select_related(
            "person", "cover"
        )
    ]


@dataclass(frozen=True, slots=True)
class SittingIn:
    """Somebody who would like to sit in, and the latest word of each member; nothing where nobody asked yet."""

    observer: Observer
    words: tuple[tuple[Member, ObserverWord | None], ...]

    @property
    def may_come(self) -> bool:
        """Whether everybody has agreed. With nobody in the group there is nothing to sit in on."""
        return bool(self.words) and all(word is not None and word.agrees for _member, word in self.words)

    @property
    def lacking(self) -> list[Member]:
        """Members who said no, or were not asked."""
        return [member for member, word in self.words if word is None or not word.agrees]


def sitting_in(
    run: GroupRun, *, on: dt.date, members: Sequence[Member] | None = None, already: bool = False
) -> list[SittingIn]:
    """Those who sit in on a day or later, or with `already` on that day; asked of these members, or of all in the run. Three queries."""
    rows = run.observers.filter(Q(ends_on=None) | Q(ends_on__gte=on)).select_related("person")
    if already:
        rows = rows.filter(starts_on__lte=on)
    found = list(rows.order_by("starts_on", "pk"))
    if not found:
        return []
    if members is None:
        members = list(run.members.filter(ended_at=None, starts_on__isnull=False).select_related("client"))
    latest: dict[tuple[uuid.UUID, uuid.UUID], ObserverWord] = {
        (word.observer_id, word.member_id): word for word in ObserverWord.objects.filter(observer__in=found)
    }
    return [
        SittingIn(one, tuple((member, latest.get((one.pk, member.pk))) for member in in_order(members)))
        for one in found
    ]

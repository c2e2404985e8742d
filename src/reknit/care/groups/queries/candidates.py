"""Who could be in a group: those who asked for a place, and those whose course is by group and who have none yet.

Somebody whose chart is not open to whoever looks is named where they asked for a place, as on the group's other pages,
and nothing more is said of them; without a place they are not on this list at all. Whether people may sit together is
a yes or a no, and never with whom or why.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from reknit.base.accounts.models import User
from reknit.care.consent.queries import with_care_consent
from reknit.care.groups.models import GroupRun, MeetingAlone, Member
from reknit.care.groups.teams import apart_from, leading
from reknit.care.network.conflicts import pairs_in_conflict
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.programme.models import Episode
from reknit.care.safety.queries import open_by_client

from .before import MeetingBefore, meetings_before
from .runs import group_protocols, in_order

MOST = 40  # without a place, in one list; a clinic has fewer


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person and what is known of their readiness; nothing is known of somebody whose chart is not open."""

    client: Client
    member: Member | None  # their place, where they asked for one
    meeting: MeetingAlone | None  # the meeting before the group
    before: MeetingBefore | None
    is_open: bool
    has_consent: bool
    may_sit: bool
    risk: int
    may_ask: bool  # whether whoever looks may ask for a place

    @property
    def is_ready(self) -> bool:
        """The meeting before is complete, consent stands, and they may sit with everybody. Open risk is for people to weigh."""
        is_complete = self.before is not None and self.before.is_complete
        return is_complete and self.is_open and self.has_consent and self.may_sit


@dataclass(frozen=True, slots=True)
class Candidates:
    """The whole list: who waits with a place, and who has none."""

    waiting: tuple[Candidate, ...]
    without: tuple[Candidate, ...]

    @property
    def ready(self) -> list[Candidate]:
        return [one for one in self.waiting if one.is_ready]


def candidates(run: GroupRun, user: User, *, at: dt.datetime, on: dt.date) -> Candidates:
    """Everybody who could be in this group. Fifteen queries and five for each who leads at most, however many they are."""
    placed = list(run.members.filter(ended_at=None).select_related("client", "episode"))
    waiting = in_order(one for one in placed if one.starts_on is None)
    without = _without(user, on=on)
    clients = {one.client_id: one.client for one in waiting} | {one.pk: one for one in without}
    seen = set(Client.objects.visible_to(user, on=on).filter(pk__in=clients).values_list("pk", flat=True))
    apart = _apart({one.client_id for one in placed}, seen, on=on)
    apart |= apart_from({one.pk for one in without}, leading(run.pk, on=on), on=on)
    consent, risk = with_care_consent(seen, at=at), open_by_client(seen)
    on_team = CareTeamMember.objects.filter(current(on), clinician=user, client__in=seen)
    may_ask = set(on_team.values_list("client", flat=True))
    before = meetings_before(waiting)
    meetings = {
        one.member_id: one
        for one in MeetingAlone.objects.filter(
            member__in=waiting, kind=MeetingAlone.Kind.BEFORE
        ).select_related("appointment", "encounter__note")
    }

    def read(client: Client, member: Member | None) -> Candidate:
        return Candidate(
            client=client,
            member=member,
            meeting=meetings.get(member.pk) if member else None,
            before=before[member.pk] if member else None,
            is_open=client.pk in seen,
            has_consent=client.pk in consent,
            may_sit=client.pk not in apart,
            risk=len(risk.get(client.pk, ())),
            may_ask=client.pk in may_ask,
        )

    return Candidates(
        waiting=tuple(read(one.client, one) for one in waiting),
        without=tuple(read(one, None) for one in without),
    )


def _without(user: User, *, on: dt.date) -> list[Client]:
    """People whose open course is by group and who have no place, among those whose charts are open. One query."""
    codes = [code for code, _title in group_protocols()]
    courses = Episode.objects.filter(client=OuterRef("pk"), status=Episode.Status.OPEN, protocol__in=codes)
    places = Member.objects.filter(client=OuterRef("pk"), ended_at=None)
    rows = Client.objects.visible_to(user, on=on).real().filter(Exists(courses), ~Exists(places))
    found = list(rows.order_by("family_name", "given_name", "pk")[:MOST])
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.pk)))


def _apart(placed: Collection[uuid.UUID], seen: Collection[uuid.UUID], *, on: dt.date) -> set[uuid.UUID]:
    """Those who may not sit with somebody who has a place. Three queries."""
    pairs = pairs_in_conflict({*placed, *seen}, on=on)
    return {one for pair in pairs for one in pair if pair - {one} <= set(placed)}

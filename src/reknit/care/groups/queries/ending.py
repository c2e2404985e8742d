"""The end of a run: what each member came to, how scores changed, and what comes next."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from reknit.care.groups.models import GroupRun, GroupSession, MeetingAlone, Member
from reknit.care.measures.queries import scores_for
from reknit.core.groups.roster import Completion
from reknit.core.measures.catalogue import measure
from reknit.core.outcomes.change import reliable_change, rule

from .runs import came, in_order, outcomes_of

MOOD = "phq-9"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One member at the end."""

    member: Member
    completion: Completion
    first: Decimal | None
    latest: Decimal | None
    change: str

    @property
    def percent(self) -> int:
        return round(100 * self.completion.share)


def outcomes(run: GroupRun, visible: set[uuid.UUID]) -> list[Outcome]:
    """Each member who was in the group. Five queries. Scores of charts that are not open are left out."""
    members = in_order(run.members.filter(starts_on__isnull=False).select_related("client"))
    known = outcomes_of(run)
    held = set(MeetingAlone.objects.held().filter(member__run=run).values_list("member_id", "kind"))
    planned = run.sessions.exclude(state=GroupSession.State.CANCELLED).count()
    sheets = scores_for([one.client_id for one in members if one.client_id in visible], MOOD)
    found = []
    for one in members:
        totals = [
            sheet.total
            for sheet in sheets.get(one.client_id, [])
            if sheet.total is not None and sheet.episode_id == one.episode_id
        ]
        completion = Completion(
            came=len(came(known.get(one.pk, []))),
            planned=planned,
            had_before=(one.pk, MeetingAlone.Kind.BEFORE) in held,
            had_after=(one.pk, MeetingAlone.Kind.AFTER) in held,
        )
        found.append(
            Outcome(
                one,
                completion,
                totals[0] if totals else None,
                totals[-1] if totals else None,
                _change(totals),
            )
        )
    return found


def _change(totals: list[Decimal]) -> str:
    if len(totals) < 2:
        return ""
    named = rule(MOOD)
    return reliable_change(named, totals[0], totals[-1], measure(MOOD).direction).reliable

"""How far a person is towards a certification, counted from hours, ratings, courses and what was written down."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum

from reknit.base.accounts.models import User
from reknit.care.supervision.models import CredentialGoal, CredentialProof, HourCase, HourMember
from reknit.core.supervision.credentials import COUNTED, Credential, Progress, credential, progress

from .hours import minutes_of
from .ratings import is_complete
from .sampling import sampled_of

PASS = 3.0
"""The least mean of section 7.3, on the clinic's own form: a body rates on its own."""


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A certification somebody works towards, with each requirement."""

    goal: CredentialGoal
    credential: Credential
    rows: tuple[Progress, ...]

    @property
    def missing(self) -> int:
        return sum(not one.is_met for one in self.rows)


@dataclass(frozen=True, slots=True)
class PackCase:
    """One course of the portfolio, by a number alone: no name, no date of birth, no words."""

    number: int
    talked_about: int
    rated: tuple[tuple[str, int, float], ...]  # stage, items rated, mean of the supervisor


def goals_of(person: User) -> list[GoalShown]:
    """Each goal with its progress. Some ten queries, however many there are."""
    there = counted(person)
    found = []
    for goal in CredentialGoal.objects.filter(person=person, ended_at=None).order_by("set_at", "pk"):
        one = credential(goal.credential)
        if one:
            found.append(GoalShown(goal, one, progress(one, there)))
    return found


def counted(person: User) -> dict[str, float]:
    """What there is of every kind of requirement."""
    minutes = minutes_of(person)
    cases = HourCase.objects.filter(supervisee=person, hour__state="signed").values("episode").distinct()
    supervised = HourMember.objects.filter(hour__supervisor=person, hour__state="signed")
    stages: dict[uuid.UUID, set[str]] = defaultdict(set)
    passed: dict[str, int] = defaultdict(int)
    for one in sampled_of(person).filter(left_out=""):
        ratings = list(one.ratings.all())
        if not is_complete(one, ratings):
            continue
        stages[one.encounter.episode_id].add(one.stage)
        first = next((each.mean for each in ratings if each.part == "first"), None)
        if first is not None and float(first) >= PASS:
            passed["rated_initial" if one.stage == "initial" else "rated_later"] += 1
    found: dict[str, float] = {
        "received_hours": round(minutes.received / 60, 1),
        "given_hours": round(minutes.given / 60, 1),
        "supervisees": supervised.values("supervisee").distinct().count(),
        "supervised_cases": cases.count(),
        "whole_cases": sum(len(one) == 3 for one in stages.values()),
        "rated_initial": passed["rated_initial"],
        "rated_later": passed["rated_later"],
    }
    told = CredentialProof.objects.filter(person=person, taken_back_at=None)
    for row in told.values("kind").annotate(n=Sum("amount")):
        if row["kind"] not in COUNTED:
            found[row["kind"]] = float(row["n"])
    return found


def proofs_of(person: User) -> list[CredentialProof]:
    """What was written down and stands, latest first. One query."""
    rows = CredentialProof.objects.filter(person=person, taken_back_at=None)
    return list(rows.select_related("by").order_by("-on", "pk"))


def pack_cases(person: User) -> list[PackCase]:
    """The courses behind the counts, in the order of their first hour, with identities removed. Three queries."""
    rows = HourCase.objects.filter(supervisee=person, hour__state="signed").order_by("saved_at", "pk")
    order = list(dict.fromkeys(rows.values_list("episode", flat=True)))
    talked = dict(rows.order_by().values("episode").annotate(n=Count("pk")).values_list("episode", "n"))
    rated: dict[uuid.UUID, list[tuple[str, int, float]]] = defaultdict(list)
    for one in sampled_of(person).filter(left_out=""):
        ratings = list(one.ratings.all())
        first = next((each for each in ratings if each.part == "first" and each.mean is not None), None)
        if first and first.mean is not None and is_complete(one, ratings):
            episode = one.encounter.episode_id
            rated[episode].append((str(one.get_stage_display()), first.n or 0, float(first.mean)))
            if episode not in order:
                order.append(episode)
    return [PackCase(n, talked.get(key, 0), tuple(rated[key])) for n, key in enumerate(order, start=1)]

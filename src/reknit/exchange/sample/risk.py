"""Leave, a view on suicide, a time of lost tolerance, and the clinic's duties: told once, after the courses.

It draws nothing from the dice of the courses, so that they stay as they are.
"""

import datetime as dt
import uuid

from reknit.care.coordination.actions import begin_leave
from reknit.care.people.models import CareTeamMember, Client
from reknit.care.safety.actions import close_risk_item
from reknit.care.safety.models import Concern, RiskItem
from reknit.care.safety.safeguarding.actions import set_duty_rule
from reknit.care.safety.suicide.actions import save_risk_formulation
from reknit.care.safety.tolerance.actions import record_tolerance_loss, settle_tolerance_task

from . import words
from .staff import Clinic

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LEAVE_IN, LEAVE_FOR = 10 * DAY, 11 * DAY
NAMES = uuid.UUID("7d3f1c0a-52a7-4f8e-9c55-0e2a6b0c1d11")


def tell_risk(clinic: Clinic) -> None:
    """A leave that is planned, one client's view with its contact made, another's way home from hospital."""
    told = words.table("risk")
    for concern in Concern.values:
        set_duty_rule(
            by=clinic.administrator,
            at=clinic.begins_at,
            concern=concern,
            based_on=0,
            duty=told["duty"][concern],
            contacts=told["duty"]["contacts"],
            hours=24,
        )
    if len(clinic.therapists) > 1:
        begin_leave(
            by=clinic.therapists[1],
            at=clinic.at,
            key=uuid.uuid5(NAMES, "leave"),
            person=clinic.therapists[1],
            cover=clinic.therapists[0],
            starts_on=clinic.today + LEAVE_IN,
            ends_on=clinic.today + LEAVE_IN + LEAVE_FOR,
        )
    clients = _clients(clinic)
    if clients:
        _view(clinic, clients[0], told["view"])
    if len(clients) > 1:
        _home_again(clinic, clients[1])


def _clients(clinic: Clinic) -> list[Client]:
    """The first therapist's clients who have been in care for some weeks."""
    since = clinic.today - 21 * DAY
    team = CareTeamMember.objects.filter(
        clinician=clinic.therapists[0], ends_on=None, part="lead", starts_on__lte=since
    )
    found = Client.objects.filter(status=Client.Status.IN_CARE, pk__in=team.values("client"))
    return list(found.order_by("family_name", "given_name", "pk")[:2])


def _view(clinic: Clinic, client: Client, told: dict[str, str]) -> None:
    at = clinic.at - 6 * DAY
    who = clinic.therapists[0]
    save_risk_formulation(
        by=who,
        at=at,
        client=client,
        based_on=0,
        level="moderate",
        intoxicated="no",
        review_on=clinic.today + 8 * DAY,
        **{key: text for key, text in told.items() if key != "closed"},
    )
    for item in RiskItem.objects.filter(client=client, status="open", reason="suicide_follow_up"):
        close_risk_item(by=who, at=at + 50 * HOUR, item=item, closing="spoken", note=told["closed"])


def _home_again(clinic: Clinic, client: Client) -> None:
    at, who = clinic.at - 9 * DAY, clinic.therapists[0]
    loss = record_tolerance_loss(
        by=who,
        at=at,
        client=client,
        key=uuid.uuid5(NAMES, "home"),
        kind="hospital",
        happened_on=clinic.today - 10 * DAY,
    )
    for hours, task in enumerate(loss.tasks.order_by("task"), start=1):
        settle_tolerance_task(by=who, at=at + hours * HOUR, task=task, outcome="done")

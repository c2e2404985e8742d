"""Reads about what clinicians made of the danger of suicide."""

import datetime as dt

from django.db.models import QuerySet

from reknit.base.accounts.models import User
from reknit.care.people.absences.queries import away_on
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.care.people.queries import site
from reknit.care.safety.models import RiskFormulation, RiskItem
from reknit.core.safety import triggers

ASKED = ("phq9_item9", "epds_item10", "hamd_item3", "hamd_item3_urgent", "phone_suicide", "lapse_suicide")
SCREENED = ("cssrs_ideation", "cssrs_intent", "cssrs_behaviour", "cssrs_recent", "cssrs_blank")


def formulations(client: Client) -> QuerySet[RiskFormulation]:
    """Every view, latest first."""
    found = RiskFormulation.objects.filter(client=client).select_related("by", "safety_plan")
    return found.order_by("-version")


def screened_facts(client: Client) -> list[tuple[str, RiskItem]]:
    """What answers said, in words, from the items they opened: facts to read beside the view, never its level. One query."""
    items = RiskItem.objects.filter(
        client=client, status=RiskItem.Status.OPEN, reason__in=(*ASKED, *SCREENED)
    )
    return [(triggers.reason(item.reason).sentence, item) for item in items.order_by("due_at", "pk")]


def senior_for(person: User, *, on: dt.date) -> User | None:
    """Who looks at it with a clinician: their supervisor at work, else the clinician on duty; never they themselves."""
    away = away_on(on)
    lines = SupervisoryLine.objects.filter(current(on), supervisee=person).select_related("supervisor")
    for line in lines.order_by("starts_on", "id"):
        if line.supervisor.is_active and line.supervisor_id not in away:
            return line.supervisor
    here = site()
    duty = here.duty_clinician if here else None
    return duty if duty and duty.is_active and duty.pk != person.pk else None

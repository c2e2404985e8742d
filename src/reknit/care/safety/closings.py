"""With what an item may be closed: most by what was done, some only by what they wait for."""

from django.db.models import QuerySet

from reknit.core.safety.tolerance import TASKS

from .models import RiskItem, ToleranceTask

Closing = RiskItem.Closing
USUAL = (
    Closing.SPOKEN_SAFE,
    Closing.PLAN_MADE,
    Closing.REFERRED,
    Closing.ASKED,
    Closing.MISTAKE,
)
OWN = {
    "suicide_senior_review": (Closing.REVIEWED, Closing.REFERRED),
    "tolerance_lost": (Closing.TASKS, Closing.MISTAKE),
    "overdose_survived": (Closing.TASKS, Closing.MISTAKE),
    "detox_arrival": (Closing.ARRIVED, Closing.NOT_ARRIVED, Closing.MISTAKE),
}


def closings_for(item: RiskItem) -> tuple[Closing, ...]:
    """The reasons that fit an item; about an import, "read through" is the only one that says enough."""
    if item.client_id is None:
        return (Closing.READ,)
    return OWN.get(item.reason, USUAL)


def open_tasks(item: RiskItem) -> QuerySet[ToleranceTask]:
    """The unsettled tasks that an item waits for; none for an item of another kind."""
    keys = [task.key for task in TASKS.values() if task.item == item.reason]
    return ToleranceTask.objects.filter(loss__client=item.client_id, task__in=keys, outcome="")

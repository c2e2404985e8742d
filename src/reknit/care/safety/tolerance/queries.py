"""Reads about loss of tolerance."""

from collections.abc import Iterable
from dataclasses import dataclass

from reknit.care.people.models import Client
from reknit.care.safety.models import ToleranceLoss, ToleranceTask
from reknit.core.safety.tolerance import TASKS, Task


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task with its words."""

    row: ToleranceTask
    task: Task


@dataclass(frozen=True, slots=True)
class ShownLoss:
    """One time of lost tolerance with its tasks in their order."""

    loss: ToleranceLoss
    tasks: tuple[ShownTask, ...]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return any(not one.row.outcome for one in self.tasks)


def losses_of(client: Client, *, latest: int = 5) -> list[ShownLoss]:
    """The latest times, latest first. Two queries."""
    found = ToleranceLoss.objects.filter(client=client).select_related("by")
    rows = found.prefetch_related("tasks__settled_by").order_by("-happened_on", "-at", "pk")[:latest]
    return [ShownLoss(one, tuple(_in_order(one.tasks.all()))) for one in rows]


def _in_order(rows: Iterable[ToleranceTask]) -> list[ShownTask]:
    by_key = {row.task: row for row in rows}
    return [ShownTask(by_key[key], task) for key, task in TASKS.items() if key in by_key]

"""What is to be done at each loss of tolerance, read from `tolerance.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reknit.core.data import read_table

from .triggers import REASONS


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, by when, and the risk item that waits for it."""

    key: str
    title: str
    hint: str
    hours: int
    item: str


def _read() -> Mapping[str, Task]:
    table = read_table("reknit.core.safety", "tolerance.toml")
    table.text("source")
    found = [
        Task(one.text("key"), one.text("title"), one.text("hint"), one.whole("hours"), one.text("item"))
        for one in table.tables("tasks")
    ]
    if len({one.key for one in found}) != len(found):
        table.refuse("the keys of tasks must differ.")
    if any(one.item not in REASONS or one.hours < 1 for one in found):
        table.refuse("each task has hours and a risk reason that exists.")
    return MappingProxyType({one.key: one for one in found})


TASKS = _read()
LOST, SURVIVED = "tolerance_lost", "overdose_survived"


def tasks_after(*, is_overdose: bool) -> tuple[Task, ...]:
    """What is to be done: after an overdose that was survived, contact and the question of intent come on top.

    >>> [one.key for one in tasks_after(is_overdose=False)]
    ['medication', 'tolerance_talk', 'not_alone', 'naloxone_client', 'naloxone_circle']
    >>> len(tasks_after(is_overdose=True))
    7
    """
    return tuple(one for one in TASKS.values() if is_overdose or one.item == LOST)

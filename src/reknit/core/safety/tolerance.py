"""When tolerance may be lost, and what is to be done then: read from `tolerance.toml`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reknit.core.data import Table, read_table

from .triggers import REASONS


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, by when, and the risk item that waits for it."""

    key: str
    title: str
    hint: str
    hours: int
    item: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How many known days without use come before a return to it, and of which substances."""

    days_without: int
    substances: frozenset[str]
    with_: frozenset[str]
    beside: frozenset[str]


def _tasks(table: Table) -> Mapping[str, Task]:
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


def _rule(table: Table) -> Rule:
    names = (frozenset(table.texts(name)) for name in ("substances", "with", "beside"))
    rule = Rule(table.whole("days_without"), *names)
    if rule.days_without < 1:
        table.refuse("`days_without` must be at least 1.")
    return rule


_TABLE = read_table("reknit.core.safety", "tolerance.toml")
TASKS, RETURN = _tasks(_TABLE), _rule(_TABLE)
LOST, SURVIVED = "tolerance_lost", "overdose_survived"


def tasks_after(*, is_overdose: bool) -> tuple[Task, ...]:
    """What is to be done: after an overdose that was survived, contact and the question of intent come on top.

    >>> [one.key for one in tasks_after(is_overdose=False)]
    ['medication', 'tolerance_talk', 'not_alone', 'naloxone_client', 'naloxone_circle']
    >>> len(tasks_after(is_overdose=True))
    8
    """
    return tuple(one for one in TASKS.values() if is_overdose or one.item == LOST)


def in_question(told: Collection[str], asked: Collection[str]) -> frozenset[str]:
    """Of which substances a return to use can be deadly at the dose of before.

    `told` are those of the return; where none was named, any that is `asked` about may have been used.

    >>> sorted(in_question([], ["alcohol", "opioids"]))
    ['opioids']
    >>> sorted(in_question(["alcohol"], ["alcohol", "opioids"])), sorted(in_question(["alcohol"], ["alcohol"]))
    (['alcohol'], [])
    """
    used = frozenset(told) or frozenset(asked)
    found = used & RETURN.substances
    if told and RETURN.beside & {*told, *asked}:
        found |= used & RETURN.with_
    return found


def is_lost_after(days_before: Collection[bool | None]) -> bool:
    """Whether the days before a return, oldest first, end in a time without use: used, not used, or not known (None).

    A day not known is no day without use.

    >>> is_lost_after([False] * 3), is_lost_after([None, False, False]), is_lost_after([False, False, True])
    (True, False, False)
    """
    latest = list(days_before)[-RETURN.days_without :]
    return len(latest) == RETURN.days_without and all(one is False for one in latest)

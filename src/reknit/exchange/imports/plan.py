"""From rows to a plan: what would be made, what is here already, and which rows are rejected and why."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.errors import DomainError
from reknit.care.measures.models import Administration
from reknit.care.people.models import ClientIdentifier
from reknit.care.substance_use.models import UseDay
from reknit.core.measures.catalogue import measure
from reknit.core.measures.scoring import ScoreState, score

from .mapping import DayMapping, Mapping, SheetMapping
from .reading import Row

KEYS = uuid.UUID("6f1c5b1e-5b0a-4a53-9b0e-0d7f3a1f6c11")  # a namespace of our own for keys made from a file


@dataclass(frozen=True, slots=True)
class PlannedSheet:
    """One questionnaire to be written."""

    key: uuid.UUID
    client: str
    on: dt.date
    answers: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a calendar to be written."""

    client: str
    on: dt.date
    amount: Decimal


@dataclass
class Plan:
    """What an import would do. Clients are named by the key of their own system."""

    system: str
    rows: int = 0
    new_clients: list[str] = field(default_factory=list)
    known_clients: dict[str, uuid.UUID] = field(default_factory=dict)
    sheets: list[PlannedSheet] = field(default_factory=list)
    days: list[PlannedDay] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    merged: int = 0  # equal rows of the file, written once
    already: int = 0  # written by an earlier import
    rejected: list[tuple[int, str]] = field(default_factory=list)
    critical: int = 0

    def makes_something(self) -> bool:
        """Whether carrying it out would write anything."""
        return bool(self.new_clients or self.sheets or self.days)


class RowProblem(Exception):
    """This row cannot be taken, and why."""


def make_plan(mapping: Mapping, rows: Iterable[Row], *, today: dt.date) -> Plan:
    """Read every row, then hold the result against what is here. History ends today: later rows are rejected."""
    plan = Plan(system=mapping.system)
    readings: dict[Any, list[tuple[int, Any]]] = defaultdict(list)
    for row in rows:
        plan.rows += 1
        try:
            key, reading = _read(mapping, row)
            if key[1] > today:
                raise RowProblem(_("the date %(value)s has not come yet.") % {"value": key[1]})
        except RowProblem as problem:
            plan.rejected.append((row.number, str(problem)))
            continue
        readings[key].append((row.number, reading))
    settled = dict(_settle(plan, readings))
    keys = {key[0] for key in settled}
    plan.known_clients = _known_clients(mapping.system, keys)
    if mapping.sheet:
        _plan_sheets(plan, mapping, mapping.sheet, settled)
    elif mapping.day:
        _plan_days(plan, mapping.day, settled)
    wanted = dict.fromkeys([s.client for s in plan.sheets] + [d.client for d in plan.days])
    plan.new_clients = [key for key in wanted if key not in plan.known_clients]
    plan.rejected.sort()
    return plan


def _read(mapping: Mapping, row: Row) -> tuple[tuple[str, dt.date], Any]:
    client = _client_key(row.values.get(mapping.client_column))
    if mapping.sheet:
        return (client, _date_of(mapping.sheet, row)), _answers(mapping.sheet, row)
    assert mapping.day  # noqa: S101 - a mapping holds one of the two
    day = _date(row.values.get(mapping.day.date_column))
    return (client, day), _amount(row.values.get(mapping.day.amount_column))


def _client_key(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    key = str(value or "").strip()
    if not key:
        raise RowProblem(_("it names no client."))
    if len(key) > 60 or not key.isprintable():
        raise RowProblem(_("its client key is longer than 60 characters or cannot be printed."))
    return key


def _date_of(sheet: SheetMapping, row: Row) -> dt.date:
    return sheet.answered_on or _date(row.values.get(sheet.answered_on_column or ""))


def _date(value: Any) -> dt.date:
    try:
        on = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value or ""))
    except ValueError:
        raise RowProblem(
            _("“%(value)s” is not a date such as 2017-07-15.") % {"value": _short(value)}
        ) from None
    if isinstance(on, dt.datetime):
        on = on.date()
    if not dt.date(1990, 1, 1) <= on <= dt.date(2100, 1, 1):
        raise RowProblem(_("the date %(value)s cannot be right.") % {"value": on})
    return on


def _answers(sheet: SheetMapping, row: Row) -> dict[str, int | None]:
    answers: dict[str, int | None] = {}
    for item, column in sheet.items.items():
        number = _whole(row.values.get(column), column)
        answers[item] = None if number in sheet.no_answer else number
    definition = measure(sheet.measure)
    result = score(definition, answers)
    if result.state is ScoreState.INVALID:
        raise RowProblem(result.problem or _("an answer is not one of the item's choices."))
    if not any(answers.get(item.id) is not None for item in definition.items if item.scored):
        raise RowProblem(_("no question is answered."))
    return answers


def _whole(value: Any, column: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value():
        raise RowProblem(
            _("“%(value)s” in %(column)s is not a whole number.") % {"value": _short(value), "column": column}
        )
    return int(number)


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value if value is not None else "").strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 1_000_000:
        raise RowProblem(_("“%(value)s” is not an amount of zero or more.") % {"value": _short(value)})
    return amount.quantize(Decimal("0.01"))


def _short(value: Any) -> str:
    return str(value if value is not None else "")[:40]


def _settle(
    plan: Plan, readings: dict[Any, list[tuple[int, Any]]]
) -> Iterator[tuple[tuple[str, dt.date], tuple[int, Any]]]:
    """Equal rows become one; rows that contradict each other are all rejected, each naming the others."""
    for key, found in readings.items():
        if all(reading == found[0][1] for _number, reading in found):
            plan.merged += len(found) - 1
            yield key, found[0]
            continue
        numbers = [number for number, _reading in found]
        for number in numbers:
            others = ", ".join(str(n) for n in numbers if n != number)
            plan.rejected.append(
                (
                    number,
                    _("it contradicts row %(others)s about the same client and day.") % {"others": others},
                )
            )


def _known_clients(system: str, keys: set[str]) -> dict[str, uuid.UUID]:
    found: dict[str, uuid.UUID] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        rows = ClientIdentifier.objects.filter(system=system, value__in=ordered[start : start + 500])
        found.update(rows.values_list("value", "client_id"))
    return found


def _plan_sheets(
    plan: Plan, mapping: Mapping, sheet: SheetMapping, settled: dict[tuple[str, dt.date], tuple[int, Any]]
) -> None:
    definition = measure(sheet.measure)
    keys = {
        key: uuid.uuid5(KEYS, f"{mapping.system}|{sheet.measure}|{key[0]}|{key[1].isoformat()}")
        for key in settled
    }
    here = _sheets_here(list(keys.values()))
    for key, (number, answers) in settled.items():
        before = here.get(keys[key])
        if before is None:
            result = score(definition, answers)
            plan.states[result.state.value] += 1
            plan.critical += any(not finding.is_blank for finding in result.critical)
            plan.sheets.append(PlannedSheet(key=keys[key], client=key[0], on=key[1], answers=answers))
        elif {k: v for k, v in before.items() if v is not None} == {
            k: v for k, v in answers.items() if v is not None
        }:
            plan.already += 1
        else:
            plan.rejected.append((number, _("it contradicts a sheet that was imported before.")))


def _sheets_here(keys: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int | None]]:
    found: dict[uuid.UUID, dict[str, int | None]] = {}
    for start in range(0, len(keys), 500):
        rows = Administration.objects.filter(pk__in=keys[start : start + 500])
        found.update(rows.values_list("pk", "answers"))
    return found


def _plan_days(plan: Plan, day: DayMapping, settled: dict[tuple[str, dt.date], tuple[int, Any]]) -> None:
    here = _days_here(list(plan.known_clients.values()), day.substance)
    for (client, on), (number, amount) in settled.items():
        known = plan.known_clients.get(client)
        before = here.get((known, on)) if known else None
        if before is None:
            plan.days.append(PlannedDay(client=client, on=on, amount=amount))
        elif before == amount:
            plan.already += 1
        else:
            plan.rejected.append((number, _("it contradicts a day that stands in the calendar.")))


def _days_here(clients: list[uuid.UUID], substance: str) -> dict[tuple[uuid.UUID, dt.date], Decimal]:
    found: dict[tuple[uuid.UUID, dt.date], Decimal] = {}
    for start in range(0, len(clients), 500):
        rows = UseDay.objects.filter(
            client__in=clients[start : start + 500], substance=substance, superseded_at=None
        ).values_list("client_id", "on", "used", "amount")
        for client, on, used, amount in rows:
            found[client, on] = (amount if amount is not None else Decimal(-1)) if used else Decimal(0)
    return found


def check_not_empty(plan: Plan) -> None:
    """A file without rows is more likely the wrong file."""
    if not plan.rows:
        raise DomainError(_("This file holds no rows. Check that it is the right one."))

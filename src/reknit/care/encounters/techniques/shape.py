"""A record as plain values, so that two versions of it can be compared and shown beside each other."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from reknit.care.encounters.models import ConjointPlan, PlanB, SessionRecord
from reknit.core.programme.strategies import depths, steps

Shape = dict[str, Any]


def shape(record: SessionRecord) -> Shape:
    """What a person filled in: field to value, people as keys, lists as rows."""
    found: Shape = {name: value_of(record, name) for name in record.ASKS if name != record.PEOPLE}
    if record.PEOPLE:
        found[record.PEOPLE] = {one.pk for one in getattr(record, record.PEOPLE).all()}
    for name in record.ROWS:
        found[name] = [row_shape(row) for row in getattr(record, name).all()]
    return found


def value_of(record: SessionRecord, name: str) -> Any:
    """One value; a person or another record as its key."""
    value = getattr(record, name)
    return value.pk if isinstance(value, models.Model) else value


def row_shape(row: models.Model) -> Shape:
    """One row of a list."""
    return {name: getattr(row, name) for name in row.ASKS}  # type: ignore[attr-defined]


def answers(record: SessionRecord) -> list[tuple[str, str]]:
    """Question and answer of everything that was filled in, in order; what is blank is left out."""
    found = []
    for name in record.ASKS:
        said = spoken(record, name)
        if said:
            found.append((label_of(record, name), said))
    return found


def label_of(record: SessionRecord | type[SessionRecord], name: str) -> str:
    """The question a field asks."""
    if name == "about":
        return _("About")
    return str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def lists(record: SessionRecord) -> list[tuple[list[str], list[list[str]]]]:
    """Each list of the record as a table: the questions, then the rows with their answers."""
    found = []
    for name in record.ROWS:
        rows = list(getattr(record, name).all())
        if not rows:
            continue
        asks = type(rows[0]).ASKS
        heads = [str(rows[0]._meta.get_field(ask).verbose_name) for ask in asks]
        found.append((heads, [[spoken(row, ask) for ask in asks] for row in rows]))
    return found


def spoken(row: models.Model, name: str) -> str:
    """A value in words; empty when nothing was said."""
    special = _special(row, name)
    if special is not None:
        return special
    value = getattr(row, name)
    if isinstance(value, dt.date):
        return date_format(value, "j F Y")
    if isinstance(value, dt.time):
        return time_format(value, "H:i")
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if value is None or value == "" or isinstance(value, uuid.UUID):
        return ""
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


def _special(row: models.Model, name: str) -> str | None:
    """Values that need words of another kind: people, other records, codes of the core."""
    value = getattr(row, name)
    if name in ("relationship", "relationships"):
        return ", ".join(aliases(row))
    if name == "plan" and isinstance(value, ConjointPlan):
        return plan_title(value)
    if name in ("about", "analysis"):
        return title_of(value) if value else ""
    if name == "code" and value in steps():
        return f"{value} {_(steps()[value].title)}"
    if name == "depth" and isinstance(value, int):
        return _(depths()[value].title)
    if isinstance(row, PlanB) and name == "choices":
        return ", ".join(str(PlanB.Choice(code).label) for code in value if code in PlanB.Choice.values)
    return None


def aliases(record: models.Model) -> Iterator[str]:
    """The people a record names, by alias."""
    one = getattr(record, "relationship", None)
    if one is not None:
        yield one.alias
    many = getattr(record, getattr(record, "PEOPLE", "") or "pk", None)
    if isinstance(many, models.Manager):
        yield from sorted(each.alias for each in many.all())


def plan_title(plan: ConjointPlan) -> str:
    """A plan by whom it is with and when it was made."""
    return _("with %(who)s, planned %(day)s") % {
        "who": plan.relationship.alias,
        "day": date_format(plan.made_at, "j F"),
    }


def title_of(record: Any) -> str:
    """What a longer record is about, in a few words of the person who wrote it."""
    scenario = getattr(record, "scenario", "") or getattr(record, "decision", "")
    if scenario:
        return str(scenario)
    on = record.happened_on
    return _("the conversation of %(day)s") % {"day": date_format(on, "j F")} if on else _("a conversation")

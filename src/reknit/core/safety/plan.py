"""The six parts of a safety plan, read from `plan.toml`."""

from dataclasses import dataclass

from reknit.core.data import read_table


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One part: its heading for staff, its heading for the client, and what belongs in it."""

    key: str
    title: str
    client_title: str
    hint: str


def _read() -> tuple[PlanPart, ...]:
    table = read_table("reknit.core.safety", "plan.toml")
    table.text("source")
    found = tuple(
        PlanPart(one.text("key"), one.text("title"), one.text("client_title"), one.text("hint"))
        for one in table.tables("parts")
    )
    if len(found) != 6 or len({one.key for one in found}) != 6:
        table.refuse("a safety plan has six parts with different keys.")
    return found


PLAN_PARTS = _read()

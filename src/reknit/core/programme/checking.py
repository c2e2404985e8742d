"""Whether a file of the programme could be followed: a template, an overlay, or one of the lists of the library."""

from pathlib import Path

from reknit.core.data import Table, read_file
from reknit.core.programme.facts import kinds_of
from reknit.core.programme.loading import build_template, tasks_of
from reknit.core.programme.overlays import build_overlay
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.rows import gates_of
from reknit.core.programme.strategies import depths_in, steps_in
from reknit.core.programme.template import library


def checked(path: Path) -> str:
    """What the file holds, in a few words. Raises `DefinitionError` with the line and the rule that it breaks."""
    table = read_file(path)
    if "tasks" in table and "planned_sessions" not in table and "phases" not in table:
        return f"task library, {len(tasks_of(table))} tasks"
    if "facts" in table:
        return f"list of facts, {len(kinds_of(table))} kinds"
    if "steps" in table:
        depths_in(table)
        return f"list of strategies, {len(steps_in(table))} steps"
    if "adds" in table:
        return _overlay(table)
    if "gates" in table and "phases" not in table and "code" not in table:
        return f"list of gates, {len(gates_of(table))} gates"
    return described(build_template(table, library()))


def described(plan: ProtocolTemplate) -> str:
    """A template in a line."""
    return f"{plan.code} {plan.version}, {plan.planned_sessions} sessions, {len(plan.tasks)} tasks, {len(plan.gates)} gates"


def _overlay(table: Table) -> str:
    found = build_overlay(table, library())
    return f"overlay {found.code} {found.version}, {len(found.tasks)} tasks"

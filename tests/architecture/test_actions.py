"""Every change goes through an action that says who and when and leaves a record."""

import ast
from pathlib import Path

import pytest

from .rooms import ROOT, action_files, public_functions

CASES = [(path, function) for path in action_files() for function in public_functions(path)]


def is_action(function: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "action" for d in function.decorator_list)


def writes(function: ast.FunctionDef) -> bool:
    """Whether a function calls something that changes a row."""
    changing = {
        "create",
        "save",
        "update",
        "delete",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    }
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in changing
        for n in ast.walk(function)
    )


def name(case: tuple[Path, ast.FunctionDef]) -> str:
    return f"{case[0].parent.name}.{case[1].name}"


def test_there_are_actions_to_check() -> None:
    assert len([c for c in CASES if is_action(c[1])]) > 30


@pytest.mark.parametrize("case", CASES, ids=name)
def test_public_action_is_keyword_only_and_says_who_and_when(case: tuple[Path, ast.FunctionDef]) -> None:
    _path, function = case
    if not is_action(function):
        assert not writes(function), f"{name(case)} changes rows and is not an @action"
        return
    arguments = function.args
    assert not arguments.args and not arguments.posonlyargs, f"{name(case)} takes positional arguments"
    keywords = {a.arg for a in arguments.kwonlyargs}
    assert {"by", "at"} <= keywords, f"{name(case)} must take by and at"
    assert function.returns is not None and ast.get_docstring(function)


@pytest.mark.parametrize("case", [c for c in CASES if is_action(c[1])], ids=name)
def test_action_leaves_a_record_or_calls_one_that_does(case: tuple[Path, ast.FunctionDef]) -> None:
    called = {ast.unparse(n.func) for n in ast.walk(case[1]) if isinstance(n, ast.Call)}
    module = ast.parse(case[0].read_text())
    helpers = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
    # Follow the module's own helpers, a few steps deep.
    for _ in range(4):
        for helper in [h for h in called if h in helpers]:
            called |= {ast.unparse(n.func) for n in ast.walk(helpers[helper]) if isinstance(n, ast.Call)}
    imported = {
        alias.asname or alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("actions")
        for alias in node.names
    }
    # `audit.unchanged` says in so many words that no event of its own is due, and why stands in its docstring.
    recorded = any(c.startswith(("audit.record", "record.record")) for c in called)
    recorded = recorded or (case[1].name == "record_facts" and "audit.unchanged" in called)
    delegated = bool(called & imported) or any(
        ".actions." in c or c.split(".")[0] in imported for c in called
    )
    assert recorded or delegated, f"{name(case)} leaves no audit event"


def test_pages_and_forms_write_nothing() -> None:
    guilty = []
    for path in ROOT.glob("src/reknit/care/**/*.py"):
        if path.name not in {"forms.py", "access.py", "queries.py"} and "views" not in path.parts:
            continue
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                call = ast.unparse(node.func)
                if call.startswith("segno."):
                    continue  # draws a picture into memory
                if call.endswith(
                    (".objects.create", ".bulk_create", ".bulk_update", ".get_or_create", ".save", ".delete")
                ):
                    guilty.append(f"{path.relative_to(ROOT)}:{node.lineno} {call}")
    assert not guilty, guilty

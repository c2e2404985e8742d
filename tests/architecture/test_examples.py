"""A formula in a sentence can be read in two ways: what the clinical core offers is shown on an example that runs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .rooms import SOURCE

FOLDERS = ("measures", "substance_use", "outcomes", "network", "evidence", "encounters")


def public(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions that others may call, and those of classes that others may use."""
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body, f"{within}{node.name}.")


def modules(folder: str) -> list[Path]:
    return [path for path in sorted((SOURCE / "core" / folder).rglob("*.py")) if "tests" not in path.parts]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_public_function_of_the_clinical_core_has_a_worked_example(folder: str) -> None:
    """Examples run as doctests wherever the tests run, so one that is there is one that holds."""
    offered = [
        (f"{path.relative_to(SOURCE)}: {name}", function)
        for path in modules(folder)
        for name, function in public(ast.parse(path.read_text(encoding="utf-8")).body)
    ]
    assert offered
    assert [name for name, function in offered if ">>>" not in (ast.get_docstring(function) or "")] == []

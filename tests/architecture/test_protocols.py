"""Every task, gate and invariant is named, used and held: what is in no template, or held by no test, is found here."""

import ast
import re

import pytest

from reknit.cli.protocol_pages import INVARIANTS, Invariant, protocol_page, used, used_gate
from reknit.core.programme.rows import gate_library
from reknit.core.programme.template import library

from .rooms import ROOT, SOURCE

TASKS = (
    *(f"E{n:02}" for n in range(1, 10)),
    *(f"I{n:02}" for n in range(1, 23)),
    *(f"M{n:02}" for n in range(1, 15)),
    *(f"C{n:02}" for n in range(1, 13)),
    *(f"X{n:02}" for n in range(1, 7)),
    *(f"P{n:02}" for n in range(1, 8)),
    *(f"GR{n:02}" for n in range(1, 19)),
)
GATES = tuple(f"G{n:02}" for n in range(1, 16))


@pytest.mark.parametrize("code", TASKS)
def test_task_is_in_the_library_and_in_a_protocol(code: str) -> None:
    assert library()[code].title and library()[code].record
    assert used(code), f"{code} is in no template and in no overlay"


@pytest.mark.parametrize("code", GATES)
def test_gate_is_spelt_out_and_in_a_protocol(code: str) -> None:
    assert gate_library()[code]["refusal"]
    assert used_gate(code), f"{code} is in no template and in no overlay"


def test_the_library_holds_no_code_that_is_not_named_here() -> None:
    assert tuple(library()) == TASKS and tuple(gate_library()) == GATES


@pytest.mark.parametrize("invariant", INVARIANTS, ids=range(1, len(INVARIANTS) + 1))
def test_invariant_is_held_by_tests_that_are_there(invariant: Invariant) -> None:
    assert len(INVARIANTS) == 12 and invariant.tests
    for test in invariant.tests:
        path, name = test.split("::")
        tree = ast.parse((ROOT / path).read_text())
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in names, test


def test_what_waits_is_not_built_unnoticed() -> None:
    """When one of these folders appears, its part of the invariant needs a test of its own, named in `INVARIANTS`."""
    built = [folder for one in INVARIANTS for folder in one.waits_for if (SOURCE / folder).exists()]
    assert not built, (
        f"Name the test that holds the invariant in {built}, and take the folder off `waits_for`."
    )


def test_no_page_of_a_client_knows_a_level_of_risk_or_a_chance_of_relapse() -> None:
    """What a page cannot read it cannot show: no view and no template for clients names them."""
    shown = re.compile(
        r"RiskItem|RiskFormulation|risk_level|\.klass\b|relapse_(risk|probab|chance)|open_by_client"
    )
    pages = [*SOURCE.glob("care/*/views/client.py"), *SOURCE.glob("care/*/templates/*/client/**/*.html")]
    assert len(pages) > 10
    assert not [str(page) for page in pages if shown.search(page.read_text())]


def test_page_of_the_reference_names_each() -> None:
    page = (ROOT / "docs" / "reference" / "protocols.md").read_text()
    assert page == protocol_page(), "run ./reknit docs"
    assert not [code for code in (*TASKS, *GATES) if f"| `{code}` |" not in page]

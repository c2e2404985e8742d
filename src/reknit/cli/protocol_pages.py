"""The page of the reference on protocols: each template, task, gate and invariant, with where it is used and what holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.rows import gate_library
from reknit.core.programme.template import library, overlays, versions_in_files

HEAD: Final = """\
# Protocols, tasks and gates

Written by `./reknit docs` from `src/reknit/core/programme`; `./reknit check` fails when it is out of date. What the fields of a file
mean: [protocol templates](protocol-template.md). On the command line: `./reknit protocols`, `./reknit protocols validate FILE`,
`./reknit protocols simulate FILE`.

Slots, numbers of sessions, windows and gates are programme settings unless a source of the template says otherwise. A class stands
behind each code: `CORE` without it a course is no IPT, `REQ` this protocol asks for it, `COND` on a condition, `OPT` free. `+sud`,
`+pain` and `+group` are the overlays that bring a task.
"""


@dataclass(frozen=True, slots=True)
class Invariant:
    """One thing that must hold whatever happens, and the tests that hold it, as `file::test`.

    `waits_for` names a folder that is not there yet, in which a part of the rule will have to hold.
    """

    rule: str
    tests: tuple[str, ...]
    waits_for: tuple[str, ...] = ()


CORE, CARE, HERE = "src/reknit/core/", "src/reknit/care/", "tests/architecture/test_protocols.py"
INVARIANTS: Final = (
    Invariant(
        "No course enters its middle phase without an agreed formulation, unless a written reason stands there instead.",
        (
            f"{CORE}programme/tests/test_course.py::test_no_course_is_in_its_middle_without_agreement_or_a_reason",
            "tests/test_course_invariants.py::test_no_order_of_events_breaks_a_course",
        ),
    ),
    Invariant(
        "Agreed formulations, agreements and signed circles never change; what follows is a new version.",
        (
            f"{CARE}formulation/tests/test_formulation_actions.py::test_shared_text_is_never_changed",
            f"{CARE}programme/tests/test_time_limit.py::test_agreed_contract_and_its_goals_never_change",
            f"{CARE}network/tests/test_actions.py::test_the_database_refuses_to_change_what_was_signed",
        ),
    ),
    Invariant(
        "Medication taken as prescribed never makes a use day.",
        (f"{CARE}substance_use/tests/test_results.py::test_medication_never_creates_a_use_day",),
    ),
    Invariant(
        "A use day after abstinent days takes none of them away.",
        (
            f"{CORE}substance_use/tests/test_calendar.py::test_use_day_at_the_end_keeps_earlier_abstinent_days",
        ),
    ),
    Invariant(
        "Clients see no level of risk, no chance of relapse, and no word that looks down on a person.",
        (
            "tests/architecture/test_words.py::test_no_sentence_looks_down_on_a_person",
            f"{HERE}::test_no_page_of_a_client_knows_a_level_of_risk_or_a_chance_of_relapse",
        ),
    ),
    Invariant(
        "An open risk item always has an owner and a due time, and is closed with a reason only.",
        (
            f"{CARE}safety/tests/test_actions.py::test_risk_item_has_owner_and_due_time",
            f"{CARE}safety/tests/test_actions.py::test_closing_needs_a_reason",
        ),
    ),
    Invariant(
        "A note of a group member holds no name of another member.",
        (
            f"{CARE}groups/tests/test_sessions.py::test_no_members_chart_ever_names_another_member",
            f"{CARE}groups/tests/test_sessions.py::test_no_signed_chart_names_another_member",
        ),
    ),
    Invariant(
        "What leaves the clinic holds no name of the circle, and each disclosure cites a consent that covers it.",
        (
            f"{CARE}closure/tests/test_handed_over.py::test_letter_to_colleagues_names_nobody_of_the_clients_life",
            f"{CARE}closure/tests/test_handed_over.py::test_alias_is_taken_out_whole_and_nothing_else",
            f"{HERE}::test_what_waits_is_not_built_unnoticed",
        ),
        ("exchange/fhir", "exchange/api", "exchange/analytics"),
    ),
    Invariant(
        "The ending date moves by an amendment and in no other way.",
        (f"{CARE}programme/tests/test_time_limit.py::test_once_agreed_no_write_moves_it",),
    ),
    Invariant(
        "Each negative study whose outcome fits the question is listed.",
        (f"{CORE}evidence/tests/test_grading.py::test_every_negative_study_whose_outcome_matches_is_listed",),
    ),
    Invariant(
        "A network index of too few people says so, and is never 0.",
        (
            f"{CORE}network/tests/test_indices.py::test_nobody_known_is_never_zero",
            f"{CORE}network/tests/test_indices.py::test_three_people_make_no_percentage",
        ),
    ),
    Invariant(
        "A switch of the focus keeps the numbers of sessions and the ending date.",
        (f"{CORE}programme/tests/test_course.py::test_switching_the_focus_keeps_the_numbers_of_sessions",),
    ),
)


def protocol_page() -> str:
    """The whole page."""
    parts = [HEAD, _templates(), _tasks(), _gates(), _invariants()]
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


def shipped() -> list[ProtocolTemplate]:
    """The templates that ship, each by itself, whatever a clinic has of its own. What overlays bring is told beside them."""
    return [one for one, is_own in versions_in_files() if not is_own and "+" not in one.code]


def _templates() -> str:
    rows = [
        (
            f"`{one.code}` {one.version}",
            one.title + (f". {one.label}" if one.label else ""),
            str(one.planned_sessions),
            ", ".join(f"{phase.title.lower()} {phase.from_slot}-{phase.to_slot}" for phase in one.phases),
            ", ".join(f"`+{code}`" for code in one.overlays) or "",
            ", ".join(f"`+{over.code}`" for over in overlays() if over.fit(one.code)) or "",
        )
        for one in shipped()
    ]
    head = ("template", "title", "sessions", "phases", "has in it", "offered with")
    return "## Templates\n\n" + _table(head, rows)


def _tasks() -> str:
    rows = [(f"`{code}`", task.title, task.record, used(code)) for code, task in library().items()]
    return "## Tasks\n\n" + _table(("code", "task", "leaves behind", "used by"), rows)


def used(code: str) -> str:
    """The templates that hold a task, with its classes there, and the overlays that bring it."""
    found = [f"`{one.code}` {kinds}" for one in shipped() if (kinds := _classes(one, code))]
    for over in overlays():
        kinds = "/".join(dict.fromkeys(task.klass for task in over.tasks if task.code == code))
        found += [f"`+{over.code}` {kinds}"] if kinds else []
    return ", ".join(found)


def _classes(one: ProtocolTemplate, code: str) -> str:
    return "/".join(dict.fromkeys(task.klass for task in one.tasks if task.code == code))


def used_gate(code: str) -> str:
    """The templates and overlays that hold a gate."""
    found = [f"`{one.code}`" for one in shipped() if code in [gate.code for gate in one.gates]]
    found += [f"`+{over.code}`" for over in overlays() if code in [gate.code for gate in over.gates]]
    return ", ".join(found)


def _gates() -> str:
    rows = [
        (
            f"`{code}`",
            str(gate["title"]),
            f"`{gate['severity']}`",
            str(gate.get("override_role", "nobody")),
            ", ".join(f"`{name}`" for name in gate["requires"]),
            used_gate(code),
        )
        for code, gate in gate_library().items()
    ]
    head = ("code", "gate", "holds", "passed with a reason by", "needs", "used by")
    return "## Gates\n\n" + _table(head, rows)


def _invariants() -> str:
    rows = [
        (
            str(n),
            one.rule,
            ", ".join(f"`{test.split('::')[1]}`" for test in one.tests),
            ", ".join(f"`{folder}`" for folder in one.waits_for),
        )
        for n, one in enumerate(INVARIANTS, start=1)
    ]
    head = ("", "must hold", "held by", "a part waits for")
    return "## Invariants\n\n" + _table(head, rows)

"""Risk reasons and phone safety questions, read from data files; when each one is due.

Facts in, reasons out. Who is told, and what happens next, is decided by people in the room above.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from reknit.core.data import Table, read_table
from reknit.core.errors import BadInput, UnknownReason

_PACKAGE = "reknit.core.safety"


class RiskClass(StrEnum):
    """What a reason asks of staff."""

    CRITICAL = "critical"
    ASK_NEXT_CONTACT = "ask_next_contact"
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True)
class RiskReason:
    """Why a risk item is opened. `due_hours` is a programme setting and no published standard."""

    key: str
    sentence: str
    klass: RiskClass
    due_hours: int
    why_then: str
    is_programme_setting: bool = True


@dataclass(frozen=True, slots=True)
class PhoneQuestion:
    """One safety question for the first phone call, in our own words; not a validated instrument.

    A yes gives `reason`. Not asked or not answered gives `blank_reason`, where there is one.
    """

    key: str
    question: str
    help: str
    reason: str
    blank_reason: str | None


def _read_reasons() -> dict[str, RiskReason]:
    table = read_table(_PACKAGE, "reasons.toml")
    found = [_reason(one) for one in table.tables("reasons")]
    by_key = {one.key: one for one in found}
    if len(by_key) != len(found):
        table.refuse("reason keys must differ.")
    return by_key


def _reason(table: Table) -> RiskReason:
    hours = table.whole("due_hours")
    if hours < 1:
        table.refuse("`due_hours` must be at least 1: every risk item has a time.")
    return RiskReason(
        key=table.text("key"),
        sentence=table.text("sentence"),
        klass=RiskClass(table.choice("class", tuple(RiskClass))),
        due_hours=hours,
        why_then=table.text("why_then"),
    )


def _read_questions() -> tuple[PhoneQuestion, ...]:
    table = read_table(_PACKAGE, "phone_safety.toml")
    found = tuple(
        PhoneQuestion(
            key=one.text("key"),
            question=one.text("question"),
            help=one.text("help"),
            reason=one.text("reason"),
            blank_reason=one.optional_text("blank_reason"),
        )
        for one in table.tables("questions")
    )
    for question in found:
        for key in (question.reason, question.blank_reason):
            if key is not None and key not in REASONS:
                table.refuse(f"the question `{question.key}` names the unknown reason `{key}`.")
    return found


REASONS: Mapping[str, RiskReason] = MappingProxyType(_read_reasons())
PHONE_SAFETY = _read_questions()


def reason(key: str) -> RiskReason:
    """The risk reason of this key. Raises `UnknownReason`.

    >>> reason("phq9_item9").sentence
    'Answered above zero on PHQ-9 item 9'
    """
    if key not in REASONS:
        raise UnknownReason(f"There is no risk reason called '{key}'.")
    return REASONS[key]


def due_at(reason: RiskReason, at: datetime) -> datetime:
    """When a risk item opened `at` must have been looked at: `at` plus `due_hours` of clock time.

    Raises `BadInput` for a time without a time zone, since nobody could tell when that is.

    >>> due_at(REASONS["phq9_item9"], datetime(2026, 3, 2, 9, 0, tzinfo=UTC)).hour
    17
    """
    if at.tzinfo is None:
        raise BadInput("The time a risk item was opened needs a time zone.")
    # Added in universal time: eight hours are eight hours, also on the night the clocks change.
    zone = at.tzinfo
    return (at.astimezone(UTC) + timedelta(hours=reason.due_hours)).astimezone(zone)


def phone_findings(answers: Mapping[str, bool | None]) -> tuple[RiskReason, ...]:
    """Reasons that follow from the phone safety questions, in the order they are asked.

    `answers` maps question keys to yes, no or None for "not asked or not answered"; an absent key is
    None too. Raises `BadInput` for a question that does not exist.

    >>> [r.key for r in phone_findings({"suicide": True, "withdrawal": False, "overdose": False,
    ...                                 "violence": None, "pregnancy": None})]
    ['phone_suicide', 'phone_violence_blank']
    """
    known = {question.key for question in PHONE_SAFETY}
    for key in answers:
        if key not in known:
            raise BadInput(f"There is no phone safety question called '{key}'.")
    keys = (_finding(question, answers.get(question.key)) for question in PHONE_SAFETY)
    return tuple(REASONS[key] for key in keys if key is not None)


def _finding(question: PhoneQuestion, answer: bool | None) -> str | None:
    if answer is None:
        return question.blank_reason
    return question.reason if answer else None

"""Facts at admission, in the codes of the TEDS public-use file (features.md 5.6, read there in full).

Codes that a state wants for submission differ and are not here. A fact that nobody knows has no code: it stays blank,
and none is ever guessed. The substance, route, frequency and age of first use are asked three times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reknit.core.errors import BadInput

VERSION: Final = "teds-public-use"
Codes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its key in the file, what is asked, its codes, and whether it is of the minimum set."""

    key: str
    title: str
    codes: Codes
    is_minimum: bool = True


def _codes(*labels: str, first: int = 1) -> Codes:
    return tuple((str(number), label) for number, label in enumerate(labels, start=first))


YES_NO: Final = _codes("Yes", "No")
SUBSTANCES: Final = _codes(
    "None", "Alcohol", "Cocaine or crack", "Cannabis", "Heroin", "Methadone without a prescription",
    "Other opiates and synthetics", "PCP", "Hallucinogens", "Methamphetamine", "Other amphetamines", "Other stimulants",
    "Benzodiazepines", "Other tranquillisers", "Barbiturates", "Other sedatives", "Inhalants", "Over the counter", "Other",
)  # fmt: skip
ROUTES: Final = _codes("By mouth", "Smoking", "Breathing in", "Injection", "Other")
FREQUENCIES: Final = _codes("Not in the past month", "Some days", "Each day")
FIRST_USE: Final = _codes(
    "11 or younger", "12 to 14", "15 to 17", "18 to 20", "21 to 24", "25 to 29", "30 or older"
)


def _of_substance(number: int, which: str) -> tuple[Fact, ...]:
    return (
        Fact(f"SUB{number}", f"{which} substance", SUBSTANCES),
        Fact(f"ROUTE{number}", f"{which} substance: how it is taken", ROUTES),
        Fact(f"FREQ{number}", f"{which} substance: how often in the past month", FREQUENCIES),
        Fact(f"FRSTUSE{number}", f"{which} substance: age of first use", FIRST_USE),
    )


FACTS: Final[tuple[Fact, ...]] = (
    Fact("NOPRIOR", "Treatment for use before", _codes("None", "Once or more", first=0)),
    Fact("EDUC", "Schooling", _codes("Up to grade 8", "Grade 9 to 11", "Grade 12 or GED", "1 to 3 years of college", "4 years of college or more")),
    Fact("EMPLOY", "Work", _codes("Full time", "Part time", "Looking for work", "Not in the labour force")),
    *_of_substance(1, "First"),
    *_of_substance(2, "Second"),
    *_of_substance(3, "Third"),
    Fact("METHUSE", "Medication for opioid use is planned", YES_NO),
    Fact("PSYPROB", "A mental health condition too", YES_NO, is_minimum=False),
    Fact("PREG", "Pregnant", YES_NO, is_minimum=False),
    Fact("VET", "Veteran", YES_NO, is_minimum=False),
    Fact("LIVARAG", "Where they live", _codes("Without a home", "Dependent living", "Independent living"), is_minimum=False),
    Fact("PRIMINC", "Main income", _codes("Wages", "Public assistance", "Retirement or disability", "Other", "None"), is_minimum=False),
    Fact("HLTHINS", "Health insurance", _codes("Private", "Medicaid", "Medicare or other", "None"), is_minimum=False),
    Fact("MARSTAT", "Marital status", _codes("Never married", "Married now", "Separated", "Divorced or widowed"), is_minimum=False),
    Fact("ARRESTS", "Arrests in the past 30 days", _codes("None", "Once", "Twice or more", first=0), is_minimum=False),
    Fact("FREQ_ATND_SELF_HELP", "Mutual help in the past 30 days", _codes("None", "1 to 3 times", "4 to 7 times", "8 to 30 times", "Some, how often is not known"), is_minimum=False),
)  # fmt: skip
_BY_KEY: Final = {fact.key: fact for fact in FACTS}


def checked(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that were given, without the blank ones. Raises `BadInput` for a code that does not exist.

    >>> checked({"EMPLOY": "1", "EDUC": ""})
    {'EMPLOY': '1'}
    """
    given = {key: code for key, code in answers.items() if code}
    for key, code in given.items():
        if key not in _BY_KEY or code not in dict(_BY_KEY[key].codes):
            raise BadInput(f"{key} has no code {code!r}.")
    return given


def missing(answers: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of the minimum set that nobody answered. Facts of a second or third substance follow when there is one.

    >>> "SUB1" in missing({}), "ROUTE2" in missing({}), "ROUTE2" in missing({"SUB2": "2"})
    (True, False, True)
    """
    return tuple(
        fact.key
        for fact in FACTS
        if fact.is_minimum and fact.key not in answers and _is_asked(fact.key, answers)
    )


def _is_asked(key: str, answers: Mapping[str, str]) -> bool:
    """Whether a fact is due: details of a substance only once that substance is named."""
    number = key[-1]
    if number not in "123":
        return True
    if key == "SUB1":
        return True
    return key[:3] != "SUB" and answers.get(f"SUB{number}", "1") != "1"

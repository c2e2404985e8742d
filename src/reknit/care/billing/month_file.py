"""A month of encounters as a table for whoever bills. Codes and days alone; no word of a note, no score. It is no 837."""

import csv
import io
from collections.abc import Iterable

from .queries import Line

RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula
COLUMNS = (
    "encounter", "client", "client_name", "birth_date", "date", "minutes", "code", "units", "place_of_service",
    "diagnosis_codes", "clinician", "clinician_npi", "supervisor", "supervisor_npi", "note_signed", "no_code_because",
)  # fmt: skip


def month_csv(lines: Iterable[Line]) -> str:
    """One row for each encounter. What is not known stays empty."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in lines:
        row, client = one.encounter, one.client
        table.writerow(
            [
                row.pk, client.pk, _safe(client.name), client.birth_date or "", one.on, row.minutes, one.code,
                "" if one.units is None else one.units, one.place, " ".join(one.diagnoses), _safe(row.clinician.name),
                one.clinician_npi, _safe(one.supervisor), one.supervisor_npi, "yes" if one.is_signed else "no", one.why,
            ]
        )  # fmt: skip
    return out.getvalue()


def _safe(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RISKY) else text

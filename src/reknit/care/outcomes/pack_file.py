"""The evidence pack as a file: one table, a page that explains it, and the checksums of both."""

import csv
import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from .pack import Pack, Row

HIDDEN = "hidden"
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def pack_zip(packs: Sequence[Pack], *, on: dt.date, clinic: str) -> bytes:
    """The zip. The same record gives the same bytes on the same day."""
    files = {"measures.csv": _table(packs), "README.txt": _readme(packs, on=on, clinic=clinic)}
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in sorted(files.items()):
            made.writestr(zipfile.ZipInfo(name, EARLIEST), body)
    return whole.getvalue()


def safe(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RISKY) else text


def _table(packs: Iterable[Pack]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(["quarter", "programme", "part", "counted", "of", "group", "number"])
    for pack in packs:
        for programme in pack.programmes:
            parts = (("EP1", programme.tools), ("EP2", programme.planning), ("EP3", programme.outcomes))
            for part, rows in parts:
                for one in rows:
                    table.writerows(_lines(pack, safe(programme.name), part, one))
    return out.getvalue().encode()


def _lines(pack: Pack, programme: str, part: str, one: Row) -> Iterable[list[object]]:
    for cell in one.cells:
        whole = HIDDEN if one.whole is None else one.whole
        yield [
            pack.quarter.code,
            programme,
            part,
            one.title,
            whole,
            cell.label,
            HIDDEN if cell.n is None else cell.n,
        ]


def _readme(packs: Sequence[Pack], *, on: dt.date, clinic: str) -> bytes:
    hidden = packs[0].hidden_to if packs else 0
    lines = [
        _("Measures in use: %(clinic)s, made on %(on)s") % {"clinic": clinic, "on": on.isoformat()},
        "",
        _(
            "Aggregates only: nobody is named. Each row of measures.csv is one number with what it is a part of."
        ),
        _("Counts from 1 to %(n)s are hidden, and others with them where they could be worked out.")
        % {"n": hidden},
        _("Who has no score, or no second one, is counted in a group of their own and never left out."),
        "",
        _("The parts follow Joint Commission standard CTS.03.01.09:"),
        _("EP1  a standardised tool follows each person's progress"),
        _("EP2  its results inform goals and plan"),
        _("EP3  results are aggregated to evaluate outcomes"),
        _("Whether the standard is met is the surveyor's to say; this file does not claim it."),
        "",
        _(
            "A course counts in a quarter when one of its sessions took place in it. Practice courses and imported histories do not count."
        ),
        _(
            "Improvement here shows a difference between two scores, not what the treatment did: there is no comparison group."
        ),
        "",
        _("Check the file with: sha256sum -c SHA256SUMS"),
        "",
    ]
    return "\n".join(lines).encode()

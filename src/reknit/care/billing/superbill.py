"""The superbill of a client for a month: what a client hands to their insurance, as a tagged PDF."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reknit.base.documents import render_document
from reknit.base.documents.wording import Block
from reknit.care.people.models import Client
from reknit.care.people.queries import site

from .queries import Line


def superbill(client: Client, lines: Sequence[Line], *, month: dt.date, on: dt.date) -> bytes:
    """The pages. Sessions whose note is not signed yet, or that no code fits, are not on it; the page says how many."""
    here = site()
    name = here.name if here else ""
    is_sample = bool(here and here.is_sample)
    data = {
        "blocks": [one.plain() for one in _blocks(client, lines, month=month)],
        "clinic": {"name": name, "phone": here.phone if here else ""},
        "on": date_format(on, "j F Y"),
        "notice": _("Codes and minutes as recorded. It holds no prices and is not a claim."),
        "foot": _("A made-up clinic: every person and number here is invented.") if is_sample else name,
        "draft": "",
    }
    return render_document(data=data, title=_("Superbill"), language=get_language() or "en", on=on)


def _blocks(client: Client, lines: Sequence[Line], *, month: dt.date) -> Iterator[Block]:
    born = date_format(client.birth_date, "j F Y") if client.birth_date else _("not known")
    yield Block("labelled", client.name, _("Client"))
    yield Block("labelled", born, _("Date of birth"))
    yield Block("labelled", date_format(month, "F Y"), _("Month"))
    ready = [one for one in lines if one.code and one.is_signed]
    for one in ready:
        yield Block("heading", date_format(one.on, "j F Y"))
        for label, words in _said(one):
            yield Block("labelled", words, label)
    if not ready:
        yield Block("text", _("No session of this month can be billed yet."))
    if waiting := len(lines) - len(ready):
        yield Block("text", _("Not listed: %(n)s, without a signed note or without a code.") % {"n": waiting})


def _said(one: Line) -> list[tuple[str, str]]:
    said = [
        (_("Code and units"), f"{one.code} × {one.units}"),
        (_("Minutes"), str(one.encounter.minutes)),
        (_("Place of service"), one.place or _("not set")),
        (_("Diagnosis codes"), ", ".join(one.diagnoses) or _("none recorded")),
        (_("Clinician"), _named(one.encounter.clinician.name, one.clinician_npi)),
    ]
    supervisor = (_("Supervisor"), _named(one.supervisor, one.supervisor_npi))
    return [*said, supervisor] if one.supervisor else said


def _named(name: str, npi: str) -> str:
    return _("%(name)s, NPI %(npi)s") % {"name": name, "npi": npi} if npi else name

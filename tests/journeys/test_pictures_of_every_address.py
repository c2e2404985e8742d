"""A picture of whatever stands at each address, as those see it who may: a new page is looked over without being named.

The addresses, and who gets in, are those of tests/test_every_address.py; what stands there is filled by `rooms.py`.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from reknit.base.clock import now
from reknit.care.closure.kinds import RECORDS as CLOSING
from reknit.care.encounters.models import RECORDS
from tests.cast import Cast
from tests.test_every_address import ADDRESSES, EVERYBODY, READERS

from .calendar import Calendar
from .pictures import take
from .rooms import every_room

DAY = dt.date(2026, 3, 23)  # three weeks into Cleo's course
WHO = ("ana", "cleo_user", "ben", "ina", "dara", "adi", "dov")
FILES = {
    "home:front", "closure:letter-issued", "closure:letter-pdf", "closure:client-letter", "outcomes:thread-pdf",
    "outcomes:pack-zip", "billing:month-table", "billing:superbill-show", "encounters:feed-read",
    "intake:admissions-table", "intake:report-table", "materials:material-pdf", "measures:wording-table",
    "supervision:person-hours-file", "closure:wording-preview", "closure:document-show",
}  # fmt: skip
"""What is no page: the address that leads on to each person's own first page, and letters and tables as files."""


def pages_of(found: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Who, what the picture is called, and the address."""
    for name, one in ADDRESSES.items():
        if one.method != "get" or not one.who or ":" not in name or name in FILES:
            continue  # the pages of signing in, which are no room's, are in test_pictures.py
        path = reverse(name, args=[found[part] for part in one.args])
        first = "" if one.who == EVERYBODY else next(who for who in WHO if who in one.who)
        yield first, name, path
        if one.who == READERS:
            yield "ben", f"reader-{name}", path
    session = [found["client"], found["encounter"]]
    for model in RECORDS:
        yield "ana", f"record-{model.KIND}", reverse("encounters:record-add", args=[*session, model.KIND])
    for kind in CLOSING:
        yield "ana", f"closing-{kind}", reverse("closure:record-edit", args=[found["client"], kind])
    yield "ana", "timeline-all", reverse("formulation:timeline-show", args=[found["client"]]) + "?show=all"


@pytest.mark.long  # some ninety pages, four pictures each
def test_whatever_stands_at_an_address_looks_as_it_should_in_pictures(
    person: Any, clinic: Cast, calendar: Calendar, at_rest: AbstractContextManager[Any], folder: Path
) -> None:
    calendar.turns_to(DAY)
    with at_rest:
        wanted = list(pages_of(every_room(clinic, now())))
    faults: list[str] = []
    for who in ("", *WHO):
        with person() as somebody:
            if who:
                calendar.turns_to(DAY)
                somebody.signs_in(email_of(clinic, who))
            for _who, name, path in (one for one in wanted if one[0] == who):
                faults += take(somebody, name.replace(":", "-"), path, folder)
    assert faults == [], "\n".join(faults)


def email_of(clinic: Cast, who: str) -> str:
    return str(clinic.users()[who].email)

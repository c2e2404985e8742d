"""Several people at once: all or none, once, and nothing invented for what was not told."""

import datetime as dt
import uuid

import pytest
from tests.cast import Cast

from reknit.care.network.models import Relationship

from .factories import add
from .test_clinician_pages import address, browser

pytestmark = pytest.mark.django_db


def sent(*lines: dict[str, str], at: int = 0) -> dict[str, str]:
    """What the page sends: lines from place `at` on, the others blank."""
    found = {f"p{n}-key": str(uuid.uuid4()) for n in range(10)}
    for place, line in enumerate(lines, start=at):
        found |= {f"p{place}-{name}": value for name, value in line.items()}
    return found


def test_several_are_kept_with_what_was_told_and_a_double_send_keeps_them_once(cast: Cast) -> None:
    lines = sent(
        {"alias": "Jo", "ring": "1", "alcohol": "heavy", "conflict": "0"}, {"alias": "Kit", "relation": "pet"}
    )
    for _time in range(2):
        assert browser(cast.ana).post(address(cast, "people-add"), lines).status_code == 302
    jo, kit = Relationship.objects.order_by("alias")
    assert (jo.ring, jo.alcohol, jo.drugs, jo.conflict, jo.contact) == (1, "heavy", "", 0, None)
    assert kit.not_a_person and kit.ring is None


def test_the_lines_for_treatment_mark_people_as_from_treatment(cast: Cast) -> None:
    browser(cast.ana).post(address(cast, "people-add"), sent({"alias": "Lea"}, at=8))
    lea = Relationship.objects.get()
    assert lea.from_treatment and lea.relation == "peer"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"ring": "2"}, "Write initials or a nickname."),
        ({"alias": "Zoe"}, "is on the circle already"),
        ({"alias": "Al", "conflict": "99"}, "Select a valid choice"),
    ],
)
def test_one_line_that_is_wrong_keeps_nobody_and_says_which(
    cast: Cast, at: dt.datetime, line: dict[str, str], sentence: str
) -> None:
    add(cast, at, "Zoe")
    answer = browser(cast.ana).post(address(cast, "people-add"), sent({"alias": "Jo"}, line))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not Relationship.objects.filter(alias="Jo").exists()


def test_a_blank_page_says_what_to_write(cast: Cast) -> None:
    answer = browser(cast.ana).post(address(cast, "people-add"), sent())
    assert answer.status_code == 422 and "Write at least one" in answer.content.decode()


def test_who_may_not_write_does_not_get_the_page(cast: Cast) -> None:
    assert browser(cast.ben).get(address(cast, "people-add")).status_code == 403
    assert browser(cast.dov).get(address(cast, "people-add")).status_code == 404

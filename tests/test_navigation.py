"""The main navigation of each role: every place once, what each day asks for first, the rest under headings."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from reknit.config.context import Place, places
from tests.cast import Cast

BAR = 4  # the places that fit into the bar of a phone


def whole(found: list[Place]) -> bool:
    """No place twice, no heading in the bar, no heading twice."""
    headings = [one.heading for one in found if one.heading]
    urls = {one.url for one in found}
    return (
        len(urls) == len(found)
        and not any(one.heading for one in found[:BAR])
        and len(set(headings)) == len(headings)
    )


@pytest.mark.django_db
def test_each_person_finds_each_place_once(cast: Cast) -> None:
    users = {who: user for who, user in cast.users().items() if who != "cleo_user"}
    assert {who for who, user in users.items() if not whole(places(user, "/"))} == set()


def test_somebody_with_every_role_finds_each_place_once_under_headings() -> None:
    everybody = cast(Any, SimpleNamespace(has=lambda *_roles: True, reads_charts=True))
    found = places(everybody, "/today/")
    assert whole(found) and [one.label for one in found if one.current] == ["Today"]
    assert [one.heading for one in found if one.heading] == ["Supervision", "Intake", "Programme", "Set-up"]

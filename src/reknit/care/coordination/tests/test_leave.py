"""Leave: a cover whose own client is kept apart from one of these asks for a reason, and nobody is named."""

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse
from tests.cast import Cast, today
from tests.test_every_address import browser_of

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.network.conflicts import is_any_kept_apart
from reknit.care.people.models import Absence
from reknit.care.safety.actions import record_no_contact

DAY = dt.timedelta(days=1)


def leave(cast: Cast, cover: User, **more: str) -> dict[str, str]:
    days = {"starts_on": (today() + DAY).isoformat(), "ends_on": (today() + 5 * DAY).isoformat()}
    return {"key": str(uuid.uuid4()), "person": str(cast.ana.pk), "cover": str(cover.pk), **days, **more}


def keep_apart(cast: Cast) -> None:
    record_no_contact(
        by=cast.dov, at=now(), client=cast.eli, key=uuid.uuid4(), kind="court",
        given_name=cast.cleo.given_name, family_name=cast.cleo.family_name, starts_on=today(), reason="Canary",
    )  # fmt: skip


def test_cover_who_works_with_somebody_kept_apart_asks_for_another_or_for_a_reason(cast: Cast) -> None:
    keep_apart(cast)
    ana, url = browser_of(cast.ana), reverse("coordination:leave-list")
    assert "all the same" not in ana.get(url).content.decode()
    form = leave(cast, cast.dov)
    refused = ana.post(url, form)
    said = refused.content.decode()
    assert refused.status_code == 422 and "Choose another colleague" in said and "all the same?" in said
    assert "Canary" not in said and cast.eli.name not in said and cast.cleo.name not in said
    assert not Absence.objects.exists() and cast.cleo.care_team.count() == 1
    kept = ana.post(url, form | {"apart_why": "Nobody else is here, and they meet on other days."})
    assert kept.status_code == 302 and cast.cleo.care_team.count() == 2
    assert "they meet on other days" in ana.get(kept["Location"]).content.decode()


def test_another_cover_is_asked_for_no_reason_and_keeps_none(cast: Cast) -> None:
    keep_apart(cast)
    url = reverse("coordination:leave-list")
    assert (
        browser_of(cast.ana).post(url, leave(cast, cast.tess, apart_why="Typed before.")).status_code == 302
    )
    assert Absence.objects.get().apart_why == ""


def test_cover_who_is_to_be_away_is_told_on_both_leaves(cast: Cast) -> None:
    """A leave is written down all the same, for somebody who fell ill; nobody is left to find out by chance."""
    ana, url = browser_of(cast.ana), reverse("coordination:leave-list")
    of_ana = ana.post(url, leave(cast, cast.dov))["Location"]
    alone = ana.get(of_ana).content.decode()
    assert "choose another cover" not in alone
    dov = browser_of(cast.dov)
    of_dov = dov.post(url, leave(cast, cast.tess, person=str(cast.dov.pk)))["Location"]
    said = f"choose another cover for {cast.ana.name}"
    assert said in dov.get(of_dov).content.decode()
    assert "For the days of both, choose another cover here." in ana.get(of_ana).content.decode()


def test_asking_about_many_clients_costs_no_more_than_about_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    keep_apart(cast)
    with django_assert_max_num_queries(4):
        assert is_any_kept_apart([cast.cleo.pk, uuid.uuid4(), uuid.uuid4()], cast.dov, on=today())

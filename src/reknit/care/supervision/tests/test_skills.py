"""What a therapist practises: two things at a time, seen on the agenda, and the items of their ratings by quarter."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError, Refused
from reknit.care.supervision import actions
from reknit.care.supervision.models import SkillGoal
from reknit.care.supervision.queries.agenda import agenda
from reknit.care.supervision.queries.ratings import drift_of

from .factories import WEEK, drawn, rate, sessions

pytestmark = pytest.mark.django_db


def works_on(cast: Cast, at: dt.datetime, item: str, **more: Any) -> SkillGoal:
    said: dict[str, Any] = {
        "by": cast.ben, "person": cast.ana, "key": uuid.uuid4(), "words": "Say aloud when the focus is left.",
        "review_on": at.date() + 6 * WEEK,
    }  # fmt: skip
    return actions.set_skill_goal(at=at, item=item, **said | more)


def test_two_at_a_time_and_each_once(cast: Cast, at: dt.datetime) -> None:
    first = works_on(cast, at, "focus")
    with pytest.raises(DomainError, match="already"):
        works_on(cast, at, "focus")
    works_on(cast, at, "affect", by=cast.ana)
    with pytest.raises(DomainError, match="Two at a time"):
        works_on(cast, at, "frame")
    actions.end_skill_goal(by=cast.ana, at=at, goal=first, outcome="reached")
    works_on(cast, at, "frame")
    assert [one.item for one in SkillGoal.objects.filter(ended_at=None).order_by("item")] == [
        "affect",
        "frame",
    ]


@pytest.mark.parametrize(
    "wrong", [{"item": "nothing"}, {"words": " "}, {"review_on": dt.date(2020, 1, 1)}], ids=str
)
def test_goal_refuses_what_cannot_be(cast: Cast, at: dt.datetime, wrong: dict[str, Any]) -> None:
    with pytest.raises(DomainError):
        works_on(cast, at, **{"item": "focus"} | wrong)
    goal = works_on(cast, at, "focus")
    with pytest.raises(DomainError, match="what came of it"):
        actions.end_skill_goal(by=cast.ben, at=at, goal=goal, outcome="perhaps")


def test_only_the_person_and_their_supervisor_set_and_see_it(cast: Cast, at: dt.datetime) -> None:
    with pytest.raises(Refused):
        works_on(cast, at, "focus", by=cast.dov)
    goal = works_on(cast, at, "focus")
    with pytest.raises(Refused):
        actions.end_skill_goal(by=cast.tess, at=at, goal=goal, outcome="reached")


def test_agenda_carries_it_until_it_ends(cast: Cast, at: dt.datetime) -> None:
    goal = works_on(cast, at, "focus")
    url = reverse("supervision:agenda-show")
    shown = browser_of(cast.ben).get(url).content.decode()
    assert "Staying with the agreed focus" in shown and "Say aloud when the focus is left." in shown
    actions.end_skill_goal(by=cast.ben, at=at, goal=goal, outcome="another")
    ana = next(one for one in agenda(cast.ben, on=at.date(), at=at).people if one.person == cast.ana)
    assert ana.skills == ()


def test_items_by_quarter_are_means_of_what_was_rated(cast: Cast, at: dt.datetime) -> None:
    sessions(cast, 3)
    first, *others = drawn(cast, at)
    for one in (first, *others):
        for who, score in ((cast.ana, 2), (cast.ben, 4)):
            rate(one, who, at, score=score)
    blind = [one for one in (first, *others) if one.rated_twice]
    items = dict(drift_of(cast.ana, today=at.date()).items)
    latest = items["Staying with the agreed focus"][-1]
    assert (latest.n, latest.mean) == (
        len(others) + 1 - len(blind),
        4.0 if len(others) + 1 > len(blind) else None,
    )
    assert items["Staying with the agreed focus"][0].mean is None


def test_page_sets_and_ends_it(cast: Cast, at: dt.datetime) -> None:
    ben = browser_of(cast.ben)
    url = reverse("supervision:skill-set", args=[cast.ana.pk])
    review_on = (dt.date.today() + 6 * WEEK).isoformat()  # noqa: DTZ011
    sent = {"key": str(uuid.uuid4()), "item": "affect", "words": "", "review_on": review_on}
    refused = ben.post(url, sent)
    assert refused.status_code == 422 and "Write a few words first." in refused.content.decode()
    assert ben.post(url, sent | {"words": "Wait after a feeling."}).status_code == 302
    goal = SkillGoal.objects.get()
    shown = ben.get(reverse("supervision:development-show", args=[cast.ana.pk])).content.decode()
    assert "Wait after a feeling." in shown and "Item by item" in shown
    ben.post(reverse("supervision:skill-end", args=[goal.pk]), {"outcome": "reached"})
    goal.refresh_from_db()
    assert goal.outcome == "reached"


def test_development_leads_from_the_items_to_goals_practice_and_certification(
    cast: Cast, at: dt.datetime
) -> None:
    works_on(cast, at, "focus")
    actions.set_goal(by=cast.ana, at=at, credential_key="ipt-institute-b")
    url = reverse("supervision:development-show", args=[cast.ana.pk])
    for who in (cast.ana, cast.ben):
        shown = browser_of(who).get(url).content.decode()
        titles = ("Item by item", "Works on", "Practice cases", "Towards certification")
        assert sorted(titles, key=lambda one: shown.index(f">{one}</h2>")) == list(titles)
        assert reverse("learning:sandbox-list") in shown and "IPT Institute" in shown
    assert browser_of(cast.dov).get(url).status_code == 403
    own = browser_of(cast.ana).get(reverse("supervision:mine")).content.decode()
    assert url in own and url in browser_of(cast.ben).get(reverse("supervision:agenda-show")).content.decode()

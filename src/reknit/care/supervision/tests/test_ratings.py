"""Sessions drawn by the system, rated blind, compared once all are in."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.cast import BEGIN, Cast
from tests.test_every_address import browser_of

from reknit.base.errors import DomainError
from reknit.care.learning.actions import forward_sandbox, open_sandbox
from reknit.care.people.actions import open_supervisory_line
from reknit.care.supervision import actions
from reknit.care.supervision.models import Rating, SampledSession
from reknit.care.supervision.queries.ratings import drift_of, totals
from reknit.care.supervision.queries.sampling import pool_of
from reknit.core.supervision.fidelity import form
from reknit.core.supervision.sampling import Candidate, draw

from .factories import WEEK, another_supervisor, drawn, rate, sessions

pytestmark = pytest.mark.django_db
LATE = BEGIN + 9 * WEEK


@pytest.fixture
def sampled(cast: Cast) -> list[SampledSession]:
    sessions(cast, 8)
    return drawn(cast, LATE)


def test_a_draw_can_be_drawn_again_from_what_was_kept(cast: Cast, sampled: list[SampledSession]) -> None:
    made = sampled[0].draw
    again = draw([Candidate(key, stage) for key, stage in made.pool], seed=made.seed)
    assert {one.key for one in again} == {str(one.encounter_id) for one in sampled}
    assert [one.stage for one in sampled] == ["initial", "middle"] and len(made.pool) == 8
    assert sum(one.rated_twice for one in sampled) == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        type(made).objects.update(seed=2)


def test_practice_and_old_sessions_are_never_drawn(cast: Cast) -> None:
    practice = open_sandbox(by=cast.ana, at=LATE, name="Robin", protocol="ipt-16", version="1")
    forward_sandbox(by=cast.ana, at=LATE, client=practice, to=5)
    assert pool_of(cast.ana, at=LATE) == []
    sessions(cast, 1)
    assert len(pool_of(cast.ana, at=LATE)) == 1
    assert pool_of(cast.ana, at=BEGIN + dt.timedelta(days=200)) == []


def test_only_the_supervisor_draws(cast: Cast) -> None:
    sessions(cast, 2)
    for who in (cast.ana, cast.dov, cast.dara):
        with pytest.raises(DomainError):
            actions.draw_sessions(by=who, at=LATE, supervisee=cast.ana, seed=1)


def test_a_session_left_out_keeps_its_reason_and_another_comes(
    cast: Cast, sampled: list[SampledSession]
) -> None:
    other = actions.leave_out_session(by=cast.ben, at=LATE, sampled=sampled[1], why="not_recorded")
    assert other and other.stage == "middle" and other.encounter_id != sampled[1].encounter_id
    left = SampledSession.objects.get(pk=sampled[1].pk)
    assert (left.left_out, left.replaced_by) == ("not_recorded", other)
    rate(other, cast.ana, LATE)
    with pytest.raises(DomainError, match="begun to rate"):
        actions.leave_out_session(by=cast.ben, at=LATE, sampled=other, why="too_short")


def test_raters_see_nothing_of_each_other_until_all_are_in(cast: Cast, sampled: list[SampledSession]) -> None:
    once = next(one for one in sampled if not one.rated_twice)
    url = reverse("supervision:sampled-show", args=[once.pk])
    rate(once, cast.ana, LATE, 2, "Heron of Ana.")
    page = browser_of(cast.ben).get(url).content
    assert b"Heron" not in page and b"mean" not in page
    assert (
        b"Heron" not in browser_of(cast.ben).get(reverse("supervision:rating-edit", args=[once.pk])).content
    )
    rate(once, cast.ben, LATE, 4)
    for who in (cast.ana, cast.ben):
        both = browser_of(who).get(url).content.decode()
        assert "Heron of Ana." in both and "12:34" in both and "mean 2.00, 17 items" in both


def test_a_second_supervisor_of_the_line_sees_nothing_of_the_firsts_draft(
    cast: Cast, sampled: list[SampledSession]
) -> None:
    sue = another_supervisor()
    open_supervisory_line(by=cast.adi, at=BEGIN, supervisor=sue, supervisee=cast.ana, starts_on=BEGIN.date())
    actions.save_rating(
        by=cast.ben, at=LATE, sampled=sampled[0], revision=0, scores={"frame": 5}, comments=[], words="Heron."
    )
    for name in ("sampled-show", "rating-edit"):
        page = browser_of(sue).get(reverse(f"supervision:{name}", args=[sampled[0].pk])).content
        assert b"Heron" not in page
    with pytest.raises(DomainError, match="Another supervisor"):
        actions.save_rating(by=sue, at=LATE, sampled=sampled[0], revision=1, scores={}, comments=[])


def test_of_a_session_rated_twice_all_three_wait_for_each_other(
    cast: Cast, sampled: list[SampledSession]
) -> None:
    twice = next(one for one in sampled if one.rated_twice)
    sue = another_supervisor()
    with pytest.raises(DomainError):
        actions.save_rating(by=sue, at=LATE, sampled=twice, revision=0, scores={}, comments=[])
    twice = actions.name_second_rater(by=cast.ben, at=LATE, sampled=twice, rater=sue)
    rate(twice, cast.ana, LATE)
    rate(twice, cast.ben, LATE)
    assert not drift_of(cast.ana, today=LATE.date()).rated
    page = browser_of(sue).get(reverse("supervision:rating-edit", args=[twice.pk])).content
    assert b"Rate a session" in page and b"Cleo" not in page
    rate(twice, sue, LATE, 3)
    drift = drift_of(cast.ana, today=LATE.date())
    assert len(drift.rated) == 1 and drift.between_raters.n == 1 and drift.between_raters.why_not == "too_few"


def test_a_rating_that_was_handed_in_stays_and_a_thin_one_is_not_taken(
    cast: Cast, sampled: list[SampledSession]
) -> None:
    kept = actions.save_rating(
        by=cast.ana, at=LATE, sampled=sampled[0], revision=0, scores={"frame": 3}, comments=[]
    )
    with pytest.raises(DomainError, match="at least 12"):
        actions.hand_in_rating(by=cast.ana, at=LATE, sampled=sampled[0], revision=kept.revision)
    rate(sampled[1], cast.ana, LATE)
    with pytest.raises(DomainError, match="no longer changes"):
        actions.save_rating(by=cast.ana, at=LATE, sampled=sampled[1], revision=1, scores={}, comments=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        Rating.objects.filter(handed_in_at__isnull=False).update(mean=5)


def test_drift_is_for_therapist_and_supervisor_and_the_director_sees_no_small_number(
    cast: Cast, sampled: list[SampledSession]
) -> None:
    url = reverse("supervision:rating-list", args=[cast.ana.pk])
    for who in (cast.ana, cast.ben):
        assert browser_of(who).get(url).status_code == 200
    for other in (cast.tess, cast.dara, cast.rea, cast.adi, cast.cleo_user):
        assert browser_of(other).get(url).status_code == 403
    once = next(one for one in sampled if not one.rated_twice)
    rate(once, cast.ana, LATE)
    rate(once, cast.ben, LATE)
    assert totals().mean is None and totals().people == 1
    page = browser_of(cast.dara).get(reverse("supervision:totals-show")).content
    assert b"once 5 therapists" in page and b"Ana" not in page


def test_a_session_is_rated_on_its_page(cast: Cast, sampled: list[SampledSession]) -> None:
    browser, url = browser_of(cast.ana), reverse("supervision:rating-edit", args=[sampled[0].pk])
    said = {f"item_{one.key}": "3" for one in form().items} | {"revision": "0", "then": "hand-in"}
    wrong = browser.post(url, said | {"time_0": "soon", "said_0": "Here."})
    assert wrong.status_code == 422 and b"such as 12:34" in wrong.content and not Rating.objects.exists()
    assert browser.post(url, said | {"time_0": "1:30", "said_0": "Here."}).status_code == 302
    rating = Rating.objects.get()
    assert rating.comments == [[90, "Here."]] and rating.mean == 3 and rating.handed_in_at

"""Agreeing, revising, rating, amending and extending: what each writes, and what it refuses."""

import datetime as dt
import uuid
from typing import Any

import pytest
from tests.cast import Cast

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.actions import close_episode
from reknit.care.programme.agreement import agreement_of, rolls_of
from reknit.care.programme.models import (
    Amendment,
    Contract,
    CourseFact,
    Episode,
    GoalRating,
)

from .agreeing import LADDER, a_draft, a_goal, an_agreement, asked, facts, moved, revised, witnessed

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


class TestBegin:
    def test_draft_comes_from_the_protocol_and_intake(self, cast: Cast, at: dt.datetime) -> None:
        episode = cast.cleo_episode
        draft = actions.begin_contract(by=cast.ana, at=at, episode=episode)
        assert (draft.planned_sessions, draft.session_minutes, draft.cadence_days) == (16, 50, 7)
        assert (draft.miss_rule, draft.misses_that_roll, draft.late_cancel_hours) == (
            "roll_then_consume",
            2,
            24,
        )
        assert draft.ends_on == episode.ends_on and draft.substance_goal == "not_decided"

    def test_without_a_date_from_intake_it_is_the_last_day_of_the_window(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        Episode.objects.filter(pk=cast.cleo_episode.pk).update(ends_on=None)
        cast.cleo_episode.refresh_from_db()
        draft = actions.begin_contract(by=cast.ana, at=at, episode=cast.cleo_episode)
        assert draft.ends_on == dt.date(2026, 3, 2) + dt.timedelta(days=140)

    def test_begun_twice_is_one(self, cast: Cast, at: dt.datetime) -> None:
        begun = [actions.begin_contract(by=cast.ana, at=at, episode=cast.cleo_episode) for _ in range(2)]
        assert begun[0].pk == begun[1].pk and Contract.objects.count() == 1

    def test_first_save_is_recorded_and_names_no_words(self, cast: Cast, at: dt.datetime) -> None:
        a_draft(cast, at)
        told = AuditEvent.objects.filter(verb__in=["begin contract", "save contract", "set goals"])
        assert [event.verb for event in told.order_by("id")] == ["begin contract", "save contract"]
        assert all(not event.detail for event in told)


class TestAgree:
    def test_agreeing_sets_the_time_limit_and_reports_it(self, cast: Cast, at: dt.datetime) -> None:
        ends_on = dt.date(2026, 7, 1)
        agreed = an_agreement(cast, at, ends_on=ends_on, planned_sessions=12, goals=2)
        episode = Episode.objects.get(pk=cast.cleo_episode.pk)
        assert (episode.ends_on, episode.planned_sessions) == (ends_on, 12)
        assert facts(episode) == {
            "contract_agreed": {"version": 1, "planned": 12, "ends_on": "2026-07-01"},
            "ending_date_set": {"on": "2026-07-01", "by": "contract"},
            "substance_goal_set": {"goal": "reduce"},
            "lapse_plan_set": {},
            "goals_set": {"n": 2},
        }
        assert agreed.substance_goal_on == dt.date(2026, 3, 23)

    def test_what_was_not_said_is_not_reported(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at, goals=0, substance_goal="not_decided", lapse_plan="")
        assert set(facts(cast.cleo_episode)) == {"contract_agreed", "ending_date_set"}

    @pytest.mark.parametrize(
        ("terms", "said"),
        [
            ({"ends_on": None}, "Set the ending date"),
            ({"ends_on": dt.date(2026, 3, 1)}, "not over yet"),
            ({"ends_on": dt.date(2026, 8, 1)}, "20 July 2026 at the latest"),
            ({"planned_sessions": 17}, "between 7 and 16"),
            ({"planned_sessions": 6}, "between 7 and 16"),
            ({"substance_goal": "none_of_one"}, "Choose the substance"),
            ({"substance_goal_on": dt.date(2026, 3, 24)}, "day to come"),
        ],
    )
    def test_contract_that_keeps_no_time_limit_is_not_agreed(
        self, cast: Cast, at: dt.datetime, terms: dict[str, Any], said: str
    ) -> None:
        draft = a_draft(cast, at, **terms)
        with pytest.raises(DomainError, match=said):
            witnessed(cast, at, draft)
        assert facts(cast.cleo_episode) == {}

    @pytest.mark.parametrize(
        "half", [{"words": ""}, {"baseline": None}, {"levels": {0: "I ring her."}}, {"levels": {}}]
    )
    def test_goal_that_is_half_written_waits(self, cast: Cast, at: dt.datetime, half: dict[str, Any]) -> None:
        draft = a_draft(cast, at)
        goals = [a_goal(1), a_goal(2, **half)]
        draft = actions.set_goals(by=cast.ana, at=at, contract=draft, revision=draft.revision, goals=goals)
        with pytest.raises(DomainError, match="half written"):
            witnessed(cast, at, draft)

    @pytest.mark.parametrize(("words", "witness"), [("", "Fay"), ("Yes.", ""), ("  ", "Fay"), ("Yes.", " ")])
    def test_spoken_agreement_has_words_and_a_witness(
        self, cast: Cast, at: dt.datetime, words: str, witness: str
    ) -> None:
        draft = a_draft(cast, at)
        with pytest.raises(DomainError):
            actions.agree_contract(
                by=cast.ana, at=at, contract=draft, revision=draft.revision, how="witnessed",
                words=words, witness=witness,
            )  # fmt: skip

    def test_clinician_does_not_agree_in_the_clients_name(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision)
        for person in (cast.ana, cast.eli_user):
            with pytest.raises(Refused):
                actions.agree_contract(
                    by=person, at=at, contract=draft, revision=draft.revision, how="client"
                )

    def test_changed_since_it_was_read_is_not_agreed(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        with pytest.raises(Conflict):
            actions.agree_contract(
                by=cast.ana, at=at, contract=draft, revision=draft.revision - 1, how="witnessed",
                words="Yes.", witness="Fay",
            )  # fmt: skip

    def test_agreed_twice_is_agreed_once(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        witnessed(cast, at, draft)
        with pytest.raises(DomainError, match="agreed already"):
            witnessed(cast, at, draft)
        assert CourseFact.objects.filter(kind="contract_agreed").count() == 1


class TestClientAnswers:
    def test_client_agrees_to_what_was_shown(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision)
        actions.answer_contract(
            by=cast.cleo_user, at=at, contract=draft, revision=draft.revision, answer="agree"
        )
        draft.refresh_from_db()
        assert (draft.state, draft.agreed_how, draft.agreed_by) == ("agreed", "client", cast.cleo_user)

    @pytest.mark.parametrize("answer", ["change", "talk", "time"])
    def test_every_other_answer_is_kept_and_agrees_nothing(
        self, cast: Cast, at: dt.datetime, answer: str
    ) -> None:
        draft = a_draft(cast, at)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision)
        actions.answer_contract(
            by=cast.cleo_user, at=at, contract=draft, revision=draft.revision, answer=answer, words="Less."
        )
        draft.refresh_from_db()
        assert draft.state == "draft" and draft.answers.get().words == "Less."

    def test_nothing_is_answered_before_it_was_shown(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        with pytest.raises(Refused):
            actions.answer_contract(
                by=cast.cleo_user, at=at, contract=draft, revision=draft.revision, answer="agree"
            )

    def test_next_save_takes_back_what_was_shown(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision)
        shown = draft.revision
        actions.save_contract(
            by=cast.ana, at=at, contract=draft, revision=shown, terms={"lapse_plan": "Another."}
        )
        draft.refresh_from_db()
        assert draft.offered_at is None
        with pytest.raises(Conflict):
            actions.answer_contract(by=cast.cleo_user, at=at, contract=draft, revision=shown, answer="agree")


class TestTwoEditors:
    def test_second_save_is_told_of_the_first_and_overwrites_nothing(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        draft = a_draft(cast, at)
        seen = draft.revision
        actions.save_contract(
            by=cast.ana, at=at, contract=draft, revision=seen, terms={"lapse_plan": "Mine."}
        )
        with pytest.raises(Conflict) as refused:
            actions.save_contract(
                by=cast.ana, at=at, contract=draft, revision=seen, terms={"lapse_plan": "Yours."}
            )
        assert refused.value.theirs["lapse_plan"] == "Mine."
        with pytest.raises(Conflict):
            actions.set_goals(by=cast.ana, at=at, contract=draft, revision=seen, goals=[])
        draft.refresh_from_db()
        assert draft.lapse_plan == "Mine." and draft.goals.count() == 1

    def test_same_save_sent_twice_is_no_conflict(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        seen = draft.revision
        for _ in range(2):
            saved = actions.save_contract(
                by=cast.ana, at=at, contract=draft, revision=seen, terms={"lapse_plan": "Once."}
            )
        assert saved.revision == seen + 1

    @pytest.mark.parametrize(
        "terms",
        [
            {"place": "moon"}, {"miss_rule": "never"}, {"substance_goal": "clean"}, {"planned_sessions": 0},
            {"session_minutes": 481}, {"misses_that_roll": 11}, {"lapse_plan": "x" * 2001},
            {"afterwards": "one\x00two"}, {"substance_goal": "none_of_one", "substance": "tea"},
            {"ends_on": dt.date(9999, 12, 31)},
        ],
    )  # fmt: skip
    def test_terms_that_cannot_be_are_not_even_kept_as_a_draft(
        self, cast: Cast, at: dt.datetime, terms: dict[str, Any]
    ) -> None:
        draft = a_draft(cast, at)
        with pytest.raises(DomainError):
            actions.save_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision, terms=terms)

    @pytest.mark.parametrize(
        "goals",
        [
            [a_goal(4)], [a_goal(1), a_goal(1)], [a_goal(1, baseline=3)], [a_goal(1, levels={3: "More."})],
            [a_goal(2, kind="substance")], [a_goal(1, words="x" * 401)],
        ],
    )  # fmt: skip
    def test_goals_that_cannot_be_are_not_kept(self, cast: Cast, at: dt.datetime, goals: list[Any]) -> None:
        draft = a_draft(cast, at)
        with pytest.raises(DomainError):
            actions.set_goals(by=cast.ana, at=at, contract=draft, revision=draft.revision, goals=goals)


class TestNewVersion:
    def test_old_version_holds_until_the_new_one_is_agreed(self, cast: Cast, at: dt.datetime) -> None:
        first = an_agreement(cast, at)
        draft = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work changed.")
        assert (draft.version, draft.lapse_plan, draft.goals.count()) == (2, first.lapse_plan, 1)
        assert agreement_of(cast.cleo_episode).current == first
        witnessed(cast, at, draft)
        first.refresh_from_db()
        assert first.state == "superseded" and agreement_of(cast.cleo_episode).current == draft
        amendment = Amendment.objects.get()
        assert (amendment.what, amendment.from_version, amendment.to_version) == ("contract", 1, 2)
        assert amendment.why == "Work changed." and facts(cast.cleo_episode)["amendment"] == {
            "what": "contract"
        }

    def test_what_the_new_version_no_longer_holds_is_no_fact(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        revised(cast, at + WEEK, lapse_plan="", substance_goal="not_decided")
        assert not {"lapse_plan_set", "substance_goal_set"} & set(facts(cast.cleo_episode))
        assert facts(cast.cleo_episode)["contract_agreed"]["version"] == 2

    def test_ratings_go_on_under_the_same_scale_and_not_under_another(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        first = an_agreement(cast, at, goals=2)
        levels = {goal.pk: 0 for goal in first.goals.all()}
        actions.rate_goals(
            by=cast.ana, at=at, contract=first, levels=levels, on=at.date(), whose="client", slot=4
        )
        draft = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work.")
        other = {**LADDER, 0: "I ring her on Sundays."}
        goals = [a_goal(1), a_goal(2, levels=other)]
        draft = actions.set_goals(by=cast.ana, at=at, contract=draft, revision=0, goals=goals)
        witnessed(cast, at, draft)
        views = agreement_of(cast.cleo_episode).goals
        assert [len(view.ratings) for view in views] == [1, 0]


class TestRating:
    def test_goals_are_rated_and_what_was_left_out_is_missing(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at, goals=3)
        one, two, _three = agreed.goals.order_by("position")
        actions.rate_goals(
            by=cast.ana, at=at, contract=agreed, levels={one.pk: 1, two.pk: 0}, on=at.date(),
            whose="together", slot=4,
        )  # fmt: skip
        assert facts(cast.cleo_episode)["goals_rated"] == {"n": 2, "slot": 4}
        found = agreement_of(cast.cleo_episode)
        start, then = found.occasions
        assert start.levels == (-1, -1, -1) and then.levels == (1, 0, None)
        assert (then.score.rated, then.score.missing) == (2, 1)
        # 50 + 10 / sqrt(.7 * 2 + .3 * 4), by hand
        assert then.score.t is not None and abs(then.score.t - 56.2017) < 1e-3

    def test_correction_is_a_later_row_and_stands(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at)
        goal = agreed.goals.get()
        for level in (1, -1):
            actions.rate_goals(
                by=cast.ana,
                at=at,
                contract=agreed,
                levels={goal.pk: level},
                on=at.date(),
                whose="client",
                slot=4,
            )
            at += dt.timedelta(minutes=1)
        assert GoalRating.objects.count() == 2
        assert agreement_of(cast.cleo_episode).occasions[-1].levels == (-1,)

    def test_sent_twice_is_rated_once(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at)
        goal, sheet = agreed.goals.get(), uuid.uuid4()
        for _ in range(2):
            actions.rate_goals(
                by=cast.ana,
                at=at,
                contract=agreed,
                levels={goal.pk: 1},
                on=at.date(),
                whose="client",
                sheet=sheet,
            )
        assert GoalRating.objects.count() == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"levels": {}}, {"levels": {uuid.uuid4(): 0}}, {"whose": "nobody"}, {"slot": 17}, {"slot": -1},
            {"on": dt.date(2026, 3, 24)}, {"on": dt.date(2026, 3, 1)},
        ],
    )  # fmt: skip
    def test_what_is_no_rating_is_refused(self, cast: Cast, at: dt.datetime, change: dict[str, Any]) -> None:
        agreed = an_agreement(cast, at)
        said = {"levels": {agreed.goals.get().pk: 0}, "on": at.date(), "whose": "client", **change}
        with pytest.raises(DomainError):
            actions.rate_goals(by=cast.ana, at=at, contract=agreed, **said)

    def test_goals_of_a_draft_are_not_rated(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        levels = {draft.goals.get().pk: 0}
        with pytest.raises(DomainError, match="agreed"):
            actions.rate_goals(
                by=cast.ana, at=at, contract=draft, levels=levels, on=at.date(), whose="client"
            )


class TestMissedSessions:
    """What the agreement says of missed sessions; what numbering makes of it is tested with the sessions."""

    def test_agreement_says_how_many_roll(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at, misses_that_roll=1)
        assert rolls_of(cast.cleo_episode, 2) == 1

    def test_draft_rules_nothing(self, cast: Cast, at: dt.datetime) -> None:
        a_draft(cast, at, miss_rule="consume")
        assert rolls_of(cast.cleo_episode, 2) == 2


def test_closed_course_keeps_its_agreement(cast: Cast, at: dt.datetime) -> None:
    agreed = an_agreement(cast, at)
    close_episode(by=cast.ana, at=at, episode=cast.cleo_episode, reason="Moved away.")
    levels = {agreed.goals.get().pk: 0}
    for work in (
        lambda: moved(cast, at),
        lambda: asked(cast, at),
        lambda: actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work."),
        lambda: actions.rate_goals(
            by=cast.ana, at=at, contract=agreed, levels=levels, on=at.date(), whose="client"
        ),
    ):
        with pytest.raises(DomainError, match="closed"):
            work()

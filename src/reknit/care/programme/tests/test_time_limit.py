"""The time limit that was agreed: the database keeps it, an amendment moves it, and one extension adds to it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.cast import Cast, staff

from reknit.base.errors import DomainError, Refused
from reknit.care.people.actions import close_supervisory_line
from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.models import (
    Amendment,
    Contract,
    ContractAnswer,
    Episode,
    Goal,
    GoalRating,
)

from .agreeing import a_draft, an_agreement, asked, ends_on, facts, moved, revised, witnessed

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


class TestAgreedStays:
    """The database refuses, whoever asks: both SQLite and PostgreSQL run this."""

    @staticmethod
    def refuses(work: Any) -> None:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            work()

    def test_agreed_contract_and_its_goals_never_change(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at)
        contracts, goals = Contract.objects.filter(pk=agreed.pk), Goal.objects.filter(contract=agreed)
        self.refuses(lambda: contracts.update(lapse_plan="Another."))
        self.refuses(lambda: contracts.update(state="draft"))
        self.refuses(lambda: contracts.update(ends_on=dt.date(2026, 7, 2)))
        self.refuses(lambda: contracts.update(state="superseded", superseded_at=at, why="And more."))
        self.refuses(lambda: goals.update(words="Another goal."))
        self.refuses(lambda: goals.delete())
        self.refuses(
            lambda: Goal.objects.create(
                contract=agreed, position=2, words="One more", set_by=cast.ana, set_at=at
            )
        )
        other = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work.")
        self.refuses(lambda: goals.update(contract=other, position=3))
        self.refuses(lambda: other.goals.update(contract=agreed, position=3))
        self.refuses(lambda: contracts.delete())

    def test_superseded_contract_stays_too(self, cast: Cast, at: dt.datetime) -> None:
        first = an_agreement(cast, at)
        revised(cast, at + WEEK, lapse_plan="Another.")
        self.refuses(lambda: Contract.objects.filter(pk=first.pk).update(state="agreed", superseded_at=None))
        self.refuses(lambda: Contract.objects.filter(pk=first.pk).update(lapse_plan="Another."))

    def test_ratings_and_answers_are_only_added_to(self, cast: Cast, at: dt.datetime) -> None:
        draft = a_draft(cast, at)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=draft.revision)
        actions.answer_contract(
            by=cast.cleo_user, at=at, contract=draft, revision=draft.revision, answer="agree"
        )
        goal = Goal.objects.get()
        actions.rate_goals(
            by=cast.ana, at=at, contract=draft, levels={goal.pk: 0}, on=at.date(), whose="together"
        )
        self.refuses(lambda: GoalRating.objects.update(level=2))
        self.refuses(lambda: GoalRating.objects.all().delete())
        self.refuses(lambda: ContractAnswer.objects.update(words="No."))
        self.refuses(lambda: ContractAnswer.objects.all().delete())

    def test_decided_amendment_stays(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        moved(cast, at)
        self.refuses(lambda: Amendment.objects.update(why="Another reason."))
        self.refuses(lambda: Amendment.objects.update(state="declined", answered_by=cast.ben, answered_at=at))
        self.refuses(lambda: Amendment.objects.all().delete())

    def test_what_was_asked_is_answered_as_it_was_asked(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        asked(cast, at, sessions=1)
        self.refuses(lambda: Amendment.objects.update(planned_sessions=20))
        self.refuses(lambda: Amendment.objects.update(ends_on=dt.date(2027, 1, 1)))


class TestEndingDate:
    """Gate G11: it moves by an amendment, and no other way."""

    def test_before_an_agreement_it_is_what_intake_wrote(self, cast: Cast) -> None:
        Episode.objects.filter(pk=cast.cleo_episode.pk).update(ends_on=dt.date(2026, 7, 1))
        assert Episode.objects.get(pk=cast.cleo_episode.pk).ends_on == dt.date(2026, 7, 1)

    @pytest.mark.parametrize(
        "change", [{"ends_on": dt.date(2026, 7, 19)}, {"ends_on": None}, {"planned_sessions": 20}]
    )
    def test_once_agreed_no_write_moves_it(self, cast: Cast, at: dt.datetime, change: dict[str, Any]) -> None:
        an_agreement(cast, at)
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Episode.objects.filter(pk=cast.cleo_episode.pk).update(**change)

    def test_after_an_amendment_the_first_date_does_not_come_back(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at)
        moved(cast, at)
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Episode.objects.filter(pk=cast.cleo_episode.pk).update(ends_on=agreed.ends_on)

    def test_new_version_does_not_move_it(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        draft = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work.")
        for terms in ({"ends_on": dt.date(2026, 7, 15)}, {"planned_sessions": 15}):
            with pytest.raises(DomainError, match="amendment"):
                actions.save_contract(by=cast.ana, at=at, contract=draft, revision=0, terms=terms)
        Contract.objects.filter(pk=draft.pk).update(ends_on=dt.date(2026, 7, 15))
        draft.refresh_from_db()
        with pytest.raises(DomainError, match="amendment"):
            witnessed(cast, at, draft)

    def test_amendment_moves_it_and_says_who_and_why(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        before = cast.cleo_episode.ends_on
        amendment = moved(cast, at + WEEK)
        episode = Episode.objects.get(pk=cast.cleo_episode.pk)
        assert (amendment.from_ends_on, amendment.ends_on) == (before, episode.ends_on)
        assert (amendment.asked_by, amendment.client_agreed) == (cast.ana, "room")
        assert facts(episode)["amendment"] == {"what": "ending_date"}
        assert facts(episode)["ending_date_set"] == {"on": ends_on(cast).isoformat(), "by": "amendment"}

    def test_two_who_saw_the_same_date_do_not_move_it_one_over_the_other(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        an_agreement(cast, at)
        seen = cast.cleo_episode.ends_on
        moved(cast, at)
        said = {"by": cast.ana, "at": at, "why": "Ill.", "client_agreed": "room", "was": seen}
        with pytest.raises(DomainError, match="moved the ending date meanwhile"):
            actions.amend_ending_date(**said, episode=cast.cleo_episode, to=ends_on(cast) + WEEK)
        with pytest.raises(DomainError, match="moved the ending date meanwhile"):
            actions.extend_course(
                **said,
                episode=cast.cleo_episode,
                sessions=2,
                reason="new_event",
                ends_on=ends_on(cast) + WEEK,
            )
        assert Amendment.objects.count() == 1

    def test_it_can_be_moved_again_and_back_each_time_with_a_reason(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        an_agreement(cast, at)
        first = cast.cleo_episode.ends_on
        moved(cast, at)
        moved(cast, at, weeks=-2, why="Well again sooner.")
        assert Episode.objects.get(pk=cast.cleo_episode.pk).ends_on == first
        assert Amendment.objects.count() == 2

    def test_draft_of_the_next_version_follows(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        draft = actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work.")
        moved(cast, at)
        draft.refresh_from_db()
        assert draft.ends_on == Episode.objects.get(pk=cast.cleo_episode.pk).ends_on
        assert witnessed(cast, at, draft).state == "agreed"

    @pytest.mark.parametrize(
        "change",
        [
            {"why": " "},
            {"client_agreed": ""},
            {"client_agreed": "no"},
            {"weeks": 0},
            {"weeks": -30},
            {"weeks": 104},
        ],
    )
    def test_amendment_without_reason_yes_or_a_real_date_is_refused(
        self, cast: Cast, at: dt.datetime, change: dict[str, Any]
    ) -> None:
        an_agreement(cast, at)
        with pytest.raises(DomainError):
            moved(cast, at, **change)
        assert not Amendment.objects.exists()

    def test_there_is_nothing_to_amend_before_an_agreement(self, cast: Cast, at: dt.datetime) -> None:
        with pytest.raises(DomainError, match="no agreement yet"):
            moved(cast, at)

    def test_sent_twice_is_moved_once(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        key = uuid.uuid4()
        assert moved(cast, at, key=key).pk == moved(cast, at, key=key).pk
        assert Amendment.objects.count() == 1


class TestExtension:
    def test_supervisor_says_yes_and_the_course_is_longer(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        longer = ends_on(cast) + 4 * WEEK
        ask = asked(cast, at)
        assert Episode.objects.get(pk=cast.cleo_episode.pk).planned_sessions == 16
        actions.answer_extension(by=cast.ben, at=at, amendment=ask, approve=True)
        episode = Episode.objects.get(pk=cast.cleo_episode.pk)
        assert (episode.planned_sessions, episode.ends_on) == (20, longer)
        assert facts(episode)["amendment"] == {"what": "extension", "sessions": 4}

    def test_supervisor_says_no_with_a_reason_and_nothing_moves(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        ask = asked(cast, at)
        with pytest.raises(DomainError):
            actions.answer_extension(by=cast.ben, at=at, amendment=ask, approve=False)
        actions.answer_extension(by=cast.ben, at=at, amendment=ask, approve=False, words="Close on time.")
        ask.refresh_from_db()
        assert ask.state == "declined" and "amendment" not in facts(cast.cleo_episode)
        assert Episode.objects.get(pk=cast.cleo_episode.pk).planned_sessions == 16
        assert asked(cast, at, sessions=2).state == "asked", "a no is not the one extension"

    def test_only_a_supervisor_of_the_line_answers(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        ask, other = asked(cast, at), staff("Sol", "supervisor")
        for person in (cast.ana, cast.dov, cast.tess, cast.dara, cast.cleo_user, other):
            with pytest.raises(Refused):
                actions.answer_extension(by=person, at=at, amendment=ask, approve=True)
        assert Amendment.objects.get().state == "asked"

    def test_once_only(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        actions.answer_extension(by=cast.ben, at=at, amendment=asked(cast, at, sessions=1), approve=True)
        cast.cleo_episode.refresh_from_db()
        with pytest.raises(DomainError, match="extended already"):
            asked(cast, at, sessions=1)

    def test_answered_once(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        ask = asked(cast, at)
        actions.answer_extension(by=cast.ben, at=at, amendment=ask, approve=True)
        with pytest.raises(DomainError, match="answered already"):
            actions.answer_extension(by=cast.ben, at=at, amendment=ask, approve=False, words="No.")

    @pytest.mark.parametrize(("planned", "most"), [(16, 4), (12, 3), (8, 2)])
    def test_a_quarter_at_most(self, cast: Cast, at: dt.datetime, planned: int, most: int) -> None:
        an_agreement(cast, at, planned_sessions=planned)
        with pytest.raises(DomainError, match=f"At most {most} sessions"):
            asked(cast, at, sessions=most + 1)
        assert asked(cast, at, sessions=most).planned_sessions == planned + most

    @pytest.mark.parametrize("reason", ["ending_feels_hard", "", "other"])
    def test_ending_that_feels_hard_is_no_reason(self, cast: Cast, at: dt.datetime, reason: str) -> None:
        an_agreement(cast, at)
        with pytest.raises(DomainError, match="closing phase"):
            asked(cast, at, reason=reason)

    def test_while_one_waits_nothing_else_moves(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        asked(cast, at)
        with pytest.raises(DomainError, match="waits"):
            asked(cast, at, sessions=1)
        with pytest.raises(DomainError, match="waits"):
            moved(cast, at)

    def test_nobody_asks_where_nobody_could_answer(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        line = cast.ana.supervised_by.get()
        close_supervisory_line(by=cast.adi, at=at, line=line, ends_on=at.date() - dt.timedelta(days=1))
        with pytest.raises(DomainError, match="Nobody supervises"):
            asked(cast, at)

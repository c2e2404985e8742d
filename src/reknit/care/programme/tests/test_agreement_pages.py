"""The Agreement tab and the client's own page: who reads, what they read, and what they can send."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import BEGIN, Cast, staff, today

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.care.consent.actions import grant_consent
from reknit.care.people.actions import (
    add_client,
    give_sign_in,
    join_care_team,
    open_supervisory_line,
)
from reknit.care.programme.actions import agreement as actions
from reknit.care.programme.actions import open_episode
from reknit.care.programme.models import Amendment, Contract, Episode, Goal, GoalRating

from .agreeing import a_draft, a_goal, an_agreement, asked, ends_on, moved

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WEEK = dt.timedelta(weeks=1)


def browser(user: User) -> Browser:
    signed_in = Browser()
    signed_in.force_login(user, backend=BACKEND)
    return signed_in


def url(name: str, *args: Any) -> str:
    return reverse(f"programme:{name}", args=args)


def page(user: User, name: str, *args: Any) -> str:
    return browser(user).get(url(name, *args)).content.decode()


def text(shown: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", shown, flags=re.DOTALL)).split())


def terms(**changed: Any) -> dict[str, Any]:
    """What the form of the terms sends."""
    return {
        "revision": 0, "planned_sessions": 16, "session_minutes": 50, "cadence_days": 7,
        "ends_on": "2026-07-06", "place": "here", "miss_rule": "roll_then_consume", "misses_that_roll": 2,
        "late_cancel_hours": 24, "substance_goal": "reduce", "substance": "",
        "substance_goal_words": "Not on weekdays.", "substance_goal_on": "", "lapse_plan": "", "afterwards": "",
        **changed,
    }  # fmt: skip


@pytest.fixture
def fresh(cast: Cast) -> Episode:
    """A course of Ana's that begins today, so that pages may be used at the present time."""
    at = now()
    client = add_client(by=cast.ina, at=at, programme=cast.programme, given_name="Nia", family_name="New")
    grant_consent(by=cast.ina, at=at, client=client, how="paper", given_at=at)
    join_care_team(by=cast.ina, at=at, client=client, clinician=cast.ana, starts_on=at.date())
    user = staff("Nia", "client")
    give_sign_in(by=cast.adi, at=at, client=client, user=user)
    return open_episode(by=cast.ana, at=at, client=client, protocol="IPT-16", starts_on=at.date())


class TestWriting:
    def test_from_nothing_to_an_agreement(self, cast: Cast, fresh: Episode) -> None:
        ana, client = browser(cast.ana), fresh.client_id
        empty = ana.get(url("agreement-show", client)).content.decode()
        assert "No agreement yet" in empty and url("course-map", client) in empty
        begun = ana.post(url("agreement-begin", client))
        assert begun["Location"] == url("agreement-edit", client)
        ends = (now() + dt.timedelta(days=130)).date().isoformat()
        saved = ana.post(url("agreement-edit", client), terms(ends_on=ends))
        assert saved["Location"] == url("agreement-goals", client)
        goal = {"interpersonal1_words": "Talk to my sister", "interpersonal1_baseline": "-1"}
        goal |= {
            f"interpersonal1_{name}": f"It is {name}."
            for name in ("best", "better", "hoped", "less", "least")
        }
        ana.post(url("agreement-goals", client), {"revision": 1, **goal, "then": "show"})
        shown = ana.get(url("agreement-agree", client)).content.decode()
        assert "Not on weekdays." in shown and "It is hoped." in shown
        said = {"revision": 2, "words": "Yes, good.", "witness": "Fay Test"}
        ana.post(url("agreement-agree", client), said)
        shown = text(ana.get(url("agreement-show", client)).content.decode())
        assert "Agreement, version 1" in shown and "Heard by Ana Test and Fay Test" in shown
        assert "Not in it yet: what to do if there is a lapse; what happens after the last session." in shown
        assert Episode.objects.get(pk=fresh.pk).ends_on == dt.date.fromisoformat(ends)

    def test_page_saves_by_itself_and_tells_two_editors(self, cast: Cast, fresh: Episode) -> None:
        ana = browser(cast.ana)
        actions.begin_contract(by=cast.ana, at=now(), episode=fresh)
        quiet: dict[str, Any] = {"HTTP_X_AUTOSAVE": "1"}
        first = ana.post(url("agreement-edit", fresh.client_id), terms(lapse_plan="Mine."), **quiet)
        assert first.status_code == 200 and first.json()["revision"] == "1"
        second = ana.post(url("agreement-edit", fresh.client_id), terms(lapse_plan="Yours."), **quiet)
        assert second.status_code == 409 and second.json()["theirs"]["lapse_plan"] == "Mine."
        assert second.json()["revision"] == "1"
        whole = ana.post(url("agreement-edit", fresh.client_id), terms(lapse_plan="Yours."))
        shown = whole.content.decode()
        assert whole.status_code == 409 and "Mine." in shown and "Yours." in shown and 'value="1"' in shown

    def test_goals_of_two_editors(self, cast: Cast, fresh: Episode) -> None:
        ana = browser(cast.ana)
        actions.begin_contract(by=cast.ana, at=now(), episode=fresh)
        address = url("agreement-goals", fresh.client_id)
        ana.post(address, {"revision": 0, "interpersonal1_words": "Mine"})
        refused = ana.post(address, {"revision": 0, "interpersonal1_words": "Yours"})
        assert refused.status_code == 409
        assert "Mine" in refused.content.decode() and "Yours" in refused.content.decode()
        assert Goal.objects.get().words == "Mine"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"ends_on": "2026-02-31"}, "date that exists"),
            ({"planned_sessions": "NaN"}, "whole number"),
            ({"substance_goal": "clean"}, "valid choice"),
            ({"lapse_plan": "one\x00two"}, "allowed"),
        ],
    )
    def test_what_cannot_be_is_told_and_the_words_stay(
        self, cast: Cast, fresh: Episode, changed: dict[str, Any], said: str
    ) -> None:
        actions.begin_contract(by=cast.ana, at=now(), episode=fresh)
        sent = terms(afterwards="We look back.", **changed)
        answer = browser(cast.ana).post(url("agreement-edit", fresh.client_id), sent)
        assert answer.status_code == 422
        assert said in answer.content.decode() and "We look back." in answer.content.decode()
        assert Contract.objects.get().revision == 0

    def test_later_version_offers_no_field_for_the_time_limit(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        actions.revise_contract(by=cast.ana, at=at, episode=cast.cleo_episode, why="Work changed.")
        shown = page(cast.ana, "agreement-edit", cast.cleo.pk)
        assert 'name="ends_on"' not in shown and 'name="planned_sessions"' not in shown
        browser(cast.ana).post(url("agreement-edit", cast.cleo.pk), terms(ends_on="2026-12-31"))
        assert ends_on(cast) == dt.date(2026, 7, 6)
        assert Contract.objects.get(version=2).ends_on == dt.date(2026, 7, 6)


class TestReading:
    def test_too_many_sessions_for_the_time_are_told_and_not_refused(
        self, cast: Cast, fresh: Episode
    ) -> None:
        draft = actions.begin_contract(by=cast.ana, at=now(), episode=fresh)
        close = today() + 9 * WEEK
        actions.save_contract(by=cast.ana, at=now(), contract=draft, revision=0, terms={"ends_on": close})
        assert "only 10 sessions fit" in text(page(cast.ana, "agreement-show", fresh.client_id))

    def test_goals_show_their_ladder_ratings_and_what_was_not_rated(
        self, cast: Cast, at: dt.datetime
    ) -> None:
        agreed = an_agreement(cast, at, goals=3)
        one, two, _three = agreed.goals.order_by("position")
        actions.rate_goals(
            by=cast.ana, at=at, contract=agreed, levels={one.pk: 1, two.pk: 0}, on=at.date(),
            whose="together", slot=4,
        )  # fmt: skip
        shown = text(page(cast.ana, "agreement-show", cast.cleo.pk))
        assert "Kiresuk and Sherman 1968" in shown and "56 2 of 3 rated" in shown
        assert "not rated" in shown and "I ring twice a week. now" in shown

    def test_changes_say_who_and_why(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        moved(cast, at)
        shown = text(page(cast.ana, "agreement-show", cast.cleo.pk))
        assert "From 6 July 2026 to 20 July 2026." in shown and "Two weeks in hospital." in shown
        assert "Ana Test, 23 March 2026. The client agreed in the room." in shown
        assert "As amended since: 16 sessions, until 20 July 2026." in shown

    def test_strangers_find_nothing_and_the_supervisor_reads_only(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        names = ["show", "edit", "goals", "agree", "revise", "rate", "amend", "extend"]
        for name in names:
            for person in (cast.dov, cast.tess, cast.eli_user, cast.cleo_user, cast.dara, cast.adi):
                assert browser(person).get(url(f"agreement-{name}", cast.cleo.pk)).status_code == 404
            wanted = 200 if name == "show" else 403
            assert browser(cast.ben).get(url(f"agreement-{name}", cast.cleo.pk)).status_code == wanted
        shown = page(cast.ben, "agreement-show", cast.cleo.pk)
        assert "Rate goals" not in shown and "Move the ending date" not in shown

    def test_page_of_an_agreement_keeps_its_number_of_queries(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at, goals=3)
        ana, asked_for = browser(cast.ana), []

        def count() -> None:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert ana.get(url("agreement-show", cast.cleo.pk)).status_code == 200
            asked_for.append(len(queries))

        count()
        for rows in (3, 30):
            for number in range(rows):
                levels = {goal.pk: number % 3 for goal in agreed.goals.all()}
                actions.rate_goals(
                    by=cast.ana, at=at + number * WEEK, contract=agreed, levels=levels,
                    on=at.date() + number * WEEK, whose="client", slot=number % 16,
                )  # fmt: skip
                moved(cast, at, weeks=1 if number % 2 == 0 else -1)
            count()
        assert len(set(asked_for)) == 1, asked_for
        assert GoalRating.objects.count() == 99 and Amendment.objects.count() == 33

    def test_client_page_keeps_its_number_of_queries(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at, goals=3)
        cleo, asked_for = browser(cast.cleo_user), []
        for rows in (3, 30):
            for number in range(rows):
                levels = {goal.pk: 0 for goal in agreed.goals.all()}
                actions.rate_goals(
                    by=cast.ana, at=at + number * WEEK, contract=agreed, levels=levels,
                    on=at.date() + number * WEEK, whose="client",
                )  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert cleo.get(url("client-agreement")).status_code == 200
            asked_for.append(len(queries))
        assert len(set(asked_for)) == 1, asked_for


class TestRatingAndAmending:
    def test_goals_are_rated_in_the_session(self, cast: Cast, fresh: Episode) -> None:
        at = now()
        draft = actions.begin_contract(by=cast.ana, at=at, episode=fresh)
        draft = actions.set_goals(
            by=cast.ana, at=at, contract=draft, revision=0, goals=[a_goal(1), a_goal(2)]
        )
        actions.agree_contract(
            by=cast.ana, at=at, contract=draft, revision=1, how="witnessed", words="Yes.", witness="Fay"
        )
        ana = browser(cast.ana)
        shown = ana.get(url("agreement-rate", fresh.client_id)).content.decode()
        assert "I ring my sister once a week." in shown and "Not rated this time" in shown
        sent = {"on": at.date().isoformat(), "slot": "", "whose": "client", "sheet": str(uuid.uuid4())}
        nothing = ana.post(url("agreement-rate", fresh.client_id), sent)
        assert nothing.status_code == 422 and "at least one goal" in nothing.content.decode()
        for _twice in range(2):
            ana.post(url("agreement-rate", fresh.client_id), {**sent, "goal0": "1", "goal1": ""})
        assert [(one.level, one.whose) for one in GoalRating.objects.all()] == [(1, "client")]

    def test_amendment_without_a_reason_is_told_beside_its_field(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        sent = {"ends_on": "2027-01-10", "why": "", "client_agreed": "room", "key": str(uuid.uuid4())}
        answer = browser(cast.ana).post(url("agreement-amend", cast.cleo.pk), sent)
        assert answer.status_code == 422 and ends_on(cast) == dt.date(2026, 7, 6)


class TestExtensions:
    def test_therapist_asks_and_the_supervisor_answers(self, cast: Cast, fresh: Episode) -> None:
        at = now()
        draft = actions.begin_contract(by=cast.ana, at=at, episode=fresh)
        actions.agree_contract(
            by=cast.ana, at=at, contract=draft, revision=0, how="witnessed", words="Yes.", witness="Fay"
        )
        sent = {
            "sessions": "5", "ends_on": (at.date() + dt.timedelta(days=168)).isoformat(),
            "reason": "partial_response", "why": "Half solved.", "client_agreed": "room", "key": str(uuid.uuid4()),
        }  # fmt: skip
        ana, ben = browser(cast.ana), browser(cast.ben)
        too_many = ana.post(url("agreement-extend", fresh.client_id), sent)
        assert too_many.status_code == 422 and "At most 4 sessions" in too_many.content.decode()
        ana.post(url("agreement-extend", fresh.client_id), {**sent, "sessions": "4"})
        ask = Amendment.objects.get()
        assert "Nia New" in ben.get(url("extension-list")).content.decode()
        answer = url("agreement-answer", fresh.client_id, ask.pk)
        assert "Half solved." in ben.get(answer).content.decode()
        assert ben.post(answer, {"answer": "no", "words": ""}).status_code == 422
        assert ben.post(answer, {"answer": "yes", "words": ""}).status_code == 302
        assert Episode.objects.get(pk=fresh.pk).planned_sessions == 20
        assert "No extension waits" in ben.get(url("extension-list")).content.decode()
        shown = ana.get(url("agreement-show", fresh.client_id)).content.decode()
        assert "Ask for an extension" not in shown, "it is granted once"

    def test_another_supervisor_of_the_same_chart_cannot_answer(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        ask, sol = asked(cast, at), staff("Sol", "supervisor")
        day = today()
        open_supervisory_line(
            by=cast.adi, at=BEGIN, supervisor=sol, supervisee=cast.fay, starts_on=BEGIN.date()
        )
        join_care_team(
            by=cast.ina, at=now(), client=cast.cleo, clinician=cast.fay, starts_on=day, part="member"
        )
        assert browser(sol).get(url("agreement-show", cast.cleo.pk)).status_code == 200
        answer = url("agreement-answer", cast.cleo.pk, ask.pk)
        for person in (sol, cast.ana, cast.fay):
            assert browser(person).get(answer).status_code == 403
            assert browser(person).post(answer, {"answer": "yes"}).status_code == 403
        assert "Cleo" not in page(sol, "extension-list")
        assert Amendment.objects.get().state == "asked"

    def test_list_keeps_its_number_of_queries(self, cast: Cast, at: dt.datetime) -> None:
        counts = []
        for rows in (3, 27):
            for _row in range(rows):
                client = add_client(
                    by=cast.ina, at=at, programme=cast.programme, given_name="Gil", family_name="New"
                )
                grant_consent(by=cast.ina, at=at, client=client, how="paper", given_at=at)
                join_care_team(by=cast.ina, at=at, client=client, clinician=cast.ana, starts_on=at.date())
                episode = open_episode(
                    by=cast.ana, at=at, client=client, protocol="IPT-16", starts_on=at.date()
                )
                draft = actions.begin_contract(by=cast.ana, at=at, episode=episode)
                actions.agree_contract(
                    by=cast.ana,
                    at=at,
                    contract=draft,
                    revision=0,
                    how="witnessed",
                    words="Yes.",
                    witness="Fay",
                )
                assert draft.ends_on
                actions.extend_course(
                    by=cast.ana, at=at, episode=episode, sessions=1, reason="new_event", why="A birth.",
                    ends_on=draft.ends_on, client_agreed="room",
                )  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert browser(cast.ben).get(url("extension-list")).status_code == 200
            counts.append(len(queries))
        assert len(set(counts)) == 1, counts


class TestClientPage:
    def test_nothing_is_shown_before_it_is_released(self, cast: Cast, at: dt.datetime) -> None:
        a_draft(cast, at)
        shown = page(cast.cleo_user, "client-agreement")
        assert "no agreement to read yet" in shown and "weekdays" not in shown
        front = browser(cast.cleo_user).get(reverse("home:client-front")).content.decode()
        assert "Our agreement" not in front

    def test_shown_agreement_is_read_and_agreed(self, cast: Cast, fresh: Episode) -> None:
        at, user = now(), fresh.client.user
        assert user
        draft = actions.begin_contract(by=cast.ana, at=at, episode=fresh)
        draft = actions.set_goals(by=cast.ana, at=at, contract=draft, revision=0, goals=[a_goal(1)])
        browser(cast.ana).post(url("agreement-offer", fresh.client_id), {"revision": draft.revision})
        nia = browser(user)
        shown = nia.get(url("client-agreement")).content.decode()
        buttons = re.findall(r'<button class="([^"]+)" name="answer"', shown)
        assert buttons == ["btn big"] * 4, "four answers of equal weight"
        nia.post(url("client-agreement"), {"revision": 1, "answer": "change", "words": "Fridays."})
        assert Contract.objects.get().state == "draft"
        assert "Fridays." in page(cast.ana, "agreement-show", fresh.client_id)
        nia.post(url("client-agreement"), {"revision": 1, "answer": "agree", "words": ""})
        assert Contract.objects.get().agreed_how == "client"
        assert "We agreed on this" in nia.get(url("client-agreement")).content.decode()

    def test_words_changed_since_are_not_agreed_to(self, cast: Cast, fresh: Episode) -> None:
        at, user = now(), fresh.client.user
        assert user
        draft = actions.begin_contract(by=cast.ana, at=at, episode=fresh)
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=0)
        actions.save_contract(by=cast.ana, at=at, contract=draft, revision=0, terms={"lapse_plan": "New."})
        actions.offer_contract(by=cast.ana, at=at, contract=draft, revision=1)
        answer = browser(user).post(url("client-agreement"), {"revision": 0, "answer": "agree"})
        assert answer.status_code == 422 and "changed since you read it" in answer.content.decode()
        assert Contract.objects.get().state == "draft"

    def test_client_sees_sentences_and_never_a_number_of_a_scale(self, cast: Cast, at: dt.datetime) -> None:
        agreed = an_agreement(cast, at)
        goal = agreed.goals.get()
        actions.rate_goals(
            by=cast.ana, at=at, contract=agreed, levels={goal.pk: 1}, on=at.date(), whose="client", slot=4
        )
        shown = text(page(cast.cleo_user, "client-agreement"))
        assert "I ring twice a week." in shown and "I ring once and hang up." in shown
        assert "Kiresuk" not in shown and not re.search(r"[+\u2212-][12]\b|\bT \d|60", shown)
        for word in ("risk", "contract", "consume", "lapse", "score", "termination"):
            assert word not in shown.lower(), word

    def test_another_client_sees_nothing_of_it(self, cast: Cast, at: dt.datetime) -> None:
        an_agreement(cast, at)
        assert "weekdays" not in page(cast.eli_user, "client-agreement")
        answer = browser(cast.eli_user).post(url("client-agreement"), {"revision": 0, "answer": "agree"})
        assert answer.status_code == 302
        for person in (cast.ana, cast.ben, cast.dara):
            assert browser(person).get(url("client-agreement")).status_code == 404

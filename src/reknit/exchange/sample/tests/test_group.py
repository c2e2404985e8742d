"""The made-up group: eight people, eight sessions behind it, and no chart that names another member."""

import pytest

from reknit.base.clock import local_date
from reknit.care.encounters.models import Encounter, ProgressNote
from reknit.care.groups.checks import names_of
from reknit.care.groups.models import GroupRun, GroupSession, MeetingAlone, Member, Turn, WeeklySummary
from reknit.care.groups.queries.owed import owed
from reknit.care.measures.models import Administration
from reknit.care.programme.models import Goal
from reknit.core.groups.names import find

from .conftest import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("summary")]


def test_group_is_at_its_ninth_session_this_evening() -> None:
    run = GroupRun.objects.get()
    assert run.members.filter(starts_on=run.starts_on).count() == 8
    assert run.sessions.filter(state="signed").count() == 8
    assert local_date(run.sessions.get(number=9).starts_at, "Europe/London") == AT.date()


def test_it_has_something_in_every_part() -> None:
    assert Turn.objects.count() > 12
    assert Administration.objects.filter(measure="group-checkin").values("slot").distinct().count() == 8
    assert WeeklySummary.objects.filter(second_at__isnull=False).count() == 6
    assert MeetingAlone.objects.filter(kind="missed").count() == 1
    assert Member.objects.exclude(started_without="").count() == 1
    waits = owed(GroupRun.objects.get(), at=AT, today=AT.date())
    assert waits.contacts and waits.meetings and waits.summaries


def test_each_member_agreed_on_a_focus_an_account_and_an_end() -> None:
    members = Member.objects.select_related("episode")
    for one in members:
        facts = {fact.kind for fact in one.episode.facts.filter(withdrawn_at=None)}
        assert {"focus_agreed", "formulation_agreed", "contract_agreed"} <= facts, facts
    assert Goal.objects.filter(contract__episode__in=[one.episode_id for one in members]).count() == 8


def test_no_chart_of_it_names_another_member() -> None:
    members = list(Member.objects.select_related("client"))
    notes = ProgressNote.objects.filter(encounter__kind=Encounter.Kind.GROUP).select_related("encounter")
    assert notes.count() > 50
    for note in notes:
        text = "\n".join(part["words"] for part in note.text["sections"])
        names = [
            name
            for one in members
            if one.client_id != note.encounter.client_id
            for name in names_of(one.client)
        ]
        assert find(text, names) == ()
    assert not GroupSession.objects.filter(state="draft").exists()

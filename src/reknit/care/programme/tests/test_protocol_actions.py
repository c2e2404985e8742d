"""A protocol of the clinic's own: what may be changed, who publishes it, and that a published one stays."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from tests.cast import Cast, staff

from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import grant_consent
from reknit.care.people.actions import add_client
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.programme.actions import protocols as actions
from reknit.care.programme.models import Episode, ProtocolAnswer, ProtocolVersion
from reknit.care.programme.queries import courses_of, plan_of
from reknit.core.programme import editing
from reknit.core.programme.editing import When
from reknit.core.programme.template import template, templates

pytestmark = pytest.mark.django_db


def a_copy(cast: Cast, at: dt.datetime, name: str = "river") -> ProtocolVersion:
    """Dara's draft of a protocol of her own."""
    return actions.copy_protocol(
        by=cast.dara, at=at, code="ipt-16", version="1", name=name, title="IPT by the river"
    )


def changed(
    cast: Cast, at: dt.datetime, row: ProtocolVersion, edit: Any, part: str = "basics"
) -> ProtocolVersion:
    """The draft after one change of Dara's."""
    row.refresh_from_db()
    return actions.change_protocol(by=cast.dara, at=at, row=row, revision=row.revision, part=part, edit=edit)


def published(cast: Cast, at: dt.datetime, row: ProtocolVersion) -> ProtocolVersion:
    """The draft, handed in by Dara and approved by Ben."""
    row = actions.submit_protocol(by=cast.dara, at=at, row=row)
    return actions.approve_protocol(by=cast.ben, at=at, row=row, revision=row.revision)


def next_of(cast: Cast, at: dt.datetime, row: ProtocolVersion, **fields: Any) -> ProtocolVersion:
    """The version after this one, with a change, published."""
    later = actions.begin_protocol_version(by=cast.dara, at=at, code=row.code, version=row.version)
    later = changed(cast, at, later, lambda plan: replace(plan, **fields))
    return published(cast, at, later)


def a_course(cast: Cast, at: dt.datetime, protocol: str, name: str = "Gil") -> Episode:
    """A new client of Ana's, in care under that protocol."""
    client: Client = add_client(
        by=cast.ina, at=at, programme=cast.programme, given_name=name, family_name="New"
    )
    grant_consent(by=cast.ina, at=at, client=client, how="paper", given_at=at)
    return open_episode(by=cast.ana, at=at, client=client, protocol=protocol, starts_on=at.date())


def test_a_copy_is_the_same_protocol_under_its_own_name(cast: Cast, at: dt.datetime) -> None:
    row, shipped = a_copy(cast, at), template("ipt-16")
    plan = template("own-river", "1")
    assert (row.state, plan.title) == ("draft", "IPT by the river")
    assert (plan.tasks, plan.gates, plan.sets) == (shipped.tasks, shipped.gates, shipped.sets)


def test_a_draft_is_offered_to_no_course(cast: Cast, at: dt.datetime) -> None:
    a_copy(cast, at)
    assert "own-river" not in {one.code for one in templates()}


def test_a_change_the_loader_refuses_changes_nothing_and_names_its_field(cast: Cast, at: dt.datetime) -> None:
    row = a_copy(cast, at)
    with pytest.raises(DomainError) as refusal:
        changed(cast, at, row, lambda plan: replace(plan, course_window_days=30))
    assert refusal.value.field == "course_window_days"
    assert template("own-river", "1").course_window_days == 140


def test_a_kept_task_stays(cast: Cast, at: dt.datetime) -> None:
    row = a_copy(cast, at)
    with pytest.raises(DomainError, match="Law asks for it"):
        changed(cast, at, row, partial(editing.drop_task, key="I01"))
    with pytest.raises(DomainError, match="stays"):
        changed(cast, at, row, lambda p: replace(p, tasks=tuple(t for t in p.tasks if t.code != "E06")))


def test_two_directors_at_once_never_overwrite(cast: Cast, at: dt.datetime) -> None:
    row = a_copy(cast, at)
    changed(cast, at, row, partial(editing.set_basics, sessions=14))
    with pytest.raises(Conflict):
        actions.change_protocol(
            by=cast.dara,
            at=at,
            row=row,
            revision=0,
            part="basics",
            edit=partial(editing.set_basics, sessions=12),
        )
    assert template("own-river", "1").planned_sessions == 14


@pytest.mark.parametrize("who", ["ana", "tess", "rea", "adi", "ina", "fay"])
def test_only_a_director_changes_and_only_a_director_or_supervisor_answers(
    who: str, cast: Cast, at: dt.datetime
) -> None:
    person: User = getattr(cast, who)
    row = a_copy(cast, at)
    with pytest.raises(PermissionDenied):
        actions.submit_protocol(by=person, at=at, row=row)
    row = actions.submit_protocol(by=cast.dara, at=at, row=row)
    with pytest.raises(PermissionDenied):
        actions.approve_protocol(by=person, at=at, row=row, revision=0)


def test_no_author_publishes_not_even_one_of_several(cast: Cast, at: dt.datetime) -> None:
    """Two directors write, the second hands it in: the first may not approve either."""
    other = staff("Uma", Role.DIRECTOR)
    row = a_copy(cast, at)
    row = actions.change_protocol(
        by=other, at=at, row=row, revision=0, part="basics", edit=lambda p: replace(p, session_minutes=45)
    )
    row = actions.submit_protocol(by=other, at=at, row=row)
    for author in (cast.dara, other):
        with pytest.raises(PermissionDenied, match="second person"):
            actions.approve_protocol(by=author, at=at, row=row, revision=1)
    third = staff("Vic", Role.DIRECTOR)
    assert actions.approve_protocol(by=third, at=at, row=row, revision=1).state == "published"


def test_refusal_needs_a_reason_and_gives_the_draft_back(cast: Cast, at: dt.datetime) -> None:
    row = actions.submit_protocol(by=cast.dara, at=at, row=a_copy(cast, at))
    with pytest.raises(DomainError, match="what speaks against it"):
        actions.refuse_protocol(by=cast.ben, at=at, row=row, revision=0, words=" ")
    row = actions.refuse_protocol(by=cast.ben, at=at, row=row, revision=0, words="Too short.")
    assert row.state == "draft"
    told = ProtocolAnswer.objects.get(version=row)
    assert (told.answer, told.words, told.by, told.at) == ("refused", "Too short.", cast.ben, at)


def test_new_courses_pin_the_new_version_and_running_ones_keep_theirs(cast: Cast, at: dt.datetime) -> None:
    first = published(cast, at, a_copy(cast, at))
    running = a_course(cast, at, "own-river", "Gil")
    second = next_of(cast, at, first, session_minutes=45)
    new = a_course(cast, at, "own-river", "Hal")
    assert (running.protocol_version, new.protocol_version) == ("1", second.version)
    running.refresh_from_db()
    assert (plan_of(running).session_minutes, plan_of(new).session_minutes) == (50, 45)
    assert courses_of([running])[running.pk].template.version == "1"


def test_a_withdrawn_version_is_for_no_new_course_and_stays_for_those_under_way(
    cast: Cast, at: dt.datetime
) -> None:
    first = published(cast, at, a_copy(cast, at))
    second = next_of(cast, at, first, session_minutes=45)
    running = a_course(cast, at, "own-river", "Gil")
    actions.withdraw_protocol(by=cast.dara, at=at, row=second, why="Too short in practice.")
    assert a_course(cast, at, "own-river", "Hal").protocol_version == "1"
    actions.withdraw_protocol(by=cast.dara, at=at, row=first, why="All of it.")
    assert "own-river" not in {one.code for one in templates()}
    assert plan_of(running).session_minutes == 45


def test_published_version_cannot_be_changed_in_the_database(cast: Cast, at: dt.datetime) -> None:
    row = published(cast, at, a_copy(cast, at))
    rows = ProtocolVersion.objects.filter(pk=row.pk)
    attempts: tuple[dict[str, Any], ...] = (
        {"body": {}},
        {"title": "X"},
        {"published_by": cast.ana},
        {"state": "draft"},
        {"revision": 9},
    )
    for fields in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**fields)
    for gone in (rows, ProtocolAnswer.objects.filter(version=row)):
        with pytest.raises(DatabaseError), transaction.atomic():
            gone._raw_delete(gone.db)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProtocolAnswer.objects.update(words="No.")


def test_database_takes_no_author_as_the_second_person(cast: Cast, at: dt.datetime) -> None:
    row = actions.submit_protocol(by=cast.dara, at=at, row=a_copy(cast, at))
    with pytest.raises(DatabaseError), transaction.atomic():
        ProtocolVersion.objects.filter(pk=row.pk).update(
            state="published", published_by=cast.dara, published_at=at
        )


def test_each_step_leaves_its_event(cast: Cast, at: dt.datetime) -> None:
    row = changed(cast, at, a_copy(cast, at), partial(editing.set_basics, sessions=14))
    row = actions.submit_protocol(by=cast.dara, at=at, row=row)
    row = actions.take_back_protocol(by=cast.dara, at=at, row=row)
    row = published(cast, at, row)
    actions.begin_protocol_version(by=cast.dara, at=at, code=row.code, version="1")
    actions.withdraw_protocol(by=cast.dara, at=at, row=row, why="x")
    verbs = list(
        AuditEvent.objects.filter(verb__contains="protocol").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == [
        "copy protocol", "change protocol", "submit protocol", "take back protocol", "submit protocol",
        "publish protocol", "begin protocol version", "withdraw protocol",
    ]  # fmt: skip


def test_a_task_moves_to_another_slot_and_takes_its_phase_along(cast: Cast, at: dt.datetime) -> None:
    move = partial(editing.move_task, key="I20", when=When("at", to=5), klass="OPT")
    changed(cast, at, a_copy(cast, at), move, "tasks")
    (task,) = [one for one in template("own-river", "1").tasks if one.code == "I20"]
    assert (task.due_slot, task.phase, task.klass) == (5, "middle", "OPT")


def test_no_query_for_a_version_that_was_read_before(
    cast: Cast, at: dt.datetime, django_assert_num_queries: Any
) -> None:
    published(cast, at, a_copy(cast, at))
    template("own-river", "1")
    with django_assert_num_queries(0):
        template("own-river", "1")

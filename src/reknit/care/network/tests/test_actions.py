"""The rules of the circle: nobody twice, nothing made up, a signed version for good."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.cast import Cast, meet_cleo

from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError
from reknit.care.consent.actions import revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.network import actions
from reknit.care.network.models import CircleVersion, Relationship, Tie
from reknit.care.network.queries import compare, people_of, released_versions, signed_versions
from reknit.care.programme.models import CourseFact

from .factories import add, describe, drawn, sign

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=14)


def test_two_fields_are_enough_and_the_first_person_begins_a_version(cast: Cast, at: dt.datetime) -> None:
    row = actions.add_relationship(by=cast.ana, at=at, client=cast.cleo, alias=" Jo ", relation="sibling")
    assert (row.alias, row.ring, row.status, row.contact) == ("Jo", None, "", None)
    assert (drawn(cast.cleo).number, drawn(cast.cleo).episode) == (1, cast.cleo_episode)
    verbs = list(AuditEvent.objects.filter(client_id=cast.cleo.pk).values_list("verb", flat=True))
    assert verbs[-2:] == ["begin circle", "add relationship"]


def test_a_double_send_names_one(cast: Cast, at: dt.datetime) -> None:
    key = uuid.uuid4()
    for _send in range(2):
        actions.add_relationship(by=cast.ana, at=at, client=cast.cleo, alias="Jo", key=key)
    assert Relationship.objects.count() == 1
    with pytest.raises(DomainError):
        actions.add_relationship(by=cast.dov, at=at, client=cast.eli, alias="Jo", key=key)


def test_two_of_one_alias_are_told_apart(cast: Cast, at: dt.datetime) -> None:
    jo = add(cast, at, "Jo")
    with pytest.raises(DomainError) as refused:
        add(cast, at, "jo")
    assert refused.value.field == "alias"
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.create(client=cast.cleo, alias="JO", added_at=at)
    actions.set_aside(by=cast.ana, at=at, relationship=jo)
    add(cast, at, "Jo")
    with pytest.raises(DomainError):
        actions.bring_back(by=cast.ana, at=at, relationship=jo)


@pytest.mark.parametrize("alias", ["", "   ", "x" * 41, "a\x00b"])
def test_an_alias_that_cannot_be_is_refused(cast: Cast, at: dt.datetime, alias: str) -> None:
    with pytest.raises(DomainError):
        add(cast, at, alias)
    assert not Relationship.objects.exists() and not CircleVersion.objects.exists()


def test_a_group_is_no_person_and_a_peer_comes_from_treatment(cast: Cast, at: dt.datetime) -> None:
    assert add(cast, at, "Home group", relation="group").not_a_person
    peer = add(cast, at, "Pri", relation="peer")
    assert peer.from_treatment and not peer.not_a_person


def test_nothing_is_written_without_consent(cast: Cast, at: dt.datetime) -> None:
    revoke_consent(by=cast.ana, at=at, consent=Consent.objects.get(client=cast.cleo))
    with pytest.raises(DomainError):
        add(cast, at + LATER, "Jo")


def test_what_is_described_stands_and_the_rest_stays_unknown(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "M.", alcohol="heavy", conflict=6, supplies=False)
    assert (row.alcohol, row.conflict, row.supplies) == ("heavy", 6, False)
    assert (row.drugs, row.importance, row.is_risk) == ("", None, None)
    row = describe(cast, at, row, conflict=None)
    assert row.conflict is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("conflict", 11),
        ("supports_recovery", -3),
        ("alcohol", "gin"),
        ("change_wanted", "x" * 1001),
        ("contact", 8),
    ],
)
def test_an_answer_off_its_scale_is_refused(cast: Cast, at: dt.datetime, name: str, value: Any) -> None:
    row = add(cast, at, "M.")
    with pytest.raises(DomainError) as refused:
        describe(cast, at, row, **{name: value})
    assert refused.value.field == name


def test_the_second_of_two_writers_overwrites_nothing(cast: Cast, at: dt.datetime) -> None:
    row = add(cast, at, "M.")
    describe(cast, at, row, good_things="He cooks.")
    with pytest.raises(Conflict) as refused:
        describe(cast, at, row, good_things="She sings.")
    assert refused.value.theirs == {"good_things": "He cooks."}
    row.refresh_from_db()
    assert row.good_things == "He cooks."


def test_audit_events_hold_no_alias(cast: Cast, at: dt.datetime) -> None:
    one = add(cast, at, "Zebedee", change_wanted="Zebedee to ring first")
    other = add(cast, at, "Zoltan")
    actions.tie(by=cast.ana, at=at, one=one, other=other, kind="close")
    sign(cast, at)
    for event in AuditEvent.objects.all():
        assert "Zebedee" not in str(event.detail) and "Zoltan" not in str(event.detail)


def test_a_mark_finds_room_in_its_ring(cast: Cast, at: dt.datetime) -> None:
    angles = [add(cast, at, name, ring=2).angle for name in ("A", "B", "C")]
    assert len(set(angles)) == 3
    moved = actions.place(by=cast.ana, at=at, relationship=people(cast)["A"], ring=3, angle=725)
    assert (moved.ring, moved.angle) == (3, 5)
    with pytest.raises(DomainError):
        actions.place(by=cast.ana, at=at, relationship=moved, ring=5)


def test_a_mark_stays_where_it_was_put_and_a_signed_version_keeps_it(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "A")
    moved = actions.place(by=cast.ana, at=at, relationship=people(cast)["A"], ring=2, angle=30, depth=100)
    version = sign(cast, at)
    assert version.snapshot["people"][0]["depth"] == 100
    elsewhere = actions.place(by=cast.ana, at=at + LATER, relationship=moved, ring=3)
    assert (elsewhere.ring, elsewhere.angle, elsewhere.depth) == (3, 30, None)
    with pytest.raises(DomainError):
        actions.place(by=cast.ana, at=at, relationship=moved, ring=2, angle=30, depth=101)


def people(cast: Cast) -> dict[str, Relationship]:
    return {row.alias: row for row in cast.cleo.relationships.all()}


def test_one_save_arranges_several_and_only_those_that_moved(cast: Cast, at: dt.datetime) -> None:
    rows = [add(cast, at, name, ring=2) for name in ("A", "B")]
    before = AuditEvent.objects.filter(verb="place relationship").count()
    assert actions.arrange(by=cast.ana, at=at, client=cast.cleo, rings={rows[0].pk: 1, rows[1].pk: 2}) == 1
    assert AuditEvent.objects.filter(verb="place relationship").count() == before + 1
    theirs = actions.add_relationship(by=cast.dov, at=at, client=cast.eli, alias="Vi")
    with pytest.raises(DomainError):
        actions.arrange(by=cast.ana, at=at, client=cast.cleo, rings={theirs.pk: 1})


def test_a_pair_is_written_one_way_and_once(cast: Cast, at: dt.datetime) -> None:
    one, other = add(cast, at, "A"), add(cast, at, "B")
    actions.tie(by=cast.ana, at=at, one=one, other=other, kind="close")
    actions.tie(by=cast.ana, at=at, one=other, other=one, kind="close")
    row = Tie.objects.get()
    assert row.one_id < row.other_id
    actions.untie(by=cast.ana, at=at, tie=row)
    assert not Tie.objects.exists()


@pytest.mark.parametrize("who", ["the same", "somebody else's", "set aside"])
def test_a_tie_needs_two_people_of_this_circle(cast: Cast, at: dt.datetime, who: str) -> None:
    one, aside = add(cast, at, "A"), add(cast, at, "B")
    actions.set_aside(by=cast.ana, at=at, relationship=aside)
    theirs = actions.add_relationship(by=cast.dov, at=at, client=cast.eli, alias="Vi")
    other = {"the same": one, "somebody else's": theirs, "set aside": aside}[who]
    with pytest.raises(DomainError):
        actions.tie(by=cast.ana, at=at, one=one, other=other, kind="knows")


def test_somebody_new_means_that_not_every_pair_was_asked_about(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "A")
    actions.set_ties_asked(by=cast.ana, at=at, client=cast.cleo, asked=True)
    assert drawn(cast.cleo).ties_asked
    add(cast, at, "B")
    assert not drawn(cast.cleo).ties_asked


def test_signing_freezes_what_stands_and_reports_counts_and_no_names(cast: Cast, at: dt.datetime) -> None:
    meet_cleo(cast, at)
    jo = add(cast, at, "Jo", alcohol="abstainer", drugs="abstainer")
    add(cast, at, "M.", ring=2, alcohol="heavy", supplies=True, is_risk=True)
    add(cast, at, "Al", ring=3)
    add(cast, at, "Group", relation="group", alcohol="heavy")
    version = sign(cast, at)
    assert (version.state, version.number, version.slot) == ("signed", 1, 1)
    facts = {f.kind: f.value for f in CourseFact.objects.filter(source="circle", source_id=version.pk)}
    assert facts["inventory_signed"] == {"version": 1, "people": 4, "treatment_asked": True}
    assert facts["use_map"] == {"using": 1, "supplying": 1, "unsafe": 1, "known": 2}
    actions.place(by=cast.ana, at=at + LATER, relationship=jo, ring=3)
    (kept,) = signed_versions(cast.cleo)
    then = kept.circle.person(jo.pk)
    assert then is not None and then.ring == 1 and then.use == "none"
    assert drawn(cast.cleo).number == 2


def test_signing_asks_its_one_question_and_refuses_a_circle_without_people(
    cast: Cast, at: dt.datetime
) -> None:
    actions.begin_version(by=cast.ana, at=at, client=cast.cleo)
    with pytest.raises(DomainError):
        sign(cast, at)
    add(cast, at, "Jo")
    for missing in ({"treatment_asked": None}, {"author": ""}):
        with pytest.raises(DomainError):
            sign(cast, at, **missing)
    assert drawn(cast.cleo).state == "draft"


def test_a_circle_changed_since_it_was_read_is_not_signed(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    version = drawn(cast.cleo)
    add(cast, at, "M.")
    with pytest.raises(Conflict):
        actions.sign_off_version(
            by=cast.ana,
            at=at,
            version=version,
            revision=version.revision,
            author="together",
            treatment_asked=True,
        )


def test_signing_twice_signs_once(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    version = sign(cast, at)
    again = actions.sign_off_version(
        by=cast.ana, at=at + LATER, version=version, revision=1, author="client", treatment_asked=False
    )
    assert again.author == "together"
    assert CourseFact.objects.filter(kind="inventory_signed").count() == 1


def test_a_circle_without_a_course_is_signed_and_reports_to_none(cast: Cast, at: dt.datetime) -> None:
    client = cast.cleo
    CircleVersion.objects.all().delete()
    cast.cleo_episode.facts.all().delete()
    cast.cleo_episode.delete()
    actions.add_relationship(by=cast.ana, at=at, client=client, alias="Jo")
    version = drawn(client)
    signed = actions.sign_off_version(
        by=cast.ana, at=at, version=version, revision=version.revision, author="client", treatment_asked=False
    )
    assert signed.episode is None and not CourseFact.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE network_circleversion SET note = 'other'",
        "UPDATE network_circleversion SET snapshot = '{}'",
        "UPDATE network_circleversion SET state = 'draft', signed_at = NULL, signed_by_id = NULL",
        "UPDATE network_circleversion SET author = 'client'",
        "DELETE FROM network_circleversion",
        "DELETE FROM network_relationship",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(cast: Cast, at: dt.datetime, change: str) -> None:
    add(cast, at, "Jo")
    sign(cast, at)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    (kept,) = signed_versions(cast.cleo)
    assert [one.alias for one in kept.circle.people] == ["Jo"]


def test_a_signed_version_is_shown_and_taken_back(cast: Cast, at: dt.datetime) -> None:
    add(cast, at, "Jo")
    with pytest.raises(DomainError):
        actions.release_version(by=cast.ana, at=at, version=drawn(cast.cleo))
    version = sign(cast, at)
    assert released_versions(cast.cleo) == ()
    actions.release_version(by=cast.ana, at=at, version=version)
    assert [one.number for one in released_versions(cast.cleo)] == [1]
    actions.take_back_version(by=cast.ana, at=at, version=version)
    assert released_versions(cast.cleo) == ()
    verbs = AuditEvent.objects.filter(subject="CircleVersion").values_list("verb", flat=True)
    assert {"release circle", "take circle back"} <= set(verbs)


def test_then_and_now_are_matched_by_person(cast: Cast, at: dt.datetime) -> None:
    jo, bex = add(cast, at, "Jo", ring=3), add(cast, at, "Bex", ring=2)
    sign(cast, at)
    actions.set_aside(by=cast.ana, at=at + LATER, relationship=bex)
    describe(cast, at + LATER, jo, alias="Joanna")
    actions.place(by=cast.ana, at=at + LATER, relationship=jo, ring=1)
    add(cast, at + LATER, "Pri", ring=2)
    sign(cast, at + LATER)
    first, latest = (one.circle for one in signed_versions(cast.cleo))
    found = compare(first, latest)
    assert [(one.alias, one.before, one.after, one.inward) for one in found.moves] == [("Joanna", 3, 1, 2)]
    assert [one.alias for one in found.arrived] == ["Pri"]
    assert [one.alias for one in found.left] == ["Bex"]
    assert found.change.jaccard == pytest.approx(1 / 3)


def test_somebody_set_aside_comes_back_where_they_stood(cast: Cast, at: dt.datetime) -> None:
    jo = add(cast, at, "Jo", ring=3)
    actions.set_aside(by=cast.ana, at=at, relationship=jo)
    assert people_of(cast.cleo) == ()
    with pytest.raises(DomainError):
        actions.place(by=cast.ana, at=at, relationship=jo, ring=1)
    actions.bring_back(by=cast.ana, at=at, relationship=jo)
    assert [one.ring for one in people_of(cast.cleo)] == [3]


def test_the_focus_is_marked_and_moved(cast: Cast, at: dt.datetime) -> None:
    jo, bex = add(cast, at, "Jo"), add(cast, at, "Bex")
    for wanted in ([jo], [bex]):
        actions.set_focus(by=cast.ana, at=at, client=cast.cleo, relationships=wanted)
        assert [one.id for one in people_of(cast.cleo) if one.in_focus] == [wanted[0].pk]


@pytest.mark.parametrize(
    ("alcohol", "drugs", "use"),
    [
        ("", "", None),
        ("abstainer", "", None),
        ("abstainer", "abstainer", "none"),
        ("recovering", "", "recovery"),
        ("recovering", "light", "uses"),
        ("", "heavy", "uses"),
    ],
)
def test_use_is_known_only_where_it_was_told(
    cast: Cast, at: dt.datetime, alcohol: str, drugs: str, use: str | None
) -> None:
    add(cast, at, "Jo", alcohol=alcohol, drugs=drugs)
    assert people_of(cast.cleo)[0].use == use

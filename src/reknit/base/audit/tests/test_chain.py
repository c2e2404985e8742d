"""The chain finds what was changed, removed or moved, and the database refuses to change it in the first place."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction

from reknit.base.audit import record as audit
from reknit.base.audit.models import AuditEvent
from reknit.base.audit.record import LeftNoRecord, action, writing
from reknit.base.audit.sealing import seal, sealed_events
from reknit.base.audit.verify import verify_chain

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def write(n: int) -> None:
    with writing():
        audit.record_many([audit.event(f"verb {i}", by=None, at=AT, detail={"n": i}) for i in range(n)])


def tamper(sql: str) -> None:
    """Change the table as somebody with the file in hand could: with the guards taken off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_only_seal")
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_append_only")
        cursor.execute(sql)
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_append_only")


@pytest.mark.django_db
def test_chain_stands_after_several_batches() -> None:
    write(5)
    assert seal(at=AT) == 5
    write(3)
    assert verify_chain().waiting == 3
    assert seal(at=AT) == 3
    verdict = verify_chain()
    assert verdict.ok and verdict.sealed == 8


@pytest.mark.django_db
def test_end_of_the_chain_is_found_by_its_index() -> None:
    """However long the history: every writer waits while the sealer looks for the end of the chain."""
    write(3)
    seal(at=AT)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # of three events it would rather read them all
    plan = sealed_events().order_by("-position")[:1].explain()
    assert "audit_one_at_a_position" in plan
    assert "sort" not in plan.lower() and "temp b-tree" not in plan.lower()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditevent SET verb = 'other' WHERE position = 2",
        "DELETE FROM audit_auditevent WHERE position = 2",
        "UPDATE audit_auditevent SET position = position + 10 WHERE position > 2",
        "UPDATE audit_auditevent SET client_id = NULL, at = '2020-01-01 00:00:00+00:00' WHERE position = 3",
    ],
)
def test_chain_breaks_when_history_is_touched(sql: str) -> None:
    write(4)
    seal(at=AT)
    tamper(sql)
    assert not verify_chain().ok


@pytest.mark.django_db
def test_database_refuses_to_change_or_remove_an_event() -> None:
    write(1)
    for change in (
        lambda: AuditEvent.objects.update(verb="other"),
        lambda: AuditEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_action_without_a_record_is_rolled_back() -> None:
    people = get_user_model()._default_manager

    @action
    def quiet() -> None:
        people.create(email="quiet@clinic.example", name="Quiet", made_at=AT)

    with pytest.raises(LeftNoRecord):
        quiet()
    assert not people.exists()

"""The database itself refuses to change a circle that was signed off, whoever asks.

It may be shown to the client and taken back from them, and nothing else: people, places, ties, author and date stand.
"""

from django.db import migrations

FROZEN = (
    "id", "client_id", "episode_id", "number", "state", "revision", "ties_asked", "slot", "author", "note",
    "treatment_asked", "snapshot", "begun_by_id", "begun_at", "signed_by_id", "signed_at",
)  # fmt: skip
CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
SQLITE = [
    f"""
    CREATE TRIGGER circle_signed_stays BEFORE UPDATE ON network_circleversion
    WHEN OLD.state = 'signed' AND ({CHANGED})
    BEGIN SELECT RAISE(ABORT, 'a circle that was signed off is never changed'); END
    """,
    """
    CREATE TRIGGER circle_no_delete BEFORE DELETE ON network_circleversion WHEN OLD.state = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a circle that was signed off is never removed'); END
    """,
    """
    CREATE TRIGGER relationship_no_delete BEFORE DELETE ON network_relationship
    BEGIN SELECT RAISE(ABORT, 'a relationship is set aside and never removed'); END
    """,
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION network_circle_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a circle that was signed off is never removed'; END IF;
      IF ({", ".join("NEW." + name for name in FROZEN)}) IS DISTINCT FROM ({", ".join("OLD." + name for name in FROZEN)})
      THEN RAISE EXCEPTION 'a circle that was signed off is never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER network_circle_stays BEFORE UPDATE OR DELETE ON network_circleversion
    FOR EACH ROW EXECUTE FUNCTION network_circle_stays()
    """,
    """
    CREATE FUNCTION network_relationship_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a relationship is set aside and never removed'; END $$
    """,
    """
    CREATE TRIGGER network_relationship_stays BEFORE DELETE ON network_relationship
    FOR EACH ROW EXECUTE FUNCTION network_relationship_stays()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("network", "0002_inventory_and_circle")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

"""The database itself refuses to change a closing record once it was given, or what a course came to, whoever asks.

A record that was given may be taken back once, with a reason, and nothing else: its words and people stand.
"""

from django.db import migrations

FROZEN = (
    "episode_id", "kind", "version", "state", "revision", "words", "people", "made_by_id", "made_at", "saved_at",
    "given_by_id", "given_at", "digest",
)
NEW, OLD = (", ".join(f"{row}.{column}" for column in FROZEN) for row in ("NEW", "OLD"))

SQLITE = [
    f"""
    CREATE TRIGGER closing_record_given_stays BEFORE UPDATE ON closure_closingrecord
    WHEN OLD.state = 'given' AND (OLD.taken_back_at IS NOT NULL OR {
        " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    })
    BEGIN SELECT RAISE(ABORT, 'a closing record that was given is never changed'); END
    """,
    """
    CREATE TRIGGER closing_record_no_delete BEFORE DELETE ON closure_closingrecord WHEN OLD.state = 'given'
    BEGIN SELECT RAISE(ABORT, 'a closing record that was given is never removed'); END
    """,
    """
    CREATE TRIGGER course_ending_no_update BEFORE UPDATE ON closure_courseending
    BEGIN SELECT RAISE(ABORT, 'what a course came to is never changed'); END
    """,
    """
    CREATE TRIGGER course_ending_no_delete BEFORE DELETE ON closure_courseending
    BEGIN SELECT RAISE(ABORT, 'what a course came to is never removed'); END
    """,
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION closure_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a closing record that was given is never removed'; END IF;
      IF OLD.taken_back_at IS NOT NULL OR ({NEW}) IS DISTINCT FROM ({OLD})
      THEN RAISE EXCEPTION 'a closing record that was given is never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER closure_record_stays BEFORE UPDATE OR DELETE ON closure_closingrecord
    FOR EACH ROW EXECUTE FUNCTION closure_record_stays()
    """,
    """
    CREATE FUNCTION closure_ending_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what a course came to is never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER closure_ending_stays BEFORE UPDATE OR DELETE ON closure_courseending
    FOR EACH ROW EXECUTE FUNCTION closure_ending_stays()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("closure", "0002_closing_records")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

"""The database itself refuses to change or remove a screen, a review, a plan or a flag, whoever asks.

Of a safety plan, only that it is shown to the client, and that it is taken down again, may be written, once each.
"""

from django.db import migrations

KEPT = ("withdrawalscreen", "medicalreview", "overdoseplan", "violenceflag")
SQLITE = [
    f"""
    CREATE TRIGGER safety_{table}_no_{what.lower()} BEFORE {what} ON safety_{table}
    BEGIN SELECT RAISE(ABORT, 'this record is never changed or removed'); END
    """
    for table in KEPT
    for what in ("UPDATE", "DELETE")
] + [
    """
    CREATE TRIGGER safety_plan_stays BEFORE UPDATE ON safety_safetyplan
    WHEN NEW.words IS NOT OLD.words OR NEW.version IS NOT OLD.version OR NEW.client_id IS NOT OLD.client_id
      OR NEW.by_id IS NOT OLD.by_id OR NEW.at IS NOT OLD.at
      OR (OLD.released_at IS NOT NULL AND
        (NEW.released_at IS NOT OLD.released_at OR NEW.released_by_id IS NOT OLD.released_by_id))
      OR (OLD.withdrawn_at IS NOT NULL AND
        (NEW.withdrawn_at IS NOT OLD.withdrawn_at OR NEW.withdrawn_by_id IS NOT OLD.withdrawn_by_id))
    BEGIN SELECT RAISE(ABORT, 'a safety plan is never changed'); END
    """,
    """
    CREATE TRIGGER safety_plan_no_delete BEFORE DELETE ON safety_safetyplan
    BEGIN SELECT RAISE(ABORT, 'a safety plan is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION safety_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'this record is never changed or removed'; END $$
    """,
    *[
        f"""
        CREATE TRIGGER safety_{table}_stays BEFORE UPDATE OR DELETE ON safety_{table}
        FOR EACH ROW EXECUTE FUNCTION safety_record_stays()
        """
        for table in KEPT
    ],
    """
    CREATE FUNCTION safety_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a safety plan is never removed'; END IF;
      IF (NEW.words, NEW.version, NEW.client_id, NEW.by_id, NEW.at)
           IS DISTINCT FROM (OLD.words, OLD.version, OLD.client_id, OLD.by_id, OLD.at)
         OR (OLD.released_at IS NOT NULL AND
           (NEW.released_at, NEW.released_by_id) IS DISTINCT FROM (OLD.released_at, OLD.released_by_id))
         OR (OLD.withdrawn_at IS NOT NULL AND
           (NEW.withdrawn_at, NEW.withdrawn_by_id) IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id))
      THEN RAISE EXCEPTION 'a safety plan is never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER safety_plan_stays BEFORE UPDATE OR DELETE ON safety_safetyplan
    FOR EACH ROW EXECUTE FUNCTION safety_plan_stays()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("safety", "0002_screens_and_plans")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

"""The database itself refuses to change or remove an audit event, save for setting its seal once."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are never removed'); END
    """,
    """
    CREATE TRIGGER audit_only_seal BEFORE UPDATE ON audit_auditevent
    WHEN OLD.position IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.by IS NOT OLD.by
      OR NEW.verb IS NOT OLD.verb OR NEW.subject IS NOT OLD.subject OR NEW.subject_id IS NOT OLD.subject_id
      OR NEW.client_id IS NOT OLD.client_id OR NEW.detail IS NOT OLD.detail
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'audit events are never removed'; END IF;
      IF OLD.position IS NOT NULL
         OR (NEW.id, NEW.at, NEW."by", NEW.verb, NEW.subject, NEW.subject_id, NEW.client_id, NEW.detail)
            IS DISTINCT FROM
            (OLD.id, OLD.at, OLD."by", OLD.verb, OLD.subject, OLD.subject_id, OLD.client_id, OLD.detail)
      THEN RAISE EXCEPTION 'audit events are never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_append_only()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

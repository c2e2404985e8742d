"""The database itself refuses to change or remove what a report of use said before it was changed."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER use_version_no_update BEFORE UPDATE ON substance_use_useepisodeversion
    BEGIN SELECT RAISE(ABORT, 'an earlier version is never changed'); END
    """,
    """
    CREATE TRIGGER use_version_no_delete BEFORE DELETE ON substance_use_useepisodeversion
    BEGIN SELECT RAISE(ABORT, 'an earlier version is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION substance_use_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an earlier version is never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER substance_use_version_stays BEFORE UPDATE OR DELETE ON substance_use_useepisodeversion
    FOR EACH ROW EXECUTE FUNCTION substance_use_version_stays()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("substance_use", "0003_reports_tests_cravings")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

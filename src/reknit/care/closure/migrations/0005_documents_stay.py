"""The database itself refuses to change or remove a document that was made, and a version of a wording, whoever asks."""

from django.db import migrations

TABLES = ("printed", "wording")
SQLITE = [
    f"""
    CREATE TRIGGER closure_{table}_no_{verb} BEFORE {verb.upper()} ON closure_{table}
    BEGIN SELECT RAISE(ABORT, 'what was made or worded is never changed or removed'); END
    """
    for table in TABLES
    for verb in ("update", "delete")
]
POSTGRESQL = [
    """
    CREATE FUNCTION closure_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'what was made or worded is never changed or removed'; END $$
    """,
    *(
        f"""
        CREATE TRIGGER closure_{table}_stays BEFORE UPDATE OR DELETE ON closure_{table}
        FOR EACH ROW EXECUTE FUNCTION closure_document_stays()
        """
        for table in TABLES
    ),
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER closure_{table}_no_{verb}")
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER closure_{table}_stays ON closure_{table}")
    schema_editor.execute("DROP FUNCTION closure_document_stays()")


class Migration(migrations.Migration):
    dependencies = [("closure", "0004_documents")]
    operations = [migrations.RunPython(guard, unguard)]

"""The database itself refuses to change a protocol that was published or withdrawn, and to remove any.

A course runs on exactly what two people agreed on. All that may still happen to a published version is that it is
withdrawn. What a second person answered is added to, never changed. A later migration that makes one of these tables
anew on SQLite runs `unguard` first and `guard` after.
"""

from django.db import migrations

FROZEN = """
  id code number title body based_on_code based_on_version revision authors made_by_id made_at saved_by_id saved_at
  submitted_by_id submitted_at published_by_id published_at
""".split()
SAYS = {
    "version": "a published protocol is never changed",
    "kept": "a version of a protocol is never removed",
    "answer": "an answer to a protocol is never changed",
}
ANSWERS = ("UPDATE", "DELETE")
SQLITE = {
    "protocol_published_stays": f"""
      BEFORE UPDATE ON programme_protocolversion WHEN OLD.state IN ('published', 'withdrawn') AND NOT (
        OLD.state = 'published' AND NEW.state = 'withdrawn'
        AND {" AND ".join(f"NEW.{column} IS OLD.{column}" for column in FROZEN)})
      BEGIN SELECT RAISE(ABORT, '{SAYS["version"]}'); END""",
    "protocol_no_delete": f"""
      BEFORE DELETE ON programme_protocolversion BEGIN SELECT RAISE(ABORT, '{SAYS["kept"]}'); END""",
    **{
        f"protocolanswer_no_{verb.lower()}": f"""
      BEFORE {verb} ON programme_protocolanswer BEGIN SELECT RAISE(ABORT, '{SAYS["answer"]}'); END"""
        for verb in ANSWERS
    },
}


def row(side):
    """The columns that stay, as one value; PostgreSQL cannot compare two `json`, so texts are compared."""
    return "(" + ", ".join(f"{side}.{column}::text" for column in FROZEN) + ")"


POSTGRESQL = {
    "protocol_stays": (
        "UPDATE OR DELETE ON programme_protocolversion",
        f"""
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{SAYS["kept"]}'; END IF;
        IF OLD.state IN ('published', 'withdrawn') AND (
          OLD.state <> 'published' OR NEW.state <> 'withdrawn' OR {row("NEW")} IS DISTINCT FROM {row("OLD")})
        THEN RAISE EXCEPTION '{SAYS["version"]}'; END IF;
        RETURN NEW;""",
    ),
    "protocol_answer_stays": (
        "UPDATE OR DELETE ON programme_protocolanswer",
        f"RAISE EXCEPTION '{SAYS['answer']}';",
    ),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, rule in SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {rule}")
        return
    for name, (when, body) in POSTGRESQL.items():
        schema_editor.execute(
            f"CREATE FUNCTION programme_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER programme_{name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION programme_{name}()"
        )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for name, (when, _body) in POSTGRESQL.items():
        schema_editor.execute(f"DROP TRIGGER programme_{name} ON {when.split()[-1]}")
        schema_editor.execute(f"DROP FUNCTION programme_{name}()")


class Migration(migrations.Migration):
    dependencies = [("programme", "0006_own_protocols")]
    operations = [migrations.RunPython(guard, unguard)]

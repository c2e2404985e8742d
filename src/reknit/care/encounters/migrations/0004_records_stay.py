"""The database itself keeps the records of a session to the draft of its note, whoever asks.

While the note is a draft its records may be added, changed and taken away. Once it waits for its co-signature or is signed,
no row of them, no row of their lists and no person named in them changes. What was written after a missed session stays.
"""

from django.db import migrations

RECORDS = (
    "moodeventuselink", "strategystep", "affectnote", "supportaction", "exposureaction", "mutualhelplink",
    "communicationanalysis", "decisionanalysis", "roleplay", "followup", "lapsereview", "midcoursereview", "planb",
)  # fmt: skip
# Rows that belong to a record: their table, the record's table, and the column that names it.
PARTS = (
    ("exchangeturn", "communicationanalysis", "record_id"),
    ("alternative", "communicationanalysis", "record_id"),
    ("decisionoption", "decisionanalysis", "record_id"),
    ("roleplayround", "roleplay", "record_id"),
    ("strategystep_relationships", "strategystep", "strategystep_id"),
    ("communicationanalysis_relationships", "communicationanalysis", "communicationanalysis_id"),
    ("decisionanalysis_relationships", "decisionanalysis", "decisionanalysis_id"),
    ("lapsereview_relationships", "lapsereview", "lapsereview_id"),
)
KEPT = ("contactaftermiss", "reengagementplan")

DRAFT = """EXISTS (SELECT 1 FROM encounters_progressnote n WHERE n.state = 'draft' AND n.encounter_id = {encounter})"""
REFUSAL = "a record is never changed once its note is signed"
POSTGRESQL = """
CREATE FUNCTION encounters_record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  rows jsonb[] := ARRAY[]::jsonb[];
  touched jsonb;
  session uuid;
BEGIN
  IF TG_OP <> 'INSERT' THEN rows := array_append(rows, to_jsonb(OLD)); END IF;
  IF TG_OP <> 'DELETE' THEN rows := array_append(rows, to_jsonb(NEW)); END IF;
  FOREACH touched IN ARRAY rows LOOP
    IF TG_NARGS = 0 THEN
      session := (touched ->> 'encounter_id')::uuid;
    ELSE
      EXECUTE 'SELECT encounter_id FROM ' || quote_ident(TG_ARGV[0]) || ' WHERE id = $1'
      INTO session USING (touched ->> TG_ARGV[1])::uuid;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM encounters_progressnote n WHERE n.state = 'draft' AND n.encounter_id = session)
    THEN RAISE EXCEPTION 'a record is never changed once its note is signed'; END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
POSTGRESQL_KEPT = """
CREATE FUNCTION encounters_kept_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was written after a missed session is never changed or removed'; END $$
"""


def sqlite_guards(table, session_of):
    """Three guards: what is added, what is changed on both its sides, and what is taken away."""
    for when, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        allowed = " AND ".join(DRAFT.format(encounter=session_of(row)) for row in rows)
        yield (
            f"CREATE TRIGGER {table}_{when.lower()}_stays BEFORE {when} ON encounters_{table} "
            f"WHEN NOT ({allowed}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def sqlite_statements():
    for table in RECORDS:
        yield from sqlite_guards(table, lambda row: f"{row}.encounter_id")
    for table, record, column in PARTS:
        yield from sqlite_guards(
            table,
            lambda row, record=record, column=column: (
                f"(SELECT r.encounter_id FROM encounters_{record} r WHERE r.id = {row}.{column})"
            ),
        )
    for table in KEPT:
        for when in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_{when.lower()}_stays BEFORE {when} ON encounters_{table} "
                "BEGIN SELECT RAISE(ABORT, 'what was written after a missed session is never changed or removed'); END"
            )


def postgresql_statements():
    yield POSTGRESQL
    yield POSTGRESQL_KEPT
    for table in RECORDS:
        yield (
            f"CREATE TRIGGER encounters_{table}_stays BEFORE INSERT OR UPDATE OR DELETE ON encounters_{table} "
            "FOR EACH ROW EXECUTE FUNCTION encounters_record_stays()"
        )
    for table, record, column in PARTS:
        yield (
            f"CREATE TRIGGER encounters_{table}_stays BEFORE INSERT OR UPDATE OR DELETE ON encounters_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION encounters_record_stays('encounters_{record}', '{column}')"
        )
    for table in KEPT:
        yield (
            f"CREATE TRIGGER encounters_{table}_stays BEFORE UPDATE OR DELETE ON encounters_{table} "
            "FOR EACH ROW EXECUTE FUNCTION encounters_kept_stays()"
        )


def guard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in sqlite_statements() if is_sqlite else postgresql_statements():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("encounters", "0003_records")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

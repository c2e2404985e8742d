"""The database itself refuses to change what was shared, answered or signed off, whoever asks.

A shared formulation may only be answered or replaced: its state moves, its words stand. Answers, versions of the
timeline, steps of a focus and stages of a dispute are only ever added.
"""

from django.db import migrations

CONTENT = (
    "episode_id", "number", "revision", "words", "marks", "elements", "text", "diagnosis", "grade", "language",
    "begun_by_id", "begun_at", "saved_by_id", "saved_at", "shared_how", "shared_by_id", "shared_at",
)  # fmt: skip
ADDED_ONLY = {
    "formulation_formulationanswer": "an answer to a formulation is never changed or removed",
    "formulation_timelineversion": "a version of the timeline is never changed or removed",
    "formulation_focusstep": "a step of a focus area is never changed or removed",
    "formulation_disputestage": "a stage of a dispute is never changed or removed",
}
CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in CONTENT)
SQLITE = [
    f"""
    CREATE TRIGGER formulation_shared_stays BEFORE UPDATE ON formulation_formulation
    WHEN OLD.state <> 'draft' AND (
      NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> 'superseded') OR {CHANGED})
    BEGIN SELECT RAISE(ABORT, 'a shared formulation is never changed'); END
    """,
    """
    CREATE TRIGGER formulation_no_delete BEFORE DELETE ON formulation_formulation WHEN OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'a shared formulation is never removed'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{sentence}'); END
        """
        for table, sentence in ADDED_ONLY.items()
        for verb in ("update", "delete")
    ),
]
NEW, OLD = (", ".join(f"{row}.{name}" for name in CONTENT) for row in ("NEW", "OLD"))
POSTGRESQL = [
    f"""
    CREATE FUNCTION formulation_shared_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a shared formulation is never removed'; END IF;
      IF NEW.state = 'draft' OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
         OR ({NEW}) IS DISTINCT FROM ({OLD})
      THEN RAISE EXCEPTION 'a shared formulation is never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER formulation_shared_stays BEFORE UPDATE OR DELETE ON formulation_formulation
    FOR EACH ROW EXECUTE FUNCTION formulation_shared_stays()
    """,
    """
    CREATE FUNCTION formulation_added_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0]; END $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION formulation_added_only('{sentence}')
        """
        for table, sentence in ADDED_ONLY.items()
    ),
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("formulation", "0002_story_and_timeline")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

"""The database itself refuses to change a signed hour, a rating that was handed in, a draw, or a turn of a request."""

from django.db import migrations

HOUR, MEMBER, CASE, DECISION = (
    "supervision_supervisionhour",
    "supervision_hourmember",
    "supervision_hourcase",
    "supervision_decision",
)
RATING, REVIEW = "supervision_rating", "supervision_eventreview"
NEVER = ("supervision_sampledraw", "supervision_approvalentry", "supervision_chartaudit")
SIGNED = "(SELECT state FROM supervision_supervisionhour WHERE id = {row}.hour_id) = 'signed'"
CHANGED = (
    "OLD.done_at IS NOT NULL"
    " OR NEW.words <> OLD.words OR NEW.owner_id <> OLD.owner_id OR NEW.due_on <> OLD.due_on"
    " OR NEW.hour_id <> OLD.hour_id OR NEW.supervisee_id <> OLD.supervisee_id"
)


def rules():
    """Table, moment, condition, and why it is turned away."""
    for moment in ("UPDATE", "DELETE"):
        yield HOUR, moment, "OLD.state = 'signed'", "a signed hour is never changed"
        yield RATING, moment, "OLD.handed_in_at IS NOT NULL", "a rating handed in is never changed"
        yield REVIEW, moment, "OLD.state = 'closed'", "a closed review is never changed"
        for table in NEVER:
            yield table, moment, "1 = 1", "this row is never changed"
    for table in (MEMBER, CASE):
        yield table, "INSERT", SIGNED.format(row="NEW"), "a signed hour is never changed"
        for moment in ("UPDATE", "DELETE"):
            yield table, moment, SIGNED.format(row="OLD"), "a signed hour is never changed"
    yield DECISION, "INSERT", SIGNED.format(row="NEW"), "a signed hour is never changed"
    yield DECISION, "DELETE", SIGNED.format(row="OLD"), "a signed hour is never changed"
    yield DECISION, "UPDATE", f"{SIGNED.format(row='OLD')} AND ({CHANGED})", "a decision is never changed"


def guard(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table, moment, condition, why in rules():
        name = f"{table}_{moment.lower()}_stays"
        if sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
            )
            continue
        row = "OLD" if moment == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{why}'; END IF; RETURN {row}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

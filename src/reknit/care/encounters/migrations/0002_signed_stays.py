"""The database itself refuses to change a signed note or an addendum, whoever asks.

A note that waits for co-signature may be co-signed or given back to its author, and nothing else: its words, its
frozen text and the author's signature stand.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER note_signed_stays BEFORE UPDATE ON encounters_progressnote WHEN OLD.state = 'signed'
    BEGIN SELECT RAISE(ABORT, 'a signed note is never changed'); END
    """,
    """
    CREATE TRIGGER note_awaiting_stays BEFORE UPDATE ON encounters_progressnote
    WHEN OLD.state = 'awaiting_cosign' AND (
      NEW.words IS NOT OLD.words OR NEW.revision IS NOT OLD.revision OR NEW.author_id IS NOT OLD.author_id
      OR NEW.encounter_id IS NOT OLD.encounter_id
      OR (NEW.state <> 'draft' AND (
        NEW.text IS NOT OLD.text OR NEW.digest IS NOT OLD.digest
        OR NEW.signed_at IS NOT OLD.signed_at OR NEW.signed_by_id IS NOT OLD.signed_by_id)))
    BEGIN SELECT RAISE(ABORT, 'a note that waits for co-signature is never changed'); END
    """,
    """
    CREATE TRIGGER note_no_delete BEFORE DELETE ON encounters_progressnote WHEN OLD.state <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'a signed note is never removed'); END
    """,
    """
    CREATE TRIGGER addendum_no_update BEFORE UPDATE ON encounters_addendum
    BEGIN SELECT RAISE(ABORT, 'an addendum is never changed'); END
    """,
    """
    CREATE TRIGGER addendum_no_delete BEFORE DELETE ON encounters_addendum
    BEGIN SELECT RAISE(ABORT, 'an addendum is never removed'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION encounters_note_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
      END IF;
      IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a signed note is never removed'; END IF;
      IF OLD.state = 'signed' THEN RAISE EXCEPTION 'a signed note is never changed'; END IF;
      IF (NEW.words, NEW.revision, NEW.author_id, NEW.encounter_id)
           IS DISTINCT FROM (OLD.words, OLD.revision, OLD.author_id, OLD.encounter_id)
         OR (NEW.state <> 'draft' AND (NEW.text, NEW.digest, NEW.signed_at, NEW.signed_by_id)
           IS DISTINCT FROM (OLD.text, OLD.digest, OLD.signed_at, OLD.signed_by_id))
      THEN RAISE EXCEPTION 'a note that waits for co-signature is never changed'; END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER encounters_note_stays BEFORE UPDATE OR DELETE ON encounters_progressnote
    FOR EACH ROW EXECUTE FUNCTION encounters_note_stays()
    """,
    """
    CREATE FUNCTION encounters_addendum_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'an addendum is never changed or removed'; END $$
    """,
    """
    CREATE TRIGGER encounters_addendum_stays BEFORE UPDATE OR DELETE ON encounters_addendum
    FOR EACH ROW EXECUTE FUNCTION encounters_addendum_stays()
    """,
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]

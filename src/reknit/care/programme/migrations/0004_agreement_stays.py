"""The database itself refuses to change what was agreed, whoever asks.

An agreed contract may only be replaced by a later version; its goals stay with it. A rating and an answer are never
changed. An amendment is decided once. And once a contract is agreed, the ending date and the number of sessions of
the course are what it says, or what the latest amendment says (gate G11).

A later migration that makes one of these tables anew on SQLite takes its triggers along with the old table, and is
stopped by those that name it: run `unguard` first and `guard` after.
"""

from django.db import migrations

# Every column of a contract but the two that tell that a later version replaced it.
FROZEN = """
  id episode_id version revision why planned_sessions session_minutes cadence_days place ends_on miss_rule
  misses_that_roll late_cancel_hours afterwards substance_goal substance substance_goal_words substance_goal_on
  lapse_plan made_by_id made_at saved_by_id saved_at offered_by_id offered_at agreed_how agreed_words witness
  agreed_by_id agreed_at
""".split()
MOVED = """
  (NEW.ends_on {differs} OLD.ends_on OR NEW.planned_sessions {differs} OLD.planned_sessions)
  AND EXISTS (SELECT 1 FROM programme_contract c WHERE c.episode_id = NEW.id AND c.state = 'agreed')
  AND NOT EXISTS (
    SELECT 1 FROM programme_amendment a
    WHERE a.episode_id = NEW.id AND a.state = 'agreed' AND a.ends_on {same} NEW.ends_on
      AND a.planned_sessions {same} NEW.planned_sessions
      AND a.number = (
        SELECT MAX(b.number) FROM programme_amendment b
        WHERE b.episode_id = NEW.id AND b.state = 'agreed' AND b.what <> 'contract'))
  AND NOT EXISTS (
    SELECT 1 FROM programme_contract c
    WHERE c.episode_id = NEW.id AND c.state = 'agreed' AND c.version = 1
      AND c.ends_on {same} NEW.ends_on AND c.planned_sessions {same} NEW.planned_sessions
      AND NOT EXISTS (
        SELECT 1 FROM programme_amendment b
        WHERE b.episode_id = NEW.id AND b.state = 'agreed' AND b.what <> 'contract'))
"""
SAYS = {
    "contract": "an agreed contract is never changed",
    "goal": "a goal of an agreed contract is never changed",
    "added": "what was added to an agreement is never changed",
    "amendment": "a decided amendment is never changed",
    "ending": "the ending date that was agreed moves by an amendment only",
}
SQLITE = {
    "contract_agreed_stays": f"""
      BEFORE UPDATE ON programme_contract WHEN OLD.state <> 'draft' AND NOT (
        OLD.state = 'agreed' AND NEW.state = 'superseded'
        AND {" AND ".join(f"NEW.{column} IS OLD.{column}" for column in FROZEN)})
      BEGIN SELECT RAISE(ABORT, '{SAYS["contract"]}'); END""",
    "contract_no_delete": f"""
      BEFORE DELETE ON programme_contract WHEN OLD.state <> 'draft'
      BEGIN SELECT RAISE(ABORT, '{SAYS["contract"]}'); END""",
    **{
        f"goal_agreed_stays_{verb.lower()}": f"""
      BEFORE {verb} ON programme_goal
      WHEN EXISTS (SELECT 1 FROM programme_contract WHERE state <> 'draft' AND id IN ({rows}))
      BEGIN SELECT RAISE(ABORT, '{SAYS["goal"]}'); END"""
        for verb, rows in (
            ("INSERT", "NEW.contract_id"),
            ("UPDATE", "NEW.contract_id, OLD.contract_id"),
            ("DELETE", "OLD.contract_id"),
        )
    },
    **{
        f"{table}_no_{verb.lower()}": f"""
      BEFORE {verb} ON programme_{table} BEGIN SELECT RAISE(ABORT, '{SAYS["added"]}'); END"""
        for table in ("goalrating", "contractanswer")
        for verb in ("UPDATE", "DELETE")
    },
    "amendment_decided_stays": f"""
      BEFORE UPDATE ON programme_amendment WHEN OLD.state <> 'asked' OR NEW.number IS NOT OLD.number
        OR NEW.episode_id IS NOT OLD.episode_id OR NEW.what IS NOT OLD.what OR NEW.why IS NOT OLD.why
        OR NEW.ends_on IS NOT OLD.ends_on OR NEW.planned_sessions IS NOT OLD.planned_sessions
        OR NEW.asked_by_id IS NOT OLD.asked_by_id
      BEGIN SELECT RAISE(ABORT, '{SAYS["amendment"]}'); END""",
    "amendment_no_delete": f"""
      BEFORE DELETE ON programme_amendment BEGIN SELECT RAISE(ABORT, '{SAYS["amendment"]}'); END""",
    "episode_ending_stays": f"""
      BEFORE UPDATE OF ends_on, planned_sessions ON programme_episode
      WHEN {MOVED.format(differs="IS NOT", same="IS")}
      BEGIN SELECT RAISE(ABORT, '{SAYS["ending"]}'); END""",
}


def function(name, body):
    """A trigger function of PostgreSQL."""
    return f"CREATE FUNCTION programme_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def row(side):
    return "(" + ", ".join(f"{side}.{column}" for column in FROZEN) + ")"


POSTGRESQL = {
    "contract_stays": (
        "UPDATE OR DELETE ON programme_contract",
        f"""
        IF OLD.state = 'draft' THEN
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{SAYS["contract"]}'; END IF;
        IF OLD.state <> 'agreed' OR NEW.state <> 'superseded' OR {row("NEW")} IS DISTINCT FROM {row("OLD")}
        THEN RAISE EXCEPTION '{SAYS["contract"]}'; END IF;
        RETURN NEW;""",
    ),
    "goal_stays": (
        "INSERT OR UPDATE OR DELETE ON programme_goal",
        f"""
        IF TG_OP <> 'DELETE' AND EXISTS (
          SELECT 1 FROM programme_contract WHERE state <> 'draft' AND id = NEW.contract_id)
        THEN RAISE EXCEPTION '{SAYS["goal"]}'; END IF;
        IF TG_OP <> 'INSERT' AND EXISTS (
          SELECT 1 FROM programme_contract WHERE state <> 'draft' AND id = OLD.contract_id)
        THEN RAISE EXCEPTION '{SAYS["goal"]}'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;""",
    ),
    "rating_stays": ("UPDATE OR DELETE ON programme_goalrating", f"RAISE EXCEPTION '{SAYS['added']}';"),
    "answer_stays": ("UPDATE OR DELETE ON programme_contractanswer", f"RAISE EXCEPTION '{SAYS['added']}';"),
    "amendment_stays": (
        "UPDATE OR DELETE ON programme_amendment",
        f"""
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{SAYS["amendment"]}'; END IF;
        IF OLD.state <> 'asked' OR
          (NEW.number, NEW.episode_id, NEW.what, NEW.why, NEW.ends_on, NEW.planned_sessions, NEW.asked_by_id)
          IS DISTINCT FROM
          (OLD.number, OLD.episode_id, OLD.what, OLD.why, OLD.ends_on, OLD.planned_sessions, OLD.asked_by_id)
        THEN RAISE EXCEPTION '{SAYS["amendment"]}'; END IF;
        RETURN NEW;""",
    ),
    "ending_stays": (
        "UPDATE OF ends_on, planned_sessions ON programme_episode",
        f"""
        IF {MOVED.format(differs="IS DISTINCT FROM", same="IS NOT DISTINCT FROM")}
        THEN RAISE EXCEPTION '{SAYS["ending"]}'; END IF;
        RETURN NEW;""",
    ),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, rule in SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {rule}")
        return
    for name, (when, body) in POSTGRESQL.items():
        schema_editor.execute(function(name, body))
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
    dependencies = [("programme", "0003_agreement")]
    operations = [migrations.RunPython(guard, unguard)]

"""How far out in its ring a mark stands. SQLite makes the table anew for the rule, so its guard is put up again."""

from django.db import migrations, models

GUARD = """
    CREATE TRIGGER relationship_no_delete BEFORE DELETE ON network_relationship
    BEGIN SELECT RAISE(ABORT, 'a relationship is set aside and never removed'); END
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS relationship_no_delete")
        schema_editor.execute(GUARD)


class Migration(migrations.Migration):
    dependencies = [("network", "0003_signed_circle_stays")]
    operations = [
        migrations.AddField("relationship", "depth", models.SmallIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            "relationship",
            models.CheckConstraint(
                condition=models.Q(depth=None) | models.Q(depth__gte=0, depth__lte=100),
                name="relationship_depth_on_scale",
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

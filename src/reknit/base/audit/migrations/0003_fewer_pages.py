"""Keys counted without a table beside, and positions unique where there is one: each event changes two pages less.

SQLite makes the table anew for that, which takes its triggers away, so they are set again.
"""

from importlib import import_module

import reknit.base.fields
from django.db import migrations, models

GUARDS = import_module("reknit.base.audit.migrations.0002_append_only").SQLITE


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in GUARDS:
            name = statement.split()[2]
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        migrations.AlterField(
            model_name='auditevent',
            name='id',
            field=reknit.base.fields.CountedKeyField(editable=False, primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='position',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.UniqueConstraint(condition=models.Q(('position__isnull', False)), fields=('position',), name='audit_one_at_a_position'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

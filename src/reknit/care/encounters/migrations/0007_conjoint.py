"""Sessions with somebody else: their plans, and their records, which lock with the session's note as others do."""

import django.db.models.deletion
import reknit.base.fields
from django.conf import settings
from django.db import migrations, models

DRAFT = "EXISTS (SELECT 1 FROM encounters_progressnote n WHERE n.state = 'draft' AND n.encounter_id = {row}.encounter_id)"


def guard(apps, schema_editor):
    """The guards of migration 0004 for one table more."""
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER encounters_conjointsession_stays BEFORE INSERT OR UPDATE OR DELETE "
            "ON encounters_conjointsession FOR EACH ROW EXECUTE FUNCTION encounters_record_stays()"
        )
        return
    for when, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        allowed = " AND ".join(DRAFT.format(row=row) for row in rows)
        schema_editor.execute(
            f"CREATE TRIGGER conjointsession_{when.lower()}_stays BEFORE {when} ON encounters_conjointsession "
            f"WHEN NOT ({allowed}) BEGIN SELECT RAISE(ABORT, 'a record is never changed once its note is signed'); END"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('encounters', '0006_notes_kept_apart'),
        ('network', '0003_signed_circle_stays'),
        ('programme', '0005_facts_alone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConjointPlan',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('screened_on', models.DateField(verbose_name='Asked the client alone about violence and control, with nothing raised, on')),
                ('purpose', models.TextField(default='', max_length=2000, validators=[reknit.base.fields.no_control_characters], verbose_name='What it is for')),
                ('may_raise', models.TextField(default='', max_length=2000, validators=[reknit.base.fields.no_control_characters], verbose_name='What may be raised')),
                ('may_not_raise', models.TextField(default='', max_length=2000, validators=[reknit.base.fields.no_control_characters], verbose_name='What may not be raised')),
                ('client_agreed_on', models.DateField(blank=True, null=True, verbose_name='The client agreed on')),
                ('person_agreed_on', models.DateField(blank=True, null=True, verbose_name='The other person agreed on')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('called_off_at', models.DateTimeField(blank=True, null=True)),
                ('called_off_why', models.CharField(blank=True, default='', max_length=300, validators=[reknit.base.fields.no_control_characters], verbose_name='Why it is called off')),
                ('called_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conjoint_plans', to='programme.episode')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('relationship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.relationship', verbose_name='Who is asked to come')),
            ],
        ),
        migrations.CreateModel(
            name='ConjointSession',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('came', models.CharField(choices=[('yes', 'Yes'), ('no', 'No')], default='', max_length=16, verbose_name='Did they come?')),
                ('raised', models.TextField(blank=True, default='', max_length=2000, validators=[reknit.base.fields.no_control_characters], verbose_name='What was talked about, as it concerns the client')),
                ('agreed', models.TextField(blank=True, default='', max_length=2000, validators=[reknit.base.fields.no_control_characters], verbose_name='What both said they would do')),
                ('client_after', models.CharField(blank=True, default='', max_length=300, validators=[reknit.base.fields.no_control_characters], verbose_name='How it was for the client, asked alone afterwards')),
                ('next_step', models.CharField(blank=True, default='', max_length=300, validators=[reknit.base.fields.no_control_characters], verbose_name='What follows from it')),
                ('changed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('encounter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='encounters.encounter')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='encounters.conjointplan', verbose_name='Which plan')),
            ],
        ),
        migrations.AddIndex(
            model_name='conjointplan',
            index=models.Index(fields=['episode', 'made_at'], name='encounters__episode_67358c_idx'),
        ),
        migrations.AddConstraint(
            model_name='conjointplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('called_off_at', None), ('called_off_by', None), ('called_off_why', '')), models.Q(('called_off_at__isnull', False), ('called_off_by__isnull', False), models.Q(('called_off_why', ''), _negated=True)), _connector='OR'), name='conjoint_called_off_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='conjointplan',
            constraint=models.CheckConstraint(condition=models.Q(('called_off_at', None), ('called_off_at__gte', models.F('made_at')), _connector='OR'), name='conjoint_times_in_order'),
        ),
        migrations.AddConstraint(
            model_name='conjointsession',
            constraint=models.UniqueConstraint(fields=('encounter',), name='one_conjoint_record_a_session'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

import django.db.models.deletion
import reknit.base.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_waiting'),
        ('programme', '0008_wording_permission'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CourseChoice',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('people_problem', models.CharField(blank=True, choices=[('', 'Not asked yet'), ('yes', 'Yes'), ('no', 'No')], default='', max_length=4)),
                ('unsettled', models.CharField(blank=True, choices=[('', 'Not asked yet'), ('yes', 'Yes'), ('no', 'No')], default='', max_length=4)),
                ('proposed', models.JSONField(default=list)),
                ('facts', models.JSONField(default=list)),
                ('chosen', models.CharField(max_length=40)),
                ('reason', models.CharField(blank=True, default='', max_length=500, validators=[reknit.base.fields.no_control_characters])),
                ('is_proposed', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='course_choices', to='programme.episode')),
            ],
            options={
                'indexes': [models.Index(fields=['episode', 'at'], name='intake_cour_episode_0624c5_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_proposed', True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='other_course_has_its_reason')],
            },
        ),
    ]

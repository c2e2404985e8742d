import django.db.models.deletion
import reknit.base.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0003_course_choice'),
        ('programme', '0008_wording_permission'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AdmissionFacts',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('codes_version', models.CharField(max_length=40)),
                ('answers', models.JSONField(default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='admission_facts', to='programme.episode')),
            ],
        ),
    ]

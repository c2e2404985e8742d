import django.db.models.deletion
import reknit.base.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('encounters', '0008_meeting_before'),
        ('people', '0002_practice_clients'),
        ('programme', '0008_wording_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('gate', 'Pass a gate'), ('switch', 'Switch the focus'), ('extension', 'Extend the course')], max_length=10)),
                ('gate', models.CharField(blank=True, default='', max_length=12)),
                ('state', models.CharField(choices=[('waiting', 'Waits for an answer'), ('asked_back', 'Waits for the therapist'), ('yes', 'Yes'), ('no', 'No'), ('taken_back', 'Taken back')], default='waiting', max_length=10)),
                ('why', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('facts', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField()),
                ('amendment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.amendment')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.episode')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'asked_back')), models.Q(('kind', 'extension'), _negated=True)), fields=('episode', 'kind', 'gate'), name='asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('amendment', None), ('kind', 'gate'), models.Q(('gate', ''), _negated=True)), models.Q(('amendment', None), ('gate', ''), ('kind', 'switch')), models.Q(('amendment__isnull', False), ('gate', ''), ('kind', 'extension')), _connector='OR'), name='approval_names_what')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalEntry',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('asked', 'asked'), ('question', 'asked back'), ('reply', 'answered'), ('yes', 'said yes'), ('no', 'said no'), ('taken_back', 'took it back')], max_length=10)),
                ('words', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('at', models.DateTimeField()),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='supervision.approval')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ChartAudit',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('why', models.CharField(max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.client')),
            ],
        ),
        migrations.CreateModel(
            name='CredentialGoal',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('credential', models.CharField(max_length=40)),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credential_goals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person', 'credential'), name='one_goal_each')],
            },
        ),
        migrations.CreateModel(
            name='CredentialProof',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('amount', models.DecimalField(decimal_places=1, max_digits=6)),
                ('on', models.DateField()),
                ('kept_where', models.CharField(max_length=200, validators=[reknit.base.fields.no_control_characters])),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credential_proofs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='proof_of_something')],
            },
        ),
        migrations.CreateModel(
            name='EventReview',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(choices=[('death', 'A death'), ('overdose', 'An overdose'), ('suicide_attempt', 'A suicide attempt or serious self-harm'), ('violence', 'Violence against a person'), ('contact_lost', 'Contact was lost while a risk was open'), ('privacy', 'Something private was disclosed'), ('other', 'Something else')], max_length=16)),
                ('on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('went_well', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('made_hard', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('learned', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('protocol_change', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.episode')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='review_closed_pair')],
            },
        ),
        migrations.CreateModel(
            name='ReviewAction',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('words', models.CharField(max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='supervision.eventreview')),
            ],
        ),
        migrations.CreateModel(
            name='SampleDraw',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('seed', models.PositiveBigIntegerField()),
                ('pool', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supervisee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sample_draws', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SampledSession',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('stage', models.CharField(choices=[('initial', 'Initial phase'), ('middle', 'Middle phase'), ('closing', 'Closing phase')], max_length=8)),
                ('rated_twice', models.BooleanField(default=False)),
                ('kept_where', models.CharField(blank=True, default='', max_length=200, validators=[reknit.base.fields.no_control_characters])),
                ('drawn_at', models.DateTimeField()),
                ('left_out', models.CharField(blank=True, choices=[('not_recorded', 'It was not recorded'), ('no_consent', 'The client does not agree to the recording being heard'), ('cannot_be_heard', 'The recording cannot be heard'), ('too_short', 'The session was too short to rate')], default='', max_length=16)),
                ('left_out_at', models.DateTimeField(blank=True, null=True)),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='supervision.sampledraw')),
                ('encounter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='encounters.encounter')),
                ('left_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='supervision.sampledsession')),
                ('second_rater', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('therapist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sampled_sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('left_out', ''), ('left_out_at', None), ('left_out_by', None)), models.Q(models.Q(('left_out', ''), _negated=True), ('left_out_at__isnull', False), ('left_out_by__isnull', False)), _connector='OR'), name='sampled_left_out_pair'), models.CheckConstraint(condition=models.Q(('rated_twice', True), ('second_rater', None), _connector='OR'), name='second_rater_only_of_some')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(choices=[('self', 'Therapist'), ('first', 'Supervisor'), ('second', 'Second rater')], max_length=8)),
                ('form_version', models.CharField(max_length=12)),
                ('scores', models.JSONField(default=dict)),
                ('comments', models.JSONField(default=list)),
                ('words', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('revision', models.PositiveIntegerField(default=0)),
                ('begun_at', models.DateTimeField()),
                ('handed_in_at', models.DateTimeField(blank=True, null=True)),
                ('n', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('mean', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True)),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings_given', to=settings.AUTH_USER_MODEL)),
                ('sampled', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='supervision.sampledsession')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sampled', 'part'), name='rated_once_a_part'), models.CheckConstraint(condition=models.Q(models.Q(('handed_in_at', None), ('mean', None), ('n', None)), models.Q(('handed_in_at__isnull', False), ('mean__isnull', False), ('n__isnull', False)), _connector='OR'), name='rating_handed_in_pair')],
            },
        ),
        migrations.CreateModel(
            name='SupervisionHour',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('signed', 'Signed')], default='draft', max_length=8)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('own_notes', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('made_at', models.DateTimeField()),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('state', 'draft')), models.Q(('signed_at__isnull', False), ('state', 'signed')), _connector='OR'), name='hour_signed_pair'), models.CheckConstraint(condition=models.Q(('minutes__range', (5, 480))), name='hour_minutes_in_range')],
            },
        ),
        migrations.CreateModel(
            name='HourMember',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('supervisee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_received', to=settings.AUTH_USER_MODEL)),
                ('hour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='supervision.supervisionhour')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'supervisee'), name='in_an_hour_once')],
            },
        ),
        migrations.CreateModel(
            name='HourCase',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('raised', models.JSONField(default=list)),
                ('discussed', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('advice', models.TextField(blank=True, default='', max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('revision', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.episode')),
                ('supervisee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='supervision.supervisionhour')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hour', 'episode'), name='course_once_an_hour')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('words', models.CharField(max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_words', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervision_decisions', to=settings.AUTH_USER_MODEL)),
                ('supervisee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='supervision.hourcase')),
                ('hour', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='supervision.supervisionhour')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('done_words', '')), models.Q(('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='decision_done_pair')],
            },
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['asked_by', 'state'], name='supervision_asked_b_1dda90_idx'),
        ),
        migrations.AddIndex(
            model_name='approvalentry',
            index=models.Index(fields=['approval', 'at'], name='supervision_approva_5e78d1_idx'),
        ),
        migrations.AddIndex(
            model_name='credentialproof',
            index=models.Index(fields=['person', 'kind'], name='supervision_person__4e787f_idx'),
        ),
        migrations.AddIndex(
            model_name='sampledsession',
            index=models.Index(fields=['therapist', 'drawn_at'], name='supervision_therapi_f87d49_idx'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['rater', 'begun_at'], name='supervision_rater_i_a237fa_idx'),
        ),
        migrations.AddIndex(
            model_name='supervisionhour',
            index=models.Index(fields=['supervisor', 'on'], name='supervision_supervi_3da07e_idx'),
        ),
        migrations.AddIndex(
            model_name='hourcase',
            index=models.Index(fields=['episode', 'saved_at'], name='supervision_episode_868952_idx'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['owner', 'due_on'], name='decision_open'),
        ),
    ]

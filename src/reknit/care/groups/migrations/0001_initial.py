import django.core.validators
import django.db.models.deletion
import reknit.base.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('encounters', '0010_kind'),
        ('people', '0002_practice_clients'),
        ('programme', '0008_wording_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupRun',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80, validators=[reknit.base.fields.no_control_characters], verbose_name='Name of the group')),
                ('protocol', models.CharField(max_length=20)),
                ('protocol_version', models.CharField(max_length=20)),
                ('planned_sessions', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField(verbose_name='First session')),
                ('starts_time', models.TimeField(verbose_name='Time')),
                ('minutes', models.PositiveSmallIntegerField(default=90, verbose_name='Minutes')),
                ('place', models.CharField(blank=True, default='', max_length=120, validators=[reknit.base.fields.no_control_characters], verbose_name='Room')),
                ('video_link', models.URLField(blank=True, default='', max_length=300, verbose_name='Link for video')),
                ('capacity', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(6), django.core.validators.MaxValueValidator(10)], verbose_name='Places')),
                ('is_closed_group', models.BooleanField(default=True, verbose_name='Closed after the first sessions')),
                ('state', models.CharField(choices=[('forming', 'Being formed'), ('running', 'Under way'), ('closed', 'Closed')], default='forming', max_length=8)),
                ('ending_tasks', models.JSONField(blank=True, default=list)),
                ('lessons', models.TextField(blank=True, default='', max_length=2000, validators=[reknit.base.fields.no_control_characters])),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('co_facilitator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups_co_led', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups_led', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', 6), ('capacity__lte', 10)), name='group_six_to_ten_places'), models.CheckConstraint(condition=models.Q(('lead', models.F('co_facilitator')), _negated=True), name='group_two_facilitators'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None), ('closed_by', None)), _connector='OR'), name='group_closed_pair')],
            },
        ),
        migrations.CreateModel(
            name='GroupSession',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('starts_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('draft', 'Written, not signed'), ('signed', 'Signed'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('note', models.TextField(blank=True, default='', max_length=8000, validators=[reknit.base.fields.no_control_characters])),
                ('done', models.JSONField(blank=True, default=list)),
                ('climate_plan', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('cancelled_because', models.CharField(blank=True, default='', max_length=200, validators=[reknit.base.fields.no_control_characters])),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='groups.grouprun')),
                ('saved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='group_session_numbered_once'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('signed_by__isnull', False), ('state', 'signed')), models.Q(models.Q(('state', 'signed'), _negated=True), ('signed_at', None), ('signed_by', None)), _connector='OR'), name='group_session_signed_pair'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('cancelled_because', ''), _negated=True), _connector='OR'), name='group_session_cancel_reason')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('focus', models.CharField(blank=True, choices=[('grief', 'Grief'), ('dispute', 'Role dispute'), ('transition', 'Role transition'), ('sensitivity', 'Interpersonal sensitivity')], default='', max_length=12, verbose_name='Focus area')),
                ('shared_goals', models.TextField(blank=True, default='', max_length=1000, validators=[reknit.base.fields.no_control_characters], verbose_name='Goals to share in the group')),
                ('private_goals', models.TextField(blank=True, default='', max_length=1000, validators=[reknit.base.fields.no_control_characters], verbose_name='Goals that stay private')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('asked_at', models.DateTimeField()),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('started_without', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('ended_because', models.CharField(blank=True, choices=[('completed', 'Came to the end of the group'), ('client', 'The client chose to stop'), ('other_care', 'Other care instead'), ('moved', 'Moved away, or cannot come'), ('never_started', 'Did not start'), ('died', 'Died')], default='', max_length=14)),
                ('ended_words', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('next_step', models.CharField(blank=True, choices=[('none', 'Nothing more for now'), ('follow_up', 'Follow-up as planned'), ('alone', 'Sessions alone'), ('maintenance', 'Maintenance sessions'), ('mutual_help', 'Mutual help'), ('more_care', 'More care, or other care')], default='', max_length=12, verbose_name='Next step')),
                ('next_words', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters], verbose_name='In words')),
                ('teams', models.JSONField(blank=True, default=list)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_places', to='people.client')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_places', to='programme.episode')),
                ('joined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='groups.grouprun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('run', 'client'), name='one_place_in_a_group'), models.CheckConstraint(condition=models.Q(models.Q(('joined_at', None), ('joined_by', None), ('starts_on', None)), models.Q(('joined_at__isnull', False), ('joined_by__isnull', False), ('starts_on__isnull', False)), _connector='OR'), name='member_joined_pair'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_because', ''), ('ended_by', None), ('ends_on', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('ends_on__isnull', False), models.Q(('ended_because', ''), _negated=True)), _connector='OR'), name='member_ended_pair'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('starts_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='member_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='MeetingAlone',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('before', 'Before the group'), ('half_way', 'Half way'), ('after', 'After the group'), ('month', 'One month later'), ('missed', 'After two missed sessions')], max_length=8)),
                ('due_on', models.DateField()),
                ('after_session', models.PositiveSmallIntegerField(default=0)),
                ('held_at', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('appointment', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_meeting', to='encounters.appointment')),
                ('encounter', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_meeting', to='encounters.encounter')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='groups.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'kind', 'after_session'), name='meeting_owed_once'), models.CheckConstraint(condition=models.Q(models.Q(('encounter', None), ('held_at', None)), models.Q(('encounter__isnull', False), ('held_at__isnull', False)), _connector='OR'), name='meeting_held_pair')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(choices=[('attended', 'Came'), ('no_show', 'Did not come'), ('late_cancel', 'Cancelled late'), ('cancelled', 'Cancelled in time'), ('clinician', 'Cancelled by us')], default='attended', max_length=12)),
                ('place', models.CharField(choices=[('here', 'In the room'), ('phone', 'By phone'), ('video', 'By video')], default='here', max_length=10)),
                ('minutes_late', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(240)])),
                ('minutes_early', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(240)])),
                ('absent_because', models.CharField(blank=True, default='', max_length=200, validators=[reknit.base.fields.no_control_characters])),
                ('safety', models.CharField(choices=[('no_concern', 'Asked, no concern'), ('spoken', 'Asked, spoken with alone'), ('not_asked', 'Not asked')], default='not_asked', max_length=12)),
                ('private_line', models.CharField(blank=True, default='', max_length=600, validators=[reknit.base.fields.no_control_characters])),
                ('to_try', models.CharField(blank=True, default='', max_length=400, validators=[reknit.base.fields.no_control_characters])),
                ('encounter', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='group_attendance', to='encounters.encounter')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='groups.groupsession')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='groups.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'member'), name='attendance_once'), models.CheckConstraint(condition=models.Q(('outcome', 'attended'), models.Q(('minutes_early', 0), ('minutes_late', 0), ('private_line', ''), ('safety', 'not_asked'), ('to_try', '')), _connector='OR'), name='only_who_came_has_minutes_and_lines')],
            },
        ),
        migrations.CreateModel(
            name='SmallGroupDecision',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('after_session', models.PositiveSmallIntegerField()),
                ('choice', models.CharField(choices=[('go_on', 'Go on as it is'), ('take_in', 'Take new members in'), ('join', 'Join with another group'), ('end', 'End the group early, with goodbyes')], max_length=8, verbose_name='What you decided')),
                ('why', models.CharField(max_length=400, validators=[reknit.base.fields.no_control_characters], verbose_name='Why')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='groups.grouprun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'after_session'), name='small_group_decided_once')],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('focus', models.CharField(choices=[('grief', 'Grief'), ('dispute', 'Role dispute'), ('transition', 'Role transition'), ('sensitivity', 'Interpersonal sensitivity')], max_length=12)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='groups.member')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='groups.groupsession')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'position'), name='turn_in_place')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='groups.member')),
                ('turn', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='groups.turn')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('turn', 'member'), name='responded_once')],
            },
        ),
        migrations.CreateModel(
            name='WeeklySummary',
            fields=[
                ('id', reknit.base.fields.KeyField(default=reknit.base.fields.key, editable=False, primary_key=True, serialize=False)),
                ('words', models.TextField(max_length=4000, validators=[reknit.base.fields.no_control_characters])),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField()),
                ('first_at', models.DateTimeField(blank=True, null=True)),
                ('second_at', models.DateTimeField(blank=True, null=True)),
                ('first_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='summary', to='groups.groupsession')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('first_at', None), ('first_by', None)), models.Q(('first_at__isnull', False), ('first_by__isnull', False)), _connector='OR'), name='summary_first_pair'), models.CheckConstraint(condition=models.Q(models.Q(('second_at', None), ('second_by', None)), models.Q(('first_by__isnull', False), ('second_at__isnull', False), ('second_by__isnull', False)), _connector='OR'), name='summary_second_pair'), models.CheckConstraint(condition=models.Q(('second_by', None), models.Q(('second_by', models.F('first_by')), _negated=True), _connector='OR'), name='summary_two_people')],
            },
        ),
        migrations.AddIndex(
            model_name='groupsession',
            index=models.Index(fields=['starts_at'], name='groups_grou_starts__cd2873_idx'),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(fields=['run', 'starts_on'], name='groups_memb_run_id_20e513_idx'),
        ),
        migrations.AddIndex(
            model_name='meetingalone',
            index=models.Index(condition=models.Q(('held_at', None)), fields=['due_on'], name='meeting_alone_owed'),
        ),
    ]

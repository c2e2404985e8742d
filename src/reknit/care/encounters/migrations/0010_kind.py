from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('encounters', '0009_calendar'),
    ]

    operations = [
        migrations.AddField(
            model_name='encounter',
            name='kind',
            field=models.CharField(choices=[('individual', 'Alone'), ('group', 'In a group')], default='individual', max_length=10),
        ),
    ]

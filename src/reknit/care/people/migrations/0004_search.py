from django.db import migrations, models

from reknit.care.people.names import sought


def fill(apps, schema_editor):
    """Write down the names of everybody as they are searched, save of practice clients."""
    Client = apps.get_model("people", "Client")
    batch = []
    for one in Client.objects.filter(sandbox_of=None).iterator(chunk_size=500):
        one.sought = sought(one.given_name, one.family_name, one.preferred_name)
        batch.append(one)
        if len(batch) == 500:
            Client.objects.bulk_update(batch, ["sought"])
            batch = []
    Client.objects.bulk_update(batch, ["sought"])


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_absence"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="sought",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

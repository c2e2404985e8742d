"""Items learn who had them first, from whom they go on, and until when. Filled in here, required from the next migration on.

PostgreSQL will not require a column in the transaction that filled it, so the two are apart.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = {"on_delete": django.db.models.deletion.PROTECT, "to": settings.AUTH_USER_MODEL}


def fill(apps, schema_editor):
    """The first owner is whom the earliest handing over came from; the rest is as it stands now."""
    item_model = apps.get_model("safety", "RiskItem")
    entry_model = apps.get_model("safety", "RiskEntry")
    first = {}
    for item, facts in (
        entry_model.objects.filter(kind="handed_over").order_by("-at", "-pk").values_list("item", "facts")
    ):
        first[item] = facts.get("from")
    item_model.objects.update(
        first_owner=models.F("owner"), entrusted_to=models.F("owner"), held_until=models.F("due_at")
    )
    for item, owner in first.items():
        if owner:
            item_model.objects.filter(pk=item).update(first_owner=owner)


class Migration(migrations.Migration):
    dependencies = [
        ("safety", "0004_orders_of_no_contact"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "riskitem", "first_owner", models.ForeignKey(null=True, related_name="+", **PERSON)
        ),
        migrations.AddField(
            "riskitem", "entrusted_to", models.ForeignKey(null=True, related_name="entrusted_items", **PERSON)
        ),
        migrations.AddField("riskitem", "held_until", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

"""Whoever a run was formed with leads it from the day it was formed. By itself: PostgreSQL changes no table that waits for its keys."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    runs, facilitations = apps.get_model("groups", "GroupRun"), apps.get_model("groups", "Facilitation")
    facilitations.objects.bulk_create(
        facilitations(
            run=run, person_id=person, part=part, starts_on=run.made_at.date(), made_by_id=run.made_by_id,
            made_at=run.made_at,
        )
        for run in runs.objects.all()
        for part, person in (("lead", run.lead_id), ("co", run.co_facilitator_id))
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_who_leads")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

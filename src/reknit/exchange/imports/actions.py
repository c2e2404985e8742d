"""Carrying a plan out: everything in one transaction, or nothing."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date, start_of
from reknit.care.measures.actions import record_administrations
from reknit.care.measures.models import Administration
from reknit.care.measures.sheets import Sheet
from reknit.care.people.actions import add_imported_clients, add_programme, form_imported_care_teams
from reknit.care.people.models import Client, ClientIdentifier, Programme, Site
from reknit.care.safety.actions import open_risk_item
from reknit.care.substance_use.actions import monitor_imported, record_imported_days
from reknit.care.substance_use.models import MonitoredSubstance, UseDay

from .mapping import Mapping
from .models import ImportRun
from .plan import Plan, PlannedDay, PlannedSheet

BATCH = 500
Step = Callable[[int], None]
Item = TypeVar("Item")


@action
def carry_out(
    *,
    by: User,
    at: dt.datetime,
    mapping: Mapping,
    plan: Plan,
    site: Site,
    file_digest: str,
    step: Step,
) -> ImportRun:
    """Write a plan. `by` becomes the clinician of the imported clients; `step` is told how far it is."""
    programme = Programme.objects.filter(site=site, name=mapping.programme).first() or add_programme(
        by=by, at=at, site=site, name=mapping.programme, is_imported=True
    )
    clients = dict(plan.known_clients)
    for batch in batches(plan.new_clients):
        clients |= add_clients(by, at, mapping, programme, batch, zone=site.time_zone)
        step(len(batch))
    known = {row.pk: row for row in Client.objects.filter(programme=programme)}
    for sheets in batches(plan.sheets):
        write_sheets(by, at, mapping, sheets, clients, known, zone=site.time_zone)
        step(len(sheets))
    write_days(by, at, mapping, plan.days, clients, known, step)
    run = ImportRun.objects.create(
        system=mapping.system,
        file_digest=file_digest,
        counts={
            "rows": plan.rows,
            "clients": len(plan.new_clients),
            "sheets": len(plan.sheets),
            "days": len(plan.days),
            "merged": plan.merged,
            "already": plan.already,
            "rejected": len(plan.rejected),
        },
        by=by,
        at=at,
    )
    audit.record("import", by=by, at=at, subject=run, detail={**run.counts, "sha256": file_digest})
    if plan.critical:
        # History starts no clock for anybody; one item stands for all of it.
        open_risk_item(
            by=by,
            at=at,
            client=None,
            reason="import_triage",
            source="imports.run",
            source_id=run.pk,
            facts={"import": mapping.system, "people": plan.critical},
        )
    return run


def batches(items: Sequence[Item]) -> list[Sequence[Item]]:
    """A list in parts that one insert can carry."""
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]


def add_clients(
    by: User, at: dt.datetime, mapping: Mapping, programme: Programme, keys: Sequence[str], *, zone: str
) -> dict[str, uuid.UUID]:
    """Clients of the imported programme, each with its own system's key and its clinician."""
    made = {
        key: Client(
            programme=programme,
            family_name=mapping.client_name.replace("{key}", key)[:80],
            status=Client.Status.IMPORTED,
            made_by=by,
            made_at=at,
        )
        for key in keys
    }
    identifiers = [ClientIdentifier(client=c, system=mapping.system, value=key) for key, c in made.items()]
    clients = list(made.values())
    add_imported_clients(by=by, at=at, clients=clients, identifiers=identifiers)
    form_imported_care_teams(by=by, at=at, clients=clients, clinician=by, starts_on=local_date(at, zone))
    return {key: client.pk for key, client in made.items()}


def write_sheets(
    by: User,
    at: dt.datetime,
    mapping: Mapping,
    sheets: Sequence[PlannedSheet],
    clients: dict[str, uuid.UUID],
    known: dict[uuid.UUID, Client],
    *,
    zone: str,
) -> None:
    """Questionnaires, scored like any other, opening nothing."""
    if mapping.sheet is None:
        return
    record_administrations(
        by=by,
        at=at,
        live=False,
        sheets=[
            Sheet(
                client=known[clients[sheet.client]],
                measure=mapping.sheet.measure,
                answers=sheet.answers,
                mode=Administration.Mode.IMPORT,
                answered_at=start_of(sheet.on, zone),
                at=at,
                by=by,
                key=sheet.key,
            )
            for sheet in sheets
        ],
    )


def write_days(
    by: User,
    at: dt.datetime,
    mapping: Mapping,
    days: Sequence[PlannedDay],
    clients: dict[str, uuid.UUID],
    known: dict[uuid.UUID, Client],
    step: Step,
) -> None:
    """Calendar days, and the substance they are about where it was not asked about yet."""
    if mapping.day is None or not days:
        return
    asked = set(
        MonitoredSubstance.objects.filter(substance=mapping.day.substance).values_list("client_id", flat=True)
    )
    first: dict[uuid.UUID, dt.date] = {}
    for day in days:
        client = clients[day.client]
        first[client] = min(day.on, first.get(client, day.on))
    rows = [
        MonitoredSubstance(
            client=known[client],
            substance=mapping.day.substance,
            is_primary=True,
            starts_on=on,
            made_by=by,
            made_at=at,
        )
        for client, on in first.items()
        if client not in asked
    ]
    if rows:
        monitor_imported(by=by, at=at, rows=rows)
    for batch in batches(days):
        record_imported_days(
            by=by,
            at=at,
            days=[
                UseDay(
                    client=known[clients[day.client]],
                    substance=mapping.day.substance,
                    on=day.on,
                    used=day.amount > 0,
                    amount=day.amount if day.amount > 0 else None,
                    unit=mapping.day.unit if day.amount > 0 else "",
                    source=UseDay.Source.IMPORT,
                    entered_by=by,
                    entered_at=at,
                )
                for day in batch
            ],
        )
        step(len(batch))

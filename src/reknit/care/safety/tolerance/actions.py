"""Writing down a loss of tolerance, and settling what it asks for."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.safety.actions import close_risk_item, open_risk_item
from reknit.care.safety.closings import open_tasks
from reknit.care.safety.models import RiskItem, ToleranceLoss, ToleranceTask
from reknit.core.safety.tolerance import TASKS, tasks_after

OLDEST = dt.timedelta(days=31)
NOTE_LENGTH = 2000


@action
def record_tolerance_loss(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    kind: str,
    happened_on: dt.date,
    note: str = "",
) -> ToleranceLoss:
    """Write down that tolerance may be lost, and open the tasks and the items that wait for them."""
    client = hold(client)
    found = ToleranceLoss.objects.filter(pk=key).first()
    if found:
        if found.client_id != client.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return found
    today = local_date(at, zone())
    note = note.strip()
    if kind not in ToleranceLoss.Kind.values:
        raise DomainError(_("Choose what happened."), field="kind")
    if not today - OLDEST <= happened_on <= today:
        raise DomainError(_("Choose a day within the past month, not after today."), field="happened_on")
    if len(note) > NOTE_LENGTH or CONTROL_CHARACTERS & set(note):
        raise DomainError(
            _("Keep the note under 2,000 characters, without invisible characters."), field="note"
        )
    loss = ToleranceLoss(pk=key, client=client, kind=kind, happened_on=happened_on, note=note, by=by, at=at)
    loss.save(force_insert=True)
    tasks = tasks_after(is_overdose=kind == ToleranceLoss.Kind.OVERDOSE)
    ToleranceTask.objects.bulk_create(
        ToleranceTask(loss=loss, task=one.key, due_at=at + dt.timedelta(hours=one.hours)) for one in tasks
    )
    detail = {"tasks": len(tasks)}
    audit.record("record loss of tolerance", by=by, at=at, subject=loss, client=client, detail=detail)
    for reason in dict.fromkeys(one.item for one in tasks):
        facts = {"tasks": sum(one.item == reason for one in tasks)}
        open_risk_item(
            by=by,
            at=at,
            client=client,
            reason=reason,
            source="safety.tolerance",
            source_id=loss.pk,
            facts=facts,
        )
    return loss


@action
def settle_tolerance_task(*, by: User, at: dt.datetime, task: ToleranceTask, outcome: str) -> ToleranceTask:
    """Say what came of one task. With the last of its kind the item that waits for it closes."""
    if outcome not in ToleranceTask.Outcome.values:
        raise DomainError(_("Choose what came of it."), field="outcome")
    client = hold(task.loss.client)
    task = hold(task)
    if task.outcome:
        if task.outcome != outcome:
            raise Conflict(_("Somebody else settled this a moment ago. Read what they wrote."), theirs=task)
        audit.unchanged()
        return task
    task.outcome, task.settled_by, task.settled_at = outcome, by, at
    task.save(update_fields=["outcome", "settled_by", "settled_at"])
    detail = {"task": task.task}
    audit.record("settle tolerance task", by=by, at=at, subject=task, client=client, detail=detail)
    reason = TASKS[task.task].item
    item = RiskItem.objects.filter(client=client, reason=reason, status=RiskItem.Status.OPEN).first()
    if item and not open_tasks(item).exists():
        close_risk_item(by=by, at=at, item=item, closing=RiskItem.Closing.TASKS)
    return task

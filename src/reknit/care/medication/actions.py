"""Every change to medication. None of them writes a use day: medication taken as prescribed is treatment."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import clinical_content, current_episode

from .models import Medication, MedicationReview, Taking
from .queries import overlapping

LONG_AGO = dt.timedelta(days=366 * 60)
NOTE_LENGTH = 4000


@action
def add_medication(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    kind: str,
    name: str,
    starts_on: dt.date,
    dose: str = "",
    prescriber: str = "",
) -> Medication:
    """Write down a prescribed medication. The same key sent twice is one row."""
    _open_for_writing(client, at=at)
    found = Medication.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    if kind not in Medication.Kind.values:
        raise DomainError(_("Choose what the medication is for."), field="kind")
    name = _words(" ".join(name.split()), most=80, field="name")
    if not name:
        raise DomainError(_("Write the name of the medication."), field="name")
    _check_day(starts_on, at=at, field="starts_on")
    medication = Medication.objects.create(
        pk=key,
        client=client,
        kind=kind,
        name=name,
        dose=_words(dose, most=120, field="dose"),
        prescriber=_words(prescriber, most=120, field="prescriber"),
        starts_on=starts_on,
        added_by=by,
        added_at=at,
    )
    audit.record("add medication", by=by, at=at, subject=medication, client=client, detail={"kind": kind})
    return medication


@action
def end_medication(
    *, by: User, at: dt.datetime, medication: Medication, ends_on: dt.date, reason: str = ""
) -> Medication:
    """Write down the last day of a medication, and why it ended if that was told."""
    _open_for_writing(medication.client, at=at)
    medication = Medication.objects.select_for_update(of=("self",)).get(pk=medication.pk)
    reason = _words(reason, most=200, field="end_reason")
    if medication.ends_on is not None:
        if (medication.ends_on, medication.end_reason) == (ends_on, reason):
            audit.unchanged()
            return medication
        raise DomainError(_("This medication has ended already. Add it anew if it was taken up again."))
    _check_day(ends_on, at=at, field="ends_on")
    if ends_on < medication.starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    medication.ends_on, medication.end_reason = ends_on, reason
    medication.ended_by, medication.ended_at = by, at
    medication.save(update_fields=["ends_on", "end_reason", "ended_by", "ended_at"])
    audit.record("end medication", by=by, at=at, subject=medication, client=medication.client_id)
    return medication


@action
def record_taking(
    *,
    by: User | None,
    at: dt.datetime,
    medication: Medication,
    starts_on: dt.date,
    ends_on: dt.date,
    how: str,
) -> Taking:
    """Write down how a medication was taken from a day to a day. A later telling of the same days stands beside the
    earlier one, and the latest is the one that is shown.
    """
    _open_for_writing(medication.client, at=at)
    if how not in Taking.How.values:
        raise DomainError(_("Choose how it was taken."), field="how")
    _check_day(ends_on, at=at, field="ends_on")
    if ends_on < starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    if starts_on < medication.starts_on or (medication.ends_on and ends_on > medication.ends_on):
        raise DomainError(_("Choose days on which it was prescribed."), field="starts_on")
    same = Taking.objects.filter(overlapping(medication, start=starts_on, end=ends_on))
    latest = same.order_by("-entered_at").first()
    if latest and (latest.starts_on, latest.ends_on, latest.how) == (starts_on, ends_on, how):
        audit.unchanged()
        return latest
    taking = Taking.objects.create(
        medication=medication, starts_on=starts_on, ends_on=ends_on, how=how, entered_by=by, entered_at=at
    )
    episode = current_episode(medication.client)
    if episode and episode.status == Episode.Status.OPEN:
        record_fact(
            by=by,
            at=at,
            episode=episode,
            kind="medication_taken",
            source="medication.taking",
            source_id=taking.pk,
        )
    audit.record("record taking", by=by, at=at, subject=taking, client=medication.client_id)
    return taking


@action
def review_medication(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    decision: str,
    reviewed_on: dt.date,
    note: str = "",
) -> MedicationReview:
    """Write down that the need for medication was looked at, and what was decided (task I09)."""
    _open_for_writing(client, at=at)
    found = MedicationReview.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    if decision not in MedicationReview.Decision.values:
        raise DomainError(_("Choose what was decided."), field="decision")
    _check_day(reviewed_on, at=at, field="reviewed_on")
    course = current_episode(client)
    episode = course if course and course.status == Episode.Status.OPEN else None
    review = MedicationReview.objects.create(
        pk=key,
        client=client,
        episode=episode,
        decision=decision,
        note=_words(note, most=NOTE_LENGTH, field="note"),
        reviewed_on=reviewed_on,
        by=by,
        at=at,
    )
    if episode:
        record_fact(
            by=by,
            at=at,
            episode=episode,
            kind="medication_review",
            source="medication",
            source_id=review.pk,
            value={"decision": decision},
        )
    audit.record("review medication", by=by, at=at, subject=review, client=client)
    return review


def _open_for_writing(client: Client, *, at: dt.datetime) -> None:
    Client.objects.select_for_update().only("pk").get(pk=client.pk)
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)


def _same_client(found: uuid.UUID, client: Client) -> None:
    if found != client.pk:
        raise DomainError(_("This page is out of date. Open it again, then try once more."))


def _check_day(on: dt.date, *, at: dt.datetime, field: str) -> None:
    today = local_date(at, zone())
    if on > today:
        raise DomainError(_("This day has not come yet. Correct the date."), field=field)
    if on < today - LONG_AGO:
        raise DomainError(_("This day is too long ago. Correct the date."), field=field)


def _words(text: str, *, most: int, field: str) -> str:
    text = text.strip()
    if len(text) > most or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": most}, field=field
        )
    return text

"""Screens and plans. None of them needs consent on record: care in danger comes first. Nothing written is changed."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact
from reknit.care.programme.models import Episode
from reknit.care.safety.models import (
    MedicalReview,
    OverdosePlan,
    SafetyPlan,
    Said,
    ViolenceFlag,
    WithdrawalScreen,
)
from reknit.care.safety.queries import is_conjoint_barred
from reknit.core.errors import BadInput
from reknit.core.safety.plan import PLAN_PARTS
from reknit.core.safety.withdrawal import RED_FLAGS, screen

from .items import open_risk_item

NOTE_LENGTH, PART_LENGTH, REASON_LENGTH = 4000, 2000, 2000
OVERDOSE_ANSWERS = (
    "naloxone_client",
    "trained_client",
    "naloxone_circle",
    "trained_circle",
    "tolerance_talk",
    "not_alone_talk",
)


@action
def record_withdrawal_screen(
    *, by: User, at: dt.datetime, client: Client, key: uuid.UUID, answers: Mapping[str, str]
) -> WithdrawalScreen:
    """Write down the red flags that were asked about. One yes opens an item: a medical view the same day."""
    _hold(client)
    found = WithdrawalScreen.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    try:
        said = screen(answers)
    except BadInput:
        raise DomainError(_("Answer each line with yes, no or not known.")) from None
    if said.unknown == len(RED_FLAGS):
        raise DomainError(_("Nothing was asked yet. Answer at least one line."))
    kept = {one.key: str(answers.get(one.key, Said.UNKNOWN)) for one in RED_FLAGS}
    row = WithdrawalScreen(pk=key, client=client, answers=kept, positive=said.is_positive, by=by, at=at)
    row.save(force_insert=True)
    audit.record("record withdrawal screen", by=by, at=at, subject=row, client=client)
    value = {"positive": said.is_positive, "unknown": said.unknown}
    _tell(client, "withdrawal_screen", row, by=by, at=at, value=value)
    if said.is_positive:
        facts = {"flags": len(said.found)}
        open_risk_item(
            by=by,
            at=at,
            client=client,
            reason="withdrawal",
            source="safety.withdrawal",
            source_id=row.pk,
            facts=facts,
        )
    return row


@action
def record_medical_review(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    reviewed_on: dt.date,
    outcome: str,
    reviewer: str = "",
    note: str = "",
) -> MedicalReview:
    """Write down that a medical view took place, or was offered. It closes no item: its owner does that."""
    _hold(client)
    found = MedicalReview.objects.filter(pk=key).first()
    if found:
        _same_client(found.client_id, client)
        audit.unchanged()
        return found
    if outcome not in MedicalReview.Outcome.values:
        raise DomainError(_("Choose what came of it."), field="outcome")
    today = local_date(at, zone())
    if not today - dt.timedelta(days=366) <= reviewed_on <= today:
        raise DomainError(_("Choose a day within the past year, not after today."), field="reviewed_on")
    row = MedicalReview(
        pk=key,
        client=client,
        reviewed_on=reviewed_on,
        outcome=outcome,
        reviewer=_words(reviewer, most=120, field="reviewer"),
        note=_words(note, most=NOTE_LENGTH, field="note"),
        by=by,
        at=at,
    )
    row.save(force_insert=True)
    audit.record("record medical review", by=by, at=at, subject=row, client=client)
    if outcome != MedicalReview.Outcome.DECLINED:
        _tell(client, "medical_review", row, by=by, at=at)
    if outcome == MedicalReview.Outcome.DETOX:  # a referral is not an arrival
        open_risk_item(
            by=by,
            at=at,
            client=client,
            reason="detox_arrival",
            source="safety.medical_review",
            source_id=row.pk,
        )
    return row


@action
def save_overdose_plan(
    *, by: User, at: dt.datetime, client: Client, based_on: int, note: str = "", **answers: str
) -> OverdosePlan:
    """Keep a new version of the overdose plan. `based_on` is the version that was on the page, 0 for none."""
    _hold(client)
    offer = answers.pop("medication_offer", OverdosePlan.Offer.UNKNOWN)
    if unknown := set(answers) - set(OVERDOSE_ANSWERS):
        raise TypeError(f"An overdose plan does not hold {sorted(unknown)}.")
    for field, answer in answers.items():
        if answer not in Said.values:
            raise DomainError(_("Answer with yes, no or not known."), field=field)
    if offer not in OverdosePlan.Offer.values:
        raise DomainError(_("Choose how the offer of medication stands."), field="medication_offer")
    said: dict[str, Any] = {field: str(answers.get(field, Said.UNKNOWN)) for field in OVERDOSE_ANSWERS}
    said |= {"medication_offer": str(offer), "note": _words(note, most=NOTE_LENGTH, field="note")}
    if set(said.values()) <= {"unknown", ""}:
        raise DomainError(_("Nothing is filled in yet. Answer at least one line."))
    stands = OverdosePlan.objects.filter(client=client).order_by("-version").first()
    if stands and all(getattr(stands, field) == value for field, value in said.items()):
        audit.unchanged()
        return stands
    number = _next(stands.version if stands else 0, based_on, theirs=stands)
    plan = OverdosePlan.objects.create(client=client, version=number, by=by, at=at, **said)
    audit.record("save overdose plan", by=by, at=at, subject=plan, client=client, detail={"version": number})
    _tell(client, "overdose_plan", plan, by=by, at=at)
    return plan


@action
def save_safety_plan(
    *, by: User, at: dt.datetime, client: Client, based_on: int, words: Mapping[str, str]
) -> SafetyPlan:
    """Keep a new version of the safety plan. The client sees it once it is shown to them, and the earlier one till then."""
    _hold(client)
    kept = {
        part.key: _words(words.get(part.key, ""), most=PART_LENGTH, field=part.key) for part in PLAN_PARTS
    }
    if not any(kept.values()):
        raise DomainError(_("Nothing is written yet. Fill in at least one part."))
    stands = SafetyPlan.objects.filter(client=client).order_by("-version").first()
    if (
        stands and stands.words == kept and not stands.withdrawn_at
    ):  # once taken down, the same words may be shown anew
        audit.unchanged()
        return stands
    number = _next(stands.version if stands else 0, based_on, theirs=stands)
    plan = SafetyPlan.objects.create(client=client, version=number, words=kept, by=by, at=at)
    detail = {"version": number, "parts": sorted(key for key, text in kept.items() if text)}
    audit.record("save safety plan", by=by, at=at, subject=plan, client=client, detail=detail)
    _tell(client, "safety_plan", plan, by=by, at=at)
    return plan


@action
def release_safety_plan(*, by: User, at: dt.datetime, plan: SafetyPlan) -> SafetyPlan:
    """Show this version on the client's own page, in place of the one shown before. Only the latest may be shown."""
    _hold(plan.client)
    plan = SafetyPlan.objects.select_for_update(of=("self",)).select_related("client").get(pk=plan.pk)
    if plan.is_shown:
        audit.unchanged()
        return plan
    if plan.withdrawn_at or SafetyPlan.objects.filter(client=plan.client, version__gt=plan.version).exists():
        raise DomainError(_("Only the latest version can be shown to the client. Open the page again."))
    SafetyPlan.objects.filter(client=plan.client, withdrawn_at=None, released_at__isnull=False).update(
        withdrawn_by=by, withdrawn_at=at
    )
    plan.released_by, plan.released_at = by, at
    plan.save(update_fields=["released_by", "released_at"])
    detail = {"version": plan.version}
    audit.record("release safety plan", by=by, at=at, subject=plan, client=plan.client_id, detail=detail)
    return plan


@action
def withdraw_safety_plan(*, by: User, at: dt.datetime, client: Client) -> None:
    """Take the plan off the client's own page. It stays in the chart."""
    _hold(client)
    plan = SafetyPlan.objects.filter(client=client, withdrawn_at=None, released_at__isnull=False).first()
    if plan is None:
        audit.unchanged()
        return
    plan.withdrawn_by, plan.withdrawn_at = by, at
    plan.save(update_fields=["withdrawn_by", "withdrawn_at"])
    detail = {"version": plan.version}
    audit.record("withdraw safety plan", by=by, at=at, subject=plan, client=client, detail=detail)


@action
def flag_violence(
    *, by: User, at: dt.datetime, client: Client, is_on: bool, reason: str
) -> ViolenceFlag | None:
    """Set or lift the flag about violence, with a reason. While it is on, no session takes somebody else in."""
    _hold(client)
    reason = _words(reason, most=REASON_LENGTH, field="reason")
    if not reason:
        raise DomainError(_("Write why, so that the next person understands."), field="reason")
    if is_conjoint_barred(client) == is_on:
        audit.unchanged()
        return ViolenceFlag.objects.filter(client=client).order_by("-at", "-id").first()
    flag = ViolenceFlag.objects.create(client=client, is_on=is_on, reason=reason, by=by, at=at)
    audit.record("flag violence", by=by, at=at, subject=flag, client=client, detail={"on": is_on})
    _tell(client, "violence_flag", flag, by=by, at=at, value={"on": is_on})
    return flag


def _hold(client: Client) -> None:
    """Two who write about one client at once queue one behind the other."""
    Client.objects.select_for_update().only("pk").get(pk=client.pk)


def _next(stands: int, based_on: int, *, theirs: Any) -> int:
    if stands != based_on:
        raise Conflict(
            _("Somebody else saved this plan while you wrote. Read theirs, then save again."), theirs=theirs
        )
    return stands + 1


def _same_client(found: uuid.UUID, client: Client) -> None:
    if found != client.pk:
        raise DomainError(_("This page is out of date. Open it again, then try once more."))


def _words(text: str, *, most: int, field: str) -> str:
    text = text.strip()
    if len(text) > most or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": most}, field=field
        )
    return text


def _tell(
    client: Client,
    kind: str,
    row: Any,
    *,
    by: User,
    at: dt.datetime,
    value: dict[str, Any] | None = None,
) -> None:
    """Report to the open course, if there is one."""
    episode = Episode.objects.filter(client=client, status=Episode.Status.OPEN).first()
    if episode:
        record_fact(
            by=by, at=at, episode=episode, kind=kind, source="safety", source_id=row.pk, value=value or {}
        )

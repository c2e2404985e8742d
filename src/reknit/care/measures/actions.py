"""Every change to sheets and links. However a sheet arrives, it is scored and looked through in the same way."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.models import AuditEvent
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.inserting import insert
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_facts
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import clinical_content, slot_on
from reknit.care.safety.actions import open_risk_item
from reknit.core.measures import catalogue
from reknit.core.measures.scoring import CriticalFinding, Score, ScoreState, score

from .links import (
    HOURS,
    MOST_AT_ONE_SITTING,
    MOST_HOURS,
    SITTING_HOURS,
    LinkEnded,
    LinkState,
    fingerprint,
    is_device,
    new_secret,
    sheet_key,
    state_of,
)
from .models import Administration, FormLink
from .queries import corrected_by, findings, is_offered
from .sheets import Sheet

Answers = Mapping[str, int | None]
SOURCE = "measures.administration"
CLAIMED: list[Any] = [
    FormLink._meta.get_field(name) for name in ("submitted_at", "administration", "draft", "device", "id")
]


@action
def record_administration(
    *,
    by: User | None,
    at: dt.datetime,
    client: Client,
    measure: str,
    answers: Answers,
    mode: str,
    episode: Episode | None = None,
    slot: int | None = None,
    encounter_id: uuid.UUID | None = None,
    answered_at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    emergency_reason: str | None = None,
) -> Administration:
    """Record one sheet: a list of one. Needs consent (gate G01), or a written emergency reason.

    A sheet filled in here on the day of a session belongs to it, from whichever page it was given.
    """
    _check_consent(client, at=at, emergency_reason=emergency_reason)
    if slot is None and episode and mode == Administration.Mode.SESSION:
        slot = slot_on(episode, local_date(answered_at or at, zone()))
    sheet = Sheet(
        client=client,
        measure=measure,
        answers=answers,
        mode=mode,
        answered_at=answered_at or at,
        at=at,
        by=by,
        episode=episode,
        slot=slot,
        encounter_id=encounter_id,
        key=key,
    )
    return _record([sheet], live=True)[0]


@action
def record_administrations(
    *, by: User | None, at: dt.datetime, sheets: Sequence[Sheet], live: bool = True
) -> list[Administration]:
    """Record many sheets, one insert for each table. `live=False` is imported history: it opens no risk item.

    Each sheet carries its own `by` and `at`. Sheets whose key is known are given back as they stand.
    """
    if live:
        for client in {sheet.client.pk: sheet.client for sheet in sheets}.values():
            _check_consent(client, at=at)
    return _record(sheets, live=live)


def _check_consent(client: Client, *, at: dt.datetime, emergency_reason: str | None = None) -> None:
    gate = clinical_content(client, at=at, emergency_reason=emergency_reason)
    if not gate.allowed:
        raise DomainError(gate.reason)


def _record(sheets: Sequence[Sheet], *, live: bool) -> list[Administration]:
    known = _known(sheets)
    fresh = [(sheet, _scored(sheet)) for sheet in sheets if sheet.key not in known]
    rows = [_row(sheet, result) for sheet, result in fresh]
    if rows:
        _write(rows)
    else:
        audit.unchanged()
    if live:
        for row, (sheet, result) in zip(rows, fresh, strict=True):
            _look_through(row, sheet, result.critical)
    made = iter(rows)
    return [known[sheet.key] if sheet.key in known else next(made) for sheet in sheets]


def _known(sheets: Sequence[Sheet]) -> dict[uuid.UUID | None, Administration]:
    """Sheets already recorded under the same key: a form sent twice, an import run twice."""
    keyed = {sheet.key: sheet for sheet in sheets if sheet.key}
    known: dict[uuid.UUID | None, Administration] = {}
    keys = list(keyed)
    for start in range(0, len(keys), 500):
        for row in Administration.objects.filter(pk__in=keys[start : start + 500]):
            sheet = keyed[row.pk]
            if (row.client_id, row.measure) != (sheet.client.pk, sheet.measure):
                raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
            known[row.pk] = row
    return known


def _scored(sheet: Sheet) -> Score:
    """The score of a sheet that may be kept; an answer that no item offers is refused by name."""
    if not is_offered(sheet.measure):
        raise DomainError(_("Choose a questionnaire from the list."))
    if sheet.answered_at > sheet.at:
        raise DomainError(_("The answers cannot be from the future. Check the date."), field="answered_on")
    return _result(sheet.measure, sheet.answers)


def _result(measure: str, answers: Answers) -> Score:
    result = score(catalogue.measure(measure), answers)
    if result.state is ScoreState.INVALID:
        raise DomainError(result.problem or _("An answer on this sheet is not one of its choices."))
    return result


def _scoring(result: Score) -> dict[str, Any]:
    """What a score writes on its sheet's row."""
    return {
        "definition_version": result.definition_version,
        "answers": dict(result.values),
        "state": result.state.value,
        "total": result.total,
        "band": result.band or "",
    }


def _row(
    sheet: Sheet, result: Score, *, key: uuid.UUID | None = None, corrects: Administration | None = None
) -> Administration:
    return Administration(
        pk=key or sheet.key or uuid.uuid4(),
        client=sheet.client,
        episode=sheet.episode,
        measure=sheet.measure,
        mode=sheet.mode,
        slot=sheet.slot,
        encounter_id=sheet.encounter_id,
        answered_at=sheet.answered_at,
        recorded_by=sheet.by,
        recorded_at=sheet.at,
        corrects=corrects,
        **_scoring(result),
    )


def _write(rows: Sequence[Administration]) -> None:
    """Insert scored sheets, the fact each adds to its course, and the audit events."""
    insert(rows)
    audit.record_many([_told(row) for row in rows])
    if facts := _facts(rows):
        record_facts(by=None, at=rows[0].recorded_at, facts=facts)


def _facts(rows: Sequence[Administration]) -> list[CourseFact]:
    """What scored sheets tell the course they belong to."""
    return [
        CourseFact(
            episode_id=row.episode_id,
            kind="score",
            value={
                "measure": row.measure,
                "total": None if row.total is None else float(row.total),
                "state": row.state,
            },
            source=SOURCE,
            source_id=row.pk,
            slot=row.slot,
            by_id=row.recorded_by_id,
            at=row.recorded_at,
        )
        for row in rows
        if row.episode_id
    ]


def _told(row: Administration) -> AuditEvent:
    return audit.event(
        "correct administration" if row.corrects_id else "record administration",
        by=row.recorded_by,
        at=row.recorded_at,
        subject=row,
        client=row.client_id,
        detail={"measure": row.measure, "mode": row.mode, "state": row.state, "fact": bool(row.episode_id)},
    )


def _look_through(row: Administration, sheet: Sheet, found: Sequence[CriticalFinding]) -> None:
    """Whatever the total says: a critical answer, or a blank where one could be, waits for a human."""
    for finding in found:
        _open(finding, row, by=sheet.by, at=sheet.at)


def _open(finding: CriticalFinding, row: Administration, *, by: User | None, at: dt.datetime) -> None:
    open_risk_item(
        by=by,
        at=at,
        client=row.client,
        reason=finding.reason,
        source=SOURCE,
        source_id=row.pk,
        facts={"item": finding.item, "value": finding.value},
    )


@action
def correct_administration(
    *, by: User, at: dt.datetime, administration: Administration, answers: Answers
) -> Administration:
    """Put a corrected sheet in the place of one that was written down wrongly. The old one is kept."""
    old = (
        Administration.objects.select_for_update(of=("self",))
        .select_related("client", "episode")
        .get(pk=administration.pk)
    )
    if old.superseded_at:
        raise Conflict(
            _("Someone corrected this sheet before you. Look at theirs first."), theirs=corrected_by(old)
        )
    _check_consent(old.client, at=at)
    sheet = Sheet(
        client=old.client,
        measure=old.measure,
        answers=answers,
        mode=old.mode,
        answered_at=old.answered_at,
        at=at,
        by=by,
        episode=old.episode,
        slot=old.slot,
        encounter_id=old.encounter_id,
    )
    result = _scored(sheet)
    if dict(result.values) == old.answers:
        audit.unchanged()
        return old
    before = findings(old)
    old.superseded_at = at
    old.save(update_fields=["superseded_at"])
    row = _row(sheet, result, corrects=old)
    _write([row])
    # What stood on the sheet already has its item; only what the correction brings to light is new.
    _look_through(row, sheet, [finding for finding in result.critical if finding not in before])
    return row


@action
def adopt_baseline(*, by: User, at: dt.datetime, episode: Episode) -> int:
    """Sheets answered before there was a course become its baseline, with the fact each adds, and so do links still out.

    Gives how many sheets. They stand before session 1: slot 0.
    """
    FormLink.objects.filter(
        client=episode.client_id, episode=None, submitted_at=None, superseded_at=None
    ).update(episode=episode, slot=0)
    rows = list(
        Administration.objects.filter(client=episode.client_id, episode=None, superseded_at=None).exclude(
            mode=Administration.Mode.IMPORT
        )
    )
    if not rows:
        audit.unchanged()
        return 0
    Administration.objects.filter(pk__in=[row.pk for row in rows]).update(episode=episode, slot=0)
    for row in rows:
        row.episode, row.slot = episode, 0
    record_facts(by=None, at=at, facts=_facts(rows))
    audit.record(
        "adopt baseline",
        by=by,
        at=at,
        subject=episode,
        client=episode.client_id,
        detail={"sheets": len(rows)},
    )
    return len(rows)


@action
def make_link(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    measure: str,
    episode: Episode | None = None,
    slot: int | None = None,
    hours: int = HOURS,
    at_clinic: bool = False,
) -> tuple[FormLink, str]:
    """Make a link to one form; an older one that still works is superseded. The secret is given out only here."""
    _check_consent(client, at=at)
    if client.is_sandbox:
        raise DomainError(_("This client is made up, so no link is made. Give the questionnaire here."))
    if not is_offered(measure):
        raise DomainError(_("Choose a questionnaire from the list."))
    if not 1 <= hours <= MOST_HOURS:
        raise DomainError(_("A link can work for one hour up to 14 days."), field="hours")
    # Two people making a link for one client at once: the second waits, then supersedes the first.
    hold(client)
    older = FormLink.objects.filter(client=client, measure=measure, submitted_at=None, superseded_at=None)
    replaced = older.update(superseded_at=at, draft={})
    secret = new_secret()
    link = FormLink.objects.create(
        fingerprint=fingerprint(secret),
        client=client,
        episode=episode,
        measure=measure,
        slot=slot,
        made_by=by,
        made_at=at,
        expires_at=at + dt.timedelta(hours=hours),
        at_clinic=at_clinic,
    )
    detail = {"measure": measure, "hours": hours, "superseded": replaced, "at_clinic": at_clinic}
    audit.record("make form link", by=by, at=at, subject=link, client=client, detail=detail)
    return link, secret


@action
def begin_sitting(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    measures: Sequence[str],
    episode: Episode | None = None,
    slots: Mapping[str, int] | None = None,
) -> list[str]:
    """Links to these forms, for the clinic's device and two hours, in this order. Gives out their secrets."""
    chosen = list(dict.fromkeys(measures))
    if not 1 <= len(chosen) <= MOST_AT_ONE_SITTING:
        raise DomainError(
            _("Choose between 1 and %(n)s questionnaires.") % {"n": MOST_AT_ONE_SITTING}, field="measures"
        )
    made = [
        make_link(
            by=by, at=at, client=client, measure=measure, episode=episode, slot=(slots or {}).get(measure),
            hours=SITTING_HOURS, at_clinic=True,
        )
        for measure in chosen
    ]  # fmt: skip
    audit.record("begin sitting", by=by, at=at, client=client, detail={"measures": chosen})
    return [secret for _link, secret in made]


@action
def end_sitting(*, by: User | None = None, at: dt.datetime, links: Sequence[FormLink]) -> int:
    """What was not sent is not kept, and no link of the sitting opens anything any more. Says how many were left."""
    left = FormLink.objects.filter(
        pk__in=[one.pk for one in links], at_clinic=True, submitted_at=None, superseded_at=None, expires_at__gt=at
    )  # fmt: skip
    if not (ended := left.update(expires_at=at, draft={}, device="", draft_saved_at=None)):
        audit.unchanged()
        return 0
    audit.record("end sitting", by=by, at=at, client=links[0].client_id, detail={"not_sent": ended})
    return ended


@action
def save_draft(
    *, by: User | None = None, at: dt.datetime, link: FormLink, device: str, answers: Answers
) -> FormLink:
    """Keep the answers so far for the device that gave them. A form begun on another device begins afresh."""
    link = FormLink.objects.select_for_update().get(pk=link.pk)
    _check_live(link, at=at)
    result = score(catalogue.measure(link.measure), answers)
    if result.state is ScoreState.INVALID:
        raise DomainError(result.problem or _("An answer on this sheet is not one of its choices."))
    begins = not is_device(link, device)
    link.device, link.draft_saved_at = fingerprint(device), at
    link.draft = {item: value for item, value in result.values.items() if value is not None}
    link.save(update_fields=["device", "draft", "draft_saved_at"])
    if begins:
        audit.record("begin form draft", by=by, at=at, subject=link, client=link.client_id)
    else:
        audit.unchanged()  # a draft is audited when it begins and when it is sent, not at every tap
    return link


def _check_live(link: FormLink, *, at: dt.datetime) -> None:
    state = state_of(link, at=at)
    if state is not LinkState.LIVE:
        raise LinkEnded(state)


@action
def submit_link(
    *,
    by: User | None = None,
    at: dt.datetime,
    link: FormLink,
    device: str,
    answers: Answers,
    key: uuid.UUID,
) -> Administration:
    """Record what a client sent by link, and use the link up. Four writes when nothing needs a human.

    Consent was asked when the link was made: what a person has sent is never turned away here.
    """
    pk = sheet_key(link, key)
    # The link is claimed by the write itself, so that two sendings cannot both have it and none has to look first.
    result = _result(link.measure, answers)
    if not _claim(link, sheet=pk, device=fingerprint(device) if device else "", at=at):
        return _sent_before(link, pk, at=at)
    # Keys are enough here: neither the client nor the course need be loaded to write a sheet.
    row = Administration(
        pk=pk,
        client_id=link.client_id,
        episode_id=link.episode_id,
        measure=link.measure,
        mode=Administration.Mode.DEVICE if link.at_clinic else Administration.Mode.LINK,
        slot=link.slot,
        answered_at=at,
        recorded_by=by,
        recorded_at=at,
        **_scoring(result),
    )
    _write([row])
    for finding in result.critical:
        _open(finding, row, by=by, at=at)
    return row


def _claim(link: FormLink, *, sheet: uuid.UUID, device: str, at: dt.datetime) -> bool:
    """Use the link up if it still works. A fixed statement, for the reason told in `base.inserting`."""
    connection = connections[DEFAULT_DB_ALIAS]
    values: tuple[Any, ...] = (at, sheet, {}, device, link.pk)
    prepared = [
        field.get_db_prep_save(value, connection) for field, value in zip(CLAIMED, values, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE measures_formlink SET submitted_at = %s, administration_id = %s, draft = %s, device = %s"
            " WHERE id = %s AND submitted_at IS NULL AND superseded_at IS NULL AND expires_at > %s",
            [*prepared, prepared[0]],
        )
        return bool(cursor.rowcount)


def _sent_before(link: FormLink, pk: uuid.UUID, *, at: dt.datetime) -> Administration:
    now = FormLink.objects.select_related("administration").get(pk=link.pk)
    if now.administration and now.administration.pk == pk:
        audit.unchanged()
        return now.administration
    raise LinkEnded(state_of(now, at=at))

"""Every change to a safeguarding record. None of them contacts anybody: people do, by the clinic's own rule."""

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold, hold_line
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.safety.models import (
    Concern,
    DutyRule,
    SafeguardingEntry,
    SafeguardingReader,
    SafeguardingRecord,
)

from .access import may_be_let_in, may_open_record, may_set_duty, records_open_to
from .queries import DEFAULT_HOURS, rule_for

WORDS_LENGTH, RULE_LENGTH = 8000, 4000
RULES = 0x44555459  # the line in which versions of the clinic's duties are made
Kind = SafeguardingEntry.Kind
DECISIONS = (Kind.REPORTED, Kind.NOT_REPORTED, Kind.CONSULTED)
Status = SafeguardingRecord.Status


@action
def open_safeguarding(
    *, by: User, at: dt.datetime, client: Client, key: uuid.UUID, concern: str, words: str
) -> SafeguardingRecord:
    """Write down a concern. Whoever writes it answers for it, within the clinic's own time for this kind."""
    found = SafeguardingRecord.objects.filter(pk=key).first()
    if found:
        if found.client_id != client.pk or found.by_id != by.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return found
    decision = may_open_record(by, client, on=local_date(at, zone()))
    if not decision:
        raise Refused(decision.reason)
    if concern not in Concern.values:
        raise DomainError(_("Choose what it is about."), field="concern")
    words = _words(words, field="words")
    rule = rule_for(concern)
    due_at = at + dt.timedelta(hours=rule.hours if rule else DEFAULT_HOURS)
    record = SafeguardingRecord(pk=key, client=client, concern=concern, owner=by, due_at=due_at, by=by, at=at)
    record.save(force_insert=True)
    _enter(record, Kind.NOTED, words, by=by, at=at)
    audit.record("open safeguarding record", by=by, at=at, subject=record, client=client)
    return record


@action
def add_safeguarding_entry(
    *, by: User, at: dt.datetime, record: SafeguardingRecord, kind: str, words: str
) -> SafeguardingEntry:
    """Write more, or write what was decided and why. A decision is kept with its reasons whichever way it went."""
    if kind not in {Kind.NOTED, *DECISIONS}:
        raise DomainError(_("Choose whether this is a note or a decision."), field="kind")
    record = _held(record, by=by, at=at)
    return _write(record, kind, words, by=by, at=at)


@action
def close_safeguarding(
    *, by: User, at: dt.datetime, record: SafeguardingRecord, words: str, times: int | None = None
) -> SafeguardingRecord:
    """Close a record with its reasons. It can be closed once it holds a decision.

    `times` is how many entries the page held: what was written since is read before the record is closed.
    """
    record = _held(record, by=by, at=at)
    if times is not None and times != record.entries.count():
        raise Conflict(
            _("Somebody wrote in this record meanwhile. Read it, then close it once more."), theirs=record
        )
    if not record.entries.filter(kind__in=(Kind.REPORTED, Kind.NOT_REPORTED)).exists():
        raise DomainError(_("Write down first whether it was reported, and why."))
    _write(record, Kind.CLOSED, words, by=by, at=at)
    record.status = Status.CLOSED
    record.save(update_fields=["status"])
    return record


@action
def hand_over_safeguarding(
    *, by: User, at: dt.datetime, record: SafeguardingRecord, owner: User, words: str
) -> SafeguardingRecord:
    """Give a record to another clinician, with the reason. Whoever had it stays let in by name."""
    record = _held(record, by=by, at=at)
    _check(owner)
    if record.owner_id == owner.pk:
        audit.unchanged()
        return record
    before = record.owner
    _write(record, Kind.HANDED_OVER, words, by=by, at=at, person=owner)
    SafeguardingReader.objects.get_or_create(record=record, person=before, defaults={"by": by, "at": at})
    record.owner = owner
    record.save(update_fields=["owner"])
    return record


@action
def let_in(
    *, by: User, at: dt.datetime, record: SafeguardingRecord, person: User, words: str
) -> SafeguardingRecord:
    """Let one more person read a record, by name and with the reason."""
    record = _held(record, by=by, at=at)
    _check(person)
    if record.owner_id == person.pk or record.readers.filter(person=person).exists():
        audit.unchanged()
        return record
    _write(record, Kind.LET_IN, words, by=by, at=at, person=person)
    SafeguardingReader.objects.create(record=record, person=person, by=by, at=at)
    return record


@action
def set_duty_rule(
    *,
    by: User,
    at: dt.datetime,
    concern: str,
    based_on: int,
    duty: str,
    contacts: str = "",
    hours: int = DEFAULT_HOURS,
) -> DutyRule:
    """Write what the clinic has to do about one kind of concern, whom it calls and how soon, as a new version."""
    decision = may_set_duty(by)
    if not decision:
        raise Refused(decision.reason)
    if concern not in Concern.values:
        raise DomainError(_("Choose what it is about."), field="concern")
    if not 1 <= hours <= 720:
        raise DomainError(_("Choose between 1 and 720 hours."), field="hours")
    duty = _words(duty, field="duty", most=RULE_LENGTH)
    contacts = contacts.strip()
    if len(contacts) > 2000 or CONTROL_CHARACTERS & set(contacts):
        raise DomainError(_("Keep this under 2,000 characters, without invisible ones."), field="contacts")
    hold_line(RULES)
    stands = rule_for(concern)
    if stands and (stands.duty, stands.contacts, stands.hours) == (duty, contacts, hours):
        audit.unchanged()
        return stands
    number = stands.version if stands else 0
    if number != based_on:
        raise Conflict(
            _("Somebody else changed this while you wrote. Read theirs, then save again."), theirs=stands
        )
    rule = DutyRule.objects.create(
        concern=concern, version=number + 1, duty=duty, contacts=contacts, hours=hours, by=by, at=at
    )
    detail = {"concern": concern, "version": rule.version}
    audit.record("set duty rule", by=by, at=at, subject=rule, detail=detail)
    return rule


def _held(record: SafeguardingRecord, *, by: User, at: dt.datetime) -> SafeguardingRecord:
    """The record as it stands, for somebody who may read it, while it is open."""
    record = hold(record)
    if not records_open_to(by, on=local_date(at, zone())).filter(pk=record.pk).exists():
        raise Refused(_("Only the people who may read this record can write in it."))
    if record.status == Status.CLOSED:
        raise Conflict(_("This record was closed meanwhile. Open a new one if there is more."), theirs=record)
    return record


def _check(person: User) -> None:
    decision = may_be_let_in(person)
    if not decision:
        raise DomainError(decision.reason, field="person")


def _write(
    record: SafeguardingRecord,
    kind: str,
    words: str,
    *,
    by: User,
    at: dt.datetime,
    person: User | None = None,
) -> SafeguardingEntry:
    entry = _enter(record, kind, _words(words, field="words"), by=by, at=at, person=person)
    detail = {"kind": str(kind)} | ({"person": str(person.pk)} if person else {})
    verb = "write in safeguarding record"
    audit.record(verb, by=by, at=at, subject=record, client=record.client_id, detail=detail)
    return entry


def _enter(
    record: SafeguardingRecord,
    kind: str,
    words: str,
    *,
    by: User,
    at: dt.datetime,
    person: User | None = None,
) -> SafeguardingEntry:
    entry = SafeguardingEntry(record=record, kind=kind, words=words, person=person, by=by, at=at)
    entry.save(force_insert=True)
    return entry


def _words(text: str, *, field: str, most: int = WORDS_LENGTH) -> str:
    text = text.strip()
    if not text:
        raise DomainError(_("Write what it is, in a sentence or two."), field=field)
    if len(text) > most or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": most}, field=field
        )
    return text

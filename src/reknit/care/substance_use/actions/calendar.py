"""Every change to the calendar. What was told before is kept as superseded and never overwritten."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact
from reknit.care.programme.queries import clinical_content, current_episode
from reknit.care.substance_use.days import DayEntry, label
from reknit.care.substance_use.models import MonitoredSubstance, UseDay
from reknit.care.substance_use.queries import ever_monitored
from reknit.core.errors import BadInput
from reknit.core.substance_use.catalogue import substance as known_substance

LEAST, MOST = Decimal("0.01"), Decimal("999999.99")
"""The smallest and the largest amount of one day that a row can hold."""
YEAR = dt.timedelta(days=366)
"""How far before the course a calendar may reach: people recall about a year by this method."""


@action
def monitor(
    *,
    by: User | None,
    at: dt.datetime,
    client: Client,
    substance: str,
    starts_on: dt.date,
    is_primary: bool = False,
) -> MonitoredSubstance:
    """Ask about a substance from a date on; asking again takes it up again. The primary one is one alone."""
    open_for_writing(client, at=at)
    check_code(substance)
    found = MonitoredSubstance.objects.filter(client=client, substance=substance).first()
    if found and found.ends_on is None and found.is_primary == is_primary:
        audit.unchanged()
        return found
    if is_primary:
        MonitoredSubstance.objects.filter(client=client, is_primary=True).update(is_primary=False)
    if found:
        found.ends_on, found.is_primary = None, is_primary
        found.save(update_fields=["ends_on", "is_primary"])
    else:
        found = MonitoredSubstance.objects.create(
            client=client,
            substance=substance,
            is_primary=is_primary,
            starts_on=starts_on,
            made_by=by,
            made_at=at,
        )
    audit.record(
        "monitor substance", by=by, at=at, subject=found, client=client, detail={"primary": is_primary}
    )
    return found


@action
def stop_monitoring(
    *, by: User, at: dt.datetime, monitored: MonitoredSubstance, ends_on: dt.date
) -> MonitoredSubstance:
    """Stop asking about a substance. Its days stay and are counted up to its last day."""
    if hold(monitored).ends_on is not None:
        audit.unchanged()
        monitored.refresh_from_db()
        return monitored
    monitored.ends_on, monitored.is_primary = max(ends_on, monitored.starts_on), False
    monitored.save(update_fields=["ends_on", "is_primary"])
    audit.record("stop monitoring substance", by=by, at=at, subject=monitored, client=monitored.client_id)
    return monitored


@action
def choose_substances(
    *, by: User, at: dt.datetime, client: Client, substances: Sequence[str], primary: str
) -> list[MonitoredSubstance]:
    """Settle in one go which substances are asked about and which is the primary one."""
    today = local_date(at, zone())
    if not substances:
        raise DomainError(_("Choose at least one substance to ask about."), field="substances")
    if primary and primary not in substances:
        raise DomainError(_("Choose the primary substance from those that are asked about."), field="primary")
    open_for_writing(client, at=at)
    before = ever_monitored(client)
    chosen = list(dict.fromkeys(substances))
    for one in before:
        if one.substance not in chosen:
            stop_monitoring(by=by, at=at, monitored=one, ends_on=today)
    # The others first: at no moment may two be primary.
    for code in sorted(chosen, key=lambda code: code == primary):
        monitor(by=by, at=at, client=client, substance=code, starts_on=today, is_primary=code == primary)
    audit.unchanged()
    return [one for one in ever_monitored(client) if one.ends_on is None]


@action
def monitor_imported(*, by: User | None, at: dt.datetime, rows: Sequence[MonitoredSubstance]) -> int:
    """Write what many imported or made-up clients are asked about, at once."""
    for code in {row.substance for row in rows}:
        check_code(code)
    MonitoredSubstance.objects.bulk_create(rows, batch_size=500)
    audit.record_many(
        [audit.event("monitor substance", by=by, at=at, subject=row, client=row.client_id) for row in rows]
    )
    return len(rows)


@action
def record_use_days(
    *, by: User | None, at: dt.datetime, client: Client, days: Sequence[DayEntry], source: str
) -> int:
    """Write what was told. Equal entries are skipped, so a double send writes nothing; gives the days changed."""
    open_for_writing(client, at=at)
    asked = {one.substance for one in ever_monitored(client)}
    episode = current_episode(client)
    today = local_date(at, zone())
    earliest = (episode.starts_on if episode else today) - YEAR
    wanted: dict[tuple[str, dt.date], DayEntry] = {}
    for entry in days:
        _check_entry(entry, asked=asked, earliest=earliest, today=today)
        if wanted.setdefault((entry.substance, entry.on), entry) != entry:
            raise DomainError(
                _("%(substance)s on %(day)s is entered twice with different answers. Keep one of them.")
                % {"substance": label(entry.substance), "day": spoken(entry.on)}
            )
    standing = _standing(client, [entry.on for entry in wanted.values()])
    changed = {key: entry for key, entry in wanted.items() if not _says_the_same(standing.get(key), entry)}
    if not changed:
        audit.unchanged()
        return 0
    replaced = [standing[key].pk for key in changed if key in standing]
    UseDay.objects.filter(pk__in=replaced).update(superseded_at=at, superseded_by=by)
    written = [
        _row(client, entry, source=source, by=by, at=at)
        for entry in changed.values()
        if entry.used is not None
    ]
    UseDay.objects.bulk_create(written, batch_size=500)
    audit.record(
        "record use days",
        by=by,
        at=at,
        subject=client,
        client=client,
        detail={"written": len(written), "replaced": len(replaced), "source": str(source)},
    )
    if episode:
        dates = [entry.on for entry in changed.values()]
        record_fact(
            by=by,
            at=at,
            episode=episode,
            kind="use_days",
            source="substance_use",
            value={"from": min(dates).isoformat(), "to": max(dates).isoformat(), "count": len(changed)},
        )
    return len(changed)


@action
def record_imported_days(*, by: User | None, at: dt.datetime, days: Sequence[UseDay]) -> int:
    """Write the history of many clients at once. A day that stands already and says the same is skipped."""
    today = local_date(at, zone())
    for code in {row.substance for row in days}:
        check_code(code)
    for row in days:
        if row.on > today:
            raise DomainError(_("%(day)s has not come yet. Correct the date.") % {"day": spoken(row.on)})
    standing = _standing_of_many({row.client_id for row in days})
    new: dict[tuple[uuid.UUID, str, dt.date], UseDay] = {}
    for row in days:
        key = (row.client_id, row.substance, row.on)
        before = standing.get(key) or new.get(key)
        if before is None:
            new[key] = row
        elif (before.used, before.amount, before.unit) != (row.used, row.amount, row.unit):
            raise DomainError(
                _("%(substance)s on %(day)s already stands with another answer. Leave this row out.")
                % {"substance": label(row.substance), "day": spoken(row.on)}
            )
    if not new:
        audit.unchanged()
        return 0
    UseDay.objects.bulk_create(new.values(), batch_size=1000)
    counts = Counter(row.client_id for row in new.values())
    audit.record_many(
        [
            audit.event(
                "record use days", by=by, at=at, client=client, detail={"written": count, "imported": True}
            )
            for client, count in counts.items()
        ]
    )
    return len(new)


def open_for_writing(client: Client, *, at: dt.datetime) -> None:
    """Ask gate G01, and hold the client's row so that two people who save at once queue one behind the other."""
    hold(client)
    gate = clinical_content(client, at=at)
    if not gate.allowed:
        raise DomainError(gate.reason)


def check_code(code: str) -> None:
    try:
        known_substance(code)
    except BadInput:
        raise DomainError(_("Choose a substance from the list."), field="substance") from None


def _check_entry(entry: DayEntry, *, asked: set[str], earliest: dt.date, today: dt.date) -> None:
    check_code(entry.substance)
    words = {"substance": label(entry.substance), "day": spoken(entry.on)}
    if entry.substance not in asked:
        raise DomainError(_("Add %(substance)s to the substances asked about, then enter its days.") % words)
    if entry.on > today:
        raise DomainError(_("%(day)s has not come yet. Leave it as not known.") % words)
    if entry.on < earliest:
        raise DomainError(
            _("%(day)s is more than a year before the course. The calendar begins on %(first)s.")
            % {**words, "first": spoken(earliest)}
        )
    if entry.amount is None:
        return
    if entry.used is None:
        raise DomainError(
            _(
                "%(substance)s on %(day)s has an amount but is not known. Mark the day as used, or empty the amount."
            )
            % words
        )
    if not entry.used and not (entry.amount.is_finite() and entry.amount == 0):
        raise DomainError(
            _("%(substance)s on %(day)s has an amount but no use. Mark the day as used, or empty the amount.")
            % words
        )
    if entry.used and not (entry.amount.is_finite() and LEAST <= entry.amount <= MOST):
        raise DomainError(
            _(
                "The amount of %(substance)s on %(day)s must be 0.01 or more and below a million. Correct it or leave it empty."
            )
            % words
        )
    if len(entry.unit) > 20 or CONTROL_CHARACTERS & set(entry.unit):
        raise DomainError(_("Choose a unit from the list for %(day)s.") % words)


def _standing(client: Client, dates: Iterable[dt.date]) -> dict[tuple[str, dt.date], UseDay]:
    """What stands now between the first and the last of the dates."""
    dates = list(dates)
    if not dates:
        return {}
    rows = UseDay.objects.filter(client=client, superseded_at=None, on__gte=min(dates), on__lte=max(dates))
    return {(row.substance, row.on): row for row in rows}


def _standing_of_many(clients: set[uuid.UUID]) -> dict[tuple[uuid.UUID, str, dt.date], UseDay]:
    keys = sorted(clients)
    return {
        (row.client_id, row.substance, row.on): row
        for start in range(0, len(keys), 500)
        for row in UseDay.objects.filter(superseded_at=None, client__in=keys[start : start + 500])
    }


def _says_the_same(row: UseDay | None, entry: DayEntry) -> bool:
    if row is None or entry.used is None:
        return row is None and entry.used is None
    return (row.used, row.amount, row.unit) == (entry.used, _amount(entry), _unit(entry))


def _amount(entry: DayEntry) -> Decimal | None:
    """A row keeps two decimals; a day without use keeps no amount, because zero is what it says already."""
    return entry.amount.quantize(Decimal("0.01")) if entry.used and entry.amount is not None else None


def _unit(entry: DayEntry) -> str:
    return entry.unit if _amount(entry) is not None else ""


def _row(client: Client, entry: DayEntry, *, source: str, by: User | None, at: dt.datetime) -> UseDay:
    return UseDay(
        client=client,
        substance=entry.substance,
        on=entry.on,
        used=bool(entry.used),
        amount=_amount(entry),
        unit=_unit(entry),
        source=source,
        entered_by=by,
        entered_at=at,
    )


def spoken(on: dt.date) -> str:
    return date_format(on, "j F Y")

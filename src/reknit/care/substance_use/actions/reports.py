"""A return to use, as it was told: reporting it, changing what it says, taking it back."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact, withdraw_fact
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode
from reknit.care.safety.actions import open_risk_item
from reknit.care.safety.models import ToleranceLoss
from reknit.care.safety.tolerance.actions import OLDEST, record_tolerance_loss
from reknit.care.substance_use.days import DayEntry
from reknit.care.substance_use.models import Company, UseDay, UseEpisode, UseEpisodeVersion
from reknit.care.substance_use.queries import SAID, bare_days, ever_monitored, said_by
from reknit.core.safety.tolerance import RETURN, in_question, is_lost_after

from .calendar import YEAR, check_code, open_for_writing, record_use_days, spoken

FACT = "lapse_reported"
LONGEST = {
    "place": 200,
    "trigger": 2000,
    "stopped_by": 2000,
    "told_whom": 2000,
    "after_effects": 2000,
    "learned": 2000,
}
"""The lines of words, and how long each may be."""
ON_LIST = {"client": "use_reported", "other": "use_heard_of", "test": "use_heard_of"}
"""With which reason a return to use that was not told face to face waits for the therapist."""
SOURCES = {"client": UseDay.Source.CLIENT, "therapist": UseDay.Source.INTERVIEW, "other": UseDay.Source.OTHER}


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report came to: the days filled in, the days that say the opposite, substances not asked about, and
    whether days without use before it opened the tasks about lost tolerance.
    """

    use_episode: UseEpisode
    filled: int = 0
    contradicting: tuple[tuple[str, dt.date], ...] = ()
    not_asked: tuple[str, ...] = ()
    tolerance_lost: bool = False


@action
def report_use_episode(
    *,
    by: User,
    at: dt.datetime,
    client: Client,
    key: uuid.UUID,
    reported_by: str,
    starts_on: dt.date,
    **told: Any,
) -> Reported:
    """Write down that the client used, from a day on. Everything else may be told later, or never.

    Days that are not known become use days, for substances that are asked about. A day told as without use stays as
    it is and is named in what comes back. A test alone (`reported_by` "test") fills in no day. What was not told to
    the therapist face to face goes on their list; signs of an overdose always do, and so does tolerance that may be
    lost because days without use came before. The same key sent twice is one report.
    """
    open_for_writing(client, at=at)
    found = UseEpisode.objects.filter(pk=key).first()
    if found:
        if found.client_id != client.pk:
            raise DomainError(_("This page is out of date. Open it again, then try once more."))
        audit.unchanged()
        return Reported(found)
    if reported_by not in UseEpisode.ReportedBy.values:
        raise DomainError(_("Choose who told of it."), field="reported_by")
    course = current_episode(client)
    use_episode = UseEpisode(
        pk=key,
        client=client,
        episode=course if course and course.status == Episode.Status.OPEN else None,
        reported_by=reported_by,
        entered_by=by,
        entered_at=at,
    )
    people = _fill(use_episode, {"starts_on": starts_on, **told}, course=course, at=at)
    use_episode.save(force_insert=True)
    use_episode.with_people.set(people)
    audit.record(
        "report use",
        by=by,
        at=at,
        subject=use_episode,
        client=client,
        detail={"by": str(reported_by), "fields": sorted(key for key, value in told.items() if value)},
    )
    _report_fact(use_episode, by=by, at=at)
    _put_on_list(use_episode, by=by, at=at, is_new=True)
    is_lost = _open_tolerance_tasks(use_episode, by=by, at=at)
    return replace(_fill_days(use_episode, by=by, at=at), tolerance_lost=is_lost)


@action
def change_use_episode(
    *, by: User, at: dt.datetime, use_episode: UseEpisode, revision: int, **told: Any
) -> Reported:
    """Tell more, or correct what was told; what stood before is kept. Days filled in before stay on the calendar."""
    open_for_writing(use_episode.client, at=at)
    use_episode = (
        UseEpisode.objects.select_for_update(of=("self",)).select_related("client").get(pk=use_episode.pk)
    )
    if use_episode.taken_back_at:
        raise DomainError(_("This report was taken back and no longer changes."))
    before = said_by(use_episode)
    is_stale = use_episode.revision != revision
    course = use_episode.episode or current_episode(use_episode.client)
    people = _fill(use_episode, told, course=course, at=at)
    ids = sorted(str(one.pk) for one in people) if "with_people" in told else before["with_people"]
    after = {**said_by(use_episode), "with_people": ids}
    if after == before:
        audit.unchanged()
        return Reported(use_episode)
    if is_stale:
        raise Conflict(
            _("Somebody else changed this while you wrote. Read theirs, then save again."), theirs=before
        )
    UseEpisodeVersion.objects.create(
        use_episode=use_episode, revision=revision, said=before, replaced_by=by, replaced_at=at
    )
    use_episode.revision = revision + 1
    use_episode.save(update_fields=[*SAID, "revision"])
    if "with_people" in told:
        use_episode.with_people.set(people)
    changed = sorted(name for name in after if after[name] != before[name])
    audit.record(
        "change use report",
        by=by,
        at=at,
        subject=use_episode,
        client=use_episode.client_id,
        detail={"fields": changed, "revision": use_episode.revision},
    )
    if "starts_on" in changed and use_episode.episode:
        withdraw_fact(by=by, at=at, episode=use_episode.episode, kind=FACT, source_id=use_episode.pk)
        _report_fact(use_episode, by=by, at=at)
    if "overdose_signs" in changed:
        _put_on_list(use_episode, by=by, at=at, is_new=False)
    is_lost = _open_tolerance_tasks(use_episode, by=by, at=at)
    return replace(_fill_days(use_episode, by=by, at=at), tolerance_lost=is_lost)


@action
def take_back_use_episode(*, by: User, at: dt.datetime, use_episode: UseEpisode) -> UseEpisode:
    """Take back a report made by mistake. It stays readable and no longer counts; days are put right by hand."""
    open_for_writing(use_episode.client, at=at)
    use_episode = UseEpisode.objects.select_for_update(of=("self",)).get(pk=use_episode.pk)
    if use_episode.taken_back_at:
        audit.unchanged()
        return use_episode
    use_episode.taken_back_by, use_episode.taken_back_at = by, at
    use_episode.save(update_fields=["taken_back_by", "taken_back_at"])
    if use_episode.episode:
        withdraw_fact(by=by, at=at, episode=use_episode.episode, kind=FACT, source_id=use_episode.pk)
    audit.record("take back use report", by=by, at=at, subject=use_episode, client=use_episode.client_id)
    return use_episode


def _fill(
    use_episode: UseEpisode, told: Mapping[str, Any], *, course: Episode | None, at: dt.datetime
) -> list[Relationship]:
    """Put what was told into the report, refusing what cannot be; gives the people named."""
    if unknown := set(told) - {*SAID, "with_people"}:
        raise TypeError(f"A use episode does not hold {sorted(unknown)}.")
    for name, value in told.items():
        if name in LONGEST:
            setattr(use_episode, name, _words(name, value))
        elif name == "substances":
            use_episode.substances = _codes(value)
        elif name != "with_people":
            setattr(use_episode, name, value)
    if use_episode.company not in Company.values:
        raise DomainError(_("Choose whether somebody was there."), field="company")
    _check_dates(use_episode, course=course, today=local_date(at, zone()))
    return _people(use_episode, told.get("with_people", ()))


def _people(use_episode: UseEpisode, keys: Collection[uuid.UUID]) -> list[Relationship]:
    wanted = set(keys)
    found = list(Relationship.objects.filter(client=use_episode.client_id, pk__in=wanted)) if wanted else []
    if len(found) != len(wanted):
        raise DomainError(_("Choose people from this client's own list."), field="with_people")
    if found and use_episode.company == Company.ALONE:
        raise DomainError(_("Choose alone, or name who was there."), field="company")
    if found:
        use_episode.company = Company.WITH
    return found


def _words(name: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[name] or CONTROL_CHARACTERS & set(text):
        raise DomainError(
            _("Keep this under %(n)s characters, without invisible ones.") % {"n": LONGEST[name]}, field=name
        )
    return text


def _codes(codes: Sequence[str]) -> list[str]:
    for code in codes:
        check_code(code)
    return sorted(set(codes))


def _check_dates(use_episode: UseEpisode, *, course: Episode | None, today: dt.date) -> None:
    first, last = use_episode.starts_on, use_episode.ends_on
    earliest = min(course.starts_on if course else today, today) - YEAR
    for day, field in ((first, "starts_on"), (last, "ends_on")):
        if day and day > today:
            raise DomainError(
                _("%(day)s has not come yet. Correct the date.") % {"day": spoken(day)}, field=field
            )
    if first < earliest:
        raise DomainError(
            _("%(day)s is more than a year before the course. Correct the date.") % {"day": spoken(first)},
            field="starts_on",
        )
    if last and last < first:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")


def _report_fact(use_episode: UseEpisode, *, by: User, at: dt.datetime) -> None:
    if use_episode.episode is None:
        return
    record_fact(
        by=by,
        at=at,
        episode=use_episode.episode,
        kind=FACT,
        source="substance_use",
        source_id=use_episode.pk,
        value={"use_episode": str(use_episode.pk), "on": use_episode.starts_on.isoformat()},
    )


def _put_on_list(use_episode: UseEpisode, *, by: User, at: dt.datetime, is_new: bool) -> None:
    """What was not told in a session waits for the therapist; signs of an overdose wait for a clinician within a day."""
    reason = ON_LIST.get(use_episode.reported_by)
    reasons = [reason] if is_new and reason else []
    if use_episode.overdose_signs:
        reasons.append("use_overdose_signs")
    for reason in reasons:
        open_risk_item(
            by=by,
            at=at,
            client=use_episode.client,
            reason=reason,
            source="substance_use.episode",
            source_id=use_episode.pk,
        )


def _open_tolerance_tasks(use_episode: UseEpisode, *, by: User, at: dt.datetime) -> bool:
    """Open the tasks about lost tolerance, once, where the calendar tells of days without use before this return."""
    first, client = use_episode.starts_on, use_episode.client
    key = uuid.uuid5(use_episode.pk, "tolerance")
    asked = [one.substance for one in ever_monitored(client) if one.ends_on is None]
    codes = in_question(use_episode.substances, asked)
    is_known = ToleranceLoss.objects.filter(pk=key).exists()
    if not codes or is_known or first < local_date(at, zone()) - OLDEST:
        return False
    before = [first - dt.timedelta(days=n) for n in range(RETURN.days_without, 0, -1)]
    rows = bare_days(client, start=before[0], end=before[-1])
    told = {(row.substance, row.on): row.used for row in rows}
    if not any(is_lost_after([told.get((code, on)) for on in before]) for code in codes):
        return False
    kind = ToleranceLoss.Kind.ABSTINENT
    record_tolerance_loss(by=by, at=at, client=client, key=key, kind=kind, happened_on=first)
    return True


def _fill_days(use_episode: UseEpisode, *, by: User, at: dt.datetime) -> Reported:
    """Mark the days not known as used; name those that say the opposite and leave them as they are."""
    source = SOURCES.get(use_episode.reported_by)
    asked = {one.substance for one in ever_monitored(use_episode.client)}
    not_asked = tuple(code for code in use_episode.substances if code not in asked)
    codes = [code for code in use_episode.substances if code in asked]
    if source is None or not codes:
        return Reported(use_episode, not_asked=not_asked)
    last = use_episode.ends_on or use_episode.starts_on
    days = [
        use_episode.starts_on + dt.timedelta(days=n) for n in range((last - use_episode.starts_on).days + 1)
    ]
    standing = {
        (row.substance, row.on): row.used
        for row in UseDay.objects.filter(
            client=use_episode.client_id, superseded_at=None, on__gte=days[0], on__lte=days[-1]
        )
    }
    wanted = [(code, on) for code in codes for on in days]
    against = tuple(one for one in wanted if standing.get(one) is False)
    entries = [DayEntry(on, code, True) for code, on in wanted if (code, on) not in standing]
    if not entries:
        return Reported(use_episode, contradicting=against, not_asked=not_asked)
    filled = record_use_days(by=by, at=at, client=use_episode.client, days=entries, source=source)
    return Reported(use_episode, filled, against, not_asked)

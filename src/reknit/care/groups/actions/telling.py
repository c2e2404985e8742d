"""What members are told about a time: by the way they said is safe, in words that tell a stranger nothing; and who was rung."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.contact.messages.actions import withdraw_messages, write_message
from reknit.care.contact.messages.transport import transport
from reknit.care.contact.models import Message, MessageKind
from reknit.care.encounters.reminders import spoken, with_phone
from reknit.care.groups.checks import facilitator, goes_on
from reknit.care.groups.models import GroupSession, Member, Telling
from reknit.care.groups.queries.told import about
from reknit.care.people.queries import site, zone


def tell_moved(
    session: GroupSession, members: Iterable[Member], *, from_at: dt.datetime, follow: bool, elsewhere: bool,
    by: User, at: dt.datetime,
) -> None:  # fmt: skip
    """Tell each that they meet at another time; once where those after it move too."""
    here = zone()
    said = {"old": spoken(from_at, here), "new": spoken(session.starts_at, here)}
    words = _("Not on %(old)s: we meet on %(new)s.") % said
    if follow:
        words += " " + _("The times after it move too.")
    if elsewhere:
        words += " " + _("It is in another room. We show you the way.")
    latest_at = min(from_at, session.starts_at)
    _tell(session, members, words, latest_at=latest_at, by=by, at=at)


def tell_off(session: GroupSession, members: Iterable[Member], *, by: User, at: dt.datetime) -> None:
    """Tell each that they do not meet."""
    words = _("We do not meet on %(when)s.") % {"when": spoken(session.starts_at, zone())}
    _tell(session, members, words, latest_at=session.starts_at, by=by, at=at)


@action
def record_telling(
    *,
    by: User,
    at: dt.datetime,
    session: GroupSession,
    member: Member,
    message: uuid.UUID,
    answer: str,
    key: uuid.UUID | None = None,
) -> Telling:
    """Write down that somebody tried to tell a member of a changed time. What is written stays; another try is another row.

    Who was not reached stays owed. Words that were taken back meanwhile are told to nobody.
    """
    facilitator(by, session.run, at=at)
    goes_on(hold(session.run))
    if key and (known := Telling.objects.filter(pk=key, session=session, member=member).first()):
        audit.unchanged()
        return known
    latest = Message.objects.filter(about=about(session.pk, member.pk)).order_by("made_at", "pk").last()
    if latest is None or latest.pk != message or latest.state == Message.State.WITHDRAWN:
        raise DomainError(_("The time has changed since. Read it again, then tell them what stands now."))
    if answer not in Telling.Answer.values:
        raise DomainError(_("Choose what came of it from the list."))
    told = Telling.objects.create(
        **({"id": key} if key else {}), message=latest, session=session, member=member, answer=answer, by=by, at=at
    )  # fmt: skip
    detail = {"number": session.number, "answer": answer}
    audit.record("tell group member", by=by, at=at, subject=told, client=member.client_id, detail=detail)
    return told


def take_back(
    sessions: Iterable[GroupSession], members: Iterable[Member], *, by: User, at: dt.datetime
) -> None:
    """What still waits about these times does not go out any more."""
    everybody = list(members)
    for session in sessions:
        for member in everybody:
            withdraw_messages(by=by, at=at, about=about(session.pk, member.pk))


def _tell(
    session: GroupSession, members: Iterable[Member], words: str, *,
    latest_at: dt.datetime, by: User, at: dt.datetime,
) -> None:  # fmt: skip
    everybody, carrier, clinic = list(members), transport(), site()
    take_back([session], everybody, by=by, at=at)
    if latest_at <= at:
        return  # its time is over: there is nobody left to tell
    for member in everybody:
        write_message(
            by=by, at=at, client=member.client, kind=MessageKind.CHANGE, about=about(session.pk, member.pk),
            about_at=session.starts_at, words=with_phone(words, clinic), latest_at=latest_at, transport=carrier,
        )  # fmt: skip

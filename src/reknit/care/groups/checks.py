"""What the actions of this room check before they write: words, the names of others, and that the run goes on."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.base.errors import DomainError, Refused
from reknit.base.fields import no_control_characters
from reknit.care.encounters.clashes import Span, check_free
from reknit.care.encounters.models import Room
from reknit.care.encounters.times import check_year
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.core.groups.names import Found, find, others_in

from .access import may_facilitate
from .models import GroupRun, Member


class NameInChart(DomainError):
    """A text that goes into a chart names a member; `found` says where."""

    def __init__(self, sentence: str, *, field: str, found: Sequence[Found]) -> None:
        super().__init__(sentence, field=field)
        self.found = tuple(found)


def facilitator(user: User, run: GroupRun, *, at: dt.datetime) -> None:
    """Refuse whoever does not lead this run today."""
    decision = may_facilitate(user, run, on=local_date(at, zone()))
    if not decision:
        raise Refused(decision.reason)


def goes_on(run: GroupRun) -> None:
    """Refuse to change a run that is closed."""
    if run.state == GroupRun.State.CLOSED:
        raise DomainError(_("This group is closed. Nothing in it changes any more."))


def check_at_work(person: User, *, field: str) -> None:
    """Refuse somebody who may not read the charts of members."""
    if not person.is_active or not person.reads_charts:
        raise DomainError(_("Choose a clinician who is at work here and may read charts."), field=field)


def check_time_of(
    person: User, starts: Sequence[dt.datetime], minutes: int, *, field: str,
    room: Room | None = None, beside: Collection[uuid.UUID] = (),
) -> None:  # fmt: skip
    """Refuse an hour at which a facilitator, or the room, is taken already, by a session alone or by another group."""
    spans = [Span(moment, minutes) for moment in starts]
    try:
        check_free(spans, clinician=person, room=room, is_practice=False, beside=beside)
    except DomainError as taken:
        raise DomainError(taken.sentence, field=field) from taken


def check_seats(room: Room | None, capacity: int) -> None:
    """Refuse a room that was given up or is too small: every place of the group and its two facilitators."""
    if room is None:
        return
    if room.given_up_at is not None:
        raise DomainError(_("This room was given up. Choose another one."), field="room")
    if room.capacity < capacity + 2:
        raise DomainError(
            _("%(room)s has %(seats)s seats; with both of you the group needs %(n)s.")
            % {"room": room.name, "seats": room.capacity, "n": capacity + 2},
            field="room",
        )


def likely_day(on: dt.date, *, field: str) -> None:
    """Refuse a day whose year is a slip of the pen."""
    try:
        check_year(on)
    except DomainError as wrong:
        raise DomainError(wrong.sentence, field=field) from wrong


def words(value: str, *, field: str, most: int, required: bool = False) -> str:
    """Trimmed words that fit, with nothing invisible in them."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if required and not value:
        raise DomainError(_("Write a few words first."), field=field)
    if len(value) > most:
        raise DomainError(
            _("This holds at most %(most)s characters. Shorten it.") % {"most": most}, field=field
        )
    try:
        no_control_characters(value)
    except ValidationError as error:
        raise DomainError(error.messages[0], field=field) from error
    return value


def names_of(client: Client) -> tuple[str, ...]:
    """Every name by which a client could be meant."""
    return tuple(name for name in (client.given_name, client.family_name, client.preferred_name) if name)


def everybody(run: GroupRun) -> list[Member]:
    """Everybody who has or had a place in the run: a name is found also after somebody left. One query."""
    return list(run.members.select_related("client", "episode").order_by("asked_at", "pk"))


def no_names(text: str, members: Iterable[Member], *, field: str, what: str) -> None:
    """Refuse words meant for everybody that name a member: they would stand in each of the others' charts."""
    found = find(text, [name for member in members for name in names_of(member.client)])
    if found:
        one = found[0]
        raise NameInChart(
            _(
                "%(what)s names “%(name)s” in line %(line)s: “%(around)s”. It goes to every member, so write it without names."
            )
            % {"what": what, "name": one.written, "line": one.line, "around": one.around},
            field=field,
            found=found,
        )


def no_other_names(text: str, member: Member, members: Iterable[Member], *, field: str) -> None:
    """Refuse words for one member's chart that name another member."""
    others: Mapping[str, tuple[str, ...]] = {
        str(one.pk): names_of(one.client) for one in members if one.client_id != member.client_id
    }
    named = others_in(text, others)
    if named:
        found = min((place for places in named.values() for place in places), key=lambda one: one.start)
        raise NameInChart(
            _(
                "What you write for %(whom)s names “%(name)s”: “%(around)s”. It goes into one chart, so write it without other members’ names."
            )
            % {"whom": member.client.name, "name": found.written, "around": found.around},
            field=field,
            found=(found,),
        )

"""Who may pass a gate, and who may answer for an agreement; reading and writing follow the chart's own policy."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_supervise, may_write_chart
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.core.programme.protocol import Gate

from .models import Amendment, Contract, ProtocolVersion

AT_WORK_ON_PROTOCOLS = (Role.DIRECTOR, Role.SUPERVISOR)


def may_answer_extension(user: User, amendment: Amendment, *, on: dt.date) -> Decision:
    """A supervisor who answers on that date for the work of the person who asked; never that person."""
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user, supervisee=amendment.asked_by_id)
    if user.has(Role.SUPERVISOR) and user.pk != amendment.asked_by_id and lines.exists():
        return YES
    return no(_("Only a supervisor of the person who asked can answer this."))


def may_answer_own(user: User, contract: Contract) -> Decision:
    """A client answers for their own agreement, once it was shown to them."""
    if user.has(Role.CLIENT) and contract.episode.client.user_id == user.pk and contract.offered_at:
        return YES
    return no(_("This agreement is not yours to answer."))


def extensions_to_answer(user: User, *, on: dt.date) -> QuerySet[Amendment]:
    """Asks that wait for this supervisor, of clients whose charts are open to them."""
    waiting = Amendment.objects.filter(state=Amendment.State.ASKED)
    if not user.has(Role.SUPERVISOR):
        return waiting.none()
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user)
    seen = Client.objects.visible_to(user, on=on)
    return waiting.filter(asked_by__in=lines.values("supervisee"), episode__client__in=seen).exclude(
        asked_by=user
    )


def may_override(user: User, gate: Gate, client: Client, *, on: dt.date) -> Decision:
    """The role the template names: the therapist's supervisor, or the care team itself."""
    if gate.override_role == "supervisor":
        return may_supervise(user, client, on=on)
    if gate.override_role:
        return may_write_chart(user, client, on=on)
    return no(_("This cannot be passed with a reason. Do what it asks for."))


def may_read_protocols(user: User) -> Decision:
    """Everybody who works by a protocol may read those that are in force."""
    if user.reads_charts or user.has(Role.DIRECTOR):
        return YES
    return no(_("Protocols are read by clinicians and directors."))


def may_read_protocol(user: User, row: ProtocolVersion | None) -> Decision:
    """One version: in force or withdrawn for all of them, a draft for those who write it or answer for it."""
    if row is None or row.published_at or user.has(*AT_WORK_ON_PROTOCOLS):
        return may_read_protocols(user)
    return no(_("This is a draft. Directors and supervisors read drafts."))


def may_write_protocols(user: User) -> Decision:
    """Directors write the clinic's own protocols."""
    return YES if user.has(Role.DIRECTOR) else no(_("Only a programme director can change a protocol."))


def may_answer_protocol(user: User, row: ProtocolVersion) -> Decision:
    """A second person: a director or supervisor who changed nothing in this version."""
    if not user.has(*AT_WORK_ON_PROTOCOLS):
        return no(_("Only a programme director or a supervisor can answer for a protocol."))
    if str(user.pk) in row.authors:
        return no(_("You worked on this version. A second person has to answer for it."))
    return YES

"""Who may pass a gate, and who may answer for an agreement; reading and writing follow the chart's own policy."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_supervise, may_write_chart
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.core.programme.protocol import Gate

from .models import Amendment, Contract


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

"""Who may pass a gate of a course."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import Decision, no
from reknit.base.accounts.models import User
from reknit.care.people.access import may_supervise, may_write_chart
from reknit.care.people.models import Client
from reknit.core.programme.protocol import Gate


def may_override(user: User, gate: Gate, client: Client, *, on: dt.date) -> Decision:
    """The role the template names: the therapist's supervisor, or the care team itself."""
    if gate.override_role == "supervisor":
        return may_supervise(user, client, on=on)
    if gate.override_role:
        return may_write_chart(user, client, on=on)
    return no(_("This cannot be passed with a reason. Do what it asks for."))

"""Who may co-sign a note and who may add to it; everything else here follows the chart's own policy."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_run_system, may_write_chart
from reknit.care.people.models import Client, SupervisoryLine, current

from .models import ProgressNote


def may_cosign(user: User, note: ProgressNote, *, on: dt.date) -> Decision:
    """The supervisor named on the note, or another who answers for its author on that date."""
    if user.pk == note.author_id:
        return no(_("Nobody co-signs their own note."))
    if not user.has(Role.SUPERVISOR):
        return no(_("Only a supervisor of the author can co-sign this note."))
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user, supervisee=note.author_id)
    if user.pk == note.cosigner_id or lines.exists():
        return YES
    return no(_("Only a supervisor of the author can co-sign this note."))


def may_add(user: User, note: ProgressNote, client: Client, *, on: dt.date) -> Decision:
    """The care team may add to a signed note, and so may the one who co-signed it."""
    if note.cosigner_id and user.pk == note.cosigner_id:
        return YES
    return may_write_chart(user, client, on=on)


def may_see_calendar(user: User, whose: User, *, on: dt.date) -> Decision:
    """One's own; a supervisor sees the line they answer for; intake sees of everybody which times are taken.

    Which names are shown is another question, answered by the policy for each client.
    """
    if user.is_active and user.pk == whose.pk and user.reads_charts:
        return YES
    if user.has(Role.INTAKE) and whose.is_active and whose.reads_charts:
        return YES
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user, supervisee=whose)
    if user.has(Role.SUPERVISOR) and lines.exists():
        return YES
    return no(_("You see your own calendar, and a supervisor that of the people they answer for."))


def may_have_feed(user: User) -> Decision:
    """Whoever reads charts has a calendar, as long as they work here."""
    if user.is_active and user.reads_charts:
        return YES
    return no(_("A calendar address is for people with a calendar here."))


def may_keep_rooms(user: User) -> Decision:
    """The administrator says which rooms there are."""
    return may_run_system(user)

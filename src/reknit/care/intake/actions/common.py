"""What several actions of the room ask first."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.base.fields import CONTROL_CHARACTERS
from reknit.base.races import hold
from reknit.care.intake.models import Referral
from reknit.care.intake.queries.hours import unusual_time
from reknit.care.network.conflicts import is_kept_apart
from reknit.care.people.queries import zone


def held(referral: Referral) -> Referral:
    """The referral as it stands, held; refused once it is closed."""
    stands = hold(referral)
    if stands.status == Referral.Status.CLOSED:
        raise DomainError(_("This referral is closed. Reload the page to see what stands."))
    return stands


def words(text: str, *, field: str, most: int = 200, required: str = "") -> str:
    """One bounded line; `required` is the sentence for an empty one."""
    text = text.strip()
    if required and not text:
        raise DomainError(required, field=field)
    if len(text) > most:
        raise DomainError(_("Shorten this to %(most)s characters.") % {"most": most}, field=field)
    if any(character in CONTROL_CHARACTERS for character in text):
        raise DomainError(_("Remove the invisible characters from this text, then try again."), field=field)
    return text


def check_revision(stands: int | str, revision: int | str) -> None:
    """Refuse what was written over a version that somebody else has changed meanwhile."""
    if stands != revision:
        raise Conflict(
            _(
                "Somebody else changed this while you wrote. Read what stands now, then save again to keep yours."
            )
        )


def check_usual(clinician: User, *, starts_at: dt.datetime, minutes: int, anyway: bool) -> None:
    """Ask once more before a time outside the hours a clinician works: nobody offers one by a slip of the pen."""
    unusual = unusual_time(clinician, starts_at=starts_at, minutes=minutes, zone=zone())
    if unusual and not anyway:
        raise DomainError(
            _("%(why)s If it is meant so, tick the box and send it again.") % {"why": unusual}, field="anyway"
        )


def check_apart(clinician: User, *, referral: Referral, at: dt.datetime) -> None:
    """Refuse a therapist with whom this person cannot be placed: yes or no, and never why."""
    if is_kept_apart(referral.client, clinician, on=local_date(at, zone())):
        raise DomainError(
            _("This person cannot be placed there. Choose another therapist."), field="clinician"
        )

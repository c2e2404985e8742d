"""What the clinic sets for its intake."""

import datetime as dt

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold_line
from reknit.care.intake.models import IntakeSettings
from reknit.care.intake.queries.settings import forget_settings

from .common import check_revision

LINE = 0x494E5453  # the line in which the one row is written
DAYS = range(1, 366)


@action
def change_intake_settings(
    *, by: User, at: dt.datetime, revision: int, target_days: int, public_form: bool
) -> IntakeSettings:
    """Set the target, and open or shut the public form."""
    hold_line(LINE)
    here = IntakeSettings.objects.first() or IntakeSettings()
    check_revision(here.revision, revision)
    if target_days not in DAYS:
        raise DomainError(_("Write a number of days between 1 and 365."), field="target_days")
    if (here.target_days, here.public_form) == (target_days, public_form) and revision:
        audit.unchanged()
        return here
    here.target_days, here.public_form = target_days, public_form
    here.revision, here.changed_by, here.changed_at = revision + 1, by, at
    here.save()
    audit.record(
        "change intake settings",
        by=by,
        at=at,
        subject=here,
        detail={"target_days": target_days, "public_form": public_form},
    )
    forget_settings()
    return here

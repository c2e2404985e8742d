"""Every change to what this clinic may show: permissions it was given, and the words that came with them."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold_line
from reknit.care.people.queries import zone
from reknit.care.programme.models import OwnWording, WordingPermission
from reknit.care.programme.queries import forget_permissions
from reknit.core.errors import BadInput
from reknit.core.measures.catalogue import measure as measure_of
from reknit.core.measures.own_words import checked
from reknit.core.measures.wording import in_pack

LINE = 0x574F5244  # the line in which permissions and words are written


@action
def record_permission(
    *,
    by: User,
    at: dt.datetime,
    measure: str,
    given_by: str,
    given_on: dt.date,
    reference: str,
    until: dt.date | None = None,
) -> WordingPermission:
    """Record that this clinic may show a measure's words. One recorded before ends, and is kept."""
    if measure_of(measure).licence.state != "site_permission":
        raise DomainError(_("The words of this questionnaire need no permission of the clinic."))
    today = local_date(at, zone())
    if given_on > today:
        raise DomainError(_("A permission cannot be given in the future. Check the date."), field="given_on")
    if until is not None and until < max(today, given_on):
        raise DomainError(_("This permission has ended already. Check the last day."), field="until")
    hold_line(LINE)
    replaced = _standing(measure).update(ended_at=at, ended_by=by)
    row = WordingPermission.objects.create(
        measure=measure,
        given_by=given_by,
        given_on=given_on,
        reference=reference,
        until=until,
        recorded_by=by,
        recorded_at=at,
    )
    detail = {"measure": measure, "ends": until is not None, "replaced": replaced}
    audit.record("record wording permission", by=by, at=at, subject=row, detail=detail)
    forget_permissions()
    return row


@action
def revoke_permission(*, by: User, at: dt.datetime, measure: str) -> WordingPermission:
    """Take a permission back: from now on the words are shown nowhere. Scores stay."""
    hold_line(LINE)
    row = _standing(measure).first()
    if row is None:
        raise DomainError(_("No permission is recorded here for this questionnaire."))
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["ended_at", "ended_by"])
    audit.record("revoke wording permission", by=by, at=at, subject=row, detail={"measure": measure})
    forget_permissions()
    return row


@action
def load_own_wording(
    *, by: User, at: dt.datetime, measure: str, language: str, words: dict[str, Any]
) -> OwnWording:
    """Keep the words that this clinic was given for a measure. They are shown where its terms allow."""
    if in_pack(measure_of(measure), language):
        raise DomainError(_("The words of this questionnaire come with the software."))
    try:
        words = checked(measure_of(measure), words, language)
    except BadInput as refused:
        raise DomainError(str(refused), field="file") from None
    hold_line(LINE)
    replaced = OwnWording.objects.filter(measure=measure, language=language, replaced_at=None).update(
        replaced_at=at
    )
    row = OwnWording.objects.create(
        measure=measure, language=language, words=words, loaded_by=by, loaded_at=at
    )
    detail = {"measure": measure, "language": language, "replaced": replaced}
    audit.record("load own wording", by=by, at=at, subject=row, detail=detail)
    forget_permissions()
    return row


def _standing(measure: str) -> QuerySet[WordingPermission]:
    return WordingPermission.objects.filter(measure=measure, ended_at=None)

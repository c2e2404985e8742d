"""Facts at admission."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.intake.models import AdmissionFacts
from reknit.care.programme.models import Episode
from reknit.core.errors import BadInput
from reknit.core.intake.teds import VERSION, checked

from .common import check_revision


@action
def save_admission_facts(
    *, by: User, at: dt.datetime, episode: Episode, revision: int, answers: Mapping[str, str]
) -> AdmissionFacts:
    """Keep what is known at admission. A blank stays blank: no code is guessed for it."""
    hold(episode)
    facts = AdmissionFacts.objects.filter(episode=episode).first() or AdmissionFacts(episode=episode)
    check_revision(facts.revision, revision)
    try:
        given = checked(answers)
    except BadInput:
        raise DomainError(_("Choose from the list.")) from None
    if facts.revision and facts.answers == given:
        audit.unchanged()
        return facts
    facts.answers, facts.codes_version = given, VERSION
    facts.revision, facts.changed_by, facts.changed_at = revision + 1, by, at
    facts.save()
    audit.record(
        "save admission facts",
        by=by,
        at=at,
        subject=facts,
        client=episode.client_id,
        detail={"answered": len(given)},
    )
    return facts

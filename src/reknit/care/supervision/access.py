"""Who supervises whom today, and who may read what is written in supervision. None of it opens a chart."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.base.access import YES, Decision, no
from reknit.base.accounts.models import Role, User
from reknit.care.people.access import may_supervise
from reknit.care.people.models import Client, SupervisoryLine, current
from reknit.care.programme.access import AT_WORK_ON_PROTOCOLS

from .models import Approval, EventReview, Rating, SampledSession, SupervisionHour


def supervisees_of(user: User, *, on: dt.date) -> QuerySet[User]:
    """Whose work this person answers for on a date."""
    if not user.has(Role.SUPERVISOR):
        return User.objects.none()
    lines = SupervisoryLine.objects.filter(current(on), supervisor=user)
    return User.objects.filter(pk__in=lines.values("supervisee"), is_active=True).order_by("name", "pk")


def may_work_as_supervisor(user: User) -> Decision:
    """The agenda and the hour belong to supervisors."""
    if user.is_active and user.has(Role.SUPERVISOR):
        return YES
    return no(_("This page belongs to supervisors."))


def may_have_supervision(user: User) -> Decision:
    """Whoever reads charts has a supervision page of their own."""
    return YES if user.is_active and user.reads_charts else no(_("This page belongs to clinicians."))


def supervises(user: User, person: User, *, on: dt.date) -> bool:
    """Whether one answers for the other's work on that date."""
    if not user.has(Role.SUPERVISOR):
        return False
    return SupervisoryLine.objects.filter(current(on), supervisor=user, supervisee=person).exists()


def may_read_file(user: User, person: User, *, on: dt.date) -> Decision:
    """Hours, drift and certification of one person: that person, and who supervises them now."""
    if user.reads_charts and (user.pk == person.pk or supervises(user, person, on=on)):
        return YES
    return no(_("Only this person and their supervisor see this."))


def may_read_hour(user: User, hour: SupervisionHour) -> Decision:
    """The supervisor who held it; those who were there, once it is signed."""
    if not user.reads_charts:
        return no(_("Only those who were there see this hour."))
    if user.pk == hour.supervisor_id:
        return YES
    if hour.state == SupervisionHour.State.SIGNED and hour.members.filter(supervisee=user).exists():
        return YES
    return no(_("Only those who were there see this hour."))


def may_write_hour(user: User, hour: SupervisionHour) -> Decision:
    """The supervisor who holds it."""
    if user.has(Role.SUPERVISOR) and user.pk == hour.supervisor_id:
        return YES
    return no(_("Only the supervisor who held this hour writes in it."))


def part_of(user: User, sampled: SampledSession, *, on: dt.date) -> str:
    """As whom this person rates a session; empty for anybody else."""
    if not user.reads_charts:
        return ""
    if user.pk == sampled.therapist_id:
        return str(Rating.Part.SELF)
    if user.pk == sampled.second_rater_id and user.has(Role.SUPERVISOR):
        return str(Rating.Part.SECOND)
    return str(Rating.Part.FIRST) if supervises(user, sampled.therapist, on=on) else ""


def may_see_sampled(user: User, sampled: SampledSession, *, on: dt.date) -> Decision:
    """The therapist, who supervises them now, and the second rater."""
    if part_of(user, sampled, on=on):
        return YES
    return no(_("Only those who rate this session see it."))


def may_answer(user: User, approval: Approval, *, on: dt.date) -> Decision:
    """Who answers on that date for the work of whoever asked, while the chart is open to them; never the asker."""
    asked_by, client = approval.asked_by, approval.episode.client
    seen = Client.objects.visible_to(user, on=on).filter(pk=client.pk)
    if user.pk != asked_by.pk and supervises(user, asked_by, on=on) and seen.exists():
        return YES
    return no(_("Only a supervisor of the person who asked can answer this."))


def may_review(user: User, client: Client, *, on: dt.date) -> Decision:
    """Audits and reviews of an event are done by the supervisor of the client's therapist."""
    if client.is_sandbox:
        return no(_("A practice course is not looked at in this way."))
    return may_supervise(user, client, on=on)


def may_read_review(user: User, review: EventReview, *, on: dt.date) -> Decision:
    """The supervisor of the client's therapist, and whoever opened it while the chart is open to them."""
    return may_review(user, review.episode.client, on=on)


def may_read_changes(user: User) -> Decision:
    """Directors, who write protocols, and supervisors, who answer for them."""
    if user.is_active and user.has(*AT_WORK_ON_PROTOCOLS):
        return YES
    return no(_("This page belongs to directors and supervisors."))


def may_see_totals(user: User) -> Decision:
    """Directors see totals of ratings, of five people or more, and no person."""
    return YES if user.has(Role.DIRECTOR) else no(_("This page belongs to the programme director."))

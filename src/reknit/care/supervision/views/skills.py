"""How a therapist develops: items over time, what is practised next, practice cases and certification, on one page."""

import datetime as dt
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_done, is_saved
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import SkillGoal
from reknit.care.supervision.queries.credentials import goals_of
from reknit.care.supervision.queries.ratings import drift_of
from reknit.care.supervision.queries.skills import skills_of
from reknit.core.supervision.credentials import checked_on

from .common import Visit, page, somebody, visit

LOOK_AGAIN = dt.timedelta(weeks=6)


@require_GET
def development_show(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Items by quarter, the two goals, practice cases, and how far certification is."""
    here, person = somebody(request, person_id)
    record_read("development", by=here.user, at=here.at, client=None)
    first = {"key": uuid.uuid4(), "review_on": here.today + LOOK_AGAIN}
    return _page(request, here, person, forms.SkillForm(initial=first))


def _page(request: HttpRequest, here: Visit, person: User, form: forms.SkillForm) -> HttpResponse:
    skills = skills_of(person)
    open_ones = [one for one in skills if not one.goal.ended_at]
    return page(
        request, "development", form, person=person, is_own=person.pk == here.user.pk, today=here.today,
        drift=drift_of(person, today=here.today), skills=open_ones, skill_form=form,
        ended=[one for one in skills if one.goal.ended_at], outcomes=SkillGoal.Outcome.choices,
        may_set=len(open_ones) < actions.MOST_SKILLS, goals=goals_of(person),
        checked_on=checked_on(),
    )  # fmt: skip


@require_POST
def skill_set(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Work on one item of the form."""
    here, person = somebody(request, person_id)
    form = forms.SkillForm(request.POST)
    if is_saved(
        form,
        lambda: actions.set_skill_goal(by=here.user, at=here.at, person=person, **form.cleaned_data),
    ):
        messages.info(request, _("It stands on the agenda until its day."))
        return redirect("supervision:development-show", person.pk)
    return _page(request, here, person, form)


@require_POST
def skill_end(request: HttpRequest, skill_id: uuid.UUID) -> HttpResponse:
    """What came of it."""
    here = visit(request)
    goal = get_object_or_404(SkillGoal.objects.select_related("person"), pk=skill_id)
    access.may_read_file(here.user, goal.person, on=here.today).or_refuse()
    outcome = request.POST.get("outcome", "")
    is_done(
        request,
        lambda: actions.end_skill_goal(by=here.user, at=here.at, goal=goal, outcome=outcome),
        _("Written down."),
    )
    return redirect("supervision:development-show", goal.person_id)

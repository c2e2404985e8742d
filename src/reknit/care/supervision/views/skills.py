"""What a therapist practises: set and ended on the page of their ratings."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reknit.base.ui.answers import is_done, is_saved
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import SkillGoal

from .common import somebody, visit
from .ratings import rating_page


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
        return redirect("supervision:rating-list", person.pk)
    return rating_page(request, here, person, form)


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
    return redirect("supervision:rating-list", goal.person_id)

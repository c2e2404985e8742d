"""Facts for the choice of a course, what they point to, and what the clinician says. The system chooses nothing."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.choices import ChoiceForm
from reknit.care.intake.queries.hints import hints_for, latest_choice, proposal_for
from reknit.care.programme.charts import open_chart
from reknit.core.intake.hints import Caution, cautions, proposals
from reknit.core.programme.template import template

CAUTIONS = {
    Caution.STABILISE: gettext_lazy("Mania or psychosis: settle that first."),
    Caution.MEDICATION_FIRST: gettext_lazy(
        "Opioids without medication: offer medication first. IPT goes beside it."
    ),
    Caution.NOT_ALONE: gettext_lazy(
        "Use is in the upper range: IPT alone has not been shown to reduce it. Think of CBT and contingency management."
    ),
    Caution.OTHER_THERAPY: gettext_lazy(
        "No depression in the range of the measure and no problem with people: think of another therapy."
    ),
    Caution.UNTESTED_WITH_PAIN: gettext_lazy("Pain and use together: this combination has not been tested."),
}


@require_http_methods(["GET", "POST"])
def course_choice(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Facts, hints, and the form for the care team."""
    chart = open_chart(request, client_id, page="course", write=request.method == "POST")
    episode = chart.episode
    if episode is None:
        raise Http404
    choice, proposal = latest_choice(episode), proposal_for(chart.client)
    form = ChoiceForm(request.POST or None, choice=choice or proposal, protocol=episode.protocol)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_course(by=chart.user, at=chart.at, episode=episode, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.info(request, _("Written down, with the facts as they stand today."))
            return redirect("intake:course-choice", client_id)
    found = hints_for(episode, today=chart.today)
    context = chart.context(
        lines=found.lines,
        proposed=[(code, _(template(code).title)) for code in proposals(found.known)],
        cautions=[CAUTIONS[one] for one in cautions(found.known)],
        choice=choice,
        proposal=proposal,
        proposal_title=_(template(proposal.chosen).title) if proposal else "",
        chosen=_(template(choice.chosen).title) if choice else "",
        differs=bool(choice and choice.chosen != episode.protocol),
        form=form,
        may_write=chart.may_write(),
        client=chart.client,
    )
    status = 422 if form.errors else 200
    return render(request, "intake/clinician/course_choice.html", context, status=status)

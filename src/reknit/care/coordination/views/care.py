"""The one page: who else is in care, the whole view of the client, what runs beside IPT, and the level of care."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reknit.base.errors import DomainError
from reknit.care.coordination import actions
from reknit.care.coordination.queries import care_view
from reknit.care.programme.charts import open_chart

from .answers import page


@require_safe
def care_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The page itself."""
    chart = open_chart(request, client_id, page="care")
    view = care_view(chart.client, chart.episode, today=chart.today, at=chart.at)
    return page(request, chart, "care_show", care=view, may_write=chart.may_write())


@require_POST
def care_mapped(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Say that it was gone through with the client."""
    chart = open_chart(request, client_id, page="care", write=True)
    try:
        actions.map_care_team(by=chart.user, at=chart.at, client=chart.client)
    except DomainError as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.info(request, _("Written down as gone through with the client."))
    return redirect("coordination:care-show", chart.id)

"""The safe way to reach the client: who wrote it down and when, and a form for the client's own therapist."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.ui.answers import is_saved
from reknit.care.contact.actions import set_safe_contact
from reknit.care.contact.forms import SafeContactForm
from reknit.care.contact.queries import safe_contacts_of
from reknit.care.people.access import may_lead
from reknit.care.programme.charts import open_chart

from .answers import page


@require_http_methods(["GET", "HEAD", "POST"])
def safe_contact_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What stands and who wrote it; earlier ways without their number, so that nobody uses them by mistake."""
    chart = open_chart(request, client_id, page="care")
    may_change = may_lead(chart.user, chart.client, on=chart.today)
    if request.method == "POST":
        may_change.or_refuse()
    ways = safe_contacts_of(chart.client)
    now = next((one for one in ways if one.superseded_at is None), None)
    form = SafeContactForm(request.POST if request.method == "POST" else None, contact=now)

    def save() -> None:
        set_safe_contact(by=chart.user, at=chart.at, client=chart.client, **form.cleaned_data)

    if is_saved(form, save):
        messages.info(request, _("Saved. From now on only this way is shown and used."))
        return redirect("coordination:safe-contact", chart.id)
    earlier = [one for one in ways if one is not now]
    return page(
        request, chart, "safe_contact", contact=now, earlier=earlier, form=form,
        may_change=may_change.allowed, failed=bool(form.errors),
    )  # fmt: skip

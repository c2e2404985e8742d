"""Consent to care: what stands, asking anew before it ends, and the day the client takes it back."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.clock import instant_on
from reknit.base.errors import DomainError
from reknit.base.ui.answers import is_saved
from reknit.care.consent.actions import grant_consent, revoke_consent
from reknit.care.consent.models import Consent
from reknit.care.consent.queries import BY_THEMSELVES, care_consents, other_consents
from reknit.care.coordination.forms import CareConsentForm
from reknit.care.people.queries import zone
from reknit.care.programme.charts import open_chart

from .answers import page


@require_http_methods(["GET", "HEAD", "POST"])
def consent_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """What stands, and for the team the form that writes a new one down."""
    chart = open_chart(request, client_id, page="care", write=request.method == "POST")
    initial = {"key": uuid.uuid4(), "given_on": chart.today, "how": Consent.How.PAPER}
    form = CareConsentForm(request.POST or None, initial=initial)

    def save() -> None:
        given = dict(form.cleaned_data)
        given_at = instant_on(given.pop("given_on"), at=chart.at, zone=zone())
        grant_consent(by=chart.user, at=chart.at, client=chart.client, given_at=given_at, **given)

    if is_saved(form, save):
        messages.info(request, _("Written down. What stood before stays in the record."))
        return redirect("coordination:consent-show", chart.id)
    rows = care_consents(chart.client)
    return page(
        request,
        chart,
        "consent_show",
        failed=bool(form.errors),
        form=form,
        standing=[one for one in rows if one.stands(on=chart.today)],
        past=[one for one in rows if not one.stands(on=chart.today)],
        others=other_consents(chart.client, on=chart.today),
        may_write=chart.may_write(),
    )


@require_POST
def consent_take_back(request: HttpRequest, client_id: uuid.UUID, consent_id: uuid.UUID) -> HttpResponse:
    """The client took it back."""
    chart = open_chart(request, client_id, page="care", write=True)
    consent = get_object_or_404(
        Consent, pk=consent_id, client=chart.client, kind__in=(Consent.Kind.CARE, *BY_THEMSELVES)
    )
    try:
        revoke_consent(by=chart.user, at=chart.at, consent=consent)
    except DomainError as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.info(request, _("Taken back. What was written before stays in the record."))
    return redirect("coordination:consent-show", chart.id)

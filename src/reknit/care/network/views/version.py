"""Versions of the circle: signing off, reading one, showing it to the client and taking it back."""

import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.errors import DomainError
from reknit.care.network import actions, drawing, pages, queries
from reknit.care.network.forms import SieveForm, SignForm
from reknit.care.network.models import CircleVersion
from reknit.care.network.sifting import Sieve
from reknit.care.programme.charts import Chart, open_chart


@require_http_methods(["GET", "POST"])
def circle_sign(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """Freeze the circle that is being drawn. One question is asked first."""
    chart = open_chart(request, client_id, page="people", write=True)
    version = queries.open_version(chart.client)
    if version is None:
        messages.info(request, _("No version is being drawn. Change something first."))
        return redirect("network:circle-show", client_id)
    form = SignForm(request.POST or None, initial={"revision": version.revision, "author": "together"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_off_version(by=chart.user, at=chart.at, version=version, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
            form.data = {**request.POST.dict(), "revision": str(version.revision)}
        else:
            messages.info(
                request, _("Version %(n)s is signed off. It no longer changes.") % {"n": version.number}
            )
            return redirect("network:circle-show", client_id)
    circle = queries.open_circle(chart.client, version)
    context = chart.context(
        form=form,
        version=version,
        people=circle.people,
        unplaced=[one.alias for one in circle.people if one.ring is None],
        treatment=[one.alias for one in circle.people if one.from_treatment],
    )
    return render(request, "network/clinician/circle_sign.html", context, status=422 if form.errors else 200)


@require_GET
def version_show(request: HttpRequest, client_id: uuid.UUID, number: int) -> HttpResponse:
    """One signed version, exactly as it was signed off."""
    chart = open_chart(request, client_id, page="people")
    versions = list(queries.versions_of(chart.client))
    version = next((one for one in versions if one.number == number), None)
    if version is None or version.state != CircleVersion.State.SIGNED:
        raise Http404
    sieve = Sieve.of(request.GET)
    drawn = pages.version_page(version, versions, sieve)
    first, others = drawn.indices()
    context = chart.context(
        version=version,
        drawn=drawn,
        figure=drawing.picture(drawn.circle, drawn.earlier, sieve=sieve),
        sieve=sieve,
        sieve_form=SieveForm(initial=asdict(sieve)),
        rows=drawn.rows(),
        indices=first,
        other_indices=others,
        may_write=chart.may_write(),
    )
    return render(request, "network/clinician/version_show.html", context)


@require_POST
def version_release(request: HttpRequest, client_id: uuid.UUID, number: int) -> HttpResponse:
    """Show a signed version to the client."""
    return _tell(
        request, client_id, number, actions.release_version, _("The client can see version %(n)s now.")
    )


@require_POST
def version_take_back(request: HttpRequest, client_id: uuid.UUID, number: int) -> HttpResponse:
    """No longer show it."""
    return _tell(
        request, client_id, number, actions.take_back_version, _("The client no longer sees version %(n)s.")
    )


def _tell(
    request: HttpRequest, client_id: uuid.UUID, number: int, change: Callable[..., Any], said: str
) -> HttpResponse:
    chart = open_chart(request, client_id, page="people", write=True)
    version = _version(chart, number)
    try:
        change(by=chart.user, at=chart.at, version=version)
    except DomainError as error:
        messages.warning(request, error.sentence)
    else:
        messages.info(request, said % {"n": number})
    return redirect("network:circle-show", client_id)


def _version(chart: Chart, number: int) -> CircleVersion:
    found = CircleVersion.objects.filter(client=chart.client, number=number).first()
    if found is None:
        raise Http404
    return found

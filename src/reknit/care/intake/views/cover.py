"""Who pays for a client's sessions, and when that runs out."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.intake import actions
from reknit.care.intake.access import may_change_cover, may_see_cover
from reknit.care.intake.forms import show_refusal
from reknit.care.intake.forms.cover import CoverForm
from reknit.care.intake.models import Cover
from reknit.care.intake.queries.cover import cover_view
from reknit.care.people.models import Client
from reknit.care.people.queries import zone


@require_http_methods(["GET", "POST"])
def cover_show(request: HttpRequest, client_id: uuid.UUID) -> HttpResponse:
    """The cover beside the planned sessions. Intake writes; the care team reads."""
    user, at = request.user, now()
    assert isinstance(user, User)
    client = Client.objects.filter(pk=client_id).first()
    if client is None or not may_see_cover(user, client, on=local_date(at, zone())):
        raise Http404
    may_change = may_change_cover(user, client)
    standing = Cover.objects.filter(client=client, ended_at=None).first()
    form = CoverForm(request.POST if request.POST.get("step") == "cover" else None, standing=standing)
    if request.method == "POST":
        may_change.or_refuse()
        if request.POST.get("step") == "end":
            if standing and request.POST.get("stands", str(standing.pk)) != str(standing.pk):
                messages.info(request, _("Somebody wrote another cover meanwhile, so nothing was ended."))
            elif standing:
                actions.end_cover(by=user, at=at, cover=standing)
            return redirect("intake:cover-show", client_id)
        if form.is_valid():
            try:
                actions.add_cover(by=user, at=at, client=client, **form.values())
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.info(request, _("Kept."))
                return redirect("intake:cover-show", client_id)
    record_read("cover", by=user, at=at, client=client)
    earlier = Cover.objects.filter(client=client, ended_at__isnull=False).order_by("-ended_at")[:10]
    context = {
        "client": client,
        "view": cover_view(client),
        "earlier": earlier,
        "form": form,
        "may_change": may_change.allowed,
        "referral": client.referrals.order_by("-received_at").first(),
        "reads_chart": user.reads_charts,
    }
    return render(request, "intake/clinician/cover.html", context, status=422 if form.errors else 200)

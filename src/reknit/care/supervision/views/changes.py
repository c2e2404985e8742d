"""What reviews ask of protocols, for those who work on them. It names no client and no review."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reknit.base.audit.record import record_read
from reknit.base.ui.answers import is_saved
from reknit.care.programme.access import may_write_protocols
from reknit.care.supervision import access, actions, forms
from reknit.care.supervision.models import ProtocolRequest

from .common import Visit, page, visit

ROWS = 20


@require_GET
def change_list(request: HttpRequest) -> HttpResponse:
    """Every request, those without an answer first."""
    return _list(request, visit(request), None)


@require_POST
def change_answer(request: HttpRequest, change_id: uuid.UUID) -> HttpResponse:
    """The version that takes it up, or why none does."""
    here = visit(request)
    may_write_protocols(here.user).or_refuse()
    one = get_object_or_404(ProtocolRequest, pk=change_id)
    form = forms.ChangeForm(request.POST, auto_id=f"{one.pk}_%s")
    if is_saved(
        form,
        lambda: actions.answer_protocol_request(by=here.user, at=here.at, request=one, **form.cleaned_data),
    ):
        messages.info(request, _("Written down. The supervisor who closed the review reads it there."))
        return redirect("supervision:change-list")
    return _list(request, here, (one, form))


def _list(
    request: HttpRequest, here: Visit, refused: tuple[ProtocolRequest, forms.ChangeForm] | None
) -> HttpResponse:
    access.may_read_changes(here.user).or_refuse()
    record_read("protocol requests", by=here.user, at=here.at, client=None)
    rows = ProtocolRequest.objects.select_related("version", "answered_by").order_by(
        F("answered_at").desc(nulls_first=True), "made_at", "pk"
    )
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page": shown, "requests": [(one, _form(one, refused)) for one in shown]}
    sent = [refused[1]] if refused else []
    return page(request, "change_list", *sent, may_answer=may_write_protocols(here.user).allowed, **context)


def _form(one: ProtocolRequest, refused: tuple[ProtocolRequest, forms.ChangeForm] | None) -> forms.ChangeForm:
    if refused and refused[0].pk == one.pk:
        return refused[1]
    return forms.ChangeForm(initial={"version": one.version_id, "answer": one.answer}, auto_id=f"{one.pk}_%s")

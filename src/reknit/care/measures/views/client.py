"""The phone pages: one form, no account, no word that reveals what it is about.

Opening a page changes nothing, so a mail scanner may open it as often as it likes. Cookies are asked for only
when an answer is saved or sent, and belong to that one form.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reknit.base.addresses import caller
from reknit.base.brake import SECONDS, is_over
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.measures import sitting
from reknit.care.measures.actions import end_sitting, save_draft, submit_link
from reknit.care.measures.forms import SheetForm, plain_answers
from reknit.care.measures.limits import MOST_FOR_A_LINK, MOST_MISSES
from reknit.care.measures.links import LinkEnded, LinkState, is_device, state_of
from reknit.care.measures.models import FormLink
from reknit.care.measures.queries import asks_for_someone, in_clinic_time, is_offered, link_for, wording_for
from reknit.care.people.queries import zone
from reknit.core.measures import catalogue

COOKIE = "reknit_form"
THANKS_SECONDS = 30 * 60  # how long this phone may show its own words of care again
View = Callable[..., HttpResponse]


def phone_page(view: Callable[[HttpRequest, str, FormLink], HttpResponse]) -> View:
    """A page by link: open to its holder, kept by nobody, found by no search, and braked."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, secret: str) -> HttpResponse:
        link = link_for(secret)
        if link is None and is_over("miss", caller(request), most=MOST_MISSES):
            response = _wait(request)
        elif link is None:
            response = _ended(request, LinkState.EXPIRED, status=404)
        elif is_over("link", str(link.pk), most=MOST_FOR_A_LINK):
            response = _wait(request)
        else:
            response = view(request, secret, link)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def _wait(request: HttpRequest) -> HttpResponse:
    sentence = _("Please wait a minute, then try again. Nothing you sent is lost.")
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"message": sentence}, status=429)
    else:
        response = render(request, "measures/client/wait.html", {"sentence": sentence}, status=429)
    response["Retry-After"] = str(SECONDS)
    return response


def _ended(request: HttpRequest, state: LinkState, *, status: int = 410) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"message": LinkEnded(state).sentence}, status=status)
    context = {"state": str(state), "sitting": bool(sitting.secrets_of(request))}
    return render(request, "measures/client/ended.html", context, status=status)


def _device(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:64]


def _remember(response: HttpResponse, device: str, *, page: str, seconds: int) -> None:
    """Let this phone, and this form on it alone, be known again. `page` is the form's address."""
    response.set_cookie(
        COOKIE,
        device,
        max_age=seconds,
        path=page,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def _form(link: FormLink, data: Any = None, *, draft: bool = False, **options: Any) -> SheetForm:
    return SheetForm(
        data,
        measure=catalogue.measure(link.measure),
        wording=wording_for(link.measure, link.client.language),
        blank=_("Skip this one"),
        draft=draft,
        **options,
    )


def _page(
    request: HttpRequest, secret: str, link: FormLink, form: SheetForm, *, status: int = 200
) -> HttpResponse:
    mine = is_device(link, _device(request))
    context = {
        "form": form,
        "wording": wording_for(link.measure, link.client.language),
        "is_scale": len(form.measure.options) == 11,
        "draft_url": reverse("measures:form-draft", args=[secret]),
        "until": in_clinic_time(link.expires_at),
        "saved_at": in_clinic_time(link.draft_saved_at) if mine and link.draft_saved_at else None,
        "begun_elsewhere": bool(link.device) and not mine,
        "sitting": sitting.place_of(request, secret),
    }
    return render(request, "measures/client/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def form_fill(request: HttpRequest, secret: str, link: FormLink) -> HttpResponse:
    """The form. Only sending it uses the link up."""
    if request.method == "POST":
        return _submit(request, secret, link)
    state = state_of(link, at=now())
    if state is not LinkState.LIVE:
        return _ended(request, state)
    if not is_offered(link.measure):  # the clinic's permission ended after the link was made
        return _ended(request, LinkState.EXPIRED)
    draft = link.draft if is_device(link, _device(request)) else {}
    return _page(
        request, secret, link, _form(link, initial={"key": uuid.uuid4(), **SheetForm.initial_for(draft)})
    )


def _submit(request: HttpRequest, secret: str, link: FormLink) -> HttpResponse:
    device = _device(request) or secrets.token_urlsafe(24)
    try:
        answers, key = _sent(request, link)
        submit_link(at=now(), link=link, device=device, answers=answers, key=key)
    except LinkEnded as ended:
        return _ended(request, ended.state)
    except DomainError as refused:
        return _explain(request, secret, link, refused.sentence)
    response = HttpResponseRedirect("done/")  # the next page from here: looking its address up costs more
    _remember(response, device, page=request.path, seconds=THANKS_SECONDS)
    return response


def _sent(request: HttpRequest, link: FormLink) -> tuple[Mapping[str, int | None], uuid.UUID]:
    """The answers and the page's key, or a refusal."""
    answers = plain_answers(request.POST, catalogue.measure(link.measure))
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        answers = None
    if answers is None:
        raise DomainError(_("Open this page again, then fill it in once more."))
    return answers, key


def _explain(request: HttpRequest, secret: str, link: FormLink, sentence: str) -> HttpResponse:
    """The form again, with what is wrong under the question it is about. Nothing was changed."""
    state = state_of(link, at=now())
    if state is not LinkState.LIVE:
        return _ended(request, state)
    form = _form(link, request.POST)
    if form.is_valid():
        form.add_error(None, sentence)
    return _page(request, secret, link, form, status=422)


@require_POST
@phone_page
def form_draft(request: HttpRequest, secret: str, link: FormLink) -> HttpResponse:
    """Answers so far, kept for this phone: at each tap, or by the button when scripts are off."""
    at = now()
    form = _form(link, request.POST, draft=True)
    device = _device(request) or secrets.token_urlsafe(24)
    try:
        if not form.is_valid():
            raise DomainError(_("One of the answers cannot be kept. Open the page again."))
        save_draft(at=at, link=link, device=device, answers=form.answers)
    except LinkEnded as ended:
        return _ended(request, ended.state)
    except DomainError as refused:
        if _wants_json(request):
            return JsonResponse({"message": refused.sentence}, status=422)
        return _page(request, secret, link, form, status=422)
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse({"saved_at": f"{in_clinic_time(at):%H:%M}"})
    else:
        response = redirect("measures:form-fill", secret)
    page = reverse("measures:form-fill", args=[secret])
    _remember(response, device, page=page, seconds=int((link.expires_at - at).total_seconds()))
    return response


@require_http_methods(["GET", "HEAD"])
@phone_page
def form_done(request: HttpRequest, secret: str, link: FormLink) -> HttpResponse:
    """Thanks; and to the phone that just sent an answer which needs someone, where to find someone now."""
    if link.submitted_at is None or link.administration is None:
        return redirect("measures:form-fill", secret)
    fresh = (now() - link.submitted_at).total_seconds() < THANKS_SECONDS
    mine = fresh and is_device(link, _device(request))
    place = sitting.place_of(request, secret)
    context = {
        "needs_someone": mine and asks_for_someone(link.administration),
        "zone": zone(),
        "sitting": place,
        "next_form": sitting.next_of(sitting.secrets_of(request), at=now()) if place else "",
    }
    return render(request, "measures/client/done.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_stop(request: HttpRequest) -> HttpResponse:
    """The end of a sitting on the clinic's device: what was not sent is gone, and the device knows of nobody any more."""
    if request.method != "POST":
        response = render(request, "measures/client/stopped.html")
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
    secrets = sitting.secrets_of(request)
    if links := [link for _secret, link in sitting.links_of(secrets)]:
        end_sitting(at=now(), links=links)
    response = redirect("measures:sitting-stop")
    sitting.end(response)
    for secret in secrets:  # with it goes what this device may show of answers that were sent
        response.delete_cookie(COOKIE, path=reverse("measures:form-fill", args=[secret]), samesite="Strict")
    response["Clear-Site-Data"] = '"cache"'
    return response

"""My story so far: the version that was shared, four answers of equal weight, and where I am."""

import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reknit.base.accounts.models import Role, User
from reknit.base.audit.record import record_read
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.formulation import actions
from reknit.care.formulation.access import may_answer_own
from reknit.care.formulation.forms import OwnAnswerForm
from reknit.care.formulation.models import Formulation
from reknit.care.formulation.queries import current_formulation, latest_answer, sessions_held, slot_latest
from reknit.care.formulation.views.answers import blame
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode


@require_http_methods(["GET", "POST"])
def client_story(request: HttpRequest) -> HttpResponse:
    """Only ever the signed-in client's own, and only what was shared."""
    user = request.user
    if not isinstance(user, User) or not user.has(Role.CLIENT):
        raise Http404
    client = Client.objects.filter(user=user).first()
    episode = current_episode(client) if client else None
    standing = current_formulation(episode) if episode else None
    if request.method == "POST":
        return answer(request, user, episode, standing)
    if client:
        record_read("my story", by=user, at=now(), client=client)
    return page(request, episode, standing, OwnAnswerForm(initial={"key": uuid.uuid4()}))


def page(
    request: HttpRequest,
    episode: Episode | None,
    standing: Formulation | None,
    form: OwnAnswerForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page around the four answers."""
    context: dict[str, Any] = {"form": form, "episode": episode, "standing": standing}
    if standing and episode:
        context |= {
            "paragraphs": standing.text.split("\n\n"),
            "latest": latest_answer(standing),
            "where": where_of(episode),
        }
    return render(request, "formulation/client/story.html", context, status=status)


def where_of(episode: Episode) -> dict[str, Any]:
    """The latest session and how many are left."""
    held = sessions_held(episode, zone=zoneinfo.ZoneInfo(zone()))
    latest = slot_latest(held)
    return {
        "latest": latest or None,
        "planned": episode.planned_sessions,
        "left": max(episode.planned_sessions - latest, 0),
        "missed": [one.slot for one in held if one.is_missed and one.slot],
    }


def answer(
    request: HttpRequest, user: User, episode: Episode | None, standing: Formulation | None
) -> HttpResponse:
    """One of the four answers, to the version that was read."""
    if standing is None or str(standing.pk) != request.POST.get("version"):
        messages.warning(request, _("There is a newer text now. Please read it first."))
        return redirect("formulation:client-story")
    if not may_answer_own(user, standing):
        raise Http404
    form = OwnAnswerForm(request.POST)
    if not form.is_valid():
        return page(request, episode, standing, form, status=422)
    try:
        actions.answer_formulation_as_client(by=user, at=now(), formulation=standing, **form.cleaned_data)
    except DomainError as problem:
        return page(request, episode, standing, blame(form, problem), status=422)
    messages.info(request, _("Thank you. We will read this before we meet."))
    return redirect("formulation:client-story")

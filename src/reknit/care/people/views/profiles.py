"""What each clinician can take on: a list for intake, and one profile to change."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.accounts.models import User
from reknit.base.clock import now
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.people import actions
from reknit.care.people.access import may_change_profile, may_see_profiles
from reknit.care.people.forms import ProfileForm
from reknit.care.people.queries import clinicians_with_profiles, profile_of

ROWS = 40


@require_GET
def profile_list(request: HttpRequest) -> HttpResponse:
    """Everybody who may take somebody on, with what is written down. Fixed queries."""
    assert isinstance(request.user, User)
    may_see_profiles(request.user).or_refuse()
    page = Paginator(clinicians_with_profiles(), ROWS).get_page(request.GET.get("page"))
    rows = [(one, profile_of(one)) for one in page]
    return render(request, "people/profile_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def profile_change(request: HttpRequest, clinician_id: uuid.UUID) -> HttpResponse:
    """One clinician's profile."""
    user, at = request.user, now()
    assert isinstance(user, User)
    clinician = clinicians_with_profiles().filter(pk=clinician_id).first()
    if clinician is None:
        raise Http404
    may_change_profile(user, clinician).or_refuse()
    form = ProfileForm(request.POST or None, profile=profile_of(clinician))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(by=user, at=at, clinician=clinician, **form.values())
        except Conflict as taken:
            show_meanwhile(form)
            form.add_error(None, taken.sentence)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.info(request, _("The profile is kept."))
            may_list = may_see_profiles(user)
            return redirect(
                reverse("people:profile-list")
                if may_list
                else reverse("people:profile-change", args=[clinician.pk])
            )
    context = {"form": form, "clinician": clinician, "may_list": may_see_profiles(user).allowed}
    return render(request, "people/profile_change.html", context, status=422 if form.errors else 200)

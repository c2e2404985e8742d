"""The administrator's pages: who signs in here, with which roles."""

import uuid

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts import actions
from reknit.base.accounts.access import may_manage_people
from reknit.base.accounts.forms import PersonForm, RolesForm
from reknit.base.accounts.models import User
from reknit.base.accounts.queries import search, staff
from reknit.base.clock import now
from reknit.base.errors import DomainError

from .me import signed_in_user

PER_PAGE = 25


def administrator(request: HttpRequest) -> User:
    """The administrator at hand; anybody else gets the calm refusal."""
    user = signed_in_user(request)
    may_manage_people(user).or_refuse()
    return user


@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody on the staff, by name. Five queries, however many there are."""
    administrator(request)
    words = request.GET.get("q", "").replace("\0", "")[:80].strip()
    people = search(staff(), words).order_by("-is_active", "name", "id")
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/person_list.html", {"page": page, "words": words})


@never_cache
@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """Add a person, and show their one-time password once."""
    by = administrator(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = add_with_password(by=by, form=form)
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            if password:
                return show_password(request, person, password)
            return redirect("accounts:person-change", person_id=person.pk)
    return render(request, "accounts/person_add.html", {"form": form}, status=422 if form.errors else 200)


def add_with_password(*, by: User, form: PersonForm) -> tuple[User, str]:
    """The person and their one-time password; no password when the form was sent twice."""
    told, at = form.cleaned_data, now()
    if known := staff().filter(pk=told["key"]).first():
        return known, ""
    return actions.add_person_with_password(
        by=by, at=at, email=told["email"], name=told["name"], roles=told["roles"], key=told["key"]
    )


@require_http_methods(["GET", "POST"])
def person_change(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person: their roles, and what an administrator may do for them."""
    by, person = administrator(request), get_object_or_404(staff(), pk=person_id)
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": person.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_roles(by=by, at=now(), person=person, roles=form.cleaned_data["roles"])
        except DomainError as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.info(request, _("The roles are changed."))
            return redirect("accounts:person-change", person_id=person.pk)
    context = {"person": person, "form": form, "second_factor": is_mfa_enabled(person)}
    context["is_me"] = person.pk == by.pk
    return render(request, "accounts/person_change.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def person_password(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Make a new one-time password and show it once."""
    by, person = administrator(request), get_object_or_404(staff(), pk=person_id)
    try:
        password = actions.make_one_time_password(by=by, at=now(), person=person)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("accounts:person-change", person_id=person.pk)
    return show_password(request, person, password)


@require_POST
def person_deactivate(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """End a person's sign-in."""
    by, person = administrator(request), get_object_or_404(staff(), pk=person_id)
    try:
        actions.deactivate(by=by, at=now(), person=person)
        messages.info(request, _("The sign-in is ended, here and on every device."))
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("accounts:person-change", person_id=person.pk)


@require_POST
def person_second_factor(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Turn off the second step of a person who lost their device."""
    by, person = administrator(request), get_object_or_404(staff(), pk=person_id)
    try:
        actions.remove_second_factor(by=by, at=now(), person=person)
        messages.info(request, _("The second step is off. Ask them to set it up again."))
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("accounts:person-change", person_id=person.pk)


def show_password(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """The one page that shows a one-time password. It is kept nowhere."""
    return render(request, "accounts/one_time_password.html", {"person": person, "password": password})

"""The code table, the places of service and provider numbers: read by intake, changed by directors. No client is here."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import Conflict, DomainError
from reknit.base.ui.answers import tell
from reknit.base.ui.meanwhile import show_meanwhile
from reknit.care.billing import actions, queries
from reknit.care.billing.access import may_change_codes, may_read_codes
from reknit.care.billing.forms import CodeForm, EndForm, NumberForm, PlacesForm
from reknit.care.billing.models import BillingCode, ProviderNumber
from reknit.care.billing.proposed import PROPOSED
from reknit.care.people.queries import clinicians, site, zone


def director(request: HttpRequest) -> User:
    """Whoever may change the table, or the reason why not."""
    if not isinstance(request.user, User):
        raise Http404
    may_change_codes(request.user).or_refuse()
    return request.user


@require_GET
def code_list(request: HttpRequest) -> HttpResponse:
    """The table with its sources, and the places of service."""
    if not isinstance(request.user, User):
        raise Http404
    may_read_codes(request.user).or_refuse()
    places = queries.places_of_service()
    initial = {
        "revision": places.revision if places else 0,
        **({name: getattr(places, name) for name in ("here", "phone", "video")} if places else {}),
    }
    return show(request, places=PlacesForm(initial=initial, auto_id="place_%s"))


def show(request: HttpRequest, *, places: PlacesForm, status: int = 200) -> HttpResponse:
    """The page with its form as it stands."""
    assert isinstance(request.user, User)
    context = {
        "codes": queries.code_table(),
        "proposed": PROPOSED,
        "places": places,
        "may_change": bool(may_change_codes(request.user)),
        "today": local_date(now(), zone()),
    }
    return render(request, "billing/code_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code_add(request: HttpRequest) -> HttpResponse:
    """Add a line."""
    user, at = director(request), now()
    form = CodeForm(request.POST or None, initial={"key": uuid.uuid4(), "starts_on": local_date(at, zone())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_code(by=user, at=at, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        else:
            messages.info(request, _("Added. Sessions from its first day on are billed by it."))
            return redirect("billing:code-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/code_add.html", {"form": form}, status=status)


@require_POST
def codes_take(request: HttpRequest) -> HttpResponse:
    """Take the proposed codes into an empty table, from the first day of this year on."""
    user, at = director(request), now()
    first = local_date(at, zone()).replace(month=1, day=1)
    try:
        actions.take_proposed(by=user, at=at, starts_on=first)
    except DomainError as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.info(request, _("Taken into the table. Check each against what your payers say."))
    return redirect("billing:code-list")


@require_http_methods(["GET", "HEAD", "POST"])
def code_end(request: HttpRequest, code_id: uuid.UUID) -> HttpResponse:
    """The last day of a line."""
    user, at = director(request), now()
    code = get_object_or_404(BillingCode, pk=code_id)
    form = EndForm(request.POST or None, initial={"ends_on": local_date(at, zone())})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_code(by=user, at=at, code=code, ends_on=form.cleaned_data["ends_on"])
        except DomainError as refused:
            form.add_error("ends_on", refused.sentence)
        else:
            messages.info(request, _("Ended. Sessions until that day are still billed by it."))
            return redirect("billing:code-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "billing/code_end.html", {"form": form, "code": code}, status=status)


@require_POST
def places_save(request: HttpRequest) -> HttpResponse:
    """Set the places of service."""
    user, at = director(request), now()
    form, here = PlacesForm(request.POST, auto_id="place_%s"), site()
    if here is None:
        raise Http404
    if form.is_valid():
        try:
            actions.save_places(
                by=user, at=at, site=here, revision=form.cleaned_data["revision"], places=form.places()
            )
        except DomainError as refused:
            messages.warning(request, refused.sentence)
        else:
            messages.info(request, _("Saved."))
        return redirect("billing:code-list")
    return show(request, places=form, status=422)


@require_GET
def number_list(request: HttpRequest) -> HttpResponse:
    """Whose NPI is known, which stands on superbills and in the month's table."""
    if not isinstance(request.user, User):
        raise Http404
    may_read_codes(request.user).or_refuse()
    context = {"rows": queries.provider_numbers(), "may_change": bool(may_change_codes(request.user))}
    return render(request, "billing/number_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def number_change(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Write down somebody's NPI, or take it out."""
    user, at = director(request), now()
    person = next((one for one in clinicians() if one.pk == person_id), None)
    if person is None:
        raise Http404
    known = ProviderNumber.objects.filter(person=person).first()
    initial = {"revision": known.revision if known else 0, "npi": known.npi if known else ""}
    form = NumberForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.save_number(by=user, at=at, person=person, **form.cleaned_data)
        except Conflict as theirs:
            show_meanwhile(form)
            form.add_error(None, theirs.sentence)
        except DomainError as refused:
            tell(form, refused)
        else:
            messages.info(request, _("Saved."))
            return redirect("billing:number-list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "person": person}
    return render(request, "billing/number_change.html", context, status=status)

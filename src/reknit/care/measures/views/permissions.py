"""What this clinic may show: every measure with its terms, the permissions it holds, and the words it was given."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.measures.access import may_keep_permissions
from reknit.care.measures.forms import OwnWordingForm, PermissionForm
from reknit.care.measures.licensing import groups, licensed
from reknit.care.people.queries import zone
from reknit.care.programme.actions.permissions import load_own_wording, record_permission, revoke_permission
from reknit.care.programme.queries import own_wordings, permissions_of
from reknit.core.errors import BadInput, UnknownMeasure
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Measure
from reknit.core.measures.own_words import blank_table, read_own_words
from reknit.core.measures.wording import in_pack

MOST_SHOWN = 20


def keeper(request: HttpRequest) -> User:
    """The administrator or director at hand; anybody else gets the calm refusal."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_keep_permissions(user).or_refuse()
    return user


def _measure_or_404(measure: str) -> Measure:
    try:
        return catalogue.measure(measure)
    except UnknownMeasure:
        raise Http404 from None


@require_safe
def permission_list(request: HttpRequest) -> HttpResponse:
    """Every measure by what it takes to show its words, and the forms that are not here at all."""
    keeper(request)
    context = {"groups": groups(on=local_date(now(), zone())), "not_shipped": catalogue.not_shipped()}
    return render(request, "measures/clinic/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def permission_show(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: its terms, and a form that records a permission."""
    by, at, chosen = keeper(request), now(), _measure_or_404(measure)
    form = PermissionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_permission(by=by, at=at, measure=chosen.id, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            messages.info(request, _("The permission is recorded."))
            return redirect("measures:permission-show", chosen.id)
    return _page(request, chosen, form=form, status=422 if request.method == "POST" else 200)


def _page(
    request: HttpRequest,
    chosen: Measure,
    *,
    form: PermissionForm | None = None,
    words: OwnWordingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "row": licensed(chosen, on=local_date(now(), zone())),
        "questions": [item for item in chosen.items if not item.helper],
        "form": form or PermissionForm(),
        "words": words or OwnWordingForm(),
        "own": own_wordings(chosen.id),
        "in_pack": in_pack(chosen),
        "history": permissions_of(chosen.id)[:MOST_SHOWN],
        "zone": zone(),
    }
    return render(request, "measures/clinic/show.html", context, status=status)


@require_POST
def permission_revoke(request: HttpRequest, measure: str) -> HttpResponse:
    """Take the permission back. From now on no page shows the words."""
    by, at, chosen = keeper(request), now(), _measure_or_404(measure)
    try:
        revoke_permission(by=by, at=at, measure=chosen.id)
    except DomainError as refused:
        messages.info(request, refused.sentence)
    else:
        messages.info(request, _("The permission is taken back. The words are shown nowhere from now on."))
    return redirect("measures:permission-show", chosen.id)


@require_POST
def wording_load(request: HttpRequest, measure: str) -> HttpResponse:
    """Load the words that the clinic was given, if each question and answer has its own."""
    by, at, chosen = keeper(request), now(), _measure_or_404(measure)
    words = OwnWordingForm(request.POST, request.FILES)
    if words.is_valid():
        given = words.cleaned_data
        try:
            read = read_own_words(chosen, given["file"], given["language"])
            load_own_wording(by=by, at=at, measure=chosen.id, language=given["language"], words=read)
        except BadInput as refused:
            words.add_error("file", str(refused))
        except DomainError as refused:
            words.add_error(refused.field, refused.sentence)
        else:
            messages.info(request, _("The words are loaded. Read the form once as a client would."))
            return redirect("measures:permission-show", chosen.id)
    return _page(request, chosen, words=words, status=422)


@require_safe
def wording_table(request: HttpRequest, measure: str) -> HttpResponse:
    """A table to fill in with the words, one line for each question and answer."""
    keeper(request)
    chosen = _measure_or_404(measure)
    answer = HttpResponse(blank_table(chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{chosen.id}.csv"'
    return answer

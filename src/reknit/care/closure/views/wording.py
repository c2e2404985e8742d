"""The clinic's wording of its documents, for directors and administrators. No chart is opened and no client is shown."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.base.documents.wording import Block, fill
from reknit.base.errors import Conflict, DomainError
from reknit.care.closure.access import may_edit_wording
from reknit.care.closure.documents import actions
from reknit.care.closure.documents.forms import WordingForm
from reknit.care.closure.documents.kinds import DOCUMENTS, NOTICE, Document
from reknit.care.closure.documents.made_up import made_up_values
from reknit.care.closure.documents.pages import content_of, pages_of
from reknit.care.closure.documents.wordings import all_standing, shipped, standing
from reknit.care.closure.models import Wording
from reknit.care.people.queries import paper_foot, zone

from .clinician import as_pdf

VERSIONS = 20


def editor_of(request: HttpRequest) -> User:
    """Whoever may edit wording, or the reason why not."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_edit_wording(user).or_refuse()
    return user


def document_of(kind: str) -> Document:
    """A document of the list, or not found."""
    if kind not in DOCUMENTS:
        raise Http404
    return DOCUMENTS[kind]


@require_GET
def wording_list(request: HttpRequest) -> HttpResponse:
    """Every document with the version of its wording."""
    editor_of(request)
    return render(request, "closure/director/wording_list.html", {"wordings": all_standing()})


@require_http_methods(["GET", "POST"])
def wording_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """Read, try out on the made-up client, keep."""
    user, document = editor_of(request), document_of(kind)
    found = standing(kind)
    if request.method == "GET":
        shown = shipped(document) if "shipped" in request.GET else found
        initial = {
            "version": found.version,
            "title": shown.title,
            "body": shown.body,
            "with_notice": shown.with_notice,
        }
        return page(request, document, WordingForm(document=document, initial=initial))
    form = WordingForm(request.POST, document=document)
    if not form.is_valid():
        return page(request, document, form, status=422)
    try:
        words = form.words()
        if "try" in request.POST:
            words.pop("version")
            actions.check_wording(document, **words)
            return page(request, document, form, tried=fill(words["body"], made_up_values(document)))
        actions.keep_wording(by=user, at=now(), kind=kind, **words)
    except Conflict as conflict:
        again = request.POST.copy()
        again["version"] = str(conflict.theirs["version"])
        form = WordingForm(again, document=document)
        return page(request, document, form, conflict=conflict, status=409)
    except DomainError as problem:
        form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return page(request, document, form, status=422)
    messages.info(request, _("Kept as a new version. Documents made before keep theirs."))
    return redirect("closure:wording-edit", kind)


def page(
    request: HttpRequest, document: Document, form: WordingForm, *, tried: tuple[Block, ...] | None = None,
    conflict: Conflict | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The wording, its fields, the try on the made-up client, and the versions."""
    found = standing(document.key)
    example = made_up_values(document)
    context = {
        "document": document,
        "form": form,
        "found": found,
        "fields": [
            (name, value if isinstance(value, str) else "", name in document.blocks)
            for name, value in example.items()
        ],
        "tried": tried if tried is not None else (None if form.is_bound else fill(found.body, example)),
        "notice": NOTICE,
        "conflict": conflict,
        "versions": Wording.objects.filter(kind=document.key)
        .select_related("made_by")
        .order_by("-version")[:VERSIONS],
    }
    return render(request, "closure/director/wording_edit.html", context, status=status)


@require_GET
def wording_preview(request: HttpRequest, kind: str) -> HttpResponse:
    """The pages of the made-up client with the wording that stands."""
    editor_of(request)
    document, found = document_of(kind), standing(kind)
    example = made_up_values(document)
    content = content_of(
        found.title,
        fill(found.body, example),
        on=str(example["date"]),
        notice=found.notice,
        foot=paper_foot(),
    )
    return as_pdf(pages_of(content, on=local_date(now(), zone()), draft=_("Example")), name="example")

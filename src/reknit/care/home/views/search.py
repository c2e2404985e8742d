"""The search of every member of staff who works with clients. Words come by POST: they are names, and stand in no address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.home.access import may_search
from reknit.care.home.forms import SearchForm
from reknit.care.home.queries.search import find
from reknit.care.people.queries import zone


@require_http_methods(["GET", "HEAD", "POST"])
def client_search(request: HttpRequest) -> HttpResponse:
    """A form, and what it found. That somebody searched is recorded, what for is not."""
    user, at = request.user, now()
    assert isinstance(user, User)
    may_search(user).or_refuse()
    form = SearchForm(request.POST if request.method == "POST" else None)
    page, status = None, 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        words = form.cleaned_data.get("words", "")
        if words:
            page = find(user, words, number=form.cleaned_data.get("page"), on=local_date(at, zone()))
            record_read(
                "search", by=user, at=at, client=None, number=page.number, shown=len(page.object_list)
            )
    return render(request, "home/search.html", {"form": form, "page": page}, status=status)

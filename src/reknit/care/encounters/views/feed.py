"""The page of one's calendar address, and the address itself, which a calendar program reads without signing in."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reknit.base.accounts.models import User
from reknit.base.addresses import caller
from reknit.base.brake import SECONDS, is_over
from reknit.base.clock import now
from reknit.care.encounters.access import may_have_feed
from reknit.care.encounters.feed import actions
from reknit.care.encounters.feed.reading import feed_of, read_feed
from reknit.care.encounters.models import CalendarFeed
from reknit.care.people.queries import zone

MOST_READS, MOST_MISSES = 30, 20  # within a minute: programs ask every few minutes at most


@require_http_methods(["GET", "HEAD", "POST"])
def feed_show(request: HttpRequest) -> HttpResponse:
    """Whether one has an address. A new one is shown once, when it is made: only its hash is kept."""
    user = _person(request)
    secret = actions.renew_feed(by=user, at=now()) if request.method == "POST" else ""
    path = reverse("encounters:feed-read", args=[secret]) if secret else ""
    context = {
        "feed": CalendarFeed.objects.filter(person=user, revoked_at=None).first(),
        "address": request.build_absolute_uri(path) if path else "",
    }
    return render(request, "encounters/booking/feed_show.html", context)


@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    """Take the address back; programs that read it get nothing any more."""
    user = _person(request)
    actions.revoke_feed(by=user, at=now(), person=user)
    messages.info(request, _("The address is dead. Programs that had it read nothing any more."))
    return redirect("encounters:feed-show")


@require_safe
@login_not_required
def feed_read(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The file. No session, no cookie; an address that is not there and one that was taken back get the same answer."""
    feed = feed_of(secret)
    kind, who, most = (
        ("calendar", feed.pk, MOST_READS) if feed else ("no_calendar", caller(request), MOST_MISSES)
    )
    if is_over(kind, str(who), most=most):
        return _bare(request, HttpResponse(status=429, headers={"Retry-After": str(SECONDS)}))
    if feed is not None and not may_have_feed(feed.person):
        actions.revoke_feed(by=None, at=now(), person=feed.person)  # who comes back makes a new one
        feed = None
    if feed is None:
        return _bare(request, HttpResponse(status=404))
    found = read_feed(feed, zone=zone(), at=now())
    etag = quote_etag(hashlib.sha256(found.body).hexdigest()[:32])
    stamp = int(found.changed_at.timestamp())
    response = HttpResponse(found.body, content_type="text/calendar; charset=utf-8")
    response["ETag"], response["Last-Modified"] = etag, http_date(stamp)
    answer = get_conditional_response(request, etag=etag, last_modified=stamp, response=response)
    return _bare(request, answer or response)


def _bare(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A program may keep the file to ask whether it changed; a browser that is signed in keeps nothing."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    response["Cache-Control"] = "private, no-store" if signed_in else "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return response


def _person(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    may_have_feed(user).or_refuse()
    return user

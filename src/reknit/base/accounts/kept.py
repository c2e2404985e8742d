"""Words that arrived after the sign-in had ended. The browser keeps them, in hidden inputs, until the person is back.

Nothing of them is stored here. They travel with a signed mark that says who was signed in before and which address
they were sent to, so that nobody else is shown them and they can go nowhere else.
"""

import json
import re
from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from .models import User

LIMIT = 200_000  # characters, names and all: twice the longest note with a full calendar
SALT = "reknit.accounts.kept"
FEW_WORDS = 2  # a field of one or two words is a choice or a label, not something somebody wrote
LONGEST = 24 * 60 * 60
WORDS, MARK = "kept_words", "kept_mark"
COOKIE, COOKIE_SALT = "reknit_person", "reknit.accounts.person"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent, where to, and for whom it is kept. An empty `words` means it was too long to keep."""

    words: str
    mark: str
    to: str
    person: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Each name and value, in the order they were sent."""
        return [(name, value) for name, value in json.loads(self.words)]

    @property
    def shown(self) -> list[str]:
        """The values that a person wrote, to be read before they are sent again."""
        return [
            value
            for _name, value in self.fields
            if len(value.split()) > FEW_WORDS and re.search(r"[^\W\d]", value)
        ]

    def belongs_to(self, user: User) -> bool:
        """Whether this is the person who wrote them."""
        return str(user.pk) == self.person


def keep(request: HttpRequest, *, person: str | None) -> Kept | None:
    """Take the words out of a form that arrived too late; None when it is not known whose they are."""
    if person is None or not request.POST:
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
    ]
    words = json.dumps(fields, ensure_ascii=False)
    mark = signing.dumps({"person": person, "to": request.path}, salt=SALT)
    return Kept(words if len(words) <= LIMIT else "", mark, request.path, person)


def take(request: HttpRequest) -> Kept | None:
    """Take kept words out of a sign-in form, so that nothing further on, such as the log of failures, sees them."""
    posted: QueryDict = request.POST.copy()
    words, mark = posted.pop(WORDS, [""])[-1], posted.pop(MARK, [""])[-1]
    request.POST = posted  # type: ignore[assignment]
    try:
        told = signing.loads(mark, salt=SALT, max_age=LONGEST)
        found = Kept(words, mark, told["to"], told["person"])
        well_made = len(words) <= LIMIT and all(isinstance(v, str) for pair in found.fields for v in pair)
        resolve(found.to)
    except (signing.BadSignature, ValueError, TypeError, KeyError, Resolver404):
        return None
    return found if well_made else None


def remember_person(response: HttpResponseBase, user: User, *, secure: bool) -> None:
    """Tell this browser, under our signature, who was signed in: a night later the session cannot say it."""
    told = signing.dumps(str(user.pk), salt=COOKIE_SALT)
    response.set_cookie(COOKIE, told, httponly=True, samesite="Lax", secure=secure)


def remembered_person(request: HttpRequest) -> str | None:
    """The key of the person who was signed in at this browser before, if it was told."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT))
    except signing.BadSignature:
        return None

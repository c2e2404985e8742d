"""What every page's frame needs: the clinic, the made-up mark and the main places for the person's roles."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from reknit.base.accounts.models import Role, User
from reknit.care.people.queries import site


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main navigation."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None


def places(user: User, path: str) -> list[Place]:
    """The few places that the person's roles open, most used first."""
    wanted: list[tuple[str, str, str]] = []
    if user.has(Role.THERAPIST, Role.FACILITATOR):
        wanted.append((_("Today"), "home:today", "calendar"))
    if user.reads_charts:
        wanted += [
            (_("Clients"), "home:caseload", "people"),
            (_("Open risk"), "safety:risk-board", "shield"),
        ]
    if user.has(Role.SUPERVISOR):
        wanted.append((_("Co-sign"), "encounters:cosign-list", "note"))
    if user.has(Role.INTAKE):
        wanted.append((_("Referrals"), "intake:referral-list", "inbox"))
    if user.has(Role.DIRECTOR, Role.RESEARCHER):
        wanted.append((_("Programme"), "home:programme", "chart"))
    if user.has(Role.ADMINISTRATOR):
        wanted += [
            (_("People"), "accounts:person-list", "people"),
            (_("Clinic"), "people:site-change", "settings"),
        ]
    return [Place(label, reverse(name), icon, path == reverse(name)) for label, name, icon in wanted]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    here = site()
    user = getattr(request, "user", None)
    return {
        "site": here,
        "site_is_sample": bool(here and here.is_sample),
        "nav": places(user, request.path) if isinstance(user, User) else [],
    }

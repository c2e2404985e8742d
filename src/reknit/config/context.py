"""What every page's frame needs: the clinic, the made-up mark and the main places for the person's roles."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from reknit.base.accounts.keys import keys_are_off
from reknit.base.accounts.models import Role, User
from reknit.base.accounts.themes import theme_of
from reknit.care.people.queries import site


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the main navigation."""

    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None
    is_help: bool = False


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
        wanted += [
            (_("Co-sign"), "encounters:cosign-list", "note"),
            (_("Extensions"), "programme:extension-list", "plus"),
        ]
    if user.has(Role.INTAKE):
        wanted.append((_("Referrals"), "intake:referral-list", "inbox"))
    if user.has(Role.DIRECTOR, Role.RESEARCHER):
        wanted.append((_("Programme"), "home:programme", "chart"))
    if user.reads_charts or user.has(Role.DIRECTOR):
        wanted.append((_("Protocols"), "programme:protocol-list", "stitches"))
        wanted.append((_("Practice"), "learning:sandbox-list", "book"))
    if user.has(Role.ADMINISTRATOR):
        wanted += [
            (_("People"), "accounts:person-list", "people"),
            (_("Supervision"), "people:line-list", "check"),
            (_("Clinic"), "people:site-change", "settings"),
        ]
    if user.has(Role.ADMINISTRATOR, Role.DIRECTOR):
        wanted += [
            (_("Questionnaires"), "measures:permission-list", "note"),
            (_("Letters"), "closure:wording-list", "letter"),
        ]
    if user.reads_charts or user.has(Role.DIRECTOR, Role.RESEARCHER):
        wanted.append((_("Evidence"), "outcomes:evidence-show", "check"))
    return at(wanted, path)


def client_places(path: str) -> list[Place]:
    """The bar at the foot of a client's pages. Help stands last, one tap away."""
    found = at(
        [
            (_("My notes"), "home:client-front", "note"),
            (_("My story"), "formulation:client-story", "book"),
            (_("Settings"), "accounts:me", "settings"),
        ],
        path,
    )
    whom_to_call = reverse("home:client-front") + "#help"
    return [*found, Place(_("Help now"), whom_to_call, "help", current=False, is_help=True)]


def at(wanted: list[tuple[str, str, str]], path: str) -> list[Place]:
    """The places with their addresses; a page inside a place marks that place, the innermost one, as the open one."""
    known = [(label, reverse(name), icon) for label, name, icon in wanted]
    innermost = max((url for _label, url, _icon in known if path.startswith(url)), key=len, default="")
    return [Place(label, url, icon, current=url == innermost) for label, url, icon in known]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for every template."""
    here = site()
    user = getattr(request, "user", None)
    everybody: dict[str, Any] = {
        "site": here,
        "site_name": here.name if here else "",
        "site_is_sample": bool(here and here.is_sample),
        "site_has_imports": bool(here and getattr(here, "has_imports", False)),
        "theme": theme_of(request),
        "nav": [],
        "client_nav": [],
    }
    if not isinstance(user, User):
        return everybody
    if user.has(Role.CLIENT):
        return {**everybody, "client_nav": client_places(request.path)}
    return {
        **everybody,
        "practice": getattr(request, "is_practice", False),
        "practice_url": reverse("learning:sandbox-list"),
        "nav": places(user, request.path),
        "staff_name": user.name,
        "staff_role": ", ".join(user.role_labels),
        "settings_url": reverse("accounts:me"),
        "shortcuts_off": keys_are_off(request),
    }

"""What every page's frame needs: the clinic, the made-up mark and the main places for the person's roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
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
    key: str = ""  # the single key that opens it
    heading: str = ""  # of the part of the navigation that begins with this entry


KEYS = {"home:client-search": "/"}


Wanted = list[tuple[str, str, str]]  # words, name of the address, icon


def places(user: User, path: str) -> list[Place]:
    """The places that the person's roles open: what each day asks for first, the rest under headings."""
    parts = (
        (_("Every day"), _every_day(user)),
        (_("Supervision"), _supervision(user)),
        (_("Intake"), _intake(user)),
        (_("Programme"), _programme(user)),
        (_("Set-up"), _set_up(user)),
    )
    wanted: Wanted = []
    headings: dict[str, str] = {}
    for heading, entries in parts:
        known = {name for _label, name, _icon in wanted}
        new = [entry for entry in entries if entry[1] not in known]  # two roles may open the same place
        if new and wanted:  # what stands first needs no heading
            headings[new[0][1]] = heading
        wanted += new
    return at(wanted, path, headings)


def _every_day(user: User) -> Wanted:
    wanted: Wanted = []
    if user.has(Role.THERAPIST, Role.FACILITATOR):
        wanted.append((_("Today"), "home:today", "calendar"))
    elif user.has(Role.SUPERVISOR):
        wanted.append((_("Supervise"), "supervision:agenda-show", "people"))
    elif user.has(Role.INTAKE):
        wanted += _intake(user)[:2]
    if user.reads_charts or user.has(Role.INTAKE):
        wanted.append((_("Calendar"), "encounters:calendar-show", "clock"))
    if user.reads_charts:
        wanted += [
            (_("Clients"), "home:caseload", "people"),
            (_("Open risk"), "safety:risk-board", "shield"),
            (_("Groups"), "groups:run-list", "talk"),
        ]
    if user.reads_charts or user.has(Role.INTAKE):
        wanted.append((_("Search"), "home:client-search", "search"))
    if user.reads_charts and not user.has(Role.SUPERVISOR):
        wanted.append((_("My supervision"), "supervision:mine", "book"))
    return wanted


def _supervision(user: User) -> Wanted:
    if not user.has(Role.SUPERVISOR):
        return []
    return [
        (_("Supervise"), "supervision:agenda-show", "people"),
        (_("Requests"), "supervision:request-list", "inbox"),
        (_("Co-sign"), "encounters:cosign-list", "note"),
        (_("My supervision"), "supervision:mine", "book"),
    ]


def _intake(user: User) -> Wanted:
    if not user.has(Role.INTAKE):
        return []
    return [
        (_("Referrals"), "intake:referral-list", "inbox"),
        (_("Wait list"), "intake:waiting-list", "people"),
        (_("Chase list"), "intake:chase-show", "phone"),
        (_("Public form"), "intake:public-list", "letter"),
        (_("Clinicians"), "people:profile-list", "people"),
        (_("Intake report"), "intake:report-show", "chart"),
        (_("Billing"), "billing:month-list", "note"),
    ]


def _programme(user: User) -> Wanted:
    wanted: Wanted = []
    if user.has(Role.DIRECTOR, Role.RESEARCHER):
        wanted.append((_("Programme"), "home:programme", "chart"))
    if user.has(Role.DIRECTOR):  # the words of the first four are short: they share the bar of a phone
        wanted += [
            (_("Intake"), "intake:report-show", "inbox"),
            (_("Ratings"), "supervision:totals-show", "note"),
        ]
    if user.reads_charts or user.has(Role.DIRECTOR):
        wanted.append((_("Protocols"), "programme:protocol-list", "stitches"))
        wanted.append((_("Practice"), "learning:sandbox-list", "book"))
    if user.reads_charts or user.has(Role.DIRECTOR, Role.RESEARCHER):
        wanted.append((_("Evidence"), "outcomes:evidence-show", "check"))
    if user.has(Role.DIRECTOR):
        wanted.append((_("Changes asked for"), "supervision:change-list", "inbox"))
    return wanted


def _set_up(user: User) -> Wanted:
    wanted: Wanted = []
    if user.has(Role.ADMINISTRATOR):
        wanted += [
            (_("People"), "accounts:person-list", "people"),
            (_("Supervision"), "people:line-list", "check"),
            (_("Clinic"), "people:site-change", "settings"),
            (_("Rooms"), "encounters:room-list", "inbox"),
        ]
    if user.has(Role.DIRECTOR):
        wanted.append((_("Billing codes"), "billing:code-list", "note"))
    if user.has(Role.ADMINISTRATOR, Role.DIRECTOR):
        wanted += [
            (_("Questionnaires"), "measures:permission-list", "note"),
            (_("Letters"), "closure:wording-list", "letter"),
            (_("Duties"), "safety:duty-list", "shield"),
            (_("Intake settings"), "intake:settings-change", "settings"),
        ]
    return wanted


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


def at(wanted: Wanted, path: str, headings: Mapping[str, str] = MappingProxyType({})) -> list[Place]:
    """The places with their addresses; a page inside a place marks that place, the innermost one, as the open one."""
    known = [
        (label, reverse(name), icon, KEYS.get(name, ""), headings.get(name, ""))
        for label, name, icon in wanted
    ]
    innermost = max((url for _label, url, *_rest in known if path.startswith(url)), key=len, default="")
    return [
        Place(label, url, icon, current=url == innermost, key=key, heading=heading)
        for label, url, icon, key, heading in known
    ]


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
        "profile_url": reverse("people:profile-change", args=[user.pk]) if user.reads_charts else "",
        "shortcuts_off": keys_are_off(request),
    }

"""Reads about people that several pages share."""

import datetime as dt

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from reknit.base.accounts.models import CHART_ROLES, User
from reknit.base.accounts.queries import colleagues

from .models import CareTeamMember, Client, ClinicianProfile, Programme, Site, SupervisoryLine, current
from .names import dates_in, plain

SITE_KEY, ZONE_KEY = "people.site", "people.zone"
SITE_SECONDS = 10


def site() -> Site | None:
    """The clinic of this installation. Kept for a few seconds: every page asks for it."""
    found: Site | None = cache.get(SITE_KEY)
    if found is None:
        imported = Programme.objects.filter(site=OuterRef("pk"), is_imported=True)
        sites = Site.objects.select_related("duty_clinician").annotate(has_imports=Exists(imported))
        found = sites.order_by("made_at").first()
        if found:
            cache.set(SITE_KEY, found, SITE_SECONDS)
    return found


def paper_foot(client: Client | None = None) -> str:
    """What stands at the foot of a printed page: whose it is, and that it is made up where it is."""
    here = site()
    if client is not None and client.is_sandbox:
        return _("Practice course: this client is made up, and nothing here counts.")
    if here is not None and here.is_sample:
        return _("A made-up clinic: every person and number here is invented.")
    return here.name if here else ""


def zone() -> str:
    """The clinic's time zone. Kept by itself too: every answer asks for it, and most need nothing else of the site."""
    name: str | None = cache.get(ZONE_KEY)
    if name is None:
        here = site()
        name = here.time_zone if here else "UTC"
        if here:
            cache.set(ZONE_KEY, name, SITE_SECONDS)
    return name


def forget_site() -> None:
    """Let the next page read the clinic anew; called by whatever changes it."""
    cache.delete_many([SITE_KEY, ZONE_KEY])


MOST_WORDS = 6


def search(clients: QuerySet[Client], words: str) -> QuerySet[Client]:
    """Clients whose names hold each of the words, or parts of them, and who were born on the day if one is typed.

    Accents, case and punctuation make no difference. Of words without a letter nobody is found.
    """
    rest, days = dates_in(words)
    typed = plain(rest).split()[:MOST_WORDS]
    if not typed and not days:
        return clients.none()
    for word in typed:
        clients = clients.filter(sought__contains=word)
    return clients.filter(birth_date__in=days) if days else clients


def names_at(path: str) -> tuple[str, ...]:
    """What `only()` fetches of a client for `Client.name`, `path` being the way there: for lists of many rows."""
    return tuple(f"{path}__{field}" for field in ("given_name", "family_name", "preferred_name"))


def begins_with(words: str) -> Q:
    """Clients one of whose names begins with the first word typed: they stand first in a list of found ones."""
    typed = plain(dates_in(words)[0]).split()
    return Q(sought__contains=f" {typed[0]}") if typed else Q()


def lead_of(client: Client, *, on: dt.date) -> User | None:
    """The client's therapist on a date. On the day of a change it is the one who stays."""
    if client.is_sandbox:
        return client.sandbox_of
    member = (
        CareTeamMember.objects.filter(current(on), client=client, part=CareTeamMember.Part.LEAD)
        .select_related("clinician")
        .order_by(F("ends_on").desc(nulls_first=True), "-starts_on", "id")
        .first()
    )
    return member.clinician if member else None


def supervisor_who_cosigns(clinician: User, *, on: dt.date) -> User | None:
    """The supervisor who must co-sign this clinician's notes on a date, if they are in training."""
    line = (
        SupervisoryLine.objects.filter(current(on), supervisee=clinician, cosigns=True)
        .select_related("supervisor")
        .first()
    )
    return line.supervisor if line else None


def owner_for_risk(client: Client | None, *, on: dt.date) -> User | None:
    """Who answers for a risk item: the client's therapist, else the clinician on duty."""
    owner = lead_of(client, on=on) if client else None
    here = site()
    return owner or (here.duty_clinician if here else None)


def clinicians() -> list[User]:
    """Everybody at work here who may read charts, by name."""
    return colleagues(*CHART_ROLES)


def team_of(client: Client) -> QuerySet[CareTeamMember]:
    """Everybody who is or was on a client's team, those of today first."""
    members = client.care_team.select_related("clinician")
    return members.order_by(F("ends_on").desc(nulls_first=True), "starts_on", "id")


def lines() -> QuerySet[SupervisoryLine]:
    """Every supervisory line that has not ended, by supervisor."""
    found = SupervisoryLine.objects.filter(ends_on=None).select_related("supervisor", "supervisee")
    return found.order_by("supervisor__name", "supervisee__name", "id")


def clinicians_with_profiles() -> QuerySet[User]:
    """Everybody at work here who may read charts, by name, each with their profile where there is one. One query."""
    held = Q()
    for role in CHART_ROLES:
        held |= Q(roles_text__contains=f'"{role}"')
    people = User.objects.filter(is_active=True).annotate(roles_text=Cast("roles", TextField()))
    return people.filter(held).select_related("profile").order_by("name", "pk")


def profile_of(clinician: User) -> ClinicianProfile | None:
    """What is written down about what a clinician can take on; nothing where nobody wrote it."""
    found: ClinicianProfile | None = getattr(clinician, "profile", None)
    return found

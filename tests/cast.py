"""The fixed cast of every access test. They exist only here; each is made through the rooms' own actions.

Ana   the clinician on Cleo's care team          Ina   at intake
Ben   Ana's supervisor                           Dara  the programme director
Cleo  the client, in care with Ana               Rea   the researcher
Tess  a therapist in training whom Ben co-signs  Adi   the administrator
Dov   a stranger: a therapist on another team    Fay   a group facilitator, on no team of Cleo's
Eli   another client, in care with Dov
"""

import datetime as dt
from dataclasses import dataclass, fields

from reknit.base.accounts.actions import add_person
from reknit.base.accounts.models import Role, User
from reknit.base.clock import local_date, now
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import Encounter
from reknit.care.people.actions import (
    add_client,
    change_site,
    give_sign_in,
    join_care_team,
    open_supervisory_line,
    set_status,
    set_up_site,
)
from reknit.care.people.models import Client, Programme, Site
from reknit.care.programme.actions import open_episode
from reknit.care.programme.models import Episode

PASSWORD = "a quiet green river 41"
BEGIN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)  # a Monday
ZONE = "Europe/Paris"


def today() -> dt.date:
    """Today as the clinic's calendar has it, which around midnight is another day than that of UTC."""
    return local_date(now(), ZONE)


@dataclass
class Cast:
    """Everybody, by first name; `cleo` and `eli` are clients, the rest sign in as staff."""

    site: Site
    programme: Programme
    ana: User
    ben: User
    tess: User
    dov: User
    fay: User
    ina: User
    dara: User
    rea: User
    adi: User
    cleo: Client
    eli: Client
    cleo_user: User
    eli_user: User
    cleo_episode: Episode
    eli_episode: Episode

    def users(self) -> dict[str, User]:
        """Everybody who can sign in."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: person for name, person in found.items() if isinstance(person, User)}


def staff(name: str, *roles: str) -> User:
    """One person of the staff. Tests sign in without a password; journeys set one."""
    return add_person(
        by=None, at=BEGIN, email=f"{name.lower()}@clinic.example", name=f"{name} Test", roles=roles
    )


def meet_cleo(cast: "Cast", at: dt.datetime) -> Encounter:
    """Ana and Cleo meet, and Cleo comes; for tests of rooms that stand below the one of sessions."""
    return start_encounter(by=cast.ana, at=at, episode=cast.cleo_episode, outcome="attended", starts_at=at)


def make_cast() -> Cast:
    """Make everybody, three weeks before the tests' present."""
    site = set_up_site(by=None, at=BEGIN, name="Test clinic", time_zone=ZONE)
    adi = staff("Adi", Role.ADMINISTRATOR)
    ana, dov = staff("Ana", Role.THERAPIST), staff("Dov", Role.THERAPIST)
    ben, tess = staff("Ben", Role.SUPERVISOR), staff("Tess", Role.THERAPIST)
    fay, ina = staff("Fay", Role.FACILITATOR), staff("Ina", Role.INTAKE)
    dara, rea = staff("Dara", Role.DIRECTOR), staff("Rea", Role.RESEARCHER)
    cleo_user, eli_user = staff("Cleo", Role.CLIENT), staff("Eli", Role.CLIENT)
    change_site(by=adi, at=BEGIN, site=site, duty_clinician=ben, phone="01 23 45 67 89")
    today = local_date(BEGIN, ZONE)
    for supervisee, cosigns in ((ana, False), (tess, True)):
        open_supervisory_line(
            by=adi, at=BEGIN, supervisor=ben, supervisee=supervisee, starts_on=today, cosigns=cosigns
        )
    programme = site.programmes.get()
    pairs = {}
    for given, clinician, user in (("Cleo", ana, cleo_user), ("Eli", dov, eli_user)):
        client = add_client(by=ina, at=BEGIN, programme=programme, given_name=given, family_name="Case")
        grant_consent(by=ina, at=BEGIN, client=client, how="paper", given_at=BEGIN)
        join_care_team(by=ina, at=BEGIN, client=client, clinician=clinician, starts_on=today)
        episode = open_episode(
            by=clinician,
            at=BEGIN,
            client=client,
            protocol="IPT-16",
            starts_on=today,
            ends_on=today + dt.timedelta(days=126),
        )
        set_status(by=ina, at=BEGIN, client=client, status=Client.Status.IN_CARE)
        give_sign_in(by=adi, at=BEGIN, client=client, user=user)
        pairs[given] = (client, episode)
    return Cast(
        site=site,
        programme=programme,
        ana=ana,
        ben=ben,
        tess=tess,
        dov=dov,
        fay=fay,
        ina=ina,
        dara=dara,
        rea=rea,
        adi=adi,
        cleo=pairs["Cleo"][0],
        eli=pairs["Eli"][0],
        cleo_user=cleo_user,
        eli_user=eli_user,
        cleo_episode=pairs["Cleo"][1],
        eli_episode=pairs["Eli"][1],
    )

"""The made-up clinic and the people who work there."""

import datetime as dt
from dataclasses import dataclass

from reknit.base.accounts.actions import add_person, create_first_administrator
from reknit.base.accounts.models import Role, User
from reknit.care.people.actions import change_site, open_supervisory_line, set_up_site
from reknit.care.people.models import Programme

from .diary import ZONE
from .plan import FEWEST_THERAPISTS, TRAINEE, how_many_therapists

CLINIC = "Harbour Lane (sample clinic)"
HOST = "harbour-lane.example"
PASSWORD = "harbour lights at low tide"  # noqa: S105 - printed for everyone: it opens made-up people only
"""The one password of every made-up person. It is no secret, so a sample must never hold anything real."""
PHONE = "+44 20 7946 0100"  # 020 7946 0000 to 0999 are kept free for fiction
HELP_LINES = [
    {
        "name": "Made-up night line (not a real service)",
        "number": "+44 20 7946 0199",
        "hours": "every night, 8 pm to 8 am",
    },
    {
        "name": "Made-up recovery line (not a real service)",
        "number": "+44 20 7946 0198",
        "hours": "weekdays, 10 am to 6 pm",
    },
]

# Whoever can sign in: the address, the role in words for the list of sign-ins, the name, the role.
PEOPLE = (
    ("intake", "Intake coordinator", "Ottilie Farrow", Role.INTAKE),
    ("therapist", "Therapist", "Maren Oduya", Role.THERAPIST),
    ("trainee", "Therapist in training", "Kezia Tallantyre", Role.THERAPIST),
    ("facilitator", "Group facilitator", "Benedikt Sorrel", Role.FACILITATOR),
    ("supervisor", "Supervisor", "Rukmini Halloran", Role.SUPERVISOR),
    ("director", "Programme director", "Tobias Nwosu-Lane", Role.DIRECTOR),
    ("researcher", "Researcher", "Ilona Brightwater", Role.RESEARCHER),
    ("administrator", "Administrator", "Piet Underhay", Role.ADMINISTRATOR),
)
CLIENT_ADDRESSES = (
    ("client", "Client, in care"),
    ("client-closed", "Client, course closed"),
    ("client-group", "Client, in a group"),
)
COLLEAGUES = ("Samuel Okonjo-Reid", "Hedvig Castellan", "Yusuf Penhallow", "Noemi Ardern", "Cato Lindgaard")
SUPERVISED = 12
"""Therapists who share a supervisor."""


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic while it is filled: who works there, and from when to when its history runs."""

    at: dt.datetime
    today: dt.date
    begins_at: dt.datetime
    programme: Programme
    intake: User
    facilitator: User
    administrator: User
    therapists: tuple[User, ...]
    supervisors: tuple[User, ...]

    def supervisor_of(self, therapist: int) -> User:
        """Who answers for this therapist's work."""
        return self.supervisors[therapist // SUPERVISED]


def address(name: str) -> str:
    """An address in a domain that cannot exist."""
    return f"{name}@{HOST}"


def is_in_training(therapist: int) -> bool:
    """One therapist of each supervisor."""
    return therapist % SUPERVISED == TRAINEE


def open_clinic(*, at: dt.datetime, today: dt.date, begins_at: dt.datetime, clients: int) -> Clinic:
    """Set the clinic up at the beginning of its history, with everybody who works there."""
    addresses = {name: (who, role) for name, _words, who, role in PEOPLE}
    administrator = create_first_administrator(
        email=address("administrator"), name=addresses["administrator"][0], password=PASSWORD, at=begins_at
    )
    site = set_up_site(by=administrator, at=begins_at, name=CLINIC, time_zone=ZONE, is_sample=True)
    people = {
        name: add_colleague(administrator, name, who, role, at=begins_at, signs_in=True)
        for name, (who, role) in addresses.items()
        if name != "administrator"
    }
    therapists = [people["therapist"]]
    for number in range(1, how_many_therapists(clients)):
        therapists.append(
            people["trainee"]
            if number == TRAINEE
            else add_colleague(
                administrator,
                f"therapist{number + 1}",
                _colleague(number),
                Role.THERAPIST,
                at=begins_at,
                signs_in=number < FEWEST_THERAPISTS,
            )
        )
    supervisors = [people["supervisor"]] + [
        add_colleague(
            administrator,
            f"supervisor{number + 1}",
            _colleague(number + 2),
            Role.SUPERVISOR,
            at=begins_at,
            signs_in=False,
        )
        for number in range(1, 1 + (len(therapists) - 1) // SUPERVISED)
    ]
    change_site(
        by=administrator,
        at=begins_at,
        site=site,
        duty_clinician=people["supervisor"],
        phone=PHONE,
        emergency_number="999",
        help_lines=[{**line, "checked_on": begins_at.date().isoformat()} for line in HELP_LINES],
        when_read="Answers are read on working days from 9 am to 5 pm.",
    )
    clinic = Clinic(
        at=at,
        today=today,
        begins_at=begins_at,
        programme=site.programmes.get(),
        intake=people["intake"],
        facilitator=people["facilitator"],
        administrator=administrator,
        therapists=tuple(therapists),
        supervisors=tuple(supervisors),
    )
    for number, therapist in enumerate(therapists):
        open_supervisory_line(
            by=administrator,
            at=begins_at,
            supervisor=clinic.supervisor_of(number),
            supervisee=therapist,
            starts_on=begins_at.date(),
            cosigns=is_in_training(number),
        )
    open_supervisory_line(
        by=administrator, at=begins_at, supervisor=supervisors[0], supervisee=people["facilitator"],
        starts_on=begins_at.date(), cosigns=False,
    )  # fmt: skip
    return clinic


def add_colleague(by: User, name: str, who: str, role: Role, *, at: dt.datetime, signs_in: bool) -> User:
    """One person. In a large clinic only those who are listed get the password: hashing it takes time on purpose."""
    return add_person(
        by=by,
        at=at,
        email=address(name),
        name=who,
        roles=[role],
        password=PASSWORD if signs_in else None,
    )


def _colleague(number: int) -> str:
    name = COLLEAGUES[(number - 1) % len(COLLEAGUES)]
    return name if number <= len(COLLEAGUES) else f"{name} {number}"

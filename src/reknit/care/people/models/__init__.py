"""Tables of the room: the clinic and the people around a client; who is away; what a clinician can take on."""

from .absence import Absence, Handover
from .clinic import (
    PERSON,
    CareTeamMember,
    Client,
    ClientIdentifier,
    ClientQuerySet,
    Programme,
    Site,
    SupervisoryLine,
    about_clients_seen_by,
    current,
    teams_seen_by,
)
from .profiles import ClinicianProfile

__all__ = [
    "PERSON",
    "Absence",
    "CareTeamMember",
    "Client",
    "ClientIdentifier",
    "ClientQuerySet",
    "ClinicianProfile",
    "Handover",
    "Programme",
    "Site",
    "SupervisoryLine",
    "about_clients_seen_by",
    "current",
    "teams_seen_by",
]

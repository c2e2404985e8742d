"""Who can be offered to a person, with the reason for each who cannot. Of a conflict no more than yes or no is read."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.care.encounters.models import Appointment, Encounter
from reknit.care.intake.models import CourseChoice, OfferedSlot, Referral, Wishes
from reknit.care.network.conflicts import conflicts_with
from reknit.care.people.models import CareTeamMember, Client, ClinicianProfile, current
from reknit.care.people.queries import lead_of
from reknit.core.intake.matching import Candidate, Fit, Need, Reason, ranked
from reknit.core.programme.template import template

from .hints import proposal_for
from .referrals import clinicians

WEEK = dt.timedelta(days=7)
WORDS: dict[Reason, Promise] = {
    Reason.CONFLICT: _("Cannot be placed here."),
    Reason.NOT_TAKING: _("Takes nobody new at present."),
    Reason.FULL: _("No free place."),
    Reason.LANGUAGE: _("Does not speak the person’s language, and no interpreter is arranged."),
    Reason.NOT_TRAINED: _("Not trained in this protocol."),
    Reason.NO_PROFILE: _("No profile yet: training, languages and room are not known."),
    Reason.CAPACITY_UNKNOWN: _("How many can be taken on is not written down."),
    Reason.TRAINING_UNKNOWN: _("Training is not written down."),
    Reason.WITH_INTERPRETER: _("With the interpreter."),
    Reason.NOT_THESE_DAYS: _("Not on the days wished for."),
    Reason.WISH_NOT_MET: _("Not as wished for; or not said."),
    Reason.SKILLS: _("Has a skill asked for."),
    Reason.WISH_MET: _("As wished for."),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One clinician as the page shows them."""

    clinician: User
    fit: Fit
    room: str  # places or hours in use and in all, in figures

    @property
    def why_not(self) -> list[str]:
        """Reasons in words; of a conflict, that it is none to be placed here and nothing more."""
        return [str(WORDS[reason]) for reason in self.fit.why_not]

    @property
    def remarks(self) -> list[str]:
        """What speaks for and against, in words."""
        return [str(WORDS[reason]) for reason in self.fit.remarks]


def wishes_of(referral: Referral) -> Wishes | None:
    """What the person asked for, where anybody wrote it down."""
    return Wishes.objects.filter(referral=referral).first()


def need_of(client: Client, wishes: Wishes | None, proposal: CourseChoice | None = None) -> Need:
    """The person's language and what they asked for; the course that intake proposes, where they asked for none.

    Training is in a protocol, and overlays stand beside it. Who leads a group is said with the group.
    """
    code = (wishes.protocol if wishes else "") or (proposal.chosen if proposal else "")
    protocol = code.partition("+")[0] if code and template(code).format != "group" else ""
    if wishes is None:
        return Need(language=client.language, protocol=protocol)
    return Need(
        language=client.language,
        interpreter=wishes.interpreter,
        protocol=protocol,
        skills=frozenset(wishes.skills),
        days=frozenset(wishes.days),
        gender=wishes.gender,
    )


def choices_for(client: Client, wishes: Wishes | None, *, on: dt.date, at: dt.datetime) -> list[Choice]:
    """Every clinician, those who can be offered first. Seven queries however many clinicians and clients there are."""
    people = {str(one.pk): one for one in clinicians().select_related("profile")}
    teams, leads = _teams(client, on=on)
    hours = _hours(at)
    apart = conflicts_with(client.pk, {other for seen in teams.values() for other in seen}, on=on)
    candidates, rooms = [], {}
    for key, one in people.items():
        profile: ClinicianProfile | None = getattr(one, "profile", None)
        used = _used(profile, leads[one.pk], hours.get(one.pk, 0))
        rooms[key] = _room(profile, used)
        candidates.append(_candidate(key, profile, used, conflict=bool(teams[one.pk] & apart)))
    return [
        Choice(people[fit.candidate.key], fit, rooms[fit.candidate.key])
        for fit in ranked(candidates, need_of(client, wishes, proposal_for(client)))
    ]


Teams = defaultdict[uuid.UUID, set[uuid.UUID]]


def _teams(client: Client, *, on: dt.date) -> tuple[Teams, defaultdict[uuid.UUID, int]]:
    """Whom each clinician works with now in any part, and how many they lead."""
    rows = CareTeamMember.objects.filter(current(on), client__status=Client.Status.IN_CARE)
    teams: Teams = defaultdict(set)
    leads: defaultdict[uuid.UUID, int] = defaultdict(int)
    for clinician, other, part in rows.exclude(client=client).values_list("clinician", "client", "part"):
        teams[clinician].add(other)
        leads[clinician] += part == CareTeamMember.Part.LEAD
    return teams, leads


def _hours(at: dt.datetime) -> dict[uuid.UUID, float]:
    """Hours booked for each clinician in the coming seven days."""
    booked = Appointment.objects.filter(
        status=Appointment.Status.BOOKED, starts_at__gte=at, starts_at__lt=at + WEEK
    )
    rows = booked.order_by().values_list("clinician").annotate(minutes=Sum("minutes"))
    return {key: round(minutes / 60, 1) for key, minutes in rows}


def _used(profile: ClinicianProfile | None, leads: int, hours: float) -> float:
    return hours if profile and profile.counts_in == ClinicianProfile.CountsIn.HOURS else leads


def _room(profile: ClinicianProfile | None, used: float) -> str:
    of_all = "?" if profile is None or profile.capacity is None else f"{profile.capacity}"
    return f"{used:g} / {of_all}"


def _candidate(key: str, profile: ClinicianProfile | None, used: float, *, conflict: bool) -> Candidate:
    if profile is None:
        return Candidate(key, has_profile=False, conflict=conflict)
    return Candidate(
        key,
        taking=profile.taking_new,
        free=None if profile.capacity is None else profile.capacity - used,
        languages=frozenset(profile.languages),
        protocols=frozenset(profile.protocols),
        skills=frozenset(profile.skills),
        days=frozenset(profile.days),
        gender=profile.gender,
        conflict=conflict,
    )


def lead_to_book(referral: Referral, *, on: dt.date) -> User | None:
    """The therapist with whom a first session is to be booked; nobody where one is booked, was held, or cannot be yet."""
    if referral.status != Referral.Status.ACCEPTED:
        return None
    met = Encounter.objects.filter(client=referral.client_id, outcome__in=Encounter.HELD)
    booked = Appointment.objects.filter(client=referral.client_id, status=Appointment.Status.BOOKED)
    return None if met.exists() or booked.exists() else lead_of(referral.client, on=on)


def offers_of(referral: Referral) -> QuerySet[OfferedSlot]:
    """Every offered time, those that wait for an answer first."""
    rows = OfferedSlot.objects.filter(referral=referral).select_related("clinician")
    return rows.order_by(F("answered_at").desc(nulls_first=True), "starts_at", "pk")


def proposed_protocol(referral: Referral) -> str:
    """The course that intake proposes, else the one that was wished for. Two queries."""
    choice, wishes = proposal_for(referral.client), wishes_of(referral)
    return (choice.chosen if choice else "") or (wishes.protocol if wishes else "")

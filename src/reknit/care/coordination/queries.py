"""Reads of who else is in care, what runs beside IPT, and the level of care."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.care.consent.models import Consent
from reknit.care.consent.queries import live_sharing
from reknit.care.formulation.grid import GridView, grid_view, latest_grid
from reknit.care.medication.models import Medication
from reknit.care.medication.queries import CurrentMedication, current_medication
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.people.queries import team_of
from reknit.care.programme.models import CourseFact, Episode

from .models import CareContact, Incentive, LevelOfCareNote, Treatment

TREATS_USE_OR_MOOD = (Medication.Kind.OPIOID, Medication.Kind.ALCOHOL, Medication.Kind.MOOD)


@dataclass(frozen=True, slots=True)
class ContactView:
    """Somebody outside, with what they may be told now; nothing where no agreement stands."""

    row: CareContact
    sharing: Consent | None

    @property
    def covers(self) -> list[str]:
        """What they may be told, in words."""
        return [str(Consent.Cover(code).label) for code in self.sharing.covers] if self.sharing else []


@dataclass(frozen=True, slots=True)
class CareView:
    """Everything of the one page."""

    team: list[CareTeamMember]
    contacts: list[ContactView]
    past_contacts: list[CareContact]
    mapped: CourseFact | None
    grid: GridView | None
    treatments: list[Treatment]
    past_treatments: list[Treatment]
    medication: list[CurrentMedication]
    level: LevelOfCareNote | None

    @property
    def medication_to_prepare(self) -> list[CurrentMedication]:
        """Medication that some mutual-help groups turn down."""
        return [one for one in self.medication if one.kind in TREATS_USE_OR_MOOD]

    @property
    def unprepared(self) -> list[Treatment]:
        """Mutual help that is planned or running and was not yet prepared for, where medication is taken."""
        if not self.medication_to_prepare:
            return []
        return [
            one for one in self.treatments if one.kind == Treatment.Kind.MUTUAL_HELP and not one.is_prepared
        ]


@dataclass(frozen=True, slots=True)
class CareSummary:
    """Who else is in care and what runs beside IPT, in sentences for a note or a letter. No name of anybody outside."""

    sentences: tuple[str, ...]


def care_view(client: Client, episode: Episode | None, *, today: dt.date, at: dt.datetime) -> CareView:
    """The one page of a client. Fourteen queries at most, however much there is."""
    sharing = {one.recipient_key: one for one in live_sharing(client, at=at)}
    contacts = list(
        CareContact.objects.filter(client=client).select_related("added_by").order_by("added_at", "id")
    )
    treatments = treatments_of(client)
    return CareView(
        team=list(team_of(client).filter(current(today))),
        contacts=[ContactView(one, sharing.get(one.pk)) for one in contacts if one.ends_on is None],
        past_contacts=[one for one in contacts if one.ends_on is not None],
        mapped=latest_mapping(episode) if episode else None,
        grid=grid_view(client, latest_grid(episode)) if episode else None,
        treatments=[one for one in treatments if one.state in Treatment.OPEN],
        past_treatments=[one for one in treatments if one.state not in Treatment.OPEN],
        medication=current_medication(client, on=today),
        level=level_notes(client).first(),
    )


def treatments_of(client: Client) -> list[Treatment]:
    """What runs, is planned or ran beside IPT, with how many entries each has and the latest. One query."""
    stands = Q(entries__taken_back_at=None)
    rank = Case(
        When(state=Treatment.State.RUNNING, then=Value(0)),
        When(state=Treatment.State.PLANNED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Treatment.objects.filter(client=client).annotate(
        rank=rank, n_entries=Count("entries", filter=stands), latest_entry=Max("entries__on", filter=stands)
    )
    return list(rows.order_by("rank", "-starts_on", "made_at", "id"))


def latest_mapping(episode: Episode) -> CourseFact | None:
    """When it was last gone through who else is in care. One query."""
    rows = CourseFact.objects.filter(episode=episode, kind="care_team_mapped", withdrawn_at=None)
    return rows.select_related("by").order_by("-at").first()


def level_notes(client: Client) -> QuerySet[LevelOfCareNote]:
    """Notes on the level of care, latest first."""
    return LevelOfCareNote.objects.filter(client=client).select_related("by").order_by("-at", "-id")


@dataclass(frozen=True, slots=True)
class Ledger:
    """The incentives of one treatment that stand, with what they add up to where every worth is known."""

    rows: list[Incentive]
    total: Decimal | None

    @property
    def unknown(self) -> int:
        """Lines without a worth, which is not the same as nothing."""
        return sum(one.worth is None for one in self.rows)


def ledger_of(treatment: Treatment) -> Ledger:
    """The ledger, latest first. One query."""
    rows = list(
        Incentive.objects.filter(treatment=treatment, taken_back_at=None)
        .select_related("by")
        .order_by("-on", "-at")
    )
    known = [one.worth for one in rows if one.worth is not None]
    return Ledger(rows, sum(known, Decimal(0)) if known else None)


def care_summary(client: Client, *, on: dt.date) -> CareSummary:
    """Who else is in care and what runs beside IPT on a day, by role and kind. Two queries."""
    roles: dict[str, int] = defaultdict(int)
    outside = CareContact.objects.filter(client=client).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    for role in outside.order_by("added_at").values_list("role", flat=True):
        roles[str(CareContact.Role(role).label)] += 1
    running = Treatment.objects.filter(client=client, starts_on__lte=on).filter(
        Q(ends_on=None) | Q(ends_on__gte=on)
    )
    said = []
    if roles:
        said.append(_("Also in care: %(who)s.") % {"who": ", ".join(roles).lower()})
    kinds = [
        _("%(kind)s since %(day)s")
        % {"kind": Treatment.Kind(kind).label, "day": date_format(since, "j F Y") if since else ""}
        for kind, since in running.order_by("starts_on", "id").values_list("kind", "starts_on")
    ]
    if kinds:
        said.append(_("Beside IPT: %(what)s.") % {"what": "; ".join(kinds)})
    return CareSummary(tuple(said))

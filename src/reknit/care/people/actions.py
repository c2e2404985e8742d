"""Every change to people: the site, programmes, clients, teams and lines."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from reknit.base.accounts.actions import add_person_with_password, make_one_time_password
from reknit.base.accounts.models import Role, User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import known_zones, local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.races import hold, hold_line

from .access import may_practise
from .models import (
    CareTeamMember,
    Client,
    ClientIdentifier,
    ClinicianProfile,
    Programme,
    Site,
    SupervisoryLine,
)
from .names import sought
from .queries import forget_site, zone

SET_UP = 0x53495445  # the line in which the one clinic is made
EARLIEST_BIRTH = dt.date(1900, 1, 1)


@action
def set_up_site(
    *, by: User | None, at: dt.datetime, name: str, time_zone: str, is_sample: bool = False
) -> Site:
    """Make the clinic of this installation, with its first programme."""
    check_zone(time_zone)
    hold_line(SET_UP)
    if Site.objects.exists():
        raise DomainError(_("This clinic is already set up. Change it on the clinic page."))
    site = Site.objects.create(name=name, time_zone=time_zone, is_sample=is_sample, made_at=at)
    Programme.objects.create(site=site, name=_("Outpatient"), made_at=at)
    audit.record("set up site", by=by, at=at, subject=site)
    forget_site()
    return site


@action
def change_site(*, by: User, at: dt.datetime, site: Site, stands: str | None = None, **changes: Any) -> Site:
    """Change the clinic's details; `changes` are fields of Site. `stands` is the `stamp` of what was on the page."""
    site = hold(site)
    if stands is not None and stands != site.stamp:
        raise Conflict(
            _(
                "Somebody else changed this while you wrote. Read what stands now, then save again to keep yours."
            )
        )
    allowed = {"name", "time_zone", "duty_clinician", "phone", "emergency_number", "help_lines", "when_read"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"Not fields of a site that can change: {sorted(unknown)}")
    check_zone(changes.get("time_zone", site.time_zone))
    duty = changes.get("duty_clinician")
    if duty and not duty.reads_charts:
        raise DomainError(
            _("Choose a clinician who may read charts as the one on duty."), field="duty_clinician"
        )
    changed = sorted(name for name, value in changes.items() if getattr(site, name) != value)
    if not changed:
        audit.unchanged()
        return site
    for name in changed:
        setattr(site, name, changes[name])
    site.save(update_fields=changed)
    audit.record("change site", by=by, at=at, subject=site, detail={"fields": changed})
    forget_site()
    return site


def check_zone(name: str) -> None:
    """Refuse a time zone that does not exist."""
    if name not in known_zones():
        raise DomainError(_("Choose a time zone from the list, such as Europe/Paris."), field="time_zone")


@action
def add_programme(
    *, by: User | None, at: dt.datetime, site: Site, name: str, is_imported: bool = False
) -> Programme:
    """Add a programme to the clinic."""
    programme = Programme.objects.create(site=site, name=name, is_imported=is_imported, made_at=at)
    audit.record("add programme", by=by, at=at, subject=programme)
    return programme


def check_birth_date(born: dt.date | None, *, today: dt.date) -> None:
    """Refuse a birth date that cannot be."""
    if born and not EARLIEST_BIRTH <= born <= today:
        raise DomainError(_("Check the birth date: it must lie between 1900 and today."), field="birth_date")


@action
def add_client(
    *,
    by: User | None,
    at: dt.datetime,
    programme: Programme,
    family_name: str,
    given_name: str = "",
    preferred_name: str = "",
    birth_date: dt.date | None = None,
    language: str = "en",
    status: str = Client.Status.REFERRED,
    key: uuid.UUID | None = None,
) -> Client:
    """Write down a person who was referred. `key` may have been made by the page, so a double send adds one."""
    check_birth_date(birth_date, today=at.date() + dt.timedelta(days=1))
    if key and (known := Client.objects.filter(pk=key).first()):
        audit.unchanged()
        return known
    client = Client.objects.create(
        **({"id": key} if key else {}),
        programme=programme,
        sought=sought(given_name, family_name, preferred_name),
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        preferred_name=preferred_name.strip(),
        birth_date=birth_date,
        language=language,
        status=status,
        made_by=by,
        made_at=at,
    )
    audit.record("add client", by=by, at=at, subject=client, client=client)
    return client


@action
def add_sandbox_client(*, by: User, at: dt.datetime, name: str) -> Client:
    """Make the made-up client of a practice course. Nothing that lists or counts people holds it."""
    may_practise(by).or_refuse()
    programme = Programme.objects.filter(is_imported=False).order_by("made_at").first()
    if programme is None:
        raise DomainError(_("The clinic is not set up yet."))
    client = Client.objects.create(
        programme=programme,
        given_name=name.strip(),
        family_name=_("(practice)"),
        status=Client.Status.IN_CARE,
        sandbox_of=by,
        made_by=by,
        made_at=at,
    )
    audit.record("open practice course", by=by, at=at, subject=client, client=client)
    return client


@action
def end_sandbox_client(*, by: User, at: dt.datetime, client: Client) -> Client:
    """Put a practice course away: nobody opens it again."""
    client = hold(client)
    if client.sandbox_of_id != by.pk:
        raise Refused(_("Only the person whose practice course this is can put it away."))
    if client.sandbox_ended_at:
        audit.unchanged()
        return client
    client.sandbox_ended_at = at
    client.save(update_fields=["sandbox_ended_at"])
    audit.record("put practice course away", by=by, at=at, subject=client, client=client)
    return client


def _refuse_sandbox(client: Client) -> None:
    """Nothing of a practice course leaves the house."""
    if client.is_sandbox:
        raise DomainError(_("This client is made up, so nobody signs in for them."))


@action
def add_imported_clients(
    *, by: User | None, at: dt.datetime, clients: Sequence[Client], identifiers: Sequence[ClientIdentifier]
) -> None:
    """Write many clients of an imported programme at once, each with the key its own system uses."""
    for one in clients:
        one.sought = sought(one.given_name, one.family_name, one.preferred_name)
    Client.objects.bulk_create(clients, batch_size=500)
    ClientIdentifier.objects.bulk_create(identifiers, batch_size=500)
    audit.record_many(
        [
            audit.event("add client", by=by, at=at, subject=c, client=c, detail={"imported": True})
            for c in clients
        ]
    )


@action
def set_status(*, by: User, at: dt.datetime, client: Client, status: str) -> Client:
    """Move a client between referred, in care and closed."""
    before, client.status = client.status, status
    client.save(update_fields=["status"])
    audit.record(
        "set client status",
        by=by,
        at=at,
        subject=client,
        client=client,
        detail={"from": before, "to": status},
    )
    return client


@action
def give_sign_in(*, by: User, at: dt.datetime, client: Client, user: User) -> Client:
    """Join a client to the sign-in made for them."""
    _refuse_sandbox(client)
    if not user.has(Role.CLIENT) or len(user.roles) != 1:
        raise DomainError(_("A client's sign-in holds the client role and no other."))
    if hold(client).user_id not in (None, user.pk):
        raise DomainError(_("This client has a sign-in already."))
    client.user = user
    client.save(update_fields=["user"])
    audit.record("give client sign-in", by=by, at=at, subject=client, client=client)
    return client


@action
def make_client_sign_in(*, by: User, at: dt.datetime, client: Client, email: str = "") -> tuple[User, str]:
    """Make a client's sign-in, or a new password for it; return it with the one-time password, kept nowhere."""
    _refuse_sandbox(client)
    if client.status == Client.Status.CLOSED:
        raise DomainError(_("This course is closed, so no sign-in is made."))
    if person := hold(client).user:
        return person, make_one_time_password(by=by, at=at, person=person)
    user, password = add_person_with_password(
        by=by, at=at, email=email, name=client.name, roles=[Role.CLIENT]
    )
    give_sign_in(by=by, at=at, client=client, user=user)
    return user, password


@action
def join_care_team(
    *,
    by: User | None,
    at: dt.datetime,
    client: Client,
    clinician: User,
    starts_on: dt.date,
    part: str = CareTeamMember.Part.LEAD,
    ends_on: dt.date | None = None,
) -> CareTeamMember:
    """Put a clinician on a client's care team; one who covers for some days with the last of them."""
    if client.is_sandbox:
        raise DomainError(_("A practice course has no care team."))
    if not clinician.reads_charts or not clinician.is_active:
        raise DomainError(_("Choose a clinician who is at work here and may read charts."), field="clinician")
    open_rows = CareTeamMember.objects.filter(client=client, ends_on=None)
    if open_rows.filter(clinician=clinician, part=part).exists():
        raise DomainError(_("This clinician is already on the team in that part."), field="clinician")
    if part == CareTeamMember.Part.LEAD and open_rows.filter(part=part).exists():
        raise DomainError(_("This client already has a therapist. End that first, then choose another."))
    member = CareTeamMember.objects.create(
        client=client,
        clinician=clinician,
        part=part,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=by,
        made_at=at,
    )
    audit.record(
        "join care team", by=by, at=at, subject=member, client=client, detail={"clinician": str(clinician.pk)}
    )
    return member


@action
def form_imported_care_teams(
    *, by: User | None, at: dt.datetime, clients: Sequence[Client], clinician: User, starts_on: dt.date
) -> None:
    """Give many imported clients their clinician at once."""
    rows = [
        CareTeamMember(client=c, clinician=clinician, starts_on=starts_on, made_by=by, made_at=at)
        for c in clients
    ]
    CareTeamMember.objects.bulk_create(rows, batch_size=500)
    audit.record_many(
        [audit.event("join care team", by=by, at=at, subject=row, client=row.client_id) for row in rows]
    )


@action
def leave_care_team(*, by: User, at: dt.datetime, member: CareTeamMember, ends_on: dt.date) -> CareTeamMember:
    """End a clinician's part in a care team."""
    if ends_on < member.starts_on:
        raise DomainError(_("The last day cannot be before the first."), field="ends_on")
    if (known := hold(member).ends_on) and known <= ends_on:  # ended already, no later than that: it stands
        audit.unchanged()
        member.refresh_from_db()
        return member
    member.ends_on = ends_on
    member.save(update_fields=["ends_on"])
    audit.record("leave care team", by=by, at=at, subject=member, client=member.client_id)
    return member


@action
def call_off_part(*, by: User, at: dt.datetime, member: CareTeamMember) -> None:
    """Take back a part that has not begun. It opened nothing, so nothing of it stays but the record of both."""
    stands = hold(member)
    if stands.starts_on <= local_date(at, zone()):
        raise DomainError(_("This part has begun. Give it a last day instead."))
    audit.record(
        "call off care team part", by=by, at=at, subject=stands, client=stands.client_id,
        detail={"clinician": str(stands.clinician_id)},
    )  # fmt: skip
    stands.delete()


@action
def open_supervisory_line(
    *,
    by: User,
    at: dt.datetime,
    supervisor: User,
    supervisee: User,
    starts_on: dt.date,
    cosigns: bool = False,
) -> SupervisoryLine:
    """Make a supervisor answer for a clinician's work."""
    if not supervisor.has(Role.SUPERVISOR):
        raise DomainError(_("Choose a person who holds the supervisor role."), field="supervisor")
    if supervisor.pk == supervisee.pk:
        raise DomainError(_("Nobody can supervise themselves. Choose another person."), field="supervisee")
    if SupervisoryLine.objects.filter(supervisor=supervisor, supervisee=supervisee, ends_on=None).exists():
        raise DomainError(_("This line is already open."), field="supervisee")
    line = SupervisoryLine.objects.create(
        supervisor=supervisor,
        supervisee=supervisee,
        cosigns=cosigns,
        starts_on=starts_on,
        made_by=by,
        made_at=at,
    )
    audit.record("open supervisory line", by=by, at=at, subject=line)
    return line


@action
def close_supervisory_line(
    *, by: User, at: dt.datetime, line: SupervisoryLine, ends_on: dt.date
) -> SupervisoryLine:
    """End a supervisory line."""
    if hold(line).ends_on:
        audit.unchanged()
        line.refresh_from_db()
        return line
    line.ends_on = max(ends_on, line.starts_on)
    line.save(update_fields=["ends_on"])
    audit.record("close supervisory line", by=by, at=at, subject=line)
    return line


@action
def save_profile(
    *, by: User, at: dt.datetime, clinician: User, revision: int, **told: Any
) -> ClinicianProfile:
    """Write down what a clinician can take on; `told` are fields of the profile. Languages and such: lists of codes."""
    allowed = {"taking_new", "counts_in", "capacity", "languages", "protocols", "skills", "days", "gender"}
    if unknown := set(told) - allowed:
        raise TypeError(f"Not fields of a profile: {sorted(unknown)}")
    if not clinician.reads_charts:
        raise DomainError(_("Choose a clinician who may read charts."))
    hold(clinician)
    profile = ClinicianProfile.objects.filter(clinician=clinician).first() or ClinicianProfile(
        clinician=clinician
    )
    if profile.revision != revision:
        raise Conflict(
            _(
                "Somebody else changed this while you wrote. Read what stands now, then save again to keep yours."
            )
        )
    changed = sorted(name for name, value in told.items() if getattr(profile, name) != value)
    for name in changed:
        setattr(profile, name, told[name])
    profile.revision, profile.changed_by, profile.changed_at = revision + 1, by, at
    profile.save()
    audit.record("save clinician profile", by=by, at=at, subject=profile, detail={"fields": changed})
    return profile

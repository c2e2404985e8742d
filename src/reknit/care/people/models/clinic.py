"""Site, programmes, clients and the people around them."""

import datetime as dt
import hashlib
import json
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import KeyField, no_control_characters

PERSON = settings.AUTH_USER_MODEL


class Site(models.Model):
    """The clinic: its zone, who is on duty when nobody else is, and the numbers its clients may call."""

    id = KeyField()
    name = models.CharField(max_length=120, validators=[no_control_characters])
    time_zone = models.CharField(max_length=64, default="UTC")
    is_sample = models.BooleanField(default=False)
    duty_clinician = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=40, default="", blank=True)
    emergency_number = models.CharField(max_length=20, default="", blank=True)
    # Each: name, number, hours, checked_on. Configuration, never constants: numbers differ by country and change.
    help_lines = models.JSONField(default=list, blank=True)
    when_read = models.CharField(max_length=160, default="", blank=True)
    made_at = models.DateTimeField()

    class Personal:
        fields = ()
        plain = ("name", "time_zone", "phone", "emergency_number", "help_lines", "when_read")

    def __str__(self) -> str:
        return self.name

    @property
    def stamp(self) -> str:
        """The same for the same details: tells a page whether they changed since it was opened."""
        told = [self.name, self.time_zone, str(self.duty_clinician_id), self.phone, self.emergency_number]
        whole = json.dumps([*told, self.when_read, self.help_lines], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()[:16]


class Programme(models.Model):
    """A service of the clinic that clients belong to; imported histories have one of their own."""

    id = KeyField()
    site = models.ForeignKey(Site, models.PROTECT, related_name="programmes")
    name = models.CharField(max_length=120, validators=[no_control_characters])
    is_imported = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="programme_named_once")]

    class Personal:
        fields = ()
        plain = ("name",)

    def __str__(self) -> str:
        return self.name


class ClientQuerySet(models.QuerySet["Client"]):
    """Who may be seen by whom: the one team predicate."""

    def visible_to(self, user: User, *, on: dt.date) -> Self:
        """Clients whose chart this person may read on a date: by care team or by supervisory line.

        No role sees charts by itself; administrators, directors, researchers and intake see none.
        """
        if not user.reads_charts:
            return self.none()
        return self.filter(Exists(teams_seen_by(user, on=on).filter(client=OuterRef("pk"))))

    def open_to(self, user: User, *, on: dt.date) -> Self:
        """Clients whose chart this person may open by its address: those visible to them, and practice charts.

        A practice chart has no care team, so no list made from `visible_to` or from teams ever holds one.
        """
        practice = Q(sandbox_of=user)
        if user.has("supervisor"):
            lines = SupervisoryLine.objects.filter(current(on), supervisor=user)
            practice |= Q(sandbox_of__in=lines.values("supervisee"))
        seen = practice & Q(sandbox_ended_at=None)
        if user.reads_charts:
            team = Exists(teams_seen_by(user, on=on).filter(client=OuterRef("pk")))
            seen |= Q(sandbox_of=None) & Q(team)
        return self.filter(seen)

    def real(self) -> Self:
        """People, without the made-up ones of practice courses: for whatever counts or lists everybody."""
        return self.filter(sandbox_of=None)


class Client(models.Model):
    """The person in care. Made when a referral is recorded; in care once consent is."""

    class Status(models.TextChoices):
        REFERRED = "referred", _("Referred")
        IN_CARE = "in_care", _("In care")
        CLOSED = "closed", _("Course closed")
        NOT_TAKEN_UP = "not_taken_up", _("Not taken up")
        IMPORTED = "imported", _("Imported history")

    id = KeyField()
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="clients")
    given_name = models.CharField(max_length=80, default="", blank=True, validators=[no_control_characters])
    family_name = models.CharField(max_length=80, validators=[no_control_characters])
    preferred_name = models.CharField(
        max_length=80, default="", blank=True, validators=[no_control_characters]
    )
    # The names as they are searched (see names.py). Written by the actions that write a name; empty for practice clients.
    sought = models.TextField(default="", blank=True, editable=False)
    birth_date = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, default="en")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.REFERRED)
    user = models.OneToOneField(PERSON, models.PROTECT, null=True, blank=True, related_name="client")
    # Whose practice course this made-up client is of; empty for a person. When it was put away, nobody opens it again.
    sandbox_of = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="sandboxes")
    sandbox_ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["family_name", "given_name", "id"]), models.Index(fields=["status"])]

    class Personal:
        fields = ("given_name", "family_name", "preferred_name", "sought", "birth_date", "language")
        plain = ("status",)

    def __str__(self) -> str:
        return f"Client {self.pk}"

    @property
    def name(self) -> str:
        """The name people here use: preferred, else given, with the family name."""
        return f"{self.preferred_name or self.given_name} {self.family_name}".strip()

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the made-up client of a practice course."""
        return self.sandbox_of_id is not None


class ClientIdentifier(models.Model):
    """A key that another system uses for the client, so that an import finds the same person again."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=80)
    value = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="identifier_used_once")]

    class Personal:
        fields = ("value",)
        plain = ("system",)

    def __str__(self) -> str:
        return f"Identifier {self.pk}"


class CareTeamMember(models.Model):
    """A clinician on a client's care team, from a date to a date."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Therapist")
        FACILITATOR = "facilitator", _("Group facilitator")
        COVER = "cover", _("Cover")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="care_team")
    clinician = models.ForeignKey(PERSON, models.PROTECT, related_name="care_teams")
    part = models.CharField(max_length=20, choices=Part.choices, default=Part.LEAD)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "clinician", "part"], condition=Q(ends_on=None), name="on_a_team_once"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(ends_on=None, part="lead"), name="one_lead"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="team_dates_in_order"
            ),
        ]
        # With the dates, so that who may see a client is answered from the index alone, a whole clinic at a time too.
        indexes = [models.Index(fields=["clinician", "client", "starts_on", "ends_on"])]

    class Personal:
        fields = ()
        plain = ("part",)

    def __str__(self) -> str:
        return f"Care team member {self.pk}"


class SupervisoryLine(models.Model):
    """A supervisor answers for a clinician's work, and co-signs it while the clinician is in training."""

    id = KeyField()
    supervisor = models.ForeignKey(PERSON, models.PROTECT, related_name="supervises")
    supervisee = models.ForeignKey(PERSON, models.PROTECT, related_name="supervised_by")
    cosigns = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supervisor", "supervisee"], condition=Q(ends_on=None), name="one_line_each"
            ),
            models.CheckConstraint(
                condition=~Q(supervisor=F("supervisee")), name="nobody_supervises_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="line_dates_in_order"
            ),
        ]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Supervisory line {self.pk}"


def current(on: dt.date) -> Q:
    """Spans that cover a date."""
    return Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))


def teams_seen_by(user: User, *, on: dt.date) -> models.QuerySet[CareTeamMember]:
    """Care-team rows that open a chart to this person on a date: their own, and those of people they supervise."""
    own = Q(clinician=user)
    if user.has("supervisor"):
        lines = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
        own |= Q(clinician__in=lines)
    return CareTeamMember.objects.filter(current(on)).filter(own)


def about_clients_seen_by(user: User, *, on: dt.date, client: str = "client") -> Q:
    """Rows about clients whose chart this person may read on a date; `client` is the way from the row to them.

    Asked of each row that is otherwise wanted. `client__in=...visible_to()` would go through the whole clinic first.
    """
    if not user.reads_charts:
        return Q(pk__in=[])
    return Q(Exists(teams_seen_by(user, on=on).filter(client=OuterRef(client))))

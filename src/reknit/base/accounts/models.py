"""The one table of people who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters


class Role(models.TextChoices):
    """What a person does here. Roles that need no chart see none."""

    INTAKE = "intake", _("Intake coordinator")
    THERAPIST = "therapist", _("Therapist")
    FACILITATOR = "facilitator", _("Group facilitator")
    SUPERVISOR = "supervisor", _("Supervisor")
    DIRECTOR = "director", _("Programme director")
    RESEARCHER = "researcher", _("Researcher")
    ADMINISTRATOR = "administrator", _("Administrator")
    CLIENT = "client", _("Client")


CHART_ROLES = frozenset({Role.THERAPIST, Role.FACILITATOR, Role.SUPERVISOR})


class UserManager(BaseUserManager["User"]):
    """Finds people by their address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in looks people up here."""
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person who may sign in. Holds no clinical fact."""

    id = KeyField()
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[no_control_characters])
    # A list on the row: every page asks for the roles, and this way none asks twice.
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Personal:
        fields = ("email", "name")
        plain = ("roles", "password")

    def __str__(self) -> str:
        return f"User {self.pk}"

    def has(self, *roles: str) -> bool:
        """Whether the person holds any of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def reads_charts(self) -> bool:
        """Whether any role of the person may see a chart at all; which charts, the care team decides."""
        return self.has(*CHART_ROLES)

    @property
    def role_labels(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]

    # Django asks these of every user; nothing here grants anything through them.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No permission is granted by name: the one policy is `access.py` of each room."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """See `has_perm`."""
        return False

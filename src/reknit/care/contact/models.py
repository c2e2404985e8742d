"""The safe way to reach a client; the latest stands, earlier ones are kept."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client


class SafeContact(models.Model):
    """One way to reach the client, with what may be left behind there."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone call")
        TEXT = "text", _("Text message")
        EMAIL = "email", _("E-mail")
        POST = "post", _("Letter")
        NONE = "none", _("Only in person")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="safe_contacts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    value = models.CharField(max_length=254, default="", blank=True, validators=[no_control_characters])
    may_leave_message = models.BooleanField(default=False)
    may_name_clinic = models.BooleanField(default=False)
    safe_times = models.CharField(max_length=160, default="", blank=True, validators=[no_control_characters])
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(superseded_at=None), name="one_current_safe_contact"
            )
        ]

    class Personal:
        fields = ("value", "safe_times")
        plain = ("channel",)

    def __str__(self) -> str:
        return f"Safe contact {self.pk}"

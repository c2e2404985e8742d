"""The safe way to reach a client; the latest stands, earlier ones are kept. And the messages that go that way."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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


class MessageKind(models.TextChoices):
    """What messages are about. What a client says of reminders holds for a change too: both are notes about a time."""

    REMINDER = "reminder", _("Reminder of a session")
    CHANGE = "change", _("A time that has changed")


class MessageChoice(models.Model):
    """What a client wants of one kind of message: whether at all, and between which hours. The latest stands."""

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="message_choices")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    is_wanted = models.BooleanField()
    earliest = models.TimeField(null=True, blank=True)
    latest = models.TimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind"], condition=Q(superseded_at=None), name="one_current_message_choice"
            ),
            models.CheckConstraint(
                condition=Q(earliest=None, latest=None) | Q(earliest__lt=F("latest")),
                name="message_hours_in_order",
            ),
        ]

    class Personal:
        fields = ("earliest", "latest")
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Message choice {self.pk}"


class Message(models.Model):
    """One message about one thing at one time: written once, however often the sweep runs."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for its hour")
        HANDING = "handing", _("Being handed over")
        TAKEN = "taken", _("Handed over")
        BY_HAND = "by_hand", _("Somebody has to ring")
        WITHDRAWN = "withdrawn", _("Taken back")
        EXPIRED = "expired", _("Ran out of time")
        FAILED = "failed", _("Could not be sent")
        UNKNOWN = "unknown", _("Not known whether it went out")

    OPEN = (State.WAITING, State.BY_HAND)

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    about = models.UUIDField()  # the key of what it is about, such as an appointment
    about_at = models.DateTimeField()  # and its time then: moved, it is another message
    safe_contact = models.ForeignKey(
        SafeContact, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    words = models.CharField(max_length=300, validators=[no_control_characters])
    answer_page = models.CharField(
        max_length=40, default="", blank=True
    )  # where it is answered by link, if so
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, default="", blank=True)
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "about", "about_at"], name="message_written_once"),
            models.CheckConstraint(
                condition=Q(latest_at__gte=F("earliest_at")), name="message_times_in_order"
            ),
        ]
        indexes = [models.Index(fields=["state", "latest_at"]), models.Index(fields=["client", "made_at"])]

    class Personal:
        fields = ("words", "about_at")
        plain = ("kind", "answer_page", "state", "why")

    def __str__(self) -> str:
        return f"Message {self.pk}"


class Delivery(models.Model):
    """One try to hand a message to a transport, and what came of it. Written once."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        FAILED = "failed", _("Not taken")

    id = KeyField()
    message = models.ForeignKey(Message, models.PROTECT, related_name="deliveries")
    transport = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problem = models.CharField(max_length=60, default="", blank=True)  # the kind of error, never its text
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["message", "at"])]

    class Personal:
        fields = ()
        plain = ("transport", "outcome", "problem")

    def __str__(self) -> str:
        return f"Delivery {self.pk}"

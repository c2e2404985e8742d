"""One append-only table. Rows are written with the change they record and sealed into the chain soon after."""

from django.db import models

from reknit.base.fields import CountedKeyField


class AuditEvent(models.Model):
    """Who did what to which record. `detail` holds names of fields, keys, counts and reasons; never content."""

    id = CountedKeyField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)  # null: the system, or a person answering by link
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=60, default="")
    subject_id = models.UUIDField(null=True)
    client_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True)
    seal = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            # Of sealed events only, so that writing one, which every save waits for, changes one page less.
            models.UniqueConstraint(
                fields=["position"],
                condition=models.Q(position__isnull=False),
                name="audit_one_at_a_position",
            )
        ]
        indexes = [
            models.Index(fields=["client_id", "at"]),
            # The sealer asks for what is not sealed yet: a small index however long the history.
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject} {self.subject_id}"

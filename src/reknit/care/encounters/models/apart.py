"""Notes kept apart from the record: about the therapeutic relationship, and counselling notes about substance use.

They stand in tables of their own. Nothing but `apart` reads them: no letter, no reading of the session's note, no list, no
export. Their author reads them, and a supervisor of the author once the author has opened that note to supervision. They
leave by one way alone: given by their author, under a consent the client signed for them and nothing else.
"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.consent.models import NotesConsent

from .records import YesNo, choice, somebody
from .records import words as text
from .sessions import Encounter

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PERSON = settings.AUTH_USER_MODEL


class NoteKeptApart(models.Model):
    """What both kinds have: one for each session and author, a revision, and whether supervision may read it."""

    KIND: ClassVar[str]
    TITLE: "ClassVar[str | StrPromise]"
    ASKS: ClassVar[tuple[str, ...]]

    id = KeyField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)  # to the author's own supervision

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["encounter", "author"], name="one_%(class)s_of_a_session_and_author"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(opened_at__gte=models.F("made_at")),
                name="%(class)s_opened_after_it_was_made",
            ),
        ]


class RelationshipNote(NoteKeptApart):
    """A process note: what shows up between client and therapist, and where it happens outside (M11)."""

    KIND, TITLE = "relationship", _("Process note about the therapeutic relationship")
    ASKS = ("pattern", "example", "outside", "discussed", "words")

    pattern = text(_("Pattern between us"))
    example = text(_("An example from the room"))
    outside = somebody(_("The same outside, with"))
    discussed = choice(_("Talked about with the client"), YesNo.choices, required=False)
    words = models.TextField(
        _("My own thoughts"), max_length=8000, blank=True, default="", validators=[no_control_characters]
    )

    class Personal:
        fields = ("pattern", "example", "words")
        plain = ("discussed",)

    def __str__(self) -> str:
        return f"Relationship note {self.pk}"


class CounsellingNote(NoteKeptApart):
    """A counselling note about substance use: the author's thoughts on what was said."""

    KIND, TITLE = "counselling", _("Counselling note about substance use")
    ASKS = ("words",)

    words = models.TextField(
        _("My thoughts on the conversation"),
        max_length=8000,
        blank=True,
        default="",
        validators=[no_control_characters],
    )

    class Personal:
        fields = ("words",)
        plain = ()

    def __str__(self) -> str:
        return f"Counselling note {self.pk}"


APART: tuple[type[NoteKeptApart], ...] = (RelationshipNote, CounsellingNote)


class NoteGiven(models.Model):
    """A note kept apart that was given to somebody: on which consent, by whom, when, as it read at that revision."""

    id = KeyField()
    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="+")
    consent = models.ForeignKey(NotesConsent, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    given_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["encounter", "given_by"])]

    class Personal:
        fields = ()
        plain = ()

    def __str__(self) -> str:
        return f"Note given {self.pk}"

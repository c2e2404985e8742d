"""The people in a client's life, the ties between them, and the versions of the circle."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from reknit.base.fields import KeyField, no_control_characters
from reknit.care.people.models import Client
from reknit.care.programme.models import Episode

PERSON = settings.AUTH_USER_MODEL


def code(choices: type[models.TextChoices], length: int = 12) -> "models.CharField[str, str]":
    """A choice that may stay open: empty is not known."""
    return models.CharField(max_length=length, choices=choices.choices, default="", blank=True)


def words() -> "models.TextField[str, str]":
    """A few sentences, or none."""
    return models.TextField(max_length=1000, default="", blank=True, validators=[no_control_characters])


def scale() -> "models.SmallIntegerField[int | None, int | None]":
    """A small number that may stay open: null is not known."""
    return models.SmallIntegerField(null=True, blank=True)


def yes_no() -> "models.BooleanField[bool | None, bool | None]":
    """Yes, no, or not known."""
    return models.BooleanField(null=True, blank=True)


def between(name: str, least: int, most: int) -> models.CheckConstraint:
    """A number stays on its scale."""
    within = Q(**{name: None}) | Q(**{f"{name}__gte": least, f"{name}__lte": most})
    return models.CheckConstraint(condition=within, name=f"relationship_{name}_on_scale")


class Relationship(models.Model):
    """A person in the client's life, under an alias. Kept for good, so that versions of the circle stay comparable.

    Everything but the alias and the relation may be left open. Ring and angle are those of the circle as it is drawn now.
    """

    class Relation(models.TextChoices):
        PARTNER = "partner", _("partner")
        FORMER = "former", _("former partner")
        MOTHER = "mother", _("mother")
        FATHER = "father", _("father")
        CHILD = "child", _("child")
        SIBLING = "sibling", _("sister or brother")
        FAMILY = "family", _("other family")
        FRIEND = "friend", _("friend")
        WORK = "work", _("from work or school")
        NEIGHBOUR = "neighbour", _("neighbour")
        PEER = "peer", _("from mutual help or treatment")
        HELPER = "helper", _("professional")
        GROUP = "group", _("a group")
        FAITH = "faith", _("God or faith")
        PET = "pet", _("a pet")
        SUBSTANCE = "substance", _("the substance itself")
        OTHER = "other", _("somebody else")

    NO_PERSON = (Relation.GROUP, Relation.FAITH, Relation.PET, Relation.SUBSTANCE)

    class Status(models.TextChoices):
        CURRENT = "current", _("in touch")
        ESTRANGED = "estranged", _("estranged")
        DIED = "died", _("died")
        LOST = "lost", _("lost contact")
        HOPED = "prospective", _("hoped for")

    class Contact(models.IntegerChoices):
        DAILY = 7, _("every day")
        SOME_DAYS = 6, _("3 to 6 times a week")
        WEEKLY = 5, _("once or twice a week")
        FORTNIGHT = 4, _("every other week")
        MONTHLY = 3, _("about once a month")
        SELDOM = 2, _("less than once a month")
        ONCE = 1, _("once in the last 6 months")
        NONE = 0, _("not in the last 6 months")

    class Drinking(models.TextChoices):
        RECOVERING = "recovering", _("in recovery")
        ABSTAINER = "abstainer", _("does not use")
        LIGHT = "light", _("light")
        MODERATE = "moderate", _("moderate")
        HEAVY = "heavy", _("heavy")

    class Together(models.IntegerChoices):
        NEVER = 0, _("never")
        SOMETIMES = 1, _("sometimes")
        OFTEN = 2, _("weekly or more")

    class Reaction(models.TextChoices):
        ENCOURAGED = "encouraged", _("encouraged it")
        ACCEPTED = "accepted", _("accepted it")
        NEUTRAL = "neutral", _("neutral")
        DISAPPROVED = "disapproved", _("did not like it")
        LEFT = "left", _("left, or acted against it")
        UNAWARE = "unaware", _("does not know")

    class Reciprocity(models.TextChoices):
        MINE = "mine", _("mostly the client gives")
        EVEN = "even", _("about even")
        THEIRS = "theirs", _("mostly they give")

    class Support(models.IntegerChoices):
        STRONG = 2, _("strongly for")
        FOR = 1, _("for")
        MIXED = 0, _("mixed")
        AGAINST = -1, _("against")
        STRONGLY_AGAINST = -2, _("strongly against")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="relationships")
    alias = models.CharField(max_length=40, validators=[no_control_characters])
    relation = code(Relation)
    relation_words = models.CharField(
        max_length=40, default="", blank=True, validators=[no_control_characters]
    )
    ring = scale()  # 1 closest to 3, 4 outside; null: not placed yet
    angle = scale()
    depth = scale()  # how far out in the ring, 0 to 100; null: on its line
    wanted_ring = scale()
    status = code(Status)
    contact = scale()
    same_household = yes_no()
    importance = scale()
    general_support = scale()
    practical_support = scale()
    emotional_support = scale()
    reciprocity = code(Reciprocity)
    conflict = scale()
    alcohol = code(Drinking)
    drugs = code(Drinking)
    uses_with_client = scale()
    supplies = yes_no()
    reaction_to_use = code(Reaction)
    supports_recovery = scale()
    supports_treatment = scale()
    medication_attitude = scale()
    knows_of_treatment = yes_no()
    expectations_mine = words()
    expectations_theirs = words()
    good_things = words()
    hard_things = words()
    change_wanted = words()
    from_treatment = models.BooleanField(default=False)
    not_a_person = models.BooleanField(default=False)
    is_risk = yes_no()  # restricted: the care team only, never on a page of the client's
    in_focus = models.BooleanField(default=False)  # reported by the room that agrees on the focus
    revision = models.PositiveIntegerField(default=0)  # rises with each change of the details
    added_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    set_aside_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "client", Lower("alias"), condition=Q(set_aside_at=None), name="alias_used_once"
            ),
            models.CheckConstraint(
                condition=Q(ring=None, angle=None) | Q(ring__isnull=False, angle__isnull=False),
                name="relationship_placed_pair",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_by=None) | Q(set_aside_at__isnull=False),
                name="relationship_set_aside_pair",
            ),
            between("ring", 1, 4),
            between("angle", 0, 359),
            between("depth", 0, 100),
            between("wanted_ring", 1, 4),
            between("contact", 0, 7),
            between("importance", 1, 6),
            between("general_support", 1, 6),
            between("practical_support", 1, 6),
            between("emotional_support", 1, 6),
            between("conflict", 0, 10),
            between("uses_with_client", 0, 2),
            between("supports_recovery", -2, 2),
            between("supports_treatment", 1, 6),
            between("medication_attitude", -2, 2),
        ]
        indexes = [models.Index(fields=["client", "added_at"])]

    class Personal:
        fields = (
            "alias", "relation", "relation_words", "status", "reciprocity", "alcohol", "drugs", "reaction_to_use",
            "expectations_mine", "expectations_theirs", "good_things", "hard_things", "change_wanted",
        )  # fmt: skip
        plain = ()

    def __str__(self) -> str:
        return f"Relationship {self.pk}"


class Tie(models.Model):
    """How two people of the circle stand to each other. `one` has the smaller key, so that a pair is written one way."""

    class Kind(models.TextChoices):
        KNOWS = "knows", _("know each other")
        CLOSE = "close", _("are close")
        CONFLICT = "conflict", _("are under strain")
        USE = "use", _("use together")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="ties")
    one = models.ForeignKey(Relationship, models.PROTECT, related_name="+")
    other = models.ForeignKey(Relationship, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "kind"], name="tie_told_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="tie_written_one_way"),
        ]

    class Personal:
        fields = ()
        plain = ("kind",)

    def __str__(self) -> str:
        return f"Tie {self.pk}"


class CircleVersion(models.Model):
    """The circle as it stood on a day. Open while it is drawn; once signed off it is frozen and the database holds it so."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being drawn")
        SIGNED = "signed", _("Signed off")

    class Author(models.TextChoices):
        TOGETHER = "together", _("Together")
        CLIENT = "client", _("The client")
        THERAPIST = "therapist", _("The therapist")

    id = KeyField()
    client = models.ForeignKey(Client, models.PROTECT, related_name="circle_versions")
    episode = models.ForeignKey(Episode, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)  # rises with each change of the circle while it is open
    ties_asked = models.BooleanField(default=False)  # every pair was asked about
    slot = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # the latest planned session when signed off
    author = code(Author)
    note = words()
    treatment_asked = models.BooleanField(null=True, blank=True)
    snapshot = models.JSONField(default=dict)  # people, rings, details and ties as signed off; frozen
    begun_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="circle_version_numbered_once"),
            models.UniqueConstraint(fields=["client"], condition=Q(state="draft"), name="one_open_circle"),
            models.CheckConstraint(
                condition=Q(state="draft", signed_at=None, signed_by=None, released_at=None)
                | (Q(state="signed", signed_at__isnull=False, treatment_asked__isnull=False) & ~Q(author="")),
                name="circle_signed_pair",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | Q(released_at__isnull=False), name="circle_released_pair"
            ),
        ]

    class Personal:
        fields = ("snapshot", "note")
        plain = ("state", "author")

    def __str__(self) -> str:
        return f"Circle version {self.pk}"

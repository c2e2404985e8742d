"""Which details of a person there are, in the order in which they are asked, and the scales they are told on."""

from django.utils.translation import gettext_lazy as _

SCALES = {
    "wanted_ring": (1, 4),
    "contact": (0, 7),
    "importance": (1, 6),
    "general_support": (1, 6),
    "practical_support": (1, 6),
    "emotional_support": (1, 6),
    "conflict": (0, 10),
    "uses_with_client": (0, 2),
    "supports_recovery": (-2, 2),
    "supports_treatment": (1, 6),
    "medication_attitude": (-2, 2),
}
"""Least and most of each number. The table holds the same limits."""

WHO = (
    "alias",
    "relation",
    "relation_words",
    "status",
    "contact",
    "same_household",
    "from_treatment",
    "not_a_person",
)
USE = ("alcohol", "drugs", "uses_with_client", "supplies", "reaction_to_use")
RECOVERY = ("supports_recovery", "knows_of_treatment", "supports_treatment", "medication_attitude")
SUPPORT = (
    "importance", "general_support", "practical_support", "emotional_support", "reciprocity", "conflict",
)  # fmt: skip
WANTS = (
    "expectations_mine", "expectations_theirs", "good_things", "hard_things", "change_wanted", "wanted_ring",
)  # fmt: skip
RESTRICTED = ("is_risk",)
GROUPS = (
    (_("Who they are"), WHO),
    (_("Alcohol and drugs"), USE),
    (_("Recovery"), RECOVERY),
    (_("What is between them"), SUPPORT),
    (_("What each wants"), WANTS),
    (_("For the team only"), RESTRICTED),
)
DETAILS = tuple(name for _title, names in GROUPS for name in names)

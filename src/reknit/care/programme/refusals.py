"""What the loader of the core refuses, in the words of the page and beside the field it is about."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.errors import DomainError
from reknit.core.errors import BadInput, DefinitionError

PLAIN = (
    (
        r"phase `(?P<name>[^`]*)` leaves a gap",
        "end_%(name)s",
        gettext_lazy("Each phase has to end after the one before it. Give this one a later last session."),
    ),
    (
        r"phases do not end at the number",
        "planned_sessions",
        gettext_lazy("The last phase has to end with the last session."),
    ),
    (
        r"course window is too short",
        "course_window_days",
        gettext_lazy(
            "The sessions do not fit into this window. Give more days, fewer sessions, or less time between them."
        ),
    ),
    (
        r"task `(?P<name>[^`]*)` is due outside",
        "to",
        gettext_lazy("%(name)s would be due after the last session. Move it first."),
    ),
    (
        r"same task is due twice",
        "to",
        gettext_lazy("This task is already due in that session. Choose another one."),
    ),
    (
        r"set `(?P<name>[^`]*)` is due outside",
        "slots",
        gettext_lazy("This set would be due after the last session. Choose sessions of the course."),
    ),
    (
        r"set `(?P<name>[^`]*)` holds nothing",
        "items",
        gettext_lazy("Choose at least one thing to ask for, and say when."),
    ),
    (
        r"set `(?P<name>[^`]*)` needs both",
        "every",
        gettext_lazy("Write every how many sessions, 1 or more."),
    ),
    (
        r"`extension_share` must lie",
        "extension_share",
        gettext_lazy("Write a share between 0 and 100 per cent."),
    ),
    (
        r"Too few sessions",
        "planned_sessions",
        gettext_lazy("With so few sessions nothing would be left between the opening and the closing."),
    ),
)


def in_plain_words(problem: BadInput | DefinitionError) -> DomainError:
    """The refusal as a person reads it. One that has no words here yet is shown as the loader says it."""
    said = str(problem)
    for pattern, field, sentence in PLAIN:
        if found := re.search(pattern, said):
            names = found.groupdict()
            return DomainError(str(sentence) % names if names else str(sentence), field=field % names)
    rule = said.split(": ", 1)[-1] if isinstance(problem, DefinitionError) else said
    return DomainError(_("This could not be followed: %(rule)s") % {"rule": rule} if rule != said else rule)

"""Words of this room that several files use: the tasks of an ending, and how a list of forms is named."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENDING_TASKS: Final[dict[str, str | Promise]] = {
    "feelings": _("We talked about the ending and how it feels"),
    "gains": _("Each said what has changed, and what they did for it"),
    "signs": _("Each named warning signs and whom to tell"),
    "plans": _("Each has a plan for the time after"),
    "goodbye": _("We said goodbye to each other"),
}
"""What the last sessions of a group are for (`ipt.md` sections 1.6 and 9)."""

"""The parts of each letter that its author writes, in order, with their prompts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from .models import Letter

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LONGEST = 6000


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its key in `words`, its heading, and what belongs there."""

    key: str
    heading: "str | StrPromise"
    hint: "str | StrPromise"


PARTS: dict[str, tuple[Part, ...]] = {
    Letter.Kind.CLOSING: (
        Part(
            "opening", _("Why the client came"), _("The referral and the problem, in two or three sentences.")
        ),
        Part("work", _("What we worked on"), _("The focus, the people in it, and what was done.")),
        Part("progress", _("How it went"), _("Your own view, beside the figures above.")),
        Part("plan", _("What comes next"), _("Medication, follow-up dates, and what you ask of the reader.")),
    ),
    Letter.Kind.PLAIN: (
        Part(
            "opening",
            _("How we began"),
            _("One or two short sentences, in the client's own words if you can."),
        ),
        Part("work", _("What you did"), _("Name what the client did. One idea in each sentence.")),
        Part("signals", _("Your signals"), _("What the client may notice first when things get harder.")),
        Part("next", _("What comes next"), _("Dates, people to call, and how to come back.")),
    ),
}

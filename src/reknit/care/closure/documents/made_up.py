"""The made-up client with whom a wording is tried out. Nobody of the clinic stands in it."""

from django.utils.translation import gettext as _

from reknit.base.documents.wording import Block, Value

from .kinds import Document


def made_up_values(document: Document) -> dict[str, Value]:
    """Every field of a document, filled in with an invented person."""
    several = [
        Block("labelled", _("I sleep six hours and I eat with my sister on Sundays."), _("How I feel")),
        Block("labelled", _("Ring my sister. Walk to the river."), _("What I do")),
    ]
    everything: dict[str, Value] = {
        "client_name": "Robin Example",
        "client_first_name": "Robin",
        "clinic_name": _("The clinic"),
        "clinic_phone": "01 23 45 67 89",
        "emergency_number": "112",
        "author_name": "Alex Example",
        "date": "10 June 2026",
        "attended_on": "9 June 2026",
        "attended_from": "10:00",
        "attended_until": "10:50",
        "began_on": "2 February 2026",
        "ended_on": "8 June 2026",
        "answered_on": "8 June 2026",
        "decision": _("The course ends here"),
        "reason": _("You reached what you came for."),
        "said": _("This treatment did not do enough. You did your part."),
        "alternatives": _("Medication review, Mutual help or peer support"),
        "next_steps": _("We ring you on Monday."),
        "help_lines": [Block("list", items=(_("A help line: 0800 000 000"),))],
        "then_on": "16 February 2026",
        "now_on": "8 June 2026",
        "changes": [Block("list", items=(_("Closer: Jo."), _("New: the choir.")))],
        "dates": [Block("list", items=("8 July 2026", "8 September 2026"))],
        "answers": [Block("labelled", _("Agree"), _("I was treated with respect."))],
        "letter": [Block("text", _("(The letter stands here.)"))],
    }
    return {name: everything.get(name, several) for name in document.fields}

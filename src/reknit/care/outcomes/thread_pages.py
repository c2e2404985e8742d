"""The golden thread on paper: the same words as the page, as a tagged PDF."""

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reknit.base.documents import render_document
from reknit.base.documents.wording import Block
from reknit.care.people.models import Client
from reknit.care.people.queries import paper_foot, site

from .thread import GoalThread, SessionThread, Thread, numbers


def pages_of(client: Client, thread: Thread, *, on: dt.date) -> bytes:
    """The pages. The window's title names nobody; the client's name stands in the text."""
    here = site()
    data = {
        "blocks": [one.plain() for one in _blocks(client, thread)],
        "clinic": {"name": here.name if here else "", "phone": here.phone if here else ""},
        "on": date_format(on, "j F Y"),
        "notice": "",
        "foot": paper_foot(client),
        "draft": "",
    }
    return render_document(data=data, title=_("Golden thread"), language=get_language() or "en", on=on)


def _blocks(client: Client, thread: Thread) -> Iterator[Block]:
    yield Block("text", client.name)
    yield Block("heading", _("Problems and goals"))
    for problem in thread.problems:
        title = (
            f"{problem.focus.label}: {problem.focus.title}" if problem.focus.title else problem.focus.label
        )
        worked = (
            _("Worked in sessions %(slots)s.") % {"slots": numbers(problem.slots)} if problem.slots else ""
        )
        yield Block("labelled", f"{problem.focus.row.get_status_display()}. {worked}".strip(), title)
        if problem.goals:
            yield Block("list", items=tuple(_goal(one) for one in problem.goals))
    if thread.loose:
        yield Block("labelled", _("Not tied to a problem area:"), _("Other goals"))
        yield Block("list", items=tuple(_goal(one) for one in thread.loose))
    yield Block("heading", _("Sessions"))
    yield _list([_session(one) for one in thread.sessions], _("No session took place yet."))
    yield Block("heading", _("Changes of the plan"))
    changes = [f"{date_format(one.on, 'j F Y')}: {one.words}" for one in thread.changes]
    yield _list(changes, _("The plan was not changed."))
    yield Block("heading", _("Reviews"))
    reviews = [f"{date_format(one.on, 'j F Y')}: {one.words}" for one in thread.reviews]
    yield _list(reviews, _("No review was held yet."))
    if thread.next_review:
        yield Block("labelled", thread.next_review, _("Next review"))
    yield Block("heading", _("Gaps"))
    yield _list([one.sentence for one in thread.gaps], _("No gap was found."))


def _list(items: list[str], nothing: str) -> Block:
    return Block("list", items=tuple(items)) if items else Block("text", nothing)


def _goal(one: GoalThread) -> str:
    rated = _("Rated in sessions %(slots)s.") % {"slots": numbers(one.slots)} if one.slots else ""
    return f"{one.view.goal.words}. {one.stands} {rated}".strip()


def _session(one: SessionThread) -> str:
    slot = (
        _("Session %(slot)s") % {"slot": one.held.slot} if one.held.slot else one.held.get_outcome_display()
    )
    note = [_("note not signed")] if one.is_unsigned else []
    day = date_format(one.on, "j F Y")
    return ", ".join([slot, day, *one.areas, one.score_words, *one.decided, *note])

"""A starting point for each slot of the text, made from what was entered. It is the author's to change or to leave.

Restricted events are left out: nothing of them slips into a text that the client reads.
"""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.care.network.models import Relationship
from reknit.care.programme.models import Episode
from reknit.core.formulation.slots import GAP

from .entries import when_words
from .known import supporters
from .models import TimelineEvent
from .queries import Focus


def starting_points(
    episode: Episode,
    *,
    events: Sequence[TimelineEvent],
    people: Sequence[Relationship],
    focus: Focus | None,
    substances: Sequence[str],
    diagnosis: str = "",
) -> dict[str, str]:
    """Slot and words, for the slots that something is known about. No query."""
    open_events = [event for event in events if not event.is_restricted]
    onset = next((event for event in open_events if event.is_onset), None)
    closest = next((event for event in open_events if event.is_closest_change), None)
    helpers = supporters(people)
    found = {
        "told": _since(onset) if onset else "",
        "condition": _("Doctors call this %(name)s.") % {"name": diagnosis} if diagnosis else "",
        "treatable": _("It is common and it can be treated. It is not your fault."),
        "people": _around(closest) if closest else "",
        "use": _uses(substances) if substances else "",
        "focus": _works_on(focus) if focus else "",
        "strengths": _("You have %(names)s on your side.") % {"names": _listed(helpers)} if helpers else "",
        "plan": _plan(episode),
        "invite": _("Does this fit? What would you change?"),
    }
    # An alias may end with a stop of its own.
    return {slot: words.replace("..", ".") for slot, words in found.items() if words}


def _since(event: TimelineEvent) -> str:
    when = when_words(event.starts_on, event.precision)
    return _("%(gap)s has been hard for you since %(when)s.") % {"when": when, "gap": GAP}


def _around(event: TimelineEvent) -> str:
    when = when_words(event.starts_on, event.precision)
    names = [person.alias for person in event.relationships.all()]
    words = {"when": when, "title": event.title, "names": _listed(names)}
    if names:
        return _("From what you told me, it grew heavier around %(when)s: %(title)s, with %(names)s.") % words
    return _("From what you told me, it grew heavier around %(when)s: %(title)s.") % words


def _uses(substances: Sequence[str]) -> str:
    words = {"name": substances[0], "gap": GAP}
    return _("%(name)s became a way to %(gap)s and then it made %(gap)s harder.") % words


def _works_on(focus: Focus) -> str:
    words = {"area": focus.client_label.lower(), "title": focus.title}
    if focus.row.event and focus.row.event.is_restricted and focus.title == focus.row.event.title:
        words["title"] = ""
    return (
        _("I suggest we work on %(area)s: %(title)s.")
        if words["title"]
        else _("I suggest we work on %(area)s.")
    ) % words


def _plan(episode: Episode) -> str:
    words = {
        "n": episode.planned_sessions,
        "on": date_format(episode.ends_on, "j F") if episode.ends_on else GAP,
    }
    return _("We meet %(n)s times, up to %(on)s, to work on this.") % words


def _listed(names: Sequence[str]) -> str:
    """One, or two and the last with "and"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}

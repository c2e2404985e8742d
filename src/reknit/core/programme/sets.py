"""Measure sets: what is due at a slot, what is there, and what this installation does not hold."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from reknit.core.errors import UnknownMeasure
from reknit.core.measures.catalogue import wording_state
from reknit.core.measures.site import NO_SITE, Site
from reknit.core.programme.course import Course
from reknit.core.programme.protocol import MeasureSet, ProtocolTemplate, SetItem

State = Literal["done", "due", "not_loaded", "not_permitted"]


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item of a set at one slot. What is not loaded or not permitted is said, and leaves the denominator."""

    item: SetItem
    state: State

    @property
    def counts(self) -> bool:
        """Whether the item is part of how complete a set is."""
        return self.state in ("done", "due")


@dataclass(frozen=True, slots=True)
class SetState:
    """One set at one slot, item by item, with how many of those that count are there."""

    set: MeasureSet
    slot: int
    items: tuple[ItemState, ...]

    @property
    def open(self) -> tuple[ItemState, ...]:
        """What is still to give."""
        return tuple(one for one in self.items if one.state == "due")

    @property
    def left_out(self) -> tuple[ItemState, ...]:
        """What this installation does not hold or may not show."""
        return tuple(one for one in self.items if not one.counts)

    @property
    def asked(self) -> int:
        return sum(one.counts for one in self.items)

    @property
    def done(self) -> int:
        return sum(one.state == "done" for one in self.items)


def availability(
    item: SetItem, *, built: Collection[str] | None = None, site: Site = NO_SITE
) -> Literal["ready", "not_loaded", "not_permitted"]:
    """Whether an item can be asked here: its definition is loaded, and its words may be shown.

    `built` holds the records that this installation keeps; `None` means all of them. `site` says which words it may show.

    >>> availability(SetItem("phq-9", "measure", "PHQ-9", "score/phq-9"))
    'ready'
    >>> availability(SetItem("no-such-form", "measure", "No such form", "score/no-such-form"))
    'not_loaded'
    """
    if item.kind == "record":
        return "ready" if built is None or item.id in built else "not_loaded"
    try:
        state = wording_state(item.id, site)
    except UnknownMeasure:
        return "not_loaded"
    if state == "not_in_hand":
        return "not_loaded"
    return "ready" if state == "shown" else "not_permitted"


def sets_due(template: ProtocolTemplate, slot: int) -> tuple[MeasureSet, ...]:
    """The sets due at a slot, in the order of the file.

    >>> from reknit.core.programme.template import template
    >>> [one.code for one in sets_due(template("ipt-16"), 8)]
    ['S', 'M', 'A', 'N']
    """
    return tuple(one for one in template.sets if one.is_due(slot))


def measures_due(template: ProtocolTemplate, slot: int, *, site: Site = NO_SITE) -> tuple[str, ...]:
    """The questionnaires due at a slot that can be given here, each once.

    >>> from reknit.core.programme.template import template
    >>> measures_due(template("ipt-16"), 4)
    ('phq-9', 'session-checkin', 'gad-7')
    """
    items = [item for one in sets_due(template, slot) for item in one.items if item.kind == "measure"]
    return tuple(dict.fromkeys(item.id for item in items if availability(item, site=site) == "ready"))


def set_state(
    course: Course,
    one: MeasureSet,
    slot: int,
    *,
    given: Collection[str] | None = None,
    site: Site = NO_SITE,
) -> SetState:
    """How a set stands at a slot. `given` names measures known to be there by other means than a fact of that slot."""
    return SetState(
        one, slot, tuple(ItemState(item, _state(course, item, slot, given or (), site)) for item in one.items)
    )


def _state(course: Course, item: SetItem, slot: int, given: Collection[str], site: Site) -> State:
    here = availability(item, site=site)
    if here != "ready":
        return here
    # What intake asks for may still be given in the first session: the baseline is what came before the work.
    slots = (0, 1) if slot == 0 else (slot,)
    there = any(one in slots for one in course.slot_of.get(item.fact, ())) or item.id in given
    return "done" if there else "due"


def sets_open(course: Course, *, site: Site = NO_SITE) -> tuple[SetState, ...]:
    """The sets to look at now: those of the next session, and the baseline while the first phase lasts.

    >>> from reknit.core.programme.template import template
    >>> [(one.set.code, one.slot) for one in sets_open(Course(template("ipt-16")))]
    [('B0', 0), ('S', 1)]
    """
    following = min(course.slot + 1, course.planned)
    slots = [0, following] if following <= course.template.phases[0].to_slot else [following]
    found = [
        set_state(course, one, slot, site=site) for slot in slots for one in sets_due(course.template, slot)
    ]
    return tuple(one for one in found if one.slot or one.done < one.asked)

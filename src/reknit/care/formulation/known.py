"""What is already known of the people in a client's life, for the hint and as a starting point for the text.

The inventory keeps more about a person than an alias where it was asked. Whatever was not asked, or is not kept, is
not known here and points nowhere.
"""

from collections.abc import Sequence

from reknit.care.network.models import Relationship
from reknit.care.people.models import Client
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import plan_of
from reknit.core.formulation.hint import Event, Facts, Hint, Person, hints
from reknit.core.programme.protocol import AREAS

from .line import ClientLine
from .models import TimelineEvent

USES, DOES_NOT = {"light", "moderate", "heavy"}, {"recovering", "abstainer"}


def people_of(client: Client) -> list[Relationship]:
    """The people who stand in the inventory, in the order they were named. One query."""
    rows = Relationship.objects.filter(client=client).order_by("added_at", "id")
    return [row for row in rows if getattr(row, "set_aside_at", None) is None]


def as_person(row: Relationship) -> Person:
    """One person as the hint takes them."""
    status = getattr(row, "status", "")
    return Person(
        key=str(row.pk),
        alias=row.alias,
        conflict=getattr(row, "conflict", None),
        is_silent=True if status == "estranged" else None,
        uses=_uses(row),
        has_died=True if status == "died" else None,
    )


def supporters(people: Sequence[Relationship]) -> list[str]:
    """Aliases of those known to be for recovery."""
    return [row.alias for row in people if (getattr(row, "supports_recovery", None) or 0) > 0]


def hints_for(line: ClientLine, people: Sequence[Relationship], episode: Episode | None) -> tuple[Hint, ...]:
    """Where the entered facts point. One query."""
    signed = CourseFact.objects.filter(episode=episode, kind="inventory_signed", withdrawn_at=None)
    events = [entry.row for entry in line.entries]
    onset = next((event for event in events if event.is_onset), None)
    areas = plan_of(episode).areas if episode else AREAS
    found = hints(
        Facts(
            people=tuple(as_person(row) for row in people if not getattr(row, "not_a_person", False)),
            events=tuple(_as_event(event) for event in events),
            onset_on=onset.starts_on if onset else None,
            onset_is_exact=onset is None or onset.precision == TimelineEvent.Precision.DAY,
            first_use_on=line.use_days[0] if line.use_days else None,
            inventory_taken=bool(episode) and signed.exists(),
        )
    )
    return tuple(one for one in found if one.area in areas)


def _as_event(event: TimelineEvent) -> Event:
    return Event(
        key=str(event.pk),
        title=event.title,
        on=event.starts_on,
        kind=event.kind,  # type: ignore[arg-type]  # the model's choices are the hint's kinds
        people=tuple(str(person.pk) for person in event.relationships.all()),
        is_closest_change=event.is_closest_change,
        is_onset=event.is_onset,
        is_exact=event.precision == TimelineEvent.Precision.DAY,
    )


def _uses(row: Relationship) -> bool | None:
    told = {getattr(row, "alcohol", ""), getattr(row, "drugs", "")} - {""}
    if told & USES:
        return True
    return False if told and told <= DOES_NOT else None

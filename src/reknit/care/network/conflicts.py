"""Who must not be placed in one room, with one clinician or in one group: yes or no, and never why.

Read from the circles and from the orders of no contact, across charts that whoever asks may not open. What comes back
is therefore a set of pairs and nothing of what it was read from.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations

from django.db.models import Q

from reknit.base.accounts.models import User
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.safety.models import NoContactOrder
from reknit.core.network.conflicts import Mentioned, Named, is_named_by, keeps_out

from .models import Relationship

Pair = frozenset[uuid.UUID]


def pairs_in_conflict(clients: Collection[uuid.UUID], *, on: dt.date) -> frozenset[Pair]:
    """Every two of these people who are not to be placed together on a date. Three queries however many people."""
    people, circles, orders = _known(clients, on=on)
    return frozenset(
        frozenset(pair)
        for pair in combinations(people, 2)
        if _apart(*pair, people=people, circles=circles, orders=orders)
    )


def conflicts_with(client: uuid.UUID, others: Iterable[uuid.UUID], *, on: dt.date) -> frozenset[uuid.UUID]:
    """Which of the others one person is not to be placed with on a date. Three queries."""
    rest = set(others) - {client}
    people, circles, orders = _known({client, *rest}, on=on)
    return frozenset(
        other
        for other in people.keys() & rest
        if client in people and _apart(client, other, people=people, circles=circles, orders=orders)
    )


def is_kept_apart(client: Client, clinician: User, *, on: dt.date) -> bool:
    """Whether a client is not to be placed with somebody whom this clinician works with on a date. Four queries at most."""
    return is_any_kept_apart([client.pk], clinician, on=on)


def is_any_kept_apart(clients: Collection[uuid.UUID], clinician: User, *, on: dt.date) -> bool:
    """The same of several who come to this clinician together; whom among them is not said. Four queries at most."""
    return bool(_kept_apart(clients, _works_with(clinician, on=on) - set(clients), on=on))


def kept_apart(clients: Collection[uuid.UUID], clinician: User, *, on: dt.date) -> frozenset[uuid.UUID]:
    """Which of these people are not to be placed with somebody else whom this clinician works with. Four queries at most."""
    return _kept_apart(clients, _works_with(clinician, on=on), on=on)


def _works_with(clinician: User, *, on: dt.date) -> set[uuid.UUID]:
    works = CareTeamMember.objects.filter(
        current(on), clinician=clinician, client__status=Client.Status.IN_CARE
    )
    return set(works.values_list("client", flat=True))


def _kept_apart(
    clients: Collection[uuid.UUID], others: Collection[uuid.UUID], *, on: dt.date
) -> frozenset[uuid.UUID]:
    if not clients or not others:
        return frozenset()
    people, circles, orders = _known({*clients, *others}, on=on)
    return frozenset(
        one
        for one in people.keys() & set(clients)
        if any(
            _apart(one, other, people=people, circles=circles, orders=orders)
            for other in people.keys() & set(others)
            if other != one
        )
    )


Circles = dict[uuid.UUID, list[Mentioned]]
Orders = dict[uuid.UUID, list[Named]]
People = dict[uuid.UUID, Named]


def _apart(one: uuid.UUID, other: uuid.UUID, *, people: People, circles: Circles, orders: Orders) -> bool:
    return any(
        keeps_out(circles[holder], people[person])
        or any(is_named_by(order, people[person]) for order in orders[holder])
        for holder, person in ((one, other), (other, one))
    )


def _known(clients: Collection[uuid.UUID], *, on: dt.date) -> tuple[People, Circles, Orders]:
    rows = Client.objects.filter(pk__in=clients).only(
        "given_name", "family_name", "preferred_name", "birth_date"
    )
    people = {
        row.pk: Named(row.given_name, row.family_name, row.preferred_name, row.birth_date) for row in rows
    }
    circles: Circles = defaultdict(list)
    for tie in (
        Relationship.objects.filter(client__in=clients, set_aside_at=None, not_a_person=False)
        .exclude(status=Relationship.Status.DIED)
        .only("client_id", "alias", "relation", "conflict", "supplies", "is_risk")
    ):
        circles[tie.client_id].append(
            Mentioned(tie.alias, tie.relation, tie.conflict, bool(tie.supplies), bool(tie.is_risk))
        )
    orders: Orders = defaultdict(list)
    for order in NoContactOrder.objects.filter(Q(client__in=clients) & current(on), lifted_at=None):
        orders[order.client_id].append(Named(order.given_name, order.family_name, born_on=order.birth_date))
    return people, circles, orders

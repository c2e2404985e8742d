"""Who has opened an open item, and when: told by the record of charts read, so that reading writes nothing more."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, Subquery

from reknit.base.accounts.models import User
from reknit.base.audit.models import AuditEvent

from .models import RiskItem

PAGE = "risk item"
"""What the record calls the page of one item."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One person who opened an item: for the first time, and the latest."""

    name: str
    first_at: dt.datetime
    latest_at: dt.datetime


def readings_of(items: Collection[RiskItem]) -> dict[uuid.UUID, list[Reading]]:
    """Who opened each of these items since it came up, first reader first. One query; none without items."""
    if not items:
        return {}
    clients = {item.client_id for item in items}
    of_clients = Q(client_id__in=clients - {None})
    rows = AuditEvent.objects.filter(
        of_clients | Q(client_id=None) if None in clients else of_clients,
        verb="read",
        at__gte=min(item.opened_at for item in items),
        detail__page=PAGE,
    )
    person = User.objects.filter(pk=OuterRef("by")).values("name")[:1]
    keys = {str(item.pk): item.pk for item in items}
    found: dict[uuid.UUID, dict[uuid.UUID, Reading]] = {key: {} for key in keys.values()}
    for item, by, at, name in rows.order_by("at").values_list("detail__item", "by", "at", Subquery(person)):
        if item in keys:
            readers = found[keys[item]]
            readers[by] = replace(readers[by], latest_at=at) if by in readers else Reading(name or "", at, at)
    return {key: list(readers.values()) for key, readers in found.items()}


def is_unread(item: RiskItem, readings: Collection[Reading]) -> bool:
    """Whether nobody has opened an open item since it last came up. Whoever opened it and answers for it knows it."""
    if item.status != RiskItem.Status.OPEN:
        return False
    if item.refreshed_at is None and item.opened_by_id == item.owner_id:
        return False
    since = item.refreshed_at or item.opened_at
    return not any(one.latest_at >= since for one in readings)

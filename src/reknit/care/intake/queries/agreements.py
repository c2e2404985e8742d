"""What a person agreed to so far, item by item, and the copy that is theirs."""

import datetime as dt
from collections import defaultdict

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.base.documents import render_document
from reknit.base.documents.wording import Block
from reknit.care.consent.explained import ITEMS
from reknit.care.consent.models import Consent
from reknit.care.people.models import Client
from reknit.care.people.queries import paper_foot, site, zone


def standing(client: Client, *, at: dt.datetime) -> dict[str, list[Consent]]:
    """Consents that stand, by kind, the earliest first. One query."""
    found: dict[str, list[Consent]] = defaultdict(list)
    rows = Consent.objects.filter(client=client, given_at__lte=at).select_related("recorded_by")
    for one in rows.order_by("given_at", "id"):
        if one.stands(on=local_date(at, zone())):
            found[one.kind].append(one)
    return found


def covers_of(one: Consent) -> list[str]:
    """What somebody may be told, in words."""
    return [str(Consent.Cover(code).label) for code in one.covers]


def copy_of(client: Client, *, at: dt.datetime, on: dt.date) -> bytes:
    """A tagged PDF for the person. The window's title names nobody."""
    here, stands = site(), standing(client, at=at)
    blocks = [
        Block("text", client.name),
        Block(
            "text", _("This is what you agreed to. You can take each of them back by itself, at any time.")
        ),
    ]
    for item in ITEMS:
        blocks += [Block("heading", str(item.title)), Block("text", str(item.says))]
        agreed = tuple(_sentence(one) for one in stands.get(item.key, []))
        if agreed:
            blocks.append(Block("list", items=agreed))
        elif item.key in Consent.Kind.values:
            blocks.append(Block("text", _("You have not agreed to this.")))
        if agreed or item.key not in Consent.Kind.values:
            blocks.append(Block("labelled", label=_("To take it back"), text=str(item.back)))
    data = {
        "blocks": [one.plain() for one in blocks],
        "clinic": {"name": here.name if here else "", "phone": here.phone if here else ""},
        "on": date_format(on, "j F Y"),
        "notice": "",
        "foot": paper_foot(client),
    }
    return render_document(data=data, title=_("What you agreed to"), language=get_language() or "en", on=on)


def _sentence(one: Consent) -> str:
    words = {
        "on": date_format(local_date(one.given_at, zone()), "j F Y"),
        "until": date_format(one.expires_on, "j F Y") if one.expires_on else "",
        "who": one.recipient,
        "what": "; ".join(covers_of(one)),
        "why": one.purpose,
    }
    if one.kind == Consent.Kind.SHARE:
        return (
            _("%(who)s may be told: %(what)s. What for: %(why)s. Agreed on %(on)s, until %(until)s.") % words
        )
    if one.expires_on:
        return _("You agreed on %(on)s. It ends on %(until)s.") % words
    return _("You agreed on %(on)s. It has no end.") % words

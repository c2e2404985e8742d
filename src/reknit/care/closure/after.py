"""What is asked at a follow-up, and words for a message that tell nothing to whoever else reads them."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.care.people.models import Site
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import this_site
from reknit.core.errors import UnknownMeasure
from reknit.core.measures.catalogue import measure
from reknit.core.measures.site import Site as CoreSite
from reknit.core.programme.protocol import SetItem
from reknit.core.programme.sets import availability
from reknit.core.programme.template import template


@dataclass(frozen=True, slots=True)
class Asked:
    """One measure of the follow-up set; `title` is its key where this installation does not hold it."""

    id: str
    title: str
    availability: Literal["ready", "not_loaded", "not_permitted"]


def asked_at_follow_up(episode: Episode) -> tuple[Asked, ...]:
    """The measures that the template asks for at follow-up; those that cannot be asked here say why. No query."""
    plan, site = template(episode.protocol, episode.protocol_version), this_site()
    return tuple(_asked(one, site) for one in plan.follow_up.measures)


def _asked(key: str, site: CoreSite) -> Asked:
    try:
        title = measure(key).short_title
    except UnknownMeasure:
        title = key.upper()
    return Asked(key, title, availability(SetItem(key, "measure", title, f"score/{key}"), site=site))


def neutral_words(user: User, clinic: Site | None) -> str:
    """A message without clinic, reason or care in it. It is copied by hand; nothing is sent from here."""
    hello = _("Hello, this is %(name)s. We said we would be in touch about now. How are you?") % {
        "name": user.name.split()[0] if user.name else ""
    }
    if clinic and clinic.phone:
        return hello + " " + _("You can ring me on %(phone)s when it suits you.") % {"phone": clinic.phone}
    return hello

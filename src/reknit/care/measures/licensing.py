"""The measures by what it takes to show their words here, for the page of permissions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from reknit.care.programme.models import WordingPermission
from reknit.care.programme.queries import permissions_that_stand, site_in, this_site
from reknit.core.measures import catalogue
from reknit.core.measures.definition import Measure
from reknit.core.measures.site import Permission, Site
from reknit.core.measures.wording import Evidence, in_pack


@dataclass(frozen=True, slots=True)
class Licensed:
    """One measure: its terms, the permission if there is one, and whether a form can show its words today."""

    measure: Measure
    state: str
    permission: Permission | WordingPermission | None
    holds: bool
    has_words: bool

    @property
    def is_shown(self) -> bool:
        """Whether it can be given here today."""
        return self.state == "shown"

    @property
    def needs_permission(self) -> bool:
        """Whether its words are another's, to be shown with the clinic's own permission alone."""
        return self.measure.licence.state == "site_permission"

    @property
    def on_the_pages(self) -> bool:
        """Whether the permission was recorded here, and not in the clinic's folder."""
        return isinstance(self.permission, WordingPermission)

    @property
    def compared_with(self) -> Sequence[Evidence]:
        """What the words that came with the software were compared with."""
        if not in_pack(self.measure):
            return ()
        return [one for one in catalogue.pack(self.measure.pack).evidence if one.measure == self.measure.id]

    @property
    def sentence(self) -> str:
        """What the state means, in words."""
        return _sentence(self)


@dataclass(frozen=True, slots=True)
class Group:
    """Measures of one kind of terms."""

    title: str
    about: str
    rows: Sequence[Licensed]


def licensed(measure: Measure, *, on: dt.date) -> Licensed:
    """One measure. One query."""
    return _licensed(measure, _now(), on)


def groups(*, on: dt.date) -> list[Group]:
    """Every measure, by what it takes to show its words. One query."""
    now = _now()
    rows = [_licensed(measure, now, on) for measure in catalogue.measures()]
    ours = [row for row in rows if row.measure.licence.state == "shipped"]
    return [
        Group(
            _("Need the clinic's own permission"),
            _("Scored here, and shown once a permission is recorded and the words are loaded"),
            [row for row in rows if row.needs_permission],
        ),
        Group(
            _("Terms of their own"),
            _("Off until the clinic switches their pack on, where its terms fit"),
            [row for row in rows if row.measure.licence.state == "own_terms"],
        ),
        Group(_("Free to show"), _("With their credit line"), [row for row in ours if in_pack(row.measure)]),
        Group(
            _("Free to show, words not in hand"),
            _("Nobody could yet compare the words with the published form; a clinic can load its own copy"),
            [row for row in ours if not in_pack(row.measure)],
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Now:
    site: Site
    folder: Site
    recorded: Mapping[str, WordingPermission]


def _now() -> _Now:
    return _Now(this_site(), site_in(settings.DATA / "measures"), permissions_that_stand())


def _licensed(measure: Measure, now: _Now, on: dt.date) -> Licensed:
    permission = now.recorded.get(measure.id) or now.folder.permissions.get(measure.id)
    holds = permission is not None and permission.given_on <= on <= (permission.until or on)
    return Licensed(
        measure=measure,
        state=catalogue.wording_state(measure.id, now.site),
        permission=permission,
        holds=holds,
        has_words=catalogue.has_words(measure.id, now.site),
    )


def _sentence(row: Licensed) -> str:
    if row.is_shown:
        return _("Can be given")
    if row.state == "off":
        return _("Off")
    if row.state == "not_in_hand":
        return _("Not shown: no words are loaded")
    if row.permission is None:
        return _("Not shown: no permission is recorded")
    return _("Not shown: the permission has ended")

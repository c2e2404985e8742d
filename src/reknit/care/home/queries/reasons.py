"""Why a client stands out today, in words. Facts for the clinician to weigh; no score, no verdict."""

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.care.encounters.queries import CoursePosition

from .standing import RULE, Standing

LAST_SESSIONS = 3  # ending work opens three sessions before the end
OLD_SCORE = dt.timedelta(days=15)  # two weekly sessions without a score


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence; `is_off_track` when the course does not go as hoped."""

    sentence: str
    is_off_track: bool = False


def reasons(standing: Standing, position: CoursePosition, *, today: dt.date) -> tuple[Reason, ...]:
    """What there is to say about a course before its next session, most pressing first."""
    found = (
        _mood(standing, position),
        _missed(position),
        _no_score(standing, position, today=today),
        _ending(position),
    )
    return tuple(one for one in found if one)


def _mood(standing: Standing, position: CoursePosition) -> Reason | None:
    if standing.difference is None:
        return None
    points = abs(int(standing.difference))
    if standing.change == "deteriorated":
        words = _("PHQ-9 is up %(points)s points since the first score; %(limit)g stand out from noise.")
        return Reason(words % {"points": points, "limit": RULE.threshold}, is_off_track=True)
    if standing.change == "no_reliable_change" and position.attended * 2 >= position.planned:
        words = _(
            "Half-way, and PHQ-9 is %(change)s since the first score; it takes %(limit)g points to stand out from noise."
        )
        return Reason(words % {"change": _change(standing), "limit": RULE.threshold}, is_off_track=True)
    return None


def _change(standing: Standing) -> str:
    difference = int(standing.difference or 0)
    if difference == 0:
        return _("the same")
    points = ngettext("%(n)s point", "%(n)s points", abs(difference)) % {"n": abs(difference)}
    return (_("down %(points)s") if difference < 0 else _("up %(points)s")) % {"points": points}


def _missed(position: CoursePosition) -> Reason | None:
    if position.slot_latest is None or position.slot_latest not in position.missed:
        return None
    return Reason(_("Session %(slot)s was missed.") % {"slot": position.slot_latest})


def _no_score(standing: Standing, position: CoursePosition, *, today: dt.date) -> Reason | None:
    if not position.attended:
        return None
    if standing.latest_on is None:
        return Reason(_("No PHQ-9 score yet. Ask in the room."))
    if today - standing.latest_on > OLD_SCORE:
        return Reason(
            _("No PHQ-9 score since %(on)s. Ask in the room.")
            % {"on": date_format(standing.latest_on, "j F")}
        )
    return None


def _ending(position: CoursePosition) -> Reason | None:
    if 0 < position.left <= LAST_SESSIONS and position.attended:
        return Reason(
            ngettext(
                "%(n)s session left: this is the ending.",
                "%(n)s sessions left: talk about the ending.",
                position.left,
            )
            % {"n": position.left}
        )
    return None

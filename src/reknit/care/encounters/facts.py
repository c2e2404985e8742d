"""What the record says, in sentences: the assembled half of a note."""

import datetime as dt
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.care.formulation.models import FocusArea
from reknit.care.measures.models import Administration
from reknit.core.errors import UnknownReason
from reknit.core.measures.catalogue import measure, wording
from reknit.core.outcomes.change import reliable_change, rule
from reknit.core.safety.triggers import reason

from .models import Encounter, Intention
from .preparing import CHECK_IN, MOOD, Preparation
from .sections import Told
from .techniques.figures import Focus

TENTH = Decimal("0.1")


def facts(session: Preparation) -> dict[str, tuple[Told, ...]]:
    """Sentences for each section that the record can fill, each with its origin; own words stand under them."""
    return {
        "since_last": told(
            ("mood", mood(session)),
            ("use", use(session)),
            ("check_in", check_in(session)),
            ("went", went(session.before)),
        )
        + recorded(session, "since_last"),
        "safety": safety(session),
        "tasks": tasks(session) + told(*(("given", one.sentence) for one in session.given_to_read)),
        "links": recorded(session, "links"),
        "focus": told(("place", place(session)), ("areas", focus(session))) + recorded(session, "focus"),
        "thing_to_try": told(("agreed", session.agreed.text if session.agreed else "")),
        "plan": recorded(session, "plan") + told(("next_time", next_time(session))),
    }


def told(*pairs: tuple[str, str]) -> tuple[Told, ...]:
    """Those of the sentences that say something."""
    return tuple(Told(origin, sentence) for origin, sentence in pairs if sentence)


def total(sheet: Administration | None) -> str:
    """A total as people say it: 11, or 7.4."""
    if sheet is None or sheet.total is None:
        return ""
    # A mean has more decimals than it has meaning; a sum is whole unless answers are missing.
    shown = (
        sheet.total.quantize(TENTH, ROUND_HALF_UP)
        if measure(sheet.measure).scoring == "mean"
        else sheet.total
    )
    return f"{shown.normalize():f}"


def scored(session: Preparation, measure_id: str) -> list[Administration]:
    """The sheets of a measure that carry a total, oldest first."""
    return [sheet for sheet in session.sheets.get(measure_id, ()) if sheet.total is not None]


def mood(session: Preparation) -> str:
    """The latest PHQ-9 with the one before and the first."""
    sheets = session.sheets.get(MOOD, [])
    if not sheets:
        return _("PHQ-9: not given yet.")
    latest, known = sheets[-1], scored(session, MOOD)
    if latest.total is None:
        return _("PHQ-9: too many answers missing for a total.")
    said = {"latest": total(latest), "before": "", "first": total(known[0])}
    if len(known) == 1:
        return _("PHQ-9 %(latest)s, the first score.") % said
    said["before"] = total(known[-2])
    if len(known) == 2:
        return _("PHQ-9 %(latest)s (%(first)s at the start).") % said
    return _("PHQ-9 %(latest)s (%(before)s the time before, %(first)s at the start).") % said


def change(session: Preparation) -> str:
    """What the change since the first score may mean, by the rule in use."""
    known = scored(session, MOOD)
    if len(known) < 2 or known[0].total is None or known[-1].total is None:
        return ""
    by = rule(MOOD)
    result = reliable_change(by, known[0].total, known[-1].total)
    said = {"points": f"{abs(result.difference):g}", "rule": f"{by.threshold:.3g}"}
    if result.difference == 0:
        return _("The same as the first score.")
    if result.reliable == "no_reliable_change":
        return (
            _("Down %(points)s since the first: may be noise, under %(rule)s points.")
            if result.difference < 0
            else _("Up %(points)s since the first: may be noise, under %(rule)s points.")
        ) % said
    return (
        _("Down %(points)s since the first: a reliable change, %(rule)s points or more.")
        if result.difference < 0
        else _("Up %(points)s since the first: a reliable change, %(rule)s points or more.")
    ) % said


def use(session: Preparation) -> str:
    """Use days of the seven before, of those known. Not known is said, and never counts as without use."""
    if not session.days:
        return ""
    known = [day for day in session.days if day.state != "unknown"]
    if not known:
        return _("Use in the seven days before: not known.")
    used = sum(day.state == "used" for day in known)
    said = ngettext(
        "Used on %(used)s of %(known)s known day before the session",
        "Used on %(used)s of the %(known)s known days before the session",
        len(known),
    ) % {"used": used, "known": len(known)}
    unknown = len(session.days) - len(known)
    more = ngettext("; %(count)s day not known", "; %(count)s days not known", unknown) % {"count": unknown}
    return f"{said}{more if unknown else ''} ({', '.join(session.substances)})."


def check_in(session: Preparation) -> str:
    """The latest session check-in, a mean of 0 to 10 that is compared with this person alone."""
    known = scored(session, CHECK_IN)
    if not known:
        return ""
    return _("Session check-in %(total)s of 10.") % {"total": total(known[-1])}


def went(intention: Intention | None) -> str:
    """The last thing to try and how it went."""
    if intention is None:
        return ""
    said = _("To try last time: “%(text)s” It went: %(outcome)s.") % {
        "text": intention.text,
        "outcome": intention.get_outcome_display().lower(),
    }
    return f"{said} {intention.what_happened}".strip()


def safety(session: Preparation) -> tuple[Told, ...]:
    """The critical answer of the latest PHQ-9, the check of today, and what stands open."""
    checked = (
        _("Safety checked in this session.")
        if "E06" in session.ticked
        else _("Safety check: not done today.")
    )
    standing = [
        _("Open: %(reason)s, owner %(owner)s.") % {"reason": risk_words(one.reason), "owner": one.owner.name}
        for one in session.risk
    ] or [_("No open risk item.")]
    return told(
        *(("critical", one) for one in _critical(session)),
        ("check", checked),
        *(("risk", one) for one in standing),
    )


def risk_words(key: str) -> str:
    """The sentence of a risk reason, without its full stop; the key itself when the list no longer has it."""
    try:
        return _(reason(key).sentence).rstrip(".")
    except UnknownReason:
        return key


def _critical(session: Preparation) -> list[str]:
    sheets = session.sheets.get(MOOD)
    if not sheets:
        return []
    said = []
    for critical in measure(MOOD).critical:
        item, answer = measure(MOOD).item(critical.item), sheets[-1].answers.get(critical.item)
        number = item.number if item else critical.item
        if answer is None:
            said.append(_("PHQ-9 item %(number)s was left blank.") % {"number": number})
        else:
            words = dict(wording(MOOD).options.get(critical.item, ())).get(answer, "")
            said.append(
                _("PHQ-9 item %(number)s: %(words)s (%(answer)s).")
                % {"number": number, "words": words.lower(), "answer": answer}
            )
    return said


def tasks(session: Preparation) -> tuple[Told, ...]:
    """What was ticked, and what the course asked for and was not done today."""
    everything = [*session.tasks, *session.at_hand]
    done = [row.title for row in everything if row.done_at]
    left = [row.title for row in session.tasks if row.expected and not row.done_at]
    return told(
        ("done", _("Done: %(titles)s.") % {"titles": "; ".join(done)} if done else ""),
        ("open", _("Not done today: %(titles)s.") % {"titles": "; ".join(left)} if left else ""),
    )


def recorded(session: Preparation, section: str) -> tuple[Told, ...]:
    """The records of this session that stand in a part of the note, a sentence or two each."""
    mine = [one for one in session.records if one.section == section]
    return told(*((f"record.{one.kind}", one.sentence) for one in mine))


def focus(session: Preparation) -> str:
    """The focus areas that stand, with the people in them."""
    said = [focus_words(one) for one in session.focus]
    return _("Focus: %(areas)s.") % {"areas": "; ".join(said).removesuffix(".")} if said else ""


def focus_words(one: Focus) -> str:
    """A focus area as people say it, with whom, and whether it is only proposed so far."""
    area = str(FocusArea.Area(one.area).label).lower()
    if one.people:
        area = _("%(area)s, with %(people)s") % {"area": area, "people": ", ".join(one.people)}
    return area if one.is_agreed else _("%(area)s (proposed)") % {"area": area}


def place(session: Preparation) -> str:
    """Which session of how many, and the phase."""
    if session.is_beside:
        return beside(session) + "."
    if session.is_before:
        return _("The meeting before session 1.")
    if session.encounter.kind == Encounter.Kind.GROUP:
        return _("%(phase)s, group session %(slot)s of %(planned)s.") % {
            "phase": _(session.phase.title),
            "slot": session.slot,
            "planned": session.encounter.episode.planned_sessions,
        }
    return _("%(phase)s, session %(slot)s of %(planned)s.") % {
        "phase": _(session.phase.title),
        "slot": session.slot,
        "planned": session.encounter.episode.planned_sessions,
    }


def beside(session: Preparation) -> str:
    """What a session that uses no planned one is."""
    if session.encounter.kind == Encounter.Kind.GROUP:
        return _("Group session, beside the course")
    if session.encounter.outcome == Encounter.Outcome.SAFETY:
        return _("Safety session, beside the planned ones")
    return _("Meeting alone, beside the group")


def next_time(session: Preparation) -> str:
    """The next appointment, if one is booked."""
    if session.next_appointment is None:
        return ""
    wall = session.next_appointment.starts_at.astimezone(zoneinfo.ZoneInfo(session.zone))
    return _("Next session: %(day)s at %(time)s.") % {
        "day": date_format(wall, "l j F"),
        "time": date_format(wall, "H:i"),
    }


def ends(on: dt.date | None) -> str:
    """The ending date in the head of the page."""
    return _("ends %(day)s") % {"day": date_format(on, "j F")} if on else _("no ending date yet")

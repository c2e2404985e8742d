"""Facts for the choice of a course, each with its source and day; what nobody wrote down is named as missing."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reknit.base.clock import local_date
from reknit.care.formulation.models import FocusArea
from reknit.care.intake.models import CourseChoice, Referral
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import all_scores
from reknit.care.medication.models import Medication
from reknit.care.medication.queries import current_medication
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import course_of
from reknit.care.substance_use.models import MonitoredSubstance
from reknit.core.intake.hints import SEVERE, Known
from reknit.core.measures.catalogue import measure

Asked, Opioids = CourseChoice.Asked, CourseChoice.Opioids
Scores = dict[str, list[Administration]]


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in words, with its source; without a day it is missing."""

    topic: str
    sentence: str
    on: dt.date | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Hints:
    """The facts, in words and as the rules take them."""

    lines: list[Line]
    known: Known


@dataclass(frozen=True, slots=True)
class Charted:
    """What only the chart knows. Empty at intake, which reads no chart."""

    focus: FocusArea | None = None
    opioids: MonitoredSubstance | None = None
    any_asked: bool = False  # which substances are used was written down
    prescribed: bool = False
    beside: object = None


def latest_choice(episode: Episode) -> CourseChoice | None:
    """The choice that stands."""
    return CourseChoice.objects.filter(episode=episode).order_by("-at", "-pk").first()


def proposal_for(client: Client) -> CourseChoice | None:
    """What intake proposed before there was a course."""
    rows = CourseChoice.objects.filter(referral__client=client).select_related("by")
    return rows.order_by("-at", "-pk").first()


def hints_for(episode: Episode, *, today: dt.date) -> Hints:
    """Everything known that may matter. Eight queries, however long the record."""
    client = episode.client
    opioids = MonitoredSubstance.objects.filter(client=client, substance="opioids").first()
    charted = Charted(
        focus=FocusArea.objects.filter(episode=episode).order_by("-proposed_at").first(),
        opioids=opioids,
        any_asked=opioids is not None or MonitoredSubstance.objects.filter(client=client).exists(),
        prescribed=any(one.kind == Medication.Kind.OPIOID for one in current_medication(client, on=today)),
        beside=course_of(episode).value("treatment_beside", "any"),
    )
    asked = latest_choice(episode) or proposal_for(client)
    return _hints(all_scores(client), asked, charted, today=today)


def hints_at_intake(referral: Referral, scores: Scores, *, today: dt.date) -> Hints:
    """The same from what intake asked and the baseline sheets alone. One query."""
    return _hints(scores, proposal_for(referral.client), Charted(), today=today)


def _hints(scores: Scores, choice: CourseChoice | None, charted: Charted, *, today: dt.date) -> Hints:
    focus = charted.focus
    totals = {name: _total(scores.get(name)) for name in ("phq-9", *SEVERE, "peg")}
    people = True if focus else _said(choice.people_problem if choice else "")
    unsettled = _said(choice.unsettled if choice else "")
    told = Opioids(choice.opioids) if choice and not charted.any_asked else Opioids.NOT_ASKED
    opioids: bool | None = None
    if charted.any_asked or told:
        opioids = charted.opioids is not None or told in (Opioids.TREATED, Opioids.UNTREATED)
    prescribed = charted.prescribed or told == Opioids.TREATED
    lines = [
        _score(_("Depression"), "phq-9", scores),
        _people(focus, choice),
        *(_score(_("Use"), name, scores) for name in SEVERE if scores.get(name)),
        *(
            []
            if any(scores.get(name) for name in SEVERE)
            else [_missing(_("Use"), _("No AUDIT, DUDIT or DAST-10."))]
        ),
        _score(_("Pain"), "peg", scores),
        _asked(_("Mania or psychosis"), unsettled, choice),
        _opioids(opioids, prescribed, on=_opioids_on(charted, choice if told else None, today)),
        _beside(charted.beside, today=today),
    ]
    known = Known(
        depression=totals["phq-9"],
        people_problem=people,
        use=tuple((name, total) for name in SEVERE if (total := totals[name]) is not None),
        pain=totals["peg"],
        unsettled=unsettled,
        opioids=opioids,
        opioid_medication=prescribed,
        beside=charted.beside if isinstance(charted.beside, bool) else None,
    )
    return Hints(lines, known)


def _said(answer: str) -> bool | None:
    return {Asked.YES: True, Asked.NO: False}.get(Asked(answer))


def _total(sheets: list[Administration] | None) -> float | None:
    return float(sheets[-1].total) if sheets and sheets[-1].total is not None else None


def _missing(topic: str, sentence: str) -> Line:
    return Line(topic, sentence, is_missing=True)


def _day(at: dt.datetime) -> dt.date:
    return local_date(at, zone())


def _score(topic: str, name: str, scores: Scores) -> Line:
    title = measure(name).short_title
    sheets = scores.get(name)
    if not sheets:
        return _missing(topic, _("%(measure)s was not given.") % {"measure": title})
    if sheets[-1].total is None:
        return _missing(topic, _("%(measure)s: too many answers missing for a total.") % {"measure": title})
    low, high = measure(name).score_range
    said = _("%(measure)s %(total)s, of %(low)g to %(high)g.") % {
        "measure": title,
        "total": f"{sheets[-1].total.normalize():f}",
        "low": low,
        "high": high,
    }
    return Line(topic, said, _day(sheets[-1].answered_at))


def _people(focus: FocusArea | None, choice: CourseChoice | None) -> Line:
    topic = _("A problem with people")
    if focus:
        said = _("%(area)s is written as a focus area.") % {"area": focus.get_area_display()}
        return Line(topic, said, _day(focus.proposed_at))
    return _asked(topic, _said(choice.people_problem if choice else ""), choice)


def _asked(topic: str, answer: bool | None, choice: CourseChoice | None) -> Line:
    if answer is None or choice is None:
        return _missing(topic, _("Nobody wrote down that it was asked."))
    return Line(topic, _("Asked: yes.") if answer else _("Asked: no."), _day(choice.at))


def _opioids_on(charted: Charted, told: CourseChoice | None, today: dt.date) -> dt.date:
    if told:
        return _day(told.at)
    return charted.opioids.starts_on if charted.opioids else today


def _opioids(opioids: bool | None, prescribed: bool, *, on: dt.date) -> Line:
    topic = _("Opioids and medication")
    if opioids is None:
        return _missing(topic, _("Which substances are used was not written down."))
    if not opioids:
        return Line(topic, _("No opioid is among the substances asked about."), on)
    said = (
        _("Medication for opioid use is written down.")
        if prescribed
        else _("Opioid use, and no medication for it is written down.")
    )
    return Line(topic, said, on)


def _beside(beside: object, *, today: dt.date) -> Line:
    topic = _("Other treatment for use")
    if not isinstance(beside, bool):
        return _missing(topic, _("Not asked yet."))
    return Line(topic, _("Goes on, or is arranged.") if beside else _("None: IPT alone."), today)

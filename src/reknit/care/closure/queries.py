"""What a letter says from the record, read fresh each time; follow-up that is due; what a client was given."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.accounts.models import User
from reknit.care.encounters.queries import course_position
from reknit.care.outcomes.queries import course_outcomes
from reknit.care.outcomes.results import CourseOutcomes, ScoreSeries, UseWindow
from reknit.care.people.models import CareTeamMember, Client, current
from reknit.care.people.queries import site
from reknit.care.programme.models import Episode
from reknit.care.safety.models import RiskItem
from reknit.core.programme.template import template

from .documents.wordings import round_letter
from .handed_over import closing_facts
from .models import FollowUp, Letter
from .records import given_to
from .sources import figure_sources


def day(on: dt.date) -> str:
    """A date as letters write it: 10 June 2026."""
    return date_format(on, "j F Y")


def letters_of(episode: Episode) -> list[Letter]:
    """Every letter of a course, newest first, without its pages."""
    return list(
        Letter.objects.filter(episode=episode)
        .defer("pdf", "facts")
        .select_related("issued_by", "made_by")
        .order_by("-made_at")
    )


def letter_facts(letter: Letter, *, today: dt.date, author: User) -> dict[str, Any]:
    """The facts of a letter as plain values, each with the words that say where it comes from."""
    episode = letter.episode
    results = course_outcomes(episode.client, episode, today=today)
    here = site()
    course, closing = course_facts(episode, today=today), closing_facts(letter)
    first_name = episode.client.preferred_name or episode.client.given_name or episode.client.name
    return {
        "wording": round_letter(
            letter.kind,
            {
                "client_first_name": first_name,
                "clinic_name": here.name if here else "",
                "clinic_phone": here.phone if here else "",
                "author_name": author.name,
                "date": day(today),
            },
        ),
        "client": {
            "name": episode.client.name,
            "given": first_name,
            "born": day(episode.client.birth_date) if episode.client.birth_date else "",
        },
        "clinic": {
            "name": here.name if here else "",
            "phone": here.phone if here else "",
            "emergency": here.emergency_number if here else "",
            "lines": [
                [line.get("name", ""), line.get("number", "")] for line in (here.help_lines if here else [])
            ],
            "sample": bool(here and here.is_sample) or episode.client.is_sandbox,
        },
        "author": author.name,
        "on": day(today),
        "course": course,
        "scores": [
            score_facts(results.scores[key])
            for key in FORMS
            if key in results.scores and results.scores[key].points
        ],
        "use": use_facts(results),
        "risk": risk_fact(episode),
        "closing": closing,
        "sources": figure_sources(results, course, closing, forms=tuple(FORMS), on=today),
    }


def course_facts(episode: Episode, *, today: dt.date) -> dict[str, Any]:
    """Title, dates and how many sessions took place."""
    position = course_position(episode)
    closed = episode.closed_at.date() if episode.closed_at else None
    return {
        "title": template(episode.protocol, episode.protocol_version).title,
        "began": day(episode.starts_on),
        "ended": day(closed) if closed else "",
        "ends": day(episode.ends_on) if episode.ends_on else "",
        "attended": position.attended,
        "planned": episode.planned_sessions,
        "closed": bool(closed),
    }


def score_facts(series: ScoreSeries) -> dict[str, Any]:
    """One measure: first and latest, the named rule's sentence, and every sheet as a row."""
    first, latest = series.first, series.latest
    return {
        "measure": series.measure,
        "title": series.title,
        "first": [day(first.on), number(first.total)] if first else [],
        "latest": [day(latest.on), number(latest.total)] if latest else [],
        "sentence": series.sentence,
        "plain": plain_words(series),
        "rule": series.rule.label if series.rule else "",
        "band": noise_band(series),
        "points": [
            {
                "slot": point.slot,
                "total": float(point.total) if point.total is not None else None,
                "state": point.state,
            }
            for point in series.points
        ],
        "rows": [
            [
                day(point.on),
                str(point.slot) if point.slot else "",
                number(point.total) if point.total is not None else _("no score"),
                f"{point.band} ({_('prorated')})"
                if point.state == "prorated"
                else str(point.band or _("incomplete")),
            ]
            for point in series.points
        ],
    }


def noise_band(series: ScoreSeries) -> list[float]:
    """Lowest and highest score within which change from the first may be noise, by the named rule."""
    if series.rule is None or series.first is None or series.first.total is None:
        return []
    first, points = float(series.first.total), float(series.rule.threshold)
    low, high = series.scale
    return [max(low, first - points), min(high, first + points), points]


FORMS = {"phq-9": gettext_lazy("the mood form"), "gad-7": gettext_lazy("the worry form")}


def plain_words(series: ScoreSeries) -> str:
    """First and latest score in short sentences for the client; nothing is said of a score that is not there."""
    first, latest = series.first, series.latest
    if not first or not latest or first.total is None or latest.total is None:
        return ""
    words = {"form": FORMS[series.measure], "then": number(first.total), "on": day(first.on)}
    if first == latest:
        return _("Your score on %(form)s was %(then)s on %(on)s.") % words
    words |= {"now": number(latest.total), "later": day(latest.on)}
    return (
        _(
            "Your score on %(form)s was %(then)s on %(on)s. It was %(now)s on %(later)s. A lower score is better."
        )
        % words
    )


def number(total: Any) -> str:
    """A score without needless zeros."""
    return f"{total.normalize():f}"


def use_facts(results: CourseOutcomes) -> dict[str, Any]:
    """Days without use by four-week window, with how many days are known."""
    known = [window for window in results.windows if window.reported]
    return {
        "substances": ", ".join(results.substances),
        "rows": [use_row(window) for window in results.windows],
        "strips": [
            {"label": window.label, "days": [state for _on, state in window.days]} for window in known
        ],
        "known": results.whole.reported if results.whole else 0,
        "abstinent": results.whole.abstinent if results.whole else 0,
        "all": results.whole.n_days if results.whole else 0,
    }


def use_row(window: UseWindow) -> list[str]:
    """Label, days without use of days known, share, days not known. A share from too few days is not printed."""
    unknown = window.n_days - window.reported
    if not window.reported:
        share = _("not known")
    elif window.suppressed or window.percent is None:
        share = _("too few days known")
    else:
        share = f"{window.percent:.0f} %"
    of_known = _("%(a)d of %(k)d") % {"a": window.abstinent, "k": window.reported}
    return [window.label, of_known if window.reported else _("none known"), share, str(unknown)]


def risk_fact(episode: Episode) -> str:
    """Whether something waits for a human, without saying what."""
    open_items = RiskItem.objects.filter(client=episode.client_id, status="open").count()
    return _("A safety item is open; please call us before you act on this letter.") if open_items else ""


# --- follow-up ---

AHEAD = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DueFollowUp:
    """A follow-up that is due, or will be within a week."""

    id: uuid.UUID
    client: Client
    months: int
    due_on: dt.date
    days: int  # days since it was due; below zero when it is still to come


def follow_ups_due(user: User, on: dt.date) -> list[DueFollowUp]:
    """Follow-ups to do now for the clients on whose team this person is, longest wait first. One query."""
    mine = CareTeamMember.objects.filter(current(on), clinician=user).values("client")
    rows = FollowUp.objects.filter(
        state=FollowUp.State.DUE, due_on__lte=on + AHEAD, episode__client__in=mine
    ).select_related("episode__client")
    return [
        DueFollowUp(row.pk, row.episode.client, row.months, row.due_on, (on - row.due_on).days)
        for row in rows.order_by("due_on", "pk")
    ]


def follow_ups_of(episode: Episode) -> list[FollowUp]:
    """Every follow-up of a course, soonest first. One query."""
    rows = FollowUp.objects.filter(episode=episode).select_related("settled_by", "booked_by")
    return list(rows.order_by("due_on", "months"))


def has_plan(client: Client) -> bool:
    """Whether the client has something to read on their own plan page. One query."""
    return bool(given_to(client))

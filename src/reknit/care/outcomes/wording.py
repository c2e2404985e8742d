"""The sentences of an outcome: plain words with their numbers and the rule that was asked."""

from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.core.measures.definition import Measure
from reknit.core.outcomes.change import ChangeResult, ReliableChangeRule

from .results import Point, UseWindow


def plain(value: Decimal | float) -> str:
    """A number as people write it: 18, 7.5, 10.29.

    >>> plain(Decimal("18.00")), plain(Decimal("10.29")), plain(7.5)
    ('18', '10.29', '7.5')
    """
    return f"{round(float(value), 2):g}"


def rule_name(rule: ReliableChangeRule) -> str:
    """A rule as it is called inside a sentence."""
    threshold = plain(rule.threshold)
    if rule.id.startswith("english-services"):
        return _("the %(points)s-point rule of the English services") % {"points": threshold}
    kind = _("retest reliability") if "retest" in rule.id else _("internal consistency")
    return _("the Jacobson-Truax rule with %(kind)s (%(points)s points)") % {
        "kind": kind,
        "points": threshold,
    }


def change_sentence(
    measure: Measure, rule: ReliableChangeRule, change: ChangeResult, first: Point, latest: Point
) -> str:
    """What one rule says about two scores, with both scores and the rule's name."""
    return _(
        "By %(rule)s: %(said)s %(title)s went from %(first)s on %(first_on)s to %(latest)s on %(latest_on)s."
    ) % {
        "rule": rule_name(rule),
        "said": _verdict(rule, change),
        "title": measure.short_title,
        "first": _score(first),
        "first_on": date_format(first.on, "j F Y"),
        "latest": _score(latest),
        "latest_on": date_format(latest.on, "j F Y"),
    }


def no_change_sentence(measure: Measure, first: Point | None) -> str:
    """Why nothing can be said about change yet."""
    if first is None:
        return _("No %(title)s score yet.") % {"title": measure.short_title}
    return _(
        "One %(title)s score so far: %(score)s on %(on)s. Change can be judged from the second one on."
    ) % {
        "title": measure.short_title,
        "score": _score(first),
        "on": date_format(first.on, "j F Y"),
    }


def _score(point: Point) -> str:
    """A score; one that was filled up from the answers given says so wherever it is shown."""
    total = plain(point.total or 0)
    return _("%(score)s (prorated)") % {"score": total} if point.state == "prorated" else total


def _verdict(rule: ReliableChangeRule, change: ChangeResult) -> str:
    points = plain(abs(change.difference))
    if change.reliable == "no_reliable_change":
        if change.difference == 0:
            return _("no change.")
        return _("no reliable change. A difference of %(points)s may be noise.") % {"points": points}
    if change.reliable == "deteriorated":
        return _("reliably worse, by %(points)s points.") % {"points": points}
    if change.category == "recovered":
        return _(
            "reliably better, by %(points)s points, and now below %(cutoff)s: recovered in the words of the rule."
        ) % {
            "points": points,
            "cutoff": plain(rule.cutoff or 0),
        }
    if change.started_below_cutoff:
        return _("reliably better, by %(points)s points. The first score was already below %(cutoff)s.") % {
            "points": points,
            "cutoff": plain(rule.cutoff or 0),
        }
    return _("reliably better, by %(points)s points, and not yet below %(cutoff)s.") % {
        "points": points,
        "cutoff": plain(rule.cutoff or 0),
    }


def use_headline(window: UseWindow, substances: str) -> str:
    """Days abstinent in a sentence for a letter: counts always, the percentage only when enough days are known."""
    words = {
        "substances": substances,
        "free": window.abstinent,
        "known": window.reported,
        "days": window.n_days,
        "from": date_format(window.start, "j F Y"),
        "to": date_format(window.end, "j F Y"),
    }
    if not window.reported:
        return _("%(substances)s, %(from)s to %(to)s: no day is known.") % words
    if window.suppressed or window.percent is None:
        return (
            _(
                "%(substances)s, %(from)s to %(to)s: %(free)s days without use among %(known)s known of %(days)s. Too few days are known for a percentage."
            )
            % words
        )
    return _(
        "%(substances)s, %(from)s to %(to)s: %(free)s days without use among %(known)s known of %(days)s (%(percent)s %%)."
    ) % {**words, "percent": round(window.percent)}


def window_label(number: int) -> str:
    """The name of a four-week window."""
    if number == 0:
        return _("4 weeks before")
    return _("Weeks %(first)s to %(last)s") % {"first": 4 * number - 3, "last": 4 * number}

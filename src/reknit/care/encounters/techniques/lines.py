"""One sentence for each record: its line on the session page, and what the note says of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.care.encounters.models import (
    AffectNote,
    CommunicationAnalysis,
    ConjointSession,
    DecisionAnalysis,
    ExposureAction,
    FollowUp,
    LapseReview,
    MidcourseReview,
    MoodEventUseLink,
    MutualHelpLink,
    PlanB,
    RolePlay,
    SessionRecord,
    StrategyStep,
    SupportAction,
)

from .shape import aliases, label_of, spoken, title_of


def line(record: SessionRecord) -> str:
    """The record in a sentence or two."""
    return LINES[record.KIND](record)


def title(kind: str) -> str:
    """What a kind of record is called."""
    return {
        "link": _("Mood or use link"),
        "step": _("Strategy step"),
        "feeling": _("Feeling"),
        "conversation": _("Conversation"),
        "role-play": _("Role play"),
        "decision": _("Decision"),
        "support": _("Stronger tie"),
        "exposure": _("Less exposure"),
        "mutual-help": _("Mutual help"),
        "conjoint": _("With somebody else"),
        "went": _("How it went"),
        "lapse": _("Lapse review"),
        "midcourse": _("Mid-course review"),
        "plan-b": _("Plan B"),
    }[kind]


def _join(*parts: str) -> str:
    """Sentences after each other, each with its full stop."""
    return " ".join(part if part.endswith((".", "?", "!", "”")) else f"{part}." for part in parts if part)


def _with(record: SessionRecord, words: str) -> str:
    """The words, with the people they have to do with."""
    named = ", ".join(aliases(record))
    return _("%(words)s, with %(people)s") % {"words": words, "people": named} if named else words


def _of_ten(label: str, value: int | None) -> str:
    return "" if value is None else _("%(label)s %(value)s of 10") % {"label": label, "value": value}


def _listed(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _link(one: MoodEventUseLink) -> str:
    lag = (
        ngettext("%(n)s hour between", "%(n)s hours between", one.lag_hours) % {"n": one.lag_hours}
        if one.lag_hours is not None
        else ""
    )
    figures = _listed(_of_ten(_("mood"), one.mood), _of_ten(_("craving"), one.craving), lag)
    return _join(
        _with(one, str(one.get_direction_display())),
        one.words.strip(),
        figures[:1].upper() + figures[1:],
        _("Said by: %(who)s") % {"who": str(one.get_said_by_display()).lower()},
    )


def _step(one: StrategyStep) -> str:
    return _join(
        _with(one, f"{spoken(one, 'code')}: {spoken(one, 'depth').lower()}"),
        one.note.strip(),
        _("Client: %(words)s") % {"words": one.client_response} if one.client_response else "",
        _("Next: %(words)s") % {"words": one.next_step} if one.next_step else "",
    )


def _feeling(one: AffectNote) -> str:
    named = _("towards %(who)s") % {"who": one.relationship.alias} if one.relationship else ""
    here = {"yes": _("felt in the session"), "no": _("told of, not felt here")}.get(one.in_session, "")
    strong = _of_ten(_("strength"), one.intensity)
    return _join(
        _("Feeling: %(words)s") % {"words": _listed(one.feelings, named, strong, here)},
        _("With use: %(words)s") % {"words": one.link_to_use} if one.link_to_use else "",
    )


def _conversation(one: CommunicationAnalysis) -> str:
    turns = len(one.turns.all())
    said = ngettext("%(about)s taken apart, %(n)s turn", "%(about)s taken apart, %(n)s turns", turns) % {
        "about": title_of(one),
        "n": turns,
    }
    chosen = next((other.words for other in one.alternatives.all() if other.chosen), "")
    by = _(", by %(day)s") % {"day": date_format(one.try_by, "j F")} if one.try_by else ""
    return _join(
        _with(one, said[:1].upper() + said[1:]),
        str(one.get_mismatch_display()) if one.mismatch else "",
        _("To be tried%(by)s: “%(words)s”") % {"by": by, "words": chosen} if chosen else "",
        {"yes": _("Use within 24 hours of it"), "no": _("No use within 24 hours of it")}.get(
            one.used_after, ""
        ),
    )


def _role_play(one: RolePlay) -> str:
    rounds = len(one.rounds.all())
    sure = (
        _("sure of it %(before)s before and %(after)s after, of 10")
        % {"before": one.confidence_before, "after": one.confidence_after}
        if one.confidence_before is not None and one.confidence_after is not None
        else ""
    )
    n = ngettext("%(n)s round", "%(n)s rounds", rounds) % {"n": rounds} if rounds else ""
    return _join(_with(one, _("Rehearsed: %(what)s") % {"what": one.scenario}), _listed(n, sure))


def _decision(one: DecisionAnalysis) -> str:
    options = list(one.options.all())
    chosen = next((other.words for other in options if other.chosen), "")
    n = ngettext("%(n)s option weighed", "%(n)s options weighed", len(options)) % {"n": len(options)}
    by = _(", by %(day)s") % {"day": date_format(one.by_when, "j F")} if one.by_when else ""
    return _join(
        _with(one, _("Decision: %(what)s") % {"what": one.decision}),
        n if options else "",
        _("Chosen: %(what)s") % {"what": chosen} if chosen else "",
        _("First step%(by)s: %(what)s") % {"by": by, "what": one.first_step} if one.first_step else "",
        _("Looking back: %(what)s") % {"what": one.review} if one.review else "",
    )


def _support(one: SupportAction) -> str:
    return _join(_with(one, _("A stronger tie")) + f": {one.words.strip()}", str(one.get_stands_display()))


def _exposure(one: ExposureAction) -> str:
    where = one.relationship.alias if one.relationship else ""
    return _join(
        f"{_listed(where, one.place)}: {str(one.get_how_display()).lower()}",
        one.words.strip(),
        str(one.get_stands_display()),
    )


def _mutual_help(one: MutualHelpLink) -> str:
    return _join(f"{one.get_offer_display()}: {str(one.get_step_display()).lower()}", one.words.strip())


def _conjoint(one: ConjointSession) -> str:
    who = one.plan.relationship.alias
    said = _("Session with %(who)s") if one.came == "yes" else _("Session with %(who)s, who did not come")
    return _join(
        said % {"who": who},
        _("For: %(words)s") % {"words": one.plan.purpose.strip()},
        one.raised.strip(),
        _("Agreed: %(words)s") % {"words": one.agreed.strip()} if one.agreed else "",
        _("The client, alone afterwards: %(words)s") % {"words": one.client_after}
        if one.client_after
        else "",
        _("Next: %(words)s") % {"words": one.next_step} if one.next_step else "",
    )


def _went(one: FollowUp) -> str:
    said = _("%(what)s went: %(outcome)s") % {
        "what": title_of(one.about),
        "outcome": str(one.get_outcome_display()).lower(),
    }
    return _join(said[:1].upper() + said[1:], one.words.strip())


def _lapse(one: LapseReview) -> str:
    raised = [label_of(one, name).lower() for name in one.SAFETY if getattr(one, name) == "yes"]
    asked = [name for name in one.SAFETY if getattr(one, name)]
    left = len(one.SAFETY) - len(asked)
    safety = (
        _("Safety, raised: %(what)s") % {"what": ", ".join(raised)}
        if raised
        else _("Safety asked about, nothing raised")
        if asked
        else ""
    )
    not_asked = ngettext("%(n)s safety question not asked", "%(n)s safety questions not asked", left) % {
        "n": left
    }
    return _join(
        _with(one, _("Return to use of %(day)s reviewed") % {"day": date_format(one.on, "j F")}),
        safety,
        not_asked if left else "",
        one.chain.strip(),
        _("Feeling before: %(words)s") % {"words": one.feeling} if one.feeling else "",
        _("What helped to stop: %(words)s") % {"words": one.stopped_by} if one.stopped_by else "",
        _("To tell: %(words)s") % {"words": one.to_tell} if one.to_tell else "",
        _("Change of plan: %(words)s") % {"words": one.plan_change.strip()} if one.plan_change else "",
        _("Learned: %(words)s") % {"words": one.learned.strip()} if one.learned else "",
    )


def since_first(drop_percent: Decimal | float) -> str:
    """By how much a score stands below or above the first one, in words.

    >>> since_first(20.0), since_first(-18.8), since_first(0)
    ('down 20.0 % since the first', 'up 18.8 % since the first', 'the same as the first')
    """
    if not drop_percent:
        return _("the same as the first")
    words = _("down %(n)s %% since the first") if drop_percent > 0 else _("up %(n)s %% since the first")
    return words % {"n": f"{abs(drop_percent):.1f}"}


def _midcourse(one: MidcourseReview) -> str:
    figures = (
        _("PHQ-9 %(change)s") % {"change": since_first(one.drop_percent)}
        if one.drop_percent is not None
        else _("PHQ-9: no two scores to compare")
    )
    use = {
        "lower": _("fewer use days than before the course"),
        "same": _("as many use days as before the course"),
        "higher": _("more use days than before the course"),
    }.get(one.use_change, _("use days: too few are known to compare"))
    return _join(
        _("Mid-course review: %(figures)s, %(use)s") % {"figures": figures, "use": use},
        _("Focus still right: %(answer)s") % {"answer": str(one.get_focus_right_display()).lower()},
        one.focus_words,
        _("Response adequate: %(answer)s") % {"answer": str(one.get_adequate_display()).lower()},
        one.words.strip(),
    )


def _plan_b(one: PlanB) -> str:
    said = _("Plan B, %(day)s: %(choices)s") % {
        "day": date_format(one.decided_on, "j F"),
        "choices": spoken(one, "choices"),
    }
    return _join(said, one.reason.strip())


LINES: dict[str, Callable[[Any], str]] = {
    "link": _link,
    "step": _step,
    "feeling": _feeling,
    "conversation": _conversation,
    "role-play": _role_play,
    "decision": _decision,
    "support": _support,
    "exposure": _exposure,
    "mutual-help": _mutual_help,
    "conjoint": _conjoint,
    "went": _went,
    "lapse": _lapse,
    "midcourse": _midcourse,
    "plan-b": _plan_b,
}

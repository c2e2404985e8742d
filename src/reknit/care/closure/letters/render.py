"""The two letters of a course as tagged PDF."""

import datetime as dt
from importlib import resources
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reknit.base.documents import print_svg, render
from reknit.base.ui.figures import Band, ScorePoint, score_chart
from reknit.care.closure.handed_over import EMPTY
from reknit.care.closure.models import Letter
from reknit.care.closure.parts import PARTS

PLAIN: dict[str, Any] = {"version": 0, "before": [], "after": [], "notice": ""}
SCALES = {"phq-9": (0, 27), "gad-7": (0, 21)}


def pdf_of(letter: Letter, facts: dict[str, Any], *, on: dt.date) -> bytes:
    """The letter as PDF. A draft says on each page that it is one."""
    source = resources.files(__package__).joinpath(f"{letter.kind}.typ").read_text()
    written = [
        {"key": part.key, "heading": str(part.heading), "text": letter.words.get(part.key, "")}
        for part in PARTS[letter.kind]
        if letter.words.get(part.key)
    ]
    data = {
        **{key: value for key, value in facts.items() if key not in {"author", "sources"}},
        "closing": facts.get("closing", EMPTY),  # letters issued before closing work was carried have none
        "wording": facts.get("wording", PLAIN),  # letters issued before wording could be edited
        "author": facts["author"],
        "recipient": letter.recipient,
        "parts": written,
        "charts": [
            chart(scores)
            for scores in facts["scores"]
            if len([p for p in scores["points"] if p["total"] is not None]) > 1
        ],
        "draft": "" if letter.state == Letter.State.ISSUED else _("Draft"),
        "foot": foot(facts),
        "words": labels(facts),
    }
    # The title is what a reader's window shows: it names neither the client nor the kind of care.
    title = _("Letter") if letter.kind == Letter.Kind.PLAIN else _("Closing letter")
    return render(source, data=data, title=title, language=get_language() or "en", on=on)


def foot(facts: dict[str, Any]) -> str:
    """The line under each page."""
    clinic = facts["clinic"]["name"]
    if facts["clinic"]["sample"]:
        return _("%(clinic)s. A made-up clinic: every person and number here is invented.") % {
            "clinic": clinic
        }
    return _("%(clinic)s. Health information: share it only as the client agreed.") % {"clinic": clinic}


def chart(scores: dict[str, Any]) -> dict[str, str]:
    """A score chart with its words."""
    points = [
        ScorePoint(
            label=str(point["slot"] or index),
            value=point["total"],
            state="prorated" if point["state"] == "prorated" else "measured",
        )
        for index, point in enumerate(scores["points"], start=1)
    ]
    band = Band(low=scores["band"][0], high=scores["band"][1]) if scores["band"] else None
    figure = score_chart(
        points, measure=scores["title"], scale=SCALES[scores["measure"]], band=band, width="wide"
    )
    note = _("Shaded: within %(n)g points of the first score, where change may be noise.")
    return {
        "measure": scores["measure"],
        "svg": print_svg(figure),
        "note": note % {"n": scores["band"][2]} if scores["band"] else "",
        "alt": _("%(measure)s by session; the table below holds each score.") % {"measure": scores["title"]},
    }


def labels(facts: dict[str, Any]) -> dict[str, str]:
    """Fixed words of the letters, in the reader's language."""
    course, use = facts["course"], facts["use"]
    return {
        "to": _("To"),
        "about": _("About"),
        "born": _("born"),
        "course": _("The course"),
        "course_line": _(
            "%(title)s. %(attended)d of %(planned)d planned sessions took place, from %(began)s to %(until)s."
        )
        % {
            "title": course["title"],
            "attended": course["attended"],
            "planned": course["planned"],
            "began": course["began"],
            "until": course["ended"] or facts["on"],
        },
        "mood": _("Mood and worry"),
        "use": _("Substance use"),
        "use_line": _(
            "%(substances)s. Over the whole course %(known)d of %(all)d days are known; "
            "%(abstinent)d of the known days were without use."
        )
        % {**use, "substances": use["substances"] or _("No substance is monitored")},
        "apart": _("Mood and use are shown apart: one getting better does not show that the other has."),
        "unknown": _("A day nobody told us about is not known. It is never counted as a day without use."),
        "source_sheets": _("from the sheets in the table"),
        "source_calendar": _("from the substance-use calendar"),
        "date": _("Date"),
        "session": _("Session"),
        "score": _("Score"),
        "band": _("Range"),
        "window": _("Four weeks"),
        "abstinent": _("Days without use, of days known"),
        "share": _("Share"),
        "not_known": _("Days not known"),
        "table_scores": _("Every score of the course"),
        "table_use": _("Days without use by four weeks"),
        "yours": _("With kind regards"),
        "dear": _("Dear %(name)s,") % {"name": facts["client"]["given"]},
        "met": _("We met %(n)d times. We began on %(began)s.")
        % {"n": course["attended"], "began": course["began"]},
        "your_mood": _("How you have been"),
        "your_days": _("Your days"),
        "days_line": _(
            "You told us about %(known)d days. On %(abstinent)d of them you did not use. They all count."
        )
        % use,
        "no_days": _("You did not tell us about your days. That is fine."),
        "given": _("Made with the client during closing, in their words. Given on"),
        "next": _("What was decided"),
        "follow_up": _("Follow-up"),
        "follow_up_table": _("Follow-up that is booked"),
        "when": _("When"),
        "your_plan": _("Your plan"),
        "your_plan_line": _("These are your own words. You can change them when you like."),
        "your_follow_up": _("After we finish"),
        "follow_line": _("We will ask how you are on these days:"),
        "help": _("If you need someone"),
        "call_us": _("Call us: %(phone)s.") % {"phone": facts["clinic"]["phone"]},
        "emergency": _("In danger now, call %(number)s.") % {"number": facts["clinic"]["emergency"]},
        "back": _("You can come back. Just call and say that you have been here before."),
    }

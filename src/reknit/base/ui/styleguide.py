"""Made-up values for the styleguide. No person here exists."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from .figures import Band, Phase, ScorePoint, UseDay
from .figures.days import DayState
from .icons import NAMES

LAYOUTS = {
    "chart": "ui/styleguide/chart.html",
    "client": "ui/styleguide/client.html",
    "bare": "ui/styleguide/bare.html",
    "refused": "403.html",
    "locked": "ui/locked_out.html",
}
FIRST_DAY = date(2026, 5, 4)


@dataclass(frozen=True)
class Place:
    label: str
    icon: str
    url: str = "#main"
    current: bool = False
    count: int | None = None
    is_help: bool = False
    heading: str = ""


@dataclass(frozen=True)
class Chart:
    id: int
    name: str
    lede: str
    sample: bool


class ExampleForm(forms.Form):
    step = forms.ChoiceField(
        label="Which step", choices=[("e", "Expectations on both sides"), ("o", "Options"), ("p", "Practice")]
    )
    held_on = forms.DateField(
        label="Day", widget=forms.DateInput, help_text="The day it was held, not written."
    )
    words = forms.CharField(label="What Dana expects", widget=forms.Textarea, required=False)
    depth = forms.ChoiceField(
        label="How far it went",
        widget=forms.RadioSelect,
        choices=[("t", "Touched"), ("w", "Worked"), ("f", "With feeling")],
    )
    reason = forms.ChoiceField(
        label="Why it stopped",
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("", "Not said"),
            ("m", "Moved away"),
            ("w", "Wants another kind of help"),
            ("d", "Did not come back"),
        ],
    )
    agreed = forms.BooleanField(
        label="Said aloud and agreed", help_text="Her words count, a signature is not needed."
    )
    email = forms.EmailField(
        label="Email", error_messages={"invalid": "Write an address with an @, as name@clinic.example."}
    )


class FeelingForm(forms.Form):
    feeling = forms.ChoiceField(
        label="How do you feel right now?",
        widget=forms.RadioSelect,
        choices=[("1", "very low"), ("2", "low"), ("3", "so-so"), ("4", "good"), ("5", "very good")],
        initial="3",
    )
    since = forms.ChoiceField(
        label="Since yesterday evening",
        widget=forms.RadioSelect,
        choices=[("n", "I did not drink"), ("u", "I drank"), ("s", "I’d rather not say")],
    )
    more = forms.CharField(label="A few words, if you like", widget=forms.Textarea, required=False)


def context() -> dict[str, Any]:
    bound = ExampleForm(
        {
            "step": "e",
            "held_on": "2026-06-10",
            "depth": "w",
            "email": "name at clinic",
            "agreed": "on",
            "words": "",
        },
        auto_id="wrong_%s",
    )
    return {
        "site_is_sample": True,
        "site_name": "Sample clinic",
        "staff_name": "Ana Moreau",
        "staff_role": "Therapist",
        "settings_url": "#main",
        "sign_out_url": "#main",
        "nav": _staff_places(),
        "client_nav": _client_places(),
        "chart": Chart(
            id=1, name="Leila H.", lede="Session 14 of 16 today · ends 8 July · losing someone", sample=True
        ),
        "chart_tabs": [
            (word, "#main", word == "Course")
            for word in ("Course", "Sessions", "Measures", "Use", "Risk", "Letters")
        ],
        "form": ExampleForm(
            initial={
                "depth": "w",
                "held_on": date(2026, 6, 10),
                "words": "That he says something, even if it is angry.",
            }
        ),
        "bound_form": bound,
        "feeling_form": FeelingForm(),
        "page": Paginator(range(400), 40).get_page(2),
        "icon_names": NAMES,
        "autosave_states": ["saved", "saving", "unsaved", "signed_out"],
        **_figures(),
    }


def _staff_places() -> list[Place]:
    return [
        Place("Today", "calendar", count=5),
        Place("Clients", "people", current=True),
        Place("Groups", "circle"),
        Place("Supervision", "note"),
        Place("Protocols", "stitches", heading="Programme"),
        Place("Outcomes", "chart"),
    ]


def _client_places() -> list[Place]:
    return [
        Place("Check-in", "calendar", current=True),
        Place("My story", "book"),
        Place("My people", "people"),
        Place("Help now", "help", is_help=True),
    ]


def _figures() -> dict[str, Any]:
    values: list[float | None] = [18, 18, 16, 15, 15, 13, None, 14, None, 10, 9, 8, 7, 6]
    points = [
        ScorePoint(str(place), value, "prorated" if place == 11 else "measured")
        for place, value in enumerate(values, start=1)
    ]
    return {
        "phases": [Phase("assessment", 1, 3), Phase("working on it", 4, 13), Phase("finishing", 14, 16)],
        "missed": [7],
        "points": points,
        "scale": (0, 27),
        "band": Band(12, 24, "may be noise: within 6 of 18"),
        "reference": (5, "under 5: few symptoms"),
        "short_points": [17, 16, 15, 15, 12, 11],
        "no_points": [None, None],
        "days": _days(),
        "last_week": _days()[7:13] + [UseDay(FIRST_DAY + timedelta(days=13), "unknown")],
    }


def _days() -> list[UseDay]:
    marks = "n.unnuunnnun.nunnunuu..nunnu" + "nnuunnnnnnnnunnnnnnnnnnn..nn" + "nnnnnnnnnnnnn" + "-" * 15
    states: dict[str, DayState] = {"u": "used", "n": "not_used", ".": "unknown", "-": "future"}
    return [UseDay(FIRST_DAY + timedelta(days=place), states[sign]) for place, sign in enumerate(marks)]

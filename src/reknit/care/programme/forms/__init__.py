"""Shape and wording of what is entered about a course; rules live in the actions."""

# The agreement.

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.base.fields import no_control_characters
from reknit.base.ui.figures.ladder import signed
from reknit.care.programme.models import Amendment, Contract, ContractAnswer, Goal, GoalRating
from reknit.care.programme.terms import LINE, GoalDraft
from reknit.core.programme.goals import LEVELS, MOST_GOALS
from reknit.core.programme.template import for_one_person
from reknit.core.substance_use.catalogue import SUBSTANCES

LARGEST_REVISION = 2_000_000_000
NOT_A_DATE = {"invalid": gettext_lazy("Write the day as a date that exists, such as 2026-06-30.")}
LEVEL_LABELS = {
    2: gettext_lazy("Much more than hoped for"),
    1: gettext_lazy("More than hoped for"),
    0: gettext_lazy("What we hope for"),
    -1: gettext_lazy("Less than hoped for"),
    -2: gettext_lazy("Much less than hoped for"),
}
LEVEL_NAMES = {2: "best", 1: "better", 0: "hoped", -1: "less", -2: "least"}


def words(label: Any, *, most: int = LINE, rows: int = 2, **options: Any) -> forms.CharField:
    """A line or two of somebody's words."""
    return forms.CharField(
        label=label,
        max_length=most,
        validators=[no_control_characters],
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def day(label: Any, **options: Any) -> forms.DateField:
    """A day, with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(), error_messages=NOT_A_DATE, **options)


class Revised(forms.Form):
    """A form that says which revision of the agreement it was filled in on."""

    revision = forms.IntegerField(min_value=0, max_value=LARGEST_REVISION, widget=forms.HiddenInput)


class TermsForm(Revised):
    """The terms of a draft. In a later version the time limit is not among them: an amendment moves it."""

    planned_sessions = forms.IntegerField(label=gettext_lazy("Sessions"), min_value=1, max_value=60)
    session_minutes = forms.IntegerField(label=gettext_lazy("Minutes each"), min_value=5, max_value=480)
    cadence_days = forms.IntegerField(
        label=gettext_lazy("Days between sessions"),
        min_value=1,
        max_value=60,
        help_text=gettext_lazy("7 is once a week."),
    )
    ends_on = day(gettext_lazy("Ending date"), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Where we meet"), choices=Contract.Place.choices, widget=forms.RadioSelect
    )
    miss_rule = forms.ChoiceField(
        label=gettext_lazy("When the client misses a session or cancels late"),
        choices=Contract.MissRule.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The ending date stays where it is in any case."),
    )
    misses_that_roll = forms.IntegerField(label=gettext_lazy("How many roll on"), min_value=0, max_value=10)
    late_cancel_hours = forms.IntegerField(
        label=gettext_lazy("Late is less than this many hours before"), min_value=0, max_value=168
    )
    substance_goal = forms.ChoiceField(
        label=gettext_lazy("Goal about use"), choices=Contract.SubstanceGoal.choices, widget=forms.RadioSelect
    )
    substance = forms.ChoiceField(
        label=gettext_lazy("Which substance"),
        choices=[("", gettext_lazy("None in particular")), *((one.code, one.label) for one in SUBSTANCES)],
        required=False,
        help_text=gettext_lazy("Only for no use of one substance."),
    )
    substance_goal_words = words(gettext_lazy("In the client's own words"), most=1000, required=False)
    substance_goal_on = day(gettext_lazy("Said on"), required=False)
    lapse_plan = words(
        gettext_lazy("If there is a lapse"),
        most=2000,
        rows=3,
        required=False,
        help_text=gettext_lazy("Whom to tell, what to do first, and that we go on."),
    )
    afterwards = words(gettext_lazy("What happens after the last session"), most=2000, rows=3, required=False)
    time = ("planned_sessions", "session_minutes", "cadence_days", "ends_on")
    missed = ("miss_rule", "misses_that_roll", "late_cancel_hours")
    use = ("substance_goal", "substance", "substance_goal_words", "substance_goal_on", "lapse_plan")

    def __init__(self, *args: Any, contract: Contract, **options: Any) -> None:
        super().__init__(*args, **options)
        if contract.version > 1:
            del self.fields["planned_sessions"], self.fields["ends_on"]

    def terms(self) -> dict[str, Any]:
        """The terms as written."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def part(self, names: Iterable[str]) -> list[BoundField]:
        """The fields of one part of the page."""
        return [self[name] for name in names if name in self.fields]

    def parts(self) -> dict[str, list[BoundField]]:
        """Every part of the page."""
        return {
            "time": self.part(self.time), "place": self.part(["place"]), "missed": self.part(self.missed),
            "use": self.part(self.use), "after": self.part(["afterwards"]),
        }  # fmt: skip


class GoalsForm(Revised):
    """Up to three goals with people and one about use, each with its ladder. An empty one is no goal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, place in self.places():
            self._add(f"{kind}{place}")

    @staticmethod
    def places() -> list[tuple[str, int]]:
        """Kind and place of each goal there may be."""
        with_people = [(str(Goal.Kind.INTERPERSONAL), place + 1) for place in range(MOST_GOALS)]
        return [*with_people, (str(Goal.Kind.SUBSTANCE), 1)]

    def _add(self, prefix: str) -> None:
        self.fields[f"{prefix}_words"] = words(_("The goal, in the client's words"), rows=1, required=False)
        self.fields[f"{prefix}_observable"] = words(_("How we will both see it"), rows=1, required=False)
        for level in reversed(LEVELS):
            label = f"{signed(level)} · {LEVEL_LABELS[level]}"
            self.fields[f"{prefix}_{LEVEL_NAMES[level]}"] = words(label, rows=1, required=False)
        self.fields[f"{prefix}_baseline"] = forms.TypedChoiceField(
            label=_("Where it stands now"),
            choices=[("", _("Not said yet")), *((level, f"{signed(level)}") for level in reversed(LEVELS))],
            coerce=int,
            empty_value=None,
            required=False,
        )

    @staticmethod
    def initial_of(goals: Iterable[Goal]) -> dict[str, Any]:
        """What the goals of a draft fill in."""
        found: dict[str, Any] = {}
        for goal in goals:
            prefix = f"{goal.kind}{goal.position}"
            found[f"{prefix}_words"], found[f"{prefix}_observable"] = goal.words, goal.observable
            found[f"{prefix}_baseline"] = "" if goal.baseline is None else goal.baseline
            for level, name in LEVEL_NAMES.items():
                found[f"{prefix}_{name}"] = goal.levels.get(str(level), "")
        return found

    def drafts(self) -> list[GoalDraft]:
        """The goals as written."""
        return [self._draft(kind, place) for kind, place in self.places()]

    def _draft(self, kind: str, place: int) -> GoalDraft:
        said = {name: self.cleaned_data.get(f"{kind}{place}_{name}") for name in ("words", "observable")}
        levels = {
            level: self.cleaned_data.get(f"{kind}{place}_{name}") or "" for level, name in LEVEL_NAMES.items()
        }
        return GoalDraft(
            position=place,
            kind=kind,
            words=said["words"] or "",
            observable=said["observable"] or "",
            levels=levels,
            baseline=self.cleaned_data.get(f"{kind}{place}_baseline"),
        )

    def blocks(self) -> list[dict[str, Any]]:
        """The fields of each goal, with a heading."""
        return [
            {
                "title": _("Goal %(n)d") % {"n": place}
                if kind == Goal.Kind.INTERPERSONAL
                else _("A ladder for the goal about use"),
                "is_use": kind == Goal.Kind.SUBSTANCE,
                "is_begun": bool(self[f"{kind}{place}_words"].value()) or place == 1 and kind != "substance",
                "words": [self[f"{kind}{place}_words"], self[f"{kind}{place}_observable"]],
                "levels": [self[f"{kind}{place}_{LEVEL_NAMES[level]}"] for level in reversed(LEVELS)],
                "baseline": self[f"{kind}{place}_baseline"],
            }
            for kind, place in self.places()
        ]


class AgreeForm(Revised):
    """A spoken yes: the client's words and who heard them."""

    words = words(gettext_lazy("What the client said"), most=1000)
    witness = forms.CharField(
        label=gettext_lazy("Who else heard it"), max_length=120, validators=[no_control_characters]
    )


class ReviseForm(forms.Form):
    """Why a new version is needed."""

    why = words(gettext_lazy("Why a new version is needed"))


class RateForm(forms.Form):
    """Where each goal stands, as one of its own sentences. A goal may be left out."""

    on = day(gettext_lazy("Day"))
    slot = forms.IntegerField(label=gettext_lazy("Session"), min_value=0, max_value=200, required=False)
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose rating"), choices=GoalRating.Whose.choices, widget=forms.RadioSelect
    )
    sheet = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, goals: Iterable[Goal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.goals = list(goals)
        for number, goal in enumerate(self.goals):
            sentences = [
                (level, f"{signed(level)} · {goal.levels.get(str(level), '')}") for level in reversed(LEVELS)
            ]
            self.fields[f"goal{number}"] = forms.TypedChoiceField(
                label=goal.words,
                choices=[*sentences, ("", _("Not rated this time"))],
                coerce=int,
                empty_value=None,
                required=False,
                initial="",
                widget=forms.RadioSelect,
            )

    def ladders(self) -> list[BoundField]:
        """The field of each goal."""
        return [self[f"goal{number}"] for number in range(len(self.goals))]

    def levels(self) -> dict[uuid.UUID, int]:
        """Goal to level, for those that were rated."""
        said = {goal.pk: self.cleaned_data.get(f"goal{number}") for number, goal in enumerate(self.goals)}
        return {goal: level for goal, level in said.items() if level is not None}


class AmendForm(forms.Form):
    """A new ending date, why, and how the client agreed."""

    ends_on = day(gettext_lazy("New ending date"))
    why = words(gettext_lazy("Why"))
    client_agreed = forms.ChoiceField(
        label=gettext_lazy("How the client agreed"),
        choices=[one for one in Amendment.ClientAgreed.choices if one[0] != Amendment.ClientAgreed.PAGES],
        widget=forms.RadioSelect,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    was = forms.DateField(required=False, widget=forms.HiddenInput)  # the ending date that the page showed


class ExtendForm(AmendForm):
    """More sessions, asked of the supervisor."""

    sessions = forms.IntegerField(label=gettext_lazy("Sessions to add"), min_value=1, max_value=60)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=Amendment.Reason.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("That ending feels hard is no reason: it is the work of the closing phase."),
    )
    field_order = ("sessions", "ends_on", "reason", "why", "client_agreed", "key", "was")


class AnswerExtensionForm(forms.Form):
    """The supervisor's yes or no."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    words = words(gettext_lazy("Your words"), required=False, help_text=gettext_lazy("A no says why."))


class ClientAnswerForm(Revised):
    """The client's answer to an agreement shown to them."""

    answer = forms.ChoiceField(choices=ContractAnswer.Answer.choices)
    words = words(gettext_lazy("Do you want to say more?"), most=1000, required=False, rows=3)


# The course map.


class OverrideForm(forms.Form):
    """Why a gate is passed."""

    reason = forms.CharField(
        label=gettext_lazy("Why the course goes on without this"),
        max_length=400,
        validators=[no_control_characters],
        widget=forms.Textarea,
    )


class CourseForm(forms.Form):
    """Another course of a client."""

    protocol = forms.ChoiceField(label=gettext_lazy("Course"))
    starts_on = forms.DateField(
        label=gettext_lazy("First session"), widget=forms.DateInput, error_messages=NOT_A_DATE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        protocol = self.fields["protocol"]
        assert isinstance(protocol, forms.ChoiceField)
        protocol.choices = [(one.code, _(one.title)) for one in for_one_person()]

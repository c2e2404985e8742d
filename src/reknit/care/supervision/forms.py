"""The shape of what the pages of this room send."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters
from reknit.care.formulation.queries import Focus
from reknit.care.programme.models import ProtocolVersion
from reknit.core.errors import BadInput
from reknit.core.supervision.credentials import credentials
from reknit.core.supervision.fidelity import clock, form, seconds_of

from .models import EventReview, Rating, SampledSession

STALE = {
    "invalid": _("This page is out of date. Open it again."),
    "required": _("This page is out of date. Open it again."),
}
COMMENT_ROWS = 3
TOLD = [
    ("course_hours", _("Hours of an IPT course")),
    ("booster_hours", _("Hours of a booster course")),
    ("training_hours", _("Hours of supervised therapy training")),
    ("portfolios", _("Portfolios handed in")),
    ("all_recorded", _("Cases supervised from recordings of all sessions")),
    ("practice_years", _("Years of practice")),
]


def key() -> forms.UUIDField:
    """What makes a page sent twice one row."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=STALE)


def revision() -> forms.IntegerField:
    """What was read, so that two windows never overwrite each other."""
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31, error_messages=STALE)


def line(label: Any, most: int = 400, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        required=required,
        validators=[no_control_characters],
        error_messages={"required": _("Write a few words first.")},
    )


def words(label: Any, *, required: bool = False, hint: Any = "", rows: int = 3) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=4000,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[no_control_characters],
        error_messages={"required": _("Write a few words first.")},
    )


def day(label: Any, *, hint: Any = "") -> forms.DateField:
    """A date."""
    wrong = {"invalid": _("Write the day as a date."), "required": _("Choose the day.")}
    return forms.DateField(label=label, help_text=hint, error_messages=wrong)


def person_field(label: Any) -> forms.ChoiceField:
    """One of some people, who are named when the form is made."""
    return forms.ChoiceField(label=label, error_messages={"required": _("Choose one from the list.")})


def minutes() -> forms.IntegerField:
    return forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=60)


class WithPeople(forms.Form):
    """A form in which somebody is chosen among `people`, field by field."""

    def __init__(self, *args: Any, people: Mapping[str, Iterable[User]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = {name: {str(one.pk): one for one in some} for name, some in people.items()}
        for name, some in self.people.items():
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [(key, one.name) for key, one in some.items()]

    def person(self, name: str) -> User:
        """Who was chosen."""
        return self.people[name][self.cleaned_data[name]]


class BeginForm(WithPeople):
    """With whom, when and how long."""

    key = key()
    supervisees = forms.MultipleChoiceField(
        label=_("Who is there"),
        help_text=_("One person, or several for a group."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who is there.")},
    )
    on = day(_("Day"))
    minutes = minutes()

    def chosen(self) -> list[User]:
        return [self.people["supervisees"][one] for one in self.cleaned_data["supervisees"]]


class HourForm(forms.Form):
    """Day, length, and notes for oneself."""

    revision = revision()
    on = day(_("Day"))
    minutes = minutes()
    own_notes = words(
        _("Notes for yourself"), hint=_("Nobody else reads these, the people of this hour neither.")
    )


class CaseForm(forms.Form):
    """What was said about one course."""

    revision = revision()
    discussed = words(
        _("What you talked about"), required=True, hint=_("The therapist reads this. It is not in the chart.")
    )
    advice = words(_("Advice"))


class DecisionForm(WithPeople):
    """What is to be done, by whom, by when. `about` is the person of the hour and, where one is meant, the course."""

    key = key()
    words = line(_("What is to be done"))
    about = forms.ChoiceField(label=_("About"), error_messages={"required": _("Choose one from the list.")})
    owner = person_field(_("Who does it"))
    due_on = day(_("By"))

    def __init__(self, *args: Any, about: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["about"]).choices = about


class DoneForm(forms.Form):
    """How it came out."""

    words = line(_("How it came out"), required=False)


class LeaveOutForm(forms.Form):
    """Why a session cannot be rated."""

    why = forms.ChoiceField(
        label=_("Why"), choices=SampledSession.Why.choices, error_messages={"required": _("Choose a reason.")}
    )


class WhereForm(forms.Form):
    """Where a recording is kept."""

    where = line(
        _("Where the recording is kept"),
        200,
        required=False,
        hint=_("The recording itself is not stored here. Write no name."),
    )


class SecondForm(WithPeople):
    """Who rates it too."""

    rater = person_field(_("Second rater"))


class RatingForm(forms.Form):
    """Every item of the form, comments with their place in the recording, and words on the whole."""

    def __init__(self, *args: Any, rating: Rating | None = None, **options: Any) -> None:
        comments = rating.comments if rating else []
        initial: dict[str, Any] = {"revision": rating.revision if rating else 0}
        if rating:
            initial |= {f"item_{name}": str(score) for name, score in rating.scores.items()}
            initial["words"] = rating.words
            for n, (at, said) in enumerate(comments):
                initial |= {f"time_{n}": clock(at), f"said_{n}": said}
        options["initial"] = initial
        super().__init__(*args, **options)
        self.fields["revision"] = revision()
        scale = range(form().low, form().high + 1)
        for item in form().items:
            self.fields[f"item_{item.key}"] = forms.ChoiceField(
                label=_(item.title),
                required=False,
                choices=[("", _("Not rated")), *((str(n), str(n)) for n in scale)],
                widget=forms.RadioSelect,
                help_text=f"{form().low}: {_(item.low)} {form().high}: {_(item.high)}",
            )
        self.rows = min(len(comments) + COMMENT_ROWS, 40)
        for n in range(self.rows):
            self.fields[f"time_{n}"] = line(
                _("Time in the recording"), 12, required=False, hint=_("Such as 12:34")
            )
            self.fields[f"said_{n}"] = words(_("Comment"), rows=2)
        self.fields["words"] = words(_("On the whole"))

    def items(self) -> list[forms.BoundField]:
        return [self[f"item_{one.key}"] for one in form().items]

    def comment_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"time_{n}"], self[f"said_{n}"]) for n in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        comments = []
        for n in range(self.rows):
            time, said = found.get(f"time_{n}", ""), found.get(f"said_{n}", "")
            if not said and not time:
                continue
            try:
                comments.append((seconds_of(time), said))
            except BadInput:
                self.add_error(f"time_{n}", _("Write the time as minutes and seconds, such as 12:34."))
            if not said:
                self.add_error(f"said_{n}", _("Write what you noticed there."))
        found["comments"] = comments
        return found

    def values(self) -> dict[str, Any]:
        """What the action wants."""
        said = self.cleaned_data
        scores = {
            one.key: int(said[f"item_{one.key}"]) for one in form().items if said.get(f"item_{one.key}")
        }
        return {
            "revision": said["revision"],
            "scores": scores,
            "comments": said["comments"],
            "words": said["words"],
        }


class AskForm(forms.Form):
    """Which gate, and why."""

    what = forms.ChoiceField(label=_("Which gate"), error_messages={"required": _("Choose one.")})
    why = words(_("Why"), required=True)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["what"]).choices = offered

    def chosen(self) -> dict[str, Any]:
        return {"kind": "gate", "gate": self.cleaned_data["what"], "why": self.cleaned_data["why"]}


class AskSwitchForm(forms.Form):
    """From which focus to which, and why."""

    focus = forms.ChoiceField(label=_("From"), error_messages={"required": _("Choose one.")})
    to_area = forms.ChoiceField(
        label=_("To"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    to_named = line(
        _("In a few words"), 120, required=False, hint=_("With whom, or around which event or role.")
    )
    why = words(
        _("Why"), required=True, hint=_("A new event, or what showed that the first choice does not fit.")
    )

    def __init__(self, *args: Any, foci: list[Focus], areas: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "switch_%s"} | options)
        self.foci = {str(one.row.pk): one.row for one in foci}
        cast(forms.ChoiceField, self.fields["focus"]).choices = [
            (str(one.row.pk), f"{one.label}: {one.title}" if one.title else one.label) for one in foci
        ]
        cast(forms.ChoiceField, self.fields["to_area"]).choices = areas

    def chosen(self) -> dict[str, Any]:
        return {"kind": "switch", **self.cleaned_data, "focus": self.foci[self.cleaned_data["focus"]]}


class AnswerForm(forms.Form):
    """Yes, no, or a question; which of them, the button says."""

    ANSWERS = ("yes", "no", "ask")
    words = line(_("Your words"), required=False, hint=_("Needed for a no and for a question."))


class ReplyForm(forms.Form):
    """An answer to a question."""

    words = line(_("Your answer"))


class GoalForm(forms.Form):
    """Which level of which body."""

    credential_key = forms.ChoiceField(
        label=_("Level"),
        choices=lambda: [(one.key, f"{one.body}: {one.level}, {one.title}") for one in credentials()],
        error_messages={"required": _("Choose a level from the list.")},
    )


class SkillForm(forms.Form):
    """One item of the form that recordings are rated on, and how it is practised."""

    key = key()
    item = forms.ChoiceField(
        label=_("What they work on"),
        choices=lambda: [("", _("Choose")), *((one.key, _(one.title)) for one in form().items)],
        error_messages={"required": _("Choose an item from the list.")},
    )
    words = line(
        _("How it is practised"), hint=_("With which sessions or which practice client. Name no client.")
    )
    review_on = day(_("Look again on"))


class ProofForm(forms.Form):
    """Something no record here shows."""

    key = key()
    kind = forms.ChoiceField(label=_("What"), choices=TOLD)
    amount = forms.DecimalField(
        label=_("How many"), min_value=0, max_value=9999, decimal_places=1, max_digits=5
    )
    on = day(_("Day"))
    kept_where = line(_("Where the proof is kept"), 200, hint=_("Write no client’s name."))


class AuditForm(forms.Form):
    """Why a chart is looked through."""

    why = line(_("Why you look through this chart"), hint=_("The reason is kept with the audit."))


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A version of one of the clinic's own protocols."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.version} ({obj.get_state_display()})"


class ChangeForm(forms.Form):
    """The version that takes a request up, or why none does."""

    version = VersionField(
        label=_("Taken up in"), required=False, empty_label=_("No version"),
        queryset=ProtocolVersion.objects.exclude(state="withdrawn").order_by("title", "-number"),
    )  # fmt: skip
    answer = line(_("In words"), required=False, hint=_("Why it is taken up so, or why not."))


class ReviewForm(forms.Form):
    """What kind of event, and when."""

    key = key()
    what = forms.ChoiceField(
        label=_("What it was"),
        choices=[("", _("Choose")), *EventReview.What.choices],
        error_messages={"required": _("Choose one.")},
    )
    on = day(_("Day"))


class LearningForm(forms.Form):
    """What the review comes to, in terms of how the work is set up."""

    revision = revision()
    went_well = words(_("What went well"), hint=_("What helped, and would be done again."))
    made_hard = words(
        _("What made the right thing hard to do"),
        hint=_("Tools, rules, time, places, handovers. Not who: what."),
    )
    learned = words(_("What we learned"))
    protocol_change = words(
        _("What the protocol should say"),
        hint=_("The directors read it once the review is closed. Name no client."),
    )


class ReviewActionForm(WithPeople):
    """What is done differently."""

    key = key()
    words = line(_("What is to be done"))
    owner = person_field(_("Who does it"))
    due_on = day(_("By"))

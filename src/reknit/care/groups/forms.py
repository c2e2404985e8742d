"""Shape and wording of what is entered about groups; rules live in the actions."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters
from reknit.care.encounters.booking.forms import RoomField
from reknit.care.encounters.booking.scope import FOLLOWING, ONE, SCOPES
from reknit.care.encounters.forms import WallTimeForm
from reknit.care.encounters.models import Room
from reknit.care.formulation.models import FocusArea
from reknit.core.groups.guide import GUIDE

from .actions.sessions import MOST_TURNS, Row, TurnTaken
from .kinds import ENDING_TASKS
from .models import Attendance, Facilitation, GroupSession, Member, SmallGroupDecision, Telling

SHOWN_TURNS = 3
WHOLE = "whole"  # the one tick for every part of the guide
STALE = {
    "invalid": _("This page is out of date. Open it again."),
    "required": _("This page is out of date. Open it again."),
}


def choice_of(choices: Sequence[tuple[str, Any]], words: Any) -> list[tuple[str, Any]]:
    """A list that begins with nothing chosen."""
    return [("", words), *choices]


def plain(most: int, *, rows: int = 0, **more: Any) -> forms.CharField:
    """Words of at most so many characters."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        max_length=most, required=more.pop("required", False), validators=[no_control_characters], widget=widget, **more
    )  # fmt: skip


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of the staff, by name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), empty_label=_("Choose"), **options)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


in_use = Room.objects.filter(given_up_at=None).order_by("name", "pk")


def people_of(staff: Sequence[User]) -> "QuerySet[User]":
    """These people as a list to choose from."""
    return User.objects.filter(pk__in=[one.pk for one in staff]).order_by("name", "pk")


class GroupForm(forms.Form):
    """A group to be formed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, error_messages=STALE)
    title = plain(80, label=_("Name of the group"), required=True,
                  help_text=_("Members see it. Say when you meet, not what it is about."))  # fmt: skip
    protocol = forms.ChoiceField(label=_("Protocol"))
    starts_on = forms.DateField(label=_("First session"), widget=forms.DateInput())
    starts_time = forms.TimeField(label=_("Time"), widget=forms.TimeInput())
    lead = PersonField(label=_("Lead facilitator"))
    co_facilitator = PersonField(label=_("Co-facilitator"))
    room = RoomField(label=_("Room"), required=False, queryset=in_use, empty_label=_("None of the list"))
    place = plain(120, label=_("Place in words"), help_text=_("Where it is no room of the list."))
    video_link = forms.URLField(
        label=_("Link for video"), required=False, max_length=300, assume_scheme="https"
    )
    capacity = forms.IntegerField(label=_("Places"), min_value=6, max_value=10, initial=8)
    is_closed_group = forms.BooleanField(
        label=_("Closed: nobody joins after session 3"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, protocols: Sequence[tuple[str, str]], staff: Sequence[User], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["protocol"].choices = protocols  # type: ignore[attr-defined]
        people = people_of(staff)
        for name in ("lead", "co_facilitator"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]


class StartForm(forms.Form):
    """From which day a member is in the group."""

    starts_on = forms.DateField(label=_("In the group from"), widget=forms.DateInput())
    reason = plain(400, label=_("Why they start before the meeting is complete"), rows=2)


class StartManyForm(forms.Form):
    """From which day those who are ready are in the group."""

    starts_on = forms.DateField(label=_("In the group from"), widget=forms.DateInput())


class GoalsForm(forms.Form):
    """What a member works on: said in the group, or kept."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=STALE)
    focus = forms.ChoiceField(
        label=_("Focus area"), required=False, choices=choice_of(FocusArea.Area.choices, _("Not chosen yet"))
    )
    shared_goals = plain(1000, rows=3, label=_("Goals to share in the group"), help_text=_("One to a line."))
    private_goals = plain(1000, rows=3, label=_("Goals that stay private"))


class EndForm(forms.Form):
    """The end of a place."""

    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput())
    because = forms.ChoiceField(label=_("Why"), choices=choice_of(Member.Ended.choices, _("Choose")))
    say = plain(400, label=_("In words"), rows=2)


class MeetingForm(WallTimeForm):
    """When a meeting alone is."""


class MoveForm(forms.Form):
    """Another day, hour or room."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=STALE)
    starts_on = forms.DateField(label=_("Day"), widget=forms.DateInput())
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput())
    room = RoomField(label=_("Room"), required=False, queryset=in_use, empty_label=_("None of the list"))
    place = plain(120, label=_("Place in words"), help_text=_("Where it is no room of the list."))
    scope = forms.ChoiceField(
        label=_("Which sessions"), choices=[(key, SCOPES[key]) for key in (ONE, FOLLOWING)],
        initial=ONE, widget=forms.RadioSelect,
    )  # fmt: skip
    why = plain(200, label=_("Why"), required=True, help_text=_("For you two. Members are not told why."))


class FacilitatorForm(forms.Form):
    """Somebody else takes a part."""

    part = forms.ChoiceField(
        label=_("Which part"), choices=Facilitation.Part.choices, widget=forms.RadioSelect
    )
    person = PersonField(label=_("Who takes it"))
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput())
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(),
        help_text=_("The last day of a cover. Empty: for good."),
    )  # fmt: skip
    why = plain(200, label=_("Why"), required=True)

    def __init__(self, *args: Any, staff: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people_of(staff)  # type: ignore[attr-defined]


class ObserverForm(forms.Form):
    """Somebody who would like to sit in."""

    observer = PersonField(label=_("Who would like to sit in"))
    from_on = forms.DateField(label=_("From"), widget=forms.DateInput())
    to_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput())

    def __init__(self, *args: Any, staff: Sequence[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["observer"].queryset = people_of(staff)  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = plain(200, label=_("Why it does not take place"), required=True)


class DecisionForm(forms.Form):
    """How a small group goes on."""

    after_session = forms.IntegerField(min_value=1, widget=forms.HiddenInput, error_messages=STALE)
    choice = forms.ChoiceField(
        label=_("What you decided"), choices=SmallGroupDecision.Choice.choices, widget=forms.RadioSelect
    )
    why = plain(400, label=_("Why"), rows=2, required=True)


class SummaryForm(forms.Form):
    """The weekly summary."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=STALE)
    text = plain(
        4000, rows=8, required=True, label=_("What the session was about"),
        help_text=_("Members read this. Name nobody, use short words, and leave out what was said in confidence."),
    )  # fmt: skip


class PlanForm(forms.Form):
    """What the facilitators mean to do about the climate."""

    plan = plain(400, label=_("What you two mean to do"), rows=2, required=True)


class RecordForm(forms.Form):
    """A session for everybody on its list, in the order of the keyboard: who came, turns, the note, each one's line."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=STALE)
    note = plain(
        8000, rows=6, label=_("Shared note"),
        help_text=_("Written once. It goes into the chart of everybody who came, so it names nobody."),
    )  # fmt: skip
    done = forms.MultipleChoiceField(
        label=_("Parts of the session that were done"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(WHOLE, _("All five, as in the guide")), *((part.code, _(part.title)) for part in GUIDE)],
        help_text=_("Nothing is ticked for you. What nobody ticks is not said to be done."),
    )  # fmt: skip
    more = forms.MultipleChoiceField(
        label=_("Also done"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("What else the protocol asks of this session. It stands in the chart of each who came."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, members: Sequence[Member], tasks: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.members = list(members)
        self.fields["more"].choices = tasks  # type: ignore[attr-defined]
        for one in self.members:
            self._add_member(one)
        people = [(str(one.pk), one.client.name) for one in self.members]
        for n in range(1, SHOWN_TURNS + 1):
            self.fields[f"turn{n}-member"] = forms.ChoiceField(
                label=_("Who worked"), required=False, choices=choice_of(people, _("Nobody"))
            )
            self.fields[f"turn{n}-focus"] = forms.ChoiceField(
                label=_("On what"), required=False, choices=choice_of(FocusArea.Area.choices, _("Choose"))
            )
            self.fields[f"turn{n}-responders"] = forms.MultipleChoiceField(
                label=_("Who responded"), required=False, widget=forms.CheckboxSelectMultiple, choices=people
            )

    def _add_member(self, one: Member) -> None:
        key = one.pk
        number: dict[str, Any] = {"min_value": 0, "max_value": 240, "required": False, "initial": 0}
        self.fields[f"{key}-outcome"] = forms.ChoiceField(
            label=_("Attendance"), choices=Attendance.Outcome.choices, initial=Attendance.Outcome.ATTENDED
        )
        self.fields[f"{key}-minutes_late"] = forms.IntegerField(label=_("Minutes late"), **number)
        self.fields[f"{key}-minutes_early"] = forms.IntegerField(label=_("Left minutes early"), **number)
        self.fields[f"{key}-absent_because"] = plain(200, label=_("Reason, if away"))
        self.fields[f"{key}-absent_because"].widget.attrs["placeholder"] = (
            " "  # pages.css asks whether it is empty
        )
        # A chart may not say that somebody was asked unless a person said so.
        self.fields[f"{key}-safety"] = forms.ChoiceField(
            label=_("Safety"), choices=Attendance.Safety.choices, initial=Attendance.Safety.NOT_ASKED
        )
        self.fields[f"{key}-private_line"] = plain(600, label=_("A line for their own chart"))
        self.fields[f"{key}-to_try"] = plain(400, label=_("One thing to try"))

    def by_member(self) -> list[tuple[Member, dict[str, Any]]]:
        """Each member with their fields, for the template."""
        names = (
            "outcome", "minutes_late", "minutes_early", "absent_because", "safety", "private_line", "to_try",
        )  # fmt: skip
        return [(one, {name: self[f"{one.pk}-{name}"] for name in names}) for one in self.members]

    def turn_fields(self) -> list[tuple[int, Any, Any, Any]]:
        return [
            (n, self[f"turn{n}-member"], self[f"turn{n}-focus"], self[f"turn{n}-responders"])
            for n in range(1, SHOWN_TURNS + 1)
        ]

    def rows(self) -> list[Row]:
        said = self.cleaned_data
        return [
            Row(
                member=one.pk,
                outcome=said[f"{one.pk}-outcome"],
                minutes_late=said[f"{one.pk}-minutes_late"] or 0,
                minutes_early=said[f"{one.pk}-minutes_early"] or 0,
                absent_because=said[f"{one.pk}-absent_because"],
                safety=said[f"{one.pk}-safety"],
                private_line=said[f"{one.pk}-private_line"],
                to_try=said[f"{one.pk}-to_try"],
            )
            for one in self.members
        ]

    def what_was_done(self) -> list[str]:
        """Codes of the guide's parts and of the protocol's tasks that somebody ticked."""
        parts = self.cleaned_data["done"]
        return [*([part.code for part in GUIDE] if WHOLE in parts else parts), *self.cleaned_data["more"]]

    def turns(self) -> list[TurnTaken]:
        said = self.cleaned_data
        return [
            TurnTaken(
                uuid.UUID(said[f"turn{n}-member"]),
                said[f"turn{n}-focus"],
                tuple(uuid.UUID(key) for key in said[f"turn{n}-responders"]),
            )
            for n in range(1, min(SHOWN_TURNS, MOST_TURNS) + 1)
            if said[f"turn{n}-member"]
        ]


def as_written(session: GroupSession) -> dict[str, Any]:
    """What a record form begins with: the draft as it stands."""
    done = session.done
    found: dict[str, Any] = {"revision": session.revision, "note": session.note, "done": done, "more": done}
    for row in session.attendances.all():
        for name in (
            "outcome",
            "minutes_late",
            "minutes_early",
            "absent_because",
            "safety",
            "private_line",
            "to_try",
        ):
            found[f"{row.member_id}-{name}"] = getattr(row, name)
    for turn in session.turns.prefetch_related("responses"):
        found[f"turn{turn.position}-member"] = str(turn.member_id)
        found[f"turn{turn.position}-focus"] = turn.focus
        found[f"turn{turn.position}-responders"] = [str(one.member_id) for one in turn.responses.all()]
    return found


class TellingForm(forms.Form):
    """What came of telling a member about a changed time."""

    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    message = forms.UUIDField(widget=forms.HiddenInput, error_messages=STALE)
    answer = forms.ChoiceField(choices=Telling.Answer.choices)


class CloseForm(forms.Form):
    """The end of a run: each member's next step, what was done together, and what was learned."""

    lessons = plain(2000, rows=4, required=True, label=_("What you two learned for the next group"))
    done = forms.MultipleChoiceField(
        label=_("What the group did at its end"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(ENDING_TASKS.items()),
    )  # fmt: skip


class NextStepForm(forms.Form):
    """What comes for one member."""

    step = forms.ChoiceField(label=_("Next step"), choices=choice_of(Member.NextStep.choices, _("Choose")))
    say = plain(400, label=_("In words"))

"""Shape and wording of bookings; rules live in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters
from reknit.care.encounters.forms import WallTimeForm
from reknit.care.encounters.models import AppointmentChange, AppointmentSeries, Room, Where

from .actions import Place
from .scope import ONE, SCOPES


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A room by its name, with what is there."""

    def label_from_instance(self, obj: Any) -> str:
        seats = gettext("%(name)s, %(n)s seats") % {"name": obj.name, "n": obj.capacity}
        return gettext("%(room)s, video") % {"room": seats} if obj.has_video else seats


class PlaceForm(WallTimeForm):
    """Day, time and length, and how one meets."""

    way = forms.ChoiceField(
        label=_("How you meet"), choices=Where.choices, initial=Where.HERE, widget=forms.RadioSelect
    )
    room = RoomField(label=_("Room"), queryset=Room.objects.none(), required=False)
    link = forms.CharField(
        label=_("Video link"),
        required=False,
        max_length=400,
        validators=[no_control_characters],
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, rooms: list[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        assert isinstance(room, RoomField)
        room.queryset = Room.objects.filter(pk__in=[one.pk for one in rooms])
        room.empty_label = "–"
        if not rooms:
            del self.fields["room"]

    def place(self) -> Place:
        """How and where, as the actions take it."""
        sent = self.cleaned_data
        return Place(sent["way"], sent.get("room"), sent["link"])


class BookForm(PlaceForm):
    """One session, or a series on the same wall time."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[("", _("Once")), *AppointmentSeries.Repeat.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(
        label=_("How many sessions"),
        min_value=1,
        max_value=200,
        required=False,
        help_text=_("As many as are left in the course. None is booked after its ending date."),
    )
    leaves_taken_out = forms.BooleanField(label=_("Leave out days that are taken"), required=False)
    clinician = forms.ChoiceField(label=_("With whom"), required=False)
    field_order = (
        "on", "time", "minutes", "every", "count", "leaves_taken_out", "clinician", "way", "room", "link", "key",
    )  # fmt: skip

    def __init__(self, *args: Any, team: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._team = {str(one.pk): one for one in team}
        clinician = self.fields["clinician"]
        assert isinstance(clinician, forms.ChoiceField)
        clinician.choices = [(key, one.name) for key, one in self._team.items()]
        if len(team) < 2:
            del self.fields["clinician"]

    def with_whom(self) -> User | None:
        """Who was chosen; nobody where there was nothing to choose."""
        return self._team.get(self.cleaned_data.get("clinician", ""))

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        if sent.get("every") and not sent.get("count") and "count" not in self.errors:
            self.add_error("count", _("Say how many sessions."))
        return sent


class ScopeForm(forms.Form):
    """What every change of a booked session asks."""

    revision = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)
    scope = forms.ChoiceField(
        label=_("Which sessions"), choices=list(SCOPES.items()), initial=ONE, widget=forms.RadioSelect
    )
    wish = forms.ChoiceField(
        label=_("Who asked for it"),
        choices=AppointmentChange.Wish.choices,
        initial=AppointmentChange.Wish.CLIENT,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=300, validators=[no_control_characters])

    def offer(self, *, is_one_of_many: bool) -> None:
        """A session by itself asks for no scope."""
        if not is_one_of_many:
            scope = self.fields["scope"]
            scope.widget = forms.HiddenInput()
            scope.required = False

    def clean_scope(self) -> str:
        return self.cleaned_data["scope"] or ONE


class MoveForm(ScopeForm, PlaceForm):
    """Another day, time or place."""

    field_order = ("on", "time", "minutes", "scope", "way", "room", "link", "wish", "why", "revision", "key")


class CancelForm(ScopeForm):
    """Who cancels, and whether it counts as late."""

    BY_CLOCK, LATE, IN_TIME = "clock", "late", "in_time"
    late = forms.ChoiceField(
        label=_("Does it count as late?"),
        choices=[
            (BY_CLOCK, _("As the clock says")),
            (IN_TIME, _("No, it counts as in time")),
            (LATE, _("Yes, it counts as late")),
        ],
        initial=BY_CLOCK,
        widget=forms.RadioSelect,
    )
    field_order = ("wish", "late", "why", "scope", "revision")

    def is_late(self) -> bool | None:
        """What a person decided, or nothing where the clock says."""
        return {self.LATE: True, self.IN_TIME: False}.get(self.cleaned_data["late"])


class AnswerForm(forms.Form):
    """The client's two buttons."""

    will_come = forms.ChoiceField(choices=[("yes", ""), ("no", "")], required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)

    def clean_will_come(self) -> bool:
        """What the button says; the first one where it says nothing."""
        return bool(self.cleaned_data["will_come"] != "no")


class RoomForm(forms.Form):
    """A room of the clinic."""

    name = forms.CharField(label=_("Name"), max_length=60, validators=[no_control_characters])
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=200, initial=2)
    has_video = forms.BooleanField(label=_("Set up for video"), required=False)


class ReminderForm(forms.Form):
    """What a client wants of reminders."""

    is_wanted = forms.BooleanField(label=_("The client wants reminders"), required=False)
    earliest = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(),
        error_messages={"invalid": _("Write the time as 09:30.")},
    )
    latest = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(),
        error_messages={"invalid": _("Write the time as 09:30.")},
    )

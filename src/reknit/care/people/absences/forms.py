"""What is asked about a leave."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.base.accounts.models import User
from reknit.base.fields import no_control_characters
from reknit.care.people.forms import PersonChoice


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who covers. Why is not asked."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("This page is out of date. Open it again."),
            "required": _("Open the page again."),
        },
    )
    person = PersonChoice(label=_("Who is away?"), error_messages={"required": _("Choose who is away.")})
    starts_on = forms.DateField(
        label=_("First day away"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as a date.")},
    )
    ends_on = forms.DateField(
        label=_("Last day away"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as a date.")},
    )
    cover = PersonChoice(
        label=_("Who covers?"),
        help_text=_(
            "They join the care teams for these days, read what is handed over, and answer for risk."
        ),
        error_messages={"required": _("Choose who covers.")},
    )

    apart_why = forms.CharField(
        label=_("Why this colleague all the same?"),
        help_text=_("Kept with the leave. Name no client here."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[no_control_characters],
    )

    def __init__(
        self, *args: Any, people: Sequence[User], covers: Sequence[User], today: dt.date, **kwargs: Any
    ) -> None:
        first = people[0].pk if len(people) == 1 else None
        kwargs.setdefault("initial", {"key": uuid.uuid4(), "starts_on": today, "person": first})
        super().__init__(*args, **kwargs)
        for name, offered in (("person", people), ("cover", covers)):
            field = self.fields[name]
            assert isinstance(field, PersonChoice)
            field.offer(offered)

"""Which course a clinician holds to be right."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.intake.models import CourseChoice
from reknit.core.programme.template import for_one_person

from .referrals import line


class ChoiceForm(forms.Form):
    """Two things that only a person can ask, then the course with its reason."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    people_problem = forms.ChoiceField(
        label=_("Is there a problem with people to work on?"),
        choices=CourseChoice.Asked.choices,
        required=False,
    )
    unsettled = forms.ChoiceField(
        label=_("Mania or psychosis now?"), choices=CourseChoice.Asked.choices, required=False
    )
    chosen = forms.ChoiceField(label=_("The course you hold to be right"))
    reason = line(
        _("Why"), 500, required=False, help_text=_("Needed where the facts written down do not point to it.")
    )

    def __init__(self, *args: Any, choice: CourseChoice | None, protocol: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), "chosen": protocol}
        if choice:
            kwargs["initial"] |= {"people_problem": choice.people_problem, "unsettled": choice.unsettled}
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(one.code, _(one.title)) for one in for_one_person()]

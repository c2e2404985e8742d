"""Facts at admission: each may stay blank."""

from itertools import groupby
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from reknit.care.intake.models import AdmissionFacts
from reknit.core.intake.teds import FACTS, Fact

PAIR: Final = 2


def _substance(fact: Fact) -> str:
    """Which of the three substances a fact tells of, or none."""
    return fact.key[-1] if fact.key[-1].isdigit() else ""


class AdmissionForm(forms.Form):
    """One list for each fact."""

    revision = forms.IntegerField(initial=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, facts: AdmissionFacts | None, **kwargs: Any) -> None:
        if facts:
            kwargs["initial"] = {**facts.answers, "revision": facts.revision}
        super().__init__(*args, **kwargs)
        for fact in FACTS:
            self.fields[fact.key] = forms.ChoiceField(
                label=_(fact.title),
                choices=[("", _("Not known")), *((code, _(label)) for code, label in fact.codes)],
                required=False,
            )

    def minimum(self) -> list[list[Any]]:
        """Fields of the minimum set in rows: what belongs to one substance begins a row and stands in pairs."""
        rows = []
        for number, facts in groupby((fact for fact in FACTS if fact.is_minimum), _substance):
            fields = [self[fact.key] for fact in facts]
            long = PAIR if number else len(fields)
            rows += [fields[start : start + long] for start in range(0, len(fields), long)]
        return rows

    def supplemental(self) -> list[Any]:
        """The other fields."""
        return [self[fact.key] for fact in FACTS if not fact.is_minimum]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        return {"revision": said.pop("revision"), "answers": said}

"""The sheet as a part of a page of a room above: one form for a questionnaire, wherever it is given."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .forms import GivenForm, SheetForm
from .queries import wording_for


def sheet_part(
    request: HttpRequest, form: SheetForm, given: GivenForm, *, language: str, back: str
) -> SafeString:
    """The questions with their keys, ready to stand on a page that loads this room's script and style."""
    context: dict[str, Any] = {
        "form": form,
        "given": given,
        "measure": form.measure,
        "wording": wording_for(form.measure.id, language),
        "highest": max(option.value for option in form.measure.options),
        "back": back,
    }
    return render_to_string("measures/clinician/_sheet_form.html", context, request)

"""A form whose save met somebody else's: what was typed stays, and beside it stands what they wrote."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _

MARKS = ("revision", "stands", "based_on")
"""The hidden fields that say which version a form was written over."""


def show_meanwhile(form: forms.BaseForm) -> None:
    """Say under each field that differs what stands there now, and let the next save go through over it.

    The form was made from what stands, so its initial values are theirs and its data are one's own.
    """
    for name in form.changed_data:
        field = form.fields[name]
        if name in form.initial and not field.widget.is_hidden:
            now = _in_words(field, form.get_initial_for_field(field, name))
            form.add_error(name, _("Now stands: %(words)s.") % {"words": now})
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    for name in MARKS:
        if name in form.fields:
            data[form.add_prefix(name)] = form[name].initial
    form.data = data


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return _("nothing")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        choices: Any = field.choices
        names = {str(key): str(label) for key, label in choices}
        several = value if isinstance(value, list | tuple) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in several)
    return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)

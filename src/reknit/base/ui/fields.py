"""How a form field is shown: which component, which classes, which words go with it for a screen reader."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from .icons import face

SEG_CHOICES, SEG_LETTERS = 4, 16  # two to four short exclusive choices fit side by side on a phone
_OWN_CLASS = (
    (forms.Textarea, "area"),
    (forms.SelectMultiple, "area"),
    (forms.Select, "select"),
    (forms.ClearableFileInput, "file"),
)
_OWN_TYPE = ((forms.DateInput, "date", "%Y-%m-%d"), (forms.TimeInput, "time", "%H:%M"))


def field_context(
    field: BoundField,
    *,
    as_: str = "",
    hint: str = "",
    label_hidden: bool = False,
    **attributes: Any,
) -> dict[str, Any]:
    """Everything `_field_body.html` needs to draw one field."""
    widget = field.field.widget
    hint = hint or str(field.help_text or "")
    kind = _kind(field)
    described_by = _described_by(field, hint)
    attrs = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    if kind == "control":
        _dress(widget, attrs)
    if described_by and kind in ("control", "check"):
        attrs["aria-describedby"] = described_by
    return {
        "field": field,
        "kind": kind,
        "hint": hint,
        "label_hidden": label_hidden,
        "described_by": described_by,
        "optional": _says_optional(field) and kind != "check",
        "control": "" if kind == "group" else field.as_widget(attrs=attrs),
        "choices": _choices(field, as_, attrs) if kind == "group" else [],
        "group_class": _group_class(field, as_) if kind == "group" else "",
    }


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "control"


def _group_class(field: BoundField, as_: str) -> str:
    if as_:
        return as_
    if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
        return "radios"
    words = [str(label) for value, label in field.field.widget.choices if value not in ("", None)]
    fits = 2 <= len(words) <= SEG_CHOICES and all(len(word) <= SEG_LETTERS for word in words)
    return "seg" if fits and sum(len(word) for word in words) <= 2 * SEG_LETTERS else "radios"


def _choices(field: BoundField, as_: str, attrs: dict[str, Any]) -> list[tuple[SafeString | str, Any, str]]:
    """Picture (faces only), control, words. A blank choice is left out of radios that need an answer."""
    blank_too = not field.field.required
    shown = [choice for choice in field.subwidgets if blank_too or choice.data.get("value") not in ("", None)]
    for choice in shown:
        choice.data["attrs"] = {**choice.data.get("attrs", {}), **attrs}
    return [
        (face(place) if as_ == "faces" else "", choice.tag(), str(choice.choice_label))
        for place, choice in enumerate(shown)
    ]


def _dress(widget: forms.Widget, attrs: dict[str, Any]) -> None:
    """The class of the component, and the browser's own date and time pickers, which want ISO values."""
    own = next((class_ for type_, class_ in _OWN_CLASS if isinstance(widget, type_)), "input")
    attrs["class"] = " ".join(filter(None, [own, widget.attrs.get("class"), attrs.get("class")]))
    for type_, html_type, format_ in _OWN_TYPE:
        if isinstance(widget, type_) and widget.input_type == "text":
            widget.input_type, widget.format = html_type, format_
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", 3)


def _described_by(field: BoundField, hint: str) -> str:
    ids = [f"{field.auto_id}_hint"] if hint else []
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


def _says_optional(field: BoundField) -> bool:
    """Only where the form asks for something else; a form with nothing required says so once, in its own words."""
    others = field.form.visible_fields()
    return not field.field.required and any(other.field.required for other in others)

"""How a form of this room is answered."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reknit.base.errors import DomainError
from reknit.care.programme.charts import Chart


def is_saved(request: HttpRequest, form: forms.Form, save: Callable[[], Any]) -> bool:
    """Whether a form that was sent is saved; what is wrong stands under its field otherwise."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except DomainError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return False
    return True


def page(request: HttpRequest, chart: Chart, name: str, *, failed: bool = False, **more: Any) -> HttpResponse:
    """A page of the room."""
    status = 422 if failed else 200
    return render(request, f"coordination/clinician/{name}.html", chart.context(**more), status=status)

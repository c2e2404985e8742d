"""How a form that was sent is answered: saved by one action, or with what is wrong under its field."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from reknit.base.errors import DomainError


def tell(form: forms.Form, refused: DomainError) -> None:
    """Put a rule's sentence under its field, else above the form."""
    form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)


def is_saved(form: forms.Form, save: Callable[[], Any]) -> bool:
    """Whether a form that was sent is saved; what is wrong stands under its field otherwise."""
    if not form.is_bound:
        return False
    if not form.is_valid():
        for stale in [one.errors for one in form.hidden_fields() if one.errors]:
            form.add_error(None, stale[0])  # a hidden field has no place on the page to say so
        return False
    try:
        save()
    except DomainError as refused:
        tell(form, refused)
        return False
    return True


def is_done(request: HttpRequest, do: Callable[[], Any], said: str) -> bool:
    """For a button without a form: what came of it stands on the next page."""
    try:
        do()
    except DomainError as refused:
        messages.warning(request, refused.sentence)
        return False
    messages.info(request, said)
    return True

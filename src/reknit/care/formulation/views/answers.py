"""What the views of the room share."""

from typing import TypeVar

from django import forms
from django.http import Http404

from reknit.base.errors import DomainError
from reknit.care.programme.charts import Chart
from reknit.care.programme.models import Episode

Form = TypeVar("Form", bound=forms.Form)


def blame(form: Form, problem: DomainError) -> Form:
    """The form with a rule's sentence under its field, or on top."""
    form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
    return form


def course_of(chart: Chart) -> Episode:
    """The chart's course, else not found."""
    if chart.episode is None:
        raise Http404
    return chart.episode

"""The frame in which this room answers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reknit.care.programme.charts import Chart


def page(request: HttpRequest, chart: Chart, name: str, *, failed: bool = False, **more: Any) -> HttpResponse:
    """A page of the room."""
    status = 422 if failed else 200
    return render(request, f"coordination/clinician/{name}.html", chart.context(**more), status=status)

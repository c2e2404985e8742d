"""Template tags of the look; the drawing itself is in `figures`, `icons` and `fields`."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.ui import figures, icons
from reknit.base.ui.fields import field_context

register = template.Library()

register.simple_tag(figures.sparkline)
register.simple_tag(figures.stitches)
register.simple_tag(figures.ladder)
register.simple_tag(figures.score_chart)
register.simple_tag(figures.day_strip)
register.simple_tag(figures.seven_days)
register.simple_tag(figures.time_line)
register.simple_tag(figures.week_bars)
register.simple_tag(icons.icon)


@register.simple_tag
def field(bound: BoundField, **options: Any) -> SafeString:
    """`{% field form.name as_="seg" hint="..." label_hidden=True rows=4 autocomplete="off" %}`"""
    return render_to_string("ui/components/_field_body.html", field_context(bound, **options))


@register.filter
def waited(days: int | None) -> str:
    """For how long a thing has waited: "today", "3 days"; nothing where that is not known or its time has not come."""
    if days is None:
        return ""
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else _("today")


@register.inclusion_tag("ui/components/_form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    return {"form": form}


@register.simple_tag
def mark() -> SafeString:
    """Two hooks, each over the other once. The gaps are breaks in the path, so it works on any ground."""
    return mark_safe(  # noqa: S308
        '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">'
        '<path class="a" d="M6 30V16.5a6.5 6.5 0 0 1 13 0V19.4M19 24.6V30"/>'
        '<path class="b" d="M13 2V7.4M13 12.6V15.5a6.5 6.5 0 0 0 13 0V2"/></svg>'
    )

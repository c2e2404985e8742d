"""The layouts and components a room can count on."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django import Settings

from reknit.base.ui import views
from reknit.base.ui.icons import NAMES
from reknit.base.ui.styleguide import LAYOUTS, context


class ReplyForm(forms.Form):
    email = forms.EmailField(label="Email", help_text="Your clinic's address.")
    held_on = forms.DateField(label="Day", required=False)
    depth = forms.ChoiceField(
        label="Depth", widget=forms.RadioSelect, choices=[("a", "Touched"), ("b", "Worked")]
    )


def drawn(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_field_ties_hint_and_error_to_its_control() -> None:
    form = ReplyForm({"email": "nobody"})
    markup = drawn("{% field form.email %}", form=form)
    assert 'aria-describedby="id_email_hint id_email_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert 'id="id_email_error"' in markup and 'class="err"' in markup


def test_field_asks_the_browser_for_a_date_in_iso() -> None:
    markup = drawn("{% field form.held_on %}", form=ReplyForm(initial={"held_on": "2026-06-10"}))
    assert markup.count('type="date"') == 1 and 'type="text"' not in markup
    assert 'value="2026-06-10"' in markup and "(optional)" in markup


def test_field_groups_radios_under_a_legend() -> None:
    markup = drawn("{% field form.depth %}", form=ReplyForm())
    assert "<legend" in markup and 'class="seg"' in markup
    assert markup.count('type="radio"') == 2


def test_form_errors_lead_to_the_field() -> None:
    assert 'href="#id_email"' in drawn("{% form_errors form %}", form=ReplyForm({"email": "nobody"}))
    assert "notice" not in drawn("{% form_errors form %}", form=ReplyForm())


def test_page_nav_says_which_rows_are_shown() -> None:
    page = Paginator(range(400), 40).get_page(2)
    markup = render_to_string("ui/components/_page_nav.html", {"page": page, "query": "q=a"})
    assert "41 to 80 of 400" in markup
    assert 'href="?q=a&amp;page=1"' in markup and 'href="?q=a&amp;page=3"' in markup


@pytest.mark.parametrize("name", NAMES)
def test_icon_is_hidden_from_screen_readers(name: str) -> None:
    assert 'aria-hidden="true"' in drawn("{% icon name %}", name=name)


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "ui/locked_out.html"]
)
def test_refusal_renders_without_any_context(template: str) -> None:
    markup = render_to_string(template)
    assert markup.count("<h1>") == 1 and "<title>" in markup


@pytest.mark.django_db
@pytest.mark.parametrize("layout", ["", *LAYOUTS])
def test_layouts_keep_the_strict_policy(layout: str, settings: Settings) -> None:
    settings.UI_STYLEGUIDE = True
    page = views.styleguide(RequestFactory().get("/", {"layout": layout})).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert '<html lang="' in page and 'id="main"' in page


def test_title_never_carries_the_name_of_a_client() -> None:
    page = render_to_string("ui/styleguide/chart.html", context())
    title = re.search(r"<title>(.*?)</title>", page)
    assert title and "Leila" not in title[1]
    assert "<h1>Leila H.</h1>" in page


def test_staff_bar_has_four_places_and_more() -> None:
    page = render_to_string("ui/styleguide/chart.html", context())
    rail = page.split('<details class="only-bar')[0]
    assert rail.count('class="only-rail"') == 2
    assert page.count("Outcomes") == 2
    assert (
        rail.count(">Programme</p>") == 1 and page.count(">Programme</p>") == 2
    )  # a heading in the rail and in More


def test_every_component_is_used_beyond_the_styleguide() -> None:
    source = Path(views.__file__).parents[2]
    files = [path for kind in ("*.html", "*.py") for path in source.rglob(kind) if "tests" not in path.parts]
    used = "".join(path.read_text(encoding="utf-8") for path in files if "styleguide" not in str(path))
    components = [path.name for path in source.glob("base/ui/templates/ui/components/*.html")]
    assert components and not [name for name in components if name not in used]


def test_styleguide_is_closed_on_a_clinics_site(settings: Settings) -> None:
    settings.DEBUG = settings.UI_STYLEGUIDE = False
    with pytest.raises(Http404):
        views.styleguide(RequestFactory().get("/"))


@pytest.mark.django_db
def test_rail_names_the_person_who_is_signed_in() -> None:
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(pk=1, name="Ana", role_labels=["Therapist"])  # type: ignore[assignment]
    page = render_to_string("ui/staff.html", {"sign_out_url": "/out/"}, request=request)
    assert "<b>Ana</b>" in page and "Therapist" in page
    assert '<form class="sign-out" method="post" action="/out/" data-sign-out ' in page


def test_autosave_claims_nothing_before_something_was_saved() -> None:
    markup = render_to_string("ui/components/_autosave.html", {"form_id": "note"})
    assert '<span data-say="saved" hidden>' in markup and 'role="status"' in markup
    shown = render_to_string("ui/components/_autosave.html", {"state": "saved"})
    assert '<span data-say="saved">' in shown

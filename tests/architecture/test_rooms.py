"""What the import contracts cannot see: foreign keys by name, templates of other rooms, personal fields."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template

from .rooms import INCLUDE, ROOT, SOURCE, room_heights, room_of, templates

ROOMS = room_heights()
OURS = [m for m in apps.get_models() if m.__module__.startswith("reknit.")]


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_foreign_key_points_to_the_same_or_a_lower_room(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        target = field.related_model
        assert isinstance(target, type)
        if not target.__module__.startswith("reknit.care."):
            continue
        assert not model.__module__.startswith("reknit.base."), (
            f"{model.__name__}.{field.name} points up into care"
        )
        if model.__module__.startswith("reknit.care."):
            here, there = ROOMS[model._meta.app_label], ROOMS[target._meta.app_label]
            assert there < here or target._meta.app_label == model._meta.app_label, (
                f"{model.__name__}.{field.name}"
            )


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_every_personal_field_is_declared(model: type[models.Model]) -> None:
    if model._meta.app_label in {"audit", "jobs"}:
        return  # these hold keys and labels only; their own tests say so
    declared = set(model.Personal.fields) | set(model.Personal.plain)  # type: ignore[attr-defined]
    speaking = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    unsaid = {f.name for f in model._meta.local_fields if isinstance(f, speaking)} - declared
    assert not unsaid, f"Say in Personal whether these hold personal data: {sorted(unsaid)}"


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_model_tells_nothing_personal_in_a_log(model: type[models.Model]) -> None:
    personal = getattr(model, "Personal", None)
    row = model()
    for name in personal.fields if personal else ():
        if isinstance(model._meta.get_field(name), models.CharField | models.TextField):
            setattr(row, name, "canary-name")
    assert "canary" not in str(row) + repr(row)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_model_has_no_save_of_its_own(model: type[models.Model]) -> None:
    assert model.save is models.Model.save or not model.save.__module__.startswith("reknit")


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_template_stays_in_its_room_and_obeys_the_content_policy(path: Path) -> None:
    text = path.read_text()
    room = room_of(path)
    for name in INCLUDE.findall(text):
        folder = name.split("/")[0]
        allowed = {room, "ui"} | (
            {"allauth", "account", "mfa", "usersessions", "accounts"} if room == "accounts" else set()
        )
        assert folder in allowed or "/" not in name, f"{path.name} takes {name} from another room"
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']", text), "no inline style or handler"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag, "no inline script"
    short = path.relative_to(path.parents[[p.name for p in path.parents].index("templates")])
    get_template(str(short))


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_page_title_names_no_client(path: Path) -> None:
    for title in re.findall(r"{%\s*block title\s*%}(.*?){%\s*endblock", path.read_text(), re.DOTALL):
        assert not re.search(r"{{[^}]*(name|client|chart)", title)


def test_no_clinical_model_is_in_an_admin_site() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not list(SOURCE.glob("**/admin.py"))


def test_files_stay_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCE.glob("**/*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 600
    }
    assert not long, long

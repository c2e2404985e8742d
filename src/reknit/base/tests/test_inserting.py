"""Rows inserted quickly are the ORM's own to the letter."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from reknit.base.audit.models import AuditEvent
from reknit.base.inserting import _statement, insert

KEY = uuid.UUID(int=7)
AT = dt.datetime(2026, 3, 29, 1, 30, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=45)))
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (models.UUIDField, KEY),
    (models.JSONField, {"said": "été", "none": None}),
    (models.DateTimeField, AT),
    (models.DateField, AT.date()),
    (models.BooleanField, True),
    (models.IntegerField, 3),
    (models.DecimalField, 2),
    (models.CharField, "été"),
    (models.TextField, "été"),
)


OWN = [model for model in apps.get_models() if model.__module__.startswith("reknit.")]


def value_for(field: "models.Field[Any, Any]") -> Any:
    """Something such a field can hold."""
    real = field.target_field if isinstance(field, models.ForeignKey) else field
    return next((value for kind, value in VALUES if isinstance(real, kind)), None)


def plain(value: Any) -> Any:
    """What is inside the wrapper that PostgreSQL's driver puts around JSON, which has no equality of its own."""
    return getattr(value, "obj", value)


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_each_value_is_what_the_orm_would_store(model: type[models.Model], filled: bool) -> None:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    row = model(**{field.attname: value_for(field) if filled else None for field in fields})
    _, readers = _statement(model, connection.vendor)
    expected = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    assert [plain(read(row)) for read in readers] == [plain(value) for value in expected]


@pytest.mark.django_db
def test_an_inserted_row_reads_back_as_it_was_given() -> None:
    insert([AuditEvent(at=AT, by=KEY, verb="read", detail={"page": "été"})])
    found = AuditEvent.objects.get(by=KEY)
    assert (found.at, found.verb, found.detail, found.position) == (AT, "read", {"page": "été"}, None)

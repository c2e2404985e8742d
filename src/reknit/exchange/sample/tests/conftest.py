"""One clinic of fourteen for every test here: making it takes seconds, and no test changes it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import transaction
from django.test import override_settings
from tests.once import once

from reknit.exchange.sample import SampleSummary, load_sample

AT = dt.datetime(2026, 6, 10, 7, 30, tzinfo=dt.UTC)  # a Wednesday, half past eight in the clinic
QUICK = f"{MD5PasswordHasher.__module__}.{MD5PasswordHasher.__qualname__}"


def fourteen() -> SampleSummary:
    """Each module has the same clinic, so that only the first waits for its making."""
    return load_sample(clients=14, seed=7, progress=False, at=AT)


@pytest.fixture(scope="module")
def summary(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[SampleSummary]:
    """The clinic, thrown away after the module."""
    hashers = override_settings(PASSWORD_HASHERS=[QUICK])
    with django_db_blocker.unblock(), hashers, transaction.atomic():  # type: ignore[attr-defined]
        yield once("sample", fourteen, for_one_test=False)
        transaction.set_rollback(True)

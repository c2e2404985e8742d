"""The brakes on sign-in count by the caller, and by what our own proxies say about the caller and nobody else."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory
from tests.cast import Cast

from reknit.base.addresses import caller


@pytest.mark.parametrize(
    ("proxies", "told", "found"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was written by the caller
        (2, "198.51.100.1, 203.0.113.7", "198.51.100.1"),
        (1, "not an address", "127.0.0.1"),
        (3, "203.0.113.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_caller_is_who_our_own_proxies_say(settings: Any, proxies: int, told: str, found: str) -> None:
    settings.PROXIES = proxies
    assert caller(RequestFactory().get("/", headers={"X-Forwarded-For": told})) == found


def test_a_stranger_behind_the_proxy_pauses_nobody_elses_sign_in(settings: Any, cast: Cast) -> None:
    settings.PROXIES = 1
    wrong = {"login": cast.ana.email, "password": "not this one"}

    def tried(address: str) -> int:
        return Browser().post("/sign-in/", wrong, headers={"X-Forwarded-For": address}).status_code

    assert [tried("203.0.113.7") for _each in range(settings.AXES_FAILURE_LIMIT + 1)][-1] == 429
    assert tried("198.51.100.1") == 422

"""Hostile and impossible input in every line of every form: a sentence, nothing changed, and nothing run.

The forms are read from the pages themselves, so a new form is here without being named.
"""

import datetime as dt
import html
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from reknit.base.accounts.models import User
from reknit.base.clock import local_date, now
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import sign_note, start_encounter
from reknit.care.people.actions import add_client, join_care_team
from reknit.care.people.models import Client
from reknit.care.programme.actions import open_episode
from reknit.care.substance_use.actions import monitor, record_use_days
from reknit.care.substance_use.days import DayEntry
from tests.cast import ZONE, Cast
from tests.forms_on_pages import PageForm, forms_of
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import world

pytestmark = pytest.mark.django_db

SCRIPT = '"><script>alert(1)</script>{{7*7}}'
LONG = "a" * 100_000
CONTROL = "one\x00two\x07three"
RIGHT_TO_LEFT = "שלום \u202eمرحبا 🌊👩\u200d👧"
DATES = ("2026-02-31", "9999-12-31", "0001-01-01", "NaN", "-1", "9" * 30, SCRIPT, CONTROL)
TIMES = ("25:00", "NaN", "-1", CONTROL, SCRIPT)
NUMBERS = ("NaN", "Infinity", "-1", "9" * 30, "1e309", "0x10", CONTROL)
NEVER = (LONG, CONTROL)  # what no line of words takes
WORDS = (SCRIPT, RIGHT_TO_LEFT)  # what a line of words may take, and must show as words
STRANGE = ("9" * 30, CONTROL)  # no choice of any list
# What a database itself may trip over. All the rest is turned away, or shown, alike whatever the database is.
FOR_THE_DATABASE = {LONG, CONTROL, "9" * 30, "9999-12-31", "0001-01-01", "-1"}
ODD = ("-1", SCRIPT, LONG)  # the same, tried in all choices of a form at once
# Forms that stand on many pages, by who, where to and what they ask: each is tried on one of them.
TRIED: set[tuple[str, str, frozenset[str]]] = set()
UNCOUNTED = {"AuditEvent", "Session", "UserSession", "AccessAttempt", "AccessFailureLog", "AccessLog"}
LEFT_OUT = {"account_logout", "accounts:theme-change", "account_login", "mfa_authenticate"}


def pages() -> Iterator[tuple[str, str]]:
    """Who opens which page; the phone form is opened by nobody in particular."""
    for name, address in ADDRESSES.items():
        if address.method == "get" and name not in LEFT_OUT:
            wanted = [who for who in ("ana", "ina", "adi", "ben") if who in address.who]
            if wanted:
                yield name, wanted[0]
    yield "account_login", "nobody"


def rows() -> dict[str, int]:
    """How many rows each table holds, asked all at once."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and model.__name__ not in UNCOUNTED
    ]
    counts = [f"SELECT '{one}', COUNT(*) FROM {connection.ops.quote_name(one)}" for one in tables]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts))
        return dict(cursor.fetchall())


@contextmanager
def undone() -> Iterator[None]:
    """Each try finds the world untouched by the one before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_page(browser: Browser, url: str) -> str:
    with undone():
        response = browser.get(url)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return ""
    return response.content.decode()


def tries(form: PageForm) -> Iterator[tuple[dict[str, str], bool]]:
    """What is put in which lines, and whether it has to be refused.

    What must be refused is tried in each line by itself. What may be taken goes in all lines of its kind at once.
    """
    for kind, values in (("date", DATES), ("time", TIMES), ("number", NUMBERS), ("email", (*NEVER, *WORDS))):
        for name in form.lines(kind):
            yield from (({name: value}, True) for value in values)
    words = form.lines("text", "search", "tel", "textarea")
    choices = form.lines("hidden", "radio", "checkbox", "option", "button")
    for names, each, together in ((words, NEVER, WORDS), (choices, STRANGE, ODD)):
        for name in names:
            yield from (({name: value}, names is words) for value in each)
        if names:
            yield from ((dict.fromkeys(names, value), False) for value in together)


def each_try(form: PageForm) -> Iterator[tuple[dict[str, str], bool]]:
    """Every value in every line by itself, on every page and database: what a long run holds."""
    for kind, values in (("date", DATES), ("time", TIMES), ("number", NUMBERS), ("email", (*NEVER, *WORDS))):
        for name in form.lines(kind):
            yield from (({name: value}, True) for value in values)
    for name in form.lines("text", "search", "tel", "textarea"):
        yield from (({name: value}, value in NEVER) for value in (*NEVER, *WORDS))
    for name in form.lines("hidden", "radio", "checkbox", "option", "button"):
        yield from (({name: value}, False) for value in (*NUMBERS, SCRIPT, LONG))


def says_why(body: str) -> bool:
    """A refusal says a sentence: beside its field, on top, or as a page of its own."""
    return 'role="alert"' in body or 'class="err"' in body or "<h1" in body or '"message"' in body


def faults_of(
    browser: Browser, form: PageForm, url: str, things: dict[str, Any], *, is_long: bool = False
) -> list[str]:
    """What went wrong when each line of the form was filled with what it should not hold."""
    faults, before, good = [], rows(), form.values(today=things["today"])
    for put, must_refuse in (each_try if is_long else tries)(form):
        value = next(iter(put.values()))
        if not is_long and connection.vendor != "sqlite" and value not in FOR_THE_DATABASE:
            continue
        with undone():
            response = browser.post(form.action, {**good, **put})
            status = response.status_code
            where = f"{form.action.split('?')[0]} {', '.join(put)}={value[:24]!r}: {status}"
            after = rows()
            if status >= 500:
                faults.append(where)
            elif 400 <= status < 500:
                if after != before:
                    faults.append(f"{where}, refused and yet changed")
                if status in {400, 409, 422} and not says_why(response.content.decode()):
                    faults.append(f"{where}, without a sentence")
            elif must_refuse and after != before:
                faults.append(f"{where}, taken")
            shown = response.content.decode(errors="replace")
            if value == SCRIPT and (is_long or status < 400):  # where it may show from now on
                shown += open_page(browser, url) + open_page(browser, response.headers.get("Location", url))
            if "<script>alert(1)" in shown:
                faults.append(f"{where}, shown as markup")
            if value == SCRIPT and "&gt;49" in shown or ">49<" in shown and "7*7" in html.unescape(shown):
                faults.append(f"{where}, read as a template")
    return faults


@pytest.mark.parametrize(("name", "who"), list(pages()))
def test_no_line_of_this_page_takes_what_it_should_not(name: str, who: str, cast: Cast) -> None:
    at = now()
    things = {**world(cast, at), "today": local_date(at, ZONE)}
    url = reverse(name, args=[things[arg] for arg in ADDRESSES[name].args])
    assert faults_on(browser_of(cast.users().get(who)), url, things, tried=TRIED) == []


@pytest.mark.long  # some minutes a page with many lines
@pytest.mark.parametrize(("name", "who"), list(pages()))
def test_no_line_of_this_page_takes_any_of_it_one_by_one(name: str, who: str, cast: Cast) -> None:
    at = now()
    things = {**world(cast, at), "today": local_date(at, ZONE)}
    url = reverse(name, args=[things[arg] for arg in ADDRESSES[name].args])
    assert faults_on(browser_of(cast.users().get(who)), url, things, is_long=True) == []


def test_no_line_under_a_signed_note_takes_what_it_should_not(cast: Cast) -> None:
    """Ana adds to her note; Ben gives a note of Tess's back."""
    at, faults = now(), []
    for author, reader in ((cast.ana, cast.ana), (cast.tess, cast.ben)):
        client = new_client(cast, author, at=at)
        episode = client.episodes.get()
        held = start_encounter(by=author, at=at, episode=episode, outcome="attended", starts_at=at)
        sign_note(by=author, at=at, note=held.note, revision=0)
        url = reverse("encounters:session-show", args=[client.pk, held.pk])
        faults += faults_on(browser_of(reader), url, {"today": local_date(at, ZONE)})
    assert faults == []


def test_no_line_of_the_calendar_takes_what_it_should_not(cast: Cast) -> None:
    at = now()
    today, cleo = local_date(at, ZONE), cast.cleo
    monitor(by=cast.ana, at=at, client=cleo, substance="alcohol", starts_on=today, is_primary=True)
    drank = DayEntry(today - dt.timedelta(days=2), "alcohol", used=True, amount=Decimal(2), unit="drinks")
    record_use_days(by=cast.ana, at=at, client=cleo, days=[drank], source="interview")
    url = reverse("substance_use:calendar-show", args=[cleo.pk])
    assert faults_on(browser_of(cast.ana), url, {"today": today}) == []


def new_client(cast: Cast, clinician: User, *, at: dt.datetime) -> Client:
    client = add_client(by=cast.ina, at=at, programme=cast.programme, given_name="Gil", family_name="New")
    grant_consent(by=cast.ina, at=at, client=client, how="paper", given_at=at)
    join_care_team(by=cast.ina, at=at, client=client, clinician=clinician, starts_on=local_date(at, ZONE))
    open_episode(by=clinician, at=at, client=client, protocol="IPT-16", starts_on=local_date(at, ZONE))
    return client


def faults_on(
    browser: Browser,
    url: str,
    things: dict[str, Any],
    *,
    tried: set[tuple[str, str, frozenset[str]]] | None = None,
    is_long: bool = False,
) -> list[str]:
    """All that is wrong with the forms of one page, save those that were tried already."""
    faults: list[str] = []
    for form in forms_of(open_page(browser, url), url):
        names = frozenset(control.name for control in form.controls)
        one = (str(browser.session.get("_auth_user_id")), form.action, names)
        if form.action == reverse("account_logout") or (tried is not None and one in tried):
            continue
        if tried is not None:
            tried.add(one)
        faults += faults_of(browser, form, url, things, is_long=is_long)
    return faults

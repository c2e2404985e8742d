"""A clinic of a given size for the benchmark, made through the rooms' actions; prints what the client needs as JSON.

The clients are plain: a name, a therapist, and three scored sheets each; one has a whole course. The first of them
have a live form link each, for the writes. The audit events of all this are sealed before the clinic is measured, as
those of a clinic at work are: what is measured seals its own.
"""

import datetime as dt
import json
import sys
import uuid

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from tests.cast import ZONE, make_cast  # noqa: E402

from reknit.base.accounts.models import User  # noqa: E402
from reknit.base.audit import sealing  # noqa: E402
from reknit.base.clock import now  # noqa: E402
from reknit.care.consent.actions import grant_consent  # noqa: E402
from reknit.care.encounters.actions import book_appointment, start_encounter  # noqa: E402
from reknit.care.intake.actions import record_referral  # noqa: E402
from reknit.care.measures.actions import make_link, record_administrations  # noqa: E402
from reknit.care.measures.sheets import Sheet  # noqa: E402
from reknit.care.people.actions import add_imported_clients, form_imported_care_teams  # noqa: E402
from reknit.care.people.models import Client, ClientIdentifier  # noqa: E402
from reknit.care.programme.actions import open_episode  # noqa: E402
from reknit.care.safety.actions import open_risk_item  # noqa: E402
from reknit.care.substance_use.actions import monitor, record_use_days  # noqa: E402
from reknit.care.substance_use.days import DayEntry  # noqa: E402

BATCH = 1000


def main(size: int, links: int, busy: int = 0) -> None:
    """Make the clinic."""
    call_command("migrate", verbosity=0)
    cast, at = make_cast(), now()
    made: list[Client] = []
    for start in range(0, size, BATCH):
        clients = [
            Client(
                programme=cast.programme,
                family_name=f"Person {n:05d}",
                made_at=at,
                status=Client.Status.IN_CARE,
            )
            for n in range(start, min(start + BATCH, size))
        ]
        identifiers = [ClientIdentifier(client=c, system="bench", value=c.family_name) for c in clients]
        add_imported_clients(by=cast.ana, at=at, clients=clients, identifiers=identifiers)
        form_imported_care_teams(
            by=cast.ana,
            at=at,
            clients=clients,
            clinician=cast.ana,
            starts_on=at.date() - dt.timedelta(days=90),
        )
        sheets = [
            Sheet(
                client=client,
                measure="phq-9",
                answers={f"phq9_{item}": (item + week) % 3 for item in range(1, 9)} | {"phq9_9": 0},
                mode="import",
                answered_at=at - dt.timedelta(weeks=week),
                at=at,
                by=cast.ana,
            )
            for client in clients
            for week in (8, 4, 1)
        ]
        record_administrations(by=cast.ana, at=at, sheets=sheets, live=False)
        made += clients
    whole_course(cast, at)
    with transaction.atomic():  # one commit for all: bringing each to the disk would take most of the time
        secrets = [live_link(cast, at, client) for client in made[:links]]
        a_busy_day(cast, at, made[:busy])
    sealing.BREATH = 0  # nobody stands in the line yet
    sealing.seal()
    sessions = {name: session_of(getattr(cast, name)) for name in ("ana", "ben", "ina", "dara")}
    answer = {
        "session": sessions["ana"],
        "sessions": sessions,
        "secrets": secrets,
        "client": str(cast.cleo.pk),
        "clients": size + 2,
    }
    print(json.dumps(answer))


def session_of(person: User) -> str:
    """The cookie of somebody who has signed in."""
    browser = Browser()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def a_busy_day(cast: "object", at: dt.datetime, clients: list[Client]) -> None:
    """For each of these, who have a course: two sessions held, the next booked, an item of risk, and another's referral."""
    ana, ina, programme = cast.ana, cast.ina, cast.programme  # type: ignore[attr-defined]
    for number, client in enumerate(clients):
        course = client.episodes.get()
        for weeks in (1, 0):
            on = at - dt.timedelta(weeks=weeks, hours=1)
            start_encounter(by=ana, at=at, episode=course, outcome="attended", starts_at=on)
        ahead = at + dt.timedelta(minutes=30 + 20 * number)
        book_appointment(by=ana, at=at, episode=course, clinician=ana, starts_at=ahead, minutes=15)
        open_risk_item(by=None, at=at, client=client, reason="phq9_item9", source="bench")
        record_referral(
            by=ina, at=at, key=uuid.uuid4(), programme=programme, given_name="New", family_name=f"Referral {number:04d}",
            source="self", received_at=at - dt.timedelta(hours=number),
        )  # fmt: skip


def live_link(cast: "object", at: dt.datetime, client: Client) -> str:
    """The secret of a form link for a client in a course of their own."""
    ana, ina = cast.ana, cast.ina  # type: ignore[attr-defined]
    grant_consent(by=ina, at=at, client=client, how="paper", given_at=at)
    course = open_episode(by=ana, at=at, client=client, protocol="IPT-16", starts_on=at.date())
    return make_link(by=ana, at=at, client=client, measure="phq-9", episode=course)[1]


def whole_course(cast: "object", at: dt.datetime) -> None:
    """Fourteen sessions, thirty sheets and ninety days of calendar for one client."""
    episode, client, ana = cast.cleo_episode, cast.cleo, cast.ana  # type: ignore[attr-defined]
    begin = dt.datetime.combine(episode.starts_on, dt.time(9), dt.UTC)
    sheets = []
    for week in range(14):
        on = begin + dt.timedelta(weeks=week)
        start_encounter(by=ana, at=on, episode=episode, outcome="attended", starts_at=on, key=uuid.uuid4())
        for measure, items in (("phq-9", 9), ("gad-7", 7)):
            name = measure.replace("-", "")
            answers = {
                f"{name}_{item}": max(0, (item + 14 - week) % 4 - (item == 9) * 3)
                for item in range(1, items + 1)
            }
            sheets.append(
                Sheet(
                    client=client,
                    measure=measure,
                    answers=answers,
                    mode="session",
                    answered_at=on,
                    at=on,
                    by=ana,
                    episode=episode,
                    slot=week + 1,
                )
            )
    record_administrations(by=ana, at=at, sheets=sheets)
    monitor(by=ana, at=at, client=client, substance="alcohol", starts_on=episode.starts_on, is_primary=True)
    days = [
        DayEntry(on=episode.starts_on + dt.timedelta(days=n), substance="alcohol", used=n % 5 == 0)
        for n in range(90)
        if n % 11
    ]
    record_use_days(by=ana, at=at, client=client, days=days, source="interview")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:4]))
    assert ZONE

"""One client with so many contacts over years, made through the rooms' actions; prints what the browser needs as JSON."""

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
from tests.cast import make_cast  # noqa: E402

from reknit.base.audit import sealing  # noqa: E402
from reknit.base.clock import now  # noqa: E402
from reknit.care.encounters.actions import start_encounter  # noqa: E402
from reknit.care.formulation.actions import add_event  # noqa: E402
from reknit.care.formulation.entries import EventEntry  # noqa: E402
from reknit.care.measures.actions import record_administrations  # noqa: E402
from reknit.care.measures.sheets import Sheet  # noqa: E402
from reknit.care.substance_use.actions import monitor, record_use_days  # noqa: E402
from reknit.care.substance_use.days import DayEntry  # noqa: E402

APART = dt.timedelta(days=2)  # a contact every other day: 1,000 of them fill five and a half years


def main(contacts: int) -> None:
    """Make the client."""
    call_command("migrate", verbosity=0)
    cast, at = make_cast(), now()
    episode, client, ana = cast.cleo_episode, cast.cleo, cast.ana
    began = at - APART * (contacts + 1)
    type(episode).objects.filter(pk=episode.pk).update(starts_on=began.date(), ends_on=at.date())
    episode.refresh_from_db()
    days = [began + APART * n for n in range(contacts)]
    with transaction.atomic():  # one commit for all
        for on in days:
            start_encounter(
                by=ana, at=on, episode=episode, outcome="attended", starts_at=on, key=uuid.uuid4()
            )
        for n, on in enumerate(days[:: max(1, contacts // 40)]):
            entry = EventEntry(title=f"Something happened, {n}", starts_on=on.date())
            add_event(by=ana, at=at, client=client, entry=entry)
    sheets = [
        Sheet(
            client=client,
            measure="phq-9",
            answers={f"phq9_{item}": (item + n) % 4 for item in range(1, 9)} | {"phq9_9": 0},
            mode="session",
            answered_at=on,
            at=on,
            by=ana,
            episode=episode,
        )
        for n, on in enumerate(days)
    ]
    record_administrations(by=ana, at=at, sheets=sheets, live=False)
    monitor(by=ana, at=at, client=client, substance="alcohol", starts_on=episode.starts_on, is_primary=True)
    entries = [
        DayEntry(on=episode.starts_on + dt.timedelta(days=n), substance="alcohol", used=n % 5 == 0)
        for n in range((at.date() - episode.starts_on).days)
        if n % 11
    ]
    record_use_days(by=ana, at=at, client=client, days=entries, source="interview")
    sealing.BREATH = 0
    sealing.seal()
    browser = Browser()
    browser.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    print(
        json.dumps({"session": browser.cookies[settings.SESSION_COOKIE_NAME].value, "client": str(client.pk)})
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))

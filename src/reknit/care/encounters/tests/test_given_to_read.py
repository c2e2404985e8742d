"""What was given to read in a session stands in its note, and nowhere else."""

import datetime as dt
import uuid

from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast

from reknit.care.encounters import actions
from reknit.care.encounters.facts import facts
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.preparing import prepare
from reknit.care.materials.actions import give_material, take_back_material


def sentences(session: Encounter) -> list[str]:
    """What the note would say of the session's tasks."""
    return [told.sentence for told in facts(prepare(session))["tasks"]]


def test_note_says_what_was_given_in_its_session(cast: Cast, at: dt.datetime) -> None:
    first, second = (
        actions.start_encounter(
            by=cast.ana,
            at=at,
            episode=cast.cleo_episode,
            outcome="attended",
            starts_at=at - dt.timedelta(days=days),
        )
        for days in (7, 0)
    )
    given, _secret = give_material(
        by=cast.ana, at=at, client=cast.cleo, key=uuid.uuid4(), topic="depression", language="en", how="paper",
        encounter_id=second.pk,
    )  # fmt: skip
    said = "Given to read: “What depression is” (English, version 1), on paper."
    assert said in sentences(second) and said not in sentences(first)
    ana = Browser()
    ana.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = ana.get(reverse("encounters:session-show", args=[cast.cleo.pk, second.pk])).content.decode()
    assert said in page and f"?session={second.pk}" in page
    take_back_material(by=cast.ana, at=at, given=given)
    assert said not in sentences(second)

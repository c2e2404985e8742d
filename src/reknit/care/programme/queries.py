"""Reads about a course."""

import datetime as dt

from reknit.care.consent.queries import has_care_consent
from reknit.care.people.models import Client
from reknit.core.programme.gates import Decision, consent_gate

from .models import Episode, TaskCompletion


def current_episode(client: Client) -> Episode | None:
    """The open episode, else the latest closed one, else nothing."""
    return Episode.objects.filter(client=client).order_by("-status", "-starts_on").first()


def tasks_done(episode: Episode) -> set[str]:
    """Codes of every task done so far in the course."""
    return set(TaskCompletion.objects.filter(episode=episode).values_list("code", flat=True))


def clinical_content(client: Client, *, at: dt.datetime, emergency_reason: str | None = None) -> Decision:
    """Gate G01: may clinical content be written about this client now?"""
    return consent_gate(has_care_consent(client, at=at), emergency_reason)

"""Reads of notes kept apart, always asked for by somebody: what this person may read of a session, and nothing else."""

import datetime as dt

from reknit.base.accounts.models import Role, User
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.models.apart import APART, NoteGiven, NoteKeptApart
from reknit.care.people.models import SupervisoryLine, current


def own_notes(user: User, encounter: Encounter) -> dict[str, NoteKeptApart]:
    """What this person wrote about a session, by kind. Two queries."""
    found = (model._default_manager.filter(encounter=encounter, author=user).first() for model in APART)
    return {note.KIND: note for note in found if note is not None}


def opened_notes(user: User, encounter: Encounter, *, on: dt.date) -> list[NoteKeptApart]:
    """What authors whom this person supervises now have opened to them. Two queries; none for others."""
    if not user.has(Role.SUPERVISOR):
        return []
    mine = SupervisoryLine.objects.filter(current(on), supervisor=user).values("supervisee")
    return [
        note
        for model in APART
        for note in model._default_manager.filter(
            encounter=encounter, author__in=mine, opened_at__isnull=False
        ).select_related("author")
    ]


def given_by(user: User, encounter: Encounter) -> list[NoteGiven]:
    """To whom this person gave their own notes of a session, latest first. One query."""
    rows = NoteGiven.objects.filter(encounter=encounter, given_by=user).select_related("consent")
    return list(rows.order_by("-given_at", "id"))

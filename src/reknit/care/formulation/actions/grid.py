"""Writing the next version of the biopsychosocial grid."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError
from reknit.care.formulation.entries import sentence
from reknit.care.formulation.grid import evidence_of, latest_grid
from reknit.care.formulation.models import Grid
from reknit.care.programme.models import Episode

from .common import locked

MOST = 2000


@action
def save_grid(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    based_on: int,
    words: Mapping[str, str],
    rests_on: Mapping[str, Collection[str]],
) -> Grid:
    """Write the next version, based on the one that was read. What cells rest on is linked, never copied."""
    episode = locked(episode)
    kept = {
        cell: sentence(words.get(cell, ""), field=cell, most=MOST, required=False)
        for cell in Grid.Cell.values
    }
    kept = {cell: said for cell, said in kept.items() if said}
    if not kept:
        raise DomainError(_("Write something in at least one cell."), field=Grid.Cell.BIOLOGICAL)
    linked = {cell: sorted(set(keys)) for cell, keys in rests_on.items() if keys and cell in Grid.Cell.values}
    known = evidence_of(episode.client) if linked else {}
    for cell, keys in linked.items():
        if set(keys) - set(known):
            raise DomainError(_("Choose from what is in this client's record."), field=f"{cell}_links")
    stands = latest_grid(episode)
    if stands and (stands.words, stands.rests_on) == (kept, linked):
        audit.unchanged()
        return stands
    if (stands.version if stands else 0) != based_on:
        raise Conflict(
            _("Somebody else saved the grid while you wrote. Read theirs, then save again."), theirs=stands
        )
    grid = Grid.objects.create(
        episode=episode, version=based_on + 1, words=kept, rests_on=linked, by=by, at=at
    )
    detail = {"version": grid.version, "cells": sorted(kept)}
    audit.record("save grid", by=by, at=at, subject=grid, client=episode.client_id, detail=detail)
    return grid

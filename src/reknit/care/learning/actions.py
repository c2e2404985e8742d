"""Opening a practice course, moving it on, and putting it away."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import DomainError
from reknit.base.races import hold
from reknit.care.consent.actions import grant_consent
from reknit.care.encounters.actions import start_encounter
from reknit.care.encounters.models import Encounter
from reknit.care.learning.access import may_run
from reknit.care.people.access import may_practise
from reknit.care.people.actions import add_sandbox_client, end_sandbox_client
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_read_protocol
from reknit.care.programme.actions import open_episode, record_fact, set_task
from reknit.care.programme.models import Episode
from reknit.care.programme.protocol_page import find_version
from reknit.care.programme.queries import course_of, current_episode
from reknit.core.programme.facts import fact_kinds
from reknit.core.programme.protocol import LibraryTask, ProtocolTemplate
from reknit.core.programme.template import template

MADE_UP_SCORES = (
    "score"  # a score is never made up: the task is ticked, and the questionnaire stays unanswered
)


@action
def open_sandbox(*, by: User, at: dt.datetime, name: str, protocol: str, version: str) -> Client:
    """Open a practice course on any version this person may read, with a made-up client."""
    may_practise(by).or_refuse()
    found = find_version(protocol, version)
    if found is None or not may_read_protocol(by, found.row):
        raise DomainError(_("Choose a protocol from the list."), field="protocol")
    if not name.strip():
        raise DomainError(_("Invent a first name."), field="name")
    client = add_sandbox_client(by=by, at=at, name=name)
    grant_consent(by=by, at=at, client=client, how="paper", given_at=at)
    plan = template(protocol, version)
    # Dated back by its whole length, so that sessions moved through have days to lie on.
    began = local_date(at, zone()) - dt.timedelta(days=plan.cadence_days * plan.planned_sessions)
    open_episode(by=by, at=at, client=client, protocol=protocol, version=version, starts_on=began)
    return client


@action
def forward_sandbox(*, by: User, at: dt.datetime, client: Client, to: int) -> int:
    """Move a practice course on to a session: what each one asks for is marked as done, without its words.

    Sessions lie one cadence apart and end now. Facts are of now, a second apart, so that they are read in order. Answers
    to the session it had reached: the number of sessions moved through.
    """
    client = hold(client)
    may_run(by, client).or_refuse()
    episode = current_episode(client)
    if episode is None or episode.status != Episode.Status.OPEN:
        raise DomainError(_("This practice course is closed. Start it again to move on."))
    course = course_of(episode)
    if not course.slot < to <= course.template.planned_sessions:
        raise DomainError(
            _("Choose a session from %(first)s to %(last)s.")
            % {"first": course.slot + 1, "last": course.template.planned_sessions},
            field="to",
        )
    reached = course.slot
    for slot in range(reached + 1, to + 1):
        moment = at - dt.timedelta(seconds=to - slot)
        starts_at = _day_of(episode, course.template, slot, to, at)
        encounter = start_encounter(
            by=by, at=moment, episode=episode, outcome=Encounter.Outcome.ATTENDED, starts_at=starts_at
        )
        for task_slot in (0, 1) if slot == 1 else (slot,):
            _do(by, moment, episode, encounter, course.template, task_slot)
    audit.record(
        "move practice course on",
        by=by,
        at=at,
        subject=episode,
        client=client,
        detail={"from": reached, "to": to},
    )
    return to - reached


@action
def end_sandbox(*, by: User, at: dt.datetime, client: Client) -> Client:
    """Put a practice course away. Nobody opens it again."""
    return end_sandbox_client(by=by, at=at, client=client)


@action
def restart_sandbox(*, by: User, at: dt.datetime, client: Client) -> Client:
    """Begin a practice course anew, on the same version with the same made-up name; the old one is put away."""
    may_run(by, client).or_refuse()
    episode = current_episode(client)
    if episode is None:
        raise DomainError(_("This practice course is not there any more."))
    end_sandbox_client(by=by, at=at, client=client)
    return open_sandbox(
        by=by, at=at, name=client.given_name, protocol=episode.protocol, version=episode.protocol_version
    )


def _day_of(episode: Episode, plan: ProtocolTemplate, slot: int, to: int, at: dt.datetime) -> dt.datetime:
    """When a session is put: one cadence before the next; after the latest one that was written by hand."""
    latest = Encounter.objects.filter(episode=episode).order_by("-starts_at").first()
    day = at - dt.timedelta(days=plan.cadence_days * (to - slot))
    return max(day, min(latest.starts_at + dt.timedelta(minutes=1), at)) if latest else day


def _do(
    by: User, at: dt.datetime, episode: Episode, encounter: Encounter, plan: ProtocolTemplate, slot: int
) -> None:
    """Mark what a session asks for: core and asked-for work. What depends on a condition, or is free, is left."""
    codes = {
        task.code: plan.library[task.code]
        for task in plan.tasks
        if task.klass in ("CORE", "REQ")
        and (task.latest_slot == slot or task.every and task.every[0] <= slot <= task.every[1])
    }
    for words in codes.values():
        facts = list(_facts(words))
        for kind, value in facts:
            record_fact(by=by, at=at, episode=episode, kind=kind, source="learning", value=value, slot=slot)
        if not facts:
            set_task(
                by=by,
                at=at,
                episode=episode,
                code=words.code,
                encounter_id=encounter.pk,
                done=True,
                slot=slot,
            )


def _facts(words: LibraryTask) -> Iterable[tuple[str, dict[str, str]]]:
    """The facts that show a task was done, by their names; a score is left out."""
    for name in words.left_by_all or words.left_by[:1]:
        kind, _slash, part = name.partition("/")
        if kind == MADE_UP_SCORES:
            continue
        key = fact_kinds()[kind].key
        yield kind, {key: part} if key and part else {}

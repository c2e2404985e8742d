"""Loading the sample: an empty installation becomes a made-up clinic with twelve weeks behind it."""

import datetime as dt
import random
import sys
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from tqdm import tqdm

from reknit.base.accounts.actions import add_person
from reknit.base.accounts.models import Role, User
from reknit.base.audit.models import AuditEvent
from reknit.base.audit.record import writing
from reknit.base.audit.sealing import seal_in_large_batches
from reknit.base.clock import local_date, now
from reknit.base.errors import DomainError
from reknit.care.encounters.models import Room
from reknit.care.people.actions import give_sign_in
from reknit.care.people.models import Client, Site

from . import words
from .answers import TRENDS, Person
from .booking import book_ahead, open_rooms
from .brief import tell_in_brief
from .codes import open_table, tell_codes
from .course import Course
from .courses import tell_in_full
from .diary import ZONE, Diary, Hour, meetings, working_day
from .endings import end_course
from .group import FEWEST_CLIENTS, SIZE, tell_group
from .plan import FIRST, Part, Stage, Trait, Turn, parts
from .referrals import stay_outside, take_on
from .risk import tell_risk
from .staff import CLIENT_ADDRESSES, PASSWORD, PEOPLE, Clinic, address, open_clinic
from .supervision import tell_supervision
from .use import mix_of, pattern
from .waiting import FEWEST_WITH_A_WAIT, tell_waiting

HISTORY = dt.timedelta(weeks=12, days=2)
COURSE_SESSIONS = 16
MOST_MEETINGS = 17
"""As many as fit the weeks told here, missed ones among them."""

SignIn = tuple[str, str, str]  # role in words, e-mail address, password


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was made, and how to sign in to it."""

    clients: int
    sign_ins: list[SignIn]
    sentence: str


def is_loaded() -> bool:
    """Whether this installation holds the sample clinic."""
    return Site.objects.filter(is_sample=True).exists()


def sign_ins() -> list[SignIn]:
    """One sign-in for each role of the sample clinic; nothing for any other clinic."""
    if not is_loaded():
        return []
    wanted = [(title, address(name)) for name, title, _who, _role in PEOPLE]
    wanted += [(title, address(name)) for name, title in CLIENT_ADDRESSES]
    there = set(
        User.objects.filter(email__in=[email for _title, email in wanted]).values_list("email", flat=True)
    )
    return [(title, email, PASSWORD) for title, email in wanted if email in there]


def load_sample(
    *, clients: int = 40, seed: int = 7, progress: bool = True, at: dt.datetime | None = None
) -> SampleSummary:
    """Make the sample clinic, whose history ends at `at`. The same seed and time make the same clinic.

    The first forty clients are told in full. Those after them make a large clinic: their courses are shorter (up to
    nine sessions), and told in brief (see `brief`): every session has its note, sheets and days, but only the latest
    note has words of its own, and there are no letters. One transaction for each client, and no client is kept in
    memory.
    """
    if User.objects.exists() or Client.objects.exists() or Site.objects.exists():
        raise DomainError(
            _("There are people here already. A sample is only loaded into an empty installation.")
        )
    at = at or now()
    today = local_date(at, ZONE)
    with writing():
        clinic = open_clinic(at=at, today=today, begins_at=at - HISTORY, clients=clients)
        open_table(clinic)
        rooms = open_rooms(clinic.administrator, at=at - HISTORY)
    diaries = [Diary(random.Random(f"{seed} diary {n}"), today=today) for n in range(len(clinic.therapists))]
    made: Counter[Stage] = Counter()
    shown = tqdm(
        parts(clients),
        total=clients,
        desc="Clients",
        unit="",
        file=sys.stderr,
        disable=not progress,
        leave=False,
    )
    for index, part in enumerate(shown):
        with writing():
            _make_client(clinic, diaries[part.therapist], rooms, index, seed, part)
        made[part.stage] += 1
    with writing():
        tell_risk(clinic)
    has_group = clients >= FEWEST_CLIENTS
    if has_group:
        with writing():
            tell_group(clinic, seed=seed, first_index=clients)
    if clients >= FEWEST_WITH_A_WAIT:
        with writing():
            tell_waiting(clinic, seed=seed, first_index=clients + SIZE)
        tell_supervision(clinic, seed)
    _seal(progress=progress)
    counts = ", ".join(f"{count} {words.STAGES[stage]}" for stage, count in made.items())
    sentence = _("A made-up clinic of %(clients)s clients: %(counts)s.") % {
        "clients": clients,
        "counts": counts,
    }
    if has_group:
        sentence += " " + _("Beside them %(n)s people meet in a group.") % {"n": SIZE}
    return SampleSummary(clients=clients, sign_ins=sign_ins(), sentence=sentence)


def _seal(*, progress: bool) -> None:
    """Seal the whole record of the making, as the running clinic would have done from the first day."""
    waiting = AuditEvent.objects.filter(position=None).count()
    with tqdm(
        total=waiting,
        desc="Sealing the audit record",
        unit="",
        file=sys.stderr,
        disable=not progress,
        leave=False,
    ) as shown:
        for sealed in seal_in_large_batches():
            shown.update(sealed)


def _make_client(clinic: Clinic, diary: Diary, rooms: list[Room], index: int, seed: int, part: Part) -> None:
    rng = random.Random(f"{seed} client {index}")
    if not part.stage.has_course:
        stay_outside(clinic, rng, index, seed, part.stage, index)
        return
    course = _begin(clinic, diary, rng, index, seed, part)
    if part.has(Trait.SIGN_IN):
        _give_sign_in(clinic, course)
    in_full = index < len(FIRST)
    if in_full:
        tell_in_full(course)
        book_ahead(course, rooms, seed=seed)
    else:
        tell_in_brief(course)
    tell_codes(course)
    if part.stage is Stage.CLOSED:
        end_course(course, in_full=in_full)


def _begin(clinic: Clinic, diary: Diary, rng: random.Random, index: int, seed: int, part: Part) -> Course:
    """Plan a course around the therapist's free hours, and take the client on."""
    weekly = _weekly_hour(clinic, diary, part)
    missed = _missed(rng, part)
    extra = diary.take(other_than=weekly.weekday) if part.sessions + missed > 9 else None
    closed = part.stage is Stage.CLOSED
    before = clinic.today - dt.timedelta(days=3 + rng.randint(0, 6)) if closed else clinic.today
    latest_on = weekly.latest_before(before)
    planned = meetings(
        weekly,
        extra,
        attended=part.sessions,
        missed=missed,
        latest_on=latest_on,
        rng=rng,
        in_a_row=Turn.MISSED_TWICE in part.turns,
    )
    next_on = latest_on + dt.timedelta(weeks=1)
    first_on = local_date(planned[0].starts_at, ZONE) if planned else next_on
    left = COURSE_SESSIONS - part.sessions
    ends_on = latest_on + dt.timedelta(weeks=left)
    person = Person(rng, TRENDS[index % len(TRENDS)])
    return Course(
        clinic=clinic,
        rng=rng,
        part=part,
        index=index,
        episode=take_on(clinic, rng, index, seed, part, first_on=first_on, ends_on=ends_on),
        weekly=weekly,
        meetings=planned,
        story=words.stories()[(index * 3) % len(words.stories())],
        person=person,
        pattern=pattern(rng),
        substances=mix_of(index),
        next_at=None if closed else weekly.on(next_on),
    )


def _weekly_hour(clinic: Clinic, diary: Diary, part: Part) -> Hour:
    if part.has(Trait.TODAY):
        return diary.take(weekday=diary.busy_weekday)
    if part.has(Trait.DRAFT):
        return diary.take(weekday=working_day(clinic.today - dt.timedelta(days=4)).weekday())
    if part.has(Trait.AWAITING_COSIGN):
        return diary.take(weekday=working_day(clinic.today - dt.timedelta(days=1)).weekday())
    return diary.take()


def _missed(rng: random.Random, part: Part) -> int:
    """How many meetings the client did not come to; short courses have none."""
    wished = rng.choices((0, 1, 2), (5, 3, 2))[0] if part.sessions > 3 else 0
    if Turn.MISSED_TWICE in part.turns:
        return 2
    room = MOST_MEETINGS if part.sessions > 10 else 9
    return max(0, min(wished, room - part.sessions))


def _give_sign_in(clinic: Clinic, course: Course) -> None:
    """A client's own sign-in, made when they were taken on."""
    name = CLIENT_ADDRESSES[1 if course.part.stage is Stage.CLOSED else 0][0]
    at, client = course.episode.opened_at, course.client
    course.user = add_person(
        by=clinic.administrator,
        at=at,
        email=address(name),
        name=client.name,
        roles=[Role.CLIENT],
        password=PASSWORD,
    )
    give_sign_in(by=clinic.administrator, at=at, client=client, user=course.user)

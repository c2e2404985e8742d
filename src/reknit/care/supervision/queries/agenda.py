"""The agenda: what each supervisee's courses raise, gathered with a fixed number of queries however many there are."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.care.encounters.models import ProgressNote
from reknit.care.groups.queries.owed import Raised, raised_by
from reknit.care.people.models import CareTeamMember, Client, about_clients_seen_by, current
from reknit.care.people.queries import zone
from reknit.care.programme.models import Amendment, Episode
from reknit.care.programme.queries import courses_of
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.queries import Returns, returns_for_supervision
from reknit.care.supervision.access import supervisees_of
from reknit.care.supervision.models import (
    Approval,
    Decision,
    HourCase,
    Rating,
    SampledSession,
    SupervisionHour,
)
from reknit.care.supervision.queries.skills import Skill, open_skills
from reknit.core.supervision import agenda as rules
from reknit.core.supervision.agenda import raised

LEFT = (Client.Status.CLOSED, Client.Status.NOT_TAKEN_UP)
PAGES = {
    "risk": "safety:risk-client",
    "response": "encounters:session-list",
    "lapse": "substance_use:report-list",
    "returns": "coordination:level-show",
    "missed": "encounters:session-list",
    "formulation": "formulation:story-show",
    "contract": "programme:agreement-show",
    "override": "programme:course-map",
    "switch": "formulation:story-show",
    "ending": "closure:closing-show",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One reason in words, with the page on which it is looked at."""

    kind: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class CourseOnAgenda:
    """One course that is raised, with its reasons."""

    episode: Episode
    lines: tuple[Line, ...]

    @property
    def client(self) -> Client:
        return self.episode.client

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.lines]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the supervisor over one supervisee: notes to co-sign, sessions to rate."""

    notes: int
    oldest_days: int | None
    to_rate: int


@dataclass(frozen=True, slots=True)
class PersonOnAgenda:
    """One supervisee: raised courses, those that raise nothing, decisions that stand open, and what waits."""

    person: User
    courses: tuple[CourseOnAgenda, ...]
    groups: tuple[Raised, ...]
    skills: tuple[Skill, ...]
    quiet: tuple[Episode, ...]
    decisions: tuple[Decision, ...]
    waiting: Waiting
    draft: SupervisionHour | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """Everybody whose work this person answers for, and how many requests wait for an answer."""

    people: tuple[PersonOnAgenda, ...]
    requests: int
    seen: frozenset[uuid.UUID]  # clients of open decisions whose names this person may read


def agenda(user: User, *, on: dt.date, at: dt.datetime, only: Collection[uuid.UUID] | None = None) -> Agenda:
    """The whole agenda, or that of some supervisees. Twenty-four queries at most."""
    people = list(supervisees_of(user, on=on))
    if only is not None:
        people = [one for one in people if one.pk in only]
    keys = [one.pk for one in people]
    courses = _courses(keys, on=on)
    on_it = raised_courses([one for theirs in courses.values() for one in theirs], today=on)
    decisions = open_decisions(keys)
    waiting = _waiting(user, keys, on=on)
    drafts: dict[uuid.UUID, SupervisionHour] = {}
    for hour in SupervisionHour.objects.filter(supervisor=user, state="draft").prefetch_related("members"):
        drafts |= {member.supervisee_id: hour for member in hour.members.all()}
    groups = raised_by(keys, reader=user, at=at, today=on)
    skills = open_skills(keys)
    found = []
    for person in people:
        theirs = [on_it[one.pk] for one in courses[person.pk] if one.pk in on_it]
        found.append(
            PersonOnAgenda(
                person=person,
                courses=tuple(theirs),
                groups=tuple(groups.get(person.pk, ())),
                skills=tuple(skills.get(person.pk, ())),
                quiet=_by_name(one for one in courses[person.pk] if one.pk not in on_it),
                decisions=tuple(one for one in decisions if one.supervisee_id == person.pk),
                waiting=waiting[person.pk],
                draft=drafts.get(person.pk),
            )
        )
    return Agenda(tuple(found), requests_waiting(keys), seen_in(decisions, user, on=on))


def _courses(supervisees: Collection[uuid.UUID], *, on: dt.date) -> dict[uuid.UUID, list[Episode]]:
    """The latest course of every client each of them leads, people without the closed ones. Two queries."""
    leads = CareTeamMember.objects.filter(
        current(on), clinician__in=supervisees, part=CareTeamMember.Part.LEAD, client__sandbox_of=None
    ).exclude(client__status__in=LEFT)
    rows = Episode.objects.filter(client__in=leads.values("client")).select_related("client")
    latest: dict[uuid.UUID, Episode] = {}
    for episode in rows.order_by("status", "-starts_on"):  # closed stands before open
        if episode.client_id not in latest or episode.status == Episode.Status.OPEN:
            latest[episode.client_id] = episode
    # Asked of those who have a course; on the day of a change the therapist who stays comes last, and counts.
    staying_last = leads.order_by(F("ends_on").asc(nulls_last=True), "starts_on", "pk")
    lead_of = dict(staying_last.filter(client__in=list(latest)).values_list("client", "clinician"))
    found: dict[uuid.UUID, list[Episode]] = defaultdict(list)
    for client_id, episode in latest.items():
        found[lead_of[client_id]].append(episode)
    return found


def _by_name(episodes: Iterable[Episode]) -> tuple[Episode, ...]:
    return tuple(
        sorted(episodes, key=lambda one: (one.client.family_name, one.client.given_name, str(one.pk)))
    )


def raised_courses(episodes: Collection[Episode], *, today: dt.date) -> dict[uuid.UUID, CourseOnAgenda]:
    """Those of these courses that raise something, the most pressing first. Seven queries."""
    read = courses_of(episodes)
    clients = [one.client_id for one in episodes]
    risks = Counter(
        RiskItem.objects.filter(client__in=clients, status=RiskItem.Status.OPEN).values_list(
            "client", flat=True
        )
    )
    signed = HourCase.objects.filter(episode__in=list(read), hour__state="signed")
    discussed = dict(
        signed.values("episode").annotate(at=Max("hour__signed_at")).values_list("episode", "at")
    )
    returns = returns_for_supervision(clients, today=today)
    found = []
    for episode in episodes:
        reasons = raised(
            read[episode.pk],
            risks=risks[episode.client_id],
            returns=_returns(returns.get(episode.client_id), discussed.get(episode.pk)),
            discussed_at=discussed.get(episode.pk),
            is_open=episode.status == Episode.Status.OPEN,
        )
        if reasons:
            found.append((reasons[0].rank, episode, reasons))
    found.sort(key=lambda one: (one[0], one[1].client.family_name, one[1].client.given_name, str(one[1].pk)))
    return {
        episode.pk: CourseOnAgenda(episode, tuple(_line(one, episode) for one in reasons))
        for _rank, episode, reasons in found
    }


def _returns(found: Returns | None, discussed_at: dt.datetime | None) -> int | None:
    """How many returns to use met the rule, until an hour has talked about the course since the latest day of it."""
    if found is None:
        return None
    if discussed_at and local_date(discussed_at, zone()) > found.latest:
        return None
    return len(found.starts)


def _line(one: rules.Raised, episode: Episode) -> Line:
    return Line(one.kind, sentence(one), reverse(PAGES[one.kind], args=[episode.client_id]))


def sentence(one: rules.Raised) -> str:
    """A reason in plain words."""
    facts = one.facts
    n = int(facts.get("n", 0))
    if one.kind == "risk":
        return ngettext("%(n)d risk item is open.", "%(n)d risk items are open.", n) % {"n": n}
    if one.kind == "lapse":
        words = ngettext(
            "%(n)d return to use is to be looked at.", "%(n)d returns to use are to be looked at.", n
        )
        return words % {"n": n}
    if one.kind == "returns":
        if n < 2:
            return _("Use has become regular again: is this level of care still right?")
        return _("%(n)d returns to use in 30 days: is this level of care still right?") % {"n": n}
    if one.kind == "missed":
        return (_("%(n)d sessions missed in a row.") if facts["row"] else _("%(n)d sessions missed.")) % {
            "n": n
        }
    if one.kind == "ending":
        return ngettext("%(n)d planned session is left.", "%(n)d planned sessions are left.", n) % {"n": n}
    if one.kind == "switch":
        return ngettext("The focus was switched.", "The focus was switched %(n)d times.", n) % {"n": n}
    return {
        "response": _("Too little change at the mid-course review, and no decision about it yet."),
        "formulation": _("No formulation was shared by session %(slot)s."),
        "contract": _("No agreement was made by session %(slot)s."),
        "override": _("A gate was passed with a reason: %(gates)s."),
    }[one.kind] % dict(facts)


def kind_words(kind: str) -> str:
    """A kind of reason as a short label, as it is kept with a case."""
    return {
        "risk": _("open risk"),
        "response": _("little change"),
        "lapse": _("return to use"),
        "returns": _("returns to use, level of care"),
        "missed": _("missed sessions"),
        "formulation": _("no formulation"),
        "contract": _("no agreement"),
        "override": _("gate passed"),
        "switch": _("focus switched"),
        "ending": _("ending near"),
    }.get(kind, kind)


def open_decisions(supervisees: Collection[uuid.UUID]) -> list[Decision]:
    """What was decided in a signed hour and is not done, the earliest due first. One query."""
    rows = Decision.objects.filter(supervisee__in=supervisees, done_at=None, hour__state="signed")
    return list(rows.select_related("owner", "hour", "case__episode__client").order_by("due_on", "pk"))


def seen_in(decisions: Collection[Decision], user: User, *, on: dt.date) -> frozenset[uuid.UUID]:
    """The clients of these decisions whose charts are open to this person. One query."""
    clients = {one.case.episode.client_id for one in decisions if one.case}
    return frozenset(
        Client.objects.visible_to(user, on=on).filter(pk__in=clients).values_list("pk", flat=True)
    )


def _waiting(user: User, supervisees: list[uuid.UUID], *, on: dt.date) -> dict[uuid.UUID, Waiting]:
    """Notes of each supervisee that wait, with the age of the oldest, and sessions this person has not rated. Two queries."""
    waiting = ProgressNote.objects.filter(
        state=ProgressNote.State.AWAITING_COSIGN, author__in=supervisees, encounter__client__sandbox_of=None
    )
    notes = {
        row["author"]: row
        for row in waiting.filter(about_clients_seen_by(user, on=on, client="encounter__client"))
        .values("author")
        .annotate(n=Count("pk"), oldest=Min("signed_at"))
    }
    to_rate = Counter(sampled_to_rate(supervisees).values_list("therapist", flat=True))
    found = {}
    for key in supervisees:
        row = notes.get(key)
        days = (on - local_date(row["oldest"], zone())).days if row else None
        found[key] = Waiting(row["n"] if row else 0, days, to_rate[key])
    return found


def sampled_to_rate(supervisees: Collection[uuid.UUID]) -> QuerySet[SampledSession]:
    """Sessions drawn that no supervisor has handed a rating in for."""
    handed_in = Rating.objects.filter(sampled=OuterRef("pk"), part="first", handed_in_at__isnull=False)
    sampled = SampledSession.objects.filter(therapist__in=supervisees, left_out="")
    return sampled.filter(~Exists(handed_in))


def requests_waiting(supervisees: Collection[uuid.UUID]) -> int:
    """Requests and extensions of these people that wait for an answer. Two queries."""
    asked = Q(asked_by__in=supervisees)
    requests = Approval.objects.filter(asked, state=Approval.State.WAITING, episode__client__sandbox_of=None)
    extensions = Amendment.objects.filter(
        asked, state=Amendment.State.ASKED, episode__client__sandbox_of=None
    )
    return requests.exclude(kind=Approval.Kind.EXTENSION).count() + extensions.count()

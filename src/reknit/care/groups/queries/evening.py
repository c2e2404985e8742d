"""The room before it meets: everybody who is expected, with what their charts say that a facilitator needs now."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reknit.base.accounts.models import User
from reknit.base.ui.figures import ScorePoint
from reknit.care.encounters.models import Intention
from reknit.care.groups.models import Attendance, GroupRun, GroupSession, Member, Turn
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import current
from reknit.care.people.models import Client
from reknit.care.safety.models import RiskItem
from reknit.care.safety.queries import open_by_client
from reknit.core.groups import roster, turns
from reknit.core.safety.triggers import reason as risk_reason

from .runs import came, in_order, on_the_list, outcomes_of, sessions_of, still_to_come

MOOD, CHECK_IN = "phq-9", "group-checkin"


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of one measure, oldest first, and the latest and the first of them."""

    points: tuple[ScorePoint, ...] = ()
    first: Decimal | None = None
    latest: Decimal | None = None

    @property
    def has_change(self) -> bool:
        return len(self.points) > 1


@dataclass(frozen=True, slots=True)
class Expected:
    """One member of tonight. Where the chart is not open to whoever looks, there is a name and nothing more."""

    member: Member
    is_open: bool
    mood: Scored
    check_in: Scored
    risk: tuple[tuple[RiskItem, str], ...]
    to_try: Intention | None
    worked_last: bool
    is_quiet: bool
    came: int
    missed_in_a_row: int
    is_new: bool

    @property
    def client(self) -> Client:
        return self.member.client

    @property
    def notes(self) -> list[str]:
        """What is to be kept in mind, in words."""
        found = []
        if self.is_new:
            found.append(_("First session"))
        if self.worked_last:
            found.append(_("Worked last time"))
        if self.is_quiet:
            found.append(_("Has been quiet"))
        if self.missed_in_a_row:
            found.append(
                ngettext("Missed last time", "Missed %(n)s in a row", self.missed_in_a_row)
                % {"n": self.missed_in_a_row}
            )
        return found


@dataclass(frozen=True, slots=True)
class Evening:
    """The whole page."""

    session: GroupSession
    expected: tuple[Expected, ...]
    left: int
    turn_due: tuple[str, ...]

    @property
    def open_risk(self) -> int:
        return sum(len(one.risk) for one in self.expected)

    @property
    def is_below_least(self) -> bool:
        """Whether fewer are on the list than are needed to meet."""
        return len(self.expected) < roster.LEAST_TO_MEET


def evening(run: GroupRun, session: GroupSession, user: User, *, on: dt.date) -> Evening:
    """Everybody on the list of a session. Ten queries, however many they are."""
    sessions = sessions_of(run)
    members = in_order(on_the_list(run.members.select_related("client", "episode"), session))
    seen = set(
        Client.objects.visible_to(user, on=on)
        .filter(pk__in=[one.client_id for one in members])
        .values_list("pk", flat=True)
    )
    known = outcomes_of(run)
    taken = [one for one in turns_of(run) if one.session < session.number]
    been = {str(one.pk): [n for n in came(known.get(one.pk, [])) if n < session.number] for one in members}
    before = max((n for numbers in been.values() for n in numbers), default=0)
    worked = {one.worker for one in taken if one.session == before}
    quiet = set(turns.quiet(been, taken))
    scores = _scores(seen)
    risk = open_by_client(seen)
    tries = _to_try(members)
    expected = tuple(
        Expected(
            member=one,
            is_open=one.client_id in seen,
            mood=scores.get((one.client_id, MOOD), Scored()),
            check_in=scores.get((one.client_id, CHECK_IN), Scored()),
            risk=tuple((item, risk_reason(item.reason).sentence) for item in risk.get(one.client_id, [])),
            to_try=tries.get(one.episode_id) if one.client_id in seen else None,
            worked_last=str(one.pk) in worked,
            is_quiet=str(one.pk) in quiet,
            came=len(been[str(one.pk)]),
            missed_in_a_row=roster.in_a_row(
                row.outcome for row in known.get(one.pk, []) if row.session.number < session.number
            ),
            is_new=not known.get(one.pk),
        )
        for one in members
    )
    names = {str(one.pk): one.client.name for one in members}
    due = tuple(names[key] for key in turns.next_to_work(been, taken)[:3])
    return Evening(session, expected, still_to_come(sessions, session), due)


def turns_of(run: GroupRun) -> list[turns.Turn]:
    """Every turn of the run's signed sessions, in order. Two queries."""
    rows = (
        Turn.objects.filter(session__run=run, session__state=GroupSession.State.SIGNED)
        .select_related("session")
        .prefetch_related("responses")
        .order_by("session__number", "position")
    )
    return [
        turns.Turn(
            row.session.number,
            str(row.member_id),
            row.focus,
            tuple(str(one.member_id) for one in row.responses.all()),
        )
        for row in rows
    ]


def _scores(clients: set[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Scored]:
    found: dict[tuple[uuid.UUID, str], list[Administration]] = {}
    rows = current(clients).filter(measure__in=(MOOD, CHECK_IN)).defer("answers")
    for row in rows:
        found.setdefault((row.client_id, row.measure), []).append(row)
    return {key: _scored(sheets) for key, sheets in found.items()}


def _scored(sheets: list[Administration]) -> Scored:
    totals = [sheet.total for sheet in sheets if sheet.total is not None]
    points = tuple(
        ScorePoint(
            label=str(sheet.slot or place),
            value=None if sheet.total is None else float(sheet.total),
            state="prorated" if sheet.state == "prorated" else "measured",
        )
        for place, sheet in enumerate(sheets, start=1)
    )
    return Scored(points, totals[0] if totals else None, totals[-1] if totals else None)


def _to_try(members: list[Member]) -> dict[uuid.UUID, Intention]:
    """The latest thing each means to try. One query."""
    found: dict[uuid.UUID, Intention] = {}
    rows = Intention.objects.filter(encounter__episode__in=[one.episode_id for one in members])
    for row in rows.select_related("encounter").order_by("encounter__starts_at"):
        found[row.encounter.episode_id] = row
    return found


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One member in the matrix: how often they worked on each focus, and their part of all turns."""

    member: Member
    short: str
    worked: tuple[int, ...]
    turns: int
    share: int | None
    by: int
    to: int
    cells: tuple[int | None, ...]  # responses of the row's member to each column's; nothing to themselves
    came: int


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The whole matrix."""

    foci: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    total: int

    @property
    def most(self) -> int:
        return max((one.turns for one in self.rows), default=0)


def matrix_page(run: GroupRun, labels: dict[str, str], shorts: dict[uuid.UUID, str]) -> MatrixPage:
    """Who works on which focus and who responds to whom, over the signed sessions. Four queries."""
    members = in_order(run.members.filter(starts_on__isnull=False).select_related("client"))
    known = outcomes_of(run)
    found = turns.matrix(turns_of(run), [str(one.pk) for one in members])
    rows = []
    for one in members:
        key = str(one.pk)
        share = found.share_of(key)
        rows.append(
            MatrixRow(
                member=one,
                short=shorts[one.pk],
                worked=tuple(found.worked.get((key, focus), 0) for focus in found.foci),
                turns=found.turns_of(key),
                share=None if share is None else round(100 * share),
                by=found.responses_by(key),
                to=found.responses_to(key),
                cells=tuple(
                    None if other == key else found.responded.get((key, other), 0) for other in found.people
                ),
                came=len(came(known.get(one.pk, []))),
            )
        )
    return MatrixPage(tuple(labels[focus] for focus in found.foci), tuple(rows), found.total)


def came_to(session: GroupSession) -> list[Attendance]:
    """Who came to a session, with their names."""
    rows = session.attendances.filter(outcome=Attendance.Outcome.ATTENDED)
    return list(rows.select_related("member__client", "member__episode"))

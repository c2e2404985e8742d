"""The climate of a run: each scale at each set session, who stands apart, and where it goes."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from reknit.base.ui.figures import ScorePoint
from reknit.care.groups.models import GroupRun, GroupSession, Member
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import is_offered
from reknit.core.groups import climate
from reknit.core.measures import catalogue
from reknit.core.measures.scoring import score
from reknit.core.programme.template import template

from .runs import in_order

GCQ, CHECK_IN = "gcq-s", "group-checkin"
TITLES = {"engaged": "Engaged", "avoiding": "Avoiding", "conflict": "Conflict", "check_in": "Group check-in"}
SCALE = {"check_in": (0, 10)}


@dataclass(frozen=True, slots=True)
class Column:
    """One set session: the spread of a scale in it, and who stood apart."""

    session: GroupSession
    spread: climate.Spread
    outlying: tuple[tuple[Member, climate.Outlying], ...]


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One scale over the run."""

    code: str
    title: str
    high: int
    columns: tuple[Column, ...]
    trend: climate.Direction | None
    higher_is_better: bool

    @property
    def points(self) -> list[ScorePoint]:
        return [
            ScorePoint(str(one.session.number), _rounded(one.spread.mean), position=one.session.number)
            for one in self.columns
        ]

    @property
    def is_known(self) -> bool:
        return any(one.spread.mean is not None for one in self.columns)

    @property
    def scale(self) -> tuple[int, int]:
        return (0, self.high)


@dataclass(frozen=True, slots=True)
class ClimatePage:
    """The whole page. `asks` is the form that this clinic may show: GCQ-S with a permission, else the check-in."""

    asks: str
    has_gcq: bool
    set_sessions: tuple[int, ...]
    scales: tuple[ScaleRow, ...]
    last: int


def _rounded(mean: float | None) -> float | None:
    """A mean has no more than one decimal of meaning here."""
    return None if mean is None else round(mean, 1)


def set_sessions(run: GroupRun) -> tuple[int, ...]:
    """The sessions at which the protocol asks for the climate (`ipt.md` section 1.6: 2, 5, 10, 15, 19 of 20)."""
    found: set[int] = set()
    for one in template(run.protocol, run.protocol_version).sets:
        if any(item.id == GCQ for item in one.items):
            found |= {n for n in range(1, run.planned_sessions + 1) if one.is_due(n)}
    return tuple(sorted(found))


def form_asked() -> str:
    """The form to give: GCQ-S where this clinic has its words, else the group check-in, which is free."""
    return GCQ if is_offered(GCQ) else CHECK_IN


def climate_page(run: GroupRun) -> ClimatePage:
    """Every sheet of the run's members, read by session. Three queries."""
    members = in_order(run.members.filter(starts_on__isnull=False).select_related("client"))
    sessions = list(run.sessions.order_by("number"))
    by_episode = {one.episode_id: one for one in members}
    sheets = Administration.objects.filter(
        episode__in=by_episode, measure__in=(GCQ, CHECK_IN), superseded_at=None, slot__isnull=False
    ).order_by("answered_at")
    values: dict[tuple[str, int], dict[uuid.UUID, float | None]] = {}
    for sheet in sheets:
        if sheet.episode_id is None or sheet.slot is None:
            continue
        member = by_episode[sheet.episode_id]
        for scale, value in _scales(sheet).items():
            values.setdefault((scale, sheet.slot), {})[member.pk] = value
    names = {one.pk: one for one in members}
    scales = tuple(_row(code, sessions, values, names) for code in (*climate.SCALES, "check_in"))
    return ClimatePage(
        asks=form_asked(),
        has_gcq=is_offered(GCQ),
        set_sessions=set_sessions(run),
        scales=tuple(one for one in scales if one.columns),
        last=run.planned_sessions,
    )


def _scales(sheet: Administration) -> Mapping[str, float | None]:
    if sheet.measure == CHECK_IN:
        return {"check_in": None if sheet.total is None else float(sheet.total)}
    results = score(catalogue.measure(GCQ), sheet.answers).results
    return {
        code: float(value) if isinstance(value := results.get(code), int | float) else None
        for code in climate.SCALES
    }


def _row(
    code: str,
    sessions: list[GroupSession],
    values: dict[tuple[str, int], dict[uuid.UUID, float | None]],
    names: dict[uuid.UUID, Member],
) -> ScaleRow:
    columns = []
    for session in sessions:
        given = values.get((code, session.number))
        if given is None:
            continue
        apart = climate.outlying({str(key): value for key, value in given.items()})
        columns.append(
            Column(
                session,
                climate.spread(list(given.values())),
                tuple((names[uuid.UUID(one.person)], one) for one in apart),
            )
        )
    return ScaleRow(
        code=code,
        title=TITLES[code],
        high=SCALE.get(code, (0, 6))[1],
        columns=tuple(columns),
        trend=climate.trend([one.spread.mean for one in columns]),
        higher_is_better=code in ("engaged", "check_in"),
    )

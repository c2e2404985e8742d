"""Every change to the records of a session. Each is kept to the draft of the session's note and locked with it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError
from reknit.care.coordination.actions import plan_from_plan_b
from reknit.care.encounters.checks import check_consent, check_unlocked, clean
from reknit.care.encounters.conjoint.queries import bar_of
from reknit.care.encounters.models import (
    AffectNote,
    CommunicationAnalysis,
    ConjointPlan,
    ConjointSession,
    DecisionAnalysis,
    Encounter,
    ExposureAction,
    FollowUp,
    LapseReview,
    MidcourseReview,
    MoodEventUseLink,
    MutualHelpLink,
    PlanB,
    RolePlay,
    SessionRecord,
    StrategyStep,
    SupportAction,
)
from reknit.care.network.models import Relationship
from reknit.care.people.queries import zone
from reknit.care.programme.actions import record_fact, withdraw_fact
from reknit.care.safety.actions import open_risk_item
from reknit.core.programme.strategies import steps

from .figures import midcourse_figures
from .shape import Shape, row_shape, shape

Record = TypeVar("Record", bound=SessionRecord)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
MOST_ROWS = 40
LONG_AGO = dt.date(1990, 1, 1)
AHEAD = dt.timedelta(days=2 * 366)
PAST = ("happened_on", "on", "decided_on")  # days that have come
TO_COME = ("try_by", "by_when", "review_on")  # days that may lie ahead


@action
def keep_link(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> MoodEventUseLink:
    """Tie a shift in mood, craving or use to something between people."""
    return _keep(MoodEventUseLink, by, at, encounter, key, revision, values)


@action
def keep_step(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> StrategyStep:
    """Write down a strategy step of a focus area and how far it went."""
    if values.get("code") not in steps():
        raise DomainError(_("Choose a step from the list."), field="code")
    return _keep(StrategyStep, by, at, encounter, key, revision, values)


@action
def keep_feeling(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> AffectNote:
    """Write down a feeling that was invited and stayed with."""
    return _keep(AffectNote, by, at, encounter, key, revision, values)


@action
def keep_conversation(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int = 0,
    rows: Rows | None = None,
    **values: Any,
) -> CommunicationAnalysis:
    """Take one conversation apart: its turns in order, what was meant and heard, and other ways to say it."""
    _check_one_chosen(rows, "alternatives")
    return _keep(CommunicationAnalysis, by, at, encounter, key, revision, values, rows)


@action
def keep_role_play(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int = 0,
    rows: Rows | None = None,
    **values: Any,
) -> RolePlay:
    """Write down a talk that was rehearsed."""
    _check_same_course(encounter, values.get("analysis"), field="analysis")
    return _keep(RolePlay, by, at, encounter, key, revision, values, rows)


@action
def keep_decision(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int = 0,
    rows: Rows | None = None,
    **values: Any,
) -> DecisionAnalysis:
    """Weigh the options of an open decision."""
    _check_one_chosen(rows, "options")
    return _keep(DecisionAnalysis, by, at, encounter, key, revision, values, rows)


@action
def keep_support(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> SupportAction:
    """Write down a step that strengthens a tie."""
    return _keep(SupportAction, by, at, encounter, key, revision, values)


@action
def keep_exposure(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> ExposureAction:
    """Write down a step that lessens contact with a person or place tied to use."""
    if not values.get("relationship") and not str(values.get("place") or "").strip():
        raise DomainError(_("Name a person or a place."), field="place")
    return _keep(ExposureAction, by, at, encounter, key, revision, values)


@action
def keep_mutual_help(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> MutualHelpLink:
    """Write down that a group or a peer worker was offered, and what came of it."""
    return _keep(MutualHelpLink, by, at, encounter, key, revision, values)


@action
def keep_conjoint(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int = 0,
    plan: ConjointPlan | None,
    **values: Any,
) -> ConjointSession:
    """Write down a session with somebody else: it was planned, both agreed, and no flag about violence bars it (G12)."""
    check_unlocked(encounter)
    if plan is None or plan.episode_id != encounter.episode_id or plan.called_off_at:
        raise DomainError(_("Plan the session with the client first, then choose the plan."), field="plan")
    if not plan.both_agreed:
        raise DomainError(_("Both have to agree first. Write the two days into the plan."), field="plan")
    barred = bar_of(encounter.client, encounter.episode)
    if barred.is_barred:
        raise DomainError(barred.sentence)
    if ConjointSession.objects.filter(encounter=encounter).exclude(pk=key).exists():
        raise DomainError(_("This session has such a record. Open that one."))
    return _keep(ConjointSession, by, at, encounter, key, revision, {"plan": plan, **values})


@action
def keep_went(
    *,
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int = 0,
    about: RolePlay | DecisionAnalysis | CommunicationAnalysis | None,
    outcome: str,
    words: str = "",
) -> FollowUp:
    """Write down how something of an earlier session went in life."""
    if about is None:
        raise DomainError(_("Choose what this is about."), field="about")
    _check_same_course(encounter, about, field="about")
    values = {
        "role_play": about if isinstance(about, RolePlay) else None,
        "decision": about if isinstance(about, DecisionAnalysis) else None,
        "analysis": about if isinstance(about, CommunicationAnalysis) else None,
        "outcome": outcome,
        "words": words,
    }
    return _keep(FollowUp, by, at, encounter, key, revision, values)


@action
def keep_lapse(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> LapseReview:
    """Review a return to use: safety first, then people, feeling and place. Nothing is reset by it.

    What is raised about safety waits for a clinician by name from this moment on, whatever becomes of the note.
    """
    _check_same_course(encounter, values.get("analysis"), field="analysis")
    episode = values.get("use_episode_id")
    others = LapseReview.objects.filter(encounter=encounter, use_episode_id=episode).exclude(pk=key)
    if episode and others.exists():
        raise DomainError(
            _("This return to use has its review in this session. Open that one."), field="use_episode_id"
        )
    before = LapseReview.objects.filter(pk=key).first()
    kept = _keep(LapseReview, by, at, encounter, key, revision, values)
    for question in LapseReview.SAFETY:
        said = LapseReview.Raised.SOMETHING
        if getattr(kept, question) == said and (before is None or getattr(before, question) != said):
            open_risk_item(
                by=by,
                at=at,
                client=encounter.client,
                reason=f"lapse_{question}",
                source="encounters.lapse_review",
                source_id=kept.pk,
            )
    return kept


@action
def keep_midcourse(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> MidcourseReview:
    """Hold the mid-course review. The figures are kept beside the answer as they stood; the answer is a person's."""
    check_unlocked(encounter)
    if MidcourseReview.objects.filter(encounter=encounter).exclude(pk=key).exists():
        raise DomainError(_("This session has its mid-course review. Open that one."))
    found = midcourse_figures(encounter).response
    values |= {
        "drop_percent": found.drop_percent,
        "use_change": found.use_change,
        "verdict": found.verdict,
    }
    return _keep(MidcourseReview, by, at, encounter, key, revision, values)


@action
def keep_plan_b(
    *, by: User, at: dt.datetime, encounter: Encounter, key: uuid.UUID, revision: int = 0, **values: Any
) -> PlanB:
    """Write down what is done differently, why, and since when. What is added stands planned beside IPT from now on."""
    if not values.get("choices") or set(values["choices"]) - set(PlanB.Choice.values):
        raise DomainError(_("Choose at least one from the list."), field="choices")
    plan = _keep(PlanB, by, at, encounter, key, revision, values)
    plan_from_plan_b(
        by=by, at=at, client=encounter.client, source_id=plan.pk, choices=plan.choices, why=plan.reason
    )
    return plan


@action
def remove_record(*, by: User, at: dt.datetime, record: SessionRecord, revision: int) -> None:
    """Take a record away while its note is a draft. Its fact no longer counts."""
    encounter = record.encounter
    check_unlocked(encounter)
    stands = type(record)._default_manager.filter(pk=record.pk).first()
    if stands is None:
        audit.unchanged()
        return
    if stands.revision != revision:
        raise Conflict(
            _("Somebody else changed this record since you opened it. Read it again first."), theirs=stands
        )
    if _is_needed(stands):
        raise DomainError(_("A later record builds on this one. Take that one away first."))
    detail = {"kind": record.KIND}
    audit.record("remove record", by=by, at=at, subject=record, client=encounter.client_id, detail=detail)
    _withdraw(stands, by, at, encounter)
    if isinstance(stands, PlanB):
        plan_from_plan_b(by=by, at=at, client=encounter.client, source_id=stands.pk, choices=(), why="")
    stands.delete()


def _keep(
    model: type[Record],
    by: User,
    at: dt.datetime,
    encounter: Encounter,
    key: uuid.UUID,
    revision: int,
    values: dict[str, Any],
    rows: Rows | None = None,
) -> Record:
    """Add a record, or change it when it still stands at `revision`. Sent twice it is kept once."""
    check_consent(note := check_unlocked(encounter), note.words, at=at)
    known = model._default_manager.filter(pk=key).first()
    if known and known.encounter_id != encounter.pk:
        raise DomainError(_("This page was used before. Open it again, then fill it in once more."))
    if known and not revision:
        audit.unchanged()
        return known
    record = known or model(id=key, encounter=encounter, made_by=by, made_at=at)
    stands = shape(known) if known else None
    people = list(values.pop(model.PEOPLE, ())) if model.PEOPLE else []
    for name, value in values.items():
        setattr(record, name, value)
    clean(record, [name for name in model.ASKS if name != "about"])
    _check_people(encounter, record, people)
    _check_days(record, at=at)
    lists = {name: _clean_rows(model, name, (rows or {}).get(name, ())) for name in model.ROWS}
    if stands == _wanted(record, people, lists):
        audit.unchanged()
        return record
    if revision and (known is None or known.revision != revision):
        raise _conflict(model, key)
    _write(record, by, at, known is not None)
    if model.PEOPLE:
        getattr(record, model.PEOPLE).set(people)
    for name, found in lists.items():
        _replace(record, name, found)
    detail, client = {"kind": model.KIND}, encounter.client_id
    verb = "change record" if known else "add record"
    audit.record(verb, by=by, at=at, subject=record, client=client, detail=detail)
    _report(record, by, at, encounter, known is not None)
    return record


def _conflict(model: type[SessionRecord], key: uuid.UUID) -> Conflict:
    theirs = model._default_manager.filter(pk=key).first()
    if theirs is None:
        return Conflict(
            _("Somebody took this record away while you were writing. Your words are here: keep them anew."),
            theirs=None,
        )
    return Conflict(
        _("Somebody else changed this record while you were writing. Both versions are here."), theirs=theirs
    )


def _write(record: SessionRecord, by: User, at: dt.datetime, is_known: bool) -> None:
    if is_known:
        record.revision += 1
        record.changed_by, record.changed_at = by, at
        record.save()
    else:
        record.revision = 1
        record.save(force_insert=True)


def _replace(record: SessionRecord, name: str, found: list[models.Model]) -> None:
    manager = getattr(record, name)
    manager.all().delete()
    for row in found:
        row.record = record  # type: ignore[attr-defined]
    manager.model._default_manager.bulk_create(found)


def _wanted(record: SessionRecord, people: Sequence[Relationship], lists: dict[str, list[Any]]) -> Shape:
    found: Shape = {name: _key(getattr(record, name)) for name in record.ASKS if name != record.PEOPLE}
    if record.PEOPLE:
        found[record.PEOPLE] = {one.pk for one in people}
    return found | {name: [row_shape(row) for row in rows] for name, rows in lists.items()}


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _clean_rows(
    model: type[SessionRecord], name: str, rows: Sequence[Mapping[str, Any]]
) -> list[models.Model]:
    """The rows of a list in their places. A row without its words is no row."""
    kept = [row for row in rows if str(row.get(model.ROWS[name]) or "").strip()]
    if len(kept) > MOST_ROWS:
        raise DomainError(_("This list holds at most %(most)s rows. Shorten it.") % {"most": MOST_ROWS})
    table: Any = model._meta.get_field(name).related_model
    found = []
    for place, values in enumerate(kept):
        row = table(place_in_list=place, **{ask: values[ask] for ask in table.ASKS if ask in values})
        clean(row, table.ASKS)
        found.append(row)
    return found


def _check_one_chosen(rows: Rows | None, name: str) -> None:
    if sum(bool(row.get("chosen")) for row in (rows or {}).get(name, ())) > 1:
        raise DomainError(_("Choose one of them."))


def _check_people(encounter: Encounter, record: SessionRecord, people: Sequence[Relationship]) -> None:
    one = getattr(record, "relationship", None)
    named = {one.pk} if one else set()
    named |= {each.pk for each in people}
    here = Relationship.objects.filter(pk__in=named, client=encounter.client_id).count() if named else 0
    if here != len(named):
        field = record.PEOPLE if people else "relationship"
        raise DomainError(_("Choose somebody from this client's people."), field=field)


def _check_same_course(encounter: Encounter, record: SessionRecord | None, *, field: str) -> None:
    if record is not None and record.encounter.episode_id != encounter.episode_id:
        raise DomainError(_("Choose one from the list."), field=field)


def _check_days(record: SessionRecord, *, at: dt.datetime) -> None:
    """Days that happened have come; days to come lie within two years."""
    today = local_date(at, zone())
    for name in (*PAST, *TO_COME):
        day = getattr(record, name, None)
        if not isinstance(day, dt.date):
            continue
        if name in PAST and day > today:
            raise DomainError(_("This day has not come yet."), field=name)
        if day < LONG_AGO or day > today + AHEAD:
            raise DomainError(_("Check the date: its year cannot be right."), field=name)


def _is_needed(record: SessionRecord) -> bool:
    """Whether another record names this one."""
    if isinstance(record, CommunicationAnalysis):
        return (
            record.rehearsals.exists()
            or record.follow_ups.exists()
            or LapseReview.objects.filter(analysis=record).exists()
        )
    return isinstance(record, RolePlay | DecisionAnalysis) and record.follow_ups.exists()


def _report(record: SessionRecord, by: User, at: dt.datetime, encounter: Encounter, is_known: bool) -> None:
    """Report the record's fact; one whose value changed takes the place of the one before."""
    if not record.FACT:
        return
    if is_known:
        _withdraw(record, by, at, encounter)
    record_fact(
        by=by,
        at=at,
        episode=encounter.episode,
        kind=record.FACT,
        source=record.KIND,
        source_id=record.pk,
        value=record.fact_value(),
    )


def _withdraw(record: SessionRecord, by: User, at: dt.datetime, encounter: Encounter) -> None:
    if record.FACT:
        withdraw_fact(by=by, at=at, episode=encounter.episode, kind=record.FACT, source_id=record.pk)

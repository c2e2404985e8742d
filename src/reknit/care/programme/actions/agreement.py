"""Every change to an agreement: its contract, its goals and their ratings, and its amendments.

What may be said in one stands in `terms.py`. Once a contract is agreed, the ending date and the number of sessions of
the course move by an amendment alone, and the database holds that too.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.clock import local_date
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.base.inserting import insert
from reknit.care.people.models import SupervisoryLine, current
from reknit.care.people.queries import zone
from reknit.care.programme.access import may_answer_extension, may_answer_own
from reknit.care.programme.actions import record_fact, withdraw_fact
from reknit.care.programme.agreement import agreed_contract, draft_contract, goals_of, next_number
from reknit.care.programme.models import Amendment, Contract, ContractAnswer, Episode, Goal, GoalRating
from reknit.care.programme.terms import (
    GoalDraft,
    check_goals,
    check_new_ending,
    check_ready,
    clean_terms,
    sentence,
    terms_of,
)
from reknit.core.programme.contract import (
    LATE_CANCEL_HOURS,
    MISSES_THAT_ROLL,
    extension_refusal,
    largest_extension,
    usual_ending,
)
from reknit.core.programme.goals import LEVELS
from reknit.core.programme.template import template


@action
def begin_contract(*, by: User, at: dt.datetime, episode: Episode) -> Contract:
    """The draft agreement of a course, filled from its protocol on first use."""
    _lock_open(episode)
    if known := draft_contract(episode):
        audit.unchanged()
        return known
    if agreed_contract(episode):
        raise DomainError(_("An agreement holds already. Write a new version of it instead."))
    plan = template(episode.protocol, episode.protocol_version)
    contract = Contract.objects.create(
        episode=episode,
        version=1,
        planned_sessions=plan.planned_sessions,
        session_minutes=plan.session_minutes,
        cadence_days=plan.cadence_days,
        place=Contract.Place.MIXED if plan.telephone else Contract.Place.HERE,
        ends_on=episode.ends_on or usual_ending(plan, episode.starts_on),
        misses_that_roll=MISSES_THAT_ROLL,
        late_cancel_hours=LATE_CANCEL_HOURS,
        made_by=by,
        made_at=at,
    )
    audit.record("begin contract", by=by, at=at, subject=contract, client=episode.client_id)
    return contract


@action
def revise_contract(*, by: User, at: dt.datetime, episode: Episode, why: str) -> Contract:
    """Begin the next version from the one that holds, which goes on holding until the new one is agreed."""
    _lock_open(episode)
    if known := draft_contract(episode):
        audit.unchanged()
        return known
    old = _agreed(episode)
    why = sentence(why, field="why")
    new = Contract.objects.create(
        **{
            **terms_of(old),
            "planned_sessions": episode.planned_sessions,
            "ends_on": episode.ends_on,
        },
        episode=episode,
        version=old.version + 1,
        why=why,
        made_by=by,
        made_at=at,
    )
    for goal in goals_of(old):
        goal.pk, goal.contract, goal.set_by, goal.set_at = uuid.uuid4(), new, by, at
        goal.save(force_insert=True)
    detail = {"version": new.version}
    audit.record("revise contract", by=by, at=at, subject=new, client=episode.client_id, detail=detail)
    return new


@action
def save_contract(
    *, by: User, at: dt.datetime, contract: Contract, revision: int, terms: Mapping[str, Any]
) -> Contract:
    """Save the terms of a draft. Refuses when another save came first, and gives back what stands."""
    kept = clean_terms(contract, terms)
    if not _take_up(contract, revision, by=by, at=at, **kept):
        if terms_of(contract) == kept:
            audit.unchanged()  # the same save sent twice
            return contract
        raise Conflict(_("Somebody else saved this agreement while you wrote."), theirs=terms_of(contract))
    _record_save("save contract", contract, revision, by=by, at=at)
    return contract


@action
def set_goals(
    *, by: User, at: dt.datetime, contract: Contract, revision: int, goals: Sequence[GoalDraft]
) -> Contract:
    """Write the goals of a draft: all of them, as they shall stand."""
    check_goals(list(goals))
    if not _take_up(contract, revision, by=by, at=at):
        raise Conflict(_("Somebody else saved this agreement while you wrote."), theirs=goals_of(contract))
    written = [goal for goal in goals if not goal.is_empty]
    places = {(goal.kind, goal.position): goal for goal in goals_of(contract)}
    for draft in written:
        known = places.pop((draft.kind, draft.position), None)
        goal = known or Goal(contract=contract, kind=draft.kind, position=draft.position)
        goal.words, goal.observable = draft.words.strip(), draft.observable.strip()
        goal.levels, goal.baseline = draft.sentences, draft.baseline
        goal.focus, goal.set_by, goal.set_at = draft.focus or goal.focus, by, at
        goal.save()
    Goal.objects.filter(pk__in=[goal.pk for goal in places.values()]).delete()
    _record_save("set goals", contract, revision, by=by, at=at)
    return contract


@action
def offer_contract(*, by: User, at: dt.datetime, contract: Contract, revision: int) -> Contract:
    """Show a draft to the client in their own pages, as it stands. The next save takes it back."""
    contract = _lock_draft(contract, revision)
    check_ready(contract, contract.episode, goals_of(contract), today=local_date(at, zone()))
    contract.offered_by, contract.offered_at = by, at
    contract.save(update_fields=["offered_by", "offered_at"])
    detail = {"version": contract.version}
    audit.record(
        "offer contract", by=by, at=at, subject=contract, client=contract.episode.client_id, detail=detail
    )
    return contract


@action
def answer_contract(
    *, by: User, at: dt.datetime, contract: Contract, revision: int, answer: str, words: str = ""
) -> ContractAnswer:
    """What the client says to an agreement shown to them. Saying yes agrees it."""
    contract = _lock_draft(contract, revision)
    if answer not in ContractAnswer.Answer.values:
        raise DomainError(_("Choose one of the answers."), field="answer")
    if not may_answer_own(by, contract):
        raise Refused(_("This agreement is not yours to answer."))
    words = sentence(words, field="words", most=1000, required=False)
    said = ContractAnswer.objects.create(
        contract=contract, revision=revision, answer=answer, words=words, by=by, at=at
    )
    client, detail = contract.episode.client_id, {"answer": answer}
    audit.record("answer contract", by=by, at=at, subject=contract, client=client, detail=detail)
    if answer == ContractAnswer.Answer.AGREE:
        agree_contract(by=by, at=at, contract=contract, revision=revision, how="client", words=words)
    return said


@action
def agree_contract(
    *,
    by: User,
    at: dt.datetime,
    contract: Contract,
    revision: int,
    how: str,
    words: str = "",
    witness: str = "",
) -> Contract:
    """The agreement is agreed: it sets the number of sessions and the ending date, and no longer changes.

    `by` is the client for `client`, and for `witnessed` the clinician who heard it, with the client's words and
    the name of whoever else was there.
    """
    contract = _lock_draft(contract, revision)
    episode, today = contract.episode, local_date(at, zone())
    if how not in Contract.How.values:
        raise DomainError(_("Choose how the client agreed."), field="how")
    if how == Contract.How.CLIENT and not may_answer_own(by, contract):
        raise Refused(_("Only the client can agree in their own pages."))
    is_spoken = how == Contract.How.WITNESSED
    words = sentence(words, field="words", most=1000, required=is_spoken)
    witness = sentence(witness, field="witness", most=120, required=is_spoken)
    goals = goals_of(contract)
    check_ready(contract, episode, goals, today=today)
    old = agreed_contract(episode)
    if old:
        _part_changed_scales(old, goals)
        Contract.objects.filter(pk=old.pk).update(state=Contract.State.SUPERSEDED, superseded_at=at)
    contract.state, contract.agreed_how, contract.agreed_by, contract.agreed_at = "agreed", how, by, at
    contract.agreed_words, contract.witness = words, witness
    if contract.substance_goal != Contract.SubstanceGoal.NOT_DECIDED and not contract.substance_goal_on:
        contract.substance_goal_on = today
    contract.save()
    if old:
        _amend(
            by=by, at=at, episode=episode, what="contract", why=contract.why,
            client_agreed="pages" if how == Contract.How.CLIENT else "room",
            from_version=old.version, to_version=contract.version,
        )  # fmt: skip
    _set_time_limit(episode, ends_on=contract.ends_on, planned=contract.planned_sessions)
    _report_agreed(contract, goals, by=by, at=at)
    detail = {"version": contract.version, "how": how}
    audit.record("agree contract", by=by, at=at, subject=contract, client=episode.client_id, detail=detail)
    return contract


@action
def rate_goals(
    *,
    by: User,
    at: dt.datetime,
    contract: Contract,
    levels: Mapping[uuid.UUID, int],
    on: dt.date,
    whose: str,
    slot: int | None = None,
    sheet: uuid.UUID | None = None,
) -> list[GoalRating]:
    """Write down where goals stand. Nothing is written over; a goal left out was not rated."""
    sheet = sheet or uuid.uuid4()
    if known := list(GoalRating.objects.filter(sheet=sheet, goal__contract=contract)):
        audit.unchanged()
        return known
    _lock_open(contract.episode)
    if not Contract.objects.filter(pk=contract.pk, state=Contract.State.AGREED).exists():
        raise DomainError(_("Goals are rated once the agreement is agreed. Agree to it first."))
    goals = {goal.pk: goal for goal in goals_of(contract)}
    if not levels or set(levels) - set(goals) or any(level not in LEVELS for level in levels.values()):
        raise DomainError(_("Rate at least one goal, from the levels of its scale."))
    if whose not in GoalRating.Whose.values:
        raise DomainError(_("Choose whose rating this is."), field="whose")
    if not contract.episode.starts_on <= on <= local_date(at, zone()):
        raise DomainError(_("Choose a day of this course that is not to come."), field="on")
    if slot is not None and not 0 <= slot <= contract.episode.planned_sessions:
        raise DomainError(_("Choose a session of this course."), field="slot")
    rows = [
        GoalRating(goal=goals[goal], level=level, on=on, slot=slot, whose=whose, sheet=sheet, by=by, at=at)
        for goal, level in levels.items()
    ]
    insert(rows)
    value = {"n": len(rows), "slot": slot}
    _report(contract.episode, by=by, at=at, kind="goals_rated", source="goal_rating", id_=sheet, value=value)
    client = contract.episode.client_id
    audit.record("rate goals", by=by, at=at, subject=contract, client=client, detail=value)
    return rows


@action
def amend_ending_date(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    to: dt.date,
    why: str,
    client_agreed: str,
    key: uuid.UUID | None = None,
    was: dt.date | None = None,
) -> Amendment:
    """Move the ending date that was agreed: the one way to do so (gate G11), with the reason and the client's yes.

    `was` is the ending date that the page showed: one that was moved meanwhile is looked at before it is moved again.
    """
    if key and (known := Amendment.objects.filter(pk=key, episode=episode).first()):
        audit.unchanged()
        return known
    _lock_to_amend(episode, client_agreed, was=was)
    check_new_ending(episode, to, today=local_date(at, zone()))
    if to == episode.ends_on:
        raise DomainError(_("This is the ending date already."), field="ends_on")
    amendment = _amend(
        by=by, at=at, episode=episode, what="ending_date", why=sentence(why, field="why"),
        client_agreed=client_agreed, ends_on=to, key=key,
    )  # fmt: skip
    _set_time_limit(episode, ends_on=to, planned=episode.planned_sessions)
    _report_amended(amendment, by=by, at=at)
    return amendment


@action
def extend_course(
    *,
    by: User,
    at: dt.datetime,
    episode: Episode,
    sessions: int,
    reason: str,
    why: str,
    ends_on: dt.date,
    client_agreed: str,
    key: uuid.UUID | None = None,
    was: dt.date | None = None,
) -> Amendment:
    """Ask the supervisor for more sessions. Nothing changes until a supervisor of the line says yes."""
    if key and (known := Amendment.objects.filter(pk=key, episode=episode).first()):
        audit.unchanged()
        return known
    _lock_to_amend(episode, client_agreed, was=was)
    today = local_date(at, zone())
    _check_extension(episode, sessions, reason)
    check_new_ending(episode, ends_on, today=today)
    if episode.ends_on and ends_on < episode.ends_on:
        raise DomainError(_("An extension does not end the course earlier."), field="ends_on")
    if not SupervisoryLine.objects.filter(current(today), supervisee=by).exists():
        raise DomainError(
            _("Nobody supervises your work here, so nobody can approve this. Ask the administrator.")
        )
    return _amend(
        by=by, at=at, episode=episode, what="extension", state="asked", reason=reason,
        why=sentence(why, field="why"), client_agreed=client_agreed, ends_on=ends_on,
        planned_sessions=episode.planned_sessions + sessions, key=key,
    )  # fmt: skip


@action
def answer_extension(
    *, by: User, at: dt.datetime, amendment: Amendment, approve: bool, words: str = ""
) -> Amendment:
    """The supervisor's yes or no to an extension; a no says why."""
    episode = _lock_open(amendment.episode)
    rows = Amendment.objects.select_for_update(of=("self",)).select_related("episode__client")
    amendment = rows.get(pk=amendment.pk, episode=episode)
    may = may_answer_extension(by, amendment, on=local_date(at, zone()))
    if not may:
        raise Refused(may.reason)
    if amendment.state != Amendment.State.ASKED:
        raise DomainError(_("This was answered already."))
    episode = amendment.episode
    amendment.answer_words = sentence(words, field="words", required=not approve)
    amendment.state = Amendment.State.AGREED if approve else Amendment.State.DECLINED
    amendment.answered_by, amendment.answered_at = by, at
    if approve:
        asked = amendment.planned_sessions - amendment.from_sessions
        _check_extension(episode, asked, amendment.reason)
    amendment.save(update_fields=["answer_words", "state", "answered_by", "answered_at"])
    detail = {"state": str(amendment.state)}
    audit.record("answer extension", by=by, at=at, subject=amendment, client=episode.client_id, detail=detail)
    if approve:
        _set_time_limit(episode, ends_on=amendment.ends_on, planned=amendment.planned_sessions)
        _report_amended(amendment, by=by, at=at)
    return amendment


def _lock_open(episode: Episode) -> Episode:
    """Hold the course while its agreement is written, and read it as it stands now."""
    stands = Episode.objects.select_for_update().get(pk=episode.pk)
    if stands.status != Episode.Status.OPEN:
        raise DomainError(_("This course is closed. Its agreement no longer changes."))
    episode.ends_on, episode.planned_sessions = stands.ends_on, stands.planned_sessions
    return episode


def _lock_draft(contract: Contract, revision: int) -> Contract:
    """Hold the course and then a draft that is still as it was read: always in this order, so that none waits for ever."""
    episode = _lock_open(contract.episode)
    rows = Contract.objects.select_for_update(of=("self",)).select_related("episode__client")
    contract = rows.get(pk=contract.pk, episode=episode)
    if contract.state != Contract.State.DRAFT:
        raise DomainError(_("This version was agreed already and no longer changes."))
    if contract.revision != revision:
        raise Conflict(
            _("The agreement was changed since you read it. Read it again first."), theirs=terms_of(contract)
        )
    return contract


def _lock_to_amend(episode: Episode, client_agreed: str, *, was: dt.date | None) -> None:
    _lock_open(episode)
    if was and was != episode.ends_on:
        raise DomainError(
            _("Somebody moved the ending date meanwhile. Open this page again and decide anew."),
            field="ends_on",
        )
    _agreed(episode)
    if client_agreed not in Amendment.ClientAgreed.values:
        raise DomainError(_("Say how the client agreed to this."), field="client_agreed")
    if Amendment.objects.filter(episode=episode, state=Amendment.State.ASKED).exists():
        raise DomainError(_("An extension waits for the supervisor's answer. Wait for it first."))


def _agreed(episode: Episode) -> Contract:
    found = agreed_contract(episode)
    if found is None:
        raise DomainError(_("There is no agreement yet. Agree one with the client first."))
    return found


def _take_up(contract: Contract, revision: int, *, by: User, at: dt.datetime, **kept: Any) -> bool:
    """Write into a draft that is still at this revision; what was shown to the client is taken back."""
    _lock_open(contract.episode)
    written = Contract.objects.filter(pk=contract.pk, state=Contract.State.DRAFT, revision=revision).update(
        **kept, saved_by=by, saved_at=at, revision=revision + 1, offered_at=None, offered_by=None
    )
    contract.refresh_from_db()
    if not written and contract.state != Contract.State.DRAFT:
        raise DomainError(_("This version was agreed already and no longer changes."))
    return bool(written)


def _record_save(verb: str, contract: Contract, revision: int, *, by: User, at: dt.datetime) -> None:
    """Drafts are audited at their first save; agreeing is the last."""
    if revision:
        audit.unchanged()
        return
    audit.record(verb, by=by, at=at, subject=contract, client=contract.episode.client_id)


def _part_changed_scales(old: Contract, goals: list[Goal]) -> None:
    """A goal whose scale changed begins a line of its own: ratings on another scale cannot be compared."""
    scales = {goal.line: goal.levels for goal in goals_of(old)}
    for goal in goals:
        if goal.line in scales and scales[goal.line] != goal.levels:
            goal.line = uuid.uuid4()
            goal.save(update_fields=["line"])


def _check_extension(episode: Episode, sessions: int, reason: str) -> None:
    extended = Amendment.objects.filter(episode=episode, what="extension", state="agreed").exists()
    first = Contract.objects.filter(episode=episode).order_by("version")[0]
    agreed = first.planned_sessions
    refusal = extension_refusal(agreed=agreed, asked=sessions, reason=reason, extended_before=extended)
    if refusal:
        said = {
            "once": _("This course was extended already. After that comes a new course or maintenance."),
            "none": _("Write how many sessions to add."),
            "too_many": _("At most %(n)d sessions can be added: a quarter of those agreed.")
            % {"n": largest_extension(agreed)},
            "reason": _(
                "Choose a reason from the list. That ending feels hard is the work of the closing phase."
            ),
        }
        raise DomainError(said[refusal], field="reason" if refusal == "reason" else "sessions")


def _amend(
    *, by: User, at: dt.datetime, episode: Episode, key: uuid.UUID | None = None, **changes: Any
) -> Amendment:
    """One amendment from how the course stands to what the changes say."""
    stands = {"ends_on": episode.ends_on, "planned_sessions": episode.planned_sessions}
    amendment = Amendment.objects.create(
        **({"id": key} if key else {}),
        **{"state": Amendment.State.AGREED, **stands, **changes},
        episode=episode,
        number=next_number(episode),
        from_ends_on=episode.ends_on or episode.starts_on,
        from_sessions=episode.planned_sessions,
        asked_by=by,
        asked_at=at,
    )
    detail = {"what": str(amendment.what), "state": str(amendment.state)}
    audit.record("amend agreement", by=by, at=at, subject=amendment, client=episode.client_id, detail=detail)
    return amendment


def _set_time_limit(episode: Episode, *, ends_on: dt.date | None, planned: int) -> None:
    """Write the time limit to the course, and to a draft of the next version, which may not say another."""
    episode.ends_on, episode.planned_sessions = ends_on, planned
    episode.save(update_fields=["ends_on", "planned_sessions"])
    drafts = Contract.objects.filter(episode=episode, state=Contract.State.DRAFT)
    drafts.exclude(ends_on=ends_on, planned_sessions=planned).update(
        ends_on=ends_on,
        planned_sessions=planned,
        revision=F("revision") + 1,
        offered_at=None,
        offered_by=None,
    )


def _report(
    episode: Episode,
    *,
    by: User,
    at: dt.datetime,
    kind: str,
    source: str,
    id_: uuid.UUID,
    value: dict[str, Any],
) -> None:
    record_fact(by=by, at=at, episode=episode, kind=kind, source=source, source_id=id_, value=value)


def _report_agreed(contract: Contract, goals: list[Goal], *, by: User, at: dt.datetime) -> None:
    """What the agreement holds becomes facts of the course; what an earlier one held and this does not is taken back."""
    ends_on = contract.ends_on.isoformat() if contract.ends_on else ""
    value = {"version": contract.version, "planned": contract.planned_sessions, "ends_on": ends_on}
    with_people = sum(goal.kind == Goal.Kind.INTERPERSONAL for goal in goals)
    decided = contract.substance_goal != Contract.SubstanceGoal.NOT_DECIDED
    holds: dict[str, dict[str, Any] | None] = {
        "contract_agreed": value,
        "ending_date_set": {"on": ends_on, "by": "contract"} if contract.version == 1 else None,
        "substance_goal_set": {"goal": contract.substance_goal} if decided else None,
        "lapse_plan_set": {} if contract.lapse_plan else None,
        "goals_set": {"n": with_people} if with_people else None,
    }
    for kind, fact in holds.items():
        if fact is not None:
            _report(contract.episode, by=by, at=at, kind=kind, source="contract", id_=contract.pk, value=fact)
        elif kind != "ending_date_set":
            withdraw_fact(by=by, at=at, episode=contract.episode, kind=kind)
    if contract.version > 1:
        _report(
            contract.episode, by=by, at=at, kind="amendment", source="contract", id_=contract.pk,
            value={"what": "contract"},
        )  # fmt: skip


def _report_amended(amendment: Amendment, *, by: User, at: dt.datetime) -> None:
    value: dict[str, Any] = {"what": amendment.what}
    if amendment.what == Amendment.What.EXTENSION:
        value["sessions"] = amendment.planned_sessions - amendment.from_sessions
    source: dict[str, Any] = {"source": "amendment", "id_": amendment.pk}
    _report(amendment.episode, by=by, at=at, kind="amendment", value=value, **source)
    if amendment.ends_on != amendment.from_ends_on:
        on = {"on": amendment.ends_on.isoformat(), "by": "amendment"}
        _report(amendment.episode, by=by, at=at, kind="ending_date_set", value=on, **source)

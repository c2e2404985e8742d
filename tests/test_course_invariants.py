"""No order of sessions, misses, overrides and amendments breaks what must hold of a course: tried through the actions."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reknit.base.errors import DomainError
from reknit.care.encounters.actions import save_note, sign_note, start_encounter
from reknit.care.encounters.models import Encounter
from reknit.care.formulation.actions import (
    agree_focus,
    begin_formulation,
    propose_focus,
    record_witnessed_answer,
    save_formulation,
    share_formulation,
    switch_focus,
)
from reknit.care.formulation.entries import FocusEntry
from reknit.care.formulation.models import FocusArea, Formulation
from reknit.care.network.actions import add_relationship, begin_version, sign_off_version
from reknit.care.programme.actions import agreement, override_gate
from reknit.care.programme.models import CourseFact, Episode
from reknit.care.programme.queries import course_of
from reknit.care.safety.actions import close_risk_item, open_risk_item
from reknit.care.safety.models import RiskItem
from reknit.care.substance_use.models import UseDay
from tests.cast import BEGIN, Cast

pytestmark = pytest.mark.django_db(transaction=False)

WORDS = {
    "condition": "It is depression.",
    "people": "It grew worse in May.",
    "focus": "The row.",
    "plan": "We meet.",
}
MARKS = {"people": ["anchor", "time_link"], "plan": ["hope"]}
OUTCOMES = ("attended", "attended", "attended", "no_show", "late_cancel", "cancelled", "clinician", "safety")


class Story:
    """One course, told by steps that may be refused. A refusal changes nothing, and says a sentence."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.day = cast, 0
        self.refusals: list[str] = []

    @property
    def at(self) -> dt.datetime:
        return BEGIN + dt.timedelta(days=self.day, hours=1)

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.cast.ana, "at": self.at}

    @property
    def episode(self) -> Episode:
        return Episode.objects.select_related("client").get(pk=self.cast.cleo_episode.pk)

    def tell(self, step: str, choice: int) -> None:
        self.day += 1
        before = CourseFact.objects.count()
        work: Callable[[int], Any] = getattr(self, step)
        try:
            with transaction.atomic():
                work(choice)
        except (DomainError, PermissionDenied) as refusal:
            said = refusal.sentence if isinstance(refusal, DomainError) else str(refusal)
            assert said.strip(), "a refusal says why"
            self.refusals.append(step)
            assert CourseFact.objects.count() == before, "a refusal changes nothing"

    def session(self, choice: int) -> None:
        outcome = OUTCOMES[choice % len(OUTCOMES)]
        held = start_encounter(**self.who, episode=self.episode, outcome=outcome, starts_at=self.at)
        if outcome == "attended" and choice % 3:
            note = save_note(**self.who, note=held.note, revision=0, words={"plan": "Go on."})
            sign_note(**self.who, note=note, revision=note.revision)

    def circle(self, choice: int) -> None:
        add_relationship(**self.who, client=self.cast.cleo, alias=f"P{self.day}", ring=1 + choice % 3)
        version = begin_version(**self.who, client=self.cast.cleo)
        sign_off_version(
            **self.who, version=version, revision=version.revision, author="together", treatment_asked=True
        )

    def focus(self, choice: int) -> None:
        area = FocusArea.Area.values[choice % 4]
        found = propose_focus(**self.who, episode=self.episode, entry=FocusEntry(area, named="the move"))
        if choice % 2:
            agree_focus(**self.who, focus=found)

    def switch(self, choice: int) -> None:
        active = FocusArea.objects.filter(episode=self.episode, status="active").first()
        if active:
            entry = FocusEntry(FocusArea.Area.values[choice % 4], named="another thing")
            switch_focus(
                **self.who, focus=active, entry=entry, reason="A death.", client_agreed=bool(choice % 2)
            )

    def formulation(self, choice: int) -> None:
        text = begin_formulation(**self.who, episode=self.episode)
        words = WORDS if choice % 3 else {"focus": "The row."}
        text = save_formulation(
            **self.who, formulation=text, revision=text.revision, words=words, marks=MARKS
        )
        share_formulation(**self.who, formulation=text, revision=text.revision, how="spoken")

    def answer(self, choice: int) -> None:
        text = (
            Formulation.objects.filter(episode=self.episode).exclude(state__in=["draft", "superseded"]).last()
        )
        if text:
            response = ("agreed", "agreed_with_changes", "not_agreed", "wants_time")[choice % 4]
            record_witnessed_answer(
                **self.who,
                formulation=text,
                response=response,
                words="I said so.",
                witness="Fay",
                key=uuid.uuid4(),
            )

    def contract(self, choice: int) -> None:
        draft = agreement.begin_contract(**self.who, episode=self.episode)
        agreement.agree_contract(
            **self.who, contract=draft, revision=draft.revision, how="witnessed", words="Yes.", witness="Fay"
        )

    def amend(self, choice: int) -> None:
        to = (self.episode.ends_on or self.at.date()) + dt.timedelta(days=choice % 20 - 5)
        agreement.amend_ending_date(
            **self.who, episode=self.episode, to=to, why="In hospital.", client_agreed="room"
        )

    def extend(self, choice: int) -> None:
        ask = agreement.extend_course(
            **self.who, episode=self.episode, sessions=1 + choice % 6, reason="sessions_lost", why="In hospital.",
            ends_on=(self.episode.ends_on or self.at.date()) + dt.timedelta(days=20), client_agreed="room",
        )  # fmt: skip
        agreement.answer_extension(
            by=self.cast.ben, at=self.at, amendment=ask, approve=bool(choice % 3), words="Yes."
        )

    def override(self, choice: int) -> None:
        by = (self.cast.ben, self.cast.ana, self.cast.dov)[choice % 3]
        code = ("G02", "G03", "G09", "G10", "G06")[choice % 5]
        override_gate(by=by, at=self.at, episode=self.episode, code=code, reason="Moves abroad next month")

    def risk(self, choice: int) -> None:
        standing = RiskItem.objects.filter(client=self.cast.cleo, status="open").first()
        if standing and choice % 2:
            close_risk_item(**self.who, item=standing, closing=RiskItem.Closing.SPOKEN_SAFE, note="Spoke.")
        elif not standing:
            open_risk_item(**self.who, client=self.cast.cleo, reason="phq9_item9", source="test")


STEPS = ("session", "session", "session", "circle", "focus", "switch", "formulation", "answer", "contract", "amend", "extend", "override", "risk")  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 59)), max_size=25))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_events_breaks_a_course(cast: Cast, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        story = Story(cast)
        first_end, agreed_at = story.episode.ends_on, None
        for step, choice in steps:
            before = story.episode
            story.tell(step, choice)
            after = story.episode
            moved = (before.ends_on, before.planned_sessions) != (after.ends_on, after.planned_sessions)
            assert not moved or step in ("contract", "amend", "extend"), (
                "only an amendment moves the time limit"
            )
            if moved and agreed_at:
                assert step != "contract", "once agreed, a new version leaves the time limit where it is"
            if CourseFact.objects.filter(episode=after, kind="contract_agreed").exists():
                agreed_at = agreed_at or story.at
        hold_everything(story, first_end)
        transaction.set_rollback(True)


def hold_everything(story: Story, first_end: dt.date | None) -> None:
    """The invariants that this room can break: `clinical/ipt` 12, in the words of the product."""
    episode = story.episode
    course = course_of(episode)
    facts = list(CourseFact.objects.filter(episode=episode))
    # 1. No course is in its middle without agreement at the time, or a reason that says so.
    for entry in course.entered:
        if entry.phase == "middle":
            standing = [
                fact
                for fact in facts
                if fact.kind == "formulation_agreed"
                and fact.at <= entry.at
                and not (fact.withdrawn_at and fact.withdrawn_at < entry.at)
            ]
            assert standing or "G02" in entry.overridden
    # Overrides stand with a reason and were written by whoever may.
    for fact in facts:
        if fact.kind == "gate_override":
            assert fact.value["reason"] and fact.by in (story.cast.ben, story.cast.ana)
            assert fact.value["gate"] != "G06"
    # Gates never stopped a session or a note: every attended meeting has one, signed or not.
    held = Encounter.objects.filter(episode=episode, outcome="attended")
    assert all(hasattr(one, "note") for one in held)
    # Planned sessions are used once and in order; the attended number counts meetings that took place.
    slots = [slot for slot in held.order_by("starts_at", "made_at").values_list("slot", flat=True) if slot]
    assert slots == sorted(set(slots))
    # 9. The ending date of an agreed course moved by amendments only.
    if episode.ends_on != first_end:
        assert {fact.kind for fact in facts} & {"contract_agreed", "amendment", "ending_date_set"}
    # At most one extension, of at most a quarter.
    extensions = [
        fact for fact in facts if fact.kind == "amendment" and fact.value.get("what") == "extension"
    ]
    assert len(extensions) <= 1
    assert episode.planned_sessions <= 20
    assert course.planned == episode.planned_sessions
    # 3. Nothing here ever made a day of use.
    assert not UseDay.objects.filter(client=story.cast.cleo).exists()
    # At most two focus areas at once.
    assert FocusArea.objects.filter(episode=episode, status="active").count() <= 2
    # 6. An open risk item has its owner and its due time.
    assert all(item.owner_id and item.due_at for item in RiskItem.objects.filter(status="open"))

"""What the pages of the room show, gathered with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from reknit.care.network.models import Relationship
from reknit.care.programme.charts import Chart
from reknit.care.programme.models import Episode
from reknit.core.formulation.hint import Hint
from reknit.core.formulation.readability import Reading, read
from reknit.core.formulation.slots import ELEMENT_WORDS, ELEMENTS, assemble, covered, open_places

from .grid import GridSummary, grid_summary
from .known import hints_for, people_of
from .line import ClientLine
from .models import DisputeStage, FocusArea, FocusStep, Formulation, FormulationAnswer
from .queries import Focus, foci, timeline_of, versions


@dataclass(frozen=True, slots=True)
class FocusView:
    """A focus area with its latest step, its stage and what the supervisor should see."""

    focus: Focus
    steps: tuple[FocusStep, ...]
    stage: DisputeStage | None

    @property
    def is_open(self) -> bool:
        """Whether something can still happen to it."""
        return self.focus.row.status in {FocusArea.Status.PROPOSED, FocusArea.Status.ACTIVE}

    @property
    def for_supervisor(self) -> bool:
        """Whether one of its steps is for the supervisor to see."""
        return any(step.for_supervisor for step in self.steps)


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the text with its answers, latest first."""

    row: Formulation
    answers: tuple[FormulationAnswer, ...]

    @property
    def paragraphs(self) -> list[str]:
        """The text as it is read."""
        return self.row.text.split("\n\n")


@dataclass(frozen=True, slots=True)
class HintView:
    """A hint with the words for its area and the address that begins a proposal from it."""

    hint: Hint
    label: str
    query: str
    title: str
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Everything of the Story tab."""

    foci: tuple[FocusView, ...]
    hints: tuple[HintView, ...]
    draft: Formulation | None
    standing: VersionView | None
    earlier: tuple[VersionView, ...]
    line: ClientLine
    grid: GridSummary | None = None

    @property
    def open_foci(self) -> list[FocusView]:
        """Areas proposed or worked on."""
        return [view for view in self.foci if view.is_open]

    @property
    def past_foci(self) -> list[FocusView]:
        """Areas that were resolved, switched or not taken up."""
        return [view for view in self.foci if not view.is_open]

    @property
    def focus_is_newer(self) -> bool:
        """Whether an area was agreed after the standing text was shared."""
        shared_at = self.standing.row.shared_at if self.standing else None
        return shared_at is not None and any(
            step.status == FocusArea.Status.ACTIVE and step.at > shared_at
            for view in self.open_foci
            for step in view.steps
        )


def story_page(chart: Chart) -> StoryPage:
    """The Story tab of one chart. Sixteen queries at most, however much there is."""
    line = timeline_of(chart.client, chart.episode, today=chart.today)
    if chart.episode is None:
        return StoryPage((), (), None, None, (), line)
    people = people_of(chart.client)
    texts = version_views(chart.episode)
    return StoryPage(
        foci=tuple(focus_views(chart.episode)),
        hints=hint_views(hints_for(line, people, chart.episode), people, line),
        draft=next((one.row for one in texts if one.row.state == Formulation.State.DRAFT), None),
        standing=next((one for one in texts if one.row.state in Formulation.STANDING), None),
        earlier=tuple(one for one in texts if one.row.state == Formulation.State.SUPERSEDED),
        line=line,
        grid=grid_summary(chart.episode),
    )


def focus_views(episode: Episode) -> list[FocusView]:
    """Every focus area with its history. Four queries."""
    found = foci(episode)
    keys = [one.row.pk for one in found]
    steps = list(FocusStep.objects.filter(focus__in=keys).select_related("by").order_by("-at", "-id"))
    stages = list(DisputeStage.objects.filter(focus__in=keys).order_by("-on", "-at"))
    return [
        FocusView(
            one,
            tuple(step for step in steps if step.focus_id == one.row.pk),
            next((stage for stage in stages if stage.focus_id == one.row.pk), None),
        )
        for one in found
    ]


def version_views(episode: Episode) -> list[VersionView]:
    """Every version with its answers, the newest first. Two queries."""
    rows = list(versions(episode))
    answers = list(
        FormulationAnswer.objects.filter(formulation__in=[row.pk for row in rows])
        .select_related("by")
        .order_by("-at")
    )
    return [VersionView(row, tuple(a for a in answers if a.formulation_id == row.pk)) for row in rows]


def hint_views(
    hints: Sequence[Hint], people: Sequence[Relationship], line: ClientLine
) -> tuple[HintView, ...]:
    """Hints with their words. No query."""
    aliases = {str(row.pk): row.alias for row in people}
    titles = {str(entry.row.pk): entry.row.title for entry in line.entries}
    restricted = {str(entry.row.pk) for entry in line.entries if entry.row.is_restricted}
    return tuple(
        HintView(
            hint=hint,
            label=str(FocusArea.Area(hint.area).label),
            is_restricted=bool(restricted & set(hint.events)),
            query="&".join(
                [
                    f"area={hint.area}",
                    *[f"person={key}" for key in hint.people],
                    *[f"event={key}" for key in hint.events[:1]],
                ]
            ),
            title=", ".join(
                [aliases[key] for key in hint.people if key in aliases]
                or [titles[key] for key in hint.events if key in titles]
            ),
        )
        for hint in hints
    )


@dataclass(frozen=True, slots=True)
class TextState:
    """How a draft reads and what it still lacks."""

    reading: Reading
    elements: tuple[tuple[str, bool], ...]
    text: str
    gaps: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """What is not there yet, in words."""
        return [words for words, is_there in self.elements if not is_there]


def text_state(formulation: Formulation) -> TextState:
    """Counts, grade and elements of a draft. No query."""
    text = assemble(formulation.words)
    there = covered(formulation.words, formulation.marks)
    return TextState(
        reading=read(text, formulation.language),
        elements=tuple((ELEMENT_WORDS[element], element in there) for element in ELEMENTS),
        text=text,
        gaps=tuple(one.title for one in open_places(formulation.words)),
    )

"""What a client sees of their own course: dates, forms, letters and days. No score and no risk."""

import datetime as dt
from dataclasses import dataclass

from reknit.care.closure.models import Letter
from reknit.care.closure.queries import has_plan
from reknit.care.encounters.models import Appointment
from reknit.care.encounters.queries import CoursePosition, course_position, upcoming
from reknit.care.encounters.together import is_by_group
from reknit.care.formulation.queries import current_formulation
from reknit.care.groups.queries.own import has_group
from reknit.care.materials.queries import has_reading
from reknit.care.measures.queries import links_of
from reknit.care.network.queries import has_released
from reknit.care.people.models import Client
from reknit.care.programme.agreement import is_shown_to_client
from reknit.care.programme.models import Episode
from reknit.care.programme.queries import current_episode
from reknit.care.substance_use.queries import any_substance, bare_days, ever_monitored
from reknit.core.substance_use.summaries import Abstinence, abstinence


@dataclass(frozen=True, slots=True)
class Front:
    """Everything of the page."""

    episode: Episode | None
    position: CoursePosition | None
    following: Appointment | None
    waits_for_form: bool
    letters: tuple[Letter, ...]
    days: Abstinence | None
    has_story: bool
    has_agreement: bool
    has_people: bool
    has_plan: bool
    has_reading: bool
    has_group: bool

    @property
    def has_pages(self) -> bool:
        """Whether there is anything to read that was shared with the client."""
        return any(
            (
                self.has_story,
                self.has_agreement,
                self.has_people,
                self.has_plan,
                self.has_reading,
                self.has_group,
                self.letters,
            )
        )

    @property
    def meets_in_a_group(self) -> bool:
        """Whether the next time is the group's, which stands on a page of its own."""
        return self.has_group and self.episode is not None and is_by_group(self.episode)

    @property
    def is_open(self) -> bool:
        """Whether the course goes on."""
        return self.episode is not None and self.episode.status == Episode.Status.OPEN


def front_of(client: Client, *, at: dt.datetime, today: dt.date) -> Front:
    """A client's own front page. Thirteen queries."""
    episode = current_episode(client)
    booked = upcoming(episode).filter(starts_at__gte=at).first() if episode else None
    return Front(
        episode=episode,
        position=course_position(episode) if episode else None,
        following=booked,
        waits_for_form=bool(links_of(client, at=at)),
        letters=tuple(_letters(client)),
        days=_days(client, episode, today=today),
        has_story=episode is not None and current_formulation(episode) is not None,
        has_agreement=episode is not None and is_shown_to_client(episode),
        has_people=has_released(client),
        has_plan=has_plan(client),
        has_reading=has_reading(client),
        has_group=has_group(client),
    )


def _letters(client: Client) -> list[Letter]:
    issued = Letter.objects.filter(episode__client=client, state=Letter.State.ISSUED, kind=Letter.Kind.PLAIN)
    return list(issued.defer("pdf", "facts", "words").order_by("-issued_at"))


def _days(client: Client, episode: Episode | None, *, today: dt.date) -> Abstinence | None:
    """Days told about since the course began; nothing when none was."""
    start = episode.starts_on if episode else today
    if start > today:
        return None
    asked = ever_monitored(client)
    line = any_substance(bare_days(client, start=start, end=today), asked, start=start, end=today)
    counts = abstinence(line) if line else None
    return counts if counts and counts.reported else None

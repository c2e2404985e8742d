"""Opening a chart: the one way every client page begins.

A client who does not exist and one whom this person may not see get the same answer, so that nobody learns
who is in care here. Each opening is recorded before the page is answered.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit.record import record_read
from reknit.base.clock import local_date, now
from reknit.care.people.access import may_write_chart
from reknit.care.people.models import Client
from reknit.care.people.queries import zone
from reknit.core.programme.template import template

from .models import Episode
from .queries import current_episode

TABS = (
    ("course", "home:client-course"),
    ("sessions", "encounters:session-list"),
    ("people", "network:circle-show"),
    ("story", "formulation:story-show"),
    ("care", "coordination:care-show"),
    ("agreement", "programme:agreement-show"),
    ("measures", "measures:measure-list"),
    ("use", "substance_use:calendar-show"),
    ("risk", "safety:risk-client"),
    ("closing", "closure:closing-show"),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """An opened chart: the client, the course, who opened it and when."""

    client: Client
    episode: Episode | None
    user: User
    at: dt.datetime
    today: dt.date
    page: str

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(str(self.client.pk))

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def lede(self) -> str:
        """One line under the name: the protocol and the ending date, or why there is none."""
        if self.episode is None and self.client.status == Client.Status.IMPORTED:
            return _("Imported history · %(programme)s") % {"programme": self.client.programme.name}
        if self.episode is None:
            return _("No course yet")
        title = template(self.episode.protocol, self.episode.protocol_version).title
        if self.episode.status == Episode.Status.CLOSED:
            return _("%(title)s · closed") % {"title": title}
        if self.episode.ends_on is None:
            return _("%(title)s · no ending date yet") % {"title": title}
        return _("%(title)s · ends %(on)s") % {
            "title": title,
            "on": date_format(self.episode.ends_on, "j F Y"),
        }

    def tabs(self) -> list[tuple[str, str, bool]]:
        """Label, address and whether it is the open one, for each page of the chart."""
        labels = {
            "course": _("Course"),
            "sessions": _("Sessions"),
            "story": _("Story"),
            "care": _("Care"),
            "agreement": _("Agreement"),
            "people": _("People"),
            "measures": _("Measures"),
            "use": _("Use"),
            "risk": _("Risk"),
            "closing": _("Closing"),
        }
        return [(labels[key], reverse(name, args=[self.client.pk]), key == self.page) for key, name in TABS]

    def may_write(self) -> bool:
        """Whether this person may write in the chart today."""
        return may_write_chart(self.user, self.client, on=self.today).allowed

    def context(self, **more: object) -> dict[str, object]:
        """What `ui/client_chart.html` needs, with the page's own."""
        return {
            "chart": self,
            "chart_tabs": self.tabs(),
            "clients_url": reverse("learning:sandbox-list" if self.client.is_sandbox else "home:caseload"),
            "client": self.client,
            "episode": self.episode,
            **more,
        }


def open_chart(request: HttpRequest, client_id: uuid.UUID, *, page: str, write: bool = False) -> Chart:
    """Load a client for a page of the chart, ask the policy, record the reading. Four queries, five to write."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    at = now()
    today = local_date(at, zone())
    client = Client.objects.open_to(user, on=today).select_related("programme").filter(pk=client_id).first()
    if client is None:
        raise Http404
    # The frame of the page says that it is practice; whoever loads a client by another way sets it too.
    request.is_practice = client.is_sandbox  # type: ignore[attr-defined]
    if write:
        may_write_chart(user, client, on=today).or_refuse()
    chart = Chart(client=client, episode=current_episode(client), user=user, at=at, today=today, page=page)
    if request.method in {"GET", "HEAD"}:
        record_read(page, by=user, at=at, client=client)
    return chart

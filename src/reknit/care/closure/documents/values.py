"""What the fields of a document hold for one course: read from what was given, and only what its purpose needs."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.clock import local_date
from reknit.base.documents.wording import Block, Value
from reknit.care.closure import people_then_now
from reknit.care.closure.kinds import RECORDS, label
from reknit.care.closure.models import ClosingRecord, CourseEnding, FollowUp
from reknit.care.closure.people_then_now import Circles, people_to_call
from reknit.care.closure.records import Standing, records_of
from reknit.care.encounters.models import Encounter
from reknit.care.measures.models import Administration
from reknit.care.people.queries import site, zone
from reknit.care.programme.models import Episode
from reknit.core.measures.catalogue import measure, wording

from .kinds import DOCUMENTS, Document

Kind = ClosingRecord.Kind
SATISFACTION = "satisfaction"
BLOCK_OF = {
    Kind.GAINS: "gains",
    Kind.SIGNS: "signals",
    Kind.STAYING_WELL: "plan",
    Kind.CONTINGENCY: "hard_times",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that a course's documents can be made from."""

    episode: Episode
    records: dict[str, Standing]
    follow_ups: tuple[FollowUp, ...]
    satisfaction: Administration | None
    ending: CourseEnding | None
    attended: tuple[Encounter, ...]  # latest first
    circles: Circles

    def lack(self, key: str) -> str:
        """What is still missing before this document can be made; empty when nothing is."""
        one = DOCUMENTS[key]
        if one.record and self.records[one.record].given is None:
            return _("Give the record “%(title)s” first.") % {"title": self.records[one.record].record.title}
        return {
            "satisfaction": ""
            if self.satisfaction
            else _("No answers about the service were given in this course."),
            "then_now": ""
            if self.circles.compared
            else _("Sign the circle off a second time in this course first."),
            "follow_up": "" if self.follow_ups else _("Book follow-up first."),
            "attendance": "" if self.attended else _("No session took place yet."),
            "completion": ""
            if self.ending and self.ending.word == CourseEnding.Word.COMPLETED
            else _("Only for a course that was closed as completed."),
        }.get(key, "")


def sources_of(episode: Episode) -> Sources:
    """Six queries, however long the course."""
    return Sources(
        episode=episode,
        records=records_of(episode),
        follow_ups=tuple(
            FollowUp.objects.filter(episode=episode, state=FollowUp.State.DUE).order_by("due_on")
        ),
        satisfaction=Administration.objects.filter(episode=episode, measure=SATISFACTION, superseded_at=None)
        .order_by("-answered_at")
        .first(),
        ending=CourseEnding.objects.filter(episode=episode).first(),
        attended=tuple(
            Encounter.objects.filter(episode=episode, outcome__in=Encounter.HELD).order_by("-starts_at")
        ),
        circles=people_then_now.circles(episode),
    )


def values_of(
    document: Document, found: Sources, *, author: User, today: dt.date, session: Encounter | None = None
) -> dict[str, Value]:
    """The fields of a document and nothing beside them."""
    client, here = found.episode.client, site()
    everything: dict[str, Value] = {
        "client_name": client.name,
        "client_first_name": client.preferred_name or client.given_name or client.name,
        "clinic_name": here.name if here else "",
        "clinic_phone": here.phone if here else "",
        "emergency_number": here.emergency_number if here else "",
        "author_name": author.name,
        "date": day(today),
        **_given(document, found),
        **_about(document, found, session),
    }
    if "help_lines" in document.blocks:
        lines = [
            f"{one.get('name', '')}: {one.get('number', '')}" for one in (here.help_lines if here else [])
        ]
        everything["help_lines"] = [Block("list", items=tuple(lines))] if lines else []
    return {name: everything[name] for name in document.fields}


def _given(document: Document, found: Sources) -> dict[str, Value]:
    """From the closing record that was given, in the words the client reads."""
    standing = found.records[document.record] if document.record else None
    if standing is None or standing.given is None:
        return {}
    if standing.record.kind in BLOCK_OF:
        return {BLOCK_OF[standing.record.kind]: _said(standing, found)}
    words = standing.given.words
    spoken = {part.key: label(part, words.get(part.key)) for part in RECORDS[standing.key].parts}
    if standing.record.kind == Kind.DISPOSITION:
        return {"decision": spoken["choice"], "reason": spoken["reason"]}
    return {"said": spoken["said"], "alternatives": spoken["alternatives"], "next_steps": spoken["plan"]}


def _said(standing: Standing, found: Sources) -> list[Block]:
    """Label and words of each part; of people only those who can still be called."""
    blocks = [
        Block("labelled", part.text, part.client_heading) for part in standing.said if part.key != "people"
    ]
    if standing.given and standing.given.people:
        callable_now = {str(one.id) for one in people_to_call(found.episode.client)}
        names = [one["alias"] for one in standing.given.people if one["id"] in callable_now]
        heading = standing.record.part("people")
        if names and heading:
            blocks.insert(0, Block("labelled", ", ".join(names), str(heading.client_heading)))
    return blocks


def _about(document: Document, found: Sources, session: Encounter | None) -> dict[str, Value]:
    """From what is no closing record: dates, answers, one session."""
    if document.key == "then_now" and found.circles.compared:
        compared = found.circles.compared
        said = compared.sentences or (_("Nobody came, left or changed ring."),)
        return {
            "then_on": day(compared.first_on),
            "now_on": day(compared.latest_on),
            "changes": [Block("list", items=said)],
        }
    if document.key == "follow_up":
        return {"dates": [Block("list", items=tuple(day(one.due_on) for one in found.follow_ups))]}
    if document.key == "satisfaction" and found.satisfaction:
        on = local_date(found.satisfaction.answered_at, zone())
        return {"answered_on": day(on), "answers": _answers(found.satisfaction)}
    if document.key == "attendance" and session:
        begins = session.starts_at.astimezone(zoneinfo.ZoneInfo(zone()))
        ends = begins + dt.timedelta(minutes=session.minutes)
        return {
            "attended_on": day(begins.date()),
            "attended_from": date_format(begins, "H:i"),
            "attended_until": date_format(ends, "H:i"),
        }
    if document.key == "completion" and found.ending:
        return {
            "began_on": day(found.episode.starts_on),
            "ended_on": day(local_date(found.ending.at, zone())),
        }
    return {}


def _answers(sheet: Administration) -> list[Block]:
    """Each question with the answer in words; what was left out says so."""
    words = wording(sheet.measure)
    found = []
    for item in measure(sheet.measure).items:
        answer: Any = sheet.answers.get(item.id)
        said = dict(words.options.get(item.id, ())).get(answer, "") if answer is not None else _("No answer")
        found.append(Block("labelled", str(said), words.items[item.id]))
    return found


def day(on: dt.date) -> str:
    """10 June 2026."""
    return date_format(on, "j F Y")

"""Every document: whom it is for, the fields it may hold and no other, and the wording that ships."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from reknit.care.closure.kinds import Record
from reknit.care.closure.models import ClosingRecord, Letter
from reknit.care.consent.notices import SHORT_NOTICE

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Words = str | StrPromise

Kind = ClosingRecord.Kind
CLINIC = ("clinic_name", "clinic_phone", "author_name", "date")
FIRST_NAME = ("client_first_name", *CLINIC)
FULL_NAME = ("client_name", *CLINIC)
NOTICE = SHORT_NOTICE

# An attendance or completion certificate is shown at work, at a court, at an office. It says that somebody came. [D]
TELLING = re.compile(
    r"(?<!\w)(?:diagnos\w*|depress\w*|mental\w*|psych\w*|therap\w*|ipt|cbt|treatment\w*|counsel\w*|addict\w*|substance\w*|"
    r"alcohol\w*|drug\w*|drink\w*|opioid\w*|sober\w*|sobriety|recover\w*|rehab\w*|detox\w*|naloxone|methadone|buprenorphine)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `words` are fields of one line, `blocks` what it is about; nothing else can stand in it."""

    key: str
    task: str
    title: "Words"
    purpose: "Words"
    words: tuple[str, ...]
    blocks: tuple[str, ...]
    wording: "Words"
    record: Kind | None = None
    is_certificate: bool = False
    leaves: bool = False  # goes to somebody else, so the notice of the law stands under it unless the clinic takes it off

    @property
    def is_letter(self) -> bool:
        """Whether its parts are written one by one as a letter; the clinic's words stand round them."""
        return self.key in Letter.Kind.values

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that may stand in it."""
        return (*self.words, *self.blocks)


DOCUMENTS: dict[str, Document] = {
    one.key: one
    for one in (
        Document(
            "gains", "C03", _("What I gained"),
            _("For the client: their gains, in their words."),
            FIRST_NAME, ("gains",),
            _("Dear {client_first_name},\n\nThis is what you gained, in your own words. The credit is yours.\n\n{gains}\n\n{author_name}"),
            record=Kind.GAINS,
        ),
        Document(
            "then_now", "C04", _("My people, then and now"),
            _("For the client: who came closer, who moved out, who is new, in words. The drawn sheet is printed from People."),
            (*FIRST_NAME, "then_on", "now_on"), ("changes",),
            _("Dear {client_first_name},\n\nYou drew your people on {then_on}, and again on {now_on}. This is what changed.\n\n{changes}\n\n{author_name}"),
        ),
        Document(
            "signs", "C05", _("My signals"),
            _("For the client: what they may notice first."),
            FIRST_NAME, ("signals",),
            _("These are the signs you want to watch for. If you see one, call someone. You do not have to wait.\n\n{signals}\n\nYou can call us: {clinic_phone}."),
            record=Kind.SIGNS,
        ),
        Document(
            "staying_well", "C06", _("My staying-well plan"),
            _("For the client: what to do, and whom to call."),
            (*FIRST_NAME, "emergency_number"), ("plan", "help_lines"),
            _("This plan is yours. You can change it when you like.\n\n{plan}\n\nIn danger now, call {emergency_number}.\n\n{help_lines}"),
            record=Kind.STAYING_WELL,
        ),
        Document(
            "contingency", "C07", _("Hard times I see coming"),
            _("For the client: hard times that can be seen coming, and what to do then."),
            FIRST_NAME, ("hard_times",),
            _("You can see some hard times coming. This is what you can do when they come.\n\n{hard_times}"),
            record=Kind.CONTINGENCY,
        ),
        Document(
            "disposition", "C08", _("What comes next"),
            _("For the client: what was decided together."),
            (*FIRST_NAME, "decision", "reason"), (),
            _("Dear {client_first_name},\n\nThis is what we decided: {decision}.\n\n{reason}\n\nYou can call us: {clinic_phone}.\n\n{author_name}"),
            record=Kind.DISPOSITION,
        ),
        Document(
            "non_response", "C09", _("Other ways"),
            _("For the client: that the treatment fell short, and what else there is."),
            (*FIRST_NAME, "said", "alternatives", "next_steps"), (),
            _("Dear {client_first_name},\n\n{said}\n\nThere are other ways: {alternatives}.\n\nWhat happens now: {next_steps}\n\n{author_name}"),
            record=Kind.NON_RESPONSE,
        ),
        Document(
            "satisfaction", "C10", _("How the service was"),
            _("For the client and the team: the latest answers about the service."),
            (*CLINIC, "answered_on"), ("answers",),
            _("These answers were given on {answered_on}.\n\n{answers}\n\nThank you. They help us to do better."),
        ),
        Document(
            "follow_up", "C12", _("Dates to keep"),
            _("For the client: a card with the days of follow-up. It does not say what for."),
            FIRST_NAME, ("dates",),
            _("We will ask how you are on these days:\n\n{dates}\n\nYou can call us at any time: {clinic_phone}."),
        ),
        Document(
            "attendance", "", _("Certificate of attendance"),
            _("For whoever asks why somebody was away: that they came, on which day, and nothing else."),
            (*FULL_NAME, "attended_on", "attended_from", "attended_until"), (),
            _("{client_name} had an appointment here on {attended_on}, from {attended_from} to {attended_until}.\n\n{author_name}\n{clinic_name}"),
            is_certificate=True,
        ),
        Document(
            "completion", "", _("Certificate of completion"),
            _("For whoever asks whether a course was completed: that it was, and when."),
            (*FULL_NAME, "began_on", "ended_on"), (),
            _("{client_name} took part in a course here from {began_on} to {ended_on}, and completed it.\n\n{author_name}\n{clinic_name}"),
            is_certificate=True,
        ),
        Document(
            Letter.Kind.CLOSING, "C11", _("Closing letter to the care team"),
            _("For colleagues who take over: your words before and after the letter."),
            CLINIC, ("letter",), "{letter}", leaves=True,
        ),
        Document(
            Letter.Kind.PLAIN, "C11", _("Letter to the client in plain words"),
            _("For the client: your words before and after the letter."),
            FIRST_NAME, ("letter",), "{letter}",
        ),
    )
}  # fmt: skip
PRINTED = tuple(one for one in DOCUMENTS.values() if not one.is_letter)


def is_read_by_client(record: Record) -> bool:
    """Whether its words reach the client: on their page, or printed in a document that stays with them."""
    printed = (one for one in DOCUMENTS.values() if one.record == record.kind and not one.leaves)
    return record.is_for_client or any(printed)

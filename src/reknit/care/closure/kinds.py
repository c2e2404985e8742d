"""What each closing record asks for: its parts in order, and what must be there before it is given.

Words for the team stand beside the words the client reads. The closing tasks are those of the task library.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .models import ClosingRecord

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Words = str | StrPromise

LONGEST = 4000
Shape = Literal["text", "choice", "picks", "people"]
Kind = ClosingRecord.Kind


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its key, what the team reads, what the client reads, and how it is answered."""

    key: str
    heading: "Words"
    hint: "Words" = ""
    client: "Words" = ""
    shape: Shape = "text"
    choices: "tuple[tuple[str, Words], ...]" = ()

    @property
    def client_heading(self) -> "Words":
        """The heading on the client's own pages and letter."""
        return self.client or self.heading


@dataclass(frozen=True, slots=True)
class Need:
    """At least one of these parts must be there, or the sentence says what to do."""

    keys: tuple[str, ...]
    sentence: "Words"
    unless: tuple[str, str] | None = None  # part and answer with which it is not asked for


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of closing record."""

    kind: Kind
    tasks: str
    title: "Words"
    margin: "Words"
    parts: tuple[Part, ...]
    needs: tuple[Need, ...]
    give: "Words"
    done: "Words"
    fact: str = ""
    reports: str = ""  # the part whose answer the course fact carries, under its own name
    fact_key: str = ""
    client_title: "Words" = ""
    after_close: bool = False
    rests_on: Kind | None = None

    @property
    def is_for_client(self) -> bool:
        """Whether the client sees it on their own page once it was given."""
        return bool(self.client_title)

    def part(self, key: str) -> Part | None:
        """The part of this key, if there is one."""
        return next((part for part in self.parts if part.key == key), None)


N_STRESSES = 5
FEELINGS = (
    ("sad", _("Sad")),
    ("angry", _("Angry")),
    ("afraid", _("Afraid")),
    ("relieved", _("Relieved")),
    ("proud", _("Proud")),
    ("let_down", _("Let down")),
    ("none", _("No strong feeling yet")),
)
NEXT = (
    ("end", _("The course ends here")),
    ("maintenance", _("Maintenance sessions, under a contract of their own")),
    ("extension", _("Extension: agreed once, for a clear target that is left")),
    ("other_treatment", _("Another treatment")),
    ("step_up", _("Step up to more care")),
)
ALTERNATIVES = (
    ("cbt", _("CBT or relapse prevention")),
    ("contingency_management", _("Contingency management")),
    ("medication", _("Medication review, for mood or for substance use")),
    ("level_of_care", _("A higher level of care")),
    ("other_therapy", _("Another talking treatment")),
    ("mutual_help", _("Mutual help or peer support")),
)
EARLY = (
    ("client_choice", _("The client chose to stop")),
    ("lost_contact", _("We lost contact")),
    ("moved", _("Moved away")),
    ("custody", _("Custody or hospital")),
    ("step_up", _("Went on to more care")),
    ("non_response", _("It did not help enough")),
    ("death", _("The client died")),
)
LEAFLET = (
    ("given", _("Given or sent")),
    ("not_wanted", _("Offered and not wanted")),
    ("not_reached", _("No safe way to reach the client")),
)


def stresses() -> tuple[Part, ...]:
    """Pairs of a hard time that can be seen coming and what to do then."""
    found: list[Part] = []
    for n in range(1, N_STRESSES + 1):
        found += [
            Part(
                f"stress_{n}",
                format_lazy("{} {}", _("Hard time"), n),
                _("Within the next year: a date, a person, a place."),
                _("When this comes"),
            ),
            Part(
                f"response_{n}",
                format_lazy("{} {}", _("What to do then"), n),
                _("One small step that can be done on the day."),
                _("I can"),
            ),
        ]
    return tuple(found)


RECORDS: dict[str, Record] = {
    record.kind: record
    for record in (
        Record(
            kind=Kind.ENDING_TALK,
            tasks="C01 C02",
            title=_("Talk about the ending"),
            margin=_("Two to four sessions before the last"),
            parts=(
                Part("feelings", _("Feelings that were named"), shape="picks", choices=FEELINGS),
                Part("words", _("In the client's own words"), _("What the ending means to them.")),
                Part(
                    "apart",
                    _("Told apart from the illness coming back"),
                    _("Being sad at an ending is not a sign of illness. Say how you put it."),
                ),
            ),
            needs=(
                Need(("feelings", "words"), _("Name at least one feeling, or write the client's own words.")),
            ),
            give=_("Keep this record"),
            done=_("Kept"),
        ),
        Record(
            kind=Kind.GAINS,
            tasks="C03",
            title=_("Review of gains"),
            margin=_("In the client's words. The credit is theirs."),
            client_title=_("What I gained"),
            parts=(
                Part("mood", _("Mood and symptoms"), _("What is different now?"), _("How I feel")),
                Part("use", _("Substance use"), _("What changed, on the client's own goal."), _("My days")),
                Part("ties", _("Relationships"), _("With whom, and what is new."), _("My people")),
                Part(
                    "skills", _("Skills"), _("What can they do now that they could not?"), _("What I can do")
                ),
                Part(
                    "credit",
                    _("What the client did to get here"),
                    _("Name what they did, not what the treatment did."),
                    _("What I did to get here"),
                ),
            ),
            needs=(
                Need(("mood", "use", "ties", "skills"), _("Write at least one gain.")),
                Need(("credit",), _("Write what the client did to get here. The credit is theirs.")),
            ),
            give=_("Give it to the client"),
            done=_("Given"),
            fact="gains_reviewed",
        ),
        Record(
            kind=Kind.SIGNS,
            tasks="C05",
            title=_("Warning signs"),
            margin=_("What the client may notice first"),
            client_title=_("My signals"),
            parts=(
                Part(
                    "mood",
                    _("Signs of low mood coming back"),
                    _("Sleep, food, thoughts, what they stop doing."),
                    _("My mood is going down when"),
                ),
                Part(
                    "use",
                    _("Signs of a return to use"),
                    _("Thoughts, places, small decisions, cravings."),
                    _("Using may be near when"),
                ),
                Part(
                    "ties",
                    _("Signs in relationships"),
                    _("Whom they stop calling, which quarrel comes back."),
                    _("With people I"),
                ),
            ),
            needs=(
                Need(("mood",), _("Write at least one sign of low mood.")),
                Need(("use",), _("Write at least one sign of a return to use.")),
                Need(("ties",), _("Write at least one sign in relationships.")),
            ),
            give=_("Give it to the client"),
            done=_("Given"),
            fact="warning_signs",
            after_close=True,
        ),
        Record(
            kind=Kind.STAYING_WELL,
            tasks="C06",
            title=_("Staying-well plan"),
            margin=_("The plan rests on the warning signs; give them first"),
            client_title=_("My staying-well plan"),
            parts=(
                Part(
                    "people",
                    _("People to call"),
                    _(
                        "From the circle: they support recovery, do not use now, and are not marked unsafe. "
                        "The client chooses."
                    ),
                    _("People I can call"),
                    shape="people",
                ),
                Part("steps", _("Steps"), _("What to do first, next, and after that."), _("What I do")),
                Part(
                    "medication",
                    _("Medication"),
                    _("What goes on, who prescribes it. Doing well on it is no reason to stop it."),
                    _("My medicine"),
                ),
                Part(
                    "mutual_help",
                    _("Mutual help and peer support"),
                    _("Where and when, if wanted."),
                    _("Groups and helpers"),
                ),
                Part(
                    "safe_use",
                    _("Safe-use and overdose steps"),
                    _(
                        "After time without use the body takes less. Naloxone and who can give it; not being alone; "
                        "whom to call."
                    ),
                    _("If I use, how I stay safe"),
                ),
            ),
            needs=(
                Need(("steps",), _("Write at least one step.")),
                Need(
                    ("safe_use",),
                    _("Write the safe-use and overdose steps. They protect, and they are no leave."),
                ),
            ),
            give=_("Give it to the client"),
            done=_("Given"),
            fact="staying_well_plan",
            after_close=True,
            rests_on=Kind.SIGNS,
        ),
        Record(
            kind=Kind.CONTINGENCY,
            tasks="C07",
            title=_("Plan for hard times"),
            margin=_("Hard times that can be seen coming in the next 6 to 12 months, each with a response"),
            client_title=_("Hard times I see coming"),
            parts=stresses(),
            needs=(Need(("stress_1",), _("Write at least one hard time and what to do then.")),),
            give=_("Give it to the client"),
            done=_("Given"),
            fact="contingency_plan",
            after_close=True,
        ),
        Record(
            kind=Kind.DISPOSITION,
            tasks="C08",
            title=_("What comes next"),
            margin=_("Decided with the client"),
            parts=(
                Part("choice", _("What comes next"), shape="choice", choices=NEXT),
                Part("reason", _("Why"), _("An ending that feels hard is a reason to talk, not to extend.")),
            ),
            needs=(
                Need(("choice",), _("Choose what comes next.")),
                Need(("reason",), _("Write why.")),
            ),
            give=_("Record the decision"),
            done=_("Decided"),
            fact="disposition",
            reports="choice",
            fact_key="choice",
        ),
        Record(
            kind=Kind.NON_RESPONSE,
            tasks="C09",
            title=_("When it did not help enough"),
            margin=_("Say it plainly. The treatment fell short, not the person."),
            parts=(
                Part(
                    "said",
                    _("What was said"),
                    _(
                        "For example: this treatment did not do enough. You did your part. There are other ways."
                    ),
                ),
                Part("alternatives", _("What was offered"), shape="picks", choices=ALTERNATIVES),
                Part(
                    "plan",
                    _("What happens now"),
                    _(
                        "Who does what, by when. For stimulants, CBT or contingency management; for opioids, "
                        "medication first."
                    ),
                ),
            ),
            needs=(
                Need(("said",), _("Write what was said to the client.")),
                Need(("alternatives",), _("Choose at least one alternative that was offered.")),
                Need(("plan",), _("Write what happens now.")),
            ),
            give=_("Keep this record"),
            done=_("Talked through"),
            fact="non_response_plan",
        ),
        Record(
            kind=Kind.EARLY_ENDING,
            tasks="",
            title=_("Early ending"),
            margin=_("A short list of its own. Use by itself is never a reason to end care."),
            parts=(
                Part("reason", _("Why it ends early"), shape="choice", choices=EARLY),
                Part("safety", _("How safe things are"), _("What is known today, and who looks after it.")),
                Part(
                    "leaflet",
                    _("Leaflet on warning signs and overdose"),
                    shape="choice",
                    choices=LEAFLET,
                ),
                Part("referral", _("Referral"), _("To whom, or why none.")),
                Part("door", _("The way back"), _("How the client knows that they can come back.")),
            ),
            needs=(
                Need(("reason",), _("Choose why it ends early.")),
                Need(("safety",), _("Write how safe things are."), ("reason", "death")),
                Need(("leaflet",), _("Say whether the leaflet was given."), ("reason", "death")),
                Need(
                    ("referral",),
                    _("Write to whom the client was referred, or why to nobody."),
                    ("reason", "death"),
                ),
                Need(
                    ("door",), _("Write how the client knows that they can come back."), ("reason", "death")
                ),
            ),
            give=_("Record the early ending"),
            done=_("Recorded"),
            fact="ended_early",
            reports="reason",
            fact_key="reason",
        ),
    )
}

FOR_CLIENT = tuple(record for record in RECORDS.values() if record.is_for_client)


def lacking(record: Record, words: dict[str, Any]) -> Need | None:
    """The first thing that is still missing before this record can be given."""
    for need in record.needs:
        if need.unless and words.get(need.unless[0]) == need.unless[1]:
            continue
        if not any(words.get(key) for key in need.keys):
            return need
    if record.kind == Kind.CONTINGENCY:
        return _half_pair(words)
    return None


def _half_pair(words: dict[str, Any]) -> Need | None:
    """A hard time without its response, or a response to nothing."""
    for n in range(1, N_STRESSES + 1):
        stress, response = words.get(f"stress_{n}"), words.get(f"response_{n}")
        if stress and not response:
            return Need((f"response_{n}",), _("Each hard time needs what to do then."))
        if response and not stress:
            return Need((f"stress_{n}",), _("Write which hard time this answers."))
    return None


def label(part: Part, value: Any) -> str:
    """A part's answer as words: the labels of what was chosen, or the words themselves."""
    if part.shape == "choice":
        return str(dict(part.choices).get(value, ""))
    if part.shape == "picks":
        known = dict(part.choices)
        return ", ".join(str(known[one]) for one in value or [] if one in known)
    return str(value or "")

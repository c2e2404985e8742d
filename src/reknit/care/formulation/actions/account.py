"""Every change to the formulation, and the client's answers to it."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from reknit.base.accounts.models import User
from reknit.base.audit import record as audit
from reknit.base.audit.record import action
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.formulation.access import may_answer_own
from reknit.care.formulation.entries import MOST_WORDS, check_open, sentence
from reknit.care.formulation.models import Formulation, FormulationAnswer
from reknit.care.programme.actions import withdraw_fact
from reknit.care.programme.models import Episode
from reknit.core.formulation.readability import read
from reknit.core.formulation.slots import ELEMENT_WORDS, KEYS, SLOTS, assemble, covered, missing, open_places

from .common import locked, report

State, Response = Formulation.State, FormulationAnswer.Response
MOST_SLOT = 2000


@action
def begin_formulation(*, by: User, at: dt.datetime, episode: Episode) -> Formulation:
    """The draft of the formulation, made on first use. Where a version stands, `revise_formulation` begins the next."""
    episode = locked(episode)
    if known := Formulation.objects.filter(episode=episode, state=State.DRAFT).first():
        audit.unchanged()
        return known
    if standing := _standing(episode):
        return _draft(episode, by=by, at=at, after=standing)
    return _draft(episode, by=by, at=at)


@action
def revise_formulation(*, by: User, at: dt.datetime, formulation: Formulation) -> Formulation:
    """Begin the next version from the one that stands. The old one stands until the new one is shared."""
    episode = locked(formulation.episode)
    if known := Formulation.objects.filter(episode=episode, state=State.DRAFT).first():
        audit.unchanged()
        return known
    standing = _standing(episode)
    if standing is None or standing.pk != formulation.pk:
        raise DomainError(_("This version was replaced. Revise the one that stands now."))
    return _draft(episode, by=by, at=at, after=standing)


@action
def save_formulation(
    *,
    by: User,
    at: dt.datetime,
    formulation: Formulation,
    revision: int,
    words: Mapping[str, str],
    marks: Mapping[str, Collection[str]],
    diagnosis: str = "",
) -> Formulation:
    """Save the draft. Refuses when another save came first, and gives back what stands."""
    check_open(formulation.episode)
    kept, marked = _checked_words(words), _checked_marks(marks)
    diagnosis = sentence(diagnosis, field="diagnosis", most=200, required=False)
    writer_before = formulation.saved_by_id
    grade = read(assemble(kept), formulation.language).grade
    saved = Formulation.objects.filter(pk=formulation.pk, state=State.DRAFT, revision=revision).update(
        words=kept,
        marks=marked,
        diagnosis=diagnosis,
        grade=grade,
        revision=revision + 1,
        saved_by=by,
        saved_at=at,
    )
    formulation.refresh_from_db()
    if not saved:
        return _save_again(formulation, kept, marked, diagnosis)
    if revision == 0 or writer_before not in {None, by.pk}:
        verb = "save formulation draft" if revision == 0 else "take up formulation draft"
        audit.record(verb, by=by, at=at, subject=formulation, client=formulation.episode.client_id)
    audit.unchanged()  # drafts are audited at their first and their last save; sharing is the last
    return formulation


@action
def share_formulation(
    *, by: User, at: dt.datetime, formulation: Formulation, revision: int, how: str
) -> Formulation:
    """Freeze the draft and release it to the client. Refused without its five elements (gate G06).

    The version before it is kept, marked as replaced, and its agreement no longer counts.
    """
    episode = locked(formulation.episode)
    formulation = Formulation.objects.select_for_update().get(pk=formulation.pk)
    if formulation.state != State.DRAFT:
        audit.unchanged()
        return formulation
    if formulation.revision != revision:
        raise Conflict(
            _("Somebody else saved this text since you read it. Read it again, then share it."),
            theirs=formulation.words,
        )
    if how not in Formulation.How.values:
        raise DomainError(_("Choose how it was shared."), field="how")
    _check_elements(formulation)
    if standing := _standing(episode):
        _move(standing, State.SUPERSEDED)
        withdraw_fact(by=by, at=at, episode=episode, kind="formulation_agreed", source_id=standing.pk)
    formulation.text = assemble(formulation.words)
    formulation.elements = list(covered(formulation.words, formulation.marks))
    formulation.shared_how, formulation.shared_by, formulation.shared_at = how, by, at
    formulation.state = State.SHARED
    formulation.save(update_fields=["text", "elements", "shared_how", "shared_by", "shared_at", "state"])
    value = {"version": formulation.number, "elements": formulation.elements}
    report(episode, "formulation_shared", formulation.pk, value, by=by, at=at)
    detail = {"version": formulation.number, "how": how, "revision": revision}
    audit.record(
        "share formulation", by=by, at=at, subject=formulation, client=episode.client_id, detail=detail
    )
    return formulation


@action
def answer_formulation_as_client(
    *,
    by: User,
    at: dt.datetime,
    formulation: Formulation,
    response: str,
    words: str = "",
    key: uuid.UUID | None = None,
) -> FormulationAnswer:
    """The client's own answer, on their own page."""
    decision = may_answer_own(by, formulation)
    if not decision:
        raise Refused(decision.reason)
    answer = {"response": response, "words": words, "how": FormulationAnswer.How.CLIENT}
    return _answer(formulation, answer, by=by, at=at, key=key)


@action
def record_witnessed_answer(
    *,
    by: User,
    at: dt.datetime,
    formulation: Formulation,
    response: str,
    words: str,
    witness: str,
    key: uuid.UUID | None = None,
) -> FormulationAnswer:
    """An answer said aloud, in the client's own words, with the name of who heard it."""
    answer = {
        "response": response,
        "words": sentence(
            words, field="words", most=MOST_WORDS, ask=_("Write what the client said, word for word.")
        ),
        "how": FormulationAnswer.How.WITNESSED,
        "witness": sentence(witness, field="witness", most=80, ask=_("Write who heard it.")),
    }
    return _answer(formulation, answer, by=by, at=at, key=key)


def _standing(episode: Episode) -> Formulation | None:
    rows = Formulation.objects.select_for_update().filter(episode=episode, state__in=Formulation.STANDING)
    return rows.first()


def _draft(episode: Episode, *, by: User, at: dt.datetime, after: Formulation | None = None) -> Formulation:
    latest = Formulation.objects.filter(episode=episode).order_by("-number").first()
    draft = Formulation.objects.create(
        episode=episode,
        number=latest.number + 1 if latest else 1,
        words=after.words if after else {},
        marks=after.marks if after else {},
        diagnosis=after.diagnosis if after else "",
        grade=after.grade if after else None,
        language=after.language if after else episode.client.language,
        begun_by=by,
        begun_at=at,
    )
    verb = "revise formulation" if after else "begin formulation"
    audit.record(
        verb, by=by, at=at, subject=draft, client=episode.client_id, detail={"version": draft.number}
    )
    return draft


def _checked_words(words: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(words) - set(KEYS):
        raise TypeError(f"Not slots of a formulation: {sorted(unknown)}")
    kept = {key: sentence(words.get(key, ""), field=key, most=MOST_SLOT, required=False) for key in KEYS}
    return {key: text for key, text in kept.items() if text}


def _checked_marks(marks: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    allowed = {slot.key: slot.may_hold for slot in SLOTS}
    kept = {key: [one for one in allowed.get(key, ()) if one in chosen] for key, chosen in marks.items()}
    return {key: chosen for key, chosen in kept.items() if chosen}


def _save_again(
    formulation: Formulation, words: dict[str, str], marks: dict[str, list[str]], diagnosis: str
) -> Formulation:
    """The same save sent twice is no conflict; anything else is refused."""
    if formulation.state != State.DRAFT:
        raise DomainError(_("This version was shared and no longer changes. Revise it to write a new one."))
    if (formulation.words, formulation.marks, formulation.diagnosis) == (words, marks, diagnosis):
        audit.unchanged()
        return formulation
    raise Conflict(
        _("Somebody else saved this text while you wrote. Both versions are here: choose."),
        theirs={**formulation.words, "diagnosis": formulation.diagnosis},
    )


def _check_elements(formulation: Formulation) -> None:
    left = missing(formulation.words, formulation.marks)
    if left:
        named = "; ".join(_(ELEMENT_WORDS[element]) for element in left)
        raise DomainError(
            _("This cannot be shared yet (gate G06). Still missing: %(named)s.") % {"named": named}
        )
    if gaps := open_places(formulation.words):
        named = "; ".join(_(one.title) for one in gaps)
        raise DomainError(
            _("A place is still open (…). Fill it in, or take the sentence out: %(named)s.")
            % {"named": named}
        )


def _move(formulation: Formulation, to: Formulation.State) -> None:
    formulation.state = to
    formulation.save(update_fields=["state"])


def _answer(
    formulation: Formulation,
    answer: dict[str, str],
    *,
    by: User,
    at: dt.datetime,
    key: uuid.UUID | None,
) -> FormulationAnswer:
    """Keep an answer and let the version's state follow it."""
    known = FormulationAnswer.objects.filter(pk=key).first() if key else None
    if known and known.formulation_id == formulation.pk:
        audit.unchanged()
        return known
    if known:
        raise DomainError(_("This page was used before. Open it again, then answer once more."))
    episode = locked(formulation.episode)
    formulation = Formulation.objects.select_for_update().get(pk=formulation.pk)
    if formulation.state not in Formulation.STANDING:
        raise DomainError(_("There is a newer text now. Please open the page again."))
    if answer["response"] not in Response.values:
        raise DomainError(_("Choose one of the four answers."), field="response")
    needs_words = answer["response"] == Response.AGREED_WITH_CHANGES
    answer["words"] = sentence(
        answer["words"],
        field="words",
        most=MOST_WORDS,
        required=needs_words,
        ask=_("Tell us what you would change. A few words are enough."),
    )
    row = FormulationAnswer.objects.create(
        **({"id": key} if key else {}), formulation=formulation, by=by, at=at, **answer
    )
    _follow(formulation, row, episode, by=by, at=at)
    detail = {"version": formulation.number, "response": row.response, "how": row.how}
    audit.record("answer formulation", by=by, at=at, subject=row, client=episode.client_id, detail=detail)
    return row


def _follow(
    formulation: Formulation, row: FormulationAnswer, episode: Episode, *, by: User, at: dt.datetime
) -> None:
    agrees = row.response in {Response.AGREED, Response.AGREED_WITH_CHANGES}
    withdraw_fact(by=by, at=at, episode=episode, kind="formulation_agreed", source_id=formulation.pk)
    if agrees:
        value = {"version": formulation.number, "how": row.how, "response": row.response}
        report(episode, "formulation_agreed", formulation.pk, value, by=by, at=at)
    no = State.NOT_AGREED if row.response == Response.NOT_AGREED else State.SHARED
    _move(formulation, State.AGREED if agrees else no)

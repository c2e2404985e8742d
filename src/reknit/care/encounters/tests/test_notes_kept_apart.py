"""Notes kept apart: who reads them, what is recorded of it, and that their words are nowhere else."""

import ast
import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client as Browser
from django.urls import reverse
from tests.cast import Cast
from tests.test_every_address import ADDRESSES, browser_of
from tests.world import world

import reknit
from reknit.base.audit.models import AuditEvent
from reknit.base.errors import Conflict, DomainError, Refused
from reknit.care.consent.models import Consent
from reknit.care.encounters.apart import actions
from reknit.care.encounters.apart.reading import opened_notes, own_notes
from reknit.care.encounters.models import Encounter
from reknit.care.encounters.models.apart import APART, NoteKeptApart
from reknit.care.people.actions import join_care_team

SECRET = "Kingfisher-9147"
BLANK: dict[str, Any] = {"pattern": "", "example": "", "outside": None, "discussed": "", "words": ""}


def keep(
    cast: Cast, at: dt.datetime, session: Encounter, kind: str = "relationship", **more: Any
) -> NoteKeptApart:
    values = BLANK | {"words": SECRET} | more
    known = own_notes(cast.ana, session).get(kind)
    revision = known.revision if known else 0
    return actions.save_apart(
        by=cast.ana, at=at, encounter=session, kind=kind, revision=revision, values=values
    )


@pytest.fixture
def apart(cast: Cast, at: dt.datetime, session: Encounter) -> list[NoteKeptApart]:
    return [keep(cast, at, session, model.KIND) for model in APART]


def show(browser: Browser, session: Encounter) -> Any:
    return browser.get(reverse("encounters:apart-show", args=[session.client_id, session.pk]))


def test_author_reads_and_nobody_else(cast: Cast, session: Encounter, apart: list[NoteKeptApart]) -> None:
    join_care_team(by=cast.adi, at=session.starts_at, client=cast.cleo, clinician=cast.fay,
                   starts_on=session.starts_at.date(), part="cover")  # fmt: skip
    found = {name: show(browser_of(user), session) for name, user in cast.users().items()}
    assert {name for name, page in found.items() if SECRET in page.content.decode()} == {"ana"}
    assert (found["ben"].status_code, found["dov"].status_code, found["fay"].status_code) == (403, 404, 200)
    assert "None was opened to you." in found["ben"].content.decode()  # a refusal gives its reason


def test_supervisor_reads_what_the_author_opened_and_only_while_the_line_stands(
    cast: Cast, at: dt.datetime, session: Encounter, apart: list[NoteKeptApart]
) -> None:
    actions.open_to_supervision(by=cast.ana, at=at, note=apart[0], is_open=True)
    assert opened_notes(cast.ben, session, on=at.date()) == [apart[0]]
    assert opened_notes(cast.ben, session, on=at.date() - dt.timedelta(days=90)) == []
    assert opened_notes(cast.dov, session, on=at.date()) == []
    assert SECRET in show(browser_of(cast.ben), session).content.decode()
    actions.open_to_supervision(by=cast.ana, at=at, note=apart[0], is_open=False)
    assert show(browser_of(cast.ben), session).status_code == 403


def test_only_the_author_opens_a_note(cast: Cast, at: dt.datetime, apart: list[NoteKeptApart]) -> None:
    with pytest.raises(Refused):
        actions.open_to_supervision(by=cast.ben, at=at, note=apart[0], is_open=True)


def test_each_reading_is_recorded_with_the_note_and_never_its_words(
    cast: Cast, session: Encounter, apart: list[NoteKeptApart]
) -> None:
    show(browser_of(cast.ana), session)
    reads = AuditEvent.objects.filter(verb="read", detail__page="note kept apart", by=cast.ana.pk)
    assert {one.detail["note"] for one in reads} == {str(note.pk) for note in apart}
    assert SECRET not in json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_two_windows_lose_no_word(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    note = keep(cast, at, session, "counselling")
    assert keep(cast, at, session, "counselling").revision == note.revision
    with pytest.raises(Conflict) as conflict:
        actions.save_apart(
            by=cast.ana, at=at, encounter=session, kind="counselling", revision=0, values=BLANK
        )
    assert conflict.value.theirs == {"words": SECRET}
    refused = browser_of(cast.ana).post(
        reverse("encounters:apart-save", args=[cast.cleo.pk, session.pk, "counselling"]),
        {"revision": 0, "words": "Other words."},
    )
    assert refused.status_code == 409 and "Other words." in refused.content.decode()


def test_without_consent_nothing_is_written(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    Consent.objects.filter(client=cast.cleo).delete()
    with pytest.raises(DomainError, match="Consent"):
        keep(cast, at, session)


def test_somebody_of_another_clients_life_is_refused(cast: Cast, at: dt.datetime, session: Encounter) -> None:
    from .records import person

    theirs = person(cast.eli, by=cast.dov, at=at)
    with pytest.raises(DomainError, match="life"):
        keep(cast, at, session, outside=theirs)


def text_of(response: Any) -> str:
    """What an answer says: of a PDF, every string in it; of packed files, each one."""
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return " ".join(packed.read(one).decode(errors="replace") for one in packed.namelist())
    if not body.startswith(b"%PDF"):
        return f"{body.decode(errors='replace')} {dict(response.items())}"
    document = pikepdf.open(io.BytesIO(body))
    return " ".join(str(one) for one in document.objects) + body.decode("latin-1")


def test_no_other_page_or_document_says_a_word_of_them(cast: Cast, at: dt.datetime) -> None:
    """Every address that answers a GET, asked by everybody it lets in: the words stand on one page, for one person.

    Lists are asked to search for them as well. The sheet of a note that was given has tests of its own.
    """
    things = world(cast, at)
    session = Encounter.objects.select_related("client", "episode").get(pk=things["encounter"])
    for model in APART:
        keep(cast, at, session, model.KIND, pattern=SECRET, example=SECRET)
    found = set()
    for name, address in ADDRESSES.items():
        if address.method != "get":
            continue
        url = reverse(name, args=[things[arg] for arg in address.args])
        for who in address.who & set(cast.users()):
            if SECRET in text_of(browser_of(getattr(cast, who)).get(url, {"q": "Kingfisher"})):
                found.add((name, who))
    assert found == {("encounters:apart-show", "ana")}


def test_nothing_else_in_the_product_touches_their_tables() -> None:
    """Exports, letters, search and pages to come included: they would have to name the tables, and none does."""
    root = Path(reknit.__file__).parent
    guilty = []
    for path in root.rglob("*.py"):
        short = path.relative_to(root).as_posix()
        mine = (
            "care/encounters/apart/",
            "care/encounters/models/",
            "care/encounters/views/apart",
            "care/encounters/migrations/",
        )
        if short.startswith(mine) or "/tests/" in short:
            continue
        names = {
            getattr(node, "id", "") or getattr(node, "attr", "")
            for node in ast.walk(ast.parse(path.read_text()))
        }
        imports = {
            f"{node.module}.{alias.name}" for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) for alias in node.names
        }  # fmt: skip
        tells = names & {"RelationshipNote", "CounsellingNote", "NoteKeptApart", "NoteGiven", "APART"}
        if (
            short == "exchange/sample/apart.py"
        ):  # the made-up clinic writes some, by the action, and reads none
            imports -= {
                f"reknit.care.encounters.apart.actions.{one}" for one in ("save_apart", "open_to_supervision")
            }
        if tells or any("encounters.apart" in one or "models.apart" in one for one in imports):
            guilty.append(short)
    assert not guilty

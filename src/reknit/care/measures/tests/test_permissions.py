"""Words of another's: shown once the clinic recorded its permission and loaded them, and no more when it ends."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast, today

from reknit.base.audit.models import AuditEvent
from reknit.base.clock import now
from reknit.base.errors import DomainError
from reknit.care.measures.models import Administration
from reknit.care.measures.queries import is_offered
from reknit.care.programme import queries as programme
from reknit.care.programme.actions.permissions import load_own_wording, record_permission, revoke_permission
from reknit.care.programme.models import OwnWording, WordingPermission
from reknit.core.measures.catalogue import measure
from reknit.core.measures.own_words import blank_table, read_own_words

from .factories import link_to, recorded
from .test_clinician_pages import address, browser, fields, text

PEG = {"peg_1": 4, "peg_2": 5, "peg_3": 6}
LIST = reverse("measures:permission-list")
SHOW = reverse("measures:permission-show", args=["peg"])
LOAD = reverse("measures:wording-load", args=["peg"])


def table(word: str = "How strong was the pain?") -> str:
    """The table this clinic was given, filled in with words of our own."""
    lines = blank_table(measure("peg")).splitlines()
    return "\n".join(line + word if line.startswith("item") else line for line in lines) + "\n"


def permit(cast: Cast, **more: Any) -> WordingPermission:
    terms = {"given_by": "The author", "given_on": today(), "reference": "letter 7"}
    return record_permission(by=cast.adi, at=now(), measure="peg", **(terms | more))


def load(cast: Cast) -> OwnWording:
    words = read_own_words(measure("peg"), table())
    return load_own_wording(by=cast.adi, at=now(), measure="peg", language="en", words=words)


def sent(**more: str) -> dict[str, str]:
    terms = {"given_by": "The author", "given_on": f"{today()}", "reference": "letter 7", "until": ""}
    return terms | more


def upload(content: str | bytes, language: str = "en") -> dict[str, Any]:
    raw = content.encode() if isinstance(content, str) else content
    return {"file": SimpleUploadedFile("words.csv", raw), "language": language}


def test_form_is_given_after_permission_and_words_and_refused_after_it_is_taken_back(cast: Cast) -> None:
    adi, ana = browser(cast.adi), browser(cast.ana)
    give = address(cast, "administration-add", "peg")
    assert ana.get(give).status_code == 404
    assert adi.post(SHOW, sent()).status_code == 302
    assert ana.get(give).status_code == 404  # a permission alone has no words
    assert adi.post(LOAD, upload(table())).status_code == 302
    assert "How strong was the pain?" in text(ana.get(give))
    assert ana.post(give, fields(PEG)).status_code == 302
    _link, secret = link_to(cast, now(), measure="peg")
    phone = reverse("measures:form-fill", args=[secret])
    assert "How strong was the pain?" in text(Browser().get(phone))
    assert "Can be given" in text(adi.get(LIST))

    assert adi.post(reverse("measures:permission-revoke", args=["peg"])).status_code == 302
    assert ana.get(give).status_code == 404
    assert Browser().get(phone).status_code == 410
    sheet = Administration.objects.get()
    shown = text(ana.get(address(cast, "administration-show", sheet.pk)))
    assert "How strong" not in shown and ">5<" in shown  # the score stays, the words go
    with pytest.raises(DomainError):
        recorded(cast, now(), dict(PEG), measure="peg")
    assert "Not shown: no permission is recorded" in text(adi.get(SHOW))


def test_permission_ends_after_its_last_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    permit(cast, until=today() + dt.timedelta(days=3))
    load(cast)
    assert is_offered("peg")
    for days, offered in ((3, True), (4, False)):
        cache.delete(programme.RECORDED_KEY)
        later = now() + dt.timedelta(days=days)
        with monkeypatch.context() as patch:
            patch.setattr(programme, "now", lambda later=later: later)
            assert is_offered("peg") is offered


def test_each_change_leaves_a_record_and_the_older_permission_ends(cast: Cast) -> None:
    first, second = permit(cast), permit(cast, reference="letter 8")
    load(cast)
    load(cast)
    first.refresh_from_db()
    assert first.ended_at and first.ended_by == cast.adi and second.ended_at is None
    assert OwnWording.objects.filter(replaced_at=None).count() == 1
    revoke_permission(by=cast.dara, at=now(), measure="peg")
    verbs = AuditEvent.objects.filter(verb__contains="wording").order_by("at", "pk")
    assert sorted(verbs.values_list("verb", flat=True)) == [
        *["load own wording"] * 2, *["record wording permission"] * 2, "revoke wording permission",
    ]  # fmt: skip
    assert "letter" not in str(list(verbs.values_list("detail", flat=True)))
    page = text(browser(cast.dara).get(SHOW))
    assert "letter 7" in page and "letter 8" in page and "ended by Dara Test" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"given_by": " "}, "This field is required."),
        ({"given_on": f"{today() + dt.timedelta(days=1)}"}, "cannot be given in the future"),
        ({"until": f"{today() - dt.timedelta(days=1)}"}, "has ended already"),
        ({"given_on": "soon"}, "Enter a valid date."),
    ],
)
def test_permission_that_cannot_hold_is_refused_with_a_sentence(
    change: dict[str, str], sentence: str, cast: Cast
) -> None:
    answer = browser(cast.dara).post(SHOW, sent(**change))
    assert answer.status_code == 422 and sentence in text(answer)
    assert not WordingPermission.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (table().replace("item,3,", "item,9,"), "the PEG has no question “9”"),
        ("\n".join(line for line in table().splitlines() if "item,3" not in line), "2 of 3 questions"),
        (b"\xff\xfe\x00", "not plain text"),
        ("x" * 400_001, "too big"),
        ("", "empty"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_a_sentence(
    given: str | bytes, sentence: str, cast: Cast
) -> None:
    answer = browser(cast.adi).post(LOAD, upload(given))
    assert answer.status_code == 422 and sentence in text(answer)
    assert not OwnWording.objects.exists()


def test_words_and_terms_of_the_software_take_no_permission(cast: Cast) -> None:
    adi = browser(cast.adi)
    phq = reverse("measures:permission-show", args=["phq-9"])
    assert "They come with the software, and were compared with:" in text(adi.get(phq))
    assert adi.post(phq, sent()).status_code == 422
    assert adi.post(reverse("measures:wording-load", args=["phq-9"]), upload("x")).status_code == 422
    assert (
        "no permission is recorded here"
        in text(adi.post(reverse("measures:permission-revoke", args=["phq-9"]), follow=True)).lower()
    )
    assert adi.get(reverse("measures:permission-show", args=["oq-45"])).status_code == 404


def test_list_names_every_measure_and_what_must_not_be_here(cast: Cast) -> None:
    page = text(browser(cast.dara).get(LIST))
    for words in ("PHQ-9", "WSAS", "AUDIT-C", "Not here at all", "CSQ-8", "Off", "no permission is recorded"):
        assert words in page


def test_list_keeps_its_number_of_queries(cast: Cast) -> None:
    dara = browser(cast.dara)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert dara.get(LIST).status_code == 200
        return len(asked)

    count()
    before = count()
    for one in ("peg", "wsas", "epds", "mspss"):
        record_permission(
            by=cast.adi, at=now(), measure=one, given_by="A", given_on=today(), reference="letter"
        )
    count()
    assert count() == before


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A clinic's own folder that holds a permission and its words."""
    settings.DATA = tmp_path
    found = tmp_path / "measures"
    found.mkdir()
    programme._site.cache_clear()
    programme.site_in.cache_clear()
    yield found
    programme._site.cache_clear()
    programme.site_in.cache_clear()


@pytest.mark.parametrize(("until", "offered"), [("2999-01-31", True), ("2026-02-01", False)])
def test_folder_of_the_clinic_still_says_what_may_be_shown(
    until: str, offered: bool, cast: Cast, folder: Path
) -> None:
    (folder / "site.toml").write_text(
        'packs = ["audit"]\n[[permissions]]\nmeasure = "peg"\ngiven_by = "Author"\n'
        f'given_on = "2026-01-31"\nreference = "letter 1"\nuntil = "{until}"\n'
    )
    items = "".join(f'{item.id} = "word"\n' for item in measure("peg").items)
    (folder / "peg.en.toml").write_text(f'title = "PEG"\ninstruction = "x"\n[items]\n{items}[options]\n')
    assert is_offered("audit")
    assert is_offered("peg") is offered
    page = text(browser(cast.adi).get(SHOW))
    assert "It stands in the clinic's folder" in page.replace("&#x27;", "'") and "letter 1" in page
    assert ("Can be given" in page) is offered


def test_clinic_without_commerce_shows_what_is_not_for_sale(cast: Cast, settings: Any) -> None:
    assert not is_offered("audit")
    settings.NON_COMMERCIAL = True
    assert is_offered("audit") and is_offered("audit-c")
    assert not is_offered("c-ssrs-screener") and not is_offered("peg")

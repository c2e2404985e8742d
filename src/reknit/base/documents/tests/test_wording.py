"""Wording holds fields and nothing else: what looks like code is refused with a sentence, or is text shown as typed."""

import datetime as dt
import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.base.documents import render_document
from reknit.base.documents.wording import Block, check, fill
from reknit.base.errors import DomainError

WORDS = ("client_name", "date")
HOSTILE_FIELDS = [
    "{client_name.__class__.__mro__}", "{client_name!r}", "{client_name:>99999999}", "{0}", "{}", "{client_name[0]}",
    "{{ client_name }}", "{% load static %}{% include '/etc/passwd' %}", "{{ settings.SECRET_KEY }}", "${client_name}{",
    "{{7*7}}", "{CLIENT_NAME}", "{self.__init__.__globals__}", "{client_name", "client_name}",
]  # fmt: skip
HOSTILE_TEXTS = [
    "<script>fetch('http://evil.example/')</script>", "<img src=file:///etc/passwd>", "<style>@import url(http://evil.example)</style>",
    "background: url('file:///etc/passwd')", "#read(\"/etc/passwd\") #import \"evil.typ\": *", "#image(\"/etc/passwd\") $x$ *b* @ref",
    "%(client_name)s %s $client_name `id` $(id)", "https://evil.example/?q= \\u0000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE_FIELDS)
def test_brackets_that_are_no_field_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        check(f"Hello {text}", words=WORDS)
    assert refused.value.sentence.endswith(".") and refused.value.field == "body"


def test_unknown_field_is_named_with_those_that_are_known() -> None:
    with pytest.raises(DomainError, match=r"no field \{diagnosis\}.*Use one of: \{client_name\}, \{date\}\."):
        check("{diagnosis}", words=WORDS)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_what_looks_like_code_is_shown_as_typed_and_reaches_nothing(text: str) -> None:
    check(text, words=WORDS)
    assert fill(text, {}) == (Block("text", text),)
    data = {
        "blocks": [Block("text", text).plain()],
        "clinic": {"name": text, "phone": ""},
        "on": "",
        "notice": "",
        "foot": "",
    }
    pages = render_document(data=data, title="A", language="en", on=dt.date(2026, 6, 10))
    document = pikepdf.open(io.BytesIO(pages))
    assert document.Root.MarkInfo.Marked
    said = " ".join(str(one) for one in document.objects)
    for reach in ("/URI", "/JavaScript", "/JS", "/Launch", "/GoToR", "/EmbeddedFile", "/SubmitForm"):
        assert reach not in said
    assert "root:" not in said


@given(value=st.text(max_size=60))
def test_a_value_is_never_read_as_wording(value: str) -> None:
    filled = fill("A {client_name} B", {"client_name": value, "date": "TODAY"})
    assert filled == (Block("text", f"A {value} B"),)


@given(text=st.text(alphabet=st.sampled_from("{}ab_ \n%<"), max_size=40))
def test_wording_that_passes_can_always_be_filled(text: str) -> None:
    try:
        check(text, words=("a", "b", "a_b"))
    except DomainError:
        return
    for block in fill(text, {"a": "1", "b": "2", "a_b": "3"}):
        assert not set("{}") & set(block.text)


@pytest.mark.parametrize("text", ["Nothing.", "See {plan} here.", "{plan}\n\n{plan}"])
def test_what_a_document_is_about_stands_in_it_once(text: str) -> None:
    with pytest.raises(DomainError, match="once, in a paragraph of its own"):
        check(text, words=WORDS, blocks=("plan",))

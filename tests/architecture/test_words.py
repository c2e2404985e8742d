"""Words: every sentence can be translated, none names a person by an illness, and clients can read theirs."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .rooms import ROOT

SOURCE = ROOT / "src" / "reknit"
TEMPLATES = sorted(
    path for path in SOURCE.rglob("*.html") if "templates" in path.parts and "styleguide" not in str(path)
)
LETTERS = sorted(SOURCE.rglob("*.typ"))
# Read alike in every language: the brand, keys of a keyboard, published names of instruments.
SAME_EVERYWHERE = {
    "Reknit",
    "Ctrl",
    "Enter",
    "Alt",
    "Shift",
    "Esc",
    "PHQ-9",
    "GAD-7",
    "PDF",
}

LOOK_DOWN = re.compile(
    r"\b(addicts?|abusers?|alcoholics?|(drug |substance )users?|junkies?|clean|dirty|habits?|relapsers?|relapsed"
    r"|(replacement|substitution) therapy|drugs? of choice|fail(ed|ure)|refus(ed|al)|denial|non-?complian(t|ce)"
    r"|drug-?seeking|manipulative|abuse|dependence)\b",
    re.IGNORECASE,
)
# The same words where they say nothing about a person: a rule's verdict on a file or a machine.
ABOUT_NO_PERSON = {
    "exchange/imports",  # rows of a file that were turned away
    "cli",
    "config",
    "base/settings_help.py",
    "base/jobs",
}
CITED = re.compile(r"\b(19|20)\d\d\b")  # a citation keeps its published name
CLIENT_PAGES = sorted(SOURCE.glob("care/*/templates/*/client/*.html"))
PUBLISHED = re.compile(r"(title|holder|notice) = ")  # so do a measure and the institute that holds it
KEY = re.compile(r"\b[a-z_]+ = ")  # the names of a file's fields are not shown
HARDEST_GRADE = 6.0
OF_THE_PLAIN_LETTER = {"met", "days_line", "no_days", "help", "call_us", "emergency", "back", "your_mood"} | {
    "your_plan",
    "your_plan_line",
    "follow_line",
}
TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}


def without_comments(source: str) -> str:
    source = re.sub(r"\{% comment.*?%\}.*?\{% endcomment %\}", " ", source, flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}", " ", source)


def bare_text(source: str) -> Iterator[str]:
    """Visible words of a template that no translator would see."""
    source = re.sub(
        r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", " ", without_comments(source), flags=re.DOTALL
    )
    source = re.sub(
        r"\{% block body_\w+ %\}.*?\{% endblock %\}", " ", source
    )  # classes and data, inside a tag
    tags = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    for _name, said in re.findall(
        r"""\b(aria-label|aria-description|title|alt|placeholder)=["']([^"']*)["']""",
        tags.sub("", source),
    ):
        yield said
    source = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", source, flags=re.DOTALL)
    # A tag may hold template tags with angle brackets in them; those go first.
    yield from re.split(r"<[^>]*>", tags.sub("", source), flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    found = [
        word
        for text in bare_text(path.read_text())
        for word in re.findall(r"[^\W\d_][\w'-]+", html.unescape(text))
        if word not in SAME_EVERYWHERE
    ]
    assert not found, f"{path.relative_to(ROOT)} says {found[:8]} outside translate"


def sentences_of(path: Path) -> Iterator[str]:
    """Strings of a program that people read: those that are to be translated."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES:
            inside = (each for argument in node.args for each in ast.walk(argument))
            yield from (n.value for n in inside if isinstance(n, ast.Constant) and isinstance(n.value, str))


def translated(source: str) -> Iterator[str]:
    """What a template says, as translators get it."""
    source = without_comments(source)
    for _quote, said in re.findall(r"""\{% translate (["'])(.*?)\1""", source, flags=re.DOTALL):
        yield said
    for said in re.findall(
        r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", source, flags=re.DOTALL
    ):
        yield re.sub(r"\{%.*?%\}", " ", said)


def test_no_sentence_looks_down_on_a_person() -> None:
    found = []
    for path in [*SOURCE.rglob("*.py"), *TEMPLATES, *LETTERS]:
        inside = path.relative_to(SOURCE).as_posix()
        if "tests" in path.parts or "migrations" in path.parts or inside.startswith(tuple(ABOUT_NO_PERSON)):
            continue
        said = sentences_of(path) if path.suffix == ".py" else translated(path.read_text())
        found += [f"{inside}: {one.strip()}" for one in said if LOOK_DOWN.search(one)]
    assert not found, found


def test_no_data_of_the_core_looks_down_on_a_person() -> None:
    """Rules, tasks and reasons are shown to people; the words of published instruments are their authors'."""
    found = []
    for path in SOURCE.rglob("*.toml"):
        if "packs" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if path.parent.name == "definitions" and PUBLISHED.match(line):
                continue
            words = KEY.sub("", line.split("#")[0])
            if LOOK_DOWN.search(words) and not CITED.search(words):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()}")
    assert not found, found


def syllables(word: str) -> int:
    """How many syllables an English word has, near enough: groups of vowels, a silent e left out.

    >>> [syllables(word) for word in ("help", "people", "answer", "someone", "safe", "emergency")]
    [1, 2, 2, 2, 1, 4]
    """
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if re.search(r"[^aeiouyl]e$|[aeiou]le$|some(?=.)|[^td]ed$|[^sxzhcg]es$", word) and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(sentences: list[str]) -> float:
    """Flesch and Kincaid's school grade of sentences taken together."""
    words = [word for sentence in sentences for word in re.findall(r"[A-Za-z][A-Za-z'’]*", sentence)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def whole_sentences(texts: Iterator[str]) -> list[str]:
    """Sentences of four words and more: a label of one word has no grade."""
    said = []
    for text in texts:
        plain = re.sub(r"%\(\w+\)[sd]|\{\{.*?\}\}|\{\w+\}", "ten", re.sub(r"<[^>]+>", " ", text))
        said += [
            part for part in re.split(r"(?<=[.?!:])\s+", " ".join(plain.split())) if len(part.split()) > 3
        ]
    return said


@pytest.mark.parametrize("path", CLIENT_PAGES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_client_page_is_read_by_grade_six(path: Path) -> None:
    said = whole_sentences(translated(path.read_text()))
    if said:
        assert grade(said) <= HARDEST_GRADE, (round(grade(said), 1), said)


def test_plain_letter_is_read_by_grade_six() -> None:
    drawn = ast.parse((SOURCE / "care/closure/letters/render.py").read_text())
    words = [
        value.value
        for node in ast.walk(drawn)
        if isinstance(node, ast.Dict)
        for key, part in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in OF_THE_PLAIN_LETTER
        for value in ast.walk(part)
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value
    ]
    said = whole_sentences(iter(words))
    assert len(said) >= 6 and grade(said) <= HARDEST_GRADE, (round(grade(said), 1), said)


def test_grade_tells_easy_words_from_hard_ones() -> None:
    assert grade(["We can help you now.", "Call us when you need to talk."]) < HARDEST_GRADE
    assert grade(["Notwithstanding considerable interpersonal difficulties, participation continued."]) > 12

"""Everything a client may read from us, block by block: pages, forms, messages, letters, plans, reading.

A block is what stands together: one translated string of a page, the label of a field, one part of a text. What a client
wrote is theirs and is not here; published wording of questionnaires keeps its words and is not here either.
"""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.utils.functional import Promise

from reknit.care.closure.kinds import RECORDS
from reknit.care.closure.parts import PARTS
from reknit.care.consent.explained import ITEMS
from reknit.care.formulation.queries import CLIENT_LABELS
from reknit.core.materials.catalogue import material, materials, pack
from reknit.core.measures.catalogue import measures, wording
from reknit.core.safety.plan import PLAN_PARTS

from .rooms import SOURCE

CLIENT_PAGES = sorted(SOURCE.glob("care/*/templates/*/client/*.html"))
SHARED_PAGES = [
    SOURCE / "base/ui/templates/ui/client.html",
    *(
        path
        for path in sorted((SOURCE / "base/accounts/templates").rglob("*.html"))
        if not path.name.startswith(("person_", "one_time"))  # the administrator's
    ),
    *sorted((SOURCE / "base/ui/templates").glob("*.html")),
]
CLIENT_VIEWS = sorted(SOURCE.glob("care/*/views/client.py"))
OURS = "reknit-cc0"  # the pack of questionnaires in our own words


@dataclass(frozen=True, slots=True)
class Block:
    """Words that stand together, and where."""

    where: str
    text: str


def blocks() -> Iterator[Block]:
    """Every block, in English."""
    yield from of_pages()
    yield from of_views()
    yield from of_forms()
    yield from of_letters()
    yield from of_plans()
    yield from of_consents()
    yield from of_reading()
    yield from of_own_questionnaires()


def of_pages() -> Iterator[Block]:
    """Pages: each translated string."""
    for path in [*CLIENT_PAGES, *SHARED_PAGES]:
        for said in translated(path.read_text()):
            yield Block(name(path), plain(said))


def of_views() -> Iterator[Block]:
    """What the views of clients' pages say by themselves: messages and refusals."""
    for path in [*CLIENT_VIEWS, SOURCE / "config/context.py"]:
        for said in strings_of(path, only={"client_places"} if path.name == "context.py" else None):
            yield Block(name(path), plain(said))


def of_forms() -> Iterator[Block]:
    """Forms that the views of clients' pages use: labels, hints, choices, and what is said when something is wrong."""
    for path in CLIENT_VIEWS:
        module = importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, forms.Form) and found is not forms.Form:
                for field_name, field in found.base_fields.items():
                    for said in of_field(field):
                        yield Block(f"{name(path)}:{found.__name__}.{field_name}", plain(said))


def of_field(field: forms.Field) -> Iterator[str]:
    """What one field says in our own words; Django's own sentences come from Django."""
    djangos = {
        str(one)
        for kind in type(field).__mro__
        for one in vars(kind).get("default_error_messages", {}).values()
    }
    ours = [
        field.label,
        field.help_text,
        *(one for one in field.error_messages.values() if str(one) not in djangos),
    ]
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        ours += [label for _value, label in field.choices]  # type: ignore[union-attr,misc]
    yield from (str(one) for one in ours if isinstance(one, str | Promise) and str(one).strip())


def of_letters() -> Iterator[Block]:
    """The letter to the client: its fixed words, and the headings of its parts."""
    for part in PARTS["plain"]:
        yield Block("closure/letters:plain", str(part.heading))
    for said in strings_of(
        SOURCE / "care/closure/letters/render.py", only={"labels"}, keys=OF_THE_PLAIN_LETTER
    ):
        yield Block("closure/letters:plain", plain(said))


OF_THE_PLAIN_LETTER = {
    "met", "your_mood", "your_days", "days_line", "no_days", "help", "call_us", "emergency", "back", "your_plan",
    "your_plan_line", "your_follow_up", "follow_line", "dear", "yours",
}  # fmt: skip


def of_plans() -> Iterator[Block]:
    """Headings of what a client reads of their plans, and the names of what is worked on."""
    for part in PLAN_PARTS:
        yield Block("safety/plan", part.client_title)
    for kind, record in RECORDS.items():
        if not record.client_title:
            continue  # for the team alone
        for said in (record.client_title, *(one.client_heading for one in record.parts)):
            if said:
                yield Block(f"closure/kinds:{kind}", str(said))
    for label in CLIENT_LABELS.values():
        yield Block("formulation/areas", str(label))


def of_consents() -> Iterator[Block]:
    """What is read aloud and printed about each consent, and the words of the copy."""
    for one in ITEMS:
        for said in (one.title, one.says, one.back):
            yield Block(f"consent/{one.key}", str(said))
    for said in strings_of(SOURCE / "care/intake/queries/agreements.py"):
        yield Block("consent/copy", plain(said))


def of_reading() -> Iterator[Block]:
    """Reading for clients: each part, the titles, and the words round them."""
    for one in materials():
        if one.language != "en":
            continue
        yield Block(f"materials/{one.topic}", one.title)
        for part in one.parts:
            yield Block(f"materials/{one.topic}", part.heading)
            yield Block(f"materials/{one.topic}", part.text)
    frame = pack().frame("en")
    for said in (frame.notice, frame.numbers, frame.danger, frame.clinic, frame.unwatched):
        yield Block("materials/frame", said)
    assert material("pain", "en")  # the library is there


def of_own_questionnaires() -> Iterator[Block]:
    """Questionnaires in our own words."""
    for measure in measures():
        if measure.pack != OURS:
            continue
        words = wording(measure.id)
        yield Block(f"measures/{measure.id}", words.instruction)
        for said in words.items.values():
            yield Block(f"measures/{measure.id}", said)


def name(path: Path) -> str:
    """A file as it is named in the allowances."""
    return path.relative_to(SOURCE).as_posix()


def translated(source: str) -> Iterator[str]:
    """What a template says, as translators get it."""
    source = re.sub(r"\{% comment.*?%\}.*?\{% endcomment %\}|\{#.*?#\}", " ", source, flags=re.DOTALL)
    for _quote, said in re.findall(r"""\{% translate (["'])(.*?)\1""", source, flags=re.DOTALL):
        yield said
    for said in re.findall(
        r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", source, flags=re.DOTALL
    ):
        yield from re.split(r"\{% plural %\}", said)


def strings_of(
    path: Path, *, only: Iterable[str] | None = None, keys: set[str] | None = None
) -> Iterator[str]:
    """Strings of a program that are to be translated; of some functions or of some keys of a dict alone."""
    tree = ast.parse(path.read_text())
    roots: list[ast.AST] = [tree]
    if only is not None:
        roots = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in only]
    if keys is not None:
        roots = [
            value
            for root in roots
            for node in ast.walk(root)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value in keys
        ]
    for root in roots:
        for node in ast.walk(root):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATES:
                for each in (inner for argument in node.args for inner in ast.walk(argument)):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value


TRANSLATES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}


def plain(said: str) -> str:
    """Words as they are read: what is filled in stands as a short word, tags are gone."""
    said = re.sub(r"<[^>]+>", " ", said)
    said = re.sub(r"%\(\w+\)[a-z]|\{\{.*?\}\}|\{\w+\}|\{%.*?%\}", "ten", said)
    return " ".join(said.replace("%%", "%").split())


def words_of(value: Any) -> str:
    """For messages of the tests."""
    return f"{value.where}: {value.text[:160]}"

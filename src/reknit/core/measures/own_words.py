"""Words that a clinic was given for one measure, read from a small file and checked against the definition.

TOML is written as in a content pack. A table has the columns `part`, `number`, `value` and `text`:

```csv
part,number,value,text
title,,,Name of the form
instruction,,,What stands above the questions
item,1,,First question
option,,0,"Not at all"
option,9,0,"Words of an answer that question 9 alone has"
```
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from reknit.core.data import Table
from reknit.core.errors import BadInput, DefinitionError
from reknit.core.measures.definition import Item, Measure
from reknit.core.measures.wording import build_wording

COLUMNS = ("part", "number", "value", "text")
MOST_CHARACTERS = 100_000
Words = dict[str, Any]


def read_own_words(measure: Measure, text: str, language: str = "en") -> Words:
    """The words in a file, as plain values that can be kept. Raises `BadInput` with a sentence for whoever loads it.

    >>> from reknit.core.measures.catalogue import measure
    >>> read_own_words(measure("ucla-3"), "part,number,value,text\\nitem,1,,One")
    Traceback (most recent call last):
    reknit.core.errors.BadInput: The file has words for 1 of 3 questions of the UCLA-3. Question 2, 3 lacks them.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadInput("The file is too long to be the words of one questionnaire. Choose another.")
    text = text.removeprefix("\ufeff")
    is_table = text.lstrip().lower().startswith("part,")
    words = _from_csv(measure, text) if is_table else _from_toml(text)
    return checked(measure, words, language)


def checked(measure: Measure, words: Words, language: str = "en") -> Words:
    """The same words, if each question and each answer has its own, and none is over. Raises `BadInput`.

    >>> from reknit.core.measures.catalogue import measure
    >>> three = {f"ucla3_{n}": f"Question {n}" for n in (1, 2, 3)}
    >>> checked(measure("ucla-3"), {"title": "UCLA-3", "items": three, "options": {}})
    Traceback (most recent call last):
    reknit.core.errors.BadInput: Question 1 of the UCLA-3 has no words for the answer 1. Add them, then load the file again.
    """
    questions = {item.id: item for item in measure.items if not item.helper}
    items, options = _table(words, "items"), _table(words, "options")
    if over := [name for name in items if name not in questions]:
        raise BadInput(
            f"The {measure.short_title} has no question “{over[0][:40]}”. Take it out of the file."
        )
    lacking = [str(item.number) for name, item in questions.items() if not _said(items.get(name))]
    if lacking:
        have = len(questions) - len(lacking)
        raise BadInput(
            f"The file has words for {have} of {len(questions)} questions of the {measure.short_title}. "
            f"Question {', '.join(lacking)} lacks them."
        )
    for item in questions.values():
        _check_answers(measure, item, options)
    if not _said(words.get("title")):
        raise BadInput("The file has no title. Add it, then load the file again.")
    try:
        build_wording(measure, Table(words, measure.id), language)
    except DefinitionError as broken:
        raise BadInput(f"The file cannot be used. {broken}") from None
    return words


def blank_table(measure: Measure) -> str:
    """A table to fill in: one row for each question and each answer, empty where the words go.

    >>> from reknit.core.measures.catalogue import measure
    >>> blank_table(measure("ucla-3")).splitlines()[3:6]
    ['item,1,,', 'item,2,,', 'item,3,,']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, ("title", "", "", measure.title), ("instruction", "", "", "")])
    questions = [item for item in measure.items if not item.helper]
    writer.writerows(("item", item.number, "", "") for item in questions)
    if not all(map(_answers_alone, questions)):
        writer.writerows(("option", "", option.value, "") for option in measure.options)
    for item in filter(_answers_alone, questions):
        writer.writerows(("option", item.number, option.value, "") for option in item.options)
    return out.getvalue()


def _answers_alone(item: Item) -> bool:
    """Whether a question has answers of its own. One that only counts the other way round shares the words."""
    return bool(item.options) and not item.reverse


def _said(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _table(words: Words, part: str) -> dict[str, Any]:
    found = words.get(part)
    return found if isinstance(found, dict) else {}


def _check_answers(measure: Measure, item: Item, options: Mapping[str, Any]) -> None:
    labels = {**options, **_table(dict(options), item.id)}
    for option in measure.options_for(item):
        if not _said(labels.get(option.key)) and option.key != f"v{option.value}":
            raise BadInput(
                f"Question {item.number} of the {measure.short_title} has no words for the answer {option.value}. "
                "Add them, then load the file again."
            )


def _from_toml(text: str) -> Words:
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        _not_read()
    return {part: found[part] for part in ("title", "instruction", "items", "options") if part in found}


def _from_csv(measure: Measure, text: str) -> Words:
    words: Words = {"items": {}, "options": {}}
    for line, row in _rows(text):
        part, said = row["part"].strip().lower(), row["text"].strip()
        if part in {"title", "instruction"}:
            words |= {part: said} if said else {}
        elif part == "item":
            words["items"][_question(measure, row, line).id] = said
        elif part == "option":
            _take_answer(measure, words["options"], row, line, said)
        else:
            _wrong(line, f"“{part[:40]}” is not a part. Write title, instruction, item or option.")
    return words


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if tuple(name.strip().lower() for name in reader.fieldnames or ()) != COLUMNS:
            raise BadInput(f"The first line must be {','.join(COLUMNS)}.")
        for row in reader:
            if None in row or None in row.values():
                _wrong(reader.line_num, "it does not have four columns. Put text with a comma in quotes.")
            if any(value.strip() for value in row.values()):
                yield reader.line_num, row
    except csv.Error:
        _not_read()


def _take_answer(
    measure: Measure, options: dict[str, Any], row: Mapping[str, str], line: int, said: str
) -> None:
    """One answer: of every question where no number stands, else of that question alone. An empty one says nothing."""
    item = _question(measure, row, line) if row["number"].strip() else None
    among = measure.options_for(item) if item else measure.options
    option = next((one for one in among if str(one.value) == row["value"].strip()), None)
    if option is None:
        _wrong(line, f"there is no answer “{row['value'].strip()[:20]}” here.")
    if said:
        (options.setdefault(item.id, {}) if item else options)[option.key] = said


def _question(measure: Measure, row: Mapping[str, str], line: int) -> Item:
    for item in measure.items:
        if not item.helper and str(item.number) == row["number"].strip():
            return item
    _wrong(line, f"the {measure.short_title} has no question “{row['number'].strip()[:20]}”.")


def _wrong(line: int, why: str) -> NoReturn:
    raise BadInput(f"Line {line} cannot be used: {why}")


def _not_read() -> NoReturn:
    raise BadInput("The file cannot be read. Fill in the table that this page offers, and load that.")

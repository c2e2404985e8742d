"""Words that a clinic was given: read from a small file, and refused with a sentence where they do not fit."""

import csv
import io

import pytest

from reknit.core.data import Table
from reknit.core.errors import BadInput
from reknit.core.measures.catalogue import measure, measures
from reknit.core.measures.definition import Measure
from reknit.core.measures.own_words import blank_table, checked, read_own_words
from reknit.core.measures.wording import build_wording

THREE = measure("ucla-3")


def filled(one: Measure) -> str:
    """The blank table of a measure with something in every line."""
    rows = list(csv.reader(io.StringIO(blank_table(one))))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [rows[0], *([*row[:3], row[3] or "said"] for row in rows[1:])]
    )
    return out.getvalue()


@pytest.mark.parametrize("one", measures(), ids=lambda m: m.id)
def test_blank_table_filled_in_has_words_for_every_question(one: Measure) -> None:
    words = read_own_words(one, filled(one))
    assert words["items"].keys() == {item.id for item in one.items if not item.helper}
    assert checked(one, words) == words


@pytest.mark.parametrize("one", measures(), ids=lambda m: m.id)
def test_blank_table_as_it_is_holds_no_words(one: Measure) -> None:
    with pytest.raises(BadInput, match="has words for 0 of"):
        read_own_words(one, blank_table(one))


def test_answers_of_one_question_may_differ_from_the_others() -> None:
    table = filled(measure("epds")) + "option,10,1,Quite often\n"
    words = read_own_words(measure("epds"), table)
    shown = build_wording(measure("epds"), Table(words, "epds"), "en")
    assert shown.options["epds_10"][:2] == ((1, "Quite often"), (2, "said"))
    assert shown.options["epds_9"][0] == (1, "said")
    with pytest.raises(BadInput, match="Question 10 of the EPDS has no words for the answer 2"):
        read_own_words(measure("epds"), table.replace("option,10,2,said\n", ""))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.replace("item,2,", "item,4,"), "no question “4”"),
        (lambda t: "\n".join(line for line in t.splitlines() if "item,2" not in line), "2 of 3 questions"),
        (lambda t: t.replace("option,,2,said", ""), "no words for the answer 2"),
        (lambda t: t.replace("option,,2", "option,,7"), "no answer “7”"),
        (lambda t: t.replace("item,1", "question,1"), "“question” is not a part"),
        (lambda t: t.replace("part,", "part,number,"), "The first line must be"),
        (lambda t: t + 'item,1,,"open', "cannot be read"),
        (lambda t: t + "item,1,,one, two\n", "four columns"),
        (lambda t: "a = [", "cannot be read"),
        (lambda t: "", "words for 0 of 3 questions"),
        (lambda t: t.replace("title,,,", "title,,,  #").split("#")[0], "words for 0 of 3"),
        (lambda t: "x" * 100_001, "too long"),
    ],
)
def test_file_that_does_not_fit_is_refused_with_what_to_do(change: object, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_own_words(THREE, change(filled(THREE)))  # type: ignore[operator]


def test_toml_of_a_pack_is_taken_too() -> None:
    items = "".join(f'{item.id} = "word"\n' for item in measure("peg").items)
    text = f'title = "PEG"\ninstruction = "x"\n[items]\n{items}[options]\nv0 = "none"\n'
    assert read_own_words(measure("peg"), text)["options"] == {"v0": "none"}

"""The words of the sample, and what the seed decides."""

import datetime as dt
import random
import re
from importlib.resources import files

from django.utils.text import normalize_newlines

from reknit.exchange.sample import words
from reknit.exchange.sample.answers import ITEM9, Person, Trend
from reknit.exchange.sample.diary import Diary
from reknit.exchange.sample.plan import FIRST, Stage, Trait, how_many_therapists, parts

# From the language rules of the project: words that name a person by a problem, or blame them.
AVOIDED = (
    "addict|abuse|abuser|alcoholic|user|users|junkie|clean|dirty|habit|relapse|relapsed|replacement|substitution"
    "|drug of choice|failed|failure|refused|denial|non-compliant|noncompliant|drug-seeking|manipulative|dependence"
)


def test_words_hold_no_term_of_the_avoid_list() -> None:
    folder = files("reknit.exchange.sample")
    for name in ("stories.toml", "words.py", "names.toml", "referrals.py"):
        text = normalize_newlines(folder.joinpath(name).read_text(encoding="utf-8"))
        assert not re.findall(rf"\b(?:{AVOIDED})\b", text, re.IGNORECASE), name


def test_stories_have_a_line_for_each_of_sixteen_sessions() -> None:
    assert {story.area for story in words.stories()} == {
        "grief",
        "role dispute",
        "role transition",
        "loneliness",
    }
    for story in words.stories():
        lines = {story.focus(slot) for slot in range(1, 17)}
        assert len(lines) == 16 and all(len(line) < 400 for line in lines)


def test_same_seed_gives_the_same_names_and_another_seed_others() -> None:
    once = [words.name(index, 7) for index in range(40)]
    assert once == [words.name(index, 7) for index in range(40)]
    assert once != [words.name(index, 8) for index in range(40)]


def test_names_are_not_shared_in_a_large_clinic() -> None:
    assert len({words.name(index, 7) for index in range(10_000)}) == 10_000


def test_answers_are_the_same_for_the_same_seed_and_never_above_three() -> None:
    def sheets(seed: int) -> list[dict[str, int | None]]:
        person = Person(random.Random(seed), Trend.WORSENS)
        return [person.mood(slot, item9=1) for slot in range(17)]

    assert sheets(1) == sheets(1) != sheets(2)
    assert all(sheet[ITEM9] == 1 and max(v or 0 for v in sheet.values()) <= 3 for sheet in sheets(1))


def test_first_fourteen_clients_hold_every_stage_and_every_trait() -> None:
    first = list(parts(14))
    assert {part.stage for part in first} == set(Stage)
    assert {trait for part in first for trait in part.traits} == set(Trait)


def test_large_clinic_spreads_over_therapists_with_most_courses_closed_or_in_the_middle() -> None:
    found = list(parts(10_000))
    therapists = {part.therapist for part in found}
    assert therapists == set(range(how_many_therapists(10_000)))
    many = [part for part in found[len(FIRST) :] if part.stage in (Stage.CLOSED, Stage.MIDDLE)]
    assert len(many) > len(found) * 0.6


def test_diary_gives_each_hour_once() -> None:
    diary = Diary(random.Random(1), today=dt.date(2026, 6, 10))
    taken = [diary.take(weekday=2) for _ in range(5)] + [diary.take() for _ in range(30)]
    assert len(set(taken)) == 35 and all(hour.weekday != 6 for hour in taken)

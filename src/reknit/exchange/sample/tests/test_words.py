"""The words of the sample, and what the seed decides."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from django.utils.text import normalize_newlines

from reknit.core.formulation.readability import read
from reknit.core.programme.strategies import steps
from reknit.exchange.sample import words
from reknit.exchange.sample.answers import ITEM9, Person, Trend
from reknit.exchange.sample.diary import Diary
from reknit.exchange.sample.plan import FIRST, Stage, Trait, how_many_therapists, parts

# From the language rules of the project: words that name a person by a problem, or blame them.
AVOIDED = (
    "addict|abuse|abuser|alcoholic|user|users|junkie|clean|dirty|habit|relapse|relapsed|replacement|substitution"
    "|drug of choice|failed|failure|refused|denial|non-compliant|noncompliant|drug-seeking|manipulative|dependence"
)


TOLD = ("people", "account", "agreement", "records", "closing")  # files with words for each story
SUBSTANCES = (
    "alcohol|wine|beer|vodka|cannabis|weed|heroin|opioids?|cocaine|crack|speed|meth|pills?|benzos?|sedatives?"
)
SHARED = (*TOLD, "stories")
HARDEST = 6.0


def strings(held: Any, *, but: tuple[str, ...] = ()) -> Iterator[str]:
    """Every string in a table, without those under some names."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for name, one in held.items():
            if name not in but:
                yield from strings(one, but=but)
    elif isinstance(held, list):
        for one in held:
            yield from strings(one, but=but)


def test_each_story_has_its_words_for_each_room() -> None:
    keys = {story.key for story in words.stories()}
    assert len(keys) == len(words.stories())
    for name in TOLD:
        assert keys <= set(words.table(name)), name


def test_people_of_the_words_are_on_the_circle_of_their_story() -> None:
    for story in words.stories():
        cast = words.table("people")[story.key]
        aliases = [one["alias"] for one in cast["people"]]
        assert len({alias.casefold() for alias in aliases}) == len(aliases)
        account, records = words.table("account")[story.key], words.table("records")[story.key]
        named = [*account["people"], *(who for one in account["events"] for who in one.get("people", ()))]
        named += [who for pair in cast["ties"] for who in pair[:2]]
        named += [one[0] for one in (*records["links"], *records["support"])]
        named += [records[part]["who"] for part in ("talk", "second", "play", "decide", "less", "lapse")]
        assert set(filter(None, named)) <= set(aliases), story.key
        assert len(records["steps"]) == 10 and all(step.split()[0] in steps() for step in records["steps"])


def test_no_shared_word_names_a_substance() -> None:
    for name in SHARED:
        found = [one for one in strings(words.table(name)) if re.search(rf"\b(?:{SUBSTANCES})\b", one, re.I)]
        assert not found, (name, found)


def test_what_clients_read_is_easy_to_read() -> None:
    for name, skipped in (("agreement", ("goal",)), ("closing", ("feelings", "said", "shared"))):
        for key, told in words.table(name).items():
            grade = read(" ".join(strings(told, but=skipped))).grade
            assert grade is None or grade <= HARDEST, (name, key, grade)
    for area, account in words.table("group")["accounts"].items():
        grade = read(" ".join(strings(account))).grade
        assert grade is None or grade <= HARDEST, (area, grade)
    plan = words.table("care")["safety_plan"]
    assert (read(" ".join(strings(plan))).grade or 0) <= HARDEST


def test_words_hold_no_term_of_the_avoid_list() -> None:
    folder = files("reknit.exchange.sample")
    told = [f"{name}.toml" for name in (*SHARED, "care", "names")]
    for name in (*told, "words.py", "referrals.py"):
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

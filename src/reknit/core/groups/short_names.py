"""Short names for a sheet that lies on a table: as little of a name as tells the members apart."""

from collections import Counter
from collections.abc import Sequence


def short_names(people: Sequence[tuple[str, str]]) -> list[str]:
    """A short form for each (name used, family name), each used once: the first name, then letters of the family name.

    >>> short_names([("Sam", "Okoro"), ("Sam", "Oduya"), ("Bo", "Lind")])
    ['Sam Ok.', 'Sam Od.', 'Bo']
    >>> short_names([("Sam", "Lind"), ("Sam", "Lind"), ("", "Hale")])
    ['Sam L. 1', 'Sam L. 2', 'H.']
    """
    found = [_form(person, 0) for person in people]
    longest = max((len(family) for _given, family in people), default=0)
    for letters in range(1, longest + 1):
        twice = _twice(found)
        if not twice:
            break
        found = [
            _form(person, letters) if form.casefold() in twice else form
            for person, form in zip(people, found, strict=True)
        ]
    return _numbered(people, found)


def _form(person: tuple[str, str], letters: int) -> str:
    given, family = person[0].split(), person[1].strip()
    first = given[0] if given else ""
    wanted = letters or (0 if first else 1)
    initial = f"{family[:wanted]}." if family and wanted else ""
    return f"{first} {initial}".strip() or "?"


def _twice(forms: Sequence[str]) -> set[str]:
    return {form for form, n in Counter(form.casefold() for form in forms).items() if n > 1}


def _numbered(people: Sequence[tuple[str, str]], forms: Sequence[str]) -> list[str]:
    """Whoever cannot be told apart by letters gets a number after the shortest form."""
    twice, so_far, out = _twice(forms), Counter[str](), []
    for person, form in zip(people, forms, strict=True):
        if form.casefold() not in twice:
            out.append(form)
            continue
        short = _form(person, 1)
        so_far[short] += 1
        out.append(f"{short} {so_far[short]}")
    return out

"""Every template compiles, and none holds script or style that the content security policy would refuse.

Run by `./reknit check` as `python -m reknit.cli.templates`, in a process of its own.
"""

import re
import sys
from pathlib import Path

from .paths import SOURCE

TEXTS = frozenset({".html", ".txt", ".xml", ".svg"})
INLINE = (
    (
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/(ld\+)?json\")[^>]*>", re.I),
        "inline script",
    ),
    (re.compile(r"<style\b", re.I), "inline style element"),
    (re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I), "style attribute"),
    (re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I), "inline event handler"),
    (re.compile(r"=\s*[\"']?\s*javascript:", re.I), "javascript: address"),
)


def inline_code(text: str) -> list[str]:
    """What a strict content security policy would refuse, with its line.

    >>> inline_code('<p>\\n<a onclick="go()">Go</a>')
    ['line 2: inline event handler']
    >>> inline_code('<script src="/static/a.js" defer></script>')
    []
    """
    return [
        f"line {text.count(chr(10), 0, match.start()) + 1}: {name}"
        for pattern, name in INLINE
        for match in pattern.finditer(text)
    ]


def template_files() -> list[tuple[str, Path]]:
    """Every template of ours: the name it is loaded by, and its file."""
    return sorted(
        (str(file.relative_to(root)), file)
        for root in SOURCE.glob("**/templates")
        for file in root.rglob("*")
        if file.suffix in TEXTS
    )


def problems_of(name: str, file: Path) -> list[str]:
    """What is wrong with one template."""
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    problems = inline_code(file.read_text(encoding="utf-8"))
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        problems.append(str(error))
    return problems


def main() -> int:
    """Say what is wrong with every template; exit code 1 if anything is."""
    from .boot import set_up_django

    set_up_django()
    problems = [
        f"{file.relative_to(SOURCE.parent)}: {problem}"
        for name, file in template_files()
        for problem in problems_of(name, file)
    ]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

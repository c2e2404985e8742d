"""`docs`: the pages of the reference that are written from the code: commands, measures, and protocols."""

import argparse
import os
from pathlib import Path

from .help import commands_of, help_text
from .main import build_parser
from .measure_pages import measure_pages
from .paths import PROJECT
from .protocol_pages import protocol_page

HEAD = """\
# Commands

Written by `./reknit docs` from the commands themselves; `./reknit check` fails when it is out of date.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("docs", help="write the generated pages of the reference")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
    parser.set_defaults(run=run_docs)


def run_docs(options: argparse.Namespace) -> int:
    """Write the pages, or compare them."""
    pages = {"commands.md": page(build_parser()), "protocols.md": protocol_page()} | measure_pages()
    folder = PROJECT / "docs" / "reference"
    if options.check:
        return _compare(folder, pages)
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for stray in _strays(folder, pages):
        (folder / stray).unlink()
    print(f"wrote {len(pages)} pages in {folder.relative_to(PROJECT)}")
    return 0


def _compare(folder: Path, pages: dict[str, str]) -> int:
    stale = [name for name, text in pages.items() if _current(folder / name) != text]
    for name in [*stale, *_strays(folder, pages)]:
        print(f"{(folder / name).relative_to(PROJECT)} is out of date: run ./reknit docs")
    return int(bool(stale) or bool(_strays(folder, pages)))


def _current(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _strays(folder: Path, pages: dict[str, str]) -> list[str]:
    """Pages of measures that are there no longer."""
    names = [f"measures/{path.name}" for path in sorted((folder / "measures").glob("*.md"))]
    return [name for name in names if name not in pages]


def page(parser: argparse.ArgumentParser) -> str:
    """The list of commands, and each command's own help in a section."""
    # argparse fits its text to the terminal; a page must come out the same everywhere.
    os.environ["COLUMNS"] = "100"
    parts = [HEAD, f"## `./reknit help`\n\n```text\n{help_text(parser).rstrip()}\n```\n"]
    for name, command in commands_of(parser).choices.items():
        if name != "help":
            parts.append(f"## `./reknit {name}`\n\n```text\n{command.format_help().rstrip()}\n```\n")
    return "\n".join(parts)

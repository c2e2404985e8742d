"""`docs`: the page of commands in the reference, written from the commands themselves."""

import argparse
import os

from .help import commands_of, help_text
from .paths import PROJECT

PAGE = PROJECT / "docs" / "reference" / "commands.md"
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
    """Write the page, or compare it."""
    text = page(options.parser)
    if options.check:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != text:
            print(f"{PAGE.relative_to(PROJECT)} is out of date: run ./reknit docs")
            return 1
        return 0
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PROJECT)}")
    return 0


def page(parser: argparse.ArgumentParser) -> str:
    """The list of commands, and each command's own help in a section."""
    # argparse fits its text to the terminal; a page must come out the same everywhere.
    os.environ["COLUMNS"] = "100"
    parts = [HEAD, f"## `./reknit help`\n\n```text\n{help_text(parser).rstrip()}\n```\n"]
    for name, command in commands_of(parser).choices.items():
        if name != "help":
            parts.append(f"## `./reknit {name}`\n\n```text\n{command.format_help().rstrip()}\n```\n")
    return "\n".join(parts)

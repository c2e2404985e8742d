"""The list of commands, and how each of them ends: with an answer, or with one sentence."""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from .errors import CommandError, say
from .help import DESCRIPTION, commands_of, help_text

# Explicit, in the order in which help shows them. A family is a module with `add_to(commands)`.
FAMILIES = (
    "clinic", "data", "audit", "measures", "protocols", "score", "change", "use_days", "lapses", "caseloads", "network", "evidence", "testing", "checks", "bench", "docs",
)  # fmt: skip
SCIENCE = frozenset(
    {"measures", "protocols", "score", "change", "use_days", "lapses", "caseloads", "network", "evidence"}
)
"""These bring NumPy with them. The others start without it, and can still say so when it is missing."""


def build_parser(families: Iterable[str] = FAMILIES) -> argparse.ArgumentParser:
    """Every command with its options, or those of some families."""
    parser = argparse.ArgumentParser(prog="./reknit", description=DESCRIPTION, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="NAME")
    for name in families:
        importlib.import_module(f".{name}", __package__).add_to(commands)
    commands.add_parser("help", help="show this list")
    return parser


def parser_for(command: str) -> argparse.ArgumentParser:
    """The smallest parser that knows this command; the whole one for help and for what nobody knows."""
    small = build_parser(name for name in FAMILIES if name not in SCIENCE)
    return small if command != "help" and command in commands_of(small).choices else build_parser()


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line. What a command passes on to another program ends up in `rest`."""
    arguments = list(argv) or ["help"]
    # The list of commands is ours to show; a command's own --help is argparse's.
    if arguments[0] in {"-h", "--help"}:
        arguments[0] = "help"
    parser = parser_for(arguments[0])
    options, rest = parser.parse_known_args(arguments)
    if rest and not getattr(options, "passes_on", False):
        parser.error(f"{options.command} does not know: {' '.join(rest)}")
    options.rest, options.parser = rest, parser
    if options.command == "help":
        options.run = show_help
    return options


def show_help(options: argparse.Namespace) -> int:
    """The list of commands, on standard output."""
    print(help_text(options.parser), end="")
    return 0


def leave(code: int) -> NoReturn:
    """End the program with this exit code.

    Arrow's threads may still let go of a table they read while Python takes itself apart, which then aborts the
    program that had done all its work (apache/arrow issue 34314: one run in thirty on a busy machine). So where
    Arrow was used, what was written is flushed and nothing is taken apart.
    """
    if "pyarrow" not in sys.modules:
        sys.exit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    os._exit(code)


def main(argv: Sequence[str]) -> int:
    """Run one command; return its exit code."""
    try:
        options = parse(argv)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except CommandError as error:
        say(f"reknit: {error.sentence}")
        return error.code
    except KeyboardInterrupt:
        say("\nreknit: stopped.")
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has left. Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ImportError as error:
        missing = missing_module(error)
        if missing is None:
            raise
        say(f"reknit: {missing_sentence(missing)}")
        return 2


def missing_module(error: BaseException | None) -> str | None:
    """The module whose absence started this chain of errors, if that is what it was."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name:
            return error.name
        error = error.__cause__ or error.__context__
    return None


def missing_sentence(module: str) -> str:
    """What to do about a module that cannot be found."""
    if module.split(".")[0] == "reknit":
        return f"this copy of Reknit is incomplete: its module {module} is missing; fetch it again."
    return f"the Python module {module} is missing; delete the folder .venv and run the command again."

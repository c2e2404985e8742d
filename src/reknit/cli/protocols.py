"""`protocols`: which protocols there are, whether a file could be followed, and where made-up courses stall under it."""

import argparse
import sys
from pathlib import Path

from reknit.core.data import read_file
from reknit.core.errors import DefinitionError, UnknownTemplate
from reknit.core.programme.checking import checked
from reknit.core.programme.loading import build_template
from reknit.core.programme.protocol import ProtocolTemplate
from reknit.core.programme.simulation import play_many, stalls
from reknit.core.programme.template import for_one_person, library, template, templates

from .errors import CommandError, say
from .tables import Writer

FIELDS = ("code", "version", "title", "format", "sessions", "minutes", "days_between", "window_days", "areas")
STALLS = ("where", "code", "title", "courses", "percent")
MOST_COURSES = 1_000_000


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "protocols",
        help="list the protocols, check a file of one, or play made-up courses through it",
        description="List the protocols, one line each. `validate FILE` checks a file of a template, an overlay or the "
        "library and names the line and the rule it breaks. `simulate FILE` plays made-up courses with random "
        "attendance through the protocol and writes where they stall; the code of a protocol will do in place of a file.",
    )
    parser.add_argument("what", nargs="?", choices=("validate", "simulate"), help="check, or play courses")
    parser.add_argument("file", nargs="?", metavar="FILE", help="the file to check or to play")
    parser.add_argument("--courses", type=int, default=1000, metavar="N", help="how many courses (1000)")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same courses for the same seed (1)"
    )
    parser.add_argument("--json", action="store_true", help="write JSON lines instead of CSV")
    parser.set_defaults(run=run_protocols)


def run_protocols(options: argparse.Namespace) -> int:
    """The list, the check, or the play."""
    if options.what and options.file is None:
        options.parser.error(f"protocols {options.what} needs a FILE")
    if options.what == "validate":
        return _validate(options.file)
    if options.what == "simulate":
        return _simulate(options)
    writer = Writer(FIELDS, as_json=options.json)
    for one in (*for_one_person(), *(plan for plan in templates() if plan.format == "group")):
        writer.write(
            {
                "code": one.code,
                "version": one.version,
                "title": one.title,
                "format": one.format,
                "sessions": one.planned_sessions,
                "minutes": one.session_minutes,
                "days_between": one.cadence_days,
                "window_days": one.course_window_days,
                "areas": one.area_scheme,
            }
        )
    return 0


def _validate(name: str) -> int:
    """One line either way: what the file holds, or its line and the rule it breaks."""
    path = _readable(name)
    try:
        print(f"{name}: {checked(path)}")
    except DefinitionError as error:
        say(_place(name, error))
        return 1
    return 0


def _simulate(options: argparse.Namespace) -> int:
    if not 1 <= options.courses <= MOST_COURSES:
        raise CommandError(f"--courses must be from 1 to {MOST_COURSES}.")
    from tqdm import tqdm  # only this command needs it, and the list of commands has to be there without it

    plan = _plan(options.file)
    played = list(
        tqdm(
            play_many(plan, options.courses, seed=options.seed),
            total=options.courses,
            file=sys.stderr,
            unit=" courses",
            desc="Playing",
            leave=False,
        )
    )
    writer = Writer(STALLS, as_json=options.json)
    for one in stalls(plan, played):
        writer.write(
            {
                "where": one.where,
                "code": one.code,
                "title": one.title,
                "courses": one.courses,
                "percent": round(100 * one.courses / options.courses, 1),
            }
        )
    return 0


def _plan(name: str) -> ProtocolTemplate:
    """The template of a file, or of a code when there is no such file."""
    if not Path(name).exists():
        try:
            return template(name)
        except UnknownTemplate:
            pass
    try:
        return build_template(read_file(_readable(name)), library())
    except DefinitionError as error:
        raise CommandError(_place(name, error), code=1) from None


def _readable(name: str) -> Path:
    """The file, once it is known that it can be read as text."""
    path = Path(name)
    try:
        path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CommandError(f"there is no file called {name}.") from None
    except UnicodeDecodeError:
        raise CommandError(f"{name} cannot be read as text.") from None
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read ({getattr(error, 'strerror', None) or error}).") from None
    return path


def _place(name: str, error: DefinitionError) -> str:
    return f"{name}, line {error.line}: {error.rule}" if error.line else f"{name}: {error.rule}"

"""`import`: bringing another system's records in."""

import argparse
import sys
from pathlib import Path

from . import folder
from .errors import CommandError, say


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "import",
        help="bring in another system's records",
        description="Show what a file would become and which rows are rejected and why, ask, then bring it in "
        "as a whole or not at all. The same file twice makes nothing twice.",
    )
    parser.add_argument("mapping", type=Path, metavar="MAPPING.toml", help="says which column is what")
    parser.add_argument("file", type=Path, metavar="FILE", help="the records: SAS transport (.xpt) or CSV")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="show what it would become, change nothing")
    how.add_argument("--yes", action="store_true", help="do not ask before bringing it in")
    parser.add_argument("--clinician", metavar="EMAIL", help="whose clients they become")
    parser.set_defaults(run=run_import)


def run_import(options: argparse.Namespace) -> int:
    """A dry run first, unless told that one is not needed."""
    from . import boot, database

    for path in (options.mapping, options.file):
        if not path.is_file():
            raise CommandError(f"there is no file {path}.")
    place = folder.prepare()
    boot.set_up_django()
    with folder.held(place):
        database.bring_up_to_date()
    if options.yes:
        return hand_over(options, dry_run=False)
    code = hand_over(options, dry_run=True)
    if options.dry_run or code:
        return code
    confirm()
    return hand_over(options, dry_run=False)


def confirm() -> None:
    """Nothing is written before somebody said yes."""
    if not sys.stdin.isatty():
        raise CommandError("nothing was changed; add --yes to bring it in where nobody can be asked.")
    print("Bring this in? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise CommandError("nothing was changed.", code=1)


def hand_over(options: argparse.Namespace, *, dry_run: bool) -> int:
    """The door itself is `reknit.exchange.imports.run`."""
    from reknit.base.errors import DomainError
    from reknit.exchange.imports.run import run

    try:
        answer = run(
            mapping_path=options.mapping,
            file_path=options.file,
            dry_run=dry_run,
            clinician_email=options.clinician,
            out=sys.stdout,
        )
    except DomainError as error:
        raise CommandError(str(error.sentence)) from None
    say("Nothing was changed: this was a dry run." if dry_run else "Done.")
    return answer

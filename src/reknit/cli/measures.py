"""`measures`: which measures there are, and what one of them holds."""

import argparse
import json
from dataclasses import asdict

from reknit.core.measures.catalogue import measures, wording_state
from reknit.core.measures.describing import describe

from .score import known_measure
from .tables import Writer

FIELDS = ("id", "title", "items", "licence", "wording", "definition")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "measures",
        help="list the measures, or show one with its sources",
        description="List the measures, one line each; `show ID` prints the definition of one, with its sources.",
    )
    parser.add_argument("what", nargs="?", choices=("show",), help="show one measure")
    parser.add_argument("id", nargs="?", metavar="ID", help="the measure to show")
    parser.add_argument(
        "--json", action="store_true", help="write JSON lines instead of CSV, or a definition as JSON"
    )
    parser.set_defaults(run=run_measures)


def run_measures(options: argparse.Namespace) -> int:
    """The list as a table, or one definition as text."""
    if options.what:
        if options.id is None:
            options.parser.error("measures show needs the ID of a measure")
        chosen = known_measure(options.id)
        print(json.dumps(asdict(chosen), default=str) if options.json else describe(chosen).rstrip("\n"))
        return 0
    writer = Writer(FIELDS, as_json=options.json)
    for one in measures():
        writer.write(
            {
                "id": one.id,
                "title": one.title,
                "items": len([item for item in one.items if not item.helper]),
                "licence": one.licence.state,
                "wording": wording_state(one.id),
                "definition": f"{one.id}@{one.version}",
            }
        )
    return 0

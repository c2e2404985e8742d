"""`audit verify`: does the record of who did what still stand?"""

import argparse

from . import folder


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("audit", help="check the audit record's hash chain (audit verify)")
    parser.add_argument("what", choices=["verify"], help="recompute every seal from the first event on")
    parser.set_defaults(run=run_verify)


def run_verify(_: argparse.Namespace) -> int:
    """Say whether the chain stands; exit code 1 when it does not."""
    from . import boot, database

    place = folder.prepare()
    boot.set_up_django()
    with folder.held(place):
        database.bring_up_to_date()
    from reknit.base.audit.verify import verify_chain

    verdict = verify_chain()
    print(verdict.sentence)
    return 0 if verdict.ok else 1

"""`demo`, `serve` and `migrate`: bringing a clinic up, made up or real, and serving it."""

import argparse
from pathlib import Path

from . import administrator, folder, sample_clinic, server
from .errors import CommandError, say


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    add_demo(commands)
    add_serve(commands)
    migrate = commands.add_parser(
        "migrate",
        help="bring the database to this version and stop",
        description="Bring the database to this version and stop. demo and serve do this by themselves.",
    )
    migrate.set_defaults(run=run_migrate)


def add_demo(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """A made-up clinic in one command."""
    demo = commands.add_parser(
        "demo",
        help="make a made-up clinic and serve it",
        description="Make a made-up sample clinic in the data folder, print how to sign in, and serve it. "
        "A data folder that holds people already is served as it is.",
    )
    add_place(demo)
    demo.add_argument("--clients", type=at_least_one, metavar="N", help="how many clients to make up (40)")
    demo.add_argument(
        "--seed", type=int, default=7, metavar="N", help="another number makes other people up (7)"
    )
    demo.add_argument("--no-serve", action="store_true", help="prepare only, and stop")
    demo.set_defaults(run=run_demo)


def add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """A real clinic."""
    serve = commands.add_parser(
        "serve",
        help="serve a clinic of your own",
        description="Serve the clinic in the data folder. The first start makes the first administrator, "
        "from these options or by asking.",
    )
    add_place(serve)
    serve.add_argument("--admin-email", metavar="ADDRESS", help="the first administrator's e-mail address")
    serve.add_argument("--admin-name", metavar="NAME", help="the first administrator's name")
    serve.add_argument(
        "--admin-password-file",
        metavar="FILE",
        help="a file whose first line is the first administrator's password; - reads standard input",
    )
    serve.add_argument("--clinic-name", metavar="NAME", help="what the clinic is called, at the first start")
    serve.add_argument("--time-zone", metavar="ZONE", help="the clinic's time zone, such as Europe/Paris")
    serve.set_defaults(run=run_serve)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (127.0.0.1: this machine only)"
    )
    parser.add_argument("--port", type=port_number, default=8000, help="the port to listen on (8000)")


def port_number(text: str) -> int:
    """A port that a person can ask for."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def at_least_one(text: str) -> int:
    """A count that makes sense."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of clients: give 1 or more")
    return int(text)


def run_demo(options: argparse.Namespace) -> int:
    """Prepare the sample clinic where there is none, and serve what is there."""
    if not options.no_serve:
        server.check_place(options.host, options.port)
    place = prepare(options.host)
    with folder.held(place):
        bring_up(place)
        sign_ins = sample_clinic.load_or_keep(place, clients=options.clients, seed=options.seed)
    if options.no_serve:
        say("The clinic is ready: ./reknit demo serves it.")
        print(sample_clinic.sign_in_table(sign_ins), end="", flush=True)
        return 0
    if options.host in server.WILDCARDS and sign_ins:
        say("These passwords are printed in every copy of Reknit: do not put anything real in here.")
    print(f"Reknit is at {server.address(options.host, options.port)}\n", flush=True)
    print(sample_clinic.sign_in_table(sign_ins), end="", flush=True)
    server.become(options.host, options.port)


def run_serve(options: argparse.Namespace) -> int:
    """Make sure there is an administrator, and serve."""
    server.check_place(options.host, options.port)
    place = prepare(options.host)
    with folder.held(place):
        sample_clinic.refuse_half_made(place)
        bring_up(place)
        administrator.ensure(options)
    print(f"Reknit is at {server.address(options.host, options.port)}", flush=True)
    server.become(options.host, options.port)


def run_migrate(_: argparse.Namespace) -> int:
    """Only the database."""
    from . import boot, database

    place = folder.prepare()
    boot.set_up_django()
    with folder.held(place):
        applied = database.bring_up_to_date()
    print(f"{applied} migrations were applied." if applied else "The database is up to date.")
    return 0


def prepare(host: str) -> Path:
    """The data folder, and Django on top of it."""
    from . import boot

    place = folder.prepare()
    server.allow_host(host)
    boot.set_up_django()
    return place


def bring_up(place: Path) -> None:
    """Database and browser files at this version, or nothing is served."""
    from . import database, static

    if database.bring_up_to_date():
        say("The database is up to date.")
    try:
        static.collect(place)
    except OSError as error:
        raise CommandError(f"the pages' files cannot be written to {place} ({error.strerror}).") from None

"""The first administrator of a real clinic: from options, or asked for at the terminal. Never a password in argv."""

import argparse
import getpass
import sys
from pathlib import Path

from .errors import CommandError, say

HOW = (
    "this clinic has no administrator yet; run ./reknit serve at a terminal, or give "
    "--admin-email, --admin-name and --admin-password-file FILE (- reads standard input)."
)


def ensure(options: argparse.Namespace) -> None:
    """Make the first administrator and name the clinic, once; later starts change nothing."""
    if holds_staff():
        if options.admin_email or options.clinic_name:
            say(
                "Nothing was changed: this clinic was set up already; an administrator changes it on its pages."
            )
        return
    create(options)


def holds_staff() -> bool:
    """Whether the clinic was set up: everybody else is let in by somebody who was there before."""
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.exists()


def create(options: argparse.Namespace) -> None:
    """One administrator and one named clinic, both or neither."""
    from django.db import transaction

    from reknit.base.accounts import actions as accounts
    from reknit.base.clock import now
    from reknit.base.errors import DomainError
    from reknit.care.people import actions as people

    email = options.admin_email or ask("The first administrator's e-mail address: ")
    name = options.admin_name or ask("The first administrator's name: ")
    check_email(email)
    password = read_password(options.admin_password_file)
    check_password(password)
    clinic = options.clinic_name or (ask("What the clinic is called: ") if at_terminal() else "Our clinic")
    at = now()
    try:
        with transaction.atomic():
            person = accounts.create_first_administrator(email=email, name=name, password=password, at=at)
            people.set_up_site(by=person, at=at, name=clinic, time_zone=options.time_zone or local_zone())
    except DomainError as error:
        raise CommandError(str(error.sentence)) from None
    say(f"{name} is the first administrator and signs in as {email}.")


def at_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """Ask on standard error, so that a redirected standard output does not hide the question."""
    if not at_terminal():
        raise CommandError(HOW)
    print(question, end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip()
    if not answer:
        raise CommandError("nothing was typed, so nothing was set up.")
    return answer


def read_password(file: str | None) -> str:
    """From the file, from standard input, or typed twice unseen."""
    if file is None:
        return ask_password()
    try:
        text = sys.stdin.readline() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"the password file {file} cannot be read.") from None
    password = text.split("\n", 1)[0].removesuffix("\r")
    if not password:
        raise CommandError("the password file's first line is empty.")
    return password


def ask_password() -> str:
    """Typed twice unseen."""
    if not at_terminal():
        raise CommandError(HOW)
    password = getpass.getpass("A password of at least 12 characters: ", stream=sys.stderr)
    if password != getpass.getpass("The same again: ", stream=sys.stderr):
        raise CommandError("the two passwords differ, so nothing was set up.")
    return password


def check_email(email: str) -> None:
    """Refuse what cannot be an address before anything is made."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is not an e-mail address.") from None


def check_password(password: str) -> None:
    """The rules that every password here follows."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None


def local_zone() -> str:
    """This machine's time zone by name, where its name can be known; else UTC."""
    import zoneinfo

    try:
        name = str(Path("/etc/localtime").resolve(strict=True)).partition("zoneinfo/")[2]
        return zoneinfo.ZoneInfo(name).key if name else "UTC"
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return "UTC"

"""Loading the sample clinic once, and saying how to sign in to it."""

from collections.abc import Iterable
from pathlib import Path

from .errors import CommandError, say

SignIn = tuple[str, str, str]  # role in words, e-mail address, password; all made up

DEFAULT_CLIENTS = 40
# There while a sample is being loaded: what an interrupted load leaves behind is no clinic.
UNFINISHED = "sample-unfinished"


def load_or_keep(folder: Path, *, clients: int | None, seed: int) -> list[SignIn]:
    """Make up a clinic in an empty database; leave any other as it is. Return its sign-ins, if it is a sample."""
    from reknit.exchange import sample

    refuse_half_made(folder)
    if not holds_people():
        return load(folder, clients=clients or DEFAULT_CLIENTS, seed=seed)
    kept = "the sample clinic" if sample.is_loaded() else "a clinic of its own"
    place, fresh = where(folder)
    start_fresh = f"; to start fresh, {fresh}" if clients else ""
    say(f"Nothing was loaded: {place} holds {kept} already{start_fresh}.")
    return shown(sample.sign_ins()) if sample.is_loaded() else []


def where(folder: Path) -> tuple[str, str]:
    """What holds the clinic, and how to have an empty one."""
    from django.db import connection

    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        return f"the PostgreSQL database {name}", "name an empty database in REKNIT_DATABASE_URL"
    return str(folder), "move that folder away or set REKNIT_DATA to a new one"


def load(folder: Path, *, clients: int, seed: int) -> list[SignIn]:
    """Make the people up, with a progress bar."""
    from reknit.exchange import sample

    say(f"Making up a sample clinic of {clients} clients ...")
    (folder / UNFINISHED).touch()
    summary = sample.load_sample(clients=clients, seed=seed, progress=True)
    (folder / UNFINISHED).unlink()
    return shown(summary.sign_ins)


def refuse_half_made(folder: Path) -> None:
    """An interrupted load is never served as if it were whole."""
    if (folder / UNFINISHED).exists():
        raise CommandError(
            f"loading the sample clinic into {folder} was interrupted, so it is half made; "
            "delete that folder (and empty the PostgreSQL database, if you use one) and run ./reknit demo again."
        )


def holds_people() -> bool:
    """Whether anybody, staff or client, is in the database."""
    from django.contrib.auth import get_user_model

    from reknit.care.people.models import Client

    return get_user_model()._default_manager.exists() or Client.objects.exists()


def shown(sign_ins: Iterable[tuple[object, str, str]]) -> list[SignIn]:
    """Roles as plain words; they come as text that is translated when it is shown."""
    return [(str(role), email, password) for role, email, password in sign_ins]


def sign_in_table(sign_ins: list[SignIn]) -> str:
    """One line for each role, in columns.

    >>> print(sign_in_table([("Therapist", "ana@example.org", "a b c")]), end="")
    Sign in as  E-mail           Password
    Therapist   ana@example.org  a b c
    """
    if not sign_ins:
        return ""
    rows = [("Sign in as", "E-mail", "Password"), *sign_ins]
    role, email = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "".join(f"{row[0]:<{role}}  {row[1]:<{email}}  {row[2]}\n" for row in rows)

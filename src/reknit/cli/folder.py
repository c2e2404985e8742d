"""The data folder: made for its owner alone, checked before any long work, held by one command at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import CommandError, say
from .paths import data_folder

NOTE = "READ-ME.txt"
NOTE_TEXT = """\
This folder holds everything one Reknit clinic keeps: its database and its keys.
Nobody but the account that runs Reknit should be able to read it. Back it up whole, and keep the copies as safe.
"""
# What tells a data folder from any other folder, and what an empty disk may hold by itself.
OURS = frozenset({NOTE, "secret.key", "audit.key", "reknit.sqlite3"})
HARMLESS = frozenset({"lost+found"})


def prepare() -> Path:
    """Make or check the data folder, private to its owner, and tell the settings where it is.

    Everything made from here on, by this process and the server it becomes, is private too: files 0600, folders 0700.
    """
    os.umask(0o077)
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        refuse_a_stranger(folder)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        # Permission bits are not enough to know: a full or read-only disk says so only when it is written to.
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0")
        note = folder / NOTE
        if not note.exists():
            note.write_text(NOTE_TEXT, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"the data folder {folder} cannot be written to ({error.strerror}); "
            "set REKNIT_DATA to a folder that this account can make or write to."
        ) from None
    os.environ["REKNIT_DATA"] = str(folder)
    return folder


def refuse_a_stranger(folder: Path) -> None:
    """Closing a folder to everyone else is right for ours and harmful for any other, say a home folder."""
    held = {entry.name for entry in folder.iterdir()} - HARMLESS
    if held and not held & OURS:
        raise CommandError(
            f"the folder {folder} holds other things and no Reknit data; set REKNIT_DATA to a new or empty folder."
        )


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Let one command at a time prepare a data folder, so that two first starts cannot both fill it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another ./reknit is preparing {folder}; waiting for it to finish.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""Styles, scripts and pictures gathered into the data folder, from where the server sends them."""

import hashlib
from pathlib import Path

from .errors import say

STAMP = "static-stamp"


def collect(folder: Path) -> None:
    """Gather the files again when any of them changed since the last start."""
    from django.conf import settings
    from django.core.management import call_command

    if not settings.STATIC_ROOT:
        return
    now, stamp = fingerprint(), folder / STAMP
    if Path(settings.STATIC_ROOT).is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        return
    say("Gathering styles and scripts ...")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now, encoding="utf-8")


def fingerprint() -> str:
    """Name, size and time of every file: cheaper than its bytes, and changed by every update of the program."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()

"""Typed readers of environment variables, with messages that say how to mend a wrong one."""

import contextlib
import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class SettingError(Exception):
    """A setting cannot be used; the text says what to change."""


def text(name: str, default: str) -> str:
    """A plain text variable."""
    return os.environ.get(name, default)


def boolean(name: str, default: bool) -> bool:
    """A yes/no variable."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} must be yes or no, not {value!r}.")


def integer(name: str, default: int) -> int:
    """A whole-number variable."""
    value = os.environ.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError:
        raise SettingError(f"{name} must be a whole number, not {value!r}.") from None


def names(name: str, default: list[str]) -> list[str]:
    """A comma-separated variable."""
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or default


def data_folder(name: str, default: Path) -> Path:
    """The folder that holds everything a clinic keeps; made for its owner alone (0700)."""
    folder = Path(os.environ.get(name) or default).expanduser().absolute()
    os.umask(0o077)  # every file made from here on, the database first, is for its owner alone
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingError(
            f"The data folder {folder} cannot be made ({problem.strerror}). Set {name} to a folder you can write to."
        ) from None
    if not os.access(folder, os.W_OK):
        raise SettingError(f"The data folder {folder} cannot be written to. Set {name} to one that can.")
    return folder


def secret(name: str, file: Path) -> str:
    """A secret from the variable, from the file that `NAME_FILE` names, or made once beside the data (0600)."""
    if value := os.environ.get(name):
        return value
    file = Path(os.environ.get(f"{name}_FILE") or file)
    if file.exists():
        return file.read_text().strip()
    try:
        handle, draft = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
        # A link fails when the name exists: of two first starts at once, one makes the secret, both read it whole.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        os.unlink(draft)
    except OSError as problem:
        raise SettingError(f"The secret {file} cannot be written ({problem.strerror}).") from None
    return file.read_text().strip()


def running_tests() -> bool:
    """Whether pytest is what runs; tests keep their data apart from a clinic's."""
    return "pytest" in sys.modules


def address(name: str) -> str:
    """The address at which people outside reach this clinic, without a path; nothing when empty."""
    value = os.environ.get(name, "").strip().rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"https", "http"} or not parts.netloc or parts.path or parts.query):
        raise SettingError(f"{name} must look like https://times.example, without anything behind it.")
    return value


def text_mail(name: str) -> str:
    """How a phone number is written as an address of a gateway that turns mail into texts; nothing when empty."""
    value = os.environ.get(name, "").strip()
    local, _at, host = value.partition("@")
    if value and (local.count("{number}") != 1 or "." not in host or "{" in host or " " in value):
        raise SettingError(f"{name} must look like {{number}}@texts.example.")
    return value


def mail(name: str, outbox: Path) -> dict[str, Any]:
    """Who takes messages: nobody when empty, a folder of files, the console, or a mail server of the clinic's own."""
    if not (value := os.environ.get(name, "").strip()):
        return {}
    backends = "django.core.mail.backends"
    if value == "console":
        return {"name": "console", "backend": f"{backends}.console.EmailBackend"}
    if value == "folder":
        return {"name": "folder", "backend": f"{backends}.filebased.EmailBackend", "file_path": str(outbox)}
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not port:
        raise SettingError(f"{name} must be folder, console, or look like smtp://name:password@host:587.")
    return {
        "name": "mail server",
        "backend": f"{backends}.smtp.EmailBackend",
        "host": parts.hostname,
        "port": port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp",  # nothing goes over an open line
        "timeout": 20,
    }

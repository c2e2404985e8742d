"""Brings `.venv` to exactly what a lock file names: run by `./reknit` with a bare Python, before anything is installed.

Only the standard library, and no import from the rest of the package: at this moment there is nothing else.
The stamp is written last, so an interrupted run is simply taken up again, and one process at a time installs.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Each lock was compiled together with the ones before it and holds all of them.
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")


class InstallError(Exception):
    """One sentence on why `.venv` could not be made."""


def say(sentence: str) -> None:
    """Standard error, so that a piped command's output stays its own."""
    print(f"reknit: {sentence}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[int]:
    """Hold the checkout while installing. The system lets go of the lock when its holders die, however they die."""
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another ./reknit is setting up .venv; waiting for it to finish.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def stamp(venv: Path, lock: str) -> Path:
    """Where the copy of the lock that was last fully installed is kept."""
    return venv / f"installed-{lock}"


def is_current(root: Path, venv: Path, lock: str) -> bool:
    """Whether `.venv` was fully installed from this very lock."""
    try:
        return (root / lock).read_bytes() == stamp(venv, lock).read_bytes()
    except FileNotFoundError:
        return False


def write_stamp(root: Path, venv: Path, lock: str) -> None:
    """Appear whole or not at all."""
    target = stamp(venv, lock)
    draft = target.with_suffix(".draft")
    shutil.copyfile(root / lock, draft)
    os.replace(draft, target)


def has_working_pip(venv: Path) -> bool:
    """False for a half-made `.venv`, and for one whose Python was upgraded away from under it."""
    try:
        answer = subprocess.run(
            [venv / "bin" / "python", "-I", "-m", "pip", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0


def make_venv(venv: Path) -> None:
    """Make the environment anew with the Python that runs this file."""
    say(f"making {venv} with Python {sys.version_info.major}.{sys.version_info.minor} ...")
    answer = subprocess.run(
        [sys.executable, "-I", "-m", "venv", "--clear", venv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        last = (answer.stdout.strip().splitlines() or ["no reason was given"])[-1]
        raise InstallError(f"the virtual environment {venv} could not be made: {last}")


def names_in(lock: Path) -> int:
    """How many packages a lock names; an upper bound, as some are for other systems."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return sum("==" in line and line[:1].isalnum() for line in lines)


def unfinished(venv: Path) -> Path:
    """There while packages are being unpacked: what an interrupted pip leaves may look whole and not be."""
    return venv / "unfinished"


def install(root: Path, venv: Path, lock: str, held: int) -> None:
    """Run pip over the lock, every file checked against its hash, and show that it moves."""
    total = names_in(root / lock)
    unfinished(venv).touch()
    say(
        f"installing {total} packages from {lock}, each checked against its hash; this takes a minute or two ..."
    )
    command = [
        str(venv / "bin" / "python"),
        "-I",
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "-r",
        str(root / lock),
    ]
    pip = subprocess.Popen(
        [*command, "--no-input", "--disable-pip-version-check", "--progress-bar", "off"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=(held,),  # pip keeps the lock should this process be killed before it
    )
    assert pip.stdout is not None
    lines: list[str] = []
    seen, unpacking = 0, False
    for line in pip.stdout:
        lines.append(line.rstrip())
        if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied")):
            seen += 1
            show(seen, total)
        elif line.startswith("Installing collected packages"):
            unpacking = True
            say("unpacking them ...")
    failed = pip.wait() != 0
    if not (failed and unpacking):
        unfinished(venv).unlink()
    if failed:
        print(*lines[-20:], sep="\n", file=sys.stderr)
        raise InstallError(
            f"pip could not install {lock}: its own words are above; nothing is lost, start the command again"
        )


def show(seen: int, total: int) -> None:
    """A line for every tenth package: enough to see it move, and readable in a log."""
    if seen % 10 == 0:
        say(f"  {min(seen, total)} of {total} packages fetched")


def set_up(root: Path, lock: str) -> None:
    """Make `.venv` current for this lock, unless another process has just done so."""
    venv = root / ".venv"
    with one_at_a_time(root) as held:
        if is_current(root, venv, lock) and has_working_pip(venv):
            return
        if unfinished(venv).exists() or not has_working_pip(venv):
            make_venv(venv)
        install(root, venv, lock, held)
        write_stamp(root, venv, lock)
        for held_too in LOCKS[: LOCKS.index(lock)]:
            write_stamp(root, venv, held_too)
    say("set-up is done.")


def main(root: str, lock: str) -> int:
    """Exit code 0 when `.venv` is current."""
    try:
        set_up(Path(root), lock)
    except InstallError as error:
        say(f"{error}.")
        return 1
    except OSError as error:
        say(f"set-up failed at {error.filename or root}: {error.strerror}.")
        return 1
    except KeyboardInterrupt:
        say("set-up was interrupted; the next start takes it up again.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))

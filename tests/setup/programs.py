"""Running the door and the command line as programs, apart from the clinic of whoever runs the tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from reknit.cli.paths import PROJECT, SOURCE

Answer = subprocess.CompletedProcess[str]


def environment(**own: str) -> dict[str, str]:
    """This process's environment without any setting of Reknit's, and with these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REKNIT_", "DJANGO_", "PYTEST_", "PYTHON"))
    }
    return {**kept, **own}


def run(command: Sequence[str | Path], *, stdin: str = "", cwd: Path | None = None, **own: str) -> Answer:
    """Run a program to its end."""
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**own),
        check=False,
        timeout=300,
    )


def reknit(*arguments: str, data: Path, **own: str) -> Answer:
    """The command line behind the door, with the Python that runs the tests."""
    command = [sys.executable, "-m", "reknit", *arguments]
    return run(command, PYTHONPATH=str(SOURCE), REKNIT_DATA=str(data), **own)


def assert_one_sentence(answer: Answer, *words: str) -> None:
    """Refused with one sentence that holds these words, and nothing else."""
    assert answer.returncode != 0
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1, answer.stderr
    assert answer.stderr.startswith("reknit: ")
    assert answer.stderr.rstrip().endswith(".")
    for word in words:
        assert word in answer.stderr


def checkout(folder: Path, *, lock: str) -> Path:
    """A checkout of its own, small enough to be set up without a network; return its door."""
    folder.mkdir(parents=True)
    door = Path(shutil.copy(PROJECT / "reknit", folder / "reknit"))
    (folder / "src").symlink_to(SOURCE)
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        (folder / name).write_text(lock, encoding="utf-8")
    return door


def free_port() -> int:
    """A port that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A server as a person starts it; stops when the block is left."""

    def __init__(self, *arguments: str, data: Path, stdin: str = "", **own: str) -> None:
        self.port = free_port()
        self.program = subprocess.Popen(
            [sys.executable, "-m", "reknit", *arguments, "--port", str(self.port)],
            env=environment(PYTHONPATH=str(SOURCE), REKNIT_DATA=str(data), **own),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.program.stdin is not None
        self.program.stdin.write(stdin)
        self.program.stdin.close()
        self.program.stdin = None

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        if self.program.poll() is None:
            self.stop()

    def front_page(self, *, within_seconds: float = 120) -> str:
        """The root page, as soon as it answers."""
        ends = time.monotonic() + within_seconds
        while time.monotonic() < ends and self.program.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as page:  # noqa: S310
                    text = str(page.read().decode())
                # granian waits on an event right after its first answer could be given; a signal in that very
                # moment finds the event's lock held, and the worker then stops only when its time is up.
                time.sleep(0.5)
                return text
            except urllib.error.HTTPError:
                raise
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"it did not answer: {self.program.communicate(timeout=5)}")

    def stop(self) -> Answer:
        """Ask it to stop, as a service manager does, and return all it said."""
        self.program.terminate()
        out, err = self.program.communicate(timeout=60)
        return subprocess.CompletedProcess([], self.program.returncode, out, err)

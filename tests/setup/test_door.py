"""The door: finds itself and a Python, sets up quietly, leaves standard input to the command."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from reknit.cli.paths import PROJECT

from .programs import checkout, run

EMPTY_LOCK = "# nothing is needed\n"
# pip refuses this without asking any network.
BROKEN_LOCK = f"--no-index\nnot-there==1.0 --hash=sha256:{'0' * 64}\n"
SHELL_TOOLS = ("cat", "cmp", "dirname", "readlink", "sh")


def programs_only(folder: Path, *names: str) -> str:
    """A PATH that holds these programs and no other."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(str(shutil.which(name)))
    return str(folder)


def python_without(folder: Path, module: str) -> None:
    """A python3.11 that lacks one module, as a Debian without python3-venv does."""
    fake = folder / "python3.11"
    fake.write_text(
        f'#!/bin/sh\ncase "$*" in *"import {module}"*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    fake.chmod(0o755)


def test_help_lists_the_commands() -> None:
    answer = run([PROJECT / "reknit", "help"])
    assert answer.returncode == 0
    for command in ("demo", "serve", "test", "check", "fix", "journeys", "bench", "import", "audit"):
        assert f"\n  {command} " in answer.stdout


def test_door_opens_from_another_folder_through_links_and_spaces(tmp_path: Path) -> None:
    door = checkout(tmp_path / "a folder" / "with spaces", lock=EMPTY_LOCK)
    first, second = tmp_path / "first link", tmp_path / "second"
    first.symlink_to(os.path.relpath(door, tmp_path))
    second.symlink_to(first)
    answer = run([second, "help"], cwd=tmp_path)
    assert answer.returncode == 0
    assert "demo" in answer.stdout


def test_unknown_command_is_refused_without_traceback() -> None:
    answer = run([sys.executable, "-m", "reknit", "dmeo"], PYTHONPATH=str(PROJECT / "src"))
    assert answer.returncode == 2
    assert "demo" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_missing_python_is_one_sentence_with_the_way_out(tmp_path: Path) -> None:
    path = programs_only(tmp_path / "bin", *SHELL_TOOLS)
    answer = run([checkout(tmp_path / "checkout", lock=EMPTY_LOCK), "demo"], PATH=path)
    assert answer.returncode == 1
    assert answer.stderr == (
        "reknit: Python 3.11 or newer was not found; on Debian run: apt-get install python3 python3-venv\n"
    )


@pytest.mark.parametrize("module", ["ensurepip", "sqlite3"])
def test_missing_standard_module_is_one_sentence_with_the_way_out(tmp_path: Path, module: str) -> None:
    path = programs_only(tmp_path / "bin", *SHELL_TOOLS)
    python_without(Path(path), module)
    answer = run([checkout(tmp_path / "checkout", lock=EMPTY_LOCK), "demo"], PATH=path)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert answer.returncode == 1
    assert answer.stderr == (
        f"reknit: {version} lacks the module(s) {module}; on Debian run: apt-get install {version} {version}-venv\n"
    )


def test_first_run_leaves_standard_input_and_output_to_the_command(tmp_path: Path) -> None:
    door = checkout(tmp_path / "a checkout", lock=EMPTY_LOCK)
    first = run(
        ["sh", "-c", '"$0" help >/dev/null; "$0" demo --port 0; cat', door], stdin="for the command\n"
    )
    assert first.stdout == "for the command\n"
    assert "set-up is done" in first.stderr
    again = run([door, "demo", "--port", "0"])
    assert "set-up" not in again.stderr
    assert "--port" in again.stderr


def test_missing_package_is_one_sentence(tmp_path: Path) -> None:
    door = checkout(tmp_path / "checkout", lock=EMPTY_LOCK)
    answer = run([door, "migrate"], REKNIT_DATA=str(tmp_path / "data"))
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.splitlines()[-1] == (
        "reknit: the Python module django is missing; delete the folder .venv and run the command again."
    )
    assert "Traceback" not in answer.stderr


def test_failed_set_up_says_so_and_is_taken_up_again(tmp_path: Path) -> None:
    door = checkout(tmp_path / "checkout", lock=BROKEN_LOCK)
    failed = run([door, "demo", "--port", "0"])
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "pip could not install requirements.lock" in failed.stderr.splitlines()[-1]
    (tmp_path / "checkout" / "requirements.lock").write_text(EMPTY_LOCK, encoding="utf-8")
    assert "set-up is done" in run([door, "demo", "--port", "0"]).stderr


def test_half_unpacked_packages_are_never_trusted(tmp_path: Path) -> None:
    door = checkout(tmp_path / "checkout", lock=EMPTY_LOCK)
    run([door, "demo", "--port", "0"])
    venv = tmp_path / "checkout" / ".venv"
    (venv / "installed-requirements.lock").unlink()
    (venv / "unfinished").touch()
    assert "making" in run([door, "demo", "--port", "0"]).stderr


@pytest.mark.long
def test_bare_checkout_becomes_a_clinic(tmp_path: Path) -> None:
    door = checkout(
        tmp_path / "a new checkout", lock=(PROJECT / "requirements.lock").read_text(encoding="utf-8")
    )
    data = tmp_path / "data"
    answer = run(["sh", "-c", '"$0" migrate; cat', door], stdin="left alone", REKNIT_DATA=str(data))
    assert answer.stdout.endswith("were applied.\nleft alone")
    assert "set-up is done" in answer.stderr
    assert run([door, "migrate"], REKNIT_DATA=str(data)).stdout == "The database is up to date.\n"

"""Starting for real: a clinic of one's own and the sample, served, stopped and started again."""

import signal
import stat
from pathlib import Path

from .programs import Served, reknit

ADMINISTRATOR = ("--admin-email", "adi@example.org", "--admin-name", "Adi", "--admin-password-file", "-")
PASSWORD = "correct horse battery\n"


def modes(folder: Path) -> dict[str, int]:
    """The permissions of everything in a folder, but for the files that every browser is sent."""
    return {
        str(path): stat.S_IMODE(path.stat().st_mode)
        for path in [folder, *folder.rglob("*")]
        if folder / "static" not in path.parents
    }


def test_serve_makes_the_first_administrator_and_serves(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Served("serve", *ADMINISTRATOR, data=data, stdin=PASSWORD) as server:
        assert "Sign in" in server.front_page()
        open_to_others = {path: oct(mode) for path, mode in modes(data).items() if mode & 0o077}
        answer = server.stop()
    assert open_to_others == {}
    assert answer.returncode == 0
    assert answer.stdout == f"Reknit is at http://127.0.0.1:{server.port}/\n"
    assert "Traceback" not in answer.stderr

    with Served("serve", data=data) as server:
        assert "Sign in" in server.front_page()
        server.program.send_signal(signal.SIGINT)
        out, err = server.program.communicate(timeout=60)
    assert server.program.returncode == 0
    assert err == ""


def test_server_writes_no_line_about_a_request(tmp_path: Path) -> None:
    with Served("serve", *ADMINISTRATOR, data=tmp_path / "data", stdin=PASSWORD) as server:
        server.front_page()
        answer = server.stop()
    assert "GET" not in answer.stdout + answer.stderr


def test_sample_is_loaded_once_and_never_over_a_clinic(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = reknit("demo", "--no-serve", "--clients", "3", data=data)
    assert first.returncode == 0, first.stderr
    assert "Supervisor" in first.stdout
    again = reknit("demo", "--no-serve", "--clients", "5", data=data)
    assert again.returncode == 0
    assert "Nothing was loaded" in again.stderr
    assert "start fresh" in again.stderr
    assert again.stdout == first.stdout
    with Served("demo", data=data) as server:
        assert "Sign in" in server.front_page()
        said = server.stop()
    assert said.stdout.startswith(f"Reknit is at http://127.0.0.1:{server.port}/\n")
    assert said.stdout.endswith(first.stdout)

"""What stands in the way of a start is said in one sentence, before anything was changed."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from .programs import assert_one_sentence, free_port, reknit


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen(1)
        yield str(holder.getsockname()[1])


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_taken_port_is_refused_before_anything_is_made(tmp_path: Path, command: str, taken_port: str) -> None:
    answer = reknit(command, "--port", taken_port, data=tmp_path / "data")
    assert_one_sentence(answer, f"port {taken_port}", "--port")
    assert not (tmp_path / "data").exists()


def test_host_that_is_not_this_machine_is_refused(tmp_path: Path) -> None:
    answer = reknit("demo", "--host", "192.0.2.1", data=tmp_path / "data")
    assert_one_sentence(answer, "192.0.2.1", "--host")


def test_file_in_place_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    assert_one_sentence(reknit("migrate", data=tmp_path / "data"), "cannot be written to", "REKNIT_DATA")
    assert_one_sentence(
        reknit("migrate", data=tmp_path / "data" / "below"), "cannot be written to", "REKNIT_DATA"
    )


def test_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    # Not by its permission bits: root, who runs the tests in CI, is not bound by them.
    assert_one_sentence(reknit("migrate", data=Path("/proc/reknit")), "/proc/reknit", "REKNIT_DATA")


def test_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    tmp_path.chmod(0o755)
    assert_one_sentence(reknit("migrate", data=tmp_path), "REKNIT_DATA")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    assert reknit("migrate", data=tmp_path / "data").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "reknit.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', '2099-01-01')"
        )
    database.close()
    assert_one_sentence(reknit("migrate", data=tmp_path / "data"), "newer Reknit", "people.9999_later")


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reknit.sqlite3").write_text("not a database, " * 100)
    assert_one_sentence(reknit("migrate", data=tmp_path), "reknit.sqlite3", "not a database")


def test_unreachable_postgresql_is_refused_without_showing_its_password(tmp_path: Path) -> None:
    url = f"postgresql://clinic:open-sesame@127.0.0.1:{free_port()}/clinic"
    answer = reknit("migrate", data=tmp_path / "data", REKNIT_DATABASE_URL=url)
    assert_one_sentence(answer, "PostgreSQL", "127.0.0.1")
    assert "open-sesame" not in answer.stderr


def test_wrong_setting_is_refused(tmp_path: Path) -> None:
    assert_one_sentence(
        reknit("migrate", data=tmp_path / "data", REKNIT_DATABASE_URL="mysql://x/y"), "REKNIT_DATABASE_URL"
    )


def test_import_of_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert_one_sentence(reknit("import", "no.toml", "no.csv", data=tmp_path / "data"), "no.toml")


def test_half_made_sample_is_never_served(tmp_path: Path) -> None:
    assert reknit("migrate", data=tmp_path / "data").returncode == 0
    (tmp_path / "data" / "sample-unfinished").touch()
    answer = reknit("serve", "--port", str(free_port()), data=tmp_path / "data")
    assert_one_sentence(answer, "interrupted", "./reknit demo")


def test_serve_without_an_administrator_says_how_to_make_one(tmp_path: Path) -> None:
    answer = reknit("serve", "--port", str(free_port()), data=tmp_path / "data")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "--admin-password-file" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [("not an address", "a long enough secret", "e-mail"), ("adi@example.org", "short", "12")],
)
def test_first_administrator_is_refused_with_the_reason(
    tmp_path: Path, email: str, password: str, said: str
) -> None:
    (tmp_path / "password").write_text(password)
    options = (
        "--admin-email",
        email,
        "--admin-name",
        "Adi",
        "--admin-password-file",
        str(tmp_path / "password"),
    )
    answer = reknit("serve", "--port", str(free_port()), *options, data=tmp_path / "data")
    assert answer.returncode == 2
    assert said in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr

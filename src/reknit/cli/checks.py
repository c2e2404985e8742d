"""`check` and `fix`: everything that can be said about the code without running it."""

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .paths import PROJECT, SOURCE, scratch_environment

BIN = Path(
    sys.executable
).parent  # not resolved: the tools live beside .venv's link, not beside what it points to
DJANGO = "5.2"
CLIENT_WORDS = "tests/architecture/test_client_words.py"
# Its console script names this folder in its first line, which a moved checkout would break.
LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    check = commands.add_parser(
        "check",
        help="format, lint, types, import contracts, migrations, templates, licences, spelling, client words; changes nothing",
    )
    check.set_defaults(run=run_check)
    fix = commands.add_parser(
        "fix",
        help="put right what can be put right by itself",
        description="Rewrite code and templates into the house's format, and mend what the linter can mend.",
    )
    fix.set_defaults(run=run_fix)


def module(name: str, *arguments: str) -> list[str]:
    """A Python module run as a program."""
    return [sys.executable, "-m", name, *arguments]


def templates() -> list[str]:
    """Every HTML template of ours, as paths seen from the project's folder."""
    return sorted(str(path.relative_to(PROJECT)) for path in SOURCE.glob("**/templates/**/*.html"))


def pages() -> list[str]:
    """Everything written for people to read."""
    return sorted(
        str(path.relative_to(PROJECT)) for path in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    )


def check_steps() -> dict[str, list[str]]:
    """Each check by its name."""
    steps = {
        "format": module("ruff", "format", "--check", "."),
        "lint": module("ruff", "check", "."),
        "types": module("mypy"),
        "import contracts": [sys.executable, "-c", LINT_IMPORTS],
        "migrations": module("django", "makemigrations", "--check", "--dry-run"),
        "template style": [str(BIN / "djade"), "--check", "--target-version", DJANGO, *templates()],
        "templates compile": module("reknit.cli.templates"),
        "licences": module("reknit.cli.licences"),
        "commands page": module("reknit", "docs", "--check"),
        "spelling": module("codespell_lib", *pages()),
        "client words": module("pytest", "-q", "-n", "0", "-p", "no:cacheprovider", CLIENT_WORDS),
    }
    return {name: command for name, command in steps.items() if needs_something(name)}


def needs_something(name: str) -> bool:
    """Tools that read the files they are given would otherwise read their standard input, or everything."""
    return {"template style": bool(templates()), "spelling": bool(pages())}.get(name, True)


def fix_steps() -> dict[str, list[str]]:
    """Lint first: what it rewrites is formatted after."""
    steps = {"lint": module("ruff", "check", "--fix", "."), "format": module("ruff", "format", ".")}
    if templates():
        steps["templates"] = [str(BIN / "djade"), "--target-version", DJANGO, *templates()]
    return steps


def run_check(_: argparse.Namespace) -> int:
    """Every check, even after one has failed, so that one run names them all."""
    failed = run_steps(check_steps())
    if failed:
        print(f"\n{len(failed)} failed: {', '.join(failed)}")
        return 1
    print("\nEvery check passed.")
    return 0


def run_fix(_: argparse.Namespace) -> int:
    """Change what tools can change. What is left is said by them; djade's code 1 means that it changed something."""
    failed = set(run_steps(fix_steps())) - {"templates"}
    return 1 if failed else 0


def run_steps(steps: Mapping[str, Sequence[str]]) -> list[str]:
    """Run each step, show how it ended, and return the names of those that failed."""
    failed = []
    with scratch_environment() as environment:
        for name, command in steps.items():
            if not passes(name, command, environment):
                failed.append(name)
    return failed


def passes(name: str, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run one step; show its words only when it failed."""
    start = time.monotonic()
    answer = subprocess.run(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = answer.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'}  {name} ({time.monotonic() - start:.1f} s)", flush=True)
    if not good:
        print(answer.stdout.rstrip(), flush=True)
    return good

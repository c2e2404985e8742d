"""`bench`: measure, and keep the report beside the documentation."""

import argparse
import subprocess
import sys

from .errors import CommandError, say
from .paths import PROJECT, scratch_environment

BENCHMARKS = PROJECT / "benchmarks"
REPORTS = PROJECT / "docs" / "reference" / "measured"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "bench",
        help="measure speed as ratios from one run",
        description="Run benchmarks/NAME.py and keep its report as docs/reference/measured/NAME.md. "
        "Further options go to the benchmark.",
        allow_abbrev=False,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one; all of them when left out")
    parser.set_defaults(run=run_bench, passes_on=True)


def run_bench(options: argparse.Namespace) -> int:
    """One benchmark, or each in turn."""
    known = sorted(path.stem for path in BENCHMARKS.glob("*.py") if not path.stem.startswith("_"))
    if options.name and options.name not in known:
        raise CommandError(
            f"there is no benchmark {options.name}; there are: {', '.join(known) or 'none yet'}."
        )
    codes = [measure(name, options.rest) for name in ([options.name] if options.name else known)]
    return max(codes, default=0)


def measure(name: str, arguments: list[str]) -> int:
    """Run one; its standard output is the report, and only a run that ended well replaces the kept one."""
    say(f"Measuring {name} ...")
    with scratch_environment() as environment:
        answer = subprocess.run(
            [sys.executable, BENCHMARKS / f"{name}.py", *arguments],
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env=environment,
            text=True,
            check=False,
        )
    print(answer.stdout, end="", flush=True)
    if answer.returncode == 0:
        REPORTS.mkdir(parents=True, exist_ok=True)
        report = REPORTS / f"{name}.md"
        report.write_text(answer.stdout, encoding="utf-8")
        say(f"Kept as {report.relative_to(PROJECT)}.")
    return answer.returncode

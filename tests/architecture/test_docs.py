"""Docs that rot are worse than none: what the code offers, the reference names."""

import re
import subprocess

from reknit.core.measures.catalogue import measures

from .rooms import ROOT, SOURCE


def reference(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text()


def test_every_setting_is_described() -> None:
    sources = "\n".join(
        p.read_text() for p in [*SOURCE.glob("config/*.py"), *SOURCE.glob("cli/*.py"), ROOT / "reknit"]
    )
    used = set(re.findall(r"\bREKNIT_[A-Z_]+[A-Z]\b", sources))
    described = reference("settings.md")
    assert not {name for name in used if name not in described}


def test_every_command_is_described() -> None:
    offered = subprocess.run(
        [str(ROOT / "reknit"), "help"], capture_output=True, text=True, check=True
    ).stdout  # noqa: S603
    names = set(re.findall(r"^  ([a-z]+)\b", offered, re.MULTILINE))
    assert len(names) >= 8
    described = reference("commands.md")
    assert not {name for name in names if f"`./reknit {name}" not in described}


def test_every_measure_is_described_with_source_and_licence() -> None:
    described = reference("measures.md")
    for measure in measures():
        assert f"`{measure.id}`" in described
        assert measure.licence.status and measure.licence.notice


def test_readme_fits_two_screens_and_shows_a_picture() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 120
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text):
        assert (ROOT / picture).is_file()
    assert "![" in text


def test_links_between_docs_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("**/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} -> {target}")
    assert not broken, broken


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(p.name[:4]) for p in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_file_names_a_machine_or_a_registry() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")  # noqa: S607
    words = re.compile(
        "|".join(
            [
                "pypi" + r"\.org",
                "files" + r"\.pythonhosted",
                "registry" + r"\.npmjs",
                "/wor" + "k/",
                "/ho" + "me/",
            ]
        )
    )
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".png", ".pdf", ".ico", ".mo"} or not path.is_file():
            continue
        assert not words.search(path.read_text(errors="ignore")), name

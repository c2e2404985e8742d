"""The order of the house, read from the import contracts, so that there is one place that states it."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "reknit"


def room_heights() -> dict[str, int]:
    """Each room's height: a higher number stands on lower ones. Rooms of one line are siblings."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["name"].startswith("Rooms"))["layers"]
    heights = {}
    for height, layer in enumerate(reversed(layers)):
        for room in layer.split("|"):
            heights[room.strip(" ()")] = height
    return heights


def action_files() -> list[Path]:
    """Every actions module of the product."""
    return sorted([*SOURCE.glob("**/actions.py"), *SOURCE.glob("**/actions/[!_]*.py")])


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """Functions of a module that others may call."""
    tree = ast.parse(path.read_text())
    return [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def templates() -> list[Path]:
    """Every page template."""
    return sorted(SOURCE.glob("**/templates/**/*.html"))


def room_of(path: Path) -> str:
    """The folder that owns a file: the room in care, or the shelf in base and exchange."""
    parts = path.relative_to(SOURCE).parts
    return parts[1]


INCLUDE = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")

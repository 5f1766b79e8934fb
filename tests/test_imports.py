"""The arrows of the house: imports run downward only, and what must go up goes through a name in settings."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = [{"vault"}, {"accounts"}, {"rooms"}, {"moderation", "mentoring", "program", "care"}, {"peerchat"}]
APPS = {app for floor in FLOORS for app in floor if (ROOT / app / "__init__.py").exists()}


def _imported(path: Path) -> Iterator[str]:
    """The names of our apps that a module imports, wherever in it and however written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from."
            yield (node.module or "").split(".")[0]


def _below(app: str) -> set[str]:
    height = next(index for index, floor in enumerate(FLOORS) if app in floor)
    return {app}.union(*FLOORS[:height])


@pytest.mark.parametrize("app", sorted(APPS))
def test_an_app_imports_only_what_stands_below_it(app: str) -> None:
    climbs = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sorted((ROOT / app).rglob("*.py"))
        for name in _imported(path)
        if name in APPS and name not in _below(app)
    ]
    assert not climbs


def test_nothing_that_runs_imports_the_tests_or_the_benchmarks() -> None:
    leaks = [
        f"{path.relative_to(ROOT)} imports {name}"
        for app in sorted(APPS)
        for path in sorted((ROOT / app).rglob("*.py"))
        for name in _imported(path)
        if name in {"tests", "benchmarks"}
    ]
    assert not leaks


def test_every_app_has_its_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages <= APPS

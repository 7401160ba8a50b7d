"""What no chapter calls is named in docs/estimates.md, and nothing that does not exist."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import evalkit

PACKAGE = Path(evalkit.__file__).parent
PAGE = PACKAGE.parent / "docs" / "estimates.md"


def public_functions() -> dict[str, str]:
    """Name → module below analysis, for every public function there."""
    found = {}
    for file in sorted((PACKAGE / "analysis").rglob("*.py")):
        module = ".".join(file.relative_to(PACKAGE / "analysis").with_suffix("").parts)
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found[node.name] = module
    return found


def names_read(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_every_estimate_that_no_chapter_calls_is_named_with_its_module() -> None:
    used = {name for file in PACKAGE.rglob("*.py") for name in names_read(file)}
    used |= set(evalkit.__all__)
    public = {(module, name) for name, module in public_functions().items()}
    expected = {(module, name) for module, name in public if name not in used}
    rows = re.findall(r"^\| .* \| `([\w.]+)`: (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    named = {(module, name) for module, names in rows for name in re.findall(r"`(\w+)`", names)}
    assert expected - named == set()
    assert named - public == set()


def test_the_example_gives_what_it_prints() -> None:
    # By hand: 63/132 − 43/130 = 0.1465; 1.96 √(0.001890 + 0.001703) = 0.1175.
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0

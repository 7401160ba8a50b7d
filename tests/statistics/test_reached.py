"""What no chapter, no `ek` name and no other room reaches is not in the package.

Reached is what a definition outside `statistics` leads to through imports and references, each
followed to the module it stands in: a name that something else has too does not count.
"""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import evalkit

PACKAGE = Path(evalkit.__file__).parent
PAGE = PACKAGE.parent / "docs" / "en" / "estimates.md"
Defined = tuple[str, str]


@dataclass
class Module:
    """A module's definitions, what each name is imported from, and what its top level runs."""

    name: str
    imported: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    defined: dict[str, list[ast.AST]] = field(default_factory=dict)


def read(file: Path, root: Path) -> Module:
    parts = file.relative_to(root.parent).with_suffix("").parts
    module = Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            module.imported |= {a.asname or a.name: (node.module, a.name) for a in node.names}
        elif isinstance(node, ast.Import):
            module.imported |= {a.asname: (a.name, None) for a in node.names if a.asname}
    for node in tree.body:
        for name in names_of(node):
            module.defined.setdefault(name, []).append(node)
    return module


def names_of(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (t.id for target in targets for t in ast.walk(target) if isinstance(t, ast.Name))


class Package:
    """The references between the definitions of all modules below a folder."""

    def __init__(self, root: Path) -> None:
        found = [read(file, root) for file in sorted(root.rglob("*.py"))]
        self.modules = {module.name: module for module in found}

    def home(self, module: str, name: str, depth: int = 9) -> Defined | None:
        """Where a name used in a module is defined; ``(module, "")`` for a module itself."""
        if f"{module}.{name}" in self.modules:
            return f"{module}.{name}", ""
        here = self.modules.get(module)
        if here is None or depth == 0:
            return None
        if name in here.defined:
            return module, name
        source, original = here.imported.get(name, ("", None))
        if original is None:
            return (source, "") if source in self.modules else None
        return self.home(source, original, depth - 1)

    def references(self, module: str, nodes: Iterable[ast.AST]) -> Iterator[Defined]:
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            if isinstance(node, ast.Name) and (found := self.home(module, node.id)):
                yield found
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                of = self.home(module, node.value.id)
                if of and not of[1] and (found := self.home(of[0], node.attr)):
                    yield found

    def reached(self, roots: Iterable[Defined]) -> set[Defined]:
        seen: set[Defined] = set()
        waiting = list(roots)
        while waiting:
            module, name = one = waiting.pop()
            if one in seen or not name:
                continue
            seen.add(one)
            waiting += self.references(module, self.modules[module].defined.get(name, []))
        return seen


def unreached(root: Path, room: str, public: Iterable[Defined]) -> set[str]:
    """Functions and classes of a room that nothing outside it, and no public name, leads to."""
    package = Package(root)
    outside = {
        (module.name, name)
        for module in package.modules.values()
        if not module.name.startswith(room)
        for name in module.defined
    }
    seen = package.reached(outside | {package.home(*one) or one for one in public})
    return {
        f"{module.name.removeprefix(room + '.')}.{name}"
        for module in package.modules.values()
        if module.name.startswith(room)
        for name, nodes in module.defined.items()
        if isinstance(nodes[0], ast.FunctionDef | ast.ClassDef) and (module.name, name) not in seen
    }


def test_nothing_in_statistics_is_left_that_nobody_reaches() -> None:
    public = [(evalkit._HOME_OF[name], name) for name in evalkit.__all__]
    assert unreached(PACKAGE, "evalkit.statistics", public) == set()


def test_a_function_that_only_shares_its_name_with_a_used_one_is_found(tmp_path: Path) -> None:
    root = tmp_path / "made"
    (root / "room").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "room" / "__init__.py").write_text("")
    (root / "room" / "one.py").write_text(
        "def wald():\n    return part()\n\ndef part():\n    ...\n"
    )
    (root / "room" / "two.py").write_text("def wald():\n    ...\n\nclass Kept:\n    ...\n")
    (root / "chapter.py").write_text(
        "from made.room.one import wald\nfrom made.room import two\n\ndef show():\n"
        "    wald()\n    return two.Kept\n"
    )
    assert unreached(root, "made.room", []) == {"two.wald"}


def test_every_module_that_the_page_names_exists() -> None:
    named = re.findall(r"`(evalkit\.statistics\.[\w.]+)`", PAGE.read_text(encoding="utf-8"))
    assert named
    for name in named:
        module, _, attribute = name.rpartition(".")
        assert hasattr(import_module(module), attribute), name


def test_every_library_function_that_the_page_names_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:statsmodels|scipy|lifelines)\.[\w.]+)", text))
    assert len(named) > 20
    for name in named:
        module, _, attribute = name.rpartition(".")
        try:
            home = import_module(module)
        except ModuleNotFoundError:  # a method of a class
            module, _, owner = module.rpartition(".")
            home = getattr(import_module(module), owner)
        assert hasattr(home, attribute), name


def test_the_example_gives_what_it_prints() -> None:
    # Newcombe (1998b), table II: 56/70 less 48/80 by methods 10 and 6.
    assert doctest.testfile(str(PAGE), module_relative=False).failed == 0

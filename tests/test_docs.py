"""What the documentation names is there: files, modules, commands, options, profiles."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer.main

from evalkit.cli import app
from evalkit.disclosure.rule import RULES

ROOT = Path(__file__).parent.parent
# Made for the site, where tests/test_site.py looks at them.
MADE = ("commands.md", "kommandon.md", "gallery.md", "galleri.md", "names.md")
WRITTEN = [page for page in ROOT.glob("docs/*/*.md") if page.name not in MADE]
PAGES = sorted([*ROOT.glob("*.md"), *WRITTEN])
FILES = ("yaml", "json", "html", "pdf", "docx", "xlsx", "typ", "log", "md", "py")
# Rooms by which documentation names modules without the package's own name.
ROOMS = (
    "project",
    "results",
    "intake",
    "answers",
    "statistics",
    "disclosure",
    "present",
    "chapters",
    "documents",
    "batch",
    "reading",
)


def spans(page: Path) -> list[str]:
    """Texts in backquotes, outside blocks of code."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    ours = [link for link in links if "://" not in link]
    assert [link for link in ours if not (page.parent / link).exists()] == []


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            is_module = find_spec(".".join(parts[:end])) is not None
        except ModuleNotFoundError:
            continue
        if is_module:
            found: object = import_module(".".join(parts[:end]))
            for attribute in parts[end:]:
                if not hasattr(found, attribute):
                    return False
                found = getattr(found, attribute)
            return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_module_named_is_there(page: Path) -> None:
    named = {match[0] for span in spans(page) if (match := re.match(r"[a-z_]+(\.\w+)+", span))}
    ours = {
        name if name.startswith("evalkit.") else f"evalkit.{name}"
        for name in named
        if name.split(".")[0] in ("evalkit", *ROOMS) and name.split(".")[-1] not in FILES
    }
    assert [name for name in sorted(ours) if not is_there(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_in_the_repository_is_there(page: Path) -> None:
    rooms = tuple(f"{name}/" for name in ("evalkit", "tests", "docs", "notebooks", "benchmarks"))
    named = [re.sub(r"<\w+>", "*", span.split()[0]) for span in spans(page)]
    missing = [path for path in named if path.startswith(rooms) and not any(ROOT.glob(path))]
    assert missing == []


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/en/disclosure.md"])
def test_every_identifier_named_stands_in_the_code(page: str) -> None:
    files = [p for room in ("evalkit", "benchmarks", "notebooks") for p in (ROOT / room).rglob("*")]
    kinds = (".py", ".yaml", ".ipynb", ".html", ".typ")
    texts = [p.read_text("utf-8") for p in files if p.suffix in kinds]
    words = set(re.findall(r"\w+", (ROOT / "pyproject.toml").read_text("utf-8")))
    words |= {word for text in texts for word in re.findall(r"\w+", text)}
    words |= {p.stem for p in files}
    named = (re.sub(r"\(.*", "", span).split(".")[-1] for span in spans(ROOT / page))
    missing = {name for name in named if re.fullmatch(r"[A-Za-z]\w*", name)} - words
    assert missing <= {*FILES, "cff", "toml", "ipynb"}


COMMANDS = typer.main.get_group(app).commands


def options_of(command: str) -> set[str]:
    return {flag for option in COMMANDS[command].params for flag in option.opts}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    calls = re.findall(r"(?:^|[\s`/\\])evalkit ([a-z]+)\b([^`\n#|]*)", text)
    for command, rest in calls:
        if command not in COMMANDS:
            continue  # a sentence that begins with the tool's name
        given = set(re.findall(r"(?<!\S)--[a-z-]+", rest))
        assert given <= options_of(command) | {"--help"}, f"evalkit {command}{rest}"


def test_every_command_stands_in_the_table_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `evalkit ([a-z-]+)", text, flags=re.MULTILINE)) == set(COMMANDS)


def test_the_table_of_disclosure_profiles_is_the_one_in_use() -> None:
    text = (ROOT / "docs" / "en" / "disclosure.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(\w+)` \| 1–(\d+) \| (\d+) persons \|$",
        text,
        flags=re.MULTILINE,
    )
    assert rows == [
        (
            rule.name,
            str(rule.threshold - 1),
            str(rule.smallest_group),
        )
        for rule in RULES.values()
    ]


@pytest.mark.parametrize("page", ["after-leaving.md", "society.md"])
def test_examples_give_what_they_print(page: str) -> None:
    assert doctest.testfile(str(ROOT / "docs" / "en" / page), module_relative=False).failed == 0

"""The pages of the site that are made: commands, and a gallery of the sample reports.

``python docs/generate.py`` writes them beside the written pages, where git ignores them;
`make docs` calls it first.
"""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import typer.main
import yaml

import evalkit
from evalkit.cli import app
from evalkit.cli.help import words_of_help
from evalkit.documents.files.paths import projects_below, sample_folder
from evalkit.project import load_project

DOCS = Path(__file__).parent
COMMANDS = {"sv": "kommandon.md", "en": "commands.md"}
GALLERIES = {"sv": "galleri.md", "en": "gallery.md"}
FORMATS = {"html": "HTML", "pdf": "PDF", "docx": "Word"}


def commands(language: str) -> str:
    """One section per command: how it is called, what it does, its options."""
    words = yaml.safe_load((DOCS / language / "commands.yaml").read_text(encoding="utf-8"))
    words |= words_of_help() if language == "sv" else {}
    pages = [f"# {words['title']}", words["introduction"]]
    for name, command in typer.main.get_group(app).commands.items():
        pages.append(f"## evalkit {name}")
        pages.append(said(words, name, command.help))
        rows = [option_row(name, option, words) for option in command.params]
        if rows:
            pages.append("\n".join([words["option"], "|---|---|", *rows]))
    return "\n\n".join(pages) + "\n"


def option_row(command: str, option: Any, words: dict[str, str]) -> str:
    is_option = option.param_type_name == "option"
    shown = " ".join(f"`{one}`" for one in option.opts) if is_option else f"`{option.name.upper()}`"
    own = f"{command}.{option.name}"
    return f"| {shown} | {said(words, own if own in words else option.name, option.help)} |"


def said(words: dict[str, str], key: str, english: str | None) -> str:
    """The page's own words; English is what the command itself says.

    Raises:
        KeyError: Where another language has no words for it.
    """
    return words[key] if "init" in words else plain(english)


def plain(text: str | None) -> str:
    return " ".join((text or "").split())


def gallery(language: str, reports: Path) -> str:
    """The sample reports: what each is about, a figure of it, and the whole of it."""
    words = yaml.safe_load((DOCS / language / "gallery.yaml").read_text(encoding="utf-8"))
    parts = [f"# {words['title']}", words["introduction"]]
    for file in projects_below(sample_folder()):
        project = load_project(file)
        folder = reports / project.id
        own = DOCS / language / "reports" / project.id
        own.mkdir(parents=True, exist_ok=True)
        parts += [
            f"## {project.title.in_language(language)}",
            project.summary.in_language(language),
        ]
        figure = next(iter(sorted((folder / "figures").glob(f"*.{language}.svg"))), None)
        if figure is not None:
            shutil.copy(figure, own / "figure.svg")
            alternative = figure.with_suffix(".txt").read_text(encoding="utf-8").strip()
            parts.append(f"![{plain(alternative)}](reports/{project.id}/figure.svg)")
        parts.append(
            "\n".join(links(folder, own, language, words, project.title.in_language(language)))
        )
    return "\n\n".join(parts) + "\n"


def links(folder: Path, own: Path, language: str, words: dict[str, str], title: str) -> list[str]:
    """One line per file, copied beside the page."""
    lines = []
    for stem in ("report", "brief"):
        for ending, name in FORMATS.items():
            middle = f"report.{language}" if stem == "report" else f"report.{language}.brief"
            made = folder / f"{middle}.{ending}"
            if made.exists():
                shutil.copy(made, own / f"{stem}.{ending}")
                target = f"reports/{own.name}/{stem}.{ending}"
                lines.append(f'* <a href="{target}">{title}: {words[stem]}, {name}</a>')
    return lines


def names() -> str:
    """Every public name, by its docstring."""
    named = ((name, inspect.unwrap(getattr(evalkit, name))) for name in sorted(evalkit.__all__))
    homes = [f"::: {function.__module__}.{name}" for name, function in named]
    return "\n\n".join(["# Names", "What `import evalkit as ek` offers.", *homes]) + "\n"


def pages(reports: Path) -> None:
    """Write every page that is made; the gallery shows what lies in a folder of reports."""
    (DOCS / "en" / "names.md").write_text(names(), encoding="utf-8")
    for language in ("sv", "en"):
        (DOCS / language / COMMANDS[language]).write_text(commands(language), encoding="utf-8")
        page = DOCS / language / GALLERIES[language]
        page.write_text(gallery(language, reports), encoding="utf-8")


def main() -> None:
    reports = DOCS.parent / "site-reports"
    render = [sys.executable, "-m", "evalkit", "render", str(sample_folder())]
    subprocess.run([*render, "--output", str(reports)], check=True, stdout=subprocess.DEVNULL)
    pages(reports)


if __name__ == "__main__":
    main()

"""What the checks found in a project's files, as `evalkit check` lists it.

Only places and counts: file, column, row numbers. Never a person's value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evalkit.answers.comparison_persons import compared_persons
from evalkit.answers.measures import require_what_is_named
from evalkit.answers.study import Study, open_study
from evalkit.documents.kept import prose_in
from evalkit.project import Project
from evalkit.project.vocabulary import LanguageCode, own_notebooks
from evalkit.reading.wording import check_wording
from evalkit.results import CannotBeComputed, Finding

_ORDER = ("error", "warning", "note")


def project_findings(project_file: Path) -> tuple[Finding, ...]:
    """Every finding in the project's registers and series, the gravest first.

    Raises:
        ProjectError: If the project file cannot be used, or names a column or an outcome
            that the registers do not have.
        IntakeError: If a file cannot be read at all.
    """
    study = open_study(project_file, purpose="release")
    found = (*study.findings, *_own_words(study.project, project_file.name))
    if study.project.registers:
        require_what_is_named(study)
        _require_comparison(study)
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _own_words(project: Project, file: str) -> Iterator[Finding]:
    """Where the evaluator's own words speak of cause, and no draw by lot stands behind them."""
    if project.comparison is not None and project.comparison.came_about == "lottery":
        return
    texts = [
        (file, f"{place} ({language})", language, project.own_text(text, language))
        for place, text in project.own_words.items()
        for language in project.languages
    ]
    for name, place, language, text in (*texts, *_own_notebooks(project)):
        notes = check_wording(text, language=language)
        causal = sum(note.rule == "causal_wording" for note in notes)
        if causal:
            yield Finding(severity="warning", check="causal_wording", file=name, column=place,
                          count=causal)  # fmt: skip


def _own_notebooks(project: Project) -> Iterator[tuple[str, str, LanguageCode, str]]:
    """The text cells of the project's own notebooks, language by language."""
    for chapter in project.chapters:
        for file in own_notebooks(chapter, project.folder):
            for number, (languages, text) in enumerate(prose_in(file), start=1):
                for language in project.languages:
                    if language in languages:
                        yield file.name, f"{number} ({language})", language, text


def _require_comparison(study: Study) -> None:
    """Refuse a comparison that names what the registers lack; what it gives is for the report."""
    if study.project.comparison is not None:
        with suppress(CannotBeComputed):
            compared_persons(study)

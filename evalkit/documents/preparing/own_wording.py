"""Where the evaluator's own words speak of cause, and no draw by lot stands behind them."""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.documents.kept import prose_in
from evalkit.project import Project
from evalkit.project.vocabulary import LanguageCode, own_notebooks
from evalkit.reading.wording import check_wording


def causal_words(project: Project, file: str) -> Iterator[tuple[str, str]]:
    """The place of each such sentence, and the sentence as it is written."""
    if project.comparison is not None and project.comparison.came_about == "lottery":
        return
    for place, language, text in (*_own_texts(project, file), *_own_notebooks(project)):
        for note in check_wording(text, language=language):
            if note.rule == "causal_wording":
                yield place, " ".join(note.quote.split())


def _own_texts(project: Project, file: str) -> Iterator[tuple[str, LanguageCode, str]]:
    for place, text in project.own_words.items():
        for language in project.languages:
            yield f"{file}, {place} ({language})", language, project.own_text(text, language)


def _own_notebooks(project: Project) -> Iterator[tuple[str, LanguageCode, str]]:
    """The text cells of the project's own notebooks, language by language."""
    for chapter in project.chapters:
        for file in own_notebooks(chapter, project.folder):
            for number, (languages, text) in enumerate(prose_in(file), start=1):
                for language in project.languages:
                    if language in languages:
                        yield f"{file.name}, {number} ({language})", language, text

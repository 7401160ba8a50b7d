"""Every sentence that every sample generates, in both languages, against its design's level.

What a project file quotes is the authors' own and is left out; all else is ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import nbformat
import pytest

from evalkit import chapters as sections
from evalkit.answers.study import open_study
from evalkit.documents.files.paths import notebooks_folder, projects_below, sample_folder
from evalkit.language import LANGUAGES, Language
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Paragraph, Section, Table
from evalkit.present.labels import words_in
from evalkit.present.sentences.comparison import LEVEL_OF as LEVEL_OF_PERSONS
from evalkit.present.sentences.comparison import came_about_sentences
from evalkit.present.sentences.trends import LEVEL_OF, design_sentence
from evalkit.project import Project
from tests.present.test_trends import CONNECTED
from tests.test_language import CAUSAL

PROJECTS = {file.parent.name: file for file in projects_below(sample_folder())}
CALL = re.compile(r"sections\.(\w+)\.(\w+)\(study\)")


@cache
def blocks_of(name: str, language: Language) -> tuple[tuple[str, Block], ...]:
    """Every block of every chapter, with the chapter's name, as the templates call for them."""
    study = open_study(PROJECTS[name], language=language, purpose="release")
    found: list[tuple[str, Block]] = []
    for chapter in study.project.chapters:
        notebook = nbformat.read(notebooks_folder() / f"{chapter}.ipynb", as_version=4)
        for cell in notebook.cells:
            for module, function in CALL.findall(cell.source if cell.cell_type == "code" else ""):
                section: Section = getattr(getattr(sections, module), function)(study)
                found += [(chapter, block) for block in section.blocks]
    return tuple(found)


def texts_of(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (block.caption, *block.columns, *block.notes, block.source)
        yield from (cell.text for row in block.rows for cell in row)
    elif isinstance(block, Figure):
        yield from (block.caption, block.alt, *block.notes, block.source)
        yield from texts_of(block.data)
    elif isinstance(block, Box):
        yield from (block.title, *block.items)
    elif isinstance(block, Bullets):
        yield from block.items
    else:
        yield block.text


def own_words(project: Project) -> list[str]:
    """Everything written in the project file, the longest first."""

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for part in value.values() if isinstance(value, dict) else ():
            yield from strings(part)
        for part in value if isinstance(value, list | tuple) else ():
            yield from strings(part)

    return sorted({s for s in strings(project.model_dump()) if " " in s}, key=len, reverse=True)


def generated(name: str, language: Language) -> list[tuple[str, str]]:
    study = open_study(PROJECTS[name], language=language, purpose="release")
    quoted = own_words(study.project)
    pairs = []
    for chapter, block in blocks_of(name, language):
        for text in texts_of(block):
            ours = text
            for own in quoted:
                ours = ours.replace(own, "")
            pairs.append((chapter, ours))
    return pairs


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROJECTS)
def test_no_sentence_of_a_sample_says_what_a_result_comes_from(
    name: str, language: Language
) -> None:
    pairs = generated(name, language)
    assert len(pairs) > 100
    found = [
        (chapter, text)
        for chapter, text in pairs
        for pattern in CAUSAL[language]
        if re.search(pattern, text, flags=re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROJECTS)
def test_only_a_design_with_a_comparison_speaks_of_a_connection(
    name: str, language: Language
) -> None:
    words = words_in(language)
    allowed = {design_sentence(d, words) for d, level in LEVEL_OF.items() if level == "comparison"}
    allowed |= {
        came_about_sentences(how, words)[1]
        for how, level in LEVEL_OF_PERSONS.items()
        if level == "similar"
    }
    spoken = {
        block.text
        for chapter, block in blocks_of(name, language)
        if chapter != "comparison_group"  # a comparison of persons has sentences of its own
        if isinstance(block, Paragraph) and CONNECTED[language] in block.text
    }
    assert spoken <= allowed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_design_that_gives_figures_ends_in_what_its_level_carries(
    language: Language,
) -> None:
    """Each design's heading is followed by its own sentence, or by why it cannot be computed."""
    words = words_in(language)
    cannot = words.texts["cannot.no_persons"].split(":")[0]
    levels = {design_sentence(d, words) for d in LEVEL_OF}
    study = open_study(PROJECTS["eskilstuna-fler-jobb"], language=language, purpose="release")
    section = sections.trend_against_reference.designs(study)
    parts: list[list[Block]] = []
    for block in section.blocks:
        if isinstance(block, Heading):
            parts.append([])
        else:
            parts[-1].append(block)
    # Under the first series' own heading: what the designs that have an answer say together.
    (together,), *parts = [part for part in parts if part]
    assert isinstance(together, Paragraph)
    assert together.text.count(words.texts["number.percentage_points"].split("}")[1]) == 3
    # A made-up series beside a real one is read by one design, as a demonstration.
    assert len(parts) == sum(1 if one.is_synthetic else 4 for one in study.project.series)
    for part in parts:
        last = part[-1]
        assert isinstance(last, Paragraph)
        assert last.text in levels or last.text.startswith(cannot)

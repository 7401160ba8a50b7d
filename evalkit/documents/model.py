"""The document model: one report in one language, independent of the file format.

Read from released chapters, so HTML and every later format are written from the same
blocks and cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.documents.files.names import file_name, portfolio_name
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.kept import Headline, chapter_blocks, chapter_headlines
from evalkit.documents.summary import Summary, summary_of
from evalkit.language import Texts
from evalkit.present.blocks import Block, Heading
from evalkit.project.model import Project
from evalkit.project.vocabulary import FormatName, LanguageCode

_PART_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the front part: what it is called and what stands there."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A titled part of a chapter; the first may lack a title."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """The evaluator's own Word template and logo, as the bytes of their files."""

    docx_template: bytes = b""
    logo: bytes = b""

    @property
    def logo_type(self) -> str:
        """``png`` or ``jpeg``, by how the picture begins."""
        return "png" if self.logo.startswith(b"\x89PNG") else "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report in one language.

    Attributes:
        data_cut: The day the data were cut; also the date of every file that must have one.
        synthetic_note: What is made up, for the reader to meet first; empty when nothing is.
        draft_note: That it is a draft which nobody answers for yet; empty when published.
        front: What was asked and what can and cannot be said, for the one-page summary.
        other_languages: Languages in which the same report lies beside this one.
        formats: Formats in which the same report lies beside this one.
        inputs: The files it rests on, with their checksums.
        is_appendix: Chapters are numbered A1, A2 … for another report to refer to.
        is_portfolio: It is about all projects of a folder and not about one.
        looks: The evaluator's own template and logo.
    """

    project_id: str
    language: LanguageCode
    title: str
    summary: str
    data_cut: date
    facts: tuple[Fact, ...]
    synthetic_note: str
    chapters: tuple[Chapter, ...]
    headlines: tuple[Headline, ...]
    front: Summary
    inputs: tuple[InputFile, ...]
    other_languages: tuple[LanguageCode, ...] = ()
    formats: tuple[FormatName, ...] = ()
    draft_note: str = ""
    is_appendix: bool = False
    is_portfolio: bool = False
    looks: Looks = Looks()

    @property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What a reader must meet before anything else: a title and a text each."""
        texts = Texts(self.language)
        both = (("draft", self.draft_note), ("synthetic", self.synthetic_note))
        return tuple((texts[f"document.{kind}_title"], note) for kind, note in both if note)

    @property
    def running_title(self) -> str:
        """The title at the top of every page; a draft says there that it is one."""
        if not self.draft_note:
            return self.title
        return f"{Texts(self.language)['document.draft_title']} · {self.title}"

    @property
    def about_key(self) -> str:
        """Text key of the heading over the facts."""
        return "portfolio.projects" if self.is_portfolio else "document.about_project"

    def file(self, language: LanguageCode, format_name: FormatName = "html") -> str:
        """The file of this document in a language and a format, within its folder."""
        if self.is_portfolio:
            return portfolio_name(language, format_name)
        return file_name(language, format_name, is_appendix=self.is_appendix)

    def chapter_number(self, position: int) -> str:
        """``3``, or ``A3`` in an appendix."""
        return f"A{position}" if self.is_appendix else str(position)


def build_document(
    project: Project,
    executed: Mapping[str, dict[str, Any]],
    *,
    language: LanguageCode,
    inputs: Sequence[InputFile] = (),
    other_languages: Sequence[LanguageCode] = (),
    formats: Sequence[FormatName] = (),
    is_appendix: bool = False,
    is_draft: bool = False,
) -> Document:
    """The report of a project from its released chapters, in the project's chapter order."""
    texts = Texts(language)
    chapters = [document_chapter(name, executed[name], texts) for name in project.chapters]
    blocks = [[block for part in one.parts for block in part.blocks] for one in chapters]
    headlines = [line for name in project.chapters for line in chapter_headlines(executed[name])]
    return Document(
        project_id=project.id,
        language=language,
        title=project.title.in_language(language),
        summary=project.summary.in_language(language),
        data_cut=project.data_cut,
        facts=tuple(_facts(project, texts)),
        synthetic_note=_synthetic_note(project, texts),
        chapters=tuple(chapters),
        # Several chapters may end with the same key figures.
        headlines=tuple(dict.fromkeys(headlines)),
        front=summary_of(project.chapters, blocks, texts),
        inputs=tuple(inputs),
        other_languages=tuple(other_languages),
        formats=tuple(formats),
        draft_note=texts["document.draft"] if is_draft else "",
        is_appendix=is_appendix,
        looks=Looks(*(_bytes(project, file) for file in (project.docx_template, project.logo))),
    )


def _bytes(project: Project, file: Path | None) -> bytes:
    return b"" if file is None else (project.folder / file).read_bytes()


def _synthetic_note(project: Project, texts: Texts) -> str:
    if not project.is_synthetic:
        return ""
    kind = "persons" if project.registers else "series"
    return texts[f"document.synthetic_{kind}"]


def document_chapter(name: str, executed: dict[str, Any], texts: Texts) -> Chapter:
    """A released chapter cut into its parts."""
    blocks = list(chapter_blocks(executed))
    title = texts[f"document.chapter.{name}"]
    if blocks and isinstance(blocks[0], Heading) and blocks[0].level == 1:
        title = blocks.pop(0).text  # type: ignore[union-attr]
    chapter_id = name.replace("_", "-")
    return Chapter(id=chapter_id, title=title, parts=tuple(_parts(chapter_id, blocks)))


def _parts(chapter_id: str, blocks: Sequence[Block]) -> Iterator[Part]:
    """Cut at headings of level 2 and above; what stands before the first is untitled."""
    title, held, number = "", list[Block](), 1
    for block in blocks:
        if isinstance(block, Heading) and block.level <= _PART_LEVEL:
            if title or held:
                yield Part(id=f"{chapter_id}-{number}", title=title, blocks=_levelled(held))
                number += 1
            title, held = block.text, []
        else:
            held.append(block)
    if title or held:
        yield Part(id=f"{chapter_id}-{number}", title=title, blocks=_levelled(held))


def _levelled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """No heading skips a level: a reader who jumps by heading must not miss one."""
    level, result = _PART_LEVEL, list[Block]()
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1)
            result.append(replace(block, level=level))
        else:
            result.append(block)
    return tuple(result)


def _facts(project: Project, texts: Texts) -> Iterator[Fact]:
    period = f"{project.period.start.isoformat()} – {project.period.end.isoformat()}"
    lines: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("actors", project.actors),
        ("period", (period,)),
        ("data_cut", (project.data_cut.isoformat(),)),
        ("funder", (project.funder,)),
        ("programme", (texts[f"document.programme.{project.programme}"],)),
        ("disclosure", (texts[f"document.disclosure.{project.disclosure.profile}"],)),
        ("sources", tuple(source.in_language(texts.language) for source in project.sources)),
    )
    for name, values in lines:
        if any(values):
            yield Fact(texts[f"document.{name}"], tuple(values))

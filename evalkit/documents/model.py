"""The document model: one report in one language, independent of the file format.

Read from released chapters, so HTML and every later format are written from the same
blocks and cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from evalkit.documents.facts import Fact, facts_of
from evalkit.documents.files.names import brief_name, file_name, portfolio_name
from evalkit.documents.files.provenance import InputFile
from evalkit.documents.kept import chapter_blocks, chapter_headlines, first_page_blocks
from evalkit.documents.once import (
    Said,
    has_ratios,
    refusals,
    short_answer,
    without_boxes,
    without_empty_headings,
)
from evalkit.documents.summary import Summary, summary_of
from evalkit.language import Texts
from evalkit.present.blocks import Block, Box, Bullets, Figure, Heading, Headline, Paragraph, Table
from evalkit.present.prose import blocks_from_markdown
from evalkit.project.model import Project
from evalkit.project.vocabulary import FormatName, LanguageCode

_PART_LEVEL = 2


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
        first_page: Question, answer, how sure, what it means, next step; first in every format.
        draft_note: That it is a draft which nobody answers for yet; empty when published.
        front: What was asked and what can and cannot be said, for the one-page summary.
        other_languages: Languages in which the same report lies beside this one.
        formats: Formats in which the same report lies beside this one.
        inputs: The files it rests on, with their checksums.
        is_appendix: Chapters are numbered A1, A2 … for another report to refer to.
        is_portfolio: It is about all projects of a folder and not about one.
        is_brief: It is the two pages of a report: its first page, and one chapter after it.
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
    first_page: Chapter | None = None
    inputs: tuple[InputFile, ...]
    other_languages: tuple[LanguageCode, ...] = ()
    formats: tuple[FormatName, ...] = ()
    draft_note: str = ""
    is_appendix: bool = False
    is_portfolio: bool = False
    is_brief: bool = False
    looks: Looks = Looks()

    @property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What a reader must meet before anything else: a title and a text each."""
        texts = Texts(self.language)
        both = (("draft", self.draft_note), ("synthetic", self.synthetic_note))
        return tuple((texts[f"document.{kind}_title"], note) for kind, note in both if note)

    @property
    def has_brief(self) -> bool:
        """Whether a brief lies beside this page."""
        is_report = not (self.is_appendix or self.is_portfolio or self.is_brief)
        return is_report and "html" in self.formats

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
        if self.is_brief:
            return brief_name(language, format_name)
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
    chapters = [
        _commented(document_chapter(name, executed[name], texts), project, name, texts)
        for name in project.chapters
    ]
    blocks = [[block for part in one.parts for block in part.blocks] for one in chapters]
    front = summary_of(project.chapters, blocks, texts)
    first_page, press = None, None
    if not is_appendix:
        first_page, press = _first_and_last(project, executed, texts)
    if first_page is not None:
        # The page has asked the question and answered it.
        cannot = tuple(box for box in front.boxes if box.kind == "cannot_say")
        front = Summary(questions=(), boxes=cannot)
        chapters = _said_once(chapters, texts, before=[i for box in cannot for i in box.items])
    if press is not None:
        chapters.append(press)
    headlines = [line for name in project.chapters for line in chapter_headlines(executed[name])]
    return Document(
        project_id=project.id,
        language=language,
        title=project.title.in_language(language),
        summary=project.summary.in_language(language),
        data_cut=project.data_cut,
        facts=tuple(facts_of(project, texts)),
        synthetic_note=_synthetic_note(project, texts),
        chapters=tuple(chapters),
        # Several chapters may end with the same key figures.
        headlines=tuple(dict.fromkeys(headlines)),
        front=front,
        first_page=first_page,
        inputs=tuple(inputs),
        other_languages=tuple(other_languages),
        formats=tuple(formats),
        draft_note=texts["document.draft"] if is_draft else "",
        is_appendix=is_appendix,
        looks=Looks(*(_bytes(project, file) for file in (project.docx_template, project.logo))),
    )


def _first_and_last(
    project: Project, executed: Mapping[str, dict[str, Any]], texts: Texts
) -> tuple[Chapter | None, Chapter | None]:
    """The first page, and the sentences for a press text that a report ends with."""
    pages = (first_page_blocks(executed[name]) for name in project.chapters)
    blocks = [*next((page for page in pages if page), ())]
    title = texts["press.title"]
    spots = (n for n, one in enumerate(blocks) if isinstance(one, Heading) and one.text == title)
    at = next(spots, len(blocks))
    part = Part(id="press-1", title="", blocks=tuple(blocks[at + 1 :]))
    press = Chapter(id="press", title=title, parts=(part,)) if part.blocks else None
    return _first_page(project, blocks[:at], texts), press


def _first_page(project: Project, blocks: list[Block], texts: Texts) -> Chapter | None:
    """The page of the released answers, and after it the evaluator's own conclusions."""
    named = (name for name in ("conclusions", "recommendations") if name in project.own_words)
    blocks += (_own_words(project, name, texts) for name in named)
    if not blocks:
        return None
    parts = tuple(_parts("first-page", blocks))
    return Chapter(id="first-page", title=texts["first.title"], parts=parts)


def _said_once(chapters: Sequence[Chapter], texts: Texts, before: Sequence[str]) -> list[Chapter]:
    """The chapters with their answer in one line, repetition gone, and the methods last."""
    blocks = [[block for part in one.parts for block in part.blocks] for one in chapters]
    said, made = Said(blocks, texts, before), []
    moved: list[Part] = []
    for chapter in chapters:
        answer = short_answer([part.blocks for part in chapter.parts], texts)
        if answer is not None:
            said.new(answer.text.removeprefix(texts["document.short_answer"].partition("{")[0]))
        parts = [
            replace(part, blocks=without_empty_headings([*said.once(without_boxes(part.blocks))]))
            for part in _without_refusals(chapter.parts, answer, texts)
        ]
        ratios = [part for part in parts if has_ratios(part.blocks)]
        moved += [replace(part, title=f"{chapter.title}: {part.title}") for part in ratios]
        there = (Paragraph(texts["document.ratios_moved"]),)
        parts = [
            Part(id=f"{part.id}-moved", title=part.title, blocks=there) if part in ratios else part
            for part in parts
        ]
        if answer is not None:
            parts.insert(0, Part(id=f"{chapter.id}-answer", title="", blocks=(answer,)))
        kept = _without_shells(part for part in parts if part.blocks)
        made.append(replace(chapter, parts=tuple(kept)))
    notes = said.appendix()
    noted = [Part(id="methods-1", title="", blocks=notes)] if notes else []
    if noted or moved:
        last = (*noted, *moved)
        made.append(Chapter(id="methods", title=texts["document.methods"], parts=last))
    return made


def _without_refusals(parts: Sequence[Part], answer: Paragraph | None, texts: Texts) -> list[Part]:
    """A part that only says why nothing is there becomes a line of the part before it, once.

    Where no part of the chapter shows anything, its answer alone says so.
    """
    said = "" if answer is None else answer.text.casefold()
    told = [refusals(part.blocks, texts) for part in parts]
    new = [[one for one in own if one.rpartition(": ")[2].casefold() not in said] for own in told]
    shown = any(isinstance(block, Figure | Table) for part in parts for block in part.blocks)
    is_bare = not shown and new != told
    made: list[Part] = []
    for part, all_told, own in zip(parts, told, new, strict=True):
        if not all_told:
            made.append(part)
            continue
        named = [block.text for block in part.blocks if isinstance(block, Heading)]
        title = "; ".join(named) or part.title  # which target it is, not that it is one
        lines = [] if is_bare else [Paragraph(f"{title}. {one}") for one in own]
        left = [block for block in part.blocks if isinstance(block, Box)]
        before = made.pop() if made else replace(part, title="", blocks=())
        made.append(replace(before, blocks=(*before.blocks, *lines, *left)))
    return made


def _without_shells(parts: Iterable[Part]) -> list[Part]:
    """The box of what cannot be said ends the part before it, under no heading of its own."""
    made: list[Part] = []
    for part in parts:
        is_box = all(isinstance(one, Box) and one.kind == "cannot_say" for one in part.blocks)
        if made and is_box:
            made[-1] = replace(made[-1], blocks=(*made[-1].blocks, *part.blocks))
        else:
            made.append(part)
    return made


def _commented(chapter: Chapter, project: Project, name: str, texts: Texts) -> Chapter:
    """The chapter with the evaluator's own comment first, where there is one."""
    if name not in project.comments:
        return chapter
    box = _own_words(project, f"comments.{name}", texts)
    own = Part(id=f"{chapter.id}-comment", title="", blocks=(box,))
    return replace(chapter, parts=(own, *chapter.parts))


def _own_words(project: Project, name: str, texts: Texts) -> Box:
    """What the evaluator has written, in a box that says whose words they are."""
    title = texts[f"own.{name.partition('.')[0]}"]
    prose = blocks_from_markdown(project.own_text(project.own_words[name], texts.language))
    told = [one.items if isinstance(one, Bullets) else (one.text,) for one in prose]
    # A heading that the box has already: "# Slutsatser".
    heading = next((one.text for one in prose[:1] if isinstance(one, Heading)), None)
    is_said = heading is not None and heading.casefold() in title.casefold()
    return Box("note", title, tuple(text for some in told[is_said:] for text in some))


def _bytes(project: Project, file: Path | None) -> bytes:
    return b"" if file is None else (project.folder / file).read_bytes()


def _synthetic_note(project: Project, texts: Texts) -> str:
    kind = "persons" if project.registers else "series"
    return texts[f"document.synthetic_{kind}"] if project.is_synthetic else ""


def chapter_title(name: str, texts: Texts) -> str:
    """What a chapter is called; an own notebook without a heading by its file's name."""
    key = f"document.chapter.{name}"
    return texts[key] if key in texts else name.replace("_", " ").capitalize()


def document_chapter(name: str, executed: dict[str, Any], texts: Texts) -> Chapter:
    """A released chapter cut into its parts."""
    blocks = list(chapter_blocks(executed))
    title = chapter_title(name, texts)
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

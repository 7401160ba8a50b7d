"""The release record as a page: for whoever is responsible, kept beside the register.

Every figure that was not printed stands here with its reason and with what a reader may think it
to be. The page is as sensitive as the register and is no part of what is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from evalkit.disclosure.answers import Judgement
from evalkit.disclosure.record import Edition, WithheldRow
from evalkit.disclosure.scan import RegisterTexts
from evalkit.disclosure.shapes import COUNTS
from evalkit.disclosure.system import WHOLE
from evalkit.documents.facts import Fact
from evalkit.documents.model import Chapter, Document, Part
from evalkit.documents.summary import Summary
from evalkit.documents.writers import written
from evalkit.present.blocks import Block, Bullets, Cell, Paragraph, Table
from evalkit.present.labels import GROUP, Words, words_of
from evalkit.present.tables.who_took_part import TOTAL, level_text
from evalkit.project import Project
from evalkit.results import CountTable, GroupedEvents

_FORMS = ("identity_number", "pseudonym", "rows_of_persons", "local_path", "author")


def record_page(
    project: Project, edition: Edition, judged: Judgement, texts: RegisterTexts
) -> Document:
    """The record of an edition in the project's first language."""
    words = words_of(project, project.languages[0])
    told = words.texts
    chapters = [
        ("withheld", tuple(_withheld(project, edition, judged, words))),
        ("tried", tuple(_tried(judged, words))),
        ("looked_for", tuple(_looked_for(texts, words))),
    ]
    day = words.numbers.date(date.fromisoformat(edition.date))
    files = ", ".join(dict.fromkeys(edition.files))  # a workbook of several sheets once
    facts = [
        ("by", edition.by), ("date", day), ("profile", told[f"document.disclosure.{edition.rule}"]),
        ("persons", words.numbers.count(len(edition.persons))), ("files", files),
        ("digest", edition.register[:16]),
    ]  # fmt: skip
    return Document(
        project_id=project.id,
        language=project.languages[0],
        title=told.format("record.title", title=edition.name),
        summary=told["record.summary"],
        data_cut=project.data_cut,
        facts=tuple(Fact(told[f"record.{name}"], (value,)) for name, value in facts),
        synthetic_note="",
        chapters=tuple(
            Chapter(
                id=f"record-{name}",
                title=told[f"record.{name}"],
                parts=(Part(id=f"record-{name}-1", title="", blocks=blocks),),
            )
            for name, blocks in chapters
        ),
        headlines=(),
        front=Summary((), ()),
        inputs=(),
        is_appendix=True,
    )


def record_file(page: Document, kind: Literal["html", "pdf"]) -> bytes:
    content = written(page, kind)
    return content.encode() if isinstance(content, str) else content


def _withheld(
    project: Project, edition: Edition, judged: Judgement, words: Words
) -> Iterator[Block]:
    texts = words.texts
    if not edition.withheld:
        yield Paragraph(texts["record.nothing_withheld"])
        return
    yield Paragraph(words.say("record.withheld_text", count=len(edition.withheld)))
    names = ("answer", "row", "reason", "interval")
    rows = [
        (
            Cell(_answer(row.answer, project, words)),
            Cell(_label(row, judged, words)),
            Cell(texts[f"withheld.{row.reason}"]),
            Cell(_interval(row, words)),
        )
        for row in edition.withheld
    ]
    yield Table(
        id="record-withheld",
        caption=texts["record.withheld"],
        columns=tuple(texts[f"record.column.{name}"] for name in names),
        rows=tuple(rows),
    )


def _answer(name: str, project: Project, words: Words) -> str:
    """An answer by the name that the report has for it; by its own where it has none."""
    kind, _, rest = name.partition(".")
    if name == "who_took_part":
        return words.texts["participants.composition.caption"]
    if kind == "persons" and rest:
        return words.labels.dimension(rest)
    if kind == "target":
        titles = {one.id: one.title.in_language(words.language) for one in project.targets}
        return titles.get(rest, name)
    if kind == "share":
        of, _, outcome = rest.partition(".")
        key = f"participants.outcomes.{of}"
        if outcome and key in words.texts:
            parts = (words.labels.inline("exit_class", one) for one in outcome.split("+"))
            return words.say(key, outcome=words.labels.any_of(parts))
    key = f"record.answer.{kind}"
    return _of_kind(words.texts[key], rest, project, words) if key in words.texts else name


def _of_kind(kind: str, rest: str, project: Project, words: Words) -> str:
    """What kind of answer it is, and of which of the project's questions and groupings."""
    asked: tuple[Any, ...] = (*project.targets, *project.sites, *project.before_after)
    titles = {one.id: one.title.in_language(words.language) for one in asked}
    named = [titles.get(part) or _dimension(part, words) for part in rest.split(".")]
    return ", ".join((kind, *filter(None, named)))


def _dimension(part: str, words: Words) -> str:
    is_named = part in words.labels.titles or f"dimension.{part}" in words.texts
    return words.labels.dimension(part).lower() if is_named else ""


def _label(row: WithheldRow, judged: Judgement, words: Words) -> str:
    """Which row of an answer, in words: its levels in a table, else its group."""
    result: Any = judged.store[row.answer].result if row.answer in judged.store else None
    tables = result if isinstance(result, tuple) else (result,)
    try:
        table = tables[int(row.key[0])]
        if isinstance(table, CountTable):
            line = table.counts.iloc[int(row.key[1])]
            levels = ((name, str(line[name])) for name in table.dimensions)
            return ", ".join(_level(*one, words) for one in levels)
    except (ValueError, IndexError):
        pass
    if row.key in (WHOLE, COUNTS):
        return words.texts["record.whole"]
    group = words.labels.level(GROUP, row.key[-1]) if row.key[-1] else _everyone(words)
    if isinstance(result, GroupedEvents) and len(row.key) > 1:
        return words.say("record.horizon", group=group, days=words.numbers.count(int(row.key[0])))
    return group


def _everyone(words: Words) -> str:
    return words.texts["label.everyone"]


def _level(column: str, level: str, words: Words) -> str:
    if level == TOTAL:
        return _everyone(words)
    text = level_text(column, level, words)
    return text if column == "sex" else f"{words.labels.dimension(column)}: {text}"


def _interval(row: WithheldRow, words: Words) -> str:
    low = words.numbers.count(row.lowest)
    if row.highest is None:
        return words.say("record.at_least", low=low) if row.lowest else "–"
    return f"{low}–{words.numbers.count(row.highest)}"


def _tried(judged: Judgement, words: Words) -> Iterator[Block]:
    texts = words.texts
    yield Paragraph(texts["record.tried_text"])
    yield Bullets(
        tuple(
            words.say(f"record.tried.{name}", count=count) for name, count in judged.tried.items()
        )
    )


def _looked_for(found: RegisterTexts, words: Words) -> Iterator[Block]:
    texts = words.texts
    yield Paragraph(
        words.say(
            "record.looked_for_text",
            texts=sum(map(len, found.by_first_word.values())) + len(found.codes),
            numbers=len(found.numbers),
        )
    )
    yield Bullets(tuple(texts[f"record.form.{name}"] for name in _FORMS))

"""What a study shows of itself: persons, period, flow, groups, findings, and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.present.blocks import Block, Bullets, Cell, Heading, Paragraph, Section, Table
from evalkit.present.tables import flow_table
from evalkit.results import Released

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.present.labels import Words
    from evalkit.project import Project
    from evalkit.results import Finding, FlowStep

# What Tab offers on a study: what an evaluator asks for.
NAMES = (
    "persons", "spells", "dated_statuses", "findings", "flow", "groupings", "levels", "where",
    "with_column", "share", "explore", "show", "events", "series", "in_language",
    "project", "language", "purpose",
)  # fmt: skip


def card(
    project: Project,
    words: Words,
    *,
    persons: pd.DataFrame | None,
    flow: tuple[FlowStep, ...],
    findings: tuple[Finding, ...],
) -> Section:
    """The card of a study; ``persons`` is ``None`` for a project without a register."""
    return Section(
        tuple(_blocks(project, words, persons, flow, findings)), is_internal=persons is not None
    )


def _blocks(
    project: Project,
    words: Words,
    persons: pd.DataFrame | None,
    flow: tuple[FlowStep, ...],
    findings: tuple[Finding, ...],
) -> Iterator[Block]:
    yield Heading(3, project.title.in_language(words.language))
    yield Paragraph(project.summary.in_language(words.language))
    yield Table(
        id="study",
        caption=words.say("show.card"),
        columns=(words.say("show.card.what"), words.say("show.card.value")),
        rows=tuple(
            (Cell(words.say(f"show.card.{name}")), Cell(text))
            for name, text in _facts(project, words, persons, findings)
            if text
        ),
    )
    if flow:
        released: Released[tuple[FlowStep, ...]] = Released(flow, 0, "internal", is_internal=True)
        yield flow_table(released, words, table_id="flow", caption=words.say("show.flow"))
    yield Heading(4, words.say("show.card.ask"))
    yield Bullets(tuple(_to_ask(project, words, has_persons=persons is not None)))


def _facts(
    project: Project, words: Words, persons: pd.DataFrame | None, findings: tuple[Finding, ...]
) -> Iterator[tuple[str, str]]:
    numbers, labels = words.numbers, words.labels
    if persons is not None:
        yield "persons", numbers.count(len(persons))
    start, end = (day.isoformat() for day in (project.period.start, project.period.end))
    yield "period", f"{start} – {end}"
    yield "data_cut", project.data_cut.isoformat()
    if persons is not None:
        yield "groups", ", ".join(f"{labels.dimension(one)} ({one})" for one in project.groups)
        causes = project.outcomes.causes
        yield "outcomes", ", ".join(f"{labels.level('cause', one)} ({one})" for one in causes)
    yield "targets", ", ".join(one.title.in_language(words.language) for one in project.targets)
    yield "series", ", ".join(one.id for one in project.series)
    counted = Counter(one.severity for one in findings)
    yield (
        "findings",
        ", ".join(
            f"{labels.level('severity', name).lower()}: {numbers.count(n)}"
            for name, n in counted.items()
        ),
    )
    yield "chapters", ", ".join(project.chapters)


def _to_ask(project: Project, words: Words, *, has_persons: bool) -> Iterator[str]:
    """Lines to copy: they hold this project's own groups and outcomes."""
    if has_persons:
        by = project.groups[0] if project.groups else ""
        group = f'by="{by}"' if by else ""
        outcome = " or ".join(f"exit_class == '{one}'" for one in project.outcomes.positive)
        share = f'study.share("{outcome}"' + (f", {group})" if group else ")")
        for name, code in (
            ("persons", "study.persons"),
            ("share", share),
            ("curve", f"ek.aalen_johansen(study.events({group}))"),
            ("where", 'study.where("age < 30")'),
            ("findings", "study.findings"),
        ):
            yield f"{words.say(f'show.card.ask.{name}')}: {code}"
    for one in project.series[:1]:
        yield f'{words.say("show.card.ask.series")}: study.series("{one.id}")'
    yield f'{words.say("show.card.ask.save")}: .to_frame() .figure() .save("namn.docx")'

"""Controls to explore with: an outcome, a group and a day; chart, sentence and table answer.

The controls are ipywidgets' (the extra ``explore``); without them the first answer stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evalkit.disclosure import internal
from evalkit.present.blocks import Block, Paragraph, Section
from evalkit.present.charts import curve_figure
from evalkit.present.html import section_html
from evalkit.present.sentences import not_computed_sentence, outcome_was, share_at_sentence
from evalkit.present.tables import estimates_table
from evalkit.results import CannotBeComputed, Curve, EventTable
from evalkit.shape import in_words
from evalkit.statistics.time_to_event.competing_risks import cumulative_incidence
from evalkit.statistics.time_to_event.curve_readings import share_row

if TYPE_CHECKING:
    from evalkit.present.labels import Words
    from evalkit.project import Project

_EVERYONE, _A_YEAR = "", 365


@dataclass(frozen=True)
class Asked:
    """What can be asked by the controls.

    Attributes:
        words: Of the study.
        outcomes: Ways to leave, the outcome of interest first.
        groups: Columns to compare by.
        day: The day asked first.
        events: Counts over time by a column, or of everyone for an empty name.
    """

    words: Words
    outcomes: tuple[str, ...]
    groups: tuple[str, ...]
    day: int
    events: Callable[[str], EventTable]
    _curves: dict[str, Curve] = field(default_factory=dict, init=False)

    @cached_property
    def longest(self) -> int:
        """The last day that anybody was followed to."""
        return int(max(self._curve(_EVERYONE).follow_up_days.values()))

    def answer(self, outcome: str, by: str, day: int) -> Section:
        """The sentences, the chart and the table of a choice."""
        made = Section(tuple(self._blocks(outcome, by, day)), is_internal=True)
        return in_words(made, self.words)

    def _blocks(self, outcome: str, by: str, day: int) -> Iterator[Block]:
        words = self.words
        try:
            curve = self._curve(by)
        except CannotBeComputed as error:
            yield Paragraph(not_computed_sentence(error, words))
            return
        dimension, done = by or "group", outcome_was(words, outcome)
        rows = [share_row(curve, day, cause=outcome, group=group) for group in curve.groups]
        for row in rows:
            title = words.labels.level(dimension, row.group) if row.group else ""
            told = share_at_sentence(internal(row), words, day=day, outcome=done, title=title)
            yield Paragraph(told)
        caption = words.texts.format("show.explore.caption", outcome=done)
        yield curve_figure(
            internal(curve),
            words,
            figure_id="explored",
            caption=caption,
            dimension=dimension,
            causes=[outcome],
        )
        yield estimates_table(
            internal(tuple(rows)),
            words,
            table_id="explored-table",
            caption=words.texts.format(
                "show.explore.table", outcome=done, day=words.numbers.days(day)
            ),
            dimension=dimension,
        )

    def _curve(self, by: str) -> Curve:
        if by not in self._curves:
            self._curves[by] = cumulative_incidence(self.events(by))
        return self._curves[by]


def controls(
    project: Project, words: Words, groups: tuple[str, ...], events: Callable[..., EventTable]
) -> Any:
    """The controls with their answer, or the first answer alone where there is no ipywidgets."""
    days = project.outcomes.horizons_days
    asked = Asked(
        words=words,
        outcomes=tuple(project.outcomes.causes),
        groups=groups,
        day=days[-1] if days else _A_YEAR,
        events=lambda by: events(by=by or None),
    )
    first = asked.answer(asked.outcomes[0], asked.groups[0] if asked.groups else "", asked.day)
    try:
        import ipywidgets
    except ImportError:
        told = Paragraph(asked.words.texts["show.explore.static"])
        return in_words(Section((*first.blocks, told), is_internal=True), asked.words)
    return _box(ipywidgets, asked, first)


def _box(widgets: Any, asked: Asked, first: Section) -> Any:
    words, texts = asked.words, asked.words.texts
    outcome = _choice(
        widgets,
        texts["show.explore.outcome"],
        [(words.labels.level("cause", one), one) for one in asked.outcomes],
        asked.outcomes[0],
    )
    group = _choice(
        widgets,
        texts["show.explore.group"],
        [
            (words.texts["label.everyone"], ""),
            *((words.labels.dimension(g), g) for g in asked.groups),
        ],
        asked.groups[0] if asked.groups else "",
    )
    day = widgets.IntSlider(
        value=asked.day,
        min=1,
        max=max(asked.longest, asked.day),
        description=texts["show.explore.day"],
        continuous_update=False,
        layout={"width": "32em"},
    )
    shown = widgets.HTML(value=section_html(first, words.language))

    def changed(_: object) -> None:
        answer = asked.answer(outcome.value, group.value, day.value)
        shown.value = section_html(answer, words.language)

    for control in (outcome, group, day):
        control.observe(changed, names="value")
    return widgets.VBox([widgets.HBox([outcome, group]), day, shown])


def _choice(widgets: Any, name: str, options: Sequence[tuple[str, str]], value: str) -> Any:
    return widgets.Dropdown(options=options, value=value, description=name)

"""Curves, counts over time, states, groups at a day, and what days in work come to."""

from __future__ import annotations

from dataclasses import replace

from evalkit.present.blocks import Cell, Paragraph, Table
from evalkit.present.charts import curve_figure
from evalkit.present.charts.after_leaving import stacked_states_figure
from evalkit.present.labels import Words
from evalkit.present.sentences.after_leaving import (
    days_sentence,
    share_on_day_sentences,
    sustained_sentence,
)
from evalkit.present.sentences.equity import decisive_sentences
from evalkit.present.sentences.society import break_even_sentence, society_sentences
from evalkit.present.show.registry import Blocks, shows
from evalkit.present.tables import estimates_table
from evalkit.present.tables.cells import count_cell, internal_notes
from evalkit.present.tables.society import society_table
from evalkit.results import (
    BoundedShare,
    BreakEven,
    Curve,
    DaysRange,
    EventTable,
    GroupsOverTime,
    Released,
    Society,
    StateCurves,
    SustainedWork,
)


@shows(Curve)
def curve(released: Released[Curve], words: Words) -> Blocks:
    """The share over time."""
    measure = released.result.measure
    caption = words.say("show.curve", measure=words.say(f"measure.{measure}"))
    if measure == "cumulative_incidence":
        caption = words.say("time.ways_out_lines.caption")
    yield curve_figure(released, words, figure_id="curve", caption=caption)


@shows(EventTable)
def events(released: Released[EventTable], words: Words) -> Blocks:
    """Persons by group, by exit, and still waiting; what draws them is said."""
    table = released.result
    yield Table(
        id="events",
        caption=words.say("show.events"),
        columns=(
            words.labels.dimension("group"),
            words.say("column.persons"),
            *(words.labels.level("cause", cause) for cause in table.causes),
            words.say("show.waiting"),
        ),
        rows=tuple(
            (
                Cell(words.labels.level("group", group)),
                count_cell(table.persons[g], words),
                *(count_cell(table.left[g, :, c].sum(), words) for c in range(len(table.causes))),
                count_cell(table.censored[g].sum(), words),
            )
            for g, group in enumerate(table.groups)
        ),
        notes=(words.say("show.events.next"), *internal_notes(released, words)),
    )


@shows(GroupsOverTime)
def groups(released: Released[GroupsOverTime], words: Words) -> Blocks:
    """The named figure in each group, and what decides."""
    found = released.result
    labelled = replace(
        found,
        groups=tuple(
            replace(row, group=words.labels.level("group", row.group)) for row in found.groups
        ),
    )
    named = released.part(labelled)
    yield Paragraph(" ".join(decisive_sentences(named, words)))
    caption = words.say(f"measure.{found.groups[0].measure}")
    rows = released.part(labelled.groups)
    yield estimates_table(rows, words, table_id="groups", caption=caption)


@shows(StateCurves)
def states(released: Released[StateCurves], words: Words) -> Blocks:
    """The states stacked over time."""
    caption = words.say("after_leaving.caption")
    yield stacked_states_figure(released, words, figure_id="states", caption=caption)


@shows(BoundedShare)
def share_on_day(released: Released[BoundedShare], words: Words) -> Blocks:
    """How many are known to be at work on a day, and the extremes."""
    yield Paragraph(" ".join(share_on_day_sentences(released, words)))


@shows(SustainedWork)
def sustained(released: Released[SustainedWork], words: Words) -> Blocks:
    """Work throughout."""
    yield Paragraph(sustained_sentence(released, words))


@shows(DaysRange)
def days(released: Released[DaysRange], words: Words) -> Blocks:
    """Days at work within a horizon, as a range."""
    yield Paragraph(days_sentence(released, words, horizon=released.result.horizon))


@shows(Society)
def society(released: Released[Society], words: Words) -> Blocks:
    """Kronor by actor."""
    yield society_table(released, words, table_id="society")
    yield from map(Paragraph, society_sentences(released, words))


@shows(BreakEven)
def break_even(released: Released[BreakEven], words: Words) -> Blocks:
    """The share of the days that must be additional."""
    yield Paragraph(break_even_sentence(released.result, words))

"""Kronor by actor at each share who would have worked anyway, and the prices behind."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.present.blocks import Cell, Table
from evalkit.present.labels import Words
from evalkit.present.sentences.society import actor_label
from evalkit.present.tables.cells import count_cell, internal_notes, number_cell
from evalkit.results import ActorLine, Released, Society

MILLION, THOUSAND = 1e6, 1e3


def society_table(
    released: Released[Society], words: Words, *, table_id: str, caption: str = "society.caption"
) -> Table:
    """One row per actor, society last; a column per share, none of them called the result.

    Where the project states a range of shares the last column holds all that it allows.
    """
    found = released.result
    by_actor = {
        actor: [next(line for line in row.lines if line.actor == actor) for row in found.rows]
        for actor in found.per_day
    }
    most = max(abs(line.net) for lines in by_actor.values() for line in lines)
    unit, scale = ("millions", MILLION) if most >= MILLION else ("thousands", THOUSAND)
    whole = {line.actor: line for line in found.range_lines if found.range_source}
    kind = "range" if found.is_range else "interval"
    notes = [words.say(f"society.note.{kind}"), words.say("society.cancels")]
    if found.is_made_up:
        notes.append(words.say("society.made_up"))
    return Table(
        id=table_id,
        caption=words.say(caption, unit=words.say(f"society.unit.{unit}"), year=str(found.year)),
        columns=(
            words.say("society.heading.actor"),
            words.say("society.heading.per_day"),
            words.say("society.heading.cost"),
            *(
                words.say(
                    "society.heading.anyway", share=words.numbers.percent_short(row.worked_anyway)
                )
                for row in found.rows
            ),
            *([words.say("society.heading.whole")] if whole else ()),
        ),
        rows=tuple(
            (
                Cell(actor_label(actor, words)),
                count_cell(found.per_day[actor], words),
                number_cell(found.costs[actor] / scale, "number", words, decimals=1),
                *(_line(line, words, scale, is_range=found.is_range) for line in lines),
                *([_line(whole[actor], words, scale, is_range=True)] if whole else ()),
            )
            for actor, lines in by_actor.items()
        ),
        notes=(*notes, *internal_notes(released, words)),
        source=found.range_source,
    )


def prices_table(
    released: Released[Society], words: Words, *, table_id: str, titles: Sequence[str] = ()
) -> Table:
    """Every flow with payer, receiver, kronor, year and source.

    Args:
        titles: Printed names of the flows; their ids when left out.
    """
    found = released.result
    names = titles or [flow.id for flow in found.flows]
    sources = {f"{flow.year}: {flow.source}" for flow in found.flows}
    has_one = len(sources) == 1  # said once, under the table
    notes = (words.say("society.made_up"),) if found.is_made_up else ()
    return Table(
        id=table_id,
        caption=words.say("society.prices.caption"),
        columns=tuple(
            words.say(f"society.prices.{name}")
            for name in ("what", "payer", "receiver", "kronor", "source")[: 4 if has_one else 5]
        ),
        rows=tuple(
            (
                Cell(name),
                Cell(actor_label(flow.payer, words)),
                Cell(actor_label(flow.receiver, words)),
                number_cell(flow.kronor_per_day, "sek", words),
                *(() if has_one else (Cell(f"{flow.year}: {flow.source}"),)),
            )
            for name, flow in zip(names, found.flows, strict=True)
        ),
        notes=notes,
        source=sources.pop() if has_one else "",
    )


def _line(line: ActorLine, words: Words, scale: float, *, is_range: bool) -> Cell:
    value = number_cell(line.net / scale, "number", words, decimals=1)
    if line.low == line.high:
        return value
    limits = words.numbers.interval(line.low / scale, line.high / scale, "number", decimals=1)
    if is_range:
        return Cell(limits)
    return Cell(f"{value.text} ({limits})", value.value, value.kind, value.decimals)

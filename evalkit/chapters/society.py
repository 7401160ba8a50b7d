"""Chapter: what the days in work come to in kronor, actor by actor."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evalkit.answers import society
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks, asks, say_box
from evalkit.present.blocks import Paragraph
from evalkit.present.sentences.society import (
    break_even_sentence,
    days_sentence,
    society_sentences,
)
from evalkit.present.tables.society import prices_table, society_table
from evalkit.results import DaysRange, FlowStep, Released, Society


@asks(society.calculation)
def calculation(report: Report) -> Blocks:
    """Of whom the days are, kronor by actor, and the share that must be additional."""
    if report.project.society is None:
        yield Paragraph(report.say("society.none"))
        return
    released = _in_language(report)
    found = released.result
    if not isinstance(found, Society):
        yield Paragraph(report.words.reason(found))
        return
    n = report.always("society.persons", FlowStep).result.count
    counted = report.result("society.days", DaysRange)
    followed = n if counted is None else counted.n
    yield Paragraph(days_sentence(found, report.words, n=n, followed=followed))
    yield society_table(released, report.words, table_id="society")
    has_comparison = report.project.comparison is not None
    yield from map(
        Paragraph, society_sentences(released, report.words, has_comparison=has_comparison)
    )
    yield from _beyond(report, released)


def _beyond(report: Report, released: Released[Any]) -> Blocks:
    """What the days assumed after the follow-up would add, apart from what was counted."""
    spec, later = report.project.society, released.result.beyond
    if later is None or spec is None or spec.beyond is None:
        return
    yield Paragraph(
        report.say(
            "society.beyond",
            days=report.words.numbers.days(spec.beyond.days),
            source=spec.beyond.source.in_language(report.language),
        )
    )
    yield society_table(
        replace(released, result=later),
        report.words,
        table_id="society-beyond",
        caption="society.beyond.caption",
    )


@asks(society.calculation)
def prices(report: Report) -> Blocks:
    """Every price with payer, receiver, year and source."""
    if report.project.society is None or report.result("society", Society) is None:
        return
    texts = report.words.texts
    found = _in_language(report)
    keys = [(f"label.flow.{flow.id}", flow.id) for flow in found.result.flows]
    titles = [report.say(key) if key in texts else name for key, name in keys]
    yield prices_table(found, report.words, table_id="society-prices", titles=titles)


@asks(society.calculation)
def conclusions(report: Report) -> Blocks:
    """What a calculation by actor can carry."""
    yield from say_box(
        report,
        can=_can_say(report),
        cannot=[report.say(f"society.cannot.{key}") for key in ("cause", "displaced", "later")],
    )


def _in_language(report: Report) -> Released[Any]:
    """The calculation with its sources in the language of the report."""
    released: Released[Any] = report.of("society", Society)
    found, spec = released.result, report.project.society
    if not isinstance(found, Society) or spec is None:
        return released
    sources = {price.id: price.source.in_language(report.language) for price in spec.prices}
    flows = tuple(replace(flow, source=sources[flow.id]) for flow in found.flows)
    stated = spec.worked_anyway
    source = found.range_source if stated is None else stated.source.in_language(report.language)
    return replace(released, result=replace(found, flows=flows, range_source=source))


def _can_say(report: Report) -> list[str]:
    found = report.result("society", Society)
    if found is None:
        return []
    return [
        break_even_sentence(row, report.words, is_range=found.is_range)
        for row in found.break_even
        if row.needed
    ]

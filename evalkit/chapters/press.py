"""*Så kan ni skriva*: three press sentences that hold, short, longer and long.

Made of released answers. Each says of how many, of whom and when, and none says what came of
what: `evalkit read` finds nothing in them that a reader may misunderstand.
"""

from __future__ import annotations

from collections.abc import Iterator

from evalkit.answers.counts import share_id
from evalkit.chapters.first_participants import is_partly_unknown
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Bullets, Heading, Paragraph
from evalkit.present.labels import count_behind
from evalkit.project import Series
from evalkit.results import AreaChange, AreaChanges, CountTable, Estimate, FlowStep

SENTENCES = 3
_FEW = 30  # what came of fewer moves with each of them
_PART = 2


def press(report: Report) -> Blocks:
    """The sentences under their heading; nothing where no answer carries one."""
    sentences = press_sentences(report)
    if sentences:
        yield Heading(_PART, report.say("press.title"))
        yield Paragraph(report.say("press.lead"))
        yield Bullets(sentences)


def press_sentences(report: Report) -> tuple[str, ...]:
    """Three sentences, the shortest first; fewer where the answers carry no more."""
    made = [*_of_persons(report), *_of_series(report)]
    begun = (one[:1].upper() + one[1:] for one in made[:SENTENCES])
    return tuple(sorted(begun, key=len))


def _of_persons(report: Report) -> Iterator[str]:
    everyone = report.result("persons", FlowStep)
    if everyone is None or not everyone.count:
        return
    numbers = report.words.numbers
    last = min(report.project.period.end, report.project.data_cut).year
    facts = {"n": numbers.count(everyone.count), "period": _period(report, last)}
    yield report.say("press.count", **facts)
    facts |= {"day": numbers.date(report.project.data_cut)}
    table = report.result("persons.exit_class", CountTable)
    exits = {} if table is None else table.known
    is_fair = everyone.count >= _FEW and not is_partly_unknown(report)
    if is_fair:
        yield from _shares(report, facts)
    if is_fair and {"employment", "ongoing"} <= exits.keys():
        facts |= {name: numbers.count(exits[name]) for name in ("employment", "ongoing")}
        facts |= {"left": report.words.labels.done(["any"])}
        key = "press.exits.ongoing" if exits["ongoing"] else "press.exits"
        yield report.say(key, **facts)
    elif exits.get("ongoing"):
        facts |= {"ongoing": numbers.count(exits["ongoing"])}
        yield report.say("press.ongoing", **facts)
    women = report.result("persons.sex", CountTable)
    if women is not None and everyone.count >= _FEW:
        found = women.known.get("woman")
        if found is not None:
            percent = numbers.percent(found / everyone.count, decimals=0)
            yield report.say("press.women", **facts, k=found, percent=percent)


def _shares(report: Report, facts: dict[str, str]) -> Iterator[str]:
    """The share to work; its interval makes the longer sentence."""
    numbers = report.words.numbers
    share = report.result(share_id(("employment",), "participants"), Estimate)
    if share is None:
        return
    told = {
        **facts,
        "period": _period(report, report.project.data_cut.year),
        "k": numbers.count(count_behind(share)),
        "percent": numbers.percent(share.value, decimals=0),
        "interval": numbers.interval(share.low, share.high, decimals=0),
    }
    yield report.say("press.share", **told)


def _period(report: Report, end: int) -> str:
    """``under 2018–2019``: from the start of the project; "till och med 2018" where some began
    before the project.
    """
    start = report.project.period.start.year
    found = report.result("findings", tuple) or ()
    if any(one.check == "entry_before_period" for one in found):
        return report.say("press.period.to", years=str(end))
    years = str(start) if start == end else f"{start}–{end}"
    return report.say("press.period", years=years)


def _of_series(report: Report) -> Iterator[str]:
    for series in report.project.series:
        changes = report.result(f"change.{series.id}", AreaChanges)
        if changes is not None and not series.is_synthetic and series.is_percentage:
            yield from _of_area(report, series, changes)


def _of_area(report: Report, series: Series, changes: AreaChanges) -> Iterator[str]:
    words = report.words
    title = series.title.in_language(report.language)
    facts = {
        "title": title,
        "area": changes.area.area,
        "reference": words.labels.inline("area", changes.reference.area),
        "first": words.numbers.period(changes.first),
        "last": words.numbers.period(changes.last),
        "more": words.numbers.points(abs(changes.against_reference) / 100),
    }
    for name, one in (("area", changes.area), ("reference", changes.reference)):
        facts |= _levels(name, one, report)
    for key in ("press.series.level", "press.series.levels", "press.series.further"):
        yield words.say(key, **facts)


def _levels(name: str, one: AreaChange, report: Report) -> dict[str, str]:
    percent = report.words.numbers.percent
    return {
        f"{name}_first": percent(one.first_value / 100),
        f"{name}_last": percent(one.last_value / 100),
    }

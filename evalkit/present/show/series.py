"""Series of areas and designs on them: the sentences, the chart and the tables."""

from __future__ import annotations

from evalkit.present.blocks import Paragraph
from evalkit.present.charts.intervals import two_leads_figure
from evalkit.present.charts.period_lines import Shown
from evalkit.present.charts.series import series_figure
from evalkit.present.charts.trends import (
    event_study_figure,
    placebo_figure,
    segmented_figure,
    synthetic_figure,
)
from evalkit.present.labels import Words
from evalkit.present.sentences.areas import areas_sentences, bad_year_sentences
from evalkit.present.sentences.trends import (
    changes_sentence,
    event_study_sentences,
    lead_sentences,
    segmented_sentences,
    synthetic_sentences,
    years_before_sentence,
)
from evalkit.present.show.registry import Blocks, shows
from evalkit.present.tables.trends import (
    changes_table,
    lead_table,
    placebo_table,
    segmented_table,
    weights_table,
)
from evalkit.results import (
    AreaChanges,
    AreasCompared,
    AreaSeries,
    EventStudy,
    LeadAfterBadYear,
    LeadChange,
    Released,
    SegmentedTrend,
    SyntheticControl,
    YearsBefore,
    natural_key,
)


def _paragraphs(sentences: tuple[str, ...]) -> Blocks:
    return (Paragraph(sentence) for sentence in sentences)


@shows(AreaSeries)
def series(released: Released[AreaSeries], words: Words) -> Blocks:
    """The values of every area, none of them drawn stronger than the others."""
    result = released.result
    yield series_figure(
        released,
        words,
        figure_id="series",
        caption=words.say("trend.display.series", unit=result.unit),
        unit=result.unit,
        comparison=sorted(set(result.observations["area"]), key=natural_key),
        source=result.source,
    )


@shows(AreaChanges)
def changes(released: Released[AreaChanges], words: Words) -> Blocks:
    """The changes of the area, its reference and the others."""
    result = released.result
    unit = words.say("trend.display.unit")
    yield Paragraph(changes_sentence(released, words, unit=unit))
    first, last = (words.numbers.period(period) for period in (result.first, result.last))
    caption = words.say("trend.table_caption", first=first, last=last, unit=unit)
    yield changes_table(released, words, table_id="changes", caption=caption)


@shows(SegmentedTrend)
def segmented(released: Released[SegmentedTrend], words: Words) -> Blocks:
    """The broken line."""
    result = released.result
    yield from _paragraphs(segmented_sentences(released, words))
    key = "difference" if result.reference else "alone"
    caption = words.say(
        f"trend.display.segmented.{key}", area=result.area, reference=result.reference
    )
    shown = Shown(figure_id="segmented", caption=caption, unit=words.say("trend.display.unit"))
    yield segmented_figure(released, words, shown)
    yield segmented_table(released, words, table_id="segmented-table", caption=caption, source="")


@shows(SyntheticControl)
def synthetic(released: Released[SyntheticControl], words: Words) -> Blocks:
    """The weighted areas, the placebos and the tables of both."""
    result = released.result
    unit = words.say("trend.display.unit")
    yield from _paragraphs(synthetic_sentences(released, words))
    for name, figure in (("caption", synthetic_figure), ("gaps", placebo_figure)):
        caption = words.say(f"trend.synthetic_control.{name}", area=result.area, title="")
        shown = Shown(figure_id=name, caption=caption.strip(), unit=unit)
        yield figure(released, words, shown)
    for name, table in (("weights", weights_table), ("placebos", placebo_table)):
        caption = words.say(f"trend.synthetic_control.{name}", area=result.area, title="")
        yield table(released, words, table_id=name, caption=caption.strip(), source="")


@shows(EventStudy)
def event_study(released: Released[EventStudy], words: Words) -> Blocks:
    """Differences period by period and what is known of the time before."""
    area = words.say("trend.display.area")
    yield from _paragraphs(event_study_sentences(released, words, area=area))
    caption = words.say("trend.event_study.caption", title="").strip()
    unit = words.say("trend.unit_difference", unit=words.say("trend.display.unit"))
    shown = Shown(figure_id="event-study", caption=caption, unit=unit)
    yield event_study_figure(released, words, shown)


@shows(LeadChange)
def lead(released: Released[LeadChange], words: Words) -> Blocks:
    """The lead over a reference in both periods."""
    name = words.say("trend.display.reference")
    yield from _paragraphs(lead_sentences(released, words, name=name))
    yield lead_table(
        released, words, name=name, table_id="lead", caption=words.say("measure.lead_change")
    )


@shows(AreasCompared)
def compared(released: Released[AreasCompared], words: Words) -> Blocks:
    """How much more the areas with a programme rose."""
    yield from _paragraphs(areas_sentences(released, words))


@shows(YearsBefore)
def before(released: Released[YearsBefore], words: Words) -> Blocks:
    """Whether the areas moved alike before the start."""
    yield Paragraph(years_before_sentence(released.result, words))


@shows(LeadAfterBadYear)
def bad_year(released: Released[LeadAfterBadYear], words: Words) -> Blocks:
    """An area's lead after a bad year, with and without regard to it."""
    yield from _paragraphs(bad_year_sentences(released, words))
    yield two_leads_figure(released, words, figure_id="leads")

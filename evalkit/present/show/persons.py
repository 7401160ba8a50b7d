"""Persons in groups: comparisons, follow-up, sites, equity; sentences, charts and tables."""

from __future__ import annotations

from evalkit.present.blocks import Paragraph
from evalkit.present.charts import forest_figure, funnel_figure
from evalkit.present.charts.comparison import (
    balance_figure,
    differences_by_method_figure,
    overlap_figure,
)
from evalkit.present.charts.intervals import bounds_figure
from evalkit.present.labels import Words
from evalkit.present.sentences import sites_sentences
from evalkit.present.sentences.casemix import adjusted_verdict_sentences
from evalkit.present.sentences.comparison import (
    balance_sentences,
    e_value_sentences,
    overlap_sentences,
)
from evalkit.present.sentences.equity import equity_sentences
from evalkit.present.sentences.follow_up import bounds_sentences, tipping_sentences
from evalkit.present.sentences.same_persons import same_persons_sentences
from evalkit.present.show.registry import Blocks, shows
from evalkit.present.tables import estimates_table
from evalkit.present.tables.casemix import adjusted_verdicts_table
from evalkit.present.tables.comparison import group_flow_table
from evalkit.results import (
    AdjustedComparison,
    AdjustedVerdict,
    Balance,
    CohortsCompared,
    EquityGaps,
    Estimate,
    EValue,
    FollowUpBounds,
    Funnel,
    GroupFlow,
    ModelledDifference,
    Overlap,
    Released,
    SiteComparison,
    TippingPoint,
    WeightedDifference,
)


@shows(AdjustedComparison)
def comparison(released: Released[AdjustedComparison], words: Words) -> Blocks:
    """Every method's difference."""
    caption = words.say("comparison.display")
    yield differences_by_method_figure(released, words, figure_id="differences", caption=caption)


@shows(EValue)
def e_value(released: Released[EValue], words: Words) -> Blocks:
    """What something unknown would have to be."""
    yield from map(Paragraph, e_value_sentences(released, words))


@shows(Balance)
def balance(released: Released[Balance], words: Words) -> Blocks:
    """How alike the groups are."""
    yield from map(Paragraph, balance_sentences(released, words))
    yield balance_figure(released, words, figure_id="balance")


@shows(Overlap)
def overlap(released: Released[Overlap], words: Words) -> Blocks:
    """How the groups overlap."""
    yield from map(Paragraph, overlap_sentences(released, words))
    yield overlap_figure(released, words, figure_id="overlap")


@shows(GroupFlow)
def flow(released: Released[GroupFlow], words: Words) -> Blocks:
    """Who is compared."""
    yield group_flow_table(released, words, table_id="flow")


@shows(WeightedDifference)
def weighted(released: Released[WeightedDifference], words: Words) -> Blocks:
    """A weighted difference, and how many persons its weights rest on."""
    result, numbers = released.result, words.numbers
    yield from _difference(released.part(result.difference), words)
    yield Paragraph(
        words.say(
            "comparison.display.weights",
            treated=result.effective_treated,
            control=result.effective_control,
            largest=numbers.number(result.largest_weight),
        )
    )


@shows(ModelledDifference)
def modelled(released: Released[ModelledDifference], words: Words) -> Blocks:
    """A difference that rests on outcome models."""
    yield from _difference(released.part(released.result.difference), words)


@shows(FollowUpBounds)
def bounds(released: Released[FollowUpBounds], words: Words) -> Blocks:
    """How many were followed up, and the extremes."""
    did = words.say("follow_up.did.any")
    yield from map(Paragraph, bounds_sentences(released, words, did=did))
    if released.result.missing:
        caption = words.say("measure.share")
        yield bounds_figure(released, words, figure_id="follow-up", caption=caption)


@shows(TippingPoint)
def tipping(released: Released[TippingPoint], words: Words) -> Blocks:
    """The verdict, and how many of the missing would turn it."""
    if not released.result.missing:
        yield Paragraph(words.say("follow_up.everybody", n=released.result.followed_up.n))
    did = words.say("follow_up.did.any")
    yield from map(Paragraph, tipping_sentences(released, words, did=did))


@shows(AdjustedVerdict)
def adjusted(released: Released[AdjustedVerdict], words: Words) -> Blocks:
    """What was to be expected, what came of it, and the verdict."""
    yield from map(Paragraph, adjusted_verdict_sentences(released, words))
    yield adjusted_verdicts_table(
        [(words.say("label.everyone"), released)],
        words,
        table_id="casemix",
        caption=words.say("casemix.caption_one"),
    )


@shows(SiteComparison)
def sites(released: Released[SiteComparison], words: Words) -> Blocks:
    """The mean, whether chance covers the differences, and each site."""
    result = released.result
    labels = [words.labels.level(result.dimension, row.group) for row in result.sites]
    outcome = words.say("sites.the_outcome")
    yield from map(Paragraph, sites_sentences(released, words, labels=labels, outcome=outcome))
    caption = words.say("column.share")
    yield forest_figure(released, words, figure_id="forest", caption=caption, labels=labels)
    yield from funnel(released.part(result.funnel), words, dimension=result.dimension)


@shows(Funnel)
def funnel(released: Released[Funnel], words: Words, *, dimension: str = "site") -> Blocks:
    """Sites by size against the limits of chance."""
    labels = [words.labels.level(dimension, point.row.group) for point in released.result.points]
    yield funnel_figure(
        released,
        words,
        figure_id="funnel",
        caption=words.say("measure.funnel"),
        labels=labels,
        dimension=dimension,
    )


@shows(EquityGaps)
def equity(released: Released[EquityGaps], words: Words) -> Blocks:
    """Women less men, place by place."""
    yield Paragraph(" ".join(equity_sentences(released, words)))
    gaps = released.part(released.result.gaps)
    caption = words.say(f"measure.{released.result.gaps[0].measure}")
    yield estimates_table(gaps, words, table_id="gaps", caption=caption)


@shows(CohortsCompared)
def cohorts(released: Released[CohortsCompared], words: Words) -> Blocks:
    """Shares before and after, and the change with its interval."""
    yield from map(Paragraph, same_persons_sentences(released, words))
    found = released.result
    yield estimates_table(
        released.part((found.before, found.after)),
        words,
        table_id="before-after",
        caption=words.say("measure.share"),
        row_labels=[words.say("column.before"), words.say("column.after")],
    )


def _difference(released: Released[Estimate], words: Words) -> Blocks:
    yield estimates_table(
        released.part((released.result,)),
        words,
        table_id="difference",
        caption=words.say(f"measure.{released.result.measure}"),
    )

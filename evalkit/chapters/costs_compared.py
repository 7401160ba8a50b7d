"""Cost per additional outcome by a comparison group: budget over the difference it shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from evalkit.chapters.report import Report
from evalkit.present.blocks import Paragraph
from evalkit.present.sentences import missing_sentence, not_computed_sentence, outcome_is
from evalkit.present.sentences.comparison import LEVEL_OF
from evalkit.project import Comparison
from evalkit.results import CannotBeComputed, Estimate, EstimateRow, FlowStep


@dataclass(frozen=True, slots=True)
class BesideComparison:
    """What a comparison group tells of costs; all of it from released figures.

    Attributes:
        n: How many all participants are, who bear the budget.
        share: The participants' share with the outcome, from protected counts.
        difference: Theirs less that of those they are compared with.
        counterfactual: The share they would have had as those they are compared with.
        cost: Per additional outcome; `NotEstimable` where there is none.
        is_synthetic: Whether the comparison group is made up.
    """

    n: int
    share: Estimate
    difference: Estimate
    counterfactual: Estimate
    cost: EstimateRow
    is_synthetic: bool


def beside_comparison(report: Report) -> BesideComparison | Paragraph | None:
    """The costs by the comparison group, or why there are none; ``None`` without a group.

    Built on the released difference alone: a cost discloses the difference it was made from.
    """
    spec = report.project.comparison
    if spec is None:
        return None
    if LEVEL_OF[spec.came_about] == "self_selected":
        return Paragraph(report.say("costs.compared.chosen"))
    if spec.estimand != "treated":
        return Paragraph(report.say("costs.compared.target"))
    try:
        found = report.of("costs.compared", tuple).result
    except CannotBeComputed as error:
        return Paragraph(not_computed_sentence(error, report.words))
    if not isinstance(found, tuple):
        return Paragraph(missing_sentence(report.missing("costs.compared"), report.words))
    share, difference, counterfactual, cost = found
    persons = report.result("persons", FlowStep)
    return BesideComparison(
        n=persons.count if persons is not None else share.n,
        share=share,
        difference=difference,
        counterfactual=counterfactual,
        cost=cost,
        is_synthetic=spec.is_synthetic,
    )


def compared_sentences(report: Report, beside: BesideComparison) -> Iterator[str]:
    """The difference, what an additional outcome cost by it, and what that takes for granted."""
    numbers, difference = report.words.numbers, beside.difference
    wording = comparison_wording(report)
    if beside.is_synthetic:
        yield report.say("comparison.synthetic")
    yield report.say(
        "costs.compared.shares",
        share=report.words.value(beside.share),
        counterfactual=report.words.value(beside.counterfactual),
        value=numbers.points(difference.value),
        interval=report.words.interval(difference),
        **wording,
    )
    yield from _cost_sentences(report, beside)
    yield report.say("costs.compared.spread", n=beside.n, compared=beside.share.n)
    yield report.say(f"comparison.level.{LEVEL_OF[_specification(report).came_about]}")


def can_say_compared(report: Report, beside: BesideComparison) -> Iterator[str]:
    """The cost by the comparison group, for the box that ends the chapter."""
    if isinstance(beside.cost, Estimate):
        yield report.say("costs.can.compared", beside.cost, **comparison_wording(report))


def comparison_wording(report: Report) -> dict[str, str]:
    """What those with the outcome of the comparison are, and when."""
    outcome = _specification(report).outcome
    return {
        "outcome": outcome_is(report.words, *outcome.statuses),
        "day": report.words.numbers.days(outcome.day),
    }


def _specification(report: Report) -> Comparison:
    assert report.project.comparison is not None  # there is something to say of it
    return report.project.comparison


def _cost_sentences(report: Report, beside: BesideComparison) -> Iterator[str]:
    cost = beside.cost
    if not isinstance(cost, Estimate):
        yield report.say("costs.compared.none")
        return
    yield report.say(
        "costs.compared.cost",
        cost,
        counterfactual=report.words.value(beside.counterfactual),
        **comparison_wording(report),
    )
    if math.isinf(cost.high):
        yield report.say("costs.compared.unlimited")

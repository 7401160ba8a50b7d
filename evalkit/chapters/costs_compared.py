"""Cost per additional outcome by a comparison group: budget over the difference it shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from evalkit.answers.comparison import comparison_figures
from evalkit.answers.comparison_persons import specification
from evalkit.answers.study import Study
from evalkit.present.blocks import Paragraph
from evalkit.present.sentences import (
    interval_text,
    missing_sentence,
    not_computed_sentence,
    outcome_is,
)
from evalkit.present.sentences.comparison import LEVEL_OF
from evalkit.present.sentences.parts import value_text
from evalkit.results import (
    AdjustedComparison,
    CannotBeComputed,
    Estimate,
    EstimateRow,
    NotEstimable,
)
from evalkit.statistics.costs import cost_per_additional_outcome_compared, counterfactual_share


@dataclass(frozen=True, slots=True)
class BesideComparison:
    """What a comparison group tells of costs; all of it from released figures.

    Attributes:
        budget: That of all participants; ``n``: how many they are.
        share: The participants' share with the outcome, from protected counts.
        difference: Theirs less that of those they are compared with.
        counterfactual: The share they would have had as those they are compared with.
        cost: Per additional outcome; `NotEstimable` where there is none.
        is_synthetic: Whether the comparison group is made up.
    """

    budget: float
    n: int
    share: Estimate
    difference: Estimate
    counterfactual: Estimate
    cost: EstimateRow
    is_synthetic: bool


def beside_comparison(study: Study, budget: float) -> BesideComparison | Paragraph | None:
    """The costs by the comparison group, or why there are none; ``None`` without a group.

    Built on the released difference alone: a cost tells the difference it was made from.
    """
    if study.project.comparison is None:
        return None
    spec = specification(study)
    if LEVEL_OF[spec.came_about] == "self_selected":
        return Paragraph(study.words.texts["costs.compared.chosen"])
    if spec.estimand != "treated":
        return Paragraph(study.words.texts["costs.compared.target"])
    try:
        released = study.through_door(comparison_figures(study).differences)
    except CannotBeComputed as error:
        return Paragraph(not_computed_sentence(error, study.words))
    made = released.result
    if not isinstance(made, AdjustedComparison):
        return Paragraph(missing_sentence(released, study.words))
    difference = made.main_difference
    if not isinstance(difference, Estimate):
        return Paragraph(missing_sentence(study.through_door(difference), study.words))
    return BesideComparison(
        budget=budget,
        n=len(study.persons),
        share=made.shares[0],
        difference=difference,
        counterfactual=counterfactual_share(share=made.shares[0], difference=difference),
        cost=_cost(budget, len(study.persons), difference),
        is_synthetic=spec.is_synthetic,
    )


def compared_sentences(study: Study, beside: BesideComparison) -> Iterator[str]:
    """The difference, what an additional outcome cost by it, and what that takes for granted."""
    texts, numbers, difference = study.words.texts, study.words.numbers, beside.difference
    wording = comparison_wording(study)
    if beside.is_synthetic:
        yield texts["comparison.synthetic"]
    yield texts.format(
        "costs.compared.shares",
        share=value_text(beside.share, study.words),
        counterfactual=value_text(beside.counterfactual, study.words),
        value=numbers.points(difference.value),
        interval=interval_text(difference, study.words),
        **wording,
    )
    yield from _cost_sentences(study, beside)
    yield texts.format(
        "costs.compared.spread",
        n=numbers.count(beside.n),
        compared=numbers.count(beside.share.n),
    )
    yield texts[f"comparison.level.{LEVEL_OF[specification(study).came_about]}"]


def can_say_compared(study: Study, beside: BesideComparison) -> Iterator[str]:
    """The cost by the comparison group, for the box that ends the chapter."""
    if isinstance(beside.cost, Estimate):
        yield study.words.texts.format(
            "costs.can.compared",
            value=value_text(beside.cost, study.words),
            interval=interval_text(beside.cost, study.words),
            **comparison_wording(study),
        )


def comparison_wording(study: Study) -> dict[str, str]:
    """What those with the outcome of the comparison are, and when."""
    outcome = specification(study).outcome
    return {
        "outcome": outcome_is(study.words, *outcome.statuses),
        "day": study.words.numbers.days(outcome.day),
    }


def _cost_sentences(study: Study, beside: BesideComparison) -> Iterator[str]:
    texts, cost = study.words.texts, beside.cost
    if not isinstance(cost, Estimate):
        yield texts["costs.compared.none"]
        return
    yield texts.format(
        "costs.compared.cost",
        value=value_text(cost, study.words),
        interval=interval_text(cost, study.words),
        **comparison_wording(study),
    )
    if math.isinf(cost.high):
        yield texts["costs.compared.unlimited"]


def _cost(budget: float, n: int, difference: Estimate) -> EstimateRow:
    try:
        return cost_per_additional_outcome_compared(budget=budget, n=n, difference=difference)
    except CannotBeComputed as error:
        return NotEstimable(measure="cost_per_additional_outcome", reason=error.reason, n=n)

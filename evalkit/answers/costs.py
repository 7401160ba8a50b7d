"""What a participant, an outcome and an additional outcome cost.

A cost discloses the number it was divided by: every cost is derived from released shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from evalkit.answers.asking import judged
from evalkit.answers.counts import persons_answer, share_answer, share_id
from evalkit.answers.study import Study
from evalkit.results import (
    AdjustedComparison,
    Ask,
    CannotBeComputed,
    Derived,
    Estimate,
    EstimateRow,
    Members,
    NotComputed,
    NotEstimable,
    PublicAnswer,
    Withheld,
)
from evalkit.results.answers import OUTSIDE
from evalkit.statistics.costs import (
    cost_if_found_anyway,
    cost_per_additional_outcome,
    cost_per_additional_outcome_compared,
    cost_per_outcome,
    cost_per_participant,
    counterfactual_share,
)
from evalkit.statistics.means import mean_amount

STEP = 0.01
FOUND_ANYWAY = (0.0, 0.3, 0.5)


def per_outcome(study: Study) -> Iterator[Ask]:
    """Gross cost per participant and per positive exit."""
    yield from _registered(study)
    budget, positive = study.project.budget, study.project.outcomes.positive
    if budget is None:
        return
    yield share_answer(study, positive, "participants")
    yield Derived(
        id="costs.unit",
        of=(share_id(positive, "participants"),),
        compute=partial(_unit_costs, budget=budget.amount),
    )


def per_additional_outcome(study: Study) -> Iterator[Ask]:
    """Cost per outcome beyond those that would have come anyway, over a range of shares."""
    budget, positive = study.project.budget, study.project.outcomes.positive
    if budget is None:
        return
    yield share_answer(study, positive, "participants")
    yield Derived(
        id="costs.range",
        of=(share_id(positive, "participants"),),
        compute=partial(_range, budget=budget.amount),
    )
    yield Derived(
        id="costs.anyway",
        of=(share_id(positive, "participants"),),
        compute=partial(_anyway, budget=budget.amount),
    )
    if study.project.comparison is None:
        return
    # Loaded on use, for cost: few projects have a comparison group.
    from evalkit.answers.comparison_group import differences

    yield persons_answer(study)
    try:
        yield from differences(study)
    except CannotBeComputed as error:
        reason = NotComputed(reason=error.reason, facts=error.facts)
        yield PublicAnswer(id="costs.compared", result=reason)
        return
    n, compared = len(study.persons), ("comparison.differences",)
    beside = partial(_beside, budget=budget.amount, n=n)
    yield Derived(id="costs.compared", of=compared, compute=beside)
    yield Derived(
        id="costs.range.compared",
        of=compared,
        compute=partial(_range_compared, budget=budget.amount, n=n),
    )


def conclusions(study: Study) -> Iterator[Ask]:
    """What costs can carry."""
    yield from per_outcome(study)
    yield from per_additional_outcome(study)


def assumed_shares(count: int) -> list[float]:
    """The counterfactual shares of the range: whole per cent from none upwards."""
    return [round(i * STEP, 2) for i in range(count)]


def _registered(study: Study) -> Iterator[Ask]:
    """The mean of the costs that the register holds per person, where it holds any."""
    if "cost" not in study.persons or study.persons["cost"].dropna().empty:
        return
    cost = study.persons["cost"]
    members = Members(
        cells=np.where(cost.notna(), 0, OUTSIDE),
        keys=((),),
        amounts=cost.fillna(0).to_numpy(dtype=float),
    )
    amounts = cost.dropna()
    mean = partial(mean_amount, amounts, without=len(cost) - len(amounts))
    yield judged("costs.registered", (members,), mean, measure="mean_amount")


def _unit_costs(share: EstimateRow, *, budget: float) -> tuple[EstimateRow, EstimateRow]:
    """What a participant and an outcome cost, as far as it may be shown."""
    if not isinstance(share, Estimate):
        gone = Withheld(measure="cost_per_outcome", reason="protected")
        return gone, gone
    participant = cost_per_participant(budget=budget, n=share.n)
    outcome = cost_per_outcome(budget=budget, events=share.cells[0], n=share.n)
    return participant, outcome


def _range(share: EstimateRow, *, budget: float) -> tuple[EstimateRow, ...]:
    if not isinstance(share, Estimate) or not share.cells[0]:
        return ()
    return tuple(
        cost_per_additional_outcome(
            budget=budget, events=share.cells[0], n=share.n, counterfactual=assumed
        )
        for assumed in assumed_shares(math.ceil(round(share.value / STEP, 9)))
    )


def _anyway(share: EstimateRow, *, budget: float) -> tuple[EstimateRow, ...] | Withheld:
    """At 0, 30 and 50 % of those who got there who had done so anyway."""
    if not isinstance(share, Estimate) or not share.cells[0]:
        return Withheld(measure="cost_per_additional_outcome", reason="protected")
    return cost_if_found_anyway(
        budget=budget, events=share.cells[0], n=share.n, shares=FOUND_ANYWAY
    )


def _difference(made: Any) -> tuple[Estimate, Estimate] | NotEstimable | Withheld:
    """The participants' share and the main difference, or why there is none."""
    if not isinstance(made, AdjustedComparison):
        gone: NotEstimable | Withheld = made
        return gone
    difference = made.main_difference
    return (made.shares[0], difference) if isinstance(difference, Estimate) else difference


def _beside(
    made: Any, *, budget: float, n: int
) -> tuple[Estimate, Estimate, Estimate, EstimateRow] | NotEstimable | Withheld:
    """The share, the difference, the share they would have had, and what one more cost."""
    found = _difference(made)
    if not isinstance(found, tuple):
        return found
    share, difference = found
    counterfactual = counterfactual_share(share=share, difference=difference)
    return share, difference, counterfactual, _cost(budget, n, difference)


def _cost(budget: float, n: int, difference: Estimate) -> EstimateRow:
    try:
        return cost_per_additional_outcome_compared(budget=budget, n=n, difference=difference)
    except CannotBeComputed as error:
        return NotEstimable(measure="cost_per_additional_outcome", reason=error.reason, n=n)


def _range_compared(made: Any, *, budget: float, n: int) -> tuple[EstimateRow, ...]:
    """Those compared bear their part of the budget, so that a participant costs the same."""
    found = _difference(made)
    if not isinstance(found, tuple):
        return ()
    return _range(found[0], budget=budget * found[0].n / n)

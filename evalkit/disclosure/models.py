"""Regressions made safe: enough persons behind the model and behind each coefficient."""

from __future__ import annotations

from dataclasses import replace

from evalkit.disclosure.rule import Rule
from evalkit.results import Coefficient, NotEstimable, Regression, Withheld


def release_regression(result: Regression, rule: Rule) -> tuple[Regression | Withheld, int]:
    """The regression with coefficients that too few persons carry withheld.

    A saturated model is a table of means in disguise: with fewer residual degrees of
    freedom than the rule asks for, or too few events or persons without one, nothing of
    it is released. A coefficient needs the threshold of persons in each of its cells that
    is not empty, the events among them included.

    Returns the regression and the number of figures withheld.
    """
    too_free = result.residual_degrees_of_freedom < rule.smallest_residual_degrees_of_freedom
    if too_free or _any_small(result.cells, rule):
        reason = "too_few_for_model" if too_free else "small_count"
        return Withheld(measure=result.model, reason=reason), 1
    coefficients = tuple(_released(coefficient, rule) for coefficient in result.coefficients)
    hidden = sum(isinstance(coefficient, Withheld) for coefficient in coefficients)
    tests = tuple(test for test in result.tests if not _any_small(test.cells, rule))
    return replace(result, coefficients=coefficients, tests=tests), hidden


def _released(
    coefficient: Coefficient | NotEstimable | Withheld, rule: Rule
) -> Coefficient | NotEstimable | Withheld:
    if isinstance(coefficient, Coefficient) and _any_small(coefficient.cells, rule):
        return Withheld(measure=coefficient.name, reason="small_count")
    if isinstance(coefficient, NotEstimable) and 0 < coefficient.n < rule.threshold:
        return Withheld(measure=coefficient.measure, reason="small_count")
    return coefficient


def _any_small(cells: tuple[int, ...], rule: Rule) -> bool:
    return any(0 < count < rule.threshold for count in cells)

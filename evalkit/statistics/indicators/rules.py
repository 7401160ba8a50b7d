"""Whether a rule holds for each record."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evalkit.statistics.indicators.definitions import AllOf, AnyOf, Condition, Rule


def holds(rule: Rule, records: pd.DataFrame) -> np.ndarray:
    """A boolean per record. What is missing or refused fulfils no level and no limit.

    A variable that the records do not have at all counts as missing for everyone;
    `is_collected` tells the two apart.

    >>> records = pd.DataFrame({"age": [17.0, 29.0, 30.0, float("nan")]})
    >>> holds(Condition(variable="age", at_least=18, below=30), records).tolist()
    [False, True, False, False]
    """
    if isinstance(rule, Condition):
        return _condition(rule, records)
    parts = rule.all_of if isinstance(rule, AllOf) else rule.any_of
    masks = [holds(part, records) for part in parts]
    result = np.full(len(records), isinstance(rule, AllOf))
    for mask in masks:
        result = result & mask if isinstance(rule, AllOf) else result | mask
    return result


def is_collected(rule: Rule, records: pd.DataFrame) -> bool:
    """Whether the records have the variables without which the rule can hold for nobody."""
    if isinstance(rule, Condition):
        return rule.variable in records.columns
    if isinstance(rule, AnyOf):
        return any(is_collected(part, records) for part in rule.any_of)
    return all(is_collected(part, records) for part in rule.all_of)


def lacks(variables: tuple[str, ...], records: pd.DataFrame) -> tuple[str, ...]:
    """The variables that the records do not have."""
    return tuple(name for name in variables if name not in records.columns)


def _condition(rule: Condition, records: pd.DataFrame) -> np.ndarray:
    if rule.variable not in records.columns:
        return np.zeros(len(records), dtype=bool)
    values = records[rule.variable]
    if rule.levels:
        return values.isin(rule.levels).to_numpy(dtype=bool)
    if rule.not_in:
        return ~values.isin(rule.not_in).to_numpy(dtype=bool)
    numbers = values.to_numpy(dtype=float)
    # A comparison with a missing number is false, as it should be.
    inside: np.ndarray = np.isfinite(numbers)
    if rule.at_least is not None:
        inside &= numbers >= rule.at_least
    if rule.above is not None:
        inside &= numbers > rule.above
    if rule.below is not None:
        inside &= numbers < rule.below
    return inside

"""The definitions as they stand in ``definitions/``: code lists, measures and chains of steps.

A rule is data: a condition on one variable of a record, or conditions joined by ``all_of``
and ``any_of``. Its words travel with the code they belong to.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import Field, model_validator

from evalkit.options import check_option
from evalkit.project.base import Block, LocalText
from evalkit.project.vocabulary import CodeListName
from evalkit.yaml_text import read_yaml

Kind = Literal["output", "immediate_result", "longer_term_result", "entity"]
RESULTS: tuple[Kind, ...] = ("immediate_result", "longer_term_result")


class Condition(Block):
    """One variable of a record held against levels or limits."""

    variable: str
    levels: tuple[str, ...] = Field(default=(), alias="in")
    not_in: tuple[str, ...] = ()
    at_least: float | None = None
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Condition:
        limits = (self.at_least, self.above, self.below)
        asked = (bool(self.levels), bool(self.not_in), any(limit is not None for limit in limits))
        if sum(asked) != 1:
            raise ValueError(f"{self.variable}: give levels, excluded levels or limits")
        return self


class AllOf(Block):
    """Every part must hold; no part at all holds for everyone."""

    all_of: tuple[Rule, ...]


class AnyOf(Block):
    """At least one part must hold."""

    any_of: tuple[Rule, ...]


Rule = Condition | AllOf | AnyOf


class Indicator(Block):
    """One code of a code list.

    Attributes:
        block: Indicators of a block exclude each other: no record counts in two of them.
        within: Code that the indicator is a part of.
        at_risk: Who can have the result; empty for outputs and entities.
        is_sensitive: The code rests on special categories of personal data.
        counts_incomplete: Records that lack a required variable count too.
    """

    code: str
    kind: Kind
    label: LocalText
    block: str = ""
    within: str = ""
    rule: Rule | None = None
    at_risk: Rule | None = None
    is_sensitive: bool = False
    counts_incomplete: bool = False

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Indicator:
        needs_block, needs_risk = self.kind == "output", self.kind in RESULTS
        if (self.rule is None) != (self.kind == "entity"):
            raise ValueError(f"{self.code}: an indicator of persons needs a rule, others none")
        if bool(self.block) != needs_block or (self.at_risk is not None) != needs_risk:
            raise ValueError(f"{self.code}: outputs need a block, results those at risk")
        return self


class Check(Block):
    """A validation test: the left codes summed against the right ones."""

    id: str
    left: tuple[str, ...]
    relation: Literal["equals", "at_most"]
    right: tuple[str, ...]


class Windows(Block):
    immediate_days: int
    longer_term_months: int


class CodeList(Block):
    """The common indicators of a programme period and how records are counted in them.

    Attributes:
        variables: What is asked of everyone. ``required``: without one of these a record
            counts in the grand total only. ``refusable``: may be refused.
    """

    id: CodeListName
    source: LocalText
    label: LocalText
    variables: tuple[str, ...]
    required: tuple[str, ...]
    refusable: tuple[str, ...]
    windows: Windows
    vocabulary: dict[str, Rule] = Field(default={})
    indicators: tuple[Indicator, ...]
    checks: tuple[Check, ...]

    @model_validator(mode="after")
    def _names_only_its_own_codes(self) -> CodeList:
        codes = [indicator.code for indicator in self.indicators]
        named = [code for check in self.checks for code in (*check.left, *check.right)]
        named += [indicator.within for indicator in self.indicators if indicator.within]
        unknown = set(named) - set(codes) - {"complete"}
        if unknown or len(codes) != len(set(codes)):
            raise ValueError(f"{self.id}: codes unknown or twice: {', '.join(sorted(unknown))}")
        return self

    def of_kind(self, *kinds: Kind) -> tuple[Indicator, ...]:
        """The indicators of some kinds, in the order of the list."""
        return tuple(indicator for indicator in self.indicators if indicator.kind in kinds)

    def indicator(self, code: str) -> Indicator:
        """The indicator with a code."""
        return next(indicator for indicator in self.indicators if indicator.code == code)


class Measure(Block):
    """A share by another funder's definition, or one step on the way between two of them.

    Attributes:
        needs: Variables without which the measure cannot be told at all.
        prints: Kind of result whose number of observed persons the step is of: where the
            result table withholds it, the step must not show it.
    """

    id: str
    at_risk: Rule
    rule: Rule
    label: LocalText | None = None
    source: str = ""
    needs: tuple[str, ...] = ()
    prints: Kind | None = None


class Chain(Block):
    id: str
    steps: tuple[Measure, ...]


class OtherFunders(Block):
    measures: tuple[Measure, ...]
    chains: tuple[Chain, ...]

    def measure(self, measure_id: str) -> Measure:
        """The measure with an id."""
        return next(measure for measure in self.measures if measure.id == measure_id)


@cache
def code_list(name: CodeListName) -> CodeList:
    """The code list of a programme period.

    >>> code_list("esf_2014_2020").indicator("CO05").label.en
    'Employed, including self-employed'
    """
    check_option("name", name, CodeListName)
    return CodeList.model_validate(_read(name))


@cache
def other_funders() -> OtherFunders:
    """Kolada's and SUS's definitions, and the steps from one share to the other."""
    return OtherFunders.model_validate(_read("other_funders"))


def _read(name: str) -> Any:
    file = resources.files("evalkit.statistics.indicators") / "definitions" / f"{name}.yaml"
    return read_yaml(file.read_text(encoding="utf-8"))

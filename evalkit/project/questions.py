"""What is asked: comparisons, targets and published claims."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evalkit.project.base import Block, Identifier, LocalText, NameOrText, Period, Share
from evalkit.project.casemix import Casemix, MissingAssumption
from evalkit.project.problems import Broken
from evalkit.project.vocabulary import Warning_


class Counts(Block):
    k: Annotated[int, Field(ge=0)]
    n: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _k_within_n(self) -> Counts:
        if self.k > self.n:
            raise Broken("k_above_n")
        return self


class Percentage(Block):
    """A percentage as published, with the decimals it was published with.

    ``about``: published as "about", so that a tenth more or less counts as the same.
    ``decimals``: as many as the value is written with, where it is left out.
    """

    value: Annotated[float, Field(ge=0, le=100)]
    decimals: Annotated[int, Field(ge=0, le=3)] = 0
    n: Annotated[int, Field(gt=0)] | None = None
    largest_n: Annotated[int, Field(gt=0)] = 400
    about: bool = False

    @model_validator(mode="before")
    @classmethod
    def _decimals_as_written(cls, given: object) -> object:
        value = given.get("value") if isinstance(given, dict) else None
        if not isinstance(value, int | float) or not math.isfinite(value):
            return given
        assert isinstance(given, dict)
        written = max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))
        stated = given.get("decimals", written)
        if isinstance(stated, int) and written > stated:
            raise Broken("more_decimals")
        return {"decimals": written} | given


class Selection(Block):
    """Persons in the register by date of leaving (or entering) the programme."""

    by: Literal["entry", "exit"] = "exit"
    start: date
    end: date
    where: dict[Identifier, str] = {}


class Cohort(Block):
    """One side of a before/after comparison: exactly one of four sources.

    ``status_column``: the same persons on another day, by a column of their status then.
    """

    label: LocalText
    counts: Counts | None = None
    percentage: Percentage | None = None
    microdata: Selection | None = None
    status_column: Identifier | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Cohort:
        given = [self.counts, self.percentage, self.microdata, self.status_column]
        if sum(source is not None for source in given) != 1:
            raise Broken("one_cohort_source")
        return self


class BeforeAfterSpec(Block):
    """A before/after comparison of the share with an outcome.

    Attributes:
        outcome: Exit classes that count, or statuses when ``status_column`` is given.
        status_column: Canonical column with the status at follow-up (``status_90d``);
            the exit class decides when left out.
        reference: What happened elsewhere over the same time, with its source.
        who: Print who was in each cohort: asked for, since other figures may then have to be
            withheld.
    """

    id: Identifier
    title: LocalText
    before: Cohort
    after: Cohort
    who: bool = False
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    reference: LocalText | None = None
    warnings: tuple[Warning_, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _labels_of_same_persons(cls, given: object) -> object:
        """``before: {status_column: …}`` alone is enough: its label is when it was."""
        if not isinstance(given, dict):
            return given
        labels = {
            side: {"label": {"sv": sv, "en": en}}
            for side, sv, en in (("before", "Före", "Before"), ("after", "Efter", "After"))
            if isinstance(given.get(side), dict) and "status_column" in given[side]
        }
        return given | {side: label | given[side] for side, label in labels.items()}

    @model_validator(mode="after")
    def _same_persons_on_both_sides(self) -> BeforeAfterSpec:
        one, two = self.before.status_column, self.after.status_column
        if (one is None) != (two is None):
            raise Broken("both_status")
        if one is not None and one == two:
            raise Broken("same_status", column=str(one))
        if one is not None and self.status_column is not None:
            raise Broken("status_beside")
        return self

    @property
    def same_persons(self) -> bool:
        """Whether the same persons are asked of, before and after."""
        return self.before.status_column is not None


class Target(Block):
    """A goal for a share, and of whom the share is taken.

    ``denominator``: all participants, all who have left, or the leavers among ``where``.

    Attributes:
        casemix: How the target is judged with regard to who took part.
        missing: What is assumed of those whose status is unknown, beside the extremes.
    """

    id: Identifier
    title: LocalText
    goal: Share
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    denominator: Literal["participants", "exits"] = "participants"
    where: dict[Identifier, str] = {}
    period: Period | None = None
    source: NameOrText | None = None
    casemix: Casemix | None = None
    missing: MissingAssumption | None = None

    @model_validator(mode="after")
    def _others_to_compare_with(self) -> Target:
        chosen = self.casemix
        if chosen is None or chosen.is_published or chosen.by is not None:
            return self
        if not self.where and self.period is None:
            raise Broken("nobody_to_learn_from")
        return self

    @model_validator(mode="after")
    def _covariates_before_the_outcome(self) -> Target:
        if self.casemix is not None and self.status_column in self.casemix.columns:
            raise Broken("casemix_outcome", column=str(self.status_column))
        return self


class Sites(Block):
    """A share compared between sites: municipalities, tracks, offices.

    Attributes:
        by: Canonical column whose levels are the sites.
        outcome: Exit classes that count, or statuses when ``status_column`` is given.
        denominator: All participants, or all who have left.
        where: Canonical columns and the levels chosen.
    """

    id: Identifier
    title: LocalText
    by: Identifier = "municipality"
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    denominator: Literal["participants", "exits"] = "participants"
    where: dict[Identifier, str] = {}


class RegisterFigure(Block):
    """What the register itself says about a claim.

    Attributes:
        measure: The share with an outcome, the mean days of completed enrolments, or the part
            of all participants that is of one level (``composition``).
        outcome: Exit classes that count in a share.
        denominator: Of whom the share is taken.
        where: Canonical columns and the levels chosen.
    """

    measure: Literal["share", "mean_days", "composition"] = "share"
    outcome: tuple[str, ...] = ("employment", "studies")
    denominator: Literal["participants", "exits"] = "exits"
    where: dict[Identifier, str] = {}

    @model_validator(mode="after")
    def _one_level_of_a_composition(self) -> RegisterFigure:
        if self.measure == "composition" and len(self.where) != 1:
            raise Broken("one_composition")
        return self


class ClaimedCount(Block):
    """A number of persons as published.

    Attributes:
        value: How many.
        about: Published as "about": within a tenth counts as the same.
        where: Canonical columns and the level chosen; everyone when left out.
        expected: Said of the end of the project, which the register may not have reached.
        beyond_participants: Said of others than the participants, whom no register here holds.
    """

    value: Annotated[int, Field(gt=0)]
    about: bool = False
    where: dict[Identifier, str] = {}
    expected: bool = False
    beyond_participants: bool = False

    @model_validator(mode="after")
    def _at_most_one_column(self) -> ClaimedCount:
        if len(self.where) > 1:
            raise Broken("one_count")
        return self


class ClaimedDays(Block):
    """A mean length as published.

    Attributes:
        value: Days.
        says_short: The statement calls it short.
        beside: Whom it is short beside, as columns and levels; their mean is set beside it.
    """

    value: Annotated[float, Field(gt=0)]
    says_short: bool = False
    beside: dict[Identifier, str] = {}


class TestedBy(Block):
    """The part of the report that tests a claim; the claim takes its verdict.

    Attributes:
        target: Id of a target, which must be clearly met.
        before_after: Id of a comparison, one side of which the claim is about.
        side: Which side.
        rises: The statement says that the share rose.
        above: The share that the statement says was passed.
        series: Id of a series, whose area must have moved further than the reference.
        moves: Which way.
    """

    __test__ = False  # keeps pytest from collecting the block

    target: Identifier | None = None
    before_after: Identifier | None = None
    side: Literal["before", "after"] = "after"
    rises: bool = False
    above: Share | None = None
    series: Identifier | None = None
    moves: Literal["down", "up"] = "down"

    @model_validator(mode="after")
    def _one_test(self) -> TestedBy:
        if sum(one is not None for one in (self.target, self.before_after, self.series)) != 1:
            raise Broken("one_test")
        return self


class Claim(Block):
    """A published statement and what is missing in it.

    Attributes:
        quote: The statement as published, translated for the other language.
        percentage: The percentage stated, when the statement holds one.
        target: Goal the percentage was compared with.
        register_figure: The figure to set beside the claim, counted in the register.
        count: The number of persons stated, when it holds one.
        days: The mean length stated, when it holds one.
        tested_by: The part of the report that tests it.
        result_by: A column whose levels the result must not differ between for the statement to
            hold in full: of a statement on gender equality, ``sex``.
        needs: What would be needed to test what the report cannot test of it; with it, the
            statement holds in part at most.
        short: The statement in a few words, for the first page.
        warnings: Traps of DOMAIN §5 that the statement walks into.
    """

    id: Identifier
    quote: LocalText
    source: NameOrText
    percentage: Percentage | None = None
    target: Share | None = None
    register_figure: RegisterFigure | None = None
    count: ClaimedCount | None = None
    days: ClaimedDays | None = None
    tested_by: TestedBy | None = None
    result_by: Identifier | None = None
    needs: LocalText | None = None
    short: LocalText | None = None
    warnings: tuple[Warning_, ...] = ()

    @model_validator(mode="after")
    def _days_of_a_mean(self) -> Claim:
        figure = self.register_figure
        if self.days is not None and (figure is None or figure.measure != "mean_days"):
            raise Broken("days_of_mean")
        if figure is not None and figure.measure == "composition" and self.percentage is None:
            raise Broken("composition_percentage")
        return self

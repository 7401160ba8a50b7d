"""The rules of docs/en/claim-verdicts.md, each with numbers worked by hand."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pandas as pd
import pytest
from pydantic import ValidationError

from evalkit.answers.claim_verdicts import (
    cohort_rule,
    composition_rule,
    days_rule,
    series_rule,
    share_rule,
    target_rule,
)
from evalkit.project.questions import Claim, Percentage, TestedBy
from evalkit.results import AreaChanges, Between, CountTable, Estimate, TestResult, Withheld
from evalkit.results.series import AreaChange
from evalkit.statistics.follow_up.bounds import follow_up_bounds
from evalkit.statistics.shares.before_after import before_after_counts
from evalkit.statistics.shares.proportions import proportion
from evalkit.statistics.shares.targets import target_verdict

GONE = Withheld(measure="share", reason="small")


def claim(**keys: object) -> Claim:
    text = {"sv": "a", "en": "a"}
    return Claim.model_validate({"id": "a", "quote": text, "source": "a", **keys})


def women(k: int, n: int) -> CountTable:
    rows = [("woman", k, False, False), ("man", n - k, False, False), ("total", n, True, False)]
    return CountTable(
        counts=pd.DataFrame(rows, columns=["sex", "n", "is_margin", "is_withheld"]),
        dimensions=("sex",),
    )


def days(value: float, n: int) -> Estimate:
    return Estimate(measure="mean", value=value, low=value, high=value, unit="days", method="t",
                    confidence_level=0.95, n=n, cells=())  # fmt: skip


@pytest.mark.parametrize(
    ("events", "verdict", "rule"),
    [
        (163, "does_not_hold", "target_above_uncertain"),  # 61,0 % (55,1-66,7)
        (190, "holds", "target_clearly_above"),
        (100, "does_not_hold", "target_clearly_below"),
    ],
)
def test_a_target_is_met_only_if_the_interval_says_so(events, verdict, rule):
    found = target_rule(target_verdict(events=events, n=267, goal=0.6))
    assert (found.verdict, found.rule) == (verdict, rule)


@pytest.mark.parametrize(
    ("events", "followed", "verdict"),
    [
        # 140 of 196 is 71.4 % (64.7–77.3); of all 247 from 56.7 % if nobody else was.
        (140, 196, "cannot_be_tested"),
        # 190 of 240 is 79.2 %, of 247 at least 76.9 % (71.3–81.8).
        (190, 240, "holds"),
        # 110 of 196 is 56.1 %; with the other 51 all there 65.2 % (59.0–70.8), not clearly above.
        (110, 196, "does_not_hold"),
        # 120 of 196 is 61.2 %, uncertain; with the others 69.2 % (63.2–74.6).
        (120, 196, "cannot_be_tested"),
    ],
)
def test_a_target_that_the_unknown_could_turn_cannot_be_tested(events, followed, verdict):
    found = target_rule(
        target_verdict(events=events, n=followed, goal=0.6),
        follow_up_bounds(events=events, followed_up=followed, n=247),
    )
    assert found.verdict == verdict
    if verdict == "cannot_be_tested":
        assert (found.rule, found.facts["count_unknown"]) == ("target_unknown", 51)


def test_a_share_is_held_against_its_own_denominator_and_against_all():
    said = Percentage(value=83)
    left, everyone = proportion(events=93, n=112), proportion(events=93, n=130)
    assert share_rule(left, everyone, said).verdict == "holds_partly"
    assert share_rule(left, left, said).verdict == "holds"
    assert share_rule(everyone, everyone, said).verdict == "does_not_hold"
    assert share_rule(left, GONE, said).rule == "share_own_only"
    # "More than half": the register's share stands beside it, and nothing is judged.
    assert share_rule(left, everyone, None).rule == "nothing_said"
    assert share_rule(left, everyone, None).facts["count_with"] == 93


def test_outcomes_that_are_not_recorded_may_make_up_for_a_larger_share():
    """41 of 83 with up to a fifth unknown: 49 to 69 per cent."""
    own = proportion(41, 83)
    for value, rule in ((55, "share_unrecorded"), (72, "share_differs"), (40, "share_differs")):
        assert share_rule(own, own, Percentage(value=value), unknown=0.2).rule == rule
    assert share_rule(own, own, Percentage(value=55), unknown=0.2).verdict == "cannot_be_tested"
    assert share_rule(own, own, Percentage(value=55)).verdict == "does_not_hold"


def test_about_allows_a_tenth_more_or_less():
    row = proportion(events=33, n=100)
    assert share_rule(row, row, Percentage(value=35)).verdict == "does_not_hold"
    assert share_rule(row, row, Percentage(value=35, about=True)).verdict == "holds"


def test_who_took_part_is_a_count_and_the_result_may_differ():
    said = Percentage(value=53, n=267)
    assert composition_rule(women(141, 267), "woman", said).verdict == "holds"
    shares = tuple(
        proportion(events=k, n=100, group=group) for k, group in ((27, "woman"), (44, "man"))
    )
    for p, verdict in ((0.004, "holds_partly"), (0.4, "holds")):
        test = TestResult(name="gray", statistic=1, degrees_of_freedom=1, p_value=p, n=200,
                          cells=())  # fmt: skip
        found = composition_rule(women(141, 267), "woman", said, shares=shares, test=test)
        assert found.verdict == verdict
    assert composition_rule(women(160, 267), "woman", said).verdict == "does_not_hold"


def test_what_may_not_be_shown_cannot_be_tested():
    assert share_rule(GONE, GONE, Percentage(value=5)).verdict == "cannot_be_tested"
    assert target_rule(GONE).verdict == "cannot_be_tested"
    assert composition_rule(GONE, "woman", Percentage(value=5)).verdict == "cannot_be_tested"


def test_a_mean_is_short_only_beside_others():
    said = claim(
        days={"value": 286, "says_short": True, "beside": {"coordinator": "no"}},
        register_figure={"measure": "mean_days"},
    )
    mean, median = days(286, 112), days(307, 130)
    assert days_rule(said, mean, median, days(150, 115)).verdict == "does_not_hold"
    assert days_rule(said, mean, median, days(400, 115)).verdict == "holds_partly"
    assert days_rule(said, days(200, 112), None, None).rule == "days_differ"
    limits = Between(measure="median_days", low=180.0, high=365.0, unit="days", n=130)
    between = days_rule(said, mean, limits, None)
    assert (between.rule, between.facts["days_low"], between.facts["days_high"]) == (
        "days_of_leavers_between", 180.0, 365.0
    )  # fmt: skip
    assert days_rule(said, mean, replace(limits, high=inf), None).rule == "days_of_leavers"


def test_a_rise_is_sure_only_above_nought():
    tested = TestedBy(before_after="a", rises=True)
    said = Percentage(value=47.7, decimals=1)
    rose = before_after_counts(before=(42, 128), after=(62, 130))
    assert cohort_rule(rose, tested, said).verdict == "holds"
    few = before_after_counts(before=(5, 13), after=(62, 130))
    assert cohort_rule(few, tested, said).verdict == "holds_partly"
    above = TestedBy(before_after="a", above=0.5)
    assert cohort_rule(rose, above, None).verdict == "does_not_hold"


def test_an_area_moved_further_than_its_reference():
    changes = AreaChanges(
        first="2016", last="2018",
        area=AreaChange(area="a", first_value=9.0, last_value=8.0),
        reference=AreaChange(area="b", first_value=7.0, last_value=6.5), others=(),
    )  # fmt: skip
    assert series_rule(changes, TestedBy(series="a", moves="down")).verdict == "holds"
    assert series_rule(changes, TestedBy(series="a", moves="up")).verdict == "does_not_hold"


@pytest.mark.parametrize(
    "keys",
    [
        {"tested_by": {}},
        {"tested_by": {"target": "a", "series": "b"}},
        {"days": {"value": 3}},
        {"register_figure": {"measure": "composition", "where": {}}},
        {"count": {"value": 3, "where": {"a": "b", "c": "d"}}},
    ],
)
def test_keys_that_cannot_be_meant_are_refused(keys):
    with pytest.raises(ValidationError):
        claim(**keys)

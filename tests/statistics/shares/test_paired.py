"""The same persons twice: against R and the papers, and what must hold for all counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.results import CannotBeComputed
from evalkit.statistics.shares import mcnemar, paired, paired_ratios
from evalkit.statistics.shares.before_after import before_after_same_persons
from evalkit.statistics.shares.proportions import proportion
from tests.oracles_support import Case, case_id, cases
from tests.statistics.shares.oracle_rows import attempt, limits_of

METHODS: dict[str, Callable[..., Any]] = {
    "wald": paired.paired_wald,
    "wald_cc_newcombe": paired.paired_wald_widened,
    "wald_cc_fagerland": paired.paired_wald_corrected,
    "bonett_price": paired.bonett_price,
    "agresti_min": paired.agresti_min,
    "newcombe_method8_uncorrected_phi": paired.paired_newcombe_uncorrected,
    "newcombe_method10": paired.paired_newcombe,
    "tango_score": paired.tango,
}
TESTS: dict[str, tuple[Callable[..., Any], str]] = {
    "chisq": (mcnemar.mcnemar, "statistic"),
    "p": (mcnemar.mcnemar, "p_value"),
    "chisq_cc": (mcnemar.mcnemar_continuity_corrected, "statistic"),
    "p_cc": (mcnemar.mcnemar_continuity_corrected, "p_value"),
    "p_exact": (mcnemar.mcnemar_exact, "p_value"),
    "p_midp": (mcnemar.mcnemar_mid_p, "p_value"),
}
RATIOS: dict[str, dict[str, Callable[..., Any]]] = {
    "odds_ratio_conditional": {
        "wald": paired_ratios.paired_odds_wald,
        "exact": paired_ratios.paired_odds_exact,
        "wilson": paired_ratios.paired_odds_wilson,
    },
    "risk_ratio": {"wald": paired_ratios.paired_risk_ratio},
}
NAMES = ("both", "first_only", "second_only", "neither")
cell = st.integers(0, 60)
tables = st.tuples(cell, cell, cell, cell).filter(lambda cells: sum(cells) > 0)


def table(cells: tuple[int, ...]) -> dict[str, int]:
    return dict(zip(NAMES, cells, strict=True))


def part(made: Any, attribute: str) -> Any:
    return made if isinstance(made, CannotBeComputed) else getattr(made, attribute)


def compare_tests(case: Case, i: int, counts: dict[str, int]) -> None:
    for field in case.expected["rows"][i]["mcnemar"]:
        if field in TESTS:
            function, attribute = TESTS[field]
            made = attempt(function, **counts)
            case.assert_close(("rows", i, "mcnemar", field), part(made, attribute))
        else:
            case.without_counterpart(("rows", i, "mcnemar", field), "no test of that name")


def compare_ratios(case: Case, i: int, section: str, counts: dict[str, int]) -> None:
    level = {"confidence_level": case.confidence_level}
    methods = RATIOS[section]
    for field in case.expected["rows"][i][section]:
        end, _, method = field.partition("_")
        if field == "estimate":
            made = attempt(list(methods.values())[-1], **counts, **level)
            case.assert_close(("rows", i, section, field), part(made, "value"))
        elif method in methods:
            made = attempt(methods[method], **counts, **level)
            attribute = {"lower": "low", "upper": "high"}[end]
            case.assert_close(("rows", i, section, field), part(made, attribute))
        else:
            case.without_counterpart(("rows", i, section, field), "no function of that name")


@pytest.mark.parametrize("case", cases("prop_paired"), ids=case_id)
def test_paired_shares_agree_with_r(case: Case) -> None:
    for i, row in enumerate(case.expected["rows"]):
        counts = table((row["a"], row["b"], row["c"], row["d"]))
        made = before_after_same_persons(
            both=row["a"], before_only=row["b"], after_only=row["c"], neither=row["d"]
        )
        plain = {"n": made.before.n, "p1": made.before.value, "p2": made.after.value}
        plain |= {name: row[name] for name in "abcd"} | {"difference": -made.difference.value}
        for field in row:
            if field in plain:
                case.assert_close(("rows", i, field), plain[field])
            elif field in METHODS:
                estimate = METHODS[field](**counts, confidence_level=case.confidence_level)
                case.assert_close(("rows", i, field), limits_of(estimate))
            elif field == "mcnemar":
                compare_tests(case, i, counts)
            elif field in RATIOS:
                compare_ratios(case, i, field, counts)
            else:
                case.without_counterpart(("rows", i, field), "no function of that name")
    case.finish()


@pytest.mark.parametrize(
    ("method", "cells", "low", "high"),
    [
        ("newcombe_method8_uncorrected_phi", (20, 12, 2, 16), 0.0618, 0.3242),
        ("newcombe_method10", (20, 12, 2, 16), 0.0562, 0.3292),
        ("newcombe_method10", (1, 1, 7, 12), -0.507, -0.026),
        ("tango_score", (1, 1, 7, 12), -0.517, -0.026),
        ("wald", (1, 1, 7, 12), -0.520, -0.052),
        ("wald_cc_fagerland", (1, 1, 7, 12), -0.529, -0.042),
        ("bonett_price", (1, 1, 7, 12), -0.508, -0.013),
        ("tango_score", (53, 16, 8, 9), -0.020, 0.207),
    ],
)
def test_the_limits_printed_in_the_papers(
    method: str, cells: tuple[int, ...], low: float, high: float
) -> None:
    """Newcombe (1998c) for n = 50; Fagerland et al. (2014) n = 21; Agresti & Min (2005) n = 86."""
    made = METHODS[method](**table(cells))
    decimals = 4 if sum(cells) == 50 else 3
    assert (round(made.low, decimals), round(made.high, decimals)) == (low, high)


@given(st.sampled_from(sorted(METHODS)), tables, st.floats(0.5, 0.999))
def test_the_interval_holds_the_difference_and_stays_within_minus_1_and_1(
    method: str, cells: tuple[int, ...], level: float
) -> None:
    made = METHODS[method](**table(cells), confidence_level=level)
    assert -1 <= made.low <= made.value <= made.high <= 1
    assert made.cells == cells
    assert made.n == sum(cells)


@given(st.sampled_from(sorted(METHODS)), tables, st.floats(0.5, 0.999))
def test_swapping_the_occasions_turns_the_sign(
    method: str, cells: tuple[int, ...], level: float
) -> None:
    a, b, c, d = cells
    one = METHODS[method](**table(cells), confidence_level=level)
    other = METHODS[method](**table((a, c, b, d)), confidence_level=level)
    assert one.low == pytest.approx(-other.high, abs=1e-9)


@given(tables)
def test_tango_excludes_zero_exactly_when_mcnemar_rejects(cells: tuple[int, ...]) -> None:
    _, b, c, _ = cells
    if b == c:
        return
    p_value = mcnemar.mcnemar(**table(cells)).p_value
    made = paired.tango(**table(cells))
    if abs(p_value - 0.05) > 1e-9:
        assert (p_value < 0.05) == (made.low > 0 or made.high < 0)


def test_before_and_after_are_the_margins_and_the_difference_is_after_minus_before() -> None:
    made = before_after_same_persons(both=61, before_only=21, after_only=58, neither=110)
    assert made.before == proportion(events=82, n=250, group="before")
    assert made.after == proportion(events=119, n=250, group="after")
    assert made.difference.value == pytest.approx(37 / 250)
    assert made.difference.low > 0


def test_nobody_changing_has_no_chi_square_and_no_odds_ratio() -> None:
    still = table((10, 0, 0, 10))
    for function in (
        mcnemar.mcnemar,
        mcnemar.mcnemar_continuity_corrected,
        paired_ratios.paired_odds_exact,
        paired_ratios.paired_odds_wilson,
    ):
        with pytest.raises(CannotBeComputed, match="nobody_changed"):
            function(**still)
    with pytest.raises(CannotBeComputed, match="zero_cell"):
        paired_ratios.paired_odds_wald(**still)


@pytest.mark.parametrize("name", NAMES)
def test_an_impossible_count_is_named(name: str) -> None:
    for wrong in (-1, 0.5, float("nan")):
        with pytest.raises(ValueError, match=name):
            paired.paired_newcombe(**(table((1, 1, 1, 1)) | {name: wrong}))  # type: ignore[arg-type]


def test_no_pairs_at_all_cannot_be_computed() -> None:
    with pytest.raises(CannotBeComputed, match="no_persons"):
        paired.tango(**table((0, 0, 0, 0)))
    with pytest.raises(ValueError, match="confidence_level"):
        paired.tango(**table((1, 0, 0, 0)), confidence_level=0)

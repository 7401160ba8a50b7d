"""McNemar's tests of whether the same persons changed one way as often as the other.

Only those who changed speak; under the hypothesis each of them is a fair coin.
"""

from __future__ import annotations

from scipy import special, stats

from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.shares.paired import PairedCells, paired_cells


def _result(
    name: str, statistic: float, degrees_of_freedom: float, p_value: float, cells: PairedCells
) -> TestResult:
    return TestResult(
        name=name,
        statistic=statistic,
        degrees_of_freedom=degrees_of_freedom,
        p_value=min(1.0, p_value),
        n=sum(cells),
        cells=cells,
    )


def _chi_square(name: str, cells: PairedCells, correction: float) -> TestResult:
    b, c = cells[1], cells[2]
    if b + c == 0:
        raise CannotBeComputed("nobody_changed")
    statistic = max(abs(b - c) - correction, 0.0) ** 2 / (b + c)
    return _result(name, statistic, 1, float(special.chdtrc(1, statistic)), cells)


def mcnemar(*, both: int, first_only: int, second_only: int, neither: int) -> TestResult:
    """McNemar's (1947) χ² test, without continuity correction.

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.

    Raises:
        ValueError: If a count is negative or fractional.
        CannotBeComputed: ``no_persons`` when all counts are 0, ``nobody_changed`` when
            ``first_only`` and ``second_only`` both are.

    >>> test = mcnemar(both=1, first_only=1, second_only=7, neither=12)
    >>> test.statistic, round(test.p_value, 4)
    (4.5, 0.0339)
    """
    return _chi_square("mcnemar", paired_cells(both, first_only, second_only, neither), 0)


def mcnemar_continuity_corrected(
    *, both: int, first_only: int, second_only: int, neither: int
) -> TestResult:
    """McNemar's χ² test with Edwards' (1948) correction: |b − c| less one.

    Arguments and errors as in `mcnemar`; the corrected distance never passes zero.

    >>> test = mcnemar_continuity_corrected(both=1, first_only=1, second_only=7, neither=12)
    >>> test.statistic
    3.125
    """
    return _chi_square("mcnemar_cc", paired_cells(both, first_only, second_only, neither), 1)


def mcnemar_exact(*, both: int, first_only: int, second_only: int, neither: int) -> TestResult:
    """McNemar's exact test: a two-sided sign test among those who changed.

    Arguments and errors as in `mcnemar`, but nobody changing gives p = 1. The statistic is
    ``first_only``.

    >>> round(mcnemar_exact(both=1, first_only=1, second_only=7, neither=12).p_value, 4)
    0.0703
    """
    cells = paired_cells(both, first_only, second_only, neither)
    b, c = cells[1], cells[2]
    p_value = 2 * float(stats.binom.cdf(min(b, c), b + c, 0.5))
    return _result("mcnemar_exact", b, 0, p_value, cells)


def mcnemar_mid_p(*, both: int, first_only: int, second_only: int, neither: int) -> TestResult:
    """McNemar's mid-p test (Fagerland et al. 2013): the exact test less the observed point.

    Arguments, errors and edge cases as in `mcnemar_exact`.

    >>> round(mcnemar_mid_p(both=1, first_only=1, second_only=7, neither=12).p_value, 4)
    0.0391
    """
    cells = paired_cells(both, first_only, second_only, neither)
    b, c = cells[1], cells[2]
    fewer = min(b, c)
    p_value = 2 * stats.binom.cdf(fewer, b + c, 0.5) - stats.binom.pmf(fewer, b + c, 0.5)
    return _result("mcnemar_mid_p", b, 0, float(p_value), cells)

"""McNemar's test of whether the same persons changed one way as often as the other.

Only those who changed speak; under the hypothesis each of them is a fair coin. The χ² forms are
statsmodels'; the binomial ones are own, for its exact form has no mid-p and passes 1 before it
is cut when as many changed both ways.
"""

from __future__ import annotations

from typing import Literal

import scipy

from evalkit.options import check_option
from evalkit.results import CannotBeComputed, TestResult
from evalkit.statistics.shares.paired import paired_cells

PairedTest = Literal["mid_p", "exact", "chi_square", "chi_square_corrected"]
_NAMES = {
    "mid_p": "mcnemar_mid_p",
    "exact": "mcnemar_exact",
    "chi_square": "mcnemar",
    "chi_square_corrected": "mcnemar_cc",
}


def mcnemar(
    *, both: int, first_only: int, second_only: int, neither: int, method: PairedTest = "mid_p"
) -> TestResult:
    """McNemar's (1947) test of the same persons on two occasions.

    Args:
        both: Persons with the outcome on both occasions.
        first_only: Persons with the outcome on the first occasion only.
        second_only: Persons with the outcome on the second occasion only.
        neither: Persons with the outcome on neither.
        method: ``mid_p`` (Fagerland et al. 2013), ``exact``, ``chi_square`` or
            ``chi_square_corrected`` (Edwards 1948; |b − c| less one, never past zero).

    Raises:
        ValueError: If a count is negative or fractional, or there is no such method.
        CannotBeComputed: ``no_persons`` when all counts are 0, ``nobody_changed`` when
            ``first_only`` and ``second_only`` both are.

    >>> round(mcnemar(both=1, first_only=1, second_only=7, neither=12).p_value, 4)
    0.0391
    """
    check_option("method", method, PairedTest)
    cells = paired_cells(both, first_only, second_only, neither)
    a, b, c, d = cells
    if b + c == 0:
        raise CannotBeComputed("nobody_changed")
    fewer, statistic, degrees = min(b, c), float(b), 0
    p_value = 2 * float(scipy.stats.binom.cdf(fewer, b + c, 0.5))
    if method == "mid_p":
        p_value -= float(scipy.stats.binom.pmf(fewer, b + c, 0.5))
    elif method != "exact":
        from statsmodels.stats.contingency_tables import mcnemar as chi_square

        corrected = method == "chi_square_corrected" and b != c  # its |b − c| − 1 passes zero
        found = chi_square([[a, b], [c, d]], exact=False, correction=corrected)
        statistic, degrees, p_value = float(found.statistic), 1, float(found.pvalue)
    return TestResult(
        name=_NAMES[method],
        statistic=statistic,
        degrees_of_freedom=degrees,
        p_value=min(1.0, p_value),
        n=sum(cells),
        cells=cells,
    )

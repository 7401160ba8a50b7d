"""Charts from released results: SVG, alternative text and data table from the same rows."""

from evalkit.present.charts.counts import counts_figure
from evalkit.present.charts.curves import curve_figure
from evalkit.present.charts.funnel import funnel_figure
from evalkit.present.charts.intervals import (
    feasible_difference_figure,
    forest_figure,
    interval_figure,
    verdicts_figure,
)
from evalkit.present.charts.series import series_figure
from evalkit.present.charts.stacked import common_days, stacked_figure

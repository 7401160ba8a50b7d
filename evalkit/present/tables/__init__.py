"""Tables from released results: real numbers in the cells, the method in the notes."""

from evalkit.present.tables.claims import (
    before_after_table,
    feasible_difference_table,
    feasible_table,
    verdicts_table,
)
from evalkit.present.tables.counts import counts_table
from evalkit.present.tables.curves import curve_table, series_table
from evalkit.present.tables.estimates import differences_table, estimates_table
from evalkit.present.tables.registers import findings_table, flow_table
from evalkit.present.tables.who_took_part import who_table

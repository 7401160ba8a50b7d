from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.intake.codebook import built_in, codebook_for
from evalkit.intake.errors import IntakeError
from evalkit.intake.headers import find_header
from evalkit.project.registers import Register

ROW = ["1", "Kvinna", "2018-02-01", "2018-03-01", "utbildning"]


def _find(*rows: list[str]):
    return find_header(np.array(rows, dtype=object), built_in(), file="a.xlsx")


def test_a_header_below_title_rows_is_found() -> None:
    header = _find(
        ["Uttag 2020", "", "", "", ""],
        ["", "", "", "", ""],
        ["Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak"],
        ROW,
    )
    assert (header.first, header.last) == (2, 2)
    assert header.columns == {
        "person_id": 0,
        "sex": 1,
        "entry": 2,
        "exit": 3,
        "exit_reason": 4,
    }


def test_two_lines_are_read_together_where_neither_suffices() -> None:
    header = _find(
        ["", "Försörjning", "", "Start-", "Slut-"],
        ["Löpnr", "före", "efter", "datum", "datum"],
        ["1", "Lön", "A-kassa", "2018-02-01", "2018-03-01"],
    )
    assert (header.first, header.last) == (0, 1)
    assert set(header.columns) == {"person_id", "support_before", "support_after", "entry", "exit"}


def test_a_group_heading_above_does_not_disturb_whole_headers() -> None:
    header = _find(
        ["Deltagare", "", "Datum", "", ""],
        ["Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak"],
        ROW,
    )
    assert header.names["entry"] == "Startdatum"


def test_a_value_that_looks_like_a_header_does_not_move_the_header() -> None:
    header = _find(["Löpnr", "Kön", "Startdatum", "Slutdatum", "Avslutsorsak"], ROW, ROW)
    assert header.last == 0


def test_explanations_in_parentheses_and_line_breaks_do_not_hide_a_header() -> None:
    header = _find(
        ["Person-\nnummer", "KÖN:", "Start datum (ÅÅÅÅ-MM-DD)", "Slutdatum *", "Avslutsorsak"], ROW
    )
    assert len(header.columns) == 5


def test_the_better_of_two_headers_for_one_column_wins_and_the_other_is_told() -> None:
    header = _find(["Löpnr", "Personnummer", "Startdatum", "Slutdatum", "x"], ROW)
    assert header.columns["person_id"] == 1
    assert header.repeated == ("Löpnr",)
    assert header.unused == ("x",)


def test_a_projects_own_header_wins_over_the_codebook() -> None:
    register = Register(file="a.xlsx", columns={"Antagen": "entry"})  # type: ignore[arg-type]
    cells = np.array([["Startdatum", "Antagen"], ["2018-01-01", "2018-02-01"]], dtype=object)
    header = find_header(cells, codebook_for(register), file="a.xlsx")
    assert header.names["entry"] == "Antagen"


def test_a_file_without_a_start_date_says_which_headers_were_recognised() -> None:
    with pytest.raises(IntakeError, match="recognised headers: Kön, Löpnr"):
        _find(["Löpnr", "Kön"], ["1", "K"])


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), min_size=1, max_size=8))
def test_no_cells_can_break_the_search(rows: list[list[str]]) -> None:
    cells = np.array(rows, dtype=object)
    try:
        header = find_header(cells, built_in(), file="a.xlsx")
    except IntakeError:
        return
    assert header.first <= header.last < len(rows)


def test_days_in_cells_that_stand_where_headings_should_are_not_printed() -> None:
    rows = [["Startdatum", "2023-02-06", "6/2/2023"], ["Slutdatum", "2024-05-01", "1.5.24"]]
    with pytest.raises(IntakeError) as told:
        find_header(np.array(rows, dtype=object), built_in(), file="r.csv", dated_by="event_date")
    assert not re.search(r"2023|2024|1\.5", str(told.value))

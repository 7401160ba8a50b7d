"""Whatever stands in the cells: a table that adds up or a clear sentence, never a traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.intake import IntakeError
from evalkit.intake.registers import Intake, read_registers
from evalkit.project.model import Project
from tests.intake.conftest import KEY

HEADER = (
    "Personnummer;Kön;Ålder;Födelseår;Kommunkod;Startdatum;Slutdatum;Avslutsorsak;"
    "Utbildningsnivå;Funktionsnedsättning;Timmar;Statusdatum;Status efter 90 dagar"
)
NASTY = [
    "", "-", "–", "..", ".", "<5", "#SAKNAS!", "9999-12-31", "Pågår", "2018-02-01", "1/2 2018",
    "180201", "43132", "31/4/2018", "2999-01-01", "0000-00-00", "197802022389", "780202-2389",
    "701063-2391", "19850709Tf29", "1,97E+11", "K", "Man", "1", "2", "0", "-1", "1 234,5", "Arbete",
    "Summa", "Källa: x", "Löpnr", "NaN", "null", "\u2212", "\ufeff", "'", "=1+1", "٣", "²", "🙂",
]  # fmt: skip
cells = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
rows = st.lists(st.lists(cells, min_size=13, max_size=13), min_size=1, max_size=6)


def _project(folder: Path) -> Project:
    text = {"sv": "Prov", "en": "Trial"}
    return Project.model_validate(
        {
            "id": "trial",
            "title": text,
            "summary": text,
            "period": {"start": "2018-01-01", "end": "2019-12-31"},
            "data_cut": "2019-12-31",
            "registers": [{"file": "a.csv"}],
            "chapters": ["data_quality"],
        }
    ).placed_in(folder)


def _read(table: list[list[str]]) -> Intake | None:
    clean = [
        [cell.translate({ord(c): None for c in ';"\r\n\x00'}) for cell in row] for row in table
    ]
    with tempfile.TemporaryDirectory() as folder:
        lines = "\n".join([HEADER, *(";".join(row) for row in clean)])
        (Path(folder) / "a.csv").write_text(lines, encoding="utf-8", newline="")
        try:
            return read_registers(_project(Path(folder)), key=KEY)
        except IntakeError:
            return None


@settings(max_examples=60)
@given(rows)
def test_any_cells_give_a_table_that_adds_up_or_a_clear_error(table: list[list[str]]) -> None:
    intake = _read(table)
    if intake is None:
        return
    steps = [step.count for step in intake.flow if step.unit == "rows"]
    assert steps[0] == sum(steps[1:])
    assert steps[-1] == len(intake.spells)
    spells, persons = intake.spells, intake.persons
    assert persons["n_spells"].sum() == len(spells)
    assert (persons["days"] >= 0).all()
    assert spells["entry"].notna().all()
    assert (spells.loc[spells["exit_class"] == "ongoing", "exit"].isna()).all()
    has_no_end = persons["exit"].isna() & (persons["exit_class"] != "ongoing")
    assert (persons["days"].isna() == has_no_end).all()
    assert np.isin(spells["sex"], ["woman", "man", "non_binary", "unknown"]).all()
    assert set(spells["person"]) == set(persons["person"])


@settings(max_examples=20)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_person(table: list[list[str]], random) -> None:
    rest = ["", "", "", "1286", "2018-02-01", *[""] * 7]
    good = [["197802022389", *rest], ["191212121212", *rest]]
    first = _read([*good, *table])
    shuffled = [*good, *table]
    random.shuffle(shuffled)
    second = _read(shuffled)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert [step.count for step in first.flow] == [step.count for step in second.flow]

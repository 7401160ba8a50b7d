"""The comparison group on its way in: kept apart from the participants, whatever it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evalkit.intake import Intake, IntakeError, read_registers
from evalkit.project import load_project

OWN = "Löpnr;Kön;Ålder;Grupp;Startdatum;Slutdatum;Avslutsorsak\n" + "".join(
    f"{i};{'Kvinna' if i % 2 else 'Man'};{20 + i};{'kö' if i > 8 else 'med'};2018-02-{i + 1:02};"
    f"{'2018-09-01;Arbete' if i % 3 else ';'}\n"
    for i in range(1, 15)
)
OTHERS = "Löpnr;Kön;Startdatum;Lön före;Läge\n" + "".join(
    f"{i};K;2018-03-{i:02};{1000 * i},5;{'Arbete' if i % 2 else 'Arbetslös'}\n" for i in range(1, 8)
)
COMMON = {
    "title": {"sv": "Kö", "en": "Queue"},
    "came_about": "waiting_list",
    "description": {"sv": "Kön.", "en": "The queue."},
    "confounders": ["sex"],
    "outcome": {"day": 90, "statuses": ["employment"], "column": "status_90"},
}


def read(tmp_path: Path, **comparison: object) -> Intake:
    (tmp_path / "own.csv").write_text(OWN, encoding="utf-8")
    if not (tmp_path / "others.csv").exists():
        (tmp_path / "others.csv").write_text(OTHERS, encoding="utf-8")
    content = {
        "id": "two-groups",
        "title": {"sv": "Två", "en": "Two"},
        "summary": {"sv": "Två.", "en": "Two."},
        "period": {"start": "2018-01-01", "end": "2018-12-31"},
        "data_cut": "2019-12-31",
        "registers": [{"file": "own.csv", "columns": {"Grupp": "arm"}}],
        "chapters": ["comparison_group"],
        "comparison": {**COMMON, **comparison},
    }
    file = tmp_path / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return read_registers(load_project(file))


REGISTER = {
    "file": "others.csv",
    "columns": {"Lön före": "wage", "Läge": "status_90"},
    "kinds": {"wage": "number", "status_90": "status"},
}


def test_marked_rows_leave_the_participants_and_are_a_step_of_the_flow(tmp_path: Path) -> None:
    made = read(tmp_path, marked_by={"column": "arm", "levels": ["kö"]})
    assert made.comparison is not None
    assert (len(made.persons), len(made.comparison.persons)) == (8, 6)
    assert len(made.spells) == 8
    steps = {step.step: step.count for step in made.flow}
    assert steps == {
        "rows_read": 14, "comparison_rows": 6, "rows_accepted": 8, "persons_analysed": 8,
    }  # fmt: skip
    (note,) = (f for f in made.findings if f.check == "comparison_rows")
    assert (note.severity, note.file, note.rows) == ("note", "own.csv", tuple(range(10, 16)))


def test_a_register_of_its_own_needs_no_exits_and_reads_columns_by_their_kind(
    tmp_path: Path,
) -> None:
    made = read(tmp_path, from_register=REGISTER)
    assert made.comparison is not None
    persons = made.comparison.persons
    assert persons["wage"].tolist() == [1000.5 * i - 0.5 * (i - 1) for i in range(1, 8)]
    assert persons["status_90"].tolist() == ["employment", "unemployed"] * 3 + ["employment"]
    assert not [f for f in made.findings if f.file == "others.csv"]


def test_codes_of_two_registers_are_two_persons(tmp_path: Path) -> None:
    made = read(tmp_path, from_register=REGISTER)
    assert made.comparison is not None
    assert made.comparison.also_participants == 0
    assert not made.comparison.persons["person"].isin(made.persons["person"]).any()


def test_an_unmapped_status_and_a_number_that_is_none_are_found(tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text(
        OTHERS.replace("Arbetslös", "Vilar").replace("2000,5", "mycket"), encoding="utf-8"
    )
    found = {f.check: f for f in read(tmp_path, from_register=REGISTER).findings}
    assert found["value_unmapped"].listing == ("Vilar (3)",)
    assert found["not_a_number"].column == "Lön före"


def test_a_comparison_register_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text(OTHERS.replace("2018-03-", "2028-03-"), encoding="utf-8")
    with pytest.raises(IntakeError, match=r"others\.csv: no row of the comparison group"):
        read(tmp_path, from_register=REGISTER)


def test_another_period_is_no_finding_where_the_project_says_so(tmp_path: Path) -> None:
    (tmp_path / "others.csv").write_text(OTHERS.replace("2018-03", "2016-03"), encoding="utf-8")
    early = {f.check for f in read(tmp_path, from_register=REGISTER).findings}
    assert "entry_before_period" in early
    period = {"start": "2016-01-01", "end": "2016-12-31"}
    made = read(tmp_path, from_register=REGISTER, period=period)
    assert "entry_before_period" not in {f.check for f in made.findings}

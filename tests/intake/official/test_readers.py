"""The services' formats, from stored answers and from odd ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from evalkit.intake import IntakeError
from evalkit.intake.official.areas import area_named
from evalkit.intake.official.employment_service import ages_in, read_employment_service
from evalkit.intake.official.json_stat import read_json_stat
from evalkit.intake.official.kolada import read_kolada
from evalkit.intake.official.origin import Origin, read_origin


def answer(shared_path: Path, name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (shared_path / "data" / "api" / name).read_text(encoding="utf-8")
    )
    return content


def test_a_table_in_row_major_order_is_unfolded(shared_path: Path) -> None:
    content = answer(shared_path, "scb_v2_TAB6471_data.json")
    table = read_json_stat(content, name="TAB6471")
    assert len(table) == 21 * 11 * 3 * 1 * 4 == len(content["value"])
    first = table.iloc[0]
    assert (first["Region"], first["Region label"]) == ("01", "Stockholms län")
    assert first["value"] == str(content["value"][0])
    # The stride of the region is 11 · 3 · 1 · 4 = 132: row 132 is the second region's first.
    assert table.iloc[132]["Region"] == "03"
    assert table.iloc[132]["value"] == str(content["value"][132])
    assert table["Tid"].iloc[:4].tolist() == ["2026M01", "2026M02", "2026M03", "2026M04"]


def test_sparse_values_in_the_older_form_are_read(shared_path: Path) -> None:
    content = answer(shared_path, "pyjstat_ons_sparse_value_dict.json")
    table = read_json_stat(content, name="ons")
    inner = content["ST1117EWla"]["value"]
    assert len(table) == 1 * 87 * 3
    assert table["value"].tolist()[:2] == ["195074", "96699"]
    assert (table["value"] != "..").sum() == len(inner)


def test_the_index_decides_the_order_and_not_the_listing(shared_path: Path) -> None:
    content = answer(shared_path, "ams-unemployment-monthly-count-total-2016-09.json")
    table = read_json_stat(content, name="ams").set_index("region")
    index = content["dimension"]["region"]["category"]["index"]
    assert next(iter(index)) == "Ale kommun"  # listed first, but place 158
    assert table.loc["Ale kommun", "value"] == str(content["value"][158])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"note": "no data"}, "found none"),
        ({"dimension": {}, "id": ["A"], "size": [], "value": []}, "as many sizes"),
        (
            {"id": ["A"], "size": [2], "value": [1],
             "dimension": {"A": {"category": {"index": ["x", "y"]}}}},
            "expected 2 values, found 1",
        ),
        (
            {"id": ["A"], "size": [3], "value": [1, 2, 3],
             "dimension": {"A": {"category": {"index": ["x", "y"]}}}},
            "states 3 categories and lists 2",
        ),
        (
            {"id": ["A"], "size": [1], "value": {"7": 1},
             "dimension": {"A": {"category": {"index": ["x"]}}}},
            "outside the 1 cells",
        ),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_together_is_refused(
    content: dict[str, Any], message: str
) -> None:
    with pytest.raises(IntakeError, match=message):
        read_json_stat(content, name="x")


def test_deleted_values_are_absent() -> None:
    one = {"gender": "T", "value": 5.0, "isdeleted": True}
    page = {"values": [{"municipality": "0484", "period": 2018, "values": [one]}]}
    assert read_kolada([page], gender="T", name="x")["value"].tolist() == [".."]
    with pytest.raises(IntakeError, match="no values"):
        read_kolada([page], gender="M", name="x")
    with pytest.raises(IntakeError, match="found none"):
        read_kolada([{"detail": "x"}], gender="T", name="x")


def test_every_municipality_of_a_service_is_recognised(shared_path: Path) -> None:
    """All 290 labels of the employment service against Kolada's names of the same places."""
    content = answer(shared_path, "ams-unemployment-monthly-count-total-2016-09.json")
    labels = [
        label
        for label in content["dimension"]["region"]["category"]["index"]
        if label.endswith(" kommun")
    ]
    file = shared_path / "data" / "series" / "kolada_n03937_2011_2024.csv"
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    names = list(dict.fromkeys(line.split(",")[1] for line in lines))
    unknown = [label for label in labels if area_named(label, names) not in names]
    assert len(labels) == 290
    assert unknown == []


def sheet(folder: Path, rows: list[list[Any]]) -> Path:
    file = folder / "af.xlsx"
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(row, column, cell)
    return file


ARGUMENTS = {
    "name": "af.xlsx", "sheet": None, "area_column": "Kommun", "period": "",
    "period_column": "Månad",
}  # fmt: skip


@pytest.mark.parametrize("above", [0, 3, 12])
def test_headers_are_found_wherever_they_have_moved(tmp_path: Path, above: int) -> None:
    file = sheet(
        tmp_path,
        [*[["Titel"]] * above, ["Andel", "Månad", "Kommun"], ["7,1", "2018-01", "Eskilstuna"]],
    )
    table = read_employment_service(file, value_column="andel", **ARGUMENTS)
    assert table.to_numpy().tolist() == [["Eskilstuna", "2018-01", "7,1"]]


def test_missing_headers_are_told_with_those_there(tmp_path: Path) -> None:
    file = sheet(tmp_path, [["Region", "Antal"], ["Eskilstuna", 5]])
    with pytest.raises(IntakeError, match="found Region, Antal"):
        read_employment_service(file, value_column="Andel", **ARGUMENTS)


def test_the_age_span_is_read_off_the_header() -> None:
    assert ages_in("Andel 16–64 år") == "16–64"
    assert ages_in("Andel av alla") == ""


def test_the_origin_of_a_file_survives_and_a_broken_one_is_told(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    beside = tmp_path / "s.csv.source.json"
    assert read_origin(file) is None
    origin = Origin(
        source="x", query={"kpi": "N"}, licence="CC0", fetched="2026-01-02T03:04:05+00:00",
        notes=("a",),
    )  # fmt: skip
    beside.write_text(origin.to_json(), encoding="utf-8")
    assert read_origin(file) == origin
    assert origin.day.isoformat() == "2026-01-02"
    beside.write_text("{", encoding="utf-8")
    with pytest.raises(IntakeError, match="origin"):
        read_origin(file)
